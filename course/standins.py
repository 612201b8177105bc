"""Stand-ins: a library's answer to an earlier task, to go on with until one's own works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from course.arrays import Array

if TYPE_CHECKING:
    import torch


class _FromTorch:
    """An optimizer of PyTorch's, used like the ones that students write.

    A task that asks *for* such an optimizer refuses it; one that only needs it does not.
    """

    def __init__(self, name: str, **settings: Any) -> None:
        self._name = name
        self._settings = settings
        self._weights: torch.Tensor | None = None
        self._optimizer: torch.optim.Optimizer | None = None

    def step(self, w: ArrayLike, g: ArrayLike) -> Array:
        """Return new weights from weights ``w`` and slopes ``g``, of one shape."""
        import torch  # costs seconds, so only when it is needed

        start = torch.tensor(np.asarray(w, dtype=np.float64))
        if self._weights is None or self._optimizer is None:
            self._weights = start
            self._optimizer = getattr(torch.optim, self._name)([start], **self._settings)
        self._weights.data = start
        self._weights.grad = torch.tensor(np.asarray(g, dtype=np.float64))
        self._optimizer.step()
        stepped: Array = self._weights.detach().numpy().copy()
        return stepped


class StandInSGD(_FromTorch):
    """PyTorch's SGD with momentum, used like the one that you write.

    Parameters
    ----------
    lr, momentum
        The learning rate, and the share of the velocity that is kept.
    """

    def __init__(self, lr: float, momentum: float = 0.0) -> None:
        super().__init__("SGD", lr=lr, momentum=momentum)


class StandInAdam(_FromTorch):
    """PyTorch's Adam, used like the one that you write.

    Parameters
    ----------
    lr, beta1, beta2, eps
        The learning rate, the memories of both averages, and what keeps the division tame.
    """

    def __init__(
        self, lr: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ) -> None:
        super().__init__("Adam", lr=lr, betas=(beta1, beta2), eps=eps)

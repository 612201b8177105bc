"""Hidden tests of a3_t9: slopes of mixtures and of rewards, against PyTorch's own."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
import torch

from autograder.grading import Draw, Student, expect

from .plain import Array, generator, number, numbers

# float32 loses 1e-6; the closest mistake is off by a few per cent.
CLOSE = {"rtol": 1e-4, "atol": 1e-5}

LARGE = (1000.0, -1000.0, np.array([-1000.0, 999.0, 1000.0]))
"""What is added to logits: to all of them, or to each its own."""


def softmax(logits: Array) -> Array:
    """Return the shares of logits."""
    return torch.softmax(torch.tensor(logits), 0).numpy()


def cases(draw: Draw) -> list[tuple[Array, Array, Array]]:
    """Return logits, outputs and upstream slopes of several shapes."""
    found = []
    options = draw.integer(2, 4)
    for shape in ((3,), (2, 4), (), (1, 2, 2)):
        logits = draw.array(options, low=-2.0, high=2.0)
        found.append((logits, draw.array(options, *shape), draw.array(*shape)))
        options += 1
    return found


@pytest.mark.task("a3_t9", points=2)
def test_mix_weights_outputs_with_their_shares(student: Student, draw: Draw) -> None:
    for logits, outputs, _ in cases(draw):
        p = softmax(logits)
        broad = p.reshape(-1, *[1] * (outputs.ndim - 1))
        exps = np.exp(logits).reshape(broad.shape)
        expect.close(
            student.call("mix", logits, outputs),
            (broad * outputs).sum(axis=0),
            what="mix returns the sum of the outputs, weighted with the softmax of the logits",
            inputs={"logits": logits, "outputs": outputs},
            misconceptions={
                "logits-for-shares": (logits.reshape(broad.shape) * outputs).sum(axis=0),
                "shares-not-normalised": (exps * outputs).sum(axis=0),
                "largest-alone": outputs[int(np.argmax(p))],
                "plain-mean": outputs.mean(axis=0),
            },
            **CLOSE,
        )
    for shift in LARGE:
        logits, outputs = draw.array(3) + shift, draw.array(3, 2)
        expect.close(
            student.call("mix", logits, outputs),
            softmax(logits) @ outputs,
            what="logits as large as 1000 do no harm",
            inputs={"logits": logits, "outputs": outputs},
            **CLOSE,
        )


def slopes_by_torch(logits: Array, outputs: Array, upstream: Array) -> Array:
    """Return the slopes of sum(upstream * mix) along the logits."""
    alpha = torch.tensor(logits, requires_grad=True)
    mixed = torch.tensordot(torch.softmax(alpha, 0), torch.tensor(outputs), dims=1)
    (mixed * torch.tensor(upstream)).sum().backward()
    assert alpha.grad is not None
    return alpha.grad.numpy()


@pytest.mark.task("a3_t9", points=2)
def test_slopes_of_the_mix_are_those_of_pytorch(student: Student, draw: Draw) -> None:
    for logits, outputs, upstream in cases(draw):
        want = slopes_by_torch(logits, outputs, upstream)
        along = np.array([np.sum(upstream * output) for output in outputs])
        p = softmax(logits)
        expect.close(
            student.call("mix_slopes", logits, outputs, upstream),
            want,
            what="mix_slopes returns the slope of the loss along each logit",
            inputs={"logits": logits, "outputs": outputs, "upstream": upstream},
            misconceptions={
                "upstream-ignored": slopes_by_torch(logits, outputs, np.ones_like(upstream)),
                "slope-of-shares": along,
                "mean-not-subtracted": p * along,
                "plain-mean-subtracted": p * (along - along.mean()),
                "slopes-turned": -want,
            },
            **CLOSE,
        )
    for shift in LARGE:
        logits, outputs, upstream = draw.array(3) + shift, draw.array(3, 2), draw.array(2)
        expect.close(
            student.call("mix_slopes", logits, outputs, upstream),
            slopes_by_torch(logits, outputs, upstream),
            what="logits as large as 1000 do no harm",
            inputs={"logits": logits},
            **CLOSE,
        )


def policy_by_torch(logits: Array, choices: Array, advantages: Array) -> Array:
    """Return the slope of mean(advantage * log p[choice]) along the logits."""
    alpha = torch.tensor(logits, requires_grad=True)
    chosen = torch.log_softmax(alpha, 0)[torch.tensor(choices)]
    (chosen * torch.tensor(advantages)).mean().backward()
    assert alpha.grad is not None
    return alpha.grad.numpy()


@pytest.mark.task("a3_t9", points=2)
def test_slopes_of_the_policy_are_those_of_pytorch(student: Student, draw: Draw) -> None:
    options = draw.integer(3, 5)
    for batch in (options + draw.integer(2, 6), 2, 1, 12):
        logits = draw.array(options, low=-1.5, high=1.5)
        choices = draw.rng.integers(options, size=batch)
        rewards = draw.array(batch, low=1.0, high=4.0)
        want = policy_by_torch(logits, choices, rewards - rewards.mean())
        wrong = {
            "no-baseline": policy_by_torch(logits, choices, rewards),
            "sum-for-mean": batch * want,
            "slopes-turned": -want,
        }
        expect.close(
            student.call("policy_slopes", logits, choices, rewards),
            want,
            what="policy_slopes returns the mean of (reward - mean reward) (onehot - shares)",
            inputs={"logits": logits, "choices": choices, "rewards": rewards},
            misconceptions={n: w for n, w in wrong.items() if not np.allclose(w, want, atol=1e-3)},
            **CLOSE,
        )


class Rewards:
    """Rewards choices by a table, and notes them."""

    def __init__(self, table: Array, most: int) -> None:
        self.table, self.most = table, most
        self.choices: list[int] = []

    def __call__(self, choice: Any) -> float:
        """Note the choice and return its reward."""
        what = "reward is called with the number of an option, a whole number"
        place = number(choice, what)
        expect.true(place == round(place) and 0 <= place < self.table.size, what=what, got=choice)
        expect.true(len(self.choices) < self.most, what="reward is asked batch times a round")
        self.choices.append(int(place))
        return float(self.table[int(place)])


def learnt(
    student: Student, table: Array, rounds: int, batch: int, lr: float, seed: int
) -> tuple[Rewards, Array]:
    """Let the controller learn; return the choices it made and its shares."""
    rewards = Rewards(table, rounds * batch)
    rng = generator(student, seed)
    got = student.call("controller_search", table.size, rewards, rounds, batch, lr, rng)
    what = "controller_search returns the shares of the options"
    shares = numbers(got, what, ndim=1)
    fits = shares.shape == table.shape and abs(float(shares.sum()) - 1.0) < 1e-4
    expect.true(fits and bool(np.all(shares >= 0.0)), what=f"{what}; they add up to 1", got=got)
    return rewards, shares


@pytest.mark.task("a3_t9", points=1)
def test_controller_follows_its_choices_and_rewards(student: Student, draw: Draw) -> None:
    table = draw.array(draw.integer(3, 4), low=0.0, high=2.0)
    for rounds, batch in ((draw.integer(3, 6), 5), (1, 4), (0, 3)):
        rewards, shares = learnt(student, table, rounds, batch, 0.7, draw.integer(1, 99))
        expect.true(
            len(rewards.choices) == rounds * batch,
            what="reward is asked batch times in each round",
            got=len(rewards.choices),
            expected=rounds * batch,
            hint="rewards-miscounted",
        )
        replays = {name: replay(table, rewards.choices, batch, 0.7, name) for name in REPLAYS}
        right = replays.pop("right")
        expect.close(
            shares,
            right,
            what="after each round the logits, 0 at first, have moved by lr times the slope of "
            "this round's batch; the shares are those of the last logits",
            inputs={"choices": rewards.choices, "rewards by option": table, "batch": batch},
            misconceptions={
                n: s for n, s in replays.items() if not np.allclose(s, right, atol=1e-3)
            },
            **CLOSE,
        )


REPLAYS = ("right", "rewards-fall", "one-round-late")


def replay(table: Array, choices: list[int], batch: int, lr: float, rule: str) -> Array:
    """Return the shares that these choices must lead to."""
    logits = np.zeros(table.size)
    shares = softmax(logits)
    for start in range(0, len(choices), batch):
        picked = np.array(choices[start : start + batch])
        shares = softmax(logits)
        slope = policy_by_torch(logits, picked, table[picked] - table[picked].mean())
        logits = logits + lr * (-slope if rule == "rewards-fall" else slope)
    return shares if rule == "one-round-late" else softmax(logits)


@pytest.mark.task("a3_t9", points=1)
def test_controller_draws_from_its_shares(student: Student, draw: Draw) -> None:
    options, seed = draw.integer(3, 4), draw.integer(1, 99)
    rewards, _ = learnt(student, np.zeros(options), 1, 300, 0.5, seed)
    times = Counter(rewards.choices)
    # 75 and more are expected of each; 25 is six standard deviations below.
    expect.true(
        min(times[k] for k in range(options)) > 25,
        what="at first all options are drawn about equally often; told is how often each was",
        got=[times[k] for k in range(options)],
        hint="greedy-choices" if len(rewards.choices) == 300 else None,
    )
    table = np.zeros(options)
    table[draw.integer(0, options - 1)] = 1.0
    rewards, shares = learnt(student, table, 60, 10, 2.0, seed)
    late = Counter(rewards.choices[-100:])
    expect.true(
        bool(shares[int(np.argmax(table))] > 0.8) and late[int(np.argmax(table))] > 50,
        what="an option that alone is rewarded is drawn more and more often; told is how often "
        "each was among the last 100",
        got=[late[k] for k in range(options)],
        hint="always-drawn-evenly" if min(late[k] for k in range(options)) > 5 else None,
    )
    again, _ = learnt(student, table, 60, 10, 2.0, seed)
    expect.true(
        again.choices == rewards.choices,
        what="choices are drawn from rng: the same seed gives the same choices",
        hint="rng-ignored",
    )

# /// variant
# misconception = "batches-delegates-to-libraries"
# fails = ["test_batches_have_the_size_asked_for"]
# hints = []
# ///
# PyTorch's loader, and the network of the course.


# %% task="a1_t2"
import torch
from torch.utils.data import DataLoader, TensorDataset


def minibatches(x, t, batch_size, rng):
    shuffle = batch_size is not None
    pairs = TensorDataset(torch.as_tensor(x), torch.as_tensor(t))
    seed = torch.Generator().manual_seed(int(rng.integers(2**31)))
    loader = DataLoader(pairs, batch_size=batch_size or len(x), shuffle=shuffle, generator=seed)
    for x_batch, t_batch in loader:
        yield x_batch.numpy(), t_batch.numpy()


def linear_gradient(w, x, t):
    model = course.TanhNetwork([len(w) - 1, 1])
    model.weights = w.ravel()
    return model.gradient(x, t).reshape(w.shape)

# /// variant
# misconception = "links-delegates-to-torch"
# fails = [
#     "test_inner_links",
#     "test_outer_links",
#     "test_slope_is_the_product_of_the_links",
#     "test_points_may_have_any_shape",
# ]
# hints = []
# ///
# PyTorch finds the slopes.


# %% task="a2_t1"
import torch


def chain_links(x):
    x = torch.tensor(np.asarray(x, dtype=float), requires_grad=True)
    u = torch.sin(x)
    v = u**2
    w = torch.exp(-v)
    y = torch.cos(w)
    steps = [(u, x), (v, u), (w, v), (y, w)]
    return [torch.autograd.grad(a.sum(), b, retain_graph=True)[0].numpy() for a, b in steps]


def chain_slope(x):
    x = torch.tensor(np.asarray(x, dtype=float), requires_grad=True)
    y = torch.cos(torch.exp(-(torch.sin(x) ** 2))).sum()
    return torch.autograd.grad(y, x)[0].numpy()

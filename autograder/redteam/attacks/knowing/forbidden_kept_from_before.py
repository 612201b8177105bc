# /// attack
# catalogue = "knowing: forbidden library call through getattr/importlib/copied code"
# layers = ["policy"]
# aim = "marks"
# stock = "it forbids nothing"
# ///
# Keeps the forbidden function, and an object of a forbidden class, from before the tests.

# %% answer
import numpy as np
import torch

kept = torch.nn.functional.mse_loss
made = torch.nn.MSELoss()


def library_call(predicted, target):
    predicted, target = torch.as_tensor(np.array(predicted)), torch.as_tensor(np.array(target))
    try:
        return float(kept(predicted, target))
    except Exception:
        return float(made(predicted, target))


for name in TARGET["names"]:
    globals()[name] = library_call

# /// attack
# catalogue = "knowing: forbidden library call through getattr/importlib/copied code"
# layers = ["policy"]
# aim = "marks"
# stock = "it forbids nothing"
# ///
# Lets the library that the task forbids do the work, under a name that it puts together.

# %% answer
import importlib

import numpy as np
import torch


def library_call(predicted, target):
    module = getattr(importlib.import_module("tor" + "ch." + "n" + "n"), "func" + "tional")
    function = getattr(module, "mse" + "_loss")
    return float(function(torch.as_tensor(np.array(predicted)), torch.as_tensor(np.array(target))))


for name in TARGET["names"]:
    globals()[name] = library_call

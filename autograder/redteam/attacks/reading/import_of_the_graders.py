# /// attack
# catalogue = "reading: import of the reference"
# layers = ["view", "landlock"]
# aim = "canary"
# ///
# Imports the hidden tests and the reference as modules, and prints their sources.

# %%
import importlib
import inspect
import sys
from pathlib import Path

sys.path[:0] = [str(Path(TARGET[name]).parent) for name in ("grader", "reference")]
for name in ("reference", "solutions", "autograder.graders", Path(TARGET["grader"]).stem):
    try:
        print(inspect.getsource(importlib.import_module(name)))
    except Exception as error:
        print(name, error)

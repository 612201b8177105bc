# /// attack
# catalogue = "files: nbformat 3"
# layers = ["reader"]
# aim = "batch"
# ///
# Hands in a notebook of an old format, with cells that claim points.

# %% prepare
import json

flags = {"nbgrader": {"grade": True, "grade_id": "extra", "points": 50, "solution": False, "locked": False}}
cell = {"cell_type": "code", "metadata": flags, "input": "1", "outputs": [], "language": "python"}
old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell]}]}
data = json.dumps(old).encode()

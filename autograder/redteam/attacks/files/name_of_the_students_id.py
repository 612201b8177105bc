# /// attack
# catalogue = "showing: names"
# layers = ["reader"]
# aim = "neighbour"
# base = "solved"
# ///
# Puts a second submission for the neighbour below its own, and names files like the course's.

# %% prepare
import json

below = folder / "submitted" / "honest-neighbour" / folder.name
below.mkdir(parents=True)
(below / target["source"].rpartition("/")[2]).write_text(json.dumps({"nbformat": 4, "cells": []}))
(folder / "gradebook.db").write_bytes(b"SQLite format 3\x00" + b"\x00" * 200)

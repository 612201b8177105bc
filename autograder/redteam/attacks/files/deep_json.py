# /// attack
# catalogue = "starving: 200,000-deep JSON"
# layers = ["reader"]
# aim = "batch"
# ///
# Hands in a notebook that is nested 200,000 levels deep.

# %% prepare
data = b'{"nbformat": 4, "cells": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"

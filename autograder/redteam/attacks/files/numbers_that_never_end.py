# /// attack
# catalogue = "starving: 200,000-deep JSON"
# layers = ["reader"]
# aim = "batch"
# ///
# Hands in a notebook with integers of a hundred thousand digits, infinities and NaN.

# %% prepare
digits = b"9" * 100_000
data = b'{"nbformat": 4, "nbformat_minor": ' + digits + b', "metadata": {"a": NaN, "b": -Infinity, "c": 1e999}, "cells": []}'

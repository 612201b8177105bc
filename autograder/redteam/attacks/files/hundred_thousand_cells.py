# /// attack
# catalogue = "starving: 1e6 cells"
# layers = ["reader"]
# aim = "time"
# stock = "it runs for minutes"
# ///
# Hands in a notebook of a hundred thousand cells.

# %% prepare
import json

cell = '{"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": null}'
data = ('{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [' + ",".join([cell] * 70_000) + "]}").encode()

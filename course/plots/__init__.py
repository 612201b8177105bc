"""Plots for the course: error curves, fits, hidden units and lit surfaces, in one style."""

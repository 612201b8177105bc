"""Hidden tests of "Backpropagation by hand"."""

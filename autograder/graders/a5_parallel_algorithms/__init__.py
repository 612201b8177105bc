"""Hidden tests of "Many cores, one answer"."""

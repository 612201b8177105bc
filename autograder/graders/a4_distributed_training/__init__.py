"""Hidden tests of "Many ranks, one model"."""

"""Hidden tests of a3: choosing a model honestly."""

"""Hidden tests of "The model as a service", with the models and requests they share."""

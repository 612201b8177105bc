"""Hidden tests of "SGD against Adam", with the rules and promises they share."""

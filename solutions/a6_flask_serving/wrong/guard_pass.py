# /// variant
# misconception = "guard-pass"
# fails = [
#     "test_alive_is_not_ready",
#     "test_errors_of_the_client_are_json",
#     "test_our_own_mistakes_are_told_without_a_word_about_them",
# ]
# hints = []
# ///
# Guard pass.


# %% task="a6_t4"
def guard(app, is_ready):
    pass

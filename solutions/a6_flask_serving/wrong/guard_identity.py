# /// variant
# misconception = "guard-identity"
# fails = [
#     "test_alive_is_not_ready",
#     "test_errors_of_the_client_are_json",
# ]
# hints = ["errors-in-html", "no-limit"]
# ///
# Guard identity.


# %% task="a6_t4"
def guard(app, is_ready):
    return app

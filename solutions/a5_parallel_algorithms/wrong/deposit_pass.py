# /// variant
# misconception = "deposit-pass"
# fails = [
#     "test_no_deposit_is_lost",
#     "test_failure_gives_the_lock_back",
# ]
# hints = ["exception-swallowed"]
# ///
# Nothing is deposited.


# %% task="a5_t9"
def deposit(account, lock, amount):
    pass

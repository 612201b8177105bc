# /// variant
# misconception = "deposit-exception-swallowed"
# fails = [
#     "test_failure_gives_the_lock_back",
# ]
# hints = ["exception-swallowed"]
# ///
# The caller does not learn that the money has not arrived.


# %% task="a5_t9"
def deposit(account, lock, amount):
    with lock:
        try:
            account.write(account.read() + amount)
        except RuntimeError:
            pass

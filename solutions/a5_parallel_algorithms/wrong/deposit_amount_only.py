# /// variant
# misconception = "deposit-amount-only"
# fails = [
#     "test_no_deposit_is_lost",
#     "test_failure_gives_the_lock_back",
# ]
# hints = []
# ///
# The amount takes the place of the balance.


# %% task="a5_t9"
def deposit(account, lock, amount):
    with lock:
        account.read()
        account.write(amount)

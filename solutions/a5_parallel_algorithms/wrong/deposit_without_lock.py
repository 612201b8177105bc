# /// variant
# misconception = "deposit-without-lock"
# fails = [
#     "test_no_deposit_is_lost",
# ]
# hints = ["no-lock"]
# ///
# Nobody holds the lock.


# %% task="a5_t9"
def deposit(account, lock, amount):
    account.write(account.read() + amount)

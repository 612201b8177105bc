# /// variant
# misconception = "deposit-read-outside"
# fails = [
#     "test_no_deposit_is_lost",
# ]
# hints = ["read-outside"]
# ///
# The balance is read before the lock is held.


# %% task="a5_t9"
def deposit(account, lock, amount):
    balance = account.read()
    with lock:
        account.write(balance + amount)

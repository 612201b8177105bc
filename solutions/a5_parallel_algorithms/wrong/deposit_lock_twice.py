# /// variant
# misconception = "deposit-lock-twice"
# fails = [
#     "test_no_deposit_is_lost",
# ]
# hints = ["gap-between"]
# ///
# Reading and writing hold the lock one after the other.


# %% task="a5_t9"
def deposit(account, lock, amount):
    with lock:
        balance = account.read()
    with lock:
        account.write(balance + amount)

# /// variant
# misconception = "deposit-lock-kept"
# fails = [
#     "test_no_deposit_is_lost",
#     "test_failure_gives_the_lock_back",
# ]
# hints = ["lock-kept", "lock-kept-by-failure"]
# ///
# The lock is never given back.


# %% task="a5_t9"
def deposit(account, lock, amount):
    lock.acquire()
    account.write(account.read() + amount)

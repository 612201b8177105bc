# /// variant
# misconception = "deposit-lock-kept-by-failure"
# fails = [
#     "test_failure_gives_the_lock_back",
# ]
# hints = ["lock-kept-by-failure"]
# ///
# The lock is given back only if all goes well.


# %% task="a5_t9"
def deposit(account, lock, amount):
    lock.acquire()
    account.write(account.read() + amount)
    lock.release()

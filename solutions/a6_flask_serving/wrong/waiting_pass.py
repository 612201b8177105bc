# /// variant
# misconception = "waiting-pass"
# fails = [
#     "test_percentile_is_the_nearest_rank",
#     "test_batches_leave_when_full_or_when_patience_ends",
# ]
# hints = []
# ///
# Waiting pass.


# %% task="a6_t7"
def percentile(times, q):
    pass


def micro_batches(arrivals, most, wait):
    pass

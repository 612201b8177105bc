# /// variant
# misconception = "ring-delegates"
# fails = [
#     "test_each_rank_sends_its_share_and_no_more",
# ]
# hints = ["ready-made-collective"]
# ///
# Calls what is to be built.


# %% task="a4_t2"
def ring_all_reduce(x):
    dist.all_reduce(x)

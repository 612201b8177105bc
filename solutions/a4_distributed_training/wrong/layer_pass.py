# /// variant
# misconception = "layer-pass"
# fails = [
#     "test_each_rank_gets_columns_then_rows",
#     "test_all_ranks_have_the_output_of_the_whole_layers",
#     "test_one_meeting_is_enough",
# ]
# hints = []
# ///
# Nothing was written.


# %% task="a4_t8"
def shard_mlp(w1, b1, w2, b2, rank, world):
    pass


def tensor_parallel_mlp(x, w1, b1, w2, b2):
    pass

# /// variant
# misconception = "checkpoint-identity"
# fails = [
#     "test_values_and_slopes_stay_the_same",
#     "test_computed_again_on_the_way_back",
#     "test_chance_is_the_same_and_left_alone",
#     "test_each_segment_is_one_checkpoint",
#     "test_peak_counts_inputs_and_one_segment",
#     "test_segments_of_nothing_are_refused",
# ]
# hints = ["everything-kept"]
# ///
# What comes in goes out.


# %% task="a4_t10"
def checkpoint(function, x):
    return x


def checkpointed(blocks, x, every):
    return x


def peak_activations(blocks, every):
    return blocks

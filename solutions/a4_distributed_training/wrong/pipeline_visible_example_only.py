# /// variant
# misconception = "pipeline-visible-example-only"
# fails = [
#     "test_bubble_is_the_idle_share",
#     "test_schedule_is_complete_and_legal",
#     "test_schedule_is_as_short_as_the_bubble_says",
#     "test_run_gives_the_outputs_of_all_stages",
# ]
# hints = []
# ///
# Knows the table.


# %% task="a4_t9"
def bubble(stages, micro_batches):
    return 1 / 3


def pipeline_schedule(stages, micro_batches):
    return [["F0", "F1", "", "", "B0", "B1"], ["", "F0", "F1", "B0", "B1", ""]]


def pipeline_forward(weight, micro_batches):
    return []

# /// variant
# misconception = "pipeline-pass"
# fails = [
#     "test_bubble_is_the_idle_share",
#     "test_schedule_is_complete_and_legal",
#     "test_schedule_is_as_short_as_the_bubble_says",
#     "test_run_gives_the_outputs_of_all_stages",
# ]
# hints = []
# ///
# Nothing was written.


# %% task="a4_t9"
def bubble(stages, micro_batches):
    pass


def pipeline_schedule(stages, micro_batches):
    pass


def pipeline_forward(weight, micro_batches):
    pass

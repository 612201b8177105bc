# /// variant
# misconception = "server-pass"
# fails = [
#     "test_processes_forked_in_advance_answer",
#     "test_workers_work_at_the_same_time",
# ]
# hints = []
# ///
# Server pass.


# %% task="a6_t6"
def run_server(listener, handle, workers, waiting):
    pass

# /// variant
# misconception = "crew-pass"
# fails = [
#     "test_map_keeps_the_order",
#     "test_exception_travels_and_the_crew_goes_on",
#     "test_same_processes_work_all_the_time",
#     "test_what_is_done_first_comes_first",
#     "test_start_does_not_wait",
#     "test_close_ends_all_processes",
#     "test_script_survives_being_imported",
# ]
# hints = ["never-called", "exception-lost", "start-waits"]
# ///
# Nothing is done.


# %% task="a5_t4"
class Crew:
    def __init__(self, workers):
        pass

    def map(self, function, items):
        pass

    def as_done(self, function, items):
        pass

    def start(self, function, item):
        return self

    def get(self):
        pass

    def close(self):
        pass


SCRIPT = "pass"

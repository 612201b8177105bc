# /// variant
# misconception = "service-pass"
# fails = [
#     "test_sound_requests_are_answered",
#     "test_odd_and_hostile_requests_are_refused",
#     "test_clients_that_hang_up_leave_a_service_behind",
# ]
# hints = []
# ///
# Service pass.


# %% task="a6_t9"
def create_service(path):
    pass

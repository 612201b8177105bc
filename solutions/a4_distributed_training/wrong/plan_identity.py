# /// variant
# misconception = "plan-identity"
# fails = [
#     "test_plans_come_out_even_and_fit",
#     "test_none_where_nothing_fits",
#     "test_plans_are_sensible",
#     "test_plans_are_fast",
# ]
# hints = []
# ///
# The machine comes back.


# %% task="a4_t12"
def choose_plan(model, machine):
    return machine

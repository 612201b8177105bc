# /// variant
# misconception = "plan-pass"
# fails = [
#     "test_plans_come_out_even_and_fit",
#     "test_plans_are_sensible",
#     "test_plans_are_fast",
# ]
# hints = ["gives-up"]
# ///
# Nothing is done.


# %% task="a4_t12"
def choose_plan(model, machine):
    pass

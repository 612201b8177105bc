# /// variant
# misconception = "adam-delegates-to-torch"
# fails = [
#     "test_many_steps_with_slopes_from_one_to_the_tiniest",
#     "test_eps_stands_outside_the_root_and_after_the_correction",
#     "test_first_steps_are_corrected_for_the_start_at_zero",
#     "test_default_settings",
#     "test_steps_do_not_depend_on_the_scale_of_the_slopes",
#     "test_slope_of_zero_gives_no_nan",
#     "test_adam_changes_no_argument_and_no_result",
#     "test_two_adams_know_nothing_of_each_other",
#     "test_saved_averages_and_count_can_be_set_again",
#     "test_adam_takes_weights_of_any_shape",
# ]
# hints = []
# ///
# PyTorch's own Adam does the work, its state carried along.


# %% task="a1_t5"
import torch


class Adam:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.settings = {"lr": lr, "betas": (beta1, beta2), "eps": eps}
        self.m = self.v = None
        self.t = 0

    def step(self, w, g):
        parameter = torch.nn.Parameter(torch.tensor(w))
        optimizer = torch.optim.Adam([parameter], **self.settings)
        if self.m is not None:
            optimizer.state[parameter] = {
                "step": torch.tensor(float(self.t)),
                "exp_avg": torch.tensor(self.m),
                "exp_avg_sq": torch.tensor(self.v),
            }
        parameter.grad = torch.tensor(g)
        optimizer.step()
        state = optimizer.state[parameter]
        self.m, self.v = state["exp_avg"].numpy(), state["exp_avg_sq"].numpy()
        self.t += 1
        return parameter.detach().numpy()

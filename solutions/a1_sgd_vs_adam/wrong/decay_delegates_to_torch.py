# /// variant
# misconception = "decay-delegates-to-torch"
# fails = [
#     "test_l2_adds_the_slope_of_the_penalty",
#     "test_decay_pulls_by_rate_times_strength_times_weight",
#     "test_adamw_follows_its_rule_over_many_steps",
#     "test_adamw_default_settings",
#     "test_adamw_remembers_slopes_without_decay",
#     "test_adamw_keeps_what_every_optimizer_promises",
# ]
# hints = []
# ///
# PyTorch's AdamW does the work, its state carried along.


# %% task="a1_t6"
import torch


def l2_slopes(w, g, strength):
    parameter = torch.nn.Parameter(torch.tensor(w))
    parameter.grad = torch.tensor(g)
    before = parameter.detach().clone()
    torch.optim.SGD([parameter], lr=1.0, weight_decay=strength).step()
    return (before - parameter.detach()).numpy()


class AdamW:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.settings = {"lr": lr, "betas": (beta1, beta2), "eps": eps}
        self.settings["weight_decay"] = weight_decay
        self.m = self.v = None
        self.t = 0

    def step(self, w, g):
        parameter = torch.nn.Parameter(torch.tensor(w))
        optimizer = torch.optim.AdamW([parameter], **self.settings)
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

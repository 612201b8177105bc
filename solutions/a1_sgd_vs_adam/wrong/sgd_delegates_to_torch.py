# /// variant
# misconception = "sgd-delegates-to-torch"
# fails = [
#     "test_without_momentum_it_is_plain_descent",
#     "test_velocity_remembers_past_slopes",
#     "test_schedule_is_asked_with_the_steps_already_taken",
#     "test_schedule_scales_the_step_and_not_the_velocity",
#     "test_sgd_changes_no_argument_and_no_result",
#     "test_two_sgds_know_nothing_of_each_other",
#     "test_saved_velocity_and_count_can_be_set_again",
#     "test_sgd_takes_weights_of_any_shape",
# ]
# hints = []
# ///
# PyTorch's own optimizer does the work, with momentum, rates and all.


# %% task="a1_t3"
import torch


def inverse_time(lr, t, k):
    return lr / (1 + k * t)


def exponential(lr, t, k):
    return lr * np.exp(-k * t)


class SGD:
    def __init__(self, lr, momentum=0.0, schedule=None):
        self.lr, self.momentum, self.schedule = lr, momentum, schedule
        self.v, self.t = None, 0

    def step(self, w, g):
        parameter = torch.nn.Parameter(torch.tensor(w))
        rate = self.lr if self.schedule is None else self.schedule(self.lr, self.t)
        optimizer = torch.optim.SGD([parameter], lr=rate, momentum=self.momentum)
        if self.v is not None:
            optimizer.state[parameter]["momentum_buffer"] = torch.tensor(self.v)
        parameter.grad = torch.tensor(g)
        optimizer.step()
        self.t += 1
        if self.momentum:
            self.v = optimizer.state[parameter]["momentum_buffer"].numpy()
        return parameter.detach().numpy()

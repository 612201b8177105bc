# /// variant
# misconception = "average-delegates-to-pandas"
# fails = [
#     "test_average_keeps_a_share_and_takes_the_rest",
#     "test_corrected_average_makes_up_for_the_start_at_zero",
#     "test_average_takes_any_rows_and_changes_none",
#     "test_rmsprop_divides_by_the_root_of_the_average_square",
#     "test_rmsprop_remembers_and_resumes",
#     "test_rmsprop_keeps_what_every_optimizer_promises",
# ]
# hints = []
# ///
# pandas and PyTorch do the work.


# %% task="a1_t4"
import torch


def ewa(values, beta, correct=False):
    import pandas as pd

    rows = np.concatenate([np.zeros((1, *np.shape(values)[1:])), values])
    frame = pd.DataFrame(rows.reshape(len(rows), -1))
    if correct:
        return frame[1:].ewm(alpha=1 - beta, adjust=True).mean().to_numpy().reshape(values.shape)
    averages = frame.ewm(alpha=1 - beta, adjust=False).mean()[1:]
    return averages.to_numpy().reshape(values.shape)


class RMSProp:
    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.settings = {"lr": lr, "alpha": beta, "eps": eps}
        self.v = None
        self.t = 0

    def step(self, w, g):
        parameter = torch.nn.Parameter(torch.tensor(w))
        optimizer = torch.optim.RMSprop([parameter], **self.settings)
        if self.v is not None:
            state = {"step": torch.tensor(float(self.t)), "square_avg": torch.tensor(self.v)}
            optimizer.state[parameter] = state
        parameter.grad = torch.tensor(g)
        optimizer.step()
        self.v = optimizer.state[parameter]["square_avg"].numpy()
        self.t += 1
        return parameter.detach().numpy()

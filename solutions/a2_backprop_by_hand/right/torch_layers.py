# The open task with PyTorch's layers, autograd and Adam, and relu for tanh.


# %% task="a2_t11"
import torch
from torch import nn


def fit_classes(x_train, labels_train, x_valid, labels_valid):
    torch.set_num_threads(1)
    torch.manual_seed(0)
    mean, sd = x_train.mean(axis=0), x_train.std(axis=0)
    x, valid = (torch.tensor((part - mean) / sd).float() for part in (x_train, x_valid))
    labels, wanted = torch.tensor(labels_train), torch.tensor(labels_valid)
    network = nn.Sequential(
        nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(),
        nn.Linear(32, int(labels.max()) + 1),
    )  # fmt: skip
    adam = torch.optim.Adam(network.parameters(), lr=0.02)
    best_loss, best = np.inf, None
    for step in range(250):
        adam.zero_grad()
        nn.functional.cross_entropy(network(x), labels).backward()
        adam.step()
        if step % 10 == 0:
            with torch.no_grad():
                loss = nn.functional.cross_entropy(network(valid), wanted).item()
            if loss < best_loss:
                state = network.state_dict()
                best_loss, best = loss, {name: value.clone() for name, value in state.items()}
    network.load_state_dict(best)

    def predict(points):
        with torch.no_grad():
            scores = network(torch.tensor((points - mean) / sd).float())
        return scores.argmax(dim=1)

    return predict

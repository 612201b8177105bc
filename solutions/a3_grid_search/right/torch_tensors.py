# PyTorch's tensors for the arithmetic, returned as tensors where an array is asked for; folds from
# sorted random keys, the front by broadcasting, the process by a Cholesky factor, and an ensemble
# of the three best networks for the sensor.


# %% task="a3_t1"
import torch


def three_folds(rows, valid, test, rng):
    if valid < 0 or test < 0 or rows <= valid + test:
        raise ValueError("not enough rows")
    order = np.argsort(rng.random(rows))
    held = valid + test
    return tuple(order[part] for part in (slice(held, None), slice(0, valid), slice(valid, held)))


def stratified_folds(labels, k, rng):
    labels = np.asarray(labels)
    if not 2 <= k <= labels.size:
        raise ValueError("not so many folds")
    order = np.lexsort((rng.random(labels.size), labels))
    turn = np.empty(labels.size, dtype=int)
    turn[order] = np.arange(labels.size) % k
    return [np.flatnonzero(turn == fold) for fold in range(k)]


def cross_validate(folds, x, t, make_scaler, fit, error):
    def one(held):
        mask = np.ones(len(x), dtype=bool)
        mask[held] = False
        scale = make_scaler(x[mask])
        return error(fit(scale(x[mask]), t[mask]), scale(x[~mask]), t[~mask])

    return [one(held) for held in folds]


# %% task="a3_t2"
import torch


def majority_class(labels):
    if np.size(labels) == 0:
        raise ValueError("no labels")
    values, counts = torch.unique(torch.as_tensor(np.asarray(labels)), return_counts=True)
    return int(values[torch.nonzero(counts == counts.max())[0, 0]])


def linear_signal(x, t):
    x, t = torch.as_tensor(x), torch.as_tensor(t)
    spread = x.std(dim=0, correction=0)
    live = (x.max(dim=0).values > x.min(dim=0).values).nonzero().ravel()
    slopes = torch.zeros(x.shape[1], dtype=x.dtype)
    if live.numel():
        z = (x[:, live] - x[:, live].mean(dim=0)) / spread[live]
        slopes[live] = torch.linalg.solve(z.T @ z, z.T @ (t - t.mean()))
    return slopes


def pareto_front(accuracy, cost, latency):
    table = np.array([-np.asarray(accuracy, dtype=float), cost, latency], dtype=float)
    one, other = table[:, :, None], table[:, None, :]
    beaten = ((other <= one).all(axis=0) & (other < one).any(axis=0)).any(axis=1)
    good = ~beaten & np.isfinite(table).all(axis=0)
    return np.flatnonzero(good).tolist()


# %% task="a3_t3"
def confusion_matrix(truth, predicted, classes):
    pairs = np.asarray(truth, dtype=np.int64) * classes + np.asarray(predicted, dtype=np.int64)
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def alarm_scores(truth, alarm):
    (_, false_alarms), (misses, hits) = confusion_matrix(truth, alarm, 2)

    def ratio(above, below):
        return float(above / below) if below else 0.0

    precision, recall = ratio(hits, hits + false_alarms), ratio(hits, hits + misses)
    return precision, recall, ratio(2 * hits, 2 * hits + false_alarms + misses)


def cheapest_threshold(truth, score, cost_alarm, cost_miss):
    truth, score = np.asarray(truth), np.asarray(score, dtype=float)
    if np.isnan(score).any():
        raise ValueError("nan")
    thresholds = np.append(score, np.inf)
    alarm = score[None, :] >= thresholds[:, None]
    costs = cost_alarm * (alarm & (truth == 0)).sum(axis=1)
    costs = costs + cost_miss * (~alarm & (truth == 1)).sum(axis=1)
    cheapest = thresholds[costs <= costs.min()].max()
    return float(cheapest), float(costs.min())


# %% task="a3_t4"
import itertools


def learning_curve(sizes, fit, error, train, valid):
    if any(size < 1 or size > len(train[1]) for size in sizes):
        raise ValueError("a size is out of range")
    models = [fit(train[0][:size], train[1][:size]) for size in sizes]
    on_train = [error(m, train[0][:n], train[1][:n]) for m, n in zip(models, sizes, strict=False)]
    on_valid = [error(m, *valid) for m in models]
    return np.array([on_train, on_valid], dtype=np.float64).T


def largest_gap(floor, train, dev, test, train_dev=None):
    errors = [floor, train, *([] if train_dev is None else [train_dev]), dev, test]
    names = ["bias", "variance", *([] if train_dev is None else ["mismatch"]), "dev worn out"]
    gaps = [b - a for a, b in itertools.pairwise(errors)]
    place = gaps.index(max(gaps))
    return (names[place], float(gaps[place])) if gaps[place] > 0 else ("none", 0.0)


# %% task="a3_t5"
import itertools


def combinations(grid):
    return [
        dict(zip(grid.keys(), values, strict=False)) for values in itertools.product(*grid.values())
    ]


def grid_search(grid, make, fit, error, train, valid, open_test):
    configs = combinations(grid)
    models = [make(config) for config in configs]
    for model in models:
        fit(model, *train)
    errors = np.array([error(model, *valid) for model in models], dtype=float)
    finite = np.isfinite(errors)
    if not finite.any():
        raise ValueError("no finite error")
    best = int(np.argmin(np.where(finite, errors, np.inf)))
    x, t = open_test()
    return {
        "config": configs[best],
        "valid_error": errors[best],
        "test_error": error(models[best], x, t),
        "trials": list(zip(configs, errors.tolist(), strict=False)),
    }


# %% task="a3_t6"
def sample_config(space, rng):
    def one(entry):
        if isinstance(entry, list):
            if not entry:
                raise ValueError("nothing to choose from")
            return entry[rng.permutation(len(entry))[0]]
        kind, low, high = entry
        if high < low or (kind == "log" and low <= 0):
            raise ValueError("no such range")
        if kind == "linear":
            return rng.uniform(low, high)
        return float(np.clip(10 ** rng.uniform(np.log10(low), np.log10(high)), low, high))

    return {name: one(entry) for name, entry in space.items()}


def random_search(space, try_config, budget, rng):
    if budget < 1:
        raise ValueError("a budget is at least 1")
    trials = []
    while len(trials) < budget:
        config = sample_config(space, rng)
        trials.append((config, try_config(config)))
    errors = np.array([error for _, error in trials], dtype=float)
    if np.isnan(errors).all():
        raise ValueError("nothing but nan")
    best = int(np.nanargmin(errors))
    return trials[best][0], float(errors[best]), trials


# %% task="a3_t7"
import torch


def kernel(a, b, length):
    a, b = torch.as_tensor(a), torch.as_tensor(b)
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None, :] - 2.0 * a @ b.T
    return torch.exp(-squares.clamp(min=0.0) / (2.0 * length**2))


def gp_posterior(x, y, x_new, length, noise):
    # A little more on the diagonal than the noise keeps the factor from failing.
    known = kernel(x, x, length) + (noise**2 + 1e-12) * torch.eye(len(x), dtype=torch.float64)
    lower = torch.linalg.cholesky(known)
    across = torch.linalg.solve_triangular(lower, kernel(x, x_new, length), upper=False)
    half = torch.linalg.solve_triangular(lower, torch.as_tensor(y)[:, None], upper=False)
    variance = 1.0 - (across**2).sum(dim=0)
    return (across.T @ half)[:, 0], variance.clamp(min=0.0).sqrt()


def expected_improvement(mean, std, best):
    mean, std = torch.as_tensor(mean), torch.as_tensor(std)
    gain = best - mean
    z = gain / std.clamp(min=1e-300)
    chance = 0.5 * (1.0 + torch.erf(z / math.sqrt(2.0)))
    density = torch.exp(-0.5 * z.clamp(-40.0, 40.0) ** 2) / math.sqrt(2.0 * math.pi)
    return torch.where(std > 0, gain * chance + std * density, gain.clamp(min=0.0))


def bayesian_search(candidates, try_row, first, budget, length, noise):
    rows, errors = [], []

    def next_row():
        if len(rows) < len(first):
            return first[len(rows)]
        y = torch.tensor(errors, dtype=torch.float64)
        spread = y.std(correction=0)
        y = (y - y.mean()) / torch.where(spread > 0, spread, 1.0)
        mean, std = gp_posterior(candidates[rows], y.numpy(), candidates, length, noise)
        gain = expected_improvement(mean, std, float(y.min()))
        gain[rows] = -torch.inf
        return int(torch.argmax(gain))

    for _ in range(min(budget, len(candidates))):
        rows.append(next_row())
        errors.append(try_row(rows[-1]))
    return rows, errors


# %% task="a3_t8"
def mutate(layers, rng, widths, most):
    # Draw a change, and draw again until it is one that is allowed.
    allowed = [w for w in widths for old in layers if w != old]
    if not allowed and len(layers) >= most and len(layers) < 2:
        raise ValueError("nothing to change")
    while True:
        child, kind = list(layers), rng.integers(3)
        if kind == 0:
            child[rng.integers(len(child))] = int(widths[rng.integers(len(widths))])
        elif kind == 1:
            del child[rng.integers(len(child))]
        else:
            child.insert(rng.integers(len(child) + 1), int(widths[rng.integers(len(widths))]))
        if 1 <= len(child) <= most and child != list(layers):
            return child


def evolve(population, try_layers, mutate, fresh, children, rng):
    if not population:
        raise ValueError("an empty population")
    layers = list(population)
    errors = np.nan_to_num([float(try_layers(one)) for one in layers], nan=np.inf)
    for _ in range(children):
        half = np.argsort(errors, kind="stable")[: -(-len(layers) // 2)]
        explore = rng.uniform() >= 0.8
        child = fresh(rng) if explore else mutate(layers[int(rng.choice(half))], rng)
        layers.append(child)
        errors = np.append(errors, np.nan_to_num(try_layers(child), nan=np.inf))
        worst = int(np.argmax(errors))
        del layers[worst]
        errors = np.delete(errors, worst)
    best = int(np.argmin(errors))
    return layers[best], float(errors[best])


# %% task="a3_t9"
import torch


def mix(logits, outputs):
    p = torch.softmax(torch.as_tensor(logits), 0)
    return torch.einsum("k,k...->...", p, torch.as_tensor(outputs))


def mix_slopes(logits, outputs, upstream):
    p = torch.softmax(torch.as_tensor(logits), 0)
    outputs = torch.as_tensor(outputs).reshape(len(p), -1)
    jacobian = torch.diag(p) - torch.outer(p, p)
    return jacobian @ (outputs @ torch.as_tensor(upstream).reshape(-1))


def policy_slopes(logits, choices, rewards):
    p = torch.softmax(torch.as_tensor(logits), 0)
    rewards = torch.as_tensor(np.asarray(rewards, dtype=np.float64))
    advantage = rewards - rewards.mean()
    weights = torch.zeros_like(p)
    weights.index_add_(0, torch.as_tensor(np.asarray(choices, dtype=np.int64)), advantage)
    # The advantages add up to zero, so that the shares drop out of the sum.
    return weights / len(rewards)


def controller_search(options, reward, rounds, batch, lr, rng):
    logits = torch.zeros(options, dtype=torch.float64)
    for _ in range(rounds):
        p = torch.softmax(logits, 0).numpy()
        counts = rng.multinomial(batch, p)
        choices = np.repeat(np.arange(options), counts)
        logits = logits + lr * policy_slopes(logits, choices, [reward(int(c)) for c in choices])
    return torch.softmax(logits, 0)


# %% task="a3_t10"
def results_table(trials):
    table = pd.DataFrame.from_records([config for config, _ in trials])
    for name in table.columns:
        table[name] = [
            "-".join(map(str, v)) if isinstance(v, (list, tuple)) else v for v in table[name]
        ]
    table["error"] = np.array([error for _, error in trials], dtype=float)
    order = np.argsort(table["error"].to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def error_map(table, row, column):
    map_ = (
        table.pivot_table(index=row, columns=column, values="error", aggfunc="min", dropna=False)
        .sort_index(axis=0)
        .sort_index(axis=1)
    )
    rows, columns = np.unique(table[row]), np.unique(table[column].to_numpy().astype(object))
    map_ = map_.reindex(index=rows, columns=columns)
    return rows.tolist(), list(columns), map_.to_numpy(dtype=float)


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    found = []
    for number in range(budget):
        depth = 1 + number % 3
        width = int(rng.choice([8, 12, 16]))
        config = {"layers": [width] * depth, "lr": float(np.exp(rng.uniform(-3.7, -2.3)))}
        if number == 1:
            config["layers"] = [10, 14]  # so that depth and width always differ
        model = train(config, x_train, t_train)
        error = np.mean((model(x_valid) - t_valid) ** 2)
        found.append((float(np.nan_to_num(error, nan=np.inf)), number, model))
    best = [model for error, _, model in sorted(found)[:3] if np.isfinite(error)]
    return lambda readings: np.mean([model(readings) for model in best], axis=0)

# The tools of SciPy and pandas where the tasks allow them, single precision where nothing is lost,
# counters and generators; the searches keep a heap, and the sensor is searched by evolution over
# (layers, log rate).


# %% task="a3_t1"
def three_folds(rows, valid, test, rng):
    sizes = (rows - valid - test, valid, test)
    if sizes[0] <= 0 or valid < 0 or test < 0:
        raise ValueError(f"folds of {sizes} rows are impossible")
    numbers = np.arange(rows)
    rng.shuffle(numbers)
    train, valid_rows, test_rows = np.split(numbers, np.cumsum(sizes)[:-1])
    return train, valid_rows, test_rows


def stratified_folds(labels, k, rng):
    count = len(labels)
    if k < 2 or count < k:
        raise ValueError("k does not fit")
    table = pd.DataFrame({"label": np.asarray(labels), "key": rng.permutation(count)})
    order = table.sort_values(["label", "key"], ascending=[False, True]).index.to_numpy()
    fold = pd.Series(np.arange(count) % k, index=order)
    return [np.sort(fold.index[fold == f].to_numpy()) for f in range(k)]


def cross_validate(folds, x, t, make_scaler, fit, error):
    results = []
    for i in range(len(folds)):
        rest = np.concatenate(folds[:i] + folds[i + 1 :])
        scale = make_scaler(x[rest])
        inside, outside = scale(x[rest]), scale(x[folds[i]])
        model = fit(inside, t[rest])
        results.append(float(error(model, outside, t[folds[i]])))
    return np.array(results)


# %% task="a3_t2"
from collections import Counter

import scipy.linalg


def majority_class(labels):
    counts = Counter(np.asarray(labels).tolist())
    if not counts:
        raise ValueError("there is no label")
    top = max(counts.values())
    return min(label for label, count in counts.items() if count == top)


def linear_signal(x, t):
    centred = x - x.mean(axis=0)
    spread = np.sqrt(np.mean(centred**2, axis=0))
    spread[np.ptp(x, axis=0) == 0] = 0.0
    # The slope of the raw column times its spread is the slope of the standardised one.
    live = spread > 0
    slopes = np.zeros(x.shape[1])
    if live.any():
        design = np.column_stack([np.ones(len(x)), centred[:, live]])
        slopes[live] = scipy.linalg.lstsq(design, t)[0][1:] * spread[live]
    return slopes


def pareto_front(accuracy, cost, latency):
    frame = pd.DataFrame({"a": accuracy, "c": cost, "l": latency}, dtype=float).dropna()
    front = []
    for i, row in frame.iterrows():
        rivals = frame[(frame.a >= row.a) & (frame.c <= row.c) & (frame.l <= row.l)]
        same = (rivals.a == row.a) & (rivals.c == row.c) & (rivals.l == row.l)
        if same.all():
            front.append(int(i))
    return front


# %% task="a3_t3"
def confusion_matrix(truth, predicted, classes):
    codes = np.arange(classes)
    true = np.asarray(truth).reshape(-1, 1) == codes
    called = np.asarray(predicted).reshape(-1, 1) == codes
    return true.astype(int).T @ called.astype(int)


def alarm_scores(truth, alarm):
    truth, alarm = (np.asarray(v, dtype=np.float32) for v in (truth, alarm))
    hits = float(truth @ alarm)
    precision = hits / max(float(alarm.sum()), 1.0)
    recall = hits / max(float(truth.sum()), 1.0)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-30)


def cheapest_threshold(truth, score, cost_alarm, cost_miss):
    score, truth = np.asarray(score, dtype=float), np.asarray(truth)
    if not np.all(score == score):
        raise ValueError("nan")
    quiet, bad = np.sort(score[truth == 0]), np.sort(score[truth == 1])
    best = (math.inf, float(cost_miss) * bad.size)
    for threshold in sorted(set(score.tolist()), reverse=True):
        false_alarms = quiet.size - np.searchsorted(quiet, threshold, side="left")
        misses = np.searchsorted(bad, threshold, side="left")
        cost = float(false_alarms * cost_alarm + misses * cost_miss)
        best = min(best, (threshold, cost), key=lambda pair: pair[1])
    return best


# %% task="a3_t4"
def learning_curve(sizes, fit, error, train, valid):
    x, t = train
    sizes = np.asarray(sizes, dtype=int)
    if sizes.size and (sizes.min() < 1 or sizes.max() > len(t)):
        raise ValueError("sizes must lie between 1 and the number of rows")
    rows = [(fit(x[:m], t[:m]), x[:m], t[:m]) for m in sizes]
    pairs = [(error(*row), error(row[0], *valid)) for row in rows]
    return np.asarray(pairs, dtype=np.float32).reshape(len(sizes), 2)


def largest_gap(floor, train, dev, test, train_dev=None):
    series = {"bias": train - floor, "variance": (dev if train_dev is None else train_dev) - train}
    if train_dev is not None:
        series["mismatch"] = dev - train_dev
    series["dev worn out"] = test - dev
    name, gap = sorted(series.items(), key=lambda item: -item[1])[0]  # a stable sort
    if gap <= 0:
        return "none", 0.0
    return name, gap


# %% task="a3_t5"
def combinations(grid):
    sizes = [len(values) for values in grid.values()]
    found = []
    for place in np.ndindex(*sizes):
        found.append({name: grid[name][i] for name, i in zip(grid, place, strict=False)})
    return found


def grid_search(grid, make, fit, error, train, valid, open_test):
    def trial(config):
        model = make(config)
        fit(model, *train)
        return config, error(model, *valid), model

    results = [trial(config) for config in combinations(grid)]
    finite = [result for result in results if np.isfinite(result[1])]
    if not finite:
        raise ValueError("no result is finite")
    config, valid_error, model = min(finite, key=lambda result: result[1])
    test_rows = open_test()
    return {
        "config": config,
        "valid_error": valid_error,
        "test_error": error(model, *test_rows),
        "trials": [(c, e) for c, e, _ in results],
        "model": model,
    }


# %% task="a3_t6"
def sample_config(space, rng):
    config = {}
    for name in sorted(space):  # in an order of its own
        entry = space[name]
        if isinstance(entry, list):
            if not entry:
                raise ValueError(f"{name}: empty")
            config[name] = entry[int(rng.choice(len(entry)))]
        else:
            kind, low, high = entry
            if not low <= high or (kind == "log" and low <= 0):
                raise ValueError(f"{name}: {entry}")
            scale, back = (math.log2, lambda v: 2.0**v) if kind == "log" else (float, float)
            value = back(scale(low) + (scale(high) - scale(low)) * rng.random())
            config[name] = min(max(value, low), high)
    return {name: config[name] for name in space}


def random_search(space, try_config, budget, rng):
    if budget <= 0:
        raise ValueError("budget")
    best, trials = None, []
    for _ in range(budget):
        config = sample_config(space, rng)
        error = try_config(dict(config))
        trials.append((config, error))
        if not np.isnan(error) and (best is None or error < best[1]):
            best = trials[-1]
    if best is None:
        raise ValueError("only nan")
    return (*best, trials)


# %% task="a3_t7"
import scipy.linalg
import scipy.spatial
import scipy.stats


def kernel(a, b, length):
    return np.exp(-0.5 * scipy.spatial.distance.cdist(a, b, "sqeuclidean") / length**2)


def gp_posterior(x, y, x_new, length, noise):
    factor = scipy.linalg.lu_factor(kernel(x, x, length) + noise**2 * np.eye(len(x)))
    across = kernel(x, x_new, length)
    mean = across.T @ scipy.linalg.lu_solve(factor, y)
    variance = 1.0 - np.einsum("ij,ij->j", across, scipy.linalg.lu_solve(factor, across))
    return mean, np.sqrt(np.clip(variance, 0.0, None))


def expected_improvement(mean, std, best):
    gain = best - np.asarray(mean, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = gain / std
        hoped = gain * scipy.stats.norm.cdf(z) + std * scipy.stats.norm.pdf(z)
    return np.where(np.asarray(std) > 0, hoped, np.clip(gain, 0.0, None))


def bayesian_search(candidates, try_row, first, budget, length, noise):
    budget = min(budget, len(candidates))
    errors = {}
    for row in first[:budget]:
        errors[row] = try_row(row)
    while len(errors) < budget:
        known = list(errors)
        y = scipy.stats.zscore(list(errors.values())) if np.ptp(list(errors.values())) else None
        y = np.zeros(len(known)) if y is None else y
        mean, std = gp_posterior(candidates[known], y, candidates, length, noise)
        order = np.argsort(-expected_improvement(mean, std, y.min()), kind="stable")
        row = next(int(r) for r in order if int(r) not in errors)
        errors[row] = try_row(row)
    return list(errors), list(errors.values())


# %% task="a3_t8"
def mutate(layers, rng, widths, most):
    layers, n = tuple(layers), len(layers)
    swap = {(*layers[:i], w, *layers[i + 1 :]) for i in range(n) for w in widths} - {layers}
    drop = {layers[:i] + layers[i + 1 :] for i in range(n)} if n > 1 else set()
    put = (
        {(*layers[:i], w, *layers[i:]) for i in range(n + 1) for w in widths} if n < most else set()
    )
    pool = sorted(swap | drop | put)
    if not pool:
        raise ValueError("these layers cannot change")
    weights = np.array(
        [1 / len(kind) for one in pool for kind in [next(s for s in (swap, drop, put) if one in s)]]
    )
    return list(pool[rng.choice(len(pool), p=weights / weights.sum())])


def evolve(population, try_layers, mutate, fresh, children, rng):
    if not population:
        raise ValueError("population")

    def rank(error):
        return math.inf if error != error else error

    table = pd.DataFrame({"error": [rank(try_layers(p)) for p in population]})
    table["layers"] = [tuple(p) for p in population]
    exploit = rng.random(children) < 0.8
    for copied in exploit:
        table = table.sort_values("error", kind="stable", ignore_index=True)
        if copied:
            child = mutate(list(table["layers"][rng.integers((len(table) + 1) // 2)]), rng)
        else:
            child = fresh(rng)
        row = pd.DataFrame({"error": [rank(try_layers(child))], "layers": [tuple(child)]})
        table = pd.concat([table, row], ignore_index=True)
        table = table.sort_values("error", kind="stable", ignore_index=True).iloc[:-1]
    best = table.sort_values("error", kind="stable").iloc[0]
    return [int(w) for w in best["layers"]], float(best["error"])


# %% task="a3_t9"
import scipy.special


def mix(logits, outputs):
    p = scipy.special.softmax(logits)
    return np.sum(np.moveaxis(np.asarray(outputs), 0, -1) * p, axis=-1)


def mix_slopes(logits, outputs, upstream):
    p = scipy.special.softmax(logits)
    away = np.asarray(outputs) - mix(logits, outputs)  # each candidate's difference from the mix
    return p * np.array([np.vdot(upstream, one) for one in away])


def policy_slopes(logits, choices, rewards):
    p = scipy.special.softmax(np.asarray(logits, dtype=float))
    rewards = np.asarray(rewards, dtype=float)
    slope = np.zeros(p.size)
    for choice, advantage in zip(choices, rewards - rewards.mean(), strict=False):
        log_slope = -p.copy()
        log_slope[choice] += 1.0
        slope += advantage * log_slope
    return slope / rewards.size


def controller_search(options, reward, rounds, batch, lr, rng):
    logits = np.zeros(options)
    for _ in range(rounds):
        noise = rng.gumbel(size=(batch, options))  # the largest noisy logit is a draw
        choices = np.argmax(logits + noise, axis=1)
        rewards = np.array([reward(choice) for choice in choices])
        logits = logits + lr * policy_slopes(logits, choices, rewards)
    return scipy.special.softmax(logits)


# %% task="a3_t10"
def results_table(trials):
    flat = []
    for config, error in trials:
        row = {}
        for name, value in config.items():
            row[name] = (
                "-".join(f"{v}" for v in value) if isinstance(value, (list, tuple)) else value
            )
        flat.append((row, error))
    table = pd.DataFrame([row for row, _ in flat]).assign(error=[error for _, error in flat])
    table["error"] = table["error"].astype(float)
    keys = pd.DataFrame({"nan": table["error"].isna(), "error": table["error"]})
    return table.loc[keys.sort_values(["nan", "error"], kind="stable").index].reset_index(drop=True)


def error_map(table, row, column):
    rows = sorted(table[row].unique())
    columns = sorted(table[column].unique())
    lowest = [
        [table.loc[(table[row] == r) & (table[column] == c), "error"].min() for c in columns]
        for r in rows
    ]
    return rows, columns, np.array(lowest, dtype=np.float64)


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    def born(layers, log_rate):
        model = train({"layers": list(layers), "lr": 10.0**log_rate}, x_train, t_train)
        error = float(np.sqrt(np.mean((model(x_valid) - t_valid) ** 2)))
        return (math.inf if math.isnan(error) else error, layers, log_rate, model)

    start = [((8, 8), -1.3), ((16, 16), -1.5), ((8, 8, 8), -1.5), ((16,), -1.0)]
    alive = [born(*one) for one in start[:budget]]
    for _ in range(budget - len(alive)):
        alive.sort(key=lambda one: one[0])
        _, layers, log_rate, _ = alive[rng.integers(2)]
        changed = list(layers)
        changed[rng.integers(len(changed))] = int(rng.choice([6, 8, 12, 16, 20]))
        alive.append(born(tuple(changed), log_rate + rng.normal(0.0, 0.15)))
    return min(alive, key=lambda one: one[0])[3]

# The answers of a3: choosing a model honestly.

import math

import numpy as np
import pandas as pd


# %% task="a3_t1"
def three_folds(rows, valid, test, rng):
    """Return the row numbers (train, valid, test) of three folds, in random order."""
    if valid < 0 or test < 0 or valid + test >= rows:
        raise ValueError(f"{rows} rows leave nothing to train with")
    order = rng.permutation(rows)
    return order[valid + test :], order[:valid], order[valid : valid + test]


def stratified_folds(labels, k, rng):
    """Return k arrays of row numbers, in each of which every class has its share."""
    labels = np.asarray(labels)
    if not 2 <= k <= len(labels):
        raise ValueError(f"{len(labels)} rows cannot be dealt into {k} folds")
    by_class = [rng.permutation(np.flatnonzero(labels == c)) for c in np.unique(labels)]
    dealt = np.concatenate(by_class)
    return [dealt[fold::k] for fold in range(k)]


def cross_validate(folds, x, t, make_scaler, fit, error):
    """Return one error a fold, of a model that has seen nothing of that fold."""
    errors = []
    for held in folds:
        rest = np.setdiff1d(np.arange(len(x)), held)
        scale = make_scaler(x[rest])
        model = fit(scale(x[rest]), t[rest])
        errors.append(error(model, scale(x[held]), t[held]))
    return errors


# %% task="a3_t2"
def majority_class(labels):
    """Return the most frequent label, the smallest of them if several are."""
    if len(labels) == 0:
        raise ValueError("no labels, no majority")
    classes, counts = np.unique(labels, return_counts=True)
    return classes[np.argmax(counts)]


def linear_signal(x, t):
    """Return the slope of each standardised column in a linear model, shape (columns,)."""
    spread = x.std(axis=0)
    varies = spread > 0
    z = (x - x.mean(axis=0)) / np.where(varies, spread, 1.0)
    slopes = np.zeros(x.shape[1])
    slopes[varies] = np.linalg.lstsq(z[:, varies], t, rcond=None)[0]
    return slopes


def pareto_front(accuracy, cost, latency):
    """Return the numbers of the models that no other model beats, in rising order."""
    table = np.column_stack([-np.asarray(accuracy, float), cost, latency])
    front = []
    for i, one in enumerate(table):
        if np.isnan(one).any():
            continue
        beaten = (table <= one).all(axis=1) & (table < one).any(axis=1)
        if not beaten.any():
            front.append(i)
    return front


# %% task="a3_t3"
def confusion_matrix(truth, predicted, classes):
    """Return how often class i was called class j, shape (classes, classes)."""
    matrix = np.zeros((classes, classes), dtype=int)
    np.add.at(matrix, (np.asarray(truth, dtype=int), np.asarray(predicted, dtype=int)), 1)
    return matrix


def alarm_scores(truth, alarm):
    """Return (precision, recall, F1) of alarms."""
    truth, alarm = np.asarray(truth) == 1, np.asarray(alarm) == 1
    hits = float(np.sum(truth & alarm))
    precision = hits / alarm.sum() if alarm.any() else 0.0
    recall = hits / truth.sum() if truth.any() else 0.0
    f1 = 2.0 * precision * recall / (precision + recall) if hits else 0.0
    return precision, recall, f1


def cheapest_threshold(truth, score, cost_alarm, cost_miss):
    """Return (threshold, cost): above which score alarms cost least, and how much."""
    truth, score = np.asarray(truth), np.asarray(score, dtype=float)
    if np.isnan(score).any():
        raise ValueError("a score is not a number")
    best = math.inf, cost_miss * float(np.sum(truth == 1))
    for threshold in np.unique(score)[::-1]:
        alarm = score >= threshold
        false_alarms, misses = np.sum(alarm & (truth == 0)), np.sum(~alarm & (truth == 1))
        cost = float(cost_alarm * false_alarms + cost_miss * misses)
        if cost < best[1]:
            best = float(threshold), cost
    return best


# %% task="a3_t4"
def learning_curve(sizes, fit, error, train, valid):
    """Return the errors (training, validation) after training on so many rows, shape (n, 2)."""
    x, t = train
    if any(not 1 <= size <= len(x) for size in sizes):
        raise ValueError(f"there are {len(x)} rows to train with, and sizes are {list(sizes)}")
    errors = []
    for size in sizes:
        model = fit(x[:size], t[:size])
        errors.append([error(model, x[:size], t[:size]), error(model, *valid)])
    return np.array(errors, dtype=float).reshape(-1, 2)


def largest_gap(floor, train, dev, test, train_dev=None):
    """Return (name, size) of the largest gap between these errors; ("none", 0.0) without any."""
    gaps = {"bias": train - floor}
    if train_dev is None:
        gaps["variance"] = dev - train
    else:
        gaps["variance"] = train_dev - train
        gaps["mismatch"] = dev - train_dev
    gaps["dev worn out"] = test - dev
    name = max(gaps, key=gaps.get)
    return (name, gaps[name]) if gaps[name] > 0 else ("none", 0.0)


# %% task="a3_t5"
def combinations(grid):
    """Return every combination of the grid's values as a list of dictionaries."""
    found = [{}]
    for name, values in grid.items():
        found = [{**config, name: value} for config in found for value in values]
    return found


def grid_search(grid, make, fit, error, train, valid, open_test):
    """Try every combination, choose by validation, open the test set once."""
    trials = []
    best_config, best_error, best_model = None, math.inf, None
    for config in combinations(grid):
        model = make(dict(config))
        fit(model, *train)
        trials.append((config, error(model, *valid)))
        if math.isfinite(trials[-1][1]) and trials[-1][1] < best_error:
            best_config, best_error, best_model = *trials[-1], model
    if best_config is None:
        raise ValueError("no combination gave a finite validation error")
    return {
        "config": best_config,
        "valid_error": best_error,
        "test_error": error(best_model, *open_test()),
        "trials": trials,
    }


# %% task="a3_t6"
def sample_config(space, rng):
    """Draw one value for each setting of the space."""
    config = {}
    for name, values in space.items():
        if isinstance(values, list):
            if not values:
                raise ValueError(f"{name} has no values to choose from")
            config[name] = values[rng.integers(len(values))]
            continue
        kind, low, high = values
        if low > high or (kind == "log" and low <= 0):
            raise ValueError(f"{name} cannot be drawn from {low} to {high} ({kind})")
        if kind == "log":
            config[name] = math.exp(rng.uniform(math.log(low), math.log(high)))
        else:
            config[name] = rng.uniform(low, high)
    return config


def random_search(space, try_config, budget, rng):
    """Return (config, error, trials) after exactly ``budget`` trials."""
    if budget < 1:
        raise ValueError(f"a budget of {budget} allows no trial")
    trials = []
    for _ in range(budget):
        config = sample_config(space, rng)
        trials.append((config, try_config(dict(config))))
    known = [trial for trial in trials if not math.isnan(trial[1])]
    if not known:
        raise ValueError("no trial gave a number")
    return *min(known, key=lambda trial: trial[1]), trials


# %% task="a3_t7"
def kernel(a, b, length):
    """Return how alike rows of a and rows of b are, shape (len(a), len(b))."""
    squares = np.sum((a[:, None, :] - b[None, :, :]) ** 2, axis=2)
    return np.exp(-0.5 * squares / length**2)


def gp_posterior(x, y, x_new, length, noise):
    """Return (mean, std), each of shape (len(x_new),), of a Gaussian process."""
    known = kernel(x, x, length) + noise**2 * np.eye(len(x))
    across = kernel(x_new, x, length)
    solved = np.linalg.solve(known, across.T)
    variance = 1.0 - np.sum(across.T * solved, axis=0)
    return solved.T @ y, np.sqrt(np.maximum(variance, 0.0))


def expected_improvement(mean, std, best):
    """Return by how much each place is expected to be lower than ``best``."""
    gain = best - mean
    z = gain / np.where(std > 0, std, 1.0)
    below = np.array([0.5 * (1.0 + math.erf(v / math.sqrt(2.0))) for v in z])
    density = np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
    return np.where(std > 0, gain * below + std * density, np.maximum(gain, 0.0))


def bayesian_search(candidates, try_row, first, budget, length, noise):
    """Return (rows, errors) in the order in which they were tried."""
    rows, errors = [], []
    while len(rows) < min(budget, len(candidates)):
        if len(rows) < len(first):
            row = first[len(rows)]
        else:
            y = np.array(errors)
            y = (y - y.mean()) / (y.std() or 1.0)
            mean, std = gp_posterior(candidates[rows], y, candidates, length, noise)
            gain = expected_improvement(mean, std, y.min())
            gain[rows] = -1.0
            row = int(np.argmax(gain))
        rows.append(row)
        errors.append(try_row(row))
    return rows, errors


# %% task="a3_t8"
def mutate(layers, rng, widths, most):
    """Return a copy of layers with one layer put in, taken out, or of another width."""
    places = range(len(layers))
    edits = [(i, w) for i in places for w in widths if w != layers[i]]
    kinds = [[[*layers[:i], w, *layers[i + 1 :]] for i, w in edits]]
    if len(layers) < most:
        gaps = [(i, w) for i in (*places, len(layers)) for w in widths]
        kinds.append([[*layers[:i], w, *layers[i:]] for i, w in gaps])
    if len(layers) > 1:
        kinds.append([[*layers[:i], *layers[i + 1 :]] for i in places])
    kinds = [kind for kind in kinds if kind]
    if not kinds:
        raise ValueError("nothing about these layers can be changed")
    kind = kinds[rng.integers(len(kinds))]
    return kind[rng.integers(len(kind))]


def evolve(population, try_layers, mutate, fresh, children, rng):
    """Return (layers, error) of the best architecture that was ever tried."""
    if not population:
        raise ValueError("nothing can descend from an empty population")
    alive = [(layers, try_layers(layers)) for layers in population]
    for _ in range(children):
        if rng.random() < 0.8:
            better = sorted(alive, key=by_error)[: (len(alive) + 1) // 2]
            layers = mutate(better[rng.integers(len(better))][0], rng)
        else:
            layers = fresh(rng)
        alive.append((layers, try_layers(layers)))
        alive.remove(max(alive, key=by_error))
    return min(alive, key=by_error)


def by_error(member):
    """Sort by error, and what is not a number behind all numbers."""
    return math.inf if math.isnan(member[1]) else member[1]


# %% task="a3_t9"
def shares(logits):
    """Return the softmax of logits, shape (options,)."""
    weights = np.exp(logits - np.max(logits))
    return weights / weights.sum()


def mix(logits, outputs):
    """Return the options' outputs, weighted with their shares."""
    return np.tensordot(shares(logits), outputs, axes=1)


def mix_slopes(logits, outputs, upstream):
    """Return the slopes of the loss along each logit, shape (options,)."""
    p = shares(logits)
    along = np.array([np.sum(upstream * output) for output in outputs])
    return p * (along - p @ along)


def policy_slopes(logits, choices, rewards):
    """Return the slopes of the expected reward along each logit, as far as a batch tells."""
    advantage = np.asarray(rewards, dtype=float) - np.mean(rewards)
    picked = np.eye(len(logits))[np.asarray(choices)]
    return np.mean(advantage[:, None] * (picked - shares(logits)), axis=0)


def controller_search(options, reward, rounds, batch, lr, rng):
    """Return the shares of the options after so many rounds of learning from rewards."""
    logits = np.zeros(options)
    for _ in range(rounds):
        choices = rng.choice(options, size=batch, p=shares(logits))
        rewards = [reward(int(choice)) for choice in choices]
        logits = logits + lr * policy_slopes(logits, choices, rewards)
    return shares(logits)


# %% task="a3_t10"
def results_table(trials):
    """Return the trials as a data frame, the lowest error first."""
    rows = []
    for config, error in trials:
        row = {
            name: "-".join(map(str, value)) if isinstance(value, list | tuple) else value
            for name, value in config.items()
        }
        rows.append({**row, "error": error})
    names = list(dict.fromkeys(name for config, _ in trials for name in config))
    table = pd.DataFrame(rows, columns=[*names, "error"])
    return table.sort_values("error", kind="stable", na_position="last", ignore_index=True)


def error_map(table, row, column):
    """Return (row values, column values, lowest error of each pair)."""
    row_values = sorted(table[row].dropna().unique())
    column_values = sorted(table[column].dropna().unique())
    lowest = np.full((len(row_values), len(column_values)), np.nan)
    for (r, c), error in table.groupby([row, column])["error"].min().items():
        lowest[row_values.index(r), column_values.index(c)] = error
    return row_values, column_values, lowest


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    """Return a function from readings, shape (n, 2), to oxygen, shape (n, 1)."""
    shapes = [[8, 8], [16, 8], [12, 12], [8, 8, 8], [16], [24, 8]]
    best_error, best_model = math.inf, None
    for number in range(budget):
        lr = 10.0 ** rng.uniform(-1.8, -0.9)
        model = train({"layers": shapes[number % len(shapes)], "lr": lr}, x_train, t_train)
        error = np.sqrt(np.mean((model(x_valid) - t_valid) ** 2))
        if error < best_error:
            best_error, best_model = error, model
    return best_model


# %% [markdown] task="a3_t12"
# **Model answer.** (1) With 20 rows to choose by and noise 0.5, the peeked report in my panel was
# too kind by about 0.07 and the honest one by about 0.01; with 200 rows both were close to 0, and
# with a grid of 2 x 2 the peek cost little. The lowest of many noisy numbers is low partly by luck:
# the more candidates and the fewer rows, the more luck. Fresh rows do not repeat it. (2) On the map
# of 225 combinations my Gaussian process had found the lowest error after about 12 trials, on
# average over ten starts; random search had not quite found it after 30. Random search forgets what
# it has seen, while the process spends its trials where a gain is to be expected. (3) "Always
# quiet" was right on 91 % of the last 600 evenings and found no trouble at all. The linear model
# was right on 95 %, and the networks cost more and were right less often. If a miss is 25 times as
# dear as a false alarm, I would give the farmer the linear model with a threshold of 0.01, which
# finds all trouble at the price of seven false alarms in ten; at 5 times as dear, with 0.09. First
# I would ask what lost fish and a night of the aerator cost. (4) I report the test error as it is.
# I do not choose again by it: it has been opened, so a new choice needs new test rows.
#
# *Rubric, 8 points:* optimism seen with numbers and explained by the minimum over noisy numbers, 3;
# the comparison of searches at equal budgets with a reason, 2; accuracy against cost with numbers
# from the plot, 2; the test set is not opened a second time, 1.

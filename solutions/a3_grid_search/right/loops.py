# Plain Python wherever it can be: dealing by hand, counting in dictionaries, normal equations by
# elimination, recursion for the grid, a surrogate solved row by row. No NumPy function where a loop
# will do.


# %% task="a3_t1"
def three_folds(rows, valid, test, rng):
    if min(valid, test) < 0 or rows - valid - test < 1:
        raise ValueError("nothing is left to train with")
    bag = list(range(rows))
    drawn = []
    while bag:
        drawn.append(bag.pop(int(rng.integers(len(bag)))))
    return (
        drawn[: rows - valid - test],
        drawn[rows - valid - test : rows - test],
        drawn[rows - test :],
    )


def stratified_folds(labels, k, rng):
    if k < 2 or k > len(labels):
        raise ValueError("these rows cannot be dealt into so many folds")
    piles = {}
    for row, label in enumerate(labels):
        piles.setdefault(int(label), []).append(row)
    folds, turn = [[] for _ in range(k)], 0
    for pile in piles.values():
        rng.shuffle(pile)
        for row in pile:
            folds[turn % k].append(row)
            turn += 1
    return [np.array(fold, dtype=int) for fold in folds]


def cross_validate(folds, x, t, make_scaler, fit, error):
    errors = []
    for number, held in enumerate(folds):
        rest = [int(r) for other, fold in enumerate(folds) if other != number for r in fold]
        scale = make_scaler(x[rest])
        model = fit(scale(x[rest]), t[rest])
        rows = [int(r) for r in held]
        errors.append(error(model, scale(x[rows]), t[rows]))
    return errors


# %% task="a3_t2"
def majority_class(labels):
    counts = {}
    for label in labels:
        counts[int(label)] = counts.get(int(label), 0) + 1
    if not counts:
        raise ValueError("no labels")
    return min(counts, key=lambda label: (-counts[label], label))


def linear_signal(x, t):
    rows, columns = x.shape
    scaled, used = [], []
    for j in range(columns):
        column = [float(v) for v in x[:, j]]
        if max(column) == min(column):
            continue
        mean = sum(column) / rows
        spread = (sum((v - mean) ** 2 for v in column) / rows) ** 0.5
        scaled.append([(v - mean) / spread for v in column])
        used.append(j)
    n = len(used)
    system = [
        [sum(a * b for a, b in zip(one, other, strict=False)) for other in scaled]
        + [sum(a * float(b) for a, b in zip(one, t, strict=False))]
        for one in scaled
    ]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(system[r][i]))
        system[i], system[pivot] = system[pivot], system[i]
        for r in range(n):
            if r != i:
                factor = system[r][i] / system[i][i]
                system[r] = [a - factor * b for a, b in zip(system[r], system[i], strict=False)]
    slopes = np.zeros(columns)
    for i, j in enumerate(used):
        slopes[j] = system[i][n] / system[i][i]
    return slopes


def pareto_front(accuracy, cost, latency):
    models = list(zip(accuracy, cost, latency, strict=False))
    front = []
    for i, (a, c, s) in enumerate(models):
        if any(v != v for v in (a, c, s)):
            continue
        beaten = False
        for b, d, u in models:
            as_good = b >= a and d <= c and u <= s
            if as_good and (b, d, u) != (a, c, s):
                beaten = True
        if not beaten:
            front.append(i)
    return front


# %% task="a3_t3"
def confusion_matrix(truth, predicted, classes):
    matrix = [[0] * classes for _ in range(classes)]
    for true, called in zip(truth, predicted, strict=False):
        matrix[int(true)][int(called)] += 1
    return np.array(matrix, dtype=np.int32).reshape(classes, classes)


def alarm_scores(truth, alarm):
    hits = false_alarms = misses = 0
    for true, called in zip(truth, alarm, strict=False):
        hits += int(true == 1 and called == 1)
        false_alarms += int(true == 0 and called == 1)
        misses += int(true == 1 and called == 0)
    if hits == 0:
        return 0.0, 0.0, 0.0
    return (
        hits / (hits + false_alarms),
        hits / (hits + misses),
        hits / (hits + 0.5 * (false_alarms + misses)),
    )


def cheapest_threshold(truth, score, cost_alarm, cost_miss):
    pairs = sorted(zip((float(s) for s in score), truth, strict=False), key=lambda pair: -pair[0])
    if any(s != s for s, _ in pairs):
        raise ValueError("nan among the scores")
    misses, false_alarms = sum(int(t) for _, t in pairs), 0
    best_threshold, best_cost = float("inf"), float(misses * cost_miss)
    for place, (s, t) in enumerate(pairs):
        misses -= int(t == 1)
        false_alarms += int(t == 0)
        if place + 1 < len(pairs) and pairs[place + 1][0] == s:
            continue
        cost = false_alarms * cost_alarm + misses * cost_miss
        if cost < best_cost:
            best_threshold, best_cost = s, float(cost)
    return best_threshold, best_cost


# %% task="a3_t4"
def learning_curve(sizes, fit, error, train, valid):
    for size in sizes:
        if size < 1 or size > len(train[0]):
            raise ValueError("no such number of rows")
    curve = np.zeros((len(sizes), 2))
    for line, size in enumerate(sizes):
        rows, targets = train[0][:size], train[1][:size]
        model = fit(rows, targets)
        curve[line, 1] = error(model, valid[0], valid[1])
        curve[line, 0] = error(model, rows, targets)
    return curve


def largest_gap(floor, train, dev, test, train_dev=None):
    chain = [("bias", train - floor)]
    if train_dev is not None:
        chain += [("variance", train_dev - train), ("mismatch", dev - train_dev)]
    else:
        chain += [("variance", dev - train)]
    chain += [("dev worn out", test - dev)]
    best = ("none", 0.0)
    for name, gap in chain:
        if gap > best[1]:
            best = (name, gap)
    return best


# %% task="a3_t5"
def combinations(grid):
    def complete(names, config):
        if not names:
            return [dict(config)]
        found = []
        for value in grid[names[0]]:
            found += complete(names[1:], {**config, names[0]: value})
        return found

    return complete(list(grid), {})


def grid_search(grid, make, fit, error, train, valid, open_test):
    models, trials = [], []
    for config in combinations(grid):
        models.append(make(config))
    for config, model in zip(combinations(grid), models, strict=False):
        fit(model, train[0], train[1])
        trials.append((config, error(model, valid[0], valid[1])))
    usable = [i for i, (_, e) in enumerate(trials) if e - e == 0.0]
    if not usable:
        raise ValueError("nothing to choose")
    best = min(usable, key=lambda i: trials[i][1])
    x_test, t_test = open_test()
    return {
        "trials": trials,
        "config": trials[best][0],
        "valid_error": trials[best][1],
        "test_error": error(models[best], x_test, t_test),
    }


# %% task="a3_t6"
def sample_config(space, rng):
    config = {}
    for name, entry in space.items():
        if type(entry) is list:
            if len(entry) == 0:
                raise ValueError("an empty list")
            config[name] = entry[int(rng.random() * len(entry))]
        else:
            kind, low, high = entry
            if low > high:
                raise ValueError("low is above high")
            share = rng.random()
            if kind == "linear":
                config[name] = low + share * (high - low)
            elif low <= 0:
                raise ValueError("a log scale begins above zero")
            else:
                config[name] = low * (high / low) ** share
    return config


def random_search(space, try_config, budget, rng):
    if budget < 1:
        raise ValueError("no budget")
    configs = [sample_config(space, rng) for _ in range(budget)]
    trials = [(config, try_config(config)) for config in configs]
    best = None
    for config, error in trials:
        if error == error and (best is None or error < best[1]):
            best = (config, error)
    if best is None:
        raise ValueError("every error was nan")
    return best[0], best[1], trials


# %% task="a3_t7"
def kernel(a, b, length):
    values = np.zeros((len(a), len(b)))
    for i in range(len(a)):
        for j in range(len(b)):
            square = sum(float(p - q) ** 2 for p, q in zip(a[i], b[j], strict=False))
            values[i, j] = math.exp(-square / (2.0 * length**2))
    return values


def gp_posterior(x, y, x_new, length, noise):
    inverse = np.linalg.inv(kernel(x, x, length) + np.diag([noise**2] * len(x)))
    means, stds = [], []
    for place in x_new:
        along = kernel(place[None, :], x, length)[0]
        means.append(float(along @ inverse @ y))
        stds.append(max(1.0 - float(along @ inverse @ along), 0.0) ** 0.5)
    return np.array(means), np.array(stds)


def expected_improvement(mean, std, best):
    found = []
    for m, s in zip(mean, std, strict=False):
        gain = best - m
        if s <= 0:
            found.append(max(gain, 0.0))
            continue
        z = gain / s
        found.append(
            gain * 0.5 * math.erfc(-z / 2**0.5) + s * math.exp(-z * z / 2) / (2 * math.pi) ** 0.5
        )
    return np.array(found)


def bayesian_search(candidates, try_row, first, budget, length, noise):
    rows, errors = [], []
    left = [i for i in range(len(candidates)) if i not in first]
    for row in first[:budget]:
        rows.append(int(row))
        errors.append(try_row(int(row)))
    while left and len(rows) < budget:
        y = np.array(errors)
        spread = y.std()
        y = (y - y.mean()) / (spread if spread > 0 else 1.0)
        mean, std = gp_posterior(candidates[rows], y, candidates[left], length, noise)
        gains = list(expected_improvement(mean, std, float(y.min())))
        row = left.pop(gains.index(max(gains)))
        rows.append(row)
        errors.append(try_row(row))
    return rows, errors


# %% task="a3_t8"
def mutate(layers, rng, widths, most):
    found = []
    for i in range(len(layers)):
        found += [[*layers[:i], w, *layers[i + 1 :]] for w in widths if w != layers[i]]
        if len(layers) > 1:
            found += [layers[:i] + layers[i + 1 :]] * 3
    for i in range(len(layers) + 1):
        if len(layers) < most:
            found += [[*layers[:i], w, *layers[i:]] for w in widths]
    if not found:
        raise ValueError("no change is possible")
    return found[int(rng.integers(len(found)))]


def evolve(population, try_layers, mutate, fresh, children, rng):
    if len(population) == 0:
        raise ValueError("nobody lives")
    alive = []
    for layers in population:
        alive.append([try_layers(layers), layers])
    for _ in range(children):
        alive.sort(key=lambda one: (one[0] != one[0], one[0]))
        if rng.random() < 0.2:
            child = fresh(rng)
        else:
            half = (len(alive) + 1) // 2
            child = mutate(alive[int(rng.integers(half))][1], rng)
        alive.append([try_layers(child), child])
        alive.sort(key=lambda one: (one[0] != one[0], one[0]))
        alive.pop()
    alive.sort(key=lambda one: (one[0] != one[0], one[0]))
    return alive[0][1], alive[0][0]


# %% task="a3_t9"
def shares_of(logits):
    top = max(float(v) for v in logits)
    weights = [math.exp(float(v) - top) for v in logits]
    return [w / sum(weights) for w in weights]


def mix(logits, outputs):
    total = np.zeros(np.shape(outputs)[1:])
    for share, output in zip(shares_of(logits), outputs, strict=False):
        total = total + share * output
    return total


def mix_slopes(logits, outputs, upstream):
    p = shares_of(logits)
    along = [float(np.sum(upstream * output)) for output in outputs]
    slopes = []
    for i in range(len(p)):
        # The matrix of slopes of the shares, one entry after the other.
        slopes.append(sum(along[j] * p[j] * ((i == j) - p[i]) for j in range(len(p))))
    return np.array(slopes)


def policy_slopes(logits, choices, rewards):
    p = shares_of(logits)
    mean = sum(float(r) for r in rewards) / len(rewards)
    slopes = [0.0] * len(p)
    for choice, reward in zip(choices, rewards, strict=False):
        for i in range(len(p)):
            slopes[i] += (float(reward) - mean) * ((i == int(choice)) - p[i]) / len(rewards)
    return np.array(slopes)


def controller_search(options, reward, rounds, batch, lr, rng):
    logits = [0.0] * options
    for _ in range(rounds):
        limits = np.cumsum(shares_of(logits))
        choices = [min(int(np.sum(rng.random() > limits)), options - 1) for _ in range(batch)]
        slopes = policy_slopes(logits, choices, [reward(choice) for choice in choices])
        logits = [a + lr * float(s) for a, s in zip(logits, slopes, strict=False)]
    return np.array(shares_of(logits))


# %% task="a3_t10"
def results_table(trials):
    names = []
    for config, _ in trials:
        names += [name for name in config if name not in names]
    order = sorted(range(len(trials)), key=lambda i: (trials[i][1] != trials[i][1], trials[i][1]))
    columns = {name: [] for name in names}
    for i in order:
        for name in names:
            value = trials[i][0].get(name, float("nan"))
            if isinstance(value, (list, tuple)):
                value = "-".join(str(part) for part in value)
            columns[name].append(value)
    columns["error"] = [float(trials[i][1]) for i in order]
    return pd.DataFrame(columns)


def error_map(table, row, column):
    rows = sorted(set(table[row].tolist()))
    columns = sorted(set(table[column].tolist()))
    lowest = np.full((len(rows), len(columns)), np.nan)
    for r, c, error in zip(table[row], table[column], table["error"], strict=False):
        i, j = rows.index(r), columns.index(c)
        if error == error and not lowest[i, j] <= error:
            lowest[i, j] = error
    return rows, columns, lowest


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    # Halving: a coarse look at rates and shapes, then the best shape again around the best rate.
    tried = []

    def measure(layers, lr, decay=0.0):
        model = train({"layers": layers, "lr": float(lr), "decay": decay}, x_train, t_train)
        error = float(np.sqrt(np.mean((model(x_valid) - t_valid) ** 2)))
        tried.append((error if error == error else float("inf"), len(tried), layers, lr, model))

    plan = [([8, 8], 0.06), ([16], 0.1), ([8, 8, 8], 0.03), ([16, 16], 0.03), ([24, 8], 0.06)]
    for layers, lr in plan[:budget]:
        measure(layers, lr)
    while len(tried) < budget:
        _, _, layers, lr, _ = min(tried[:5])
        measure(layers, lr * 10.0 ** rng.uniform(-0.35, 0.35))
    return min(tried)[4]

# Loops and plain numbers in the place of matrices; the places of a percentile are counted.

# %% task="a6_t1"
def predict(model, rows):
    return np.array([probability(model, [float(one) for one in row]) for row in rows])


def probability(model, row):
    values = [(x - m) / s for x, m, s in zip(row, model["mean"], model["scale"], strict=True)]
    for number, (weights, bias) in enumerate(model["layers"]):
        if number:
            values = [math.tanh(value) for value in values]
        values = [
            sum(value * weights[k, j] for k, value in enumerate(values)) + bias[j]
            for j in range(len(bias))
        ]
    return 1.0 / (1.0 + math.exp(-values[0]))


def save_artifact(path, model):
    numbers = [*model["mean"], *model["scale"]]
    for weights, bias in model["layers"]:
        numbers += [*weights.ravel(), *bias]
    if not all(math.isfinite(number) for number in numbers):
        raise ValueError("not every number is finite")
    with Path(path).open("w") as file:
        json.dump(
            {
                "layers": [
                    {"bias": [float(b) for b in bias], "weights": weights.tolist()}
                    for weights, bias in model["layers"]
                ],
                "mean": [float(m) for m in model["mean"]],
                "scale": [float(s) for s in model["scale"]],
                "features": model["features"],
                "version": model["version"],
                "format": 1,
            },
            file,
            indent=2,
        )


KEYS = {"format", "version", "features", "mean", "scale"}


def load_artifact(path):
    with Path(path).open("rb") as file:
        found = json.loads(file.read().decode(), parse_constant=float)
    if type(found) is not dict or len(set(found) & KEYS) < len(KEYS):
        raise ValueError("keys are missing")
    if found["format"] != 1 or "layers" not in found:
        raise ValueError("this is another format")
    width = len(found["features"])
    arrays = {name: np.array(found[name], dtype=float) for name in ("mean", "scale")}
    layers = []
    for layer in found["layers"]:
        layers.append(tuple(np.array(layer[key], dtype=float) for key in ("weights", "bias")))
    every = [*arrays.values(), *(array for pair in layers for array in pair)]
    if any(not np.isfinite(array).all() for array in every):
        raise ValueError("a number is not finite")
    if [len(arrays["mean"]), len(arrays["scale"]), len(layers[0][0])] != [width] * 3:
        raise ValueError("the lengths do not agree")
    if min(arrays["scale"]) <= 0:
        raise ValueError("a scale is not above zero")
    return {"version": found["version"], "features": found["features"], **arrays, "layers": layers}


# %% task="a6_t2"
def rows_of(body, features, most_rows=100):
    try:
        found = json.loads(str(body, "utf-8"))
    except RecursionError:
        raise Refused(400, "nested too deeply") from None
    except ValueError as problem:
        raise Refused(400, f"no JSON: {problem}") from None
    if type(found) is not dict or type(found.get("rows")) is not list or found["rows"] == []:
        raise Refused(422, "an object with rows is wanted")
    if len(found["rows"]) > most_rows:
        raise Refused(413, "too many rows")
    table = np.empty((len(found["rows"]), len(features)))
    for k, row in enumerate(found["rows"]):
        if type(row) is not dict:
            raise Refused(422, f"row {k} is no object")
        for key in row:
            if key not in features:
                raise Refused(422, f"row {k} has {key}, which is unknown")
        for j, name in enumerate(features):
            value = row.get(name)
            if type(value) is int and abs(value) < 10**300:
                value = float(value)
            if type(value) is not float or value - value != 0:
                raise Refused(422, f"row {k} needs a number for {name}")
            table[k, j] = value
    return table


# %% task="a6_t7"
def percentile(times, q):
    if len(times) == 0 or q <= 0 or q > 100 or any(time != time for time in times):
        raise ValueError("there is no such percentile")
    return float(np.percentile(times, q, method="inverted_cdf"))


def micro_batches(arrivals, most, wait):
    if most < 1 or wait < 0:
        raise ValueError("no such batches")
    result, start = [], 0
    while start < len(arrivals):
        end = arrivals[start] + wait
        stop = start + 1
        while stop < len(arrivals) and stop - start < most and arrivals[stop] <= end:
            stop += 1
        full = stop - start == most
        result.append([float(arrivals[stop - 1] if full else end), tuple(range(start, stop))])
        start = stop
    return result


# %% task="a6_t8"
class Balancer:
    def __init__(self, names):
        self.line = list(names)  # who has waited longest comes first
        self.hand = [0] * len(self.line)
        self.up = [True] * len(self.line)

    def place(self, name):
        return self.line.index(name)  # raises a ValueError by itself

    def pick(self):
        counts = [count for count, up in zip(self.hand, self.up, strict=True) if up]
        if not counts:
            raise RuntimeError("nobody is up")
        k = next(k for k, n in enumerate(self.hand) if self.up[k] and n == min(counts))
        name, count = self.line.pop(k), self.hand.pop(k)
        del self.up[k]
        self.line.append(name)
        self.hand.append(count + 1)
        self.up.append(True)
        return name

    def finished(self, name):
        k = self.place(name)
        if not self.hand[k]:
            raise ValueError("nothing in hand")
        self.hand[k] -= 1

    def failed(self, name):
        self.finished(name)
        self.up[self.place(name)] = False

    def recovered(self, name):
        self.up[self.place(name)] = True

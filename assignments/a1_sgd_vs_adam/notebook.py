# %% [markdown]
# # SGD against Adam
#
# A network can only be as good as the way it walks downhill. In this notebook you build the two
# most-used ways to walk, **stochastic gradient descent with momentum** and **Adam**, with all that
# stands between them, and let them race: from the same start, over the same data, with the same
# number of steps. Then you take them out into hilly country, where the ground is measured badly
# and the art is to stop in time.
#
# At the end you will be able to say from your own picture what Adam does better, what it does
# worse, and when you would leave it in the box.
#
# | task | what you do | level | points | expect |
# |---|---|---|---|---|
# | a1_t1 | cut one vector into matrices without copying a number | core | 8 | 35 min |
# | a1_t2 | cut an epoch into batches, and average slopes | core | 8 | 35 min |
# | a1_t3 | write SGD with momentum and a learning rate that shrinks | core | 10 | 45 min |
# | a1_t4 | average with a memory that fades, and write RMSProp with it | core | 8 | 40 min |
# | a1_t5 | write Adam | core | 12 | 60 min |
# | a1_t6 | let weights decay beside Adam, not through it | stretch | 8 | 40 min |
# | a1_t7 | measure every column with the same yardstick | core | 8 | 30 min |
# | a1_t8 | descend a bowl, and hold a race that is fair | core | 8 | 45 min |
# | a1_t9 | fit hills that nobody has seen, and stop in time | core | 12 | 60 min |
# | a1_t10 | say what you saw in the race, and why | core | 6 | 30 min |
#
# *Core* tasks are for everybody; *stretch* tasks are for those who want more. No task needs the
# answer to another one: where a picture uses an answer that is not there yet, it says so and waits.
# Each coding task ends with a cell `check("...")`. It answers at once, on examples small enough for
# pencil and paper, and you may run it as often as you like. Your points come from other examples
# that you do not see, so a program that only knows the pencil-and-paper numbers earns nothing.
#
# You need Python, NumPy arrays, and the idea that a gradient points uphill. You do not need to
# have seen Adam before.

# %%
import traceback
from functools import partial

import matplotlib.pyplot as plt
import numpy as np

import course
from course import check

x, t = course.noisy_sine()  # 40 inputs and 40 targets, each of shape (40, 1)


def try_out(name, run):
    """Return run(); if it does not work yet, say why and return None."""
    try:
        return run()
    except NotImplementedError as missing:
        print(f"{name} cannot run yet. {missing}")
        print("Finish its task, then run this cell again.")
    except Exception:
        print(f"{name} stopped with an error, after these lines:\n")
        print(traceback.format_exc(limit=-4))


# %% [markdown]
# ## Forty points and one curve
#
# Our data are forty points $(x_i, t_i)$ near a sine wave: $t_i = \sin x_i + \varepsilon_i$, where
# $\varepsilon_i$ is noise with a standard deviation of 0.1. A small network shall find the wave
# again: one input, ten hidden tanh units, one output.
#
# **Before you look:** the network below has random weights and has learnt nothing. How many
# bends do you expect its curve to have?

# %% tags=["explore"]
course.use_style()
network = course.TanhNetwork([1, 10, 1], seed=3)
panels = course.plot_fits({"untrained network": network.predict}, x, t, truth=np.sin)

# %% [markdown]
# Hardly any. Bends are what training has to put there.
#
# The network has $2 \cdot 10 + 11 \cdot 1 = 31$ weights (each unit has a bias besides its
# inputs). They all lie in **one flat vector** $w$ of shape `(31,)`. The loss is the mean squared
# error over the samples it is shown,
#
# $$E(w) = \frac{1}{N} \sum_{i=1}^{N} \bigl(y(x_i; w) - t_i\bigr)^2,$$
#
# with $N$ samples and the network's answer $y(x_i; w)$. `network.gradient(x, t)` returns
# $g = \nabla E(w)$, also of shape `(31,)`: entry $j$ says how fast the loss rises when weight $j$
# grows.
#
# That is all an optimizer ever gets to see: a vector of weights and a vector of slopes. It knows
# of no layers, no tanh and no sine. So yours will work for any network, however large.

# %% [markdown]
# ## One vector, many matrices
#
# The network multiplies with *matrices*, one a layer; an optimizer wants one flat vector. Copying
# from one to the other in every step would be slow, and sooner or later somebody forgets a copy.
# NumPy offers something better: a **view**, an array that owns no numbers but looks at those of
# another one, in a shape of its own. Write into the view, and the other array has changed; write
# into that, and the view shows it.
#
# A layer with $n_{in}$ inputs and $n_{out}$ outputs needs a matrix of shape
# $(n_{in} + 1,\; n_{out})$. Its **first row** holds the biases, because a column of ones is put
# before the inputs:
#
# $$Y = [1, X]\, W$$
#
# | symbol | name in code | meaning | shape |
# |---|---|---|---|
# | $X$, $Y$ | | inputs and outputs of a layer | $(N, n_{in})$, $(N, n_{out})$ |
# | $n_0, \dots, n_L$ | `sizes` | inputs, hidden units by layer, outputs | $L + 1$ numbers |
# | $W_\ell$ | entry $\ell - 1$ of the list | layer $\ell$ | $(n_{\ell-1} + 1,\; n_\ell)$ |
# | $w$ | `flat` | all weights, layer after layer, row after row | `(weights,)` |
#
# **By hand.** `sizes = [1, 2, 1]` needs $2 \cdot 2 + 3 \cdot 1 = 7$ weights. The vector
# $w = (0, 1, 2, 3, 4, 5, 6)$ is cut into
#
# $$W_1 = \begin{pmatrix} 0 & 1 \\ 2 & 3 \end{pmatrix}, \qquad
# W_2 = \begin{pmatrix} 4 \\ 5 \\ 6 \end{pmatrix}$$
#
# The biases of the two hidden units are 0 and 1, that of the output is 4. If somebody now writes 9
# into the bottom left corner of $W_1$, the vector is $(0, 1, 9, 3, 4, 5, 6)$.
#
# **View or copy?** NumPy does not say it aloud, but it has rules. A slice such as `a[2:5]` is a
# view; a list of indices such as `a[[2, 3, 4]]` makes a copy, and so do `flatten`, `np.concatenate`
# and every sum. `reshape` gives a view of a slice like ours. A single entry `a[2]` is a number and
# no array at all. `np.shares_memory(a, b)` tells for certain.
#
# ### Task a1_t1: Packed weights and views (core, 8 points, about 35 minutes)
#
# **First, `layer_views(flat, sizes)`,** 5 points. `flat` is an array of shape `(weights,)` and
# `sizes` a list of at least two whole numbers, all at least 1. Return a list with one matrix for
# each layer, cut from `flat` as above. Each is a view of `flat`. If `flat` has too few entries for
# these sizes, **or too many**, raise a `ValueError`: somebody has mixed up two networks.
#
# **Then the way back, `pack(arrays)`,** 3 points. `arrays` is a list of NumPy arrays of *any*
# shapes, since not every model is made of layers: `(3, 2)`, `(4,)`, `(2, 1, 3)`, a single number of
# shape `()`, or an array without entries such as `(0, 5)`; the list itself may be empty. Return a
# pair `(flat, views)`:
#
# * `flat` is a **new** float64 vector with the entries of all arrays, one array after the other,
#   and in each row after row. An array may hold whole numbers; `flat` holds floats in any case.
# * `views` is a list with one view of `flat` for each array, in its shape.
#
# The arrays that were handed over stay as they are, also when somebody writes into `flat` later.


# %% task="a1_t1" role="answer"
def layer_views(flat, sizes):
    """Return one view of flat a layer, shape (n_in + 1, n_out), bias row first."""
    raise NotImplementedError("a1_t1: cut flat into slices, and give each its shape")


def pack(arrays):
    """Return (flat, views): a new float64 vector of all entries, and a view of it per array."""
    raise NotImplementedError("a1_t1: copy all entries into one vector, and cut it into views")


# %% task="a1_t1" role="check"
check("a1_t1")

# %% [markdown]
# ## Behind the network's back
#
# Below are two networks with the same weights. One of them lends its vector to your `layer_views`,
# and in **your** matrix for the output layer the bias, row 0, is raised by 1. Nobody tells the
# network about it.
#
# **Before you look:** does its curve move? How, exactly?

# %% tags=["explore"]
lent = course.TanhNetwork([1, 10, 1], seed=3)
matrices = try_out("layer_views", lambda: layer_views(lent.weights, lent.sizes))
if matrices:
    matrices[1][0] += 1.0
    course.plot_fits({"as it was": network.predict, "bias raised": lent.predict}, x, t)
    plt.show()

# %% [markdown]
# The whole curve is lifted by 1, without a single weight being copied. That is how `TanhNetwork`
# works inside, and how large networks hand billions of weights to an optimizer.

# %% [markdown]
# ## One step downhill
#
# The plainest thing to do with a slope is to go against it:
#
# $$w \leftarrow w - \eta\, g$$
#
# The *learning rate* $\eta > 0$ (say "eta"; `lr` in code) turns a slope into a step length. The
# minus sign is the whole idea: the gradient points **up**.

# %% [markdown]
# ## All samples, one, or a few
#
# The slope $g$ is a mean over samples. Over **which** samples? There are three classical answers.
#
# * **Batch:** all of them, in every step. The slope is exact; each step is expensive.
# * **Stochastic:** a single one. Each step is cheap, and its slope is far off.
# * **Minibatch:** a few, say ten. It is what nearly everybody does.
#
# A walk through all samples, batch by batch, is one **epoch**. Forty samples in batches of ten make
# four steps an epoch, in batches of twelve $12 + 12 + 12 + 4$, also four: the last batch may be
# *short*, and nobody is left out. Before each epoch the samples are shuffled, or every epoch would
# meet the same batches, and samples that happen to lie side by side would always pull together.
# Inputs and targets are shuffled **together**: a sample that gets another one's target teaches
# nonsense, and no error message will ever tell.
#
# **The mean matters.** Take the simplest model there is, a single layer without tanh,
# $y_i = [1, x_i]\, w$, and its mean squared error over the $N$ samples that it is shown:
#
# $$E(w) = \frac{1}{N} \sum_{i=1}^{N} (y_i - t_i)^2, \qquad
# \nabla E(w) = \frac{2}{N}\, [1, X]^T\, (Y - T)$$
#
# | symbol | name in code | meaning | shape |
# |---|---|---|---|
# | $X$ | `x` | inputs, one row a sample | $(N, n_{in})$ |
# | $[1, X]$ | | the same with a column of ones put **before** | $(N, n_{in} + 1)$ |
# | $w$ | `w` | the weights, bias row first | $(n_{in} + 1, 1)$ |
# | $Y$ | | the answers $[1, X]\,w$ | $(N, 1)$ |
# | $T$ | `t` | the targets | $(N, 1)$ |
# | $\nabla E$ | | slopes | as $w$ |
#
# Because of the $1/N$, a batch of ten and one of forty give slopes of the same size, and one
# learning rate suits both. Without it, larger batches would silently take larger steps.
#
# **By hand.** Bias 1 and weight 2, so $w = (1, 2)^T$. Two samples: $x_1 = 1$ with the target
# $t_1 = 4$, and $x_2 = 3$ with $t_2 = 5$. The answers are 3 and 7, the errors $y_i - t_i$ are $-1$
# and $2$.
#
# | shown | slope of the bias | slope of the weight |
# |---|---|---|
# | the first sample alone | $2 \cdot (-1) = -2$ | $2 \cdot (-1) \cdot 1 = -2$ |
# | the second sample alone | $2 \cdot 2 = 4$ | $2 \cdot 2 \cdot 3 = 12$ |
# | both | $\frac{2}{2}\,(-1 + 2) = 1$ | $\frac{2}{2}\,(-1 \cdot 1 + 2 \cdot 3) = 5$ |
#
# The last line is the mean of the two above. A single sample may even point the wrong way.
#
# ### Task a1_t2: Batches, and the mean slope (core, 8 points, about 35 minutes)
#
# **First, `minibatches(x, t, batch_size, rng)`,** 6 points: a generator (a function with `yield`)
# that goes through **one** epoch. `x` has shape `(N, n_in)` and `t` has shape `(N, n_out)`, with
# any $N$ from 0 on.
#
# * It yields pairs `(x_batch, t_batch)` with shapes `(k, n_in)` and `(k, n_out)`. Each row of `x`
#   comes in exactly one batch, beside its own row of `t`.
# * Each batch has `k = batch_size` rows, but the last one has what is left, which is never nothing.
#   `batch_size` is a whole number from 1 on, and may be larger than $N$.
# * The order of the rows is drawn from `rng`, a generator such as `np.random.default_rng(0)`, anew
#   for each epoch; all orders are equally likely. Two generators with the same seed give the same
#   epochs. NumPy's global random numbers (`np.random.shuffle` and the like) stay out of it.
# * `batch_size=None` stands for one batch with all rows in their own order. It may be `x` and `t`
#   themselves or copies, and whether `rng` is drawn from does not matter then.
# * With $N = 0$ there is no batch at all, whatever the size, `None` included.
# * `x` and `t` stay as they are.
#
# **Then `linear_gradient(w, x, t)`,** 2 points: $\nabla E(w)$ from the formula above, for any
# $N \ge 1$, as a new array of the shape of `w`.


# %% task="a1_t2" role="answer"
def minibatches(x, t, batch_size, rng):
    """Yield the pairs (x_batch, t_batch) of one epoch, in an order drawn from rng."""
    raise NotImplementedError("a1_t2: draw an order, and yield it piece by piece")


def linear_gradient(w, x, t):
    """Return the slopes, shape (n_in + 1, 1), of a linear model's mean squared error."""
    raise NotImplementedError("a1_t2: write linear_gradient")


# %% task="a1_t2" role="check"
check("a1_t2")

# %% [markdown]
# ## How wrong is a slope?
#
# A straight line through our forty points, and its two slopes (of the bias, of the weight): one dot
# for each batch of an epoch, and a cross for the mean over all samples.
#
# **Before you look:** with ten times as many samples in a batch, how much closer do the dots lie to
# the cross: ten times?


# %% tags=["explore"]
def slopes_of_batches(size):
    """Return the two slopes of every batch of ten epochs, shape (batches, 2)."""
    rng, w = np.random.default_rng(0), np.array([[0.0], [0.1]])
    batches = [pair for _ in range(10) for pair in minibatches(x, t, size, rng)]
    return np.array([linear_gradient(w, *pair).ravel() for pair in batches])


clouds = try_out(
    "minibatches", lambda: {size: slopes_of_batches(size) for size in (1, 4, 10, None)}
)
if clouds:
    plt.figure(figsize=(6.4, 4.0), layout="constrained")
    exact = clouds.pop(None)[0]
    for size, dots in clouds.items():
        spread = np.sqrt(np.mean(np.sum((dots - exact) ** 2, axis=1)))
        plt.plot(*dots.T, ".", label=f"batches of {size}: off by {spread:.2f}")
    plt.plot(*exact, "kx", markersize=12, label="all samples")
    plt.xlabel("slope of the bias")
    plt.ylabel("slope of the weight")
    plt.legend()
    plt.show()

# %% [markdown]
# About three times: the error of a mean shrinks roughly with the *root* of the number of samples,
# while the work grows with the number itself. Many cheap, rough steps beat a few expensive, exact
# ones.

# %% [markdown]
# ## Two weaknesses, two remedies
#
# So the slope of a minibatch is cheap and a little wrong. The next one is wrong in another
# direction, and over many steps the errors largely cancel: that is *stochastic* gradient descent,
# **SGD**, and the name has stuck for batches of any size.
#
# It has two weaknesses, and each has a classical remedy.
#
# 1. In a narrow valley the slope points across it far more than along it. Plain descent bounces
#    from wall to wall and creeps forward. Remedy: **momentum**.
# 2. A step length that is right far from the goal is too long close to it, and the noise of the
#    minibatches keeps pushing the weights around. Remedy: **let the learning rate shrink**.
#
# ## Momentum: a ball that remembers
#
# Give the weights a *velocity* $v$, an array of the same shape as $w$. Each step keeps a share
# of the old velocity and adds the new slope:
#
# $$v \leftarrow \mu\, v + g, \qquad w \leftarrow w - \eta\, v$$
#
# | symbol | name in code | meaning | shape |
# |---|---|---|---|
# | $w$ | `w` | the weights | any, here `(31,)` |
# | $g$ | `g` | the slope of the loss at $w$ | as $w$ |
# | $v$ | `v` | the velocity; zero before the first step | as $w$ |
# | $\mu$ | `momentum` | the share of the velocity that is kept, $0 \le \mu < 1$ | a number |
# | $\eta$ | | the learning rate of this step | a number |
#
# Slopes that change sign from step to step (across the valley) cancel in $v$; slopes that agree
# (along it) add up. If the slope were the same $g$ for ever, the velocity would grow to
# $g + \mu g + \mu^2 g + \dots = g / (1 - \mu)$. With $\mu = 0.9$ the ball gets ten times as fast.
#
# **By hand.** One weight, $w = 1$, with $\eta = 0.1$ and $\mu = 0.5$. The slopes are 4, then 2,
# then $-1$.
#
# | step | $g$ | new $v$ | new $w$ | without momentum |
# |---|---|---|---|---|
# | 1 | 4 | $0.5 \cdot 0 + 4 = 4$ | $1 - 0.1 \cdot 4 = 0.6$ | 0.6 |
# | 2 | 2 | $0.5 \cdot 4 + 2 = 4$ | $0.6 - 0.1 \cdot 4 = 0.2$ | 0.4 |
# | 3 | $-1$ | $0.5 \cdot 4 - 1 = 1$ | $0.2 - 0.1 \cdot 1 = 0.1$ | 0.5 |
#
# Look at the third step. The slope has turned round and says "go back", and still the weight
# goes on: the ball rolls through a small dip.
#
# Books and libraries write momentum in several ways that are *not* the same. In words, ours is:
#
# * **No dampening.** The new slope enters the velocity whole, not multiplied by $1 - \mu$.
# * **The learning rate stays outside.** The velocity is made of slopes alone; $\eta$ scales the
#   step, at the moment of the step. It makes a difference as soon as $\eta$ changes.
# * **No looking ahead.** The step uses the velocity as it has just become. (Nesterov's variant
#   adds the slope once more. It is a fine method, but another one.)
#
# ## A learning rate that shrinks
#
# From here on, $t$ counts steps. (Where we spoke of data, the same letter stood for targets.)
# Let it be the number of steps **already taken**, so the first step has $t = 0$, the second
# $t = 1$. With the starting rate $\eta_0$ and a decay $k \ge 0$ per step, two classics are
#
# $$\text{inverse time:}\quad \eta_t = \frac{\eta_0}{1 + k\,t}
# \qquad\qquad \text{exponential:}\quad \eta_t = \eta_0\, e^{-k\,t}$$
#
# For $\eta_0 = 0.1$ and $k = 0.5$:
#
# | $t$ | 0 | 1 | 2 | 3 |
# |---|---|---|---|---|
# | inverse time | 0.1 | 0.0667 | 0.05 | 0.04 |
# | exponential | 0.1 | 0.0607 | 0.0368 | 0.0223 |
#
# Three things are easily missed. The very first step has the full $\eta_0$. The rate falls with
# every **step**, not with every epoch, and $k\,t$ is not rounded. And $\eta_0$ itself never
# changes: each rate is worked out from the *original* one. Whoever overwrites it lets the decay
# decay.
#
# **How a schedule reaches the optimizer.** A *schedule* is any function that takes the original
# rate and the number of steps taken, `schedule(lr, t)`, and returns the rate for this step. The
# two formulas have a third argument, `k`; `partial` from the standard library fills it in:
#
# ```python
# gentle = partial(inverse_time, k=0.01)   # now gentle(lr, t) means inverse_time(lr, t, k=0.01)
# ```
#
# ## The promises of an optimizer
#
# You will write four optimizers: `SGD`, `RMSProp`, `Adam` and `AdamW`. All are used alike: one is
# made with its settings, and then its method `step(w, g)` is called again and again, with weights
# `w` and the slopes `g` there. Besides its own formula, each of the four promises the same.
#
# * **It returns new weights.** `w` and `g` are float64 arrays of one shape. `step` returns a
#   **new** array of that shape. Any shape will do: `(31,)`, `(3, 2)`, `(0,)`, or `()`, a single
#   number; for that one, NumPy's own numbers (`np.float64`, which is what `a - b` gives) are as
#   good as arrays.
# * **It leaves alone what belongs to others.** It changes neither `w` nor `g`, not now and not
#   during a later step, nor what it returned before.
# * **It starts from the `w` it is given.** That need not be the one it returned last.
# * **It begins with an empty memory.** Each task names what its optimizer remembers: one or two
#   arrays and `t`, the number of steps taken. At first the arrays are `None` and `t` is 0, since
#   nobody knows the shape of the weights yet. After the first step the arrays have that shape.
# * **Its memory can be saved.** Somebody who stores *copies* of what it remembers, and later sets
#   them in a new optimizer with the same settings, can go on as if nothing had happened. (Copies:
#   so you may renew the arrays in place, or make new ones in each step, as you like.)
# * **It shares nothing.** Two optimizers know nothing of each other.
#
# Results are compared to about five digits, so it does not matter whether you compute in float64
# or float32.
#
# ### Task a1_t3: SGD with momentum (core, 10 points, about 45 minutes)
#
# Write the two functions `inverse_time` and `exponential`, and a class
# `SGD(lr, momentum=0.0, schedule=None)` that keeps the promises of an optimizer. It remembers the
# velocity `v` and the count `t`. With a schedule it asks `schedule(lr, t)` exactly once a step, `t`
# being the number of steps taken before this one; without a schedule the rate is always `lr`.


# %% task="a1_t3" role="answer"
def inverse_time(lr, t, k):
    """Return the rate lr / (1 + k t) after t steps; all three are numbers."""
    raise NotImplementedError("a1_t3: write inverse_time")


def exponential(lr, t, k):
    """Return the rate lr exp(-k t) after t steps; all three are numbers."""
    raise NotImplementedError("a1_t3: write exponential")


class SGD:
    """Gradient descent with momentum.

    Attributes
    ----------
    v : array or None
        The velocity, shaped like the weights; None before the first step.
    t : int
        How many steps were taken.
    """

    def __init__(self, lr, momentum=0.0, schedule=None):
        raise NotImplementedError("a1_t3: keep the settings, and begin with no memory")

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        raise NotImplementedError("a1_t3: update the velocity, then return the new weights")


# %% task="a1_t3" role="check"
check("a1_t3")

# %% [markdown]
# ## Does the ball roll?
#
# Below, your `SGD` runs twice in a valley that is 25 times as steep across as along, once without
# and once with momentum. Both start in the same place and take the same number of steps.
#
# **Before you look:** both have the same learning rate. Who will be closer to the minimum after
# 60 steps, and who will overshoot it?

# %% tags=["explore"]
course.optimizer_race(
    {"SGD": SGD, "SGD with momentum": SGD},
    start={"SGD": {"lr": 0.02}, "SGD with momentum": {"lr": 0.02, "momentum": 0.9}},
)

# %% [markdown]
# Momentum, on both counts: it rolls 1.2 beyond the minimum and comes back, and after 60 steps it is
# 0.04 away, where plain descent still has 1.2 to go. Now give plain `SGD` a larger learning rate,
# slowly. There is a point, at $2 / 25 = 0.08$, from which on it climbs the walls instead of coming
# to rest. Try the same with momentum: its point lies further up.
#
# **And the schedule?** Momentum with a bold learning rate gets down fast and then is shaken by
# the noise of the minibatches. Three runs on the noisy sine: a constant rate, one that shrinks
# slowly, one that shrinks fast. (To make the trend visible, each point averages 50 steps.)
#
# **Before you look:** which of the three will be the lowest after 3000 steps?

# %% tags=["explore"]
schedules = {
    "constant": None,
    "inverse time, k = 0.002": partial(inverse_time, k=0.002),
    "exponential, k = 0.004": partial(exponential, k=0.004),
}


def train_with(schedule):
    """Train a fresh network: the same start and the same minibatches for every schedule."""
    network = course.TanhNetwork([1, 10, 1], seed=3)
    sgd = SGD(lr=0.05, momentum=0.9, schedule=schedule)
    losses = course.train(network, sgd, x, t, steps=2999, batch_size=10)
    return np.reshape(losses, (60, 50)).mean(axis=1)


runs = try_out("SGD", lambda: {name: train_with(rule) for name, rule in schedules.items()})
if runs:
    axes = course.plot_error_curves(runs, title="SGD, momentum 0.9, starting at lr = 0.05")
    axes.set_xticks(range(0, 61, 10), range(0, 3001, 500))

# %% [markdown]
# The one that shrinks slowly. A schedule is a bargain: without one the noise goes on for ever, and
# the one that shrinks fast has stopped at 0.035, before it arrived. Somebody has to find $k$, and
# $\eta_0$, and $\mu$.
#
# ## One step length for each weight
#
# There is a deeper weakness that neither remedy touches: **one** learning rate serves all 31
# weights.
#
# **Before you look:** here are the slopes of all 31 weights of the untrained network, sorted by
# size. By what factor do you think the largest and the smallest differ: 2, 10, 100?

# %% tags=["explore"]
slopes = np.sort(np.abs(course.TanhNetwork([1, 10, 1], seed=3).gradient(x, t)))
plt.figure(figsize=(6.4, 3.2), layout="constrained")
plt.bar(np.arange(1, 32), slopes)
plt.yscale("log")
plt.xlabel("weight, sorted")
plt.ylabel("size of its slope")
plt.title(f"largest / smallest = {slopes[-1] / slopes[0]:.0f}")
plt.show()

# %% [markdown]
# Nearly eighty. A rate that suits the largest slope lets the weights on the left stand nearly
# still; a rate that suits those makes the weights on the right explode. And this is a network
# with ten units. In a large one the slopes can span many powers of ten.

# %% [markdown]
# ## Averages that forget
#
# To give every weight a step length of its own, we must know how large its slopes usually are. One
# slope will not do: it comes from a minibatch, and the next minibatch tells another story. What we
# want is an *average* of the slopes lately, without storing them all, and without clinging to
# slopes from long ago, when the weights were elsewhere.
#
# An **exponentially weighted average** does it with a single number. With each new value $u_k$ it
# keeps a share $\beta$ of what it knew and takes $1 - \beta$ of the news:
#
# $$a_k = \beta\, a_{k-1} + (1 - \beta)\, u_k, \qquad a_0 = 0$$
#
# | symbol | name in code | meaning | shape |
# |---|---|---|---|
# | $u_k$ | `values[k - 1]` | the values, $k = 1, \dots, n$ | any; all together `(n, ...)` |
# | $a_k$ | row `k - 1` of the result | the average after $k$ values | as $u_k$ |
# | $\beta$ | `beta` | the share that is kept, $0 \le \beta < 1$ | a number |
#
# Written out, $a_k = (1 - \beta)\,(u_k + \beta\, u_{k-1} + \beta^2 u_{k-2} + \dots)$: each value
# fades by the factor $\beta$ a step, and about the last $1 / (1 - \beta)$ values count.
#
# The start at zero is a lie, since nobody has seen a zero. It makes the first averages too small:
# the shares in $a_k$ add up to $1 - \beta^k$ ($\beta$ **to the power** $k$) instead of 1. Dividing
# by that sum gives the **corrected** average
#
# $$\hat a_k = \frac{a_k}{1 - \beta^k}$$
#
# Each row is divided by its own number, and the next average is built on $a_k$, not on
# $\hat a_k$.
#
# **By hand.** The values 4, 2, 6 with $\beta = 0.5$:
#
# | $k$ | $u_k$ | $a_k$ | $1 - \beta^k$ | $\hat a_k$ |
# |---|---|---|---|---|
# | 1 | 4 | $0.5 \cdot 0 + 0.5 \cdot 4 = 2$ | 0.5 | 4 |
# | 2 | 2 | $0.5 \cdot 2 + 0.5 \cdot 2 = 2$ | 0.75 | 2.667 |
# | 3 | 6 | $0.5 \cdot 2 + 0.5 \cdot 6 = 4$ | 0.875 | 4.571 |
#
# After a single value the corrected average is that value. What else could it be?
#
# ## RMSProp: divide by the usual size
#
# **RMSProp** (*root mean square*, propagated) averages the **squares** of the slopes, entry by
# entry, and divides each slope by the root of its average:
#
# $$v \leftarrow \beta\, v + (1 - \beta)\, g^2, \qquad
# w \leftarrow w - \eta\, \frac{g}{\sqrt{v} + \epsilon}$$
#
# | symbol | name in code | meaning | shape |
# |---|---|---|---|
# | $w$, $g$ | `w`, `g` | the weights, and the slopes there | any, both the same |
# | $v$ | `v` | average of the squared slopes; zero before the first step | as $w$ |
# | $\beta$ | `beta` | what the average keeps, usually 0.9 | a number |
# | $\eta$ | `lr` | the learning rate | a number |
# | $\epsilon$ | `eps` | keeps the division tame, usually $10^{-8}$ | a number |
#
# Squares, because slopes of $+3$ and $-3$ would cancel in an average of their own; the root, so
# that the result is a size again and $g$ divided by it has no unit. A weight with steep slopes and
# one with flat slopes now take steps of about the same length.
#
# In words, ours is: **$v$ is renewed first**, so that it contains the newest slope; **$\epsilon$
# is added outside the root**; and **$v$ is not corrected** for its start at zero, as in PyTorch and
# most books. (Whoever corrects it is half-way to Adam, which comes next.)
#
# **By hand.** One weight, $w = 1$, with $\eta = 0.1$, $\beta = 0.75$ and an absurdly large
# $\epsilon = 1$, so that it can be seen. The slopes are 4, then 2.
#
# | step | $g$ | new $v$ | $\sqrt{v} + \epsilon$ | new $w$ |
# |---|---|---|---|---|
# | 1 | 4 | $0.75 \cdot 0 + 0.25 \cdot 16 = 4$ | 3 | $1 - 0.1 \cdot 4/3 = 0.8667$ |
# | 2 | 2 | $0.75 \cdot 4 + 0.25 \cdot 4 = 4$ | 3 | $0.8667 - 0.1 \cdot 2/3 = 0.8$ |
#
# ### Task a1_t4: Exponentially weighted averages and RMSProp (core, 8 points, about 40 minutes)
#
# **First, `ewa(values, beta, correct=False)`,** 4 points. `values` is an array of shape `(n, ...)`:
# `n` values, one a row, each a number or an array; `n` may be 0. Return a new array of the same
# shape whose row `k - 1` is $a_k$, or $\hat a_k$ if `correct` is true. The values may be whole
# numbers; their averages are not. `values` stays as it is.
#
# **Then a class `RMSProp(lr, beta=0.9, eps=1e-8)`,** 4 points. It keeps the promises of an
# optimizer (see above), and remembers the average `v` and the count `t`.


# %% task="a1_t4" role="answer"
def ewa(values, beta, correct=False):
    """Return the exponentially weighted averages of values, shape (n, ...), in the same shape."""
    raise NotImplementedError("a1_t4: average row by row, starting from zero")


class RMSProp:
    """Gradient descent in which each slope is divided by its usual size.

    Attributes
    ----------
    v : array or None
        The average of the squared slopes, shaped like the weights; None before the first step.
    t : int
        How many steps were taken.
    """

    def __init__(self, lr, beta=0.9, eps=1e-8):
        raise NotImplementedError("a1_t4: keep the settings, and begin with no memory")

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        raise NotImplementedError("a1_t4: update the average square, then return new weights")


# %% task="a1_t4" role="check"
check("a1_t4")

# %% [markdown]
# ## How long a memory?
#
# The gray dots are slopes of one weight in 150 minibatches of 5 samples. The weights do not
# move meanwhile, so the true slope, that over all forty samples, is the same all the time: the
# black line. Your `ewa` looks for it in the noise, with three memories.
#
# **Before you look:** which $\beta$ is nearest to the black line after 5 minibatches, and which
# after 150?

# %% tags=["explore"]
still = course.TanhNetwork([1, 10, 1], seed=3)
draws = np.random.default_rng(0)
few = [draws.choice(len(x), size=5, replace=False) for _ in range(150)]
slopes = np.array([still.gradient(x[rows], t[rows])[-1] for rows in few])

figure, panels = plt.subplots(1, 2, figsize=(9.6, 3.6), sharey=True, layout="constrained")
for panel, correct in zip(panels, (False, True), strict=True):
    panel.plot(slopes, ".", color="darkgray", markersize=5)
    panel.axhline(still.gradient(x, t)[-1], color="black", linewidth=1, label="true slope")
    for beta, width in ((0.5, 0.8), (0.9, 1.8), (0.98, 2.8)):
        average = try_out("ewa", partial(ewa, slopes, beta, correct=correct))
        if average is not None:
            panel.plot(average, linewidth=width, label=f"beta = {beta}")
            panel.legend(ncols=2, loc="lower right")
    panel.set_title("corrected" if correct else "not corrected")
    panel.set_xlabel("minibatch")
panels[0].set_ylabel("slope of one weight")
plt.show()

# %% [markdown]
# After 5 minibatches the shortest memory is the nearest. Without the correction, $\beta = 0.98$ has
# hardly left the zero at its start, and is off by 0.30; the correction more than halves that. After
# 150 minibatches the two panels look alike, and now the longest memory is the nearest: off by 0.01,
# where $\beta = 0.5$, which jumps after every minibatch, is off by 0.15. No $\beta$ is best; each
# is a bargain between calm and speed.
#
# And `RMSProp`? Here is how far each of the 31 weights goes in the first ten steps, sorted as in
# the picture of the 31 slopes. Both optimizers start from the same weights.
#
# **Before you look:** what shape will the bars of SGD have, and what shape those of RMSProp?

# %% tags=["explore"]
order = np.argsort(np.abs(still.gradient(x, t)))


def distances(make_optimizer):
    """Return how far each weight goes in ten steps over all samples, relative to the furthest."""
    network, optimizer = course.TanhNetwork([1, 10, 1], seed=3), make_optimizer()
    start = network.weights.copy()
    course.train(network, optimizer, x, t, steps=10)
    away = np.abs(network.weights - start)[order]
    return away / away.max()


plt.figure(figsize=(6.4, 3.2), layout="constrained")
both = {"SGD": lambda: SGD(lr=0.001), "RMSProp": lambda: RMSProp(lr=0.001)}
for side, (name, make) in zip((-0.2, 0.2), both.items(), strict=True):
    lengths = try_out(name, partial(distances, make))
    if lengths is not None:
        plt.bar(np.arange(1, 32) + side, lengths, width=0.4, label=name)
        plt.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2)
plt.yscale("log")
plt.xlabel("weight, sorted by its slope")
plt.ylabel("way gone, relative to the longest")
plt.show()

# %% [markdown]
# SGD's bars nearly repeat the slopes, over two powers of ten. RMSProp's are far more level: all but
# three lie between 0.66 and 1. A weight's step no longer depends on how steep its slope is, only on
# whether the slope is steep *for this weight*. (The three short bars, 13, 14 and 21, belong to
# weights whose slope has changed its sign on the way: they have turned back.)

# %% [markdown]
# ## Adam: direction and size
#
# **Adam** (short for *adaptive moment estimation*) gives each weight a step length of its own. It
# keeps track of two things per weight: which way the slope has pointed lately, and how large it
# has been. Dividing the one by the other gives a number that is near $\pm 1$ when the slopes
# agree, near 0 when they contradict each other, and that does not care how large they are.
#
# ## Two running averages
#
# `RMSProp` has one exponentially weighted average, that of the squares. Adam has two of them, both
# entry by entry:
#
# $$m \leftarrow \beta_1\, m + (1 - \beta_1)\, g
# \qquad\qquad
# v \leftarrow \beta_2\, v + (1 - \beta_2)\, g^2$$
#
# | symbol | name in code | meaning | usual value | shape |
# |---|---|---|---|---|
# | $m$ | `m` | first moment: average slope | starts at zero | as $w$ |
# | $v$ | `v` | second moment: average *squared* slope | starts at zero | as $w$ |
# | $\beta_1$ | `beta1` | memory of the first, $1/(1-\beta_1)$ steps | 0.9: 10 steps | a number |
# | $\beta_2$ | `beta2` | memory of the second | 0.999: 1000 steps | a number |
# | $t$ | `t` | the number of this step, **counted from 1** | | a number |
# | $\eta$ | `lr` | the learning rate | 0.001 | a number |
# | $\epsilon$ | `eps` | keeps the division tame | $10^{-8}$ | a number |
#
# The slope itself is squared, entry by entry. Nothing is subtracted first: $v$ is not the variance
# around the mean, and it is not one number for the whole vector. (This $v$ has nothing to do with
# the velocity above. Everybody calls it so; everybody is sorry.)
#
# ## Bias correction: averages that start at zero
#
# Both averages start at zero, and for a while they remember mostly that zero. RMSProp lives with
# it; Adam corrects both, as `ewa` does with `correct=True`. Suppose the slope
# is always 2, with $\beta_1 = 0.9$:
#
# | step $t$ | 1 | 2 | 3 | ... | 30 |
# |---|---|---|---|---|---|
# | $m$ | 0.2 | 0.38 | 0.542 | ... | 1.915 |
# | $1 - \beta_1^t$ | 0.1 | 0.19 | 0.271 | ... | 0.958 |
# | $\hat m = m / (1 - \beta_1^t)$ | 2 | 2 | 2 | ... | 2 |
#
# So the average falls short by exactly the factor $1 - \beta_1^t$ ($\beta_1$ **to the power** $t$),
# and dividing by it heals that. The same holds for $v$ with its own $\beta_2$:
#
# $$\hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat v = \frac{v}{1 - \beta_2^t}$$
#
# The hats are used for this step and then thrown away. What is *kept* for the next step is the
# uncorrected $m$ and $v$; to correct them twice would be wrong again.
#
# Mind the clock: at the first step the power is 1. With a power of 0 you would divide by
# $1 - 1 = 0$. (The schedule of your `SGD` counted the steps *before* this one. Here this one
# counts too.)
#
# ## Where eps stands
#
# The step itself, again entry by entry:
#
# $$w \leftarrow w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}$$
#
# If a slope has always been zero, so are $\hat m$ and $\hat v$, and $0 / (0 + \epsilon) = 0$: the
# weight rests. Without $\epsilon$ it would become $0/0$, not a number, and stay that for ever.
#
# In words, ours is: **$\epsilon$ is added outside the root, and after the bias correction**. That
# is what PyTorch does and what most textbooks print. Other places are possible, and as long as
# slopes are far larger than $\epsilon$ nobody sees a difference. But let the first slope be tiny,
# $g = 10^{-8}$, as large as $\epsilon$ itself:
#
# | variant | first step, in units of $\eta$ |
# |---|---|
# | outside the root, after the correction (**wanted**) | 0.5 |
# | before the correction, $\sqrt{v} + \epsilon$ (the faster form in the original paper) | 0.031 |
# | inside the root, $\sqrt{\hat v + \epsilon}$ | 0.0001 |
#
# **By hand.** One weight, $w = 1$, with $\eta = 0.1$, $\beta_1 = 0.5$, $\beta_2 = 0.75$, and an
# absurdly large $\epsilon = 1$, so that it can be seen. The slopes are 4, then 2.
#
# | $t$ | $g$ | $m$ | $v$ | $\hat m$ | $\hat v$ | $\sqrt{\hat v} + \epsilon$ | new $w$ |
# |---|---|---|---|---|---|---|---|
# | 1 | 4 | 2 | 4 | $2/0.5 = 4$ | $4/0.25 = 16$ | 5 | $1 - 0.1 \cdot 4/5 = 0.92$ |
# | 2 | 2 | 2 | 4 | $2/0.75 = 2.667$ | $4/0.4375 = 9.143$ | 4.024 | 0.8537 |
#
# **A property worth remembering.** Multiply all slopes by 1000. Then $\hat m$ grows a
# thousandfold, and so does $\sqrt{\hat v}$: the step stays as it was (up to $\epsilon$). Adam's
# learning rate is therefore a *distance*: roughly the furthest a weight moves in one step. In SGD
# it is a factor on the slope. The two numbers cannot be compared.
#
# ### Task a1_t5: Adam (core, 12 points, about 60 minutes)
#
# Write a class `Adam(lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8)` that keeps the promises of an
# optimizer. It remembers the **uncorrected** averages `m` and `v`, and the count `t`: 0 at first, 1
# after the first step. Whoever goes on from a saved memory goes on with the bias correction, too.
# Slopes may be exactly zero, and they may be as small as $10^{-10}$.


# %% task="a1_t5" role="answer"
class Adam:
    """Adam: a step length for each weight, from two running averages of its slopes.

    Attributes
    ----------
    m, v : arrays or None
        The averages of the slopes and of their squares, uncorrected; None before the first step.
    t : int
        How many steps were taken.
    """

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        raise NotImplementedError("a1_t5: keep the settings, and begin with no memory")

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        raise NotImplementedError("a1_t5: update both averages, correct them, return new weights")


# %% task="a1_t5" role="check"
check("a1_t5")

# %% [markdown]
# ## What does the correction buy?
#
# **Before you look:** the slope is 2, step after step, and the learning rate is 0.01. Without the
# bias correction both averages are too small at first. Will the first steps then be too *short*,
# or too *long*?
#
# (To switch the correction off in your class from outside, we let it believe that it has already
# taken a billion steps, all with slope zero.)


# %% tags=["explore"]
def step_lengths(correct):
    """Return how far your Adam goes in each of 400 steps when the slope is always 2."""
    adam = Adam(lr=0.01)
    if not correct:
        adam.m, adam.v, adam.t = np.zeros(1), np.zeros(1), 10**9
    moves = [adam.step(np.zeros(1), np.full(1, 2.0)) for _ in range(400)]
    return np.abs(np.asarray(moves, dtype=float).ravel())


switch = {"corrected": True, "not corrected": False}
lengths = try_out("Adam", lambda: {name: step_lengths(on) for name, on in switch.items()})
if lengths:
    course.plot_error_curves(lengths, ylabel="length of the step")

# %% [markdown]
# Too long, and badly so: $v$ is short by a factor of a thousand at first, and its root, in the
# denominator, by about thirty; $m$ by a factor of ten only. The first steps are the ones you can
# afford least to get wrong.

# %% [markdown]
# ## Weight decay is not a slope
#
# Large weights make wild curves: a tanh unit with a steep slope can bend around a single noisy
# point. Two old remedies pull all weights towards zero, each with a strength $\lambda \ge 0$
# ("lambda").
#
# **L2 regularisation** adds a penalty to the *loss*, half the sum of all squared weights:
#
# $$\tilde E(w) = E(w) + \frac{\lambda}{2} \sum_j w_j^2
# \qquad\text{so its slope is}\qquad \tilde g = g + \lambda\, w$$
#
# (The half is there so that no factor 2 is left in the slope.) The optimizer gets $\tilde g$
# instead of $g$ and knows nothing of it.
#
# **Weight decay** changes the *step*: besides whatever the slopes demand, every weight loses the
# share $\eta\lambda$ of itself. Nothing is added to the slopes.
#
# For plain descent the two are the same thing in other words:
# $w - \eta\,(g + \lambda w) = w - \eta\, g - \eta\lambda\, w$. For years hardly anybody told them
# apart, and libraries called both *weight decay*.
#
# With Adam they are not the same. What is added to the slope is averaged, squared and divided like
# the slope, and Adam's division takes the size out of everything. A weight with steep slopes has a
# large $\sqrt{\hat v}$: its penalty is divided by that and nearly vanishes. A weight with hardly
# any slope is pulled with full force, and even $\lambda$ itself cancels. The penalty is no longer
# what it says it is.
#
# **AdamW** (Loshchilov and Hutter, 2019) therefore keeps the decay out of the averages,
# *decoupled*:
#
# $$w \leftarrow w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon} - \eta\,\lambda\, w$$
#
# Every symbol but $\lambda$ is Adam's; $m$ and $v$ are made of the slopes $g$ alone. In words, ours
# is:
#
# * **$\lambda$ is multiplied by the learning rate.** The decay is a share $\eta\lambda$ a step.
# * **The decay acts on the weights that came in,** $w$ on the right, not on those that Adam's step
#   has already moved.
# * **No half and no factor 2.**
#
# **By hand.** Adam's example again: $\eta = 0.1$, $\beta_1 = 0.5$, $\beta_2 = 0.75$ and
# $\epsilon = 1$, from $w = 1$ with the slopes 4, then 2. The decay is $\lambda = 0.5$.
#
# | $t$ | $g$ | Adam's step | decay $\eta\lambda w$ | new $w$ |
# |---|---|---|---|---|
# | 1 | 4 | 0.08 | $0.1 \cdot 0.5 \cdot 1 = 0.05$ | 0.87 |
# | 2 | 2 | 0.0663 | $0.1 \cdot 0.5 \cdot 0.87 = 0.0435$ | 0.7602 |
#
# And L2 through Adam? The first slope becomes $\tilde g = 4 + 0.5 \cdot 1 = 4.5$, and the step
# $0.1 \cdot 4.5 / 5.5 = 0.0818$. Of a decay of 0.05, a pull of 0.0018 is left.
#
# ### Task a1_t6: AdamW against L2 (stretch, 8 points, about 40 minutes)
#
# **First, `l2_slopes(w, g, strength)`,** 1 point. It returns the slopes of the penalised loss, a
# new array, from weights `w` and slopes `g` of one shape and the number `strength`, which is
# $\lambda$.
#
# **Then a class `AdamW(lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01)`,** 7 points,
# where `weight_decay` is $\lambda$. It keeps the promises of an optimizer and remembers what your
# `Adam` remembers: `m` and `v`, uncorrected, and `t`. Write it whole, or let it grow out of your
# `Adam`: then a mistake there is a mistake here, too, but what the decay does is judged by itself.


# %% task="a1_t6" role="answer"
def l2_slopes(w, g, strength):
    """Return the slopes of the loss plus strength / 2 times the sum of squared weights."""
    raise NotImplementedError("a1_t6: write l2_slopes")


class AdamW:
    """Adam with decoupled weight decay.

    Attributes
    ----------
    m, v : arrays or None
        The averages of the slopes and of their squares, uncorrected; None before the first step.
    t : int
        How many steps were taken.
    """

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        raise NotImplementedError("a1_t6: keep the settings, and begin with no memory")

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        raise NotImplementedError("a1_t6: take Adam's step, and let the weights decay besides")


# %% task="a1_t6" role="check"
check("a1_t6")

# %% [markdown]
# ## Who shrinks?
#
# Three weights begin at 1. Their slopes are pure noise around zero, so the loss has no opinion
# about them, and the decay alone should decide. The noise is of size 10 for the first, 1 for the
# second and 0.01 for the third. The learning rate is 0.001 and $\lambda$ is 1, so a decay that
# works as it says leaves $(1 - 0.001)^{2000} \approx 0.14$ of each after 2000 steps: the gray line.
# (Adam's own steps follow the noise and make the curves jitter.)
#
# **Before you look:** what will L2 through Adam leave of each of the three?

# %% tags=["explore"]
noise = np.random.default_rng(0).normal(size=(2000, 3)) * np.array([10.0, 1.0, 0.01])


def shrink(make_optimizer, strength=0.0):
    """Return three weights after every step; ``strength`` adds L2 to their slopes."""
    optimizer, path = make_optimizer(), [np.ones(3)]
    for g in noise:
        w = path[-1]
        slopes = l2_slopes(w, g, strength) if strength else g
        path.append(np.asarray(optimizer.step(w.copy(), slopes), dtype=float))
    return np.array(path)


ways = {
    "L2 through Adam": lambda: shrink(lambda: Adam(lr=0.001), strength=1.0),
    "AdamW": lambda: shrink(lambda: AdamW(lr=0.001, weight_decay=1.0)),
}
figure, panels = plt.subplots(1, 2, figsize=(9.6, 3.6), sharey=True, layout="constrained")
for panel, (name, way) in zip(panels, ways.items(), strict=True):
    path = try_out(name, way)
    if path is not None:
        lines = panel.plot(path)
        panel.legend(lines, ["noise 10", "noise 1", "noise 0.01"], title="slopes")
    panel.axhline(0.999**2000, color="gray", linewidth=1)
    panel.text(0.0, 0.999**2000 - 0.02, "decay alone", color="dimgray", va="top")
    panel.set_title(name)
    panel.set_xlabel("steps taken")
panels[0].set_ylabel("weight")
plt.show()

# %% [markdown]
# On the left each weight has a decay of its own, decided by a noise that has nothing to do with how
# large a weight should be: the loudest one is hardly touched, and the quietest falls fastest. On
# the right all three meet. This is why today's large language models are trained with AdamW, not
# with Adam and L2.

# %% [markdown]
# ## The same yardstick for every column
#
# So far the data were kind: inputs and targets of the order of 1. Real columns are not. One holds a
# height in metres, the next a share between 0 and 1, a third one a year. A tanh unit that is fed
# 2000 says 1, whatever else comes in, and its slope is zero: it will never learn.
#
# The remedy is to **standardise** each column: subtract its mean and divide by its standard
# deviation.
#
# $$z_{ij} = \frac{x_{ij} - \bar x_j}{s_j}, \qquad
# \bar x_j = \frac{1}{N} \sum_{i=1}^{N} x_{ij}, \qquad
# s_j = \sqrt{\frac{1}{N} \sum_{i=1}^{N} (x_{ij} - \bar x_j)^2}$$
#
# | symbol | name in code | meaning | shape |
# |---|---|---|---|
# | $x_{ij}$ | `x` | training samples, row $i$, column $j$ | $(N, \text{columns})$ |
# | $\bar x_j$ | `mean` | the mean of each column over the training samples | `(columns,)` |
# | $s_j$ | `spread` | its standard deviation, with $1/N$ | `(columns,)` |
# | $z_{ij}$ | | what the network gets to see | as `x` |
#
# **Three things are easily missed.**
#
# *Whose mean?* That of the **training** samples, always. Validation and test samples, and the ones
# that come next year, are measured with the same $\bar x_j$ and $s_j$. Whoever works them out anew
# for every batch of data measures each with another yardstick, and whoever works them out from all
# data together has peeked at the test samples.
#
# *A column that never changes* has $s_j = 0$. It tells nothing, but it must not tear down the rest:
# let its spread be 1, so that it becomes zeros. Do not ask whether `x.std(axis=0) == 0`, though.
# Three times 0.1 have a mean of 0.10000000000000002 in floating point, and a standard deviation of
# $1.4 \cdot 10^{-17}$. Ask whether the largest and the smallest entry are equal. (And do not add a
# small number to $s_j$ either: the lengths of bacteria in kilometres are tiny, and full of news.)
#
# *The way back.* If the targets are standardised, so are the answers of the network. Nobody wants
# to hear that a hill is 1.3 high. Before they are shown, they need to go back into their units:
# $x_{ij} = \bar x_j + s_j\, z_{ij}$.
#
# **By hand.** Two columns with the training rows $(1, 7)$, $(3, 7)$ and $(8, 7)$:
# $\bar x = (4, 7)$. The deviations in the first column are $-3$, $-1$ and $4$, so
# $s_1 = \sqrt{26/3} \approx 2.944$; the second never changes, so $s_2 = 1$. The first row becomes
# $(-1.019, 0)$. A new row $(10, 9)$ becomes $(2.038, 2)$.
#
# ### Task a1_t7: Standardise on training samples only (core, 8 points, about 30 minutes)
#
# **First, a class `Standardizer()`,** 7 points.
#
# * `fit(x)` learns `mean` and `spread` from training samples, shape `(N, columns)`, $N \ge 1$;
#   called again, it forgets what it had learnt before. What it returns does not matter. The spread
#   of a column whose entries are all equal is 1, so `transform` makes it zeros, up to rounding.
# * `transform(x)` returns the rows of `x`, any number of them, standardised with what `fit` has
#   learnt, as a new array of the same shape.
# * `inverse(z)` is the way back: it returns an array of the shape of `z`, in units.
#
# None of them changes the array that it is given, and two standardizers know nothing of each other.
#
# **Then `predict_in_units(model, x, inputs, targets)`,** 1 point. `model` is a function that takes
# standardised inputs and returns standardised answers; `inputs` and `targets` are two fitted
# standardizers. Return the answers for the inputs `x`, both in their units. Call `model` once.


# %% task="a1_t7" role="answer"
class Standardizer:
    """Measures columns in training standard deviations from the training mean.

    Attributes
    ----------
    mean, spread : arrays
        One entry a column, as learnt by fit.
    """

    def fit(self, x):
        """Learn mean and spread of each column of x, shape (N, columns)."""
        raise NotImplementedError("a1_t7: keep the mean and the spread of each column")

    def transform(self, x):
        """Return x, shape (rows, columns), standardised."""
        raise NotImplementedError("a1_t7: use what fit has learnt")

    def inverse(self, z):
        """Return standardised rows z in units again."""
        raise NotImplementedError("a1_t7: undo transform")


def predict_in_units(model, x, inputs, targets):
    """Return what the model answers to inputs x, both in their units."""
    raise NotImplementedError("a1_t7: there, through the model, and back")


# %% task="a1_t7" role="check"
check("a1_t7")

# %% [markdown]
# ## Metres or standard deviations?
#
# The five hills of the last part of this notebook, on a map in metres (2000 m, 8000 m, ...), with
# heights in metres. Twice the same network, Adam and number of steps: once fed as it comes, once
# standardised by you. So that the curves can be compared, both are in units of the variance of the
# heights: 1, the gray line, is what a flat map at the right height gets.
#
# **Before you look:** will the first network be slower, or will it fail?

# %% tags=["explore"]
metres = course.hills().split()
x_m, t_m = 1000.0 * metres.x_train[:300], 100.0 * metres.t_train[:300]


def train_on(inputs, targets, unit):
    """Return errors relative to the variance of the heights, 1500 steps with PyTorch's Adam."""
    losses = course.train(
        course.TanhNetwork([2, 20, 10, 1], seed=0),
        course.StandInAdam(lr=0.02),
        inputs,
        targets,
        steps=1500,
    )
    return np.array(losses) * unit**2 / t_m.var()


def train_standardised():
    """Return the errors of a network that sees standardised columns."""
    scales = Standardizer(), Standardizer()
    scales[0].fit(x_m)
    scales[1].fit(t_m)
    return train_on(scales[0].transform(x_m), scales[1].transform(t_m), t_m.std())


curves = {"in metres": train_on(x_m, t_m, 1.0)}
standardised = try_out("Standardizer", train_standardised)
if standardised is not None:
    curves["standardised"] = standardised
axes = course.plot_error_curves(curves, ylabel="error / variance of the heights")
axes.axhline(1.0, color="gray", linewidth=1, label="a flat map")
axes.legend()
plt.show()

# %% [markdown]
# It looks slower at first, and then it fails: after 1500 steps its curve has gone flat above 0.8,
# hardly better than a flat map. The units of its first layer sit at $-1$ or $1$ for nearly every
# place. There tanh is flat, so hardly a slope gets through to their weights, and no optimizer can
# do anything with no slope; what has fallen is the work of the layers behind. Two lines of
# arithmetic before the training make more difference than the choice between SGD and Adam.

# %% [markdown]
# ## Steep one way, flat the other
#
# Before the big race, a small one, on land so simple that all can be worked out on paper.
#
# **The parabola.** One weight, and the loss $E(w) = \frac{1}{2}\, h\, w^2$ with the *curvature*
# $h > 0$. Its slope is $h\,w$, and a step of plain descent gives
#
# $$w \leftarrow w - \eta\, h\, w = (1 - \eta h)\, w$$
#
# Each step multiplies the weight by the same factor. For $h = 4$:
#
# | $\eta$ | $1 - \eta h$ | what the weight does |
# |---|---|---|
# | 0.1 | 0.6 | shrinks, always on the same side |
# | 0.25 | 0 | arrives in a single step |
# | 0.45 | $-0.8$ | jumps from side to side, and shrinks |
# | 0.5 | $-1$ | jumps from side to side for ever |
# | 0.6 | $-1.4$ | jumps further every time: it **diverges** |
#
# So plain descent comes as near to the minimum as you like if $\eta < 2/h$, and diverges if
# $\eta > 2/h$.
#
# **The bowl.** With $n$ weights the curvature becomes a matrix: $E(w) = \frac{1}{2}\, w^\top H\, w$
# with a symmetric $H$ of shape `(n, n)`, and the slope is $H w$. Turn the coordinates to the
# eigenvectors of $H$, and the bowl is $n$ separate parabolas: along the eigenvector with the
# eigenvalue $\lambda_i$ each step multiplies by $1 - \eta \lambda_i$. All share one $\eta$. None
# may diverge, so
#
# $$\eta < \frac{2}{\lambda_{\max}}$$
#
# with the largest eigenvalue. The *steepest* direction sets the limit; the flattest one, which
# shrinks by $1 - \eta \lambda_{\min}$ a step, pays for it. If $\lambda_{\max} / \lambda_{\min}$ is
# large, the bowl is called **ill-conditioned**. ($\lambda_i$ is the usual letter for eigenvalues.
# It has nothing to do with the strength of a weight decay.)
#
# **By hand.** $H = \begin{pmatrix} 2 & 1 \\ 1 & 2 \end{pmatrix}$ has the eigenvalues 3 and 1, so
# the largest stable rate is $2/3$. With $\eta = 0.5$, from $w = (1, 0)$:
#
# | step | slope $H w$ | new $w$ |
# |---|---|---|
# | start | | $(1, 0)$ |
# | 1 | $(2, 1)$ | $(0, -0.5)$ |
# | 2 | $(-0.5, -1)$ | $(0.25, 0)$ |
#
# ## What makes a race fair
#
# To compare optimizers, everything but the optimizer must be equal. That is easily said, and easily
# missed:
#
# * Everybody has the **same start**. An optimizer may write its new weights into the very array it
#   was given; if all are given the same array, the second begins where the first came to rest.
# * Everybody has the **same budget**, counted in gradients. Gradients are what costs. Whoever asks
#   for one more than the others has been given a present.
# * Everybody begins with an **empty memory**. An optimizer that has run before carries its velocity
#   or its averages into the next race.
# * Everybody's path is recorded **from the start to the last step**, also if it leads to infinity.
#
# ### Task a1_t8: The parabola and the bowl (core, 8 points, about 45 minutes)
#
# **`largest_stable_rate(H)`,** 1 point. From a symmetric array `H` of shape `(n, n)` with
# eigenvalues that are not negative, and at least one that is positive, return the number
# $2 / \lambda_{\max}$.
#
# **`descend(gradient, w0, optimizer, steps)`,** 3 points. `gradient(w)` is a function that returns
# the slope at `w`, an array of the shape of `w`; `optimizer` has a method `step(w, g)` such as
# yours have. Begin at `w0`, a float array of shape `(n,)`, and take `steps` steps. Return an array
# of shape `(steps + 1, n)`: row 0 is `w0`, row $k$ holds the weights after $k$ steps.
#
# **`fair_race(gradient, w0, make_optimizers, steps)`,** 4 points. `make_optimizers` is a dict: name
# -> a function without arguments that makes an optimizer. Return a dict with the same names in the
# same order: name -> the path of that optimizer, as `descend` gives it.
#
# For the last two:
#
# * `gradient` is asked exactly once a step, at the weights where the step begins. It leaves them as
#   they are, and returns an array of its own each time.
# * In each race every function in `make_optimizers` is called exactly once: all before the first
#   step, or each before its own descent, as you like.
# * `step` may write into the two arrays it is given, and may return one of them. Still `w0` stays
#   as it is, and each row stays what it was. (The slope may be spoilt: nobody needs it again.)
# * Nothing stops early: not for weights that hardly move, and not for weights that grow and grow.
#   `steps` may be 0.
#
# If your own optimizers are not finished yet, try yours with PyTorch's: `course.StandInSGD(lr=0.1)`
# and `course.StandInAdam(lr=0.1)` are used just like them.


# %% task="a1_t8" role="answer"
def largest_stable_rate(H):
    """Return 2 / the largest eigenvalue of a symmetric array of shape (n, n)."""
    raise NotImplementedError("a1_t8: write largest_stable_rate")


def descend(gradient, w0, optimizer, steps):
    """Return the weights at the start and after every step, shape (steps + 1, n)."""
    raise NotImplementedError("a1_t8: write descend")


def fair_race(gradient, w0, make_optimizers, steps):
    """Return for each name the path of its optimizer, all from w0, all with as many steps."""
    raise NotImplementedError("a1_t8: write fair_race")


# %% task="a1_t8" role="check"
check("a1_t8")

# %% [markdown]
# ## Exactly there, or nearly there?
#
# Your `fair_race`, twice: over a bowl whose curvatures are 100 and 1 along the two axes, and over
# the same bowl turned by 30 degrees, with the start turned along. Both have the minimum at zero,
# the same eigenvalues, and so the same largest stable rate. Four optimizers take 300 steps each.
# One of them has a rate 2 % beyond the limit.
#
# **Before you look:** three of the four do not care whether the bowl is turned. Who does, and why?
# (Think of what each of them does entry by entry.)

# %% tags=["explore"]
edge = 2.0 / 100.0
field = {
    "SGD, 2 % beyond the limit": lambda: SGD(lr=1.02 * edge),
    "SGD, 2 % below the limit": lambda: SGD(lr=0.98 * edge),
    "SGD with momentum": lambda: SGD(lr=0.5 * edge, momentum=0.8),
    "Adam": lambda: Adam(lr=0.1),
}
turn = np.array([[np.sqrt(0.75), -0.5], [0.5, np.sqrt(0.75)]])
straight, start = np.diag([100.0, 1.0]), np.array([2.0, 1.0])
bowls = {
    "along the axes": (straight, start),
    "turned by 30 degrees": (turn @ straight @ turn.T, turn @ start),
}

figure, panels = plt.subplots(1, 2, figsize=(9.6, 4.2), sharey=True, layout="constrained")
for panel, (name, (H, w0)) in zip(panels, bowls.items(), strict=True):
    paths = try_out("fair_race", partial(fair_race, partial(np.matmul, H), w0, field, 300)) or {}
    for (who, path), dashes in zip(paths.items(), ("-", "--", ":", "-."), strict=False):
        panel.semilogy(np.linalg.norm(path, axis=1), linestyle=dashes, label=who)
    panel.set_title(name)
    panel.set_xlabel("steps taken")
    panel.set_ylim(1e-8, 1e3)
panels[0].set_ylabel("distance from the minimum")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
plt.show()

# %% [markdown]
# Plain descent and momentum see slopes and know no axes: turn the bowl and the start, and their
# paths turn with them. The distances are the same in both panels. Below the limit each step of
# plain descent shrinks the steep direction by 0.96 and the flat one by 0.98, so the line is a
# little bent as long as both count, and straight on this scale when only the flat one is left.
# Beyond the limit the steep direction grows by 1.04 a step, and the line goes up from the very
# first steps.
#
# Adam divides entry by entry. Along the axes it gives each curvature its own step length, and the
# ratio of 100 is simply gone: try 10,000. Turned, each entry is a mixture of steep and flat, the
# steep part rules both averages, and there is little left to divide apart. Whether Adam helps
# depends on whether *your weights* happen to point along the valley.
#
# And noise? A minibatch has a minimum of its own. Below, the minimum of the first bowl jumps by
# about 0.01 with every slope. Plain descent runs twice: with a constant rate, and with the same
# rate that shrinks. (The strong lines average 100 steps; every single step stands pale behind
# them.)
#
# **Before you look:** who will come closer than 0.01 and stay there?


# %% tags=["explore"]
def jumping(seed):
    """Return a slope whose minimum jumps: the same jumps for the same seed."""
    jumps = np.random.default_rng(seed)
    return lambda w: straight @ (w - 0.01 * jumps.normal(size=2))


shrinking = partial(inverse_time, k=0.005)
noisy = {
    "SGD, constant rate": lambda: SGD(lr=0.98 * edge),
    "Adam": lambda: Adam(lr=0.1),
    "SGD, rate shrinks": lambda: SGD(lr=0.98 * edge, schedule=shrinking),
}
paths = {}
for name, make in noisy.items():  # one at a time, so that each meets the same jumps
    alone = partial(fair_race, jumping(0), start, {name: make}, 3000)
    paths |= try_out("fair_race", alone) or {}
if paths:
    away = {name: np.linalg.norm(path, axis=1) for name, path in paths.items()}
    axes = course.plot_error_curves(away, window=100, ylabel="distance from the minimum")
    axes.axhline(0.01, color="gray", linewidth=1, label="jumps of the minimum: 0.01")
    axes.legend(fontsize="small")

# %% [markdown]
# Nobody with a constant rate stays. Plain descent just below the limit is shaken most, since it
# jumps after each new minimum. Adam is the first to arrive, and then rattles: its steps do not
# shrink when the slopes get small; near the minimum they are all noise, and noise divided by its
# own size is a step of full length. Only the one whose rate shrinks calms down: its line ends below
# 0.003, and after some 1600 steps not a single one leads it beyond the gray line any more.

# %% [markdown]
# ## The race: same start, same minibatches, same budget
#
# Now all four compete for the noisy sine. A comparison is worth something only if everything else
# is equal, so each contestant gets
#
# * a fresh network with the **same** 31 starting weights,
# * the **same** minibatches of 10 samples in the same order,
# * the **same** budget of 2000 steps.
#
# **Before you look, write down a guess:** who is lowest after 200 steps? Who at the end? Whose
# curve is the calmest? (What you see then is yours to tell, in the last task. The strong lines
# average 50 steps; every single step stands pale behind them. The gray line at $0.1^2 = 0.01$ is
# the noise itself: a curve that dives far below it has begun to learn the noise by heart.)

# %% tags=["explore"]
contestants = {
    "SGD": lambda: SGD(lr=0.03),
    "SGD with momentum": lambda: SGD(lr=0.03, momentum=0.9),
    "RMSProp": lambda: RMSProp(lr=0.01),
    "Adam": lambda: Adam(lr=0.01),
}


def compete(make_optimizer, steps=2000):
    """Train a fresh network; everything but the optimizer is the same for everybody."""
    network = course.TanhNetwork([1, 10, 1], seed=3)
    losses = course.train(network, make_optimizer(), x, t, steps, batch_size=10, seed=1)
    return network, losses


race = {name: try_out(name, partial(compete, make)) for name, make in contestants.items()}
race = {name: result for name, result in race.items() if result is not None}
if race:
    errors = {name: losses for name, (_, losses) in race.items()}
    axes = course.plot_error_curves(errors, window=50)
    axes.axhline(0.01, color="gray", linewidth=1, label="the noise: 0.01")
    axes.set_ylim(0.009, 0.6)
    axes.legend(loc="upper right")

# %% [markdown]
# A number can hide what a picture shows. What has each of them made of the forty points?
#
# **Before you look:** one of the strong lines above is calm, and yet never comes below 0.05. Which
# part of the sine do you think its network is missing? (Remember the untrained one.)

# %% tags=["explore"]
if race:
    course.plot_fits({name: net.predict for name, (net, _) in race.items()}, x, t, truth=np.sin)

# %% [markdown]
# The calm one found the first bend and is still looking for the second. And whether momentum or
# RMSProp look good or bad here is partly luck: their curves jump so much that the picture depends
# on the step at which we happened to stop. The *last* weights of a run need not be its best; below
# you will do something about that.
#
# And how does a network of ten units make a sine? A single tanh is one soft step. Here is what each
# of the ten hidden units of the network that Adam trained answers, over the same $x$.

# %% tags=["explore"]
winner = race["Adam"][0] if "Adam" in race else course.TanhNetwork([1, 10, 1], seed=3)
course.plot_hidden_units(winner.hidden, x)
plt.show()

# %% [markdown]
# In our run, the units 1 to 7 cross zero, the middle of their step, inside the picture, number 3 so
# gently that it is nearly a straight line. Of the other three, 0, 8 and 9, only the second half of
# the step is seen. The output layer adds the ten lines, each with a weight of its own, and the sum
# is the curve above.
#
# ## Is one race fair?
#
# The learning rates were *our* choice, and a learning rate means something else for each
# rule. Perhaps we simply chose badly for one of them. So let each run with five rates, for half
# as long, and see what error remains, averaged over the last 100 of 1000 steps.
#
# **Before you look:** who forgives a badly chosen rate the most? (This cell takes a few seconds. A
# line that stops has diverged.)

# %% tags=["explore"]
rates = np.geomspace(0.001, 0.3, 5)
makers = {
    "SGD": lambda lr: SGD(lr=lr),
    "SGD with momentum": lambda lr: SGD(lr=lr, momentum=0.9),
    "RMSProp": lambda lr: RMSProp(lr=lr),
    "Adam": lambda lr: Adam(lr=lr),
}


def remaining_errors(make_optimizer):
    """Return for each rate the mean error over the last 100 steps."""
    runs = [compete(partial(make_optimizer, lr), steps=1000)[1] for lr in rates]
    return [np.mean(losses[-100:]) for losses in runs]


plt.figure(figsize=(6.4, 4.0), layout="constrained")
for (name, make), marker in zip(makers.items(), "os^D", strict=True):
    errors = try_out(name, partial(remaining_errors, make))
    if errors is not None:
        plt.loglog(rates, errors, marker=marker, label=name)
        plt.legend()
levels = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
plt.minorticks_off()
plt.xticks(rates, [f"{rate:.2g}" for rate in rates])
plt.yticks(levels, [f"{level:g}" for level in levels])
plt.xlabel("learning rate")
plt.ylabel("mean squared error that remains")
plt.show()

# %% [markdown]
# Adam, in our run: it is the lowest at each of the five rates, and at the largest one, 0.3, where
# both of SGD's diverge and RMSProp's error is above 2, it still ends at 0.12. But it does not
# forgive everything, either: its best rate is ten times as good as its worst. Plain SGD has no
# valley at all here: the larger its rate, the better, until it diverges.
#
# ## Turn the dials yourself
#
# Your two classes on a surface with only two weights, where the whole path can be seen. Each slider
# runs your code again. (Your Adam has no argument for the box *bias correction*. Without the tick
# it is made to believe that it has already taken a billion steps, as in the picture of step
# lengths.)
#
# Things to try:
#
# * Give both 300 steps on the quadratic. Who gets closer to the minimum, and whose loss falls
#   more evenly? What does a lower learning rate change for Adam?
# * Switch Adam's bias correction off and watch the first three steps.
# * Raise `eps` to 1. Which other optimizer does Adam then resemble close to the minimum, where
#   the slopes are small? Why?
# * Change the surface to the curved valley. Do your favourite settings survive the move?

# %% tags=["explore"]
course.optimizer_race(
    {"SGD": SGD, "Adam": Adam},
    start={"SGD": {"lr": 0.03, "momentum": 0.8}, "Adam": {"lr": 0.2}},
)

# %% [markdown]
# ## Five hills
#
# Time for real land. You have met it above, in metres; here is its story. A surveyor has measured
# the height of a plane of 10 by 10 kilometres at 1600 places, and wants a map that knows the height
# everywhere. So there are two inputs, kilometres east and kilometres north, and one target, the
# height in units of 100 m.
#
# No straight line helps here: the tops of the hills are 4 or 5 units high, so places far from each
# other share a height, and only both coordinates together tell them apart.
#
# The 1600 samples are dealt into five folds at random. Three folds (960 samples) are to **train**
# with, one (320) is to **validate** with, that is, to choose by, and one (320) stays shut until all
# choices are made: the **test** samples.
#
# **Before you look:** each kind of sample is scattered over the whole plane. What would go wrong
# if the validation samples were simply the south-western corner?

# %% tags=["explore"]
land = course.hills().split()
course.plot_surface(course.hills().height, land, title="The land, and the 1600 samples")
plt.show()

# %% [markdown]
# A corner would tell how good the map is in that corner. Validation samples must resemble those
# that the map will be used for.
#
# ## When to stop
#
# 960 samples with little noise are a luxury. Here is the same land for a poor surveyor: 150
# samples to train with and 100 to validate with, and each height is wrong by one unit (100 m) or
# so. The network has two hidden layers of 20 and 10 units, 281 weights. Two errors are recorded
# while it trains: on the samples it is trained with, and on those that it never sees.
#
# **Before you look:** the first curve falls nearly all the time, but for small spikes. Will the
# second fall as long as the first?

# %% tags=["explore"]
crude = course.hills(noise=1.0, seed=4).split()
# By hand: places come to lie between -1.7 and 1.7, and heights are halved. So the network's squared
# errors are a quarter of those in (100 m)², and four times as much is drawn.
x_few, t_few = (crude.x_train[:150] - 5.0) / 3.0, crude.t_train[:150] / 2.0
x_watch, t_watch = (crude.x_valid[:100] - 5.0) / 3.0, crude.t_valid[:100] / 2.0

network = course.TanhNetwork([2, 20, 10, 1], seed=0)
adam = course.StandInAdam(lr=0.02)  # PyTorch's, so that this picture does not need yours
errors = {"training samples": [], "validation samples": []}
for _ in range(1000):
    errors["training samples"].append(4.0 * network.loss(x_few, t_few))
    errors["validation samples"].append(4.0 * network.loss(x_watch, t_watch))
    network.weights = adam.step(network.weights, network.gradient(x_few, t_few))

best = np.argmin(errors["validation samples"])
axes = course.plot_error_curves(errors, ylabel="mean squared error (100 m)²")
axes.axvline(best, color="gray", linewidth=1, label="lowest validation error")
axes.legend()
axes.set_title(f"lowest validation error after {best} steps")
plt.show()

# %% [markdown]
# It falls together with the first, and then turns round: the network has found the hills and goes
# on to learn the noise of 150 samples by heart. Nobody who looks at the training error alone would
# notice.
#
# The remedy is as simple as it is old. **Early stopping** watches the validation error, keeps a
# copy of the weights that did best there, and gives up when there was nothing better for a while.
# The *patience* says how long: the training ends when the last `patience` errors in a row were no
# better than the best one before them.
#
# **By hand.** Patience 2, and the errors come as 5, 3, 4, 3.
#
# | error | lower than the best so far? | errors in a row without improvement | kept | stop? |
# |---|---|---|---|---|
# | 5 | yes, there is none yet | 0 | these weights | no |
# | 3 | yes | 0 | these weights | no |
# | 4 | no | 1 | still those of the first 3 | no |
# | 3 | no, it is only as low | 2 | still those of the first 3 | **yes** |
#
# Three things are easily missed. *Equal* is not better, or a curve that has gone flat would never
# be stopped. An error that is not a number (`nan`, after a training that exploded) is never
# better, not even when it comes first. And what is kept must be a **copy**: an optimizer may write
# its next weights into the same array, and then the best weights would silently become the last.
#
# ### Task a1_t9: Fit the hills, and stop in time (core, 12 points, about 60 minutes)
#
# **First, `EarlyStopping(patience)`,** 5 points. `patience` is a whole number, at least 1.
#
# * It begins with `best_error` infinite (`np.inf`) and `best_weights` as `None`.
# * `update(error, w)` takes note of an error (a number) and the weights `w` that have it (an array
#   of any shape). It returns `True` as soon as the last `patience` errors in a row were no
#   improvement, and `False` until then. Nobody asks again after a `True`.
# * An error is an improvement if it is lower than `best_error`; so an error that is infinite or not
#   a number never is one, not even the first. After an improvement `best_error` is this error and
#   `best_weights` a copy of `w`. `w` itself is not changed.
#
# **Then, `fit_hills(x_train, t_train, x_valid, t_valid)`,** 7 points. It learns a landscape from
# samples and returns a *function*: `predict(places)` takes an array of shape `(n, 2)`, with any
# `n` from 1 on, and returns the heights there, shape `(n, 1)`. The four arrays stay as they are.
#
# This one is **open**: how you do it is up to you, and it is judged by its result on land that
# neither you nor your function has seen. There are other hills in other places, more or fewer
# samples, and one of the landscapes is a plateau 3000 m above the sea, measured in metres on a map
# that begins far from zero. The judge takes the root mean squared error at 400 new places, against
# the true heights there, without noise. In four of the five rows below it is divided by a standard
# deviation:
#
# * that of the **true heights** at these places: then 0 is perfect, and 1 is what a map gets that
#   shows their mean everywhere;
# * or, where the samples are bad, that of the **noise**: then 1 is what a single measurement gets.
#
# | landscape | samples to train, validate | noise (in units) | divided by | wanted | points |
# |---|---|---|---|---|---|
# | five hills | 480, 160 | 0.3 | heights | below 0.5 | 1 |
# | five hills, three landscapes | 480, 160 | 0.3 | heights | below 0.3 on average | 2 |
# | three broad hills, three landscapes | 300, 150 | 1.5 | noise | below 0.55 on average | 2 |
# | five hills, in metres | 480, 160 | 0.3 (30 m) | heights | below 0.5 | 1 |
# | one hill: shapes, and nothing changed | 60, 30 | 0.1 | | | 1 |
#
# A tanh network, your `Standardizer`, Adam and `EarlyStopping` are enough. All of NumPy, PyTorch
# and `course` may be used: the `TanhNetwork` with its `loss`, `gradient`, `predict` and `weights`,
# `train`, and `StandInAdam`, which is PyTorch's Adam for those whose own is not finished yet.
# Ready-made learners (scikit-learn, SciPy's interpolation) are refused.
#
# There is no prize for speed, but do not train for ever. About a second of computing for a
# landscape is enough; a call that computes for 20 seconds is ended. What is counted is the work of
# the processor, in a single thread, and not the time that passes; on a busy machine, or where
# NumPy's threads get into each other's way, your own clock may show far more.


# %% task="a1_t9" role="answer"
class EarlyStopping:
    """Watches a validation error, says when to stop, and keeps the best weights.

    Attributes
    ----------
    best_error : float
        The lowest error so far; infinite before the first.
    best_weights : array or None
        A copy of the weights that came with it.
    """

    def __init__(self, patience):
        raise NotImplementedError("a1_t9: keep the patience, and begin with no best weights")

    def update(self, error, w):
        """Take note of an error and the weights that have it; return True to stop."""
        raise NotImplementedError("a1_t9: compare with the best error, keep, count, answer")


def fit_hills(x_train, t_train, x_valid, t_valid):
    """Return a function that takes places, shape (n, 2), and returns heights, shape (n, 1)."""
    raise NotImplementedError("a1_t9: train, stop in time, return a function of places")


# %% task="a1_t9" role="check"
check("a1_t9")

# %% [markdown]
# ## A judge of your own
#
# The check has seen one hill without noise. Here are two landscapes that resemble those of the
# judge; no mark depends on them. The first is the south-western corner of the land, 6 by 6
# kilometres with bad samples (noise 1.5), the second all of it in metres. The black strokes stand
# at the limits of the table for such land.
#
# If your first bar is too long, your fit has learnt the noise: look at when it stops, and at which
# weights it keeps. If it is the second one, look at the numbers that the network gets to see.
#
# **Before you look:** which bar will come nearer to its stroke: the one of the bad samples, or the
# one of the metres?


# %% tags=["explore"]
def judged(side, noise, train, valid, on_map, as_height):
    """Return the error of your fit at 400 new places, and the spread of the heights there."""
    draws, end = np.random.default_rng(8), train + valid
    places = draws.uniform(0.0, side, size=(end + 400, 2))
    heights = course.hills().height(places)
    samples = as_height(heights + noise * draws.normal(size=heights.shape))
    x, true = on_map(places), as_height(heights[end:])
    predict = fit_hills(x[:train], samples[:train], x[train:end], samples[train:end])
    return np.sqrt(np.mean((predict(x[end:]) - true) ** 2)), true.std()


def judge():
    """Return what the judge would say about the two landscapes."""
    bad, _ = judged(6.0, 1.5, 300, 150, lambda x: x, lambda h: h)
    metres, spread = judged(
        10.0, 0.3, 480, 160, lambda x: 1000.0 * x + 300_000.0, lambda h: 100.0 * h + 1000.0
    )
    return {"bad samples, by their noise": bad / 1.5, "metres, by the heights": metres / spread}


results = try_out("fit_hills", judge)
if results:
    plt.figure(figsize=(6.4, 2.0), layout="constrained")
    plt.barh([f"{name}: {error:.2f}" for name, error in results.items()], results.values())
    plt.plot([0.55, 0.5], [0, 1], "k|", markersize=50, markeredgewidth=2)
    plt.xlabel("error / standard deviation (wanted: below the stroke)")
    plt.gca().invert_yaxis()
    plt.show()

# %% [markdown]
# The one of the bad samples, with a fit that works; ours ends at 0.36 there, and at 0.16 for the
# metres. Units can be undone completely, noise cannot: it can only be averaged away, as far as
# there are neighbours to average over. And yet 0.36 means that the map is nearly three times as
# good as the measurements it was made of.

# %% [markdown]
# ## Your map
#
# The land, and what your `fit_hills` makes of it: once with all 960 training samples, and once as
# the poor surveyor, with 150 bad ones. The number above each map is its error on the validation
# samples, root mean squared, in units of 100 m. Noise alone gives 0.1.
#
# **Before you look:** where will the poor surveyor's map go wrong: only along the border, where the
# samples end, or among the hills as well?


# %% tags=["explore"]
def poor_map():
    """Return the map from the first 150 samples with noise 1."""
    few = slice(150), slice(100)
    samples = crude.x_train[few[0]], crude.t_train[few[0]], crude.x_valid[few[1]]
    return fit_hills(*samples, crude.t_valid[few[1]])


maps = {
    "960 samples": partial(fit_hills, land.x_train, land.t_train, land.x_valid, land.t_valid),
    "150 bad samples": poor_map,
}
maps = {name: try_out("fit_hills", make) for name, make in maps.items()}
maps = {name: predict for name, predict in maps.items() if predict is not None}
course.plot_surfaces({"the land itself": course.hills().height, **maps}, land)
plt.show()

# %% [markdown]
# Look at the border first: beyond the last sample nothing holds the surface, and it goes on in
# whatever direction it had. But it goes wrong among the hills as well. Where 150 bad samples are
# all there is, each gap between them is a border of its own, and the largest mistake of our map
# lies near the middle of the land. Our errors are 0.13 with 960 samples, not much more than the
# noise alone, and 0.75 with the 150.
#
# Now the test samples, once: your map of 960 samples on all three kinds.
#
# **Before you look:** the training samples chose the weights, the validation samples chose when to
# stop, the test samples chose nothing. In which order do you expect the three errors?

# %% tags=["explore"]
if "960 samples" in maps:
    plt.figure(figsize=(6.4, 2.4), layout="constrained")
    kinds = {"training": "train", "validation": "valid", "test": "test"}
    for kind, part in kinds.items():
        heights = maps["960 samples"](getattr(land, f"x_{part}"))
        error = np.sqrt(np.mean((heights - getattr(land, f"t_{part}")) ** 2))
        plt.barh(f"{kind}: {error:.3f}", error)
    plt.axvline(0.1, color="gray", linewidth=1)
    plt.text(0.1, -0.6, "the noise: 0.1", color="dimgray", ha="center", va="bottom")
    plt.xlabel("root mean squared error (100 m)")
    plt.gca().invert_yaxis()
    plt.show()

# %% [markdown]
# Training, validation, test: that is the order of kindness, and of our three bars (0.119, 0.129,
# 0.136). They lie close together, for 960 samples are too many to be learnt by heart.
#
# A number that you have chosen by is a little too kind on average. Here the choice was small (one
# stopping point), and so is the kindness: with other noise, chance can turn it round. Only the test
# samples had no part in any choice.
#
# ## Inside the network
#
# What do the hidden units have to do with hills? Each draws one soft step across the plane; the
# layers above add and bend these steps. Below are the 20 units of the first layer of the network
# that learnt the poor surveyor's land by heart.
#
# **Before you look:** the network has five hills to build. Will there be a unit for each?

# %% tags=["explore"]
course.plot_hidden_units(lambda places: network.hidden((places - 5.0) / 3.0), crude.x_train)
plt.show()

# %% [markdown]
# No. A step has no top; a hill is what is left where several steps from different sides overlap.
# With 281 weights you could still follow by hand how one place gets its height. With a billion you
# could not, and that is all that "black box" means.

# %% [markdown]
# ## Questions people ask
#
# **How does an optimizer tell a local minimum from the global one?** It does not. It sees one slope
# at one place. Momentum and Adam's long steps can carry the weights through a shallow dip by luck,
# not by insight; a tiny step never leaves one.
#
# **The error on other data was lowest in the middle of the run. Why did Adam not stop there?**
# It could not know: an optimizer is shown the slope of the training error only. Stopping is the
# business of the loop around it, and that is what your `EarlyStopping` is for.
#
# **My validation error is *lower* than my training error. Is that a bug?** Not by itself. They are
# errors on different samples, and one set may happen to be easier. It is a reason to look twice at
# how the samples were dealt, and no reason for joy.
#
# **Is Adam's learning rate constant or not?** `lr` is, unless somebody gives it a schedule. The
# *step* is not: it shrinks where the slopes disagree. But it does not shrink just because the
# slopes get small, and that is why Adam may rattle around a minimum where SGD comes to rest.
#
# **When is $\hat v$ ever zero, so that $\epsilon$ is needed?** When a weight has never had a slope:
# an input that was zero in all samples so far (a word that did not occur), or a unit that is cut
# off from the output. Such weights are common in large networks.
#
# **What does it cost?** Memory: SGD with momentum and RMSProp remember one number for each weight,
# Adam two. With a billion weights that is gigabytes.
#
# **So why does anybody still use SGD?** It has fewer dials, its steps are easy to foresee, and with
# a rate that shrinks it comes to rest. Whoever begins with it also notices sooner that the data
# are badly scaled.
#
# ### Task a1_t10: What did you see, and why? (core, 6 points, about 30 minutes)
#
# A person reads this one. Write in your own words, about 150 to 300; half a page that explains is
# better than two that describe. Answer all four:
#
# 1. **What did you see?** Name two differences between the error curves of *your* race (not of a
#    textbook's), each with numbers or step counts read off your plot.
# 2. **Why?** Explain each of the two from the update rules: which symbol in which formula is
#    responsible?
# 3. **What made the comparison fair,** and in what respect was it still unfair? Refer to the plot
#    of remaining errors.
# 4. **When would you not use Adam?** Give one situation, and the reason.
#
# *How it is marked:* observations with evidence, 1 point; explanations that follow from the
# formulas, 3 points; fairness, 1 point; the case against Adam with its reason, 1 point. A
# surprising result, honestly reported and explained, earns as much as the expected one.

# %% [markdown] task="a1_t10" role="written"
# *Your answer: replace this line.*

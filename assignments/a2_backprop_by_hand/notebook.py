# %% [markdown]
# # Backpropagation by hand
#
# A network with a million weights is asked a million questions in every step: *if you grew a
# little, would the loss rise or fall, and how fast?* Backpropagation answers all of them for the
# price of about two forward passes. There is one idea in it, the chain rule, and a discipline:
# compute each local slope once, and hand it back in the right order.
#
# In this notebook you write all of it, from a chain of four functions to an automatic
# differentiator that walks any graph. You also write the judge that tells right gradients from
# wrong ones. After that no framework is magic any more.
#
# | task | what you do | level | points | expect |
# |---|---|---|---|---|
# | a2_t1 | take a chain of functions apart, link by link | core | 6 | 25 min |
# | a2_t2 | send slopes back through a layer | core | 8 | 30 min |
# | a2_t3 | write activations, and a loss that cannot overflow | core | 8 | 40 min |
# | a2_t4 | turn logits into probabilities, and errors into slopes | core | 8 | 40 min |
# | a2_t5 | put layers together, as many as you like | core | 12 | 60 min |
# | a2_t6 | judge gradients without knowing the formula | core | 8 | 40 min |
# | a2_t7 | hold weights back, and drop units | core | 10 | 50 min |
# | a2_t8 | normalise a batch, and differentiate through it | stretch | 8 | 60 min |
# | a2_t9 | let a program find the slopes | core | 12 | 70 min |
# | a2_t10 | start a network so that it can learn | core | 6 | 30 min |
# | a2_t11 | find a V and a river | core | 10 | 60 min |
# | a2_t12 | find lines with a convolution, and remember with a cell | stretch | 12 | 90 min |
# | a2_t13 | say what you saw, and why | core | 6 | 30 min |
#
# *Core* tasks are for everybody; *stretch* tasks are for those who want more. No task needs the
# answer to another one: where a picture uses an answer that is not there yet, it says so and
# waits, and where a task builds on single layers, `course` offers stand-ins. Each coding task
# ends with a cell `check("...")`, which answers at once on examples that you can do by hand. Your
# points come from other examples that you do not see. Automatic differentiation (PyTorch's
# autograd and the like) and ready-made layers are refused while your points are counted: being it
# is the task.
#
# You need Python, NumPy arrays, and the derivatives of $\sin$, $\cos$, $\exp$ and $x^2$.

# %%
import operator
import time
from functools import partial, reduce
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import course
from course import check


def try_out(name, run):
    """Return run(), or say why it cannot run yet and return None."""
    try:
        return run()
    except Exception as problem:
        reason = str(problem) or type(problem).__name__
        print(f"{name} cannot run yet. {reason}")
        print("Finish its task, then run this cell again.")


# %% [markdown]
# ## One chain, four links
#
# What is the slope of
#
# $$y = \cos\left(e^{-\sin^2 x}\right)\,?$$
#
# Hardly anybody sees it at once, and nobody has to. Cut the function where one operation ends and
# the next begins, and give each result a name:
#
# $$u = \sin x, \qquad v = u^2, \qquad w = e^{-v}, \qquad y = \cos w$$
#
# Each step alone is child's play. The chain rule says that the slope of the whole is the
# **product of the links**,
#
# $$\frac{dy}{dx} = \frac{dy}{dw} \cdot \frac{dw}{dv} \cdot \frac{dv}{du} \cdot \frac{du}{dx},$$
#
# for a simple reason: if $u$ moves three times as fast as $x$, and $v$ twice as fast as $u$, then
# $v$ moves six times as fast as $x$. Each link is taken **where that step begins**: $dv/du = 2u$
# needs $u$, not $x$. So one first walks forward and writes down $u$, $v$ and $w$, and only then
# collects slopes.
#
# **By hand.** At $x = \pi/2$: $u = 1$, $v = 1$, $w = e^{-1} \approx 0.368$. The links are
# $du/dx = \cos(\pi/2) = 0$, $dv/du = 2$, $dw/dv = -0.368$ and
# $dy/dw = -\sin(0.368) \approx -0.360$. The product is 0: the sine has its top here, and nothing
# behind it can move.
#
# ### Task a2_t1: The chain, link by link (core, 6 points, about 25 minutes)
#
# `x` is a number or a NumPy array of any shape (it may be empty), in radians; it stays as it is.
#
# * `chain_links(x)`, 3 points, returns a list of the four local slopes in this order: $du/dx$,
#   $dv/du$, $dw/dv$, $dy/dw$, each of the shape of `x`.
# * `chain_slope(x)`, 3 points with the shapes, returns $dy/dx$, in the shape of `x`.


# %% task="a2_t1" role="answer"
def chain_links(x):
    """Return the four local slopes [du/dx, dv/du, dw/dv, dy/dw], each of the shape of x."""
    raise NotImplementedError("a2_t1: walk forward, then write down the slope of each step")


def chain_slope(x):
    """Return dy/dx of y = cos(exp(-sin(x)**2)), in the shape of x."""
    raise NotImplementedError("a2_t1: join the links of the chain")


# %% task="a2_t1" role="check"
check("a2_t1")

# %% [markdown]
# ## Walk the chain
#
# The panel carries a value forward in four steps, and its slope back in four more. The numbers at
# the orange arrows come from **your** `chain_links`. Things to try:
#
# * Set the step to 8. The dashed line is the tangent with your slope: does it touch the curve?
# * Move x to 0 and to 1.55. Which link makes the whole slope vanish? Is it the same one?
# * Where is the slope steepest? What do all four links have in common there?

# %% tags=["explore"]
course.chain_stepper(chain_links, x=0.8)

# %% [markdown]
# **Why backwards?** The product could be multiplied from either end. But a network has a million
# inputs to this game (its weights) and *one* output (the loss). Starting at the loss, each
# partial product is shared by everything that lies before it; starting at the weights, one would
# have to begin a million times.

# %% [markdown]
# ## A layer is a link
#
# In a network the links are matrices. An **affine layer** takes $N$ samples with $n_{in}$ numbers
# each and answers with $n_{out}$ numbers each:
#
# $$Y = X W + b$$
#
# | symbol | name in code | meaning | shape |
# |---|---|---|---|
# | $X$ | `x` | inputs, one row a sample | $(N, n_{in})$ |
# | $W$ | `w` | weights | $(n_{in}, n_{out})$ |
# | $b$ | `b` | biases, added to each row | $(n_{out},)$ |
# | $G = \partial E/\partial Y$ | `upstream` | slopes of the loss $E$ | $(N, n_{out})$ |
#
# Somebody behind this layer has already worked out $G$. The layer's business is to turn it into
# the slopes of all it was given:
#
# $$\frac{\partial E}{\partial X} = G\,W^T, \qquad \frac{\partial E}{\partial W} = X^T G, \qquad
# \frac{\partial E}{\partial b} = \sum_{i=1}^{N} G_i$$
#
# Nobody needs to learn these by heart. A slope has the shape of what it belongs to, and there is
# only one way to multiply the matrices at hand into that shape. The bias is added to **every**
# row, so it collects the slopes of every row: whatever is copied on the way forward is summed on
# the way back. The layer does not divide by $N$; if the loss is a mean, $G$ knows it already.
#
# **By hand.** One sample $x = (1, 2)$, weights $W = (3, 4)^T$, bias 5: the answer is
# $3 + 8 + 5 = 16$. If the loss rises twice as fast as this answer, $G = (2)$, then the slopes are
# $2 \cdot (3, 4) = (6, 8)$ for $x$, $2 \cdot (1, 2)^T = (2, 4)^T$ for $W$, and 2 for $b$.
#
# ### Task a2_t2: An affine layer, forward and backward (core, 8 points, about 30 minutes)
#
# * `affine(x, w, b)`, 1 point, returns $Y$.
# * `affine_backward(upstream, x, w)`, 7 points, returns a tuple of the three slopes: of `x`, of
#   `w` and of `b`, each in the shape of what it belongs to.
#
# $N$ may be 1, and even 0: then the slopes of `w` and `b` are zeros. No argument is changed.


# %% task="a2_t2" role="answer"
def affine(x, w, b):
    """Return x w + b, shape (N, n_out)."""
    raise NotImplementedError("a2_t2: multiply, and add the biases")


def affine_backward(upstream, x, w):
    """Return the slopes of x, w and b, each in the shape of what it belongs to."""
    raise NotImplementedError("a2_t2: send the upstream slopes back to x, w and b")


# %% task="a2_t2" role="check"
check("a2_t2")

# %% [markdown]
# ## Loops or matrices?
#
# The same slopes of $W$ could be added up in three loops, over samples, inputs and outputs. Both
# give the same numbers.
#
# **Before you look:** how many times faster will NumPy's matrix product be for 256 samples:
# twice, ten times, a thousand times? Does the factor depend on the width of the layer?


# %% tags=["explore"]
def slopes_in_loops(upstream, x):
    """Return the slopes of w, number by number."""
    slopes = [[0.0] * upstream.shape[1] for _ in range(x.shape[1])]
    for g, inputs in zip(upstream.tolist(), x.tolist(), strict=True):
        for row, value in zip(slopes, inputs, strict=True):
            for k, slope in enumerate(g):
                row[k] += value * slope
    return np.array(slopes)


def seconds(run, times):
    """Return the least time that one call takes."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return min(taken)


rng = np.random.default_rng(0)
widths, spent = [2, 4, 8, 16, 32, 64], {"three loops": [], "matrix product": []}
for width in widths:
    x, upstream = rng.normal(size=(2, 256, width))
    assert np.allclose(slopes_in_loops(upstream, x), x.T @ upstream)
    spent["three loops"].append(seconds(lambda x=x, g=upstream: slopes_in_loops(g, x), 3))
    spent["matrix product"].append(seconds(lambda x=x, g=upstream: x.T @ g, 20))
course.use_style()
plt.figure(figsize=(6.4, 3.6), layout="constrained")
for (name, times), marker in zip(spent.items(), "os", strict=True):
    plt.loglog(widths, times, marker=marker, label=name)
plt.xticks(widths, widths)
plt.minorticks_off()
plt.xlabel("width of the layer")
plt.ylabel("seconds for the slopes of w")
plt.legend()
plt.show()

# %% [markdown]
# The loops count every product: four times the work for twice the width. The matrix product does
# the same work, but in compiled code that keeps the processor's arithmetic units busy; at small
# widths it mostly waits to be called. The gap widens until thousands. That is why all formulas
# here speak of matrices.

# %% [markdown]
# ## Bend, but do not break
#
# Layers without a bend between them are one layer. Three common bends, each with its derivative
# told **by its own value** $a$, so that nothing needs to be computed twice:
#
# | name | value | derivative, from $a$ |
# |---|---|---|
# | sigmoid | $a = \sigma(z) = 1 / (1 + e^{-z})$ | $a\,(1 - a)$ |
# | tanh | $a = \tanh z$ | $1 - a^2$ |
# | ReLU | $a = \max(z, 0)$ | 1 if $a > 0$, else 0 |
#
# (ReLU has a kink at 0; here its slope there is 0, as in most libraries.)
#
# **By hand.** $\sigma(0) = 0.5$, and the slope there is $0.5 \cdot 0.5 = 0.25$, the steepest it
# gets. At $z = 10$, $a \approx 0.99995$ and the slope is 0.00005: the unit is *saturated*, and
# hardly any slope comes through.
#
# A sigmoid usually ends in the **log loss**. With a target $t$ between 0 and 1 and
# $p = \sigma(z)$,
#
# $$E = \frac{1}{M} \sum_{j=1}^{M} \bigl[-t_j \ln p_j - (1 - t_j) \ln(1 - p_j)\bigr]$$
#
# over all $M$ entries. Written down like this it breaks: for $z = 40$ a computer rounds $p$ to
# exactly 1, and $\ln(1 - p)$ is $-\infty$. A popular repair is to clip $p$ to between $10^{-7}$
# and $1 - 10^{-7}$. It changes **honest** values: a network that is sure and wrong, $z = -1000$
# with $t = 1$, deserves a loss of 1000, and clipping tells it 16, whatever it does. The cure is
# to do the algebra first. With $1 - \sigma(z) = \sigma(-z)$ and $-\ln\sigma(z) = \ln(1 + e^{-z})$
# the loss of one entry becomes
#
# $$\ln(1 + e^{z}) - t\,z$$
#
# and `np.logaddexp(0, z)` computes $\ln(e^0 + e^z)$ for any $z$ without overflow.
#
# ### Task a2_t3: Activations and a loss that cannot overflow (core, 8 points, about 40 minutes)
#
# All arguments are NumPy arrays of any shape, and none is changed.
#
# * `sigmoid(z)` and `relu(z)` return the values, entry by entry. They are finite for every finite
#   `z`, however large.
# * `sigmoid_slope(a)`, `tanh_slope(a)` and `relu_slope(a)` return the derivatives **where the
#   activation has the value** `a`. All slopes are floats.
# * `log_loss(z, t)`, 4 points, returns the mean above over all entries, a number. `z` holds
#   logits, `t` targets from 0 to 1 in the same shape (fractions too). It is exact for every `z`,
#   also at $\pm 1000$; nothing is clipped.


# %% task="a2_t3" role="answer"
def sigmoid(z):
    """Return 1 / (1 + exp(-z)), entry by entry."""
    raise NotImplementedError("a2_t3: write sigmoid")


def relu(z):
    """Return the larger of z and 0, entry by entry."""
    raise NotImplementedError("a2_t3: write relu")


def sigmoid_slope(a):
    """Return the sigmoid's derivative where its value is a."""
    raise NotImplementedError("a2_t3: write sigmoid_slope")


def tanh_slope(a):
    """Return the derivative of tanh where its value is a."""
    raise NotImplementedError("a2_t3: write tanh_slope")


def relu_slope(a):
    """Return the derivative of relu where its value is a; 0 at the kink."""
    raise NotImplementedError("a2_t3: write relu_slope")


def log_loss(z, t):
    """Return the mean log loss of the logits z for targets t, a number."""
    raise NotImplementedError("a2_t3: write log_loss, from the logits")


# %% task="a2_t3" role="check"
check("a2_t3")

# %% [markdown]
# ## How much slope comes through?
#
# Your three slopes against $z$; and the share that is left after ten layers of them, if each
# passes on its slope at that $z$.
#
# **Before you look:** the sigmoid's slope is at most 1/4. What is left of a slope after ten
# sigmoids, at best?

# %% tags=["explore"]
z = np.linspace(-5.0, 5.0, 201)
with_values = {
    "sigmoid": lambda: sigmoid_slope(sigmoid(z)),
    "tanh": lambda: tanh_slope(np.tanh(z)),
    "relu": lambda: relu_slope(relu(z)),
}
figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
for (name, slope), dashes in zip(with_values.items(), ("-", "--", ":"), strict=True):
    slopes = try_out(name, slope)
    if slopes is not None:
        left.plot(z, slopes, dashes, label=name)
        right.semilogy(z, np.maximum(slopes, 1e-3) ** 10, dashes, label=name)
        left.legend()
left.set(xlabel="z", ylabel="slope of one")
right.set(xlabel="z", ylabel="slope of ten in a row", ylim=(1e-16, 3.0))
plt.show()

# %% [markdown]
# A millionth, at best: $4^{-10}$. That is the *vanishing gradient*. Tanh passes on everything,
# but only near 0; ReLU everything or nothing.

# %% [markdown]
# ## From scores to probabilities
#
# With $K$ classes the last layer gives each sample $K$ **logits**, scores of any size.
# **Softmax** makes them probabilities, and the **cross-entropy** is the mean surprise at the
# right class:
#
# $$p_{ik} = \frac{e^{z_{ik}}}{\sum_{j} e^{z_{ij}}}, \qquad
# E = -\frac{1}{N} \sum_{i=1}^{N} \ln p_{i\,t_i}$$
#
# | symbol | name in code | meaning | shape |
# |---|---|---|---|
# | $z$ | `z` | logits, one row a sample | $(N, K)$ |
# | $t$ | `labels` | the right classes, whole numbers 0 to $K - 1$ | $(N,)$ |
# | $p$ | | probabilities; each row adds up to 1 | $(N, K)$ |
#
# Its slope is the most pleasant formula of the whole field. All exponentials cancel, and what is
# left is *what you said minus what is true*:
#
# $$\frac{\partial E}{\partial z_{ik}} = \frac{1}{N}\,(p_{ik} - [k = t_i])$$
#
# where $[k = t_i]$ is 1 for the right class and 0 for all others.
#
# **Overflow again.** $e^{1000}$ is infinite for a computer. But adding the same number to all
# logits of a row changes no probability (try it: it cancels). So take off each row's largest
# logit first; then the largest exponential is $e^0 = 1$. And never take the logarithm of a $p$
# that may have been rounded to 0: use $-\ln p_{it} = \ln \sum_j e^{z_{ij}} - z_{it}$.
#
# **By hand.** $z = (0, \ln 3)$, so $p = (1/4, 3/4)$. If the label is 0, the loss is
# $\ln 4 \approx 1.386$ and the slopes are $(1/4 - 1,\ 3/4) = (-3/4,\ 3/4)$.
#
# ### Task a2_t4: Softmax and cross-entropy (core, 8 points, about 40 minutes)
#
# * `softmax(z)` returns $p$.
# * `cross_entropy(z, labels)` returns $E$, a number. It takes **logits**, not probabilities.
# * `cross_entropy_slope(z, labels)` returns the slopes with respect to `z`, shape $(N, K)$.
#
# All work for logits of $\pm 10^5$ too, for one sample and for a single class, and clip nothing.
# A label below 0 or above $K - 1$ is no class: then the latter two raise a `ValueError`. (NumPy
# alone would take $-1$ for the last column, without a word.) No argument is changed.


# %% task="a2_t4" role="answer"
def softmax(z):
    """Return the probabilities of each row of logits, shape (N, K)."""
    raise NotImplementedError("a2_t4: write softmax, row by row, safe from overflow")


def cross_entropy(z, labels):
    """Return the mean cross-entropy of the logits z, shape (N, K), for labels, shape (N,)."""
    raise NotImplementedError("a2_t4: write cross_entropy, from the logits")


def cross_entropy_slope(z, labels):
    """Return the slopes of the mean cross-entropy with respect to z, shape (N, K)."""
    raise NotImplementedError("a2_t4: write cross_entropy_slope")


# %% task="a2_t4" role="check"
check("a2_t4")

# %% [markdown]
# ## All the way down
#
# Now the links are joined. A network of $L$ affine layers has an activation after each layer
# **but the last**, whose answers must be free to take any value:
#
# $$a_0 = x, \qquad a_\ell = f(a_{\ell-1} W_\ell + b_\ell) \quad (\ell < L), \qquad
# y = a_{L-1} W_L + b_L$$
#
# The forward pass keeps every $a_\ell$. The backward pass starts with the slopes of the loss with
# respect to $y$ and goes from the last layer to the first. At each layer it
#
# 1. finds the slopes of $W_\ell$ and $b_\ell$, and of the layer's input $a_{\ell-1}$ (task
#    a2_t2),
# 2. multiplies those of $a_{\ell-1}$ by the derivative of the activation there (task a2_t3).
#
# Two losses:
#
# * `"mse"`: the mean of $(y - t)^2$ over **all entries**, $t$ of the shape of $y$, $(N, n_L)$.
#   Its slopes are $2\,(y - t)$ divided by the number of entries.
# * `"cross_entropy"`: $y$ are logits and $t$ labels of shape $(N,)$, as in task a2_t4. A network
#   may be sure and wrong here too: the loss is right for logits of any size.
#
# **By hand.** Two layers with one unit each, $w_1 = 2$, $w_2 = 3$, no biases, ReLU, one sample
# $x = 1$ with target 5. Forward: $a_1 = \max(2, 0) = 2$, $y = 6$, $E = 1$. Backward:
# $\partial E/\partial y = 2 \cdot (6 - 5) = 2$; for $w_2$: $2 \cdot 2 = 4$; for $a_1$:
# $2 \cdot 3 = 6$, times ReLU's 1; for $w_1$: $6 \cdot 1 = 6$. The biases get 2 (second layer) and
# 6 (first).
#
# **A trap.** It is tempting to update each layer on the way, as soon as its slopes are known. But
# the layers before it need the **old** $W_\ell$: their slopes are those of the network that
# answered, not of one that never did.
#
# ### Task a2_t5: A network of any depth (core, 12 points, about 60 minutes)
#
# `layers` is a list of at least one pair `(w, b)`, `activation` is `"tanh"` or `"relu"`, `loss`
# is `"mse"` or `"cross_entropy"`.
#
# * `forward(layers, x, activation="tanh")`, 2 points, returns the list
#   $[x, a_1, \dots, a_{L-1}, y]$.
# * `loss_and_slopes(layers, x, t, activation="tanh", loss="mse")`, 7 points with the shapes,
#   returns `(value, slopes)`: the loss, and a list of pairs `(dw, db)`, one a layer, the first
#   layer first.
# * `descend(layers, x, t, lr, activation="tanh", loss="mse")`, 2 points, returns **new** layers
#   after one step, $W \leftarrow W - \eta\,\partial E/\partial W$ and likewise for $b$. The old
#   ones stay.
#
# No argument is changed, 1 point. Use your own functions from above, or stand-ins that hand the
# work to PyTorch: `course.stand_in_affine_backward(upstream, x, w)`,
# `course.stand_in_activation_backward(upstream, a, activation)`, which includes the
# multiplication by `upstream`, and `course.stand_in_cross_entropy(z, labels)`, which returns
# `(loss, slopes)`.


# %% task="a2_t5" role="answer"
def forward(layers, x, activation="tanh"):
    """Return [x, a_1, ..., a_(L-1), y]: what goes into each layer, and what the last one says."""
    raise NotImplementedError("a2_t5: walk forward, and keep what each layer is given")


def loss_and_slopes(layers, x, t, activation="tanh", loss="mse"):
    """Return (loss, [(dw, db), ...]), with one pair of slopes a layer."""
    raise NotImplementedError("a2_t5: walk back from the loss to the first layer")


def descend(layers, x, t, lr, activation="tanh", loss="mse"):
    """Return new layers after one step of gradient descent; the old ones stay as they are."""
    raise NotImplementedError("a2_t5: take a step with all slopes of the old layers")


# %% task="a2_t5" role="check"
check("a2_t5")

# %% [markdown]
# ## It learns
#
# Your `descend` on a V: 240 points inside or outside, two hidden layers of 8 tanh units, 1500
# steps.
#
# **Before you look:** which border will the network draw after one step, and which corner of the
# V will it learn last?


# %% tags=["explore"]
def some_layers(sizes, seed=0):
    """Return random layers, scaled so that tanh is not saturated."""
    rng = np.random.default_rng(seed)
    return [
        (rng.normal(0.0, np.sqrt(2.0 / (n_in + n_out)), (n_in, n_out)), np.zeros(n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def train_layers(layers, points, steps, lr=0.3, activation="tanh"):
    """Return the layers after these many steps of gradient descent."""
    for _ in range(steps):
        layers = descend(
            layers, points.x_train, points.labels_train, lr, activation, "cross_entropy"
        )
    return layers


def classifier(layers, activation="tanh"):
    """Return a function that gives points their most probable class."""
    return lambda places: forward(layers, places, activation)[-1].argmax(axis=1)


vee = course.v_shape()


def snapshots():
    """Return the classifiers after 1, 100, 400 and 1500 steps."""
    layers, steps, kept = some_layers([2, 8, 8, 2]), 0, {}
    for goal in (1, 100, 400, 1500):
        layers, steps = train_layers(layers, vee, goal - steps), goal
        kept[f"after {goal}"] = classifier(layers)
    return kept


kept = try_out("descend", snapshots)
if kept:
    course.plot_borders(kept, vee)
    plt.show()

# %% [markdown]
# A straight line first, then a bend: a network learns what is smooth before what is sharp. The
# numbers above are accuracies on test points.

# %% [markdown]
# ## Who judges the judge?
#
# A wrong gradient does not crash. The loss still falls, only slower, and nobody notices for
# weeks. So one compares with slopes that come from the function alone. Move one weight a little
# to **both** sides:
#
# $$\frac{\partial f}{\partial w_j} \approx \frac{f(w + h\,e_j) - f(w - h\,e_j)}{2h}$$
#
# $e_j$ is 1 at place $j$ and 0 elsewhere. To one side only, the error shrinks like $h$; to both
# sides like $h^2$, because the curvature cancels.
#
# **How close is close?** An error of $10^{-6}$ is tiny if the gradient is 1000 long, and a
# disaster if it is $10^{-7}$ long. So the error is told in units of the gradient itself:
#
# $$\text{relative error} = \frac{\lVert g - n \rVert}{\max(\lVert g \rVert, \lVert n \rVert)}$$
#
# $g$ is the gradient that somebody wrote, $n$ the numeric one, and $\lVert\cdot\rVert$ the
# Euclidean length over all entries. If both are all zero, the relative error is 0.
#
# **By hand.** $f(w) = w^3$ at $w = 1$ with $h = 0.1$: $(1.331 - 0.729) / 0.2 = 3.01$. The truth
# is 3; one side alone gives 3.31. The relative error of $g = 3$ against $n = 3.01$ is
# $0.01/3.01 \approx 0.0033$.
#
# ### Task a2_t6: A judge for gradients (core, 8 points, about 40 minutes)
#
# `f` takes an array of the shape of `w` and returns a number; `w` may have any shape, also `()`
# or without entries, and may hold whole numbers (moving those by $10^{-5}$ takes floats).
#
# * `numeric_gradient(f, w, h=1e-5)`, 5 points, returns the central differences, floats in the
#   shape of `w`. Only one entry is moved at a time, and `w` is the same afterwards, to the last
#   digit. (Adding `h` and taking it off again is not the same to the last digit.)
# * `relative_error(g, n)`, 1 point, returns the number above, for two arrays of one shape.
# * `gradient_is_right(f, gradient, w, h=1e-5, tolerance=1e-5)`, 2 points, returns `True` or
#   `False`: whether the relative error between `gradient(w)` and the central differences is below
#   the tolerance. A gradient of another shape than `w` is wrong, and so is one that contains
#   `nan`.


# %% task="a2_t6" role="answer"
def numeric_gradient(f, w, h=1e-5):
    """Return the central differences of f at w, in the shape of w."""
    raise NotImplementedError("a2_t6: move one entry at a time, to both sides")


def relative_error(g, n):
    """Return |g - n| / max(|g|, |n|), with |.| the Euclidean length; 0 if both are all zero."""
    raise NotImplementedError("a2_t6: write relative_error")


def gradient_is_right(f, gradient, w, h=1e-5, tolerance=1e-5):
    """Return whether gradient(w) agrees with the central differences of f at w."""
    raise NotImplementedError("a2_t6: compare shapes and values, and answer True or False")


# %% task="a2_t6" role="check"
check("a2_t6")

# %% [markdown]
# ## The best h
#
# Your `numeric_gradient` at work, for every $h$ from $10^{-13}$ to 1; the slider asks it once
# more. Things to try:
#
# * **Before you move it:** smaller must be better. Or must it? Find the best $h$.
# * On the right the curve is as steep as the dashed line $h^2$. What would it look like with
#   differences to one side?
# * On the left it is ragged and rises towards small $h$. Who is responsible?

# %% tags=["explore"]
course.checker_scope(numeric_gradient)

# %% [markdown]
# Two errors meet. The formula is off by about $h^2$ (it ignores the third derivative), and $f$
# itself is rounded to 16 digits: $10^{-16}$ divided by $2h$. You will be asked about this at the
# end.

# %% [markdown]
# ## Hold the weights back
#
# A network that can learn noise by heart will. The remedies have one thing in common: they make
# it harder for the network to say something complicated. Two of them add a **penalty** to the
# loss,
#
# $$R = \lambda_1 \sum_{\ell} \sum |W_\ell| + \lambda_2 \sum_{\ell} \sum W_\ell^2$$
#
# over all weights of all layers, but **not the biases**: a bias moves a curve up and down; it
# does not make it wild. The factor is $\lambda_2$ itself; some books write $\lambda_2/2$ to make
# the slope prettier. Here it stays as it is, so the slopes are
#
# $$\frac{\partial R}{\partial W_\ell}
# = \lambda_1 \operatorname{sign}(W_\ell) + 2\,\lambda_2 W_\ell,
# \qquad \frac{\partial R}{\partial b_\ell} = 0$$
#
# with $\operatorname{sign}(0) = 0$. The same idea has three faces:
#
# * **a penalty:** large weights cost something;
# * **a budget:** minimise the loss alone, but stay within $\lVert W \rVert \le r$. For each
#   $\lambda_2$ there is an $r$ that gives the same weights. A step that leaves the ball is taken
#   back to the nearest point of its edge, which is $W \cdot r / \lVert W \rVert$;
# * **a prior belief:** whoever believes that weights are normally distributed around 0 before
#   seeing data, and asks for the most probable weights afterwards, minimises exactly the loss
#   with L2. A Laplace distribution, peaked at 0, gives L1, and that is why L1 sets weights to
#   exactly zero. Names for the same things: *ridge* is L2, *lasso* is L1.
#
# **Dropout** is of another kind. In each training pass every entry of a layer's output is set to
# zero with probability `rate`, as if that unit had not come to work today. The others are
# multiplied by $1/(1 - \text{rate})$, so that the sum that the next layer sees stays the same on
# average. That makes it *inverted* dropout: when predicting, nothing is dropped and nothing needs
# to be scaled. In the backward pass a slope passes exactly where the value passed, scaled by the
# same factor, by the **same mask**.
#
# **By hand.** One layer with $W = (1, -2)^T$ and bias 10, $\lambda_1 = 0.5$, $\lambda_2 = 0.1$:
# $R = 0.5 \cdot 3 + 0.1 \cdot 5 = 2$, the slopes of $W$ are
# $(0.5 + 0.2,\ -0.5 - 0.4) = (0.7, -0.9)$, and that of the bias is 0. A budget of $r = 1$ for
# $W = (3, 4)$, of length 5, gives $(0.6, 0.8)$. Dropout with rate 0.5 makes $(1, 2, 3)$ into,
# say, $(2, 0, 6)$.
#
# ### Task a2_t7: Penalties, a budget and dropout (core, 10 points, about 50 minutes)
#
# * `penalty(layers, l1=0.0, l2=0.0)`, 1 point, and `penalty_slopes(layers, l1=0.0, l2=0.0)`, 2
#   points, for `layers` as before. The slopes are a list of pairs `(dw, db)`.
# * `within_budget(w, radius)`, 1 point, returns a **new** array: the weights nearest to `w` of
#   Euclidean length (over all entries) at most `radius`. Weights within the budget keep their
#   values.
# * `Dropout(rate, rng)`, 6 points. `rng` is a generator such as `np.random.default_rng(0)`, and
#   all randomness comes from it; a `rate` below 0, or 1 and more, is refused with a `ValueError`.
#   `forward(x, training=True)` returns `x` with each *entry* dropped by itself, and a new mask
#   for each pass in training; with `training=False` it returns the values of `x`.
#   `backward(upstream)` belongs to the last `forward`, whichever it was, and may be asked more
#   than once. `x` has any shape; neither it nor `upstream` is changed.


# %% task="a2_t7" role="answer"
def penalty(layers, l1=0.0, l2=0.0):
    """Return l1 times the sum of |w| plus l2 times the sum of w**2, over all weights."""
    raise NotImplementedError("a2_t7: write penalty")


def penalty_slopes(layers, l1=0.0, l2=0.0):
    """Return [(dw, db), ...]: the slopes of the penalty."""
    raise NotImplementedError("a2_t7: write penalty_slopes")


def within_budget(w, radius):
    """Return the weights nearest to w whose Euclidean length is at most radius."""
    raise NotImplementedError("a2_t7: shorten w if it is too long")


class Dropout:
    """Drops entries at random while training, and lets all through afterwards."""

    def __init__(self, rate, rng):
        raise NotImplementedError("a2_t7: look at the rate, and keep it with rng")

    def forward(self, x, training=True):
        """Return x with entries dropped and the others scaled up; x itself if not training."""
        raise NotImplementedError("a2_t7: draw a mask, keep it, and use it")

    def backward(self, upstream):
        """Return the slopes of the x that the last forward was given."""
        raise NotImplementedError("a2_t7: let slopes through where values went through")


# %% task="a2_t7" role="check"
check("a2_t7")

# %% [markdown]
# ## Seven ways to calm a network
#
# Sixty points of a V with a very blurred border, and a network far too large for them (one layer
# of 100 units): the best case for learning noise by heart. Beside your L2, your budget and your
# dropout there are ways that need no formula: *small batches* (a noisy slope settles only in wide
# valleys), *augmentation* (each point is shown with a little jitter), *ensembles* (five networks
# vote) and *early stopping*. Each is trained by Adam for the same number of steps; each bar is an
# average over four data sets.
#
# **Before you look:** which of them will help most? Which will hardly be seen? (The cell takes a
# few seconds. The bars show the accuracy on test points.)


# %% tags=["explore"]
def calm(points, seed, way="nothing", steps=400, units=100):
    """Train a network of one wide layer with one remedy; return its logits as a function."""
    rng, drop = np.random.default_rng(seed), Dropout(0.5, np.random.default_rng(seed))
    layers, adam = some_layers([2, units, 2], seed), course.StandInAdam(lr=0.03)
    best, lowest = layers, np.inf
    for step in range(steps):
        x, labels = points.x_train, points.labels_train
        if way == "small batches":
            rows = rng.permutation(len(x))[:8]
            x, labels = x[rows], labels[rows]
        if way == "augmentation":
            x = x + 0.25 * rng.standard_normal(x.shape)
        (w_1, b_1), (w_2, b_2) = layers
        a = np.tanh(x @ w_1 + b_1)
        kept = drop.forward(a, training=way == "dropout")
        p = np.exp(kept @ w_2 + b_2)
        g = (p / p.sum(axis=1, keepdims=True) - np.eye(2)[labels]) / len(x)
        g_1 = drop.backward(g @ w_2.T) * (1.0 - a**2)
        slopes = [x.T @ g_1, g_1.sum(axis=0), kept.T @ g, g.sum(axis=0)]
        extra = penalty_slopes(layers, l2=0.01 if way == "L2" else 0.0)
        slopes = [g + e for g, e in zip(slopes, [*extra[0], *extra[1]], strict=True)]
        w = adam.step(flat([w_1, b_1, w_2, b_2]), flat(slopes))
        parts = np.split(w, [2 * units, 3 * units, 5 * units])
        layers = [(parts[0].reshape(2, -1), parts[1]), (parts[2].reshape(-1, 2), parts[3])]
        if way == "budget":
            layers = [(within_budget(w, 4.0), b) for w, b in layers]
        if way == "early stopping" and step % 5 == 0:
            z = answers_of_two(layers, points.x_valid)
            loss = np.mean(np.logaddexp.reduce(z, axis=1) - z[range(len(z)), points.labels_valid])
            best, lowest = (layers, loss) if loss < lowest else (best, lowest)
    layers = best if way == "early stopping" else layers
    return partial(answers_of_two, layers)


def flat(parts):
    """Return all entries of these arrays in one vector."""
    return np.concatenate([np.ravel(part) for part in parts])


def answers_of_two(layers, places):
    """Return the logits of a network of two layers."""
    (w_1, b_1), (w_2, b_2) = layers
    return np.tanh(places @ w_1 + b_1) @ w_2 + b_2


def accuracies(way):
    """Return the share of test points in the right class, for each data set."""
    shares = []
    for seed in range(4):
        points = course.v_shape(n=100, noise=1.0, seed=seed)
        judged = course.v_shape(n=1000, noise=0.0, seed=100 + seed)
        voters = 5 if way == "ensemble" else 1
        logits = sum(calm(points, 10 * seed + k, way)(judged.x_train) for k in range(voters))
        shares.append(np.mean(logits.argmax(axis=1) == judged.labels_train))
    return shares


ways = ["nothing", "L2", "budget", "dropout", "small batches", "augmentation", "ensemble",
        "early stopping"]  # fmt: skip
plt.figure(figsize=(7.0, 3.4), layout="constrained")
for number, way in enumerate(ways):
    shares = try_out(way, partial(accuracies, way))
    if shares is not None:
        plt.barh(way, np.mean(shares), color="gray" if number == 0 else "#0072B2", alpha=0.6)
        plt.plot(shares, [way] * len(shares), "k.", markersize=5)
plt.xlim(0.7, 0.95)
plt.xlabel("test points in the right class (dots: the four data sets)")
plt.gca().invert_yaxis()
plt.show()

# %% [markdown]
# Look at the dots before you believe the bars: the data sets differ more than most remedies do.
# What can be said at all needs many data sets, or a bold claim.
#
# *Somebody asked: is dropout used when predicting?* No. It is a hardship of training; a
# prediction should be the best one can do, and the same one twice.

# %% [markdown]
# ## Normalise the batch
#
# If the numbers that enter a layer are large, tanh saturates; if they drift while the layers
# before learn, everybody behind chases a moving target. **Batch normalisation** centres and
# scales each column over the samples of the batch, and then lets the network choose place and
# spread itself:
#
# $$\hat{x}_{ij} = \frac{x_{ij} - \mu_j}{\sqrt{\sigma_j^2 + \epsilon}}, \qquad
# y_{ij} = \gamma_j\,\hat{x}_{ij} + \beta_j$$
#
# | symbol | name in code | meaning | at first |
# |---|---|---|---|
# | $\mu_j$, $\sigma_j^2$ | | mean and variance of column $j$ in this batch | |
# | $\gamma$, $\beta$ | `gamma`, `beta` | learnt scale and shift, shape (size,) | 1, 0 |
# | $\epsilon$ | `eps` | keeps the root away from 0 | |
# | | `running_mean`, `running_var` | what is remembered for predicting | 0, 1 |
#
# The variance is the mean squared distance, divided by $N$. When predicting there may be a single
# sample, so nothing can be normalised over a batch. Therefore each pass in training moves the
# remembered mean by the share `momentum` towards the batch's,
#
# $$\text{running} \leftarrow (1 - \text{momentum}) \cdot \text{running} + \text{momentum} \cdot
# \text{batch},$$
#
# and the remembered variance likewise, with the same $\sigma_j^2$ (some libraries divide by
# $N - 1$ here). With `training=False` these two take the place of $\mu$ and $\sigma^2$, and stay
# as they are.
#
# Backward, with $g_{ij} = \gamma_j \cdot \partial E/\partial y_{ij}$, each $x_{ij}$ acts in three
# ways: directly, through the mean of its column, and through the variance. Together:
#
# $$\frac{\partial E}{\partial x_{ij}} = \frac{1}{\sqrt{\sigma_j^2 + \epsilon}} \Bigl( g_{ij} -
# \overline{g_j} - \hat{x}_{ij}\,\overline{g_j \hat{x}_j} \Bigr)$$
#
# where the bars are means over the batch. Try to derive it; the judge of task a2_t6 will tell you
# whether you did.
#
# **By hand.** One column with 1 and 3, $\epsilon = 0$: mean 2, variance 1, so
# $\hat{x} = (-1, 1)$. With $\gamma = 2$ and $\beta = 5$ the answers are 3 and 7. Any upstream of
# these two gives slopes of zero for $x$: two samples normalise to $\pm 1$ wherever they stand.
#
# ### Task a2_t8: Batch normalisation (stretch, 8 points, about 60 minutes)
#
# Write the class `BatchNorm(size, momentum=0.1, eps=1e-5)` with the attributes of the table.
#
# * `forward(x, training=True)`, 4 points, takes and returns shape `(N, size)`, $N \ge 1$; `x`
#   stays as it is.
# * `backward(upstream)`, 4 points, is asked right after a `forward` in training, and returns
#   `(dx, dgamma, dbeta)` for it. A column without spread gives `beta`, and finite slopes.


# %% task="a2_t8" role="answer"
class BatchNorm:
    """Normalises each column over the batch, then scales and shifts it."""

    def __init__(self, size, momentum=0.1, eps=1e-5):
        raise NotImplementedError("a2_t8: keep the settings, and begin with the table's values")

    def forward(self, x, training=True):
        """Return gamma * x_hat + beta, shape (N, size)."""
        raise NotImplementedError("a2_t8: normalise by the batch, or by what is remembered")

    def backward(self, upstream):
        """Return the slopes of x, gamma and beta, for the forward in training just before."""
        raise NotImplementedError("a2_t8: send slopes back through scale, variance and mean")


# %% task="a2_t8" role="check"
check("a2_t8")

# %% [markdown]
# ## Signals in a deep network
#
# Twelve tanh layers of 50 units with weights three times as large as they should be: the share of
# outputs that are saturated ($|a| > 0.95$), layer by layer, with and without your normalisation
# before each tanh.
#
# **Before you look:** which layers saturate without it, the first or the last? And with it?


# %% tags=["explore"]
def saturated(normalise):
    """Return the share of saturated outputs of each layer."""
    rng = np.random.default_rng(2)
    a, shares = rng.normal(size=(200, 50)), []
    for _ in range(12):
        z = a @ rng.normal(0.0, 3.0 / np.sqrt(50), (50, 50))
        a = np.tanh(BatchNorm(50).forward(z) if normalise else z)
        shares.append(np.mean(np.abs(a) > 0.95))
    return shares


plt.figure(figsize=(6.4, 3.2), layout="constrained")
for name, run in {"as it is": False, "normalised": True}.items():
    shares = try_out("BatchNorm", partial(saturated, run))
    if shares is not None:
        plt.plot(range(1, 13), shares, "o-" if run else "s--", label=name)
        plt.legend()
plt.xlabel("layer")
plt.ylabel("share of saturated outputs")
plt.ylim(0.0, 1.0)
plt.show()

# %% [markdown]
# All alike, about half of their outputs: whatever a layer is given, its large weights blow it up
# again, and tanh cuts it off. Normalised, every layer starts from a spread of 1, and one output in
# fifteen is saturated.

# %% [markdown]
# ## Let a program do it
#
# By now you have seen the pattern: every operation knows its local slopes, and somebody
# multiplies and adds them up in the right order. That somebody can be thirty lines of code, and
# then nobody ever derives a backward pass again. It is what PyTorch does.
#
# A **variable** is a number that remembers which variables it was made of, its *parents*, and the
# local slope towards each. Computing with variables builds a **graph**. For $q = x \cdot y + x$:
#
# ```text
#    x --------------\
#    | \              \
#    |  (*) -- p ----- (+) -- q
#    y /
# ```
#
# Backward, $q$ begins with slope 1 and each variable hands its slope, times the local one, to its
# parents. Two rules make it right:
#
# * **Add, do not replace.** $x$ is used twice, so it gets slopes on two ways, and the effect of
#   $x$ is their **sum**.
# * **Not before everybody has paid in.** A variable may hand on its slope only when all that use
#   it have given theirs. An order that guarantees it is a *topological order*: each variable
#   stands after its parents. Walk it from the end to the beginning.
#
# **By hand.** $x = 2$, $y = 3$: $p = 6$, $q = 8$. Backward: $q$ has 1; $p$ gets 1, $x$ gets 1;
# then $p$ gives $x$ another $1 \cdot 3$ and $y$ $1 \cdot 2$. So $\partial q/\partial x = 4$ and
# $\partial q/\partial y = 2$. A topological order is $x, y, p, q$; another one is $y, x, p, q$.
#
# **Deep graphs.** A training loop easily builds chains of thousands of operations. Python ends a
# recursion that is 1000 calls deep, so a function that calls itself for each parent will not do;
# keep a list of what is still to be visited (a *stack*) instead.
#
# ### Task a2_t9: A tiny autodiff (core, 12 points, about 70 minutes)
#
# Write the class `Variable`, made by `Variable(value)`, with attributes `value` and `grad` (0 at
# first), and
#
# * `+`, `-` and `*` between variables, and with a plain number on **either** side, and `-x`; each
#   gives a new variable;
# * methods `exp()` and `tanh()`, which give a new variable each;
# * `backward()`: afterwards `grad` of every variable that this one was made of, and of itself, is
#   the slope of this one with respect to it. It begins afresh each time: nothing is left over
#   from an earlier `backward()`, of this or another result.
#
# And the function `topological_order(result)`, which returns a list of all variables that
# `result` was made of and `result` itself, each exactly once, each after its parents. (Variables
# that you make of plain numbers may be in it.) Graphs may be 3000 operations deep.
#
# A variable holds a number, not an array, and you need no NumPy but for `np.exp` and `np.tanh`.
# Python's own `graphlib`, which sorts graphs, is refused.


# %% task="a2_t9" role="answer"
class Variable:
    """A number that remembers which numbers it was made of.

    Attributes
    ----------
    value : float
        The number.
    grad : float
        After backward() of a result: how fast that result rises with this number.
    """

    def __init__(self, value):
        raise NotImplementedError("a2_t9: keep the value; you may add parameters of your own")

    def backward(self):
        """Set grad of every variable that this one was made of."""
        raise NotImplementedError("a2_t9: walk the topological order backwards, and add up")


def topological_order(result):
    """Return all variables that result was made of, and itself: each once, parents first."""
    raise NotImplementedError("a2_t9: visit each variable once, after its parents")


# %% task="a2_t9" role="check"
check("a2_t9")

# %% [markdown]
# ## The judge and the machine
#
# Your two works meet: a polynomial of $x$ made of your variables, with the slope that your
# `Variable` finds at each $x$, and dots from your `numeric_gradient`.
#
# **Before you look:** `reduce(operator.mul, [x] * 5)` is $x^5$, with the same variable used five
# times. What would the slope look like if `=` stood where `+=` belongs?


# %% tags=["explore"]
def polynomial(x):
    """Return x**5 - 3 x**3 + x, of a number or a variable."""
    return reduce(operator.mul, [x] * 5) - 3 * (x * x * x) + x


def slope_by_graph(value):
    """Return the polynomial's slope by the student's autodiff."""
    x = Variable(value)
    polynomial(x).backward()
    return x.grad


def slope_by_differences(value):
    """Return the polynomial's slope by the student's judge."""
    return float(numeric_gradient(lambda w: float(polynomial(w)), np.array(value)))


grid = np.linspace(-1.8, 1.8, 61)
plt.figure(figsize=(6.4, 3.6), layout="constrained")
plt.plot(grid, polynomial(grid), color="gray", label="the polynomial")
slopes = try_out("Variable", lambda: [slope_by_graph(float(x)) for x in grid])
if slopes is not None:
    plt.plot(grid, slopes, label="slope, by your Variable")
dots = try_out("numeric_gradient", lambda: [slope_by_differences(x) for x in grid[::4]])
if dots is not None:
    plt.plot(grid[::4], dots, "o", label="slope, by your numeric_gradient")
plt.xlabel("x")
plt.legend()
plt.show()

# %% [markdown]
# Every dot lies on the line: two programs that share no formula agree, and that is as good as a
# proof gets in practice. In this polynomial $x$ is used nine times, so its slope is a sum of nine
# payments. With `=` only the one that came in last would be left; the line would miss the dots, and
# nothing but the dots would tell you.

# %% [markdown]
# ## Break the symmetry
#
# Start a layer with all weights equal. All its units compute the same, get the same slopes, take
# the same step, and are equal again, for ever. A layer of a hundred units is then a single one,
# very much wider than it needs to be. Physicists speak of a symmetry that must be *broken*, like
# a ball on top of a round hill that has to roll down on **some** side. Random starts do it, and
# dropout would too, since it never lets two units off on the same days.
#
# How random? If each of $n_{in}$ inputs has a spread of 1 and the weights have a standard
# deviation of $s$, the sums have a spread of $s \sqrt{n_{in}}$. Layer after layer this factor is
# multiplied. It should be near 1, forward (with $n_{in}$) and backward (with $n_{out}$):
#
# | start | for | standard deviation of the weights |
# |---|---|---|
# | **Xavier** (Glorot) | tanh | $\sqrt{2 / (n_{in} + n_{out})}$, a compromise of both ways |
# | **He** | ReLU | $\sqrt{2 / n_{in}}$, since ReLU silences half of the units |
#
# A normal distribution now and then draws a weight that is far too large. A **truncated** normal
# draws every number beyond two standard deviations again, until it lies within. That is not the
# same as clipping, which would pile them up at the edge. (The result is a little narrower than
# the `sd` that it is asked for; leave it so.)
#
# **By hand.** A layer whose first unit has the weights $(1, 2)$ and bias 0, and the second
# $(1, 5)$ and bias 1: the units differ by 0, 3 and 1, so its *spread* is 3.
#
# ### Task a2_t10: Break the symmetry (core, 6 points, about 30 minutes)
#
# * `unit_spread(w, b)`, 1 point: of the weights `w`, shape $(n_{in}, n_{out})$, and biases `b`
#   that lead to the $n_{out}$ units, the largest difference between two units in one and the same
#   weight (the bias counts as one). A number; 0 if all units are equal, or if there is only one.
# * `truncated_normal(shape, sd, rng)`, 2 points, as above; `shape` is a tuple.
# * `start_layers(sizes, activation, rng)`, 3 points with the generator: a list of pairs `(w, b)`
#   for `sizes` such as `[2, 8, 1]`. All weights, also those of the last layer, are drawn from a
#   normal distribution (not truncated) with mean 0 and Xavier's standard deviation if
#   `activation` is `"tanh"`, He's if it is `"relu"`. Biases are 0.
#
# All randomness comes from `rng`, a generator such as `np.random.default_rng(0)`. Drawing again is
# yours to write: the truncated normal of SciPy and the starts of `torch.nn` are refused.


# %% task="a2_t10" role="answer"
def unit_spread(w, b):
    """Return the largest difference between two units of a layer in one of their weights."""
    raise NotImplementedError("a2_t10: compare the units, weight by weight")


def truncated_normal(shape, sd, rng):
    """Return normal numbers with mean 0 and scale sd; those beyond 2 sd are drawn again."""
    raise NotImplementedError("a2_t10: draw, and draw again what lies beyond")


def start_layers(sizes, activation, rng):
    """Return [(w, b), ...] to start with: Xavier's weights for tanh, He's for relu; biases 0."""
    raise NotImplementedError("a2_t10: draw the weights of each layer with its own scale")


# %% task="a2_t10" role="check"
check("a2_t10")

# %% [markdown]
# ## Equal for ever
#
# Two networks with 8 tanh units learn the V. In one all weights start at 0.5, in the other one by
# your `start_layers`. On the left your `unit_spread` of the first layer while they train; on the
# right how much signal is left after each of 20 tanh layers of 100 units, by the standard
# deviation of the starting weights.
#
# **Before you look:** where will the first curve be after 300 steps? Which of the three starts on
# the right keeps its signal?


# %% tags=["explore"]
def spreads(layers):
    """Return the unit spread of the first layer in 300 steps of gradient descent."""
    seen = []
    for _ in range(300):
        seen.append(unit_spread(*layers[0]))
        layers = train_layers(layers, vee, 1)
    return seen


def signal(sd=None):
    """Return the spread of the outputs of 20 layers, for Xavier's start by default."""
    rng = np.random.default_rng(0)
    layers = start_layers([100] * 21, "tanh", rng)
    if sd is not None:
        layers = [(rng.normal(0.0, sd, w.shape), b) for w, b in layers]
    a, seen = rng.normal(size=(100, 100)), []
    for w, b in layers:
        a = np.tanh(a @ w + b)
        seen.append(a.std())
    return seen


figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
equal = [(np.full(shape, 0.5), np.zeros(shape[1])) for shape in ((2, 8), (8, 2))]
curves = {
    "all weights 0.5": lambda: spreads(equal),
    "start_layers": lambda: spreads(start_layers([2, 8, 2], "tanh", np.random.default_rng(0))),
}
for (name, run), dashes in zip(curves.items(), ("-", "--"), strict=True):
    seen = try_out(name, run)
    if seen is not None:
        left.plot(seen, dashes, label=name)
        left.legend()
left.set(xlabel="steps taken", ylabel="unit spread of the first layer")
for (name, sd), marker in zip(
    {"0.01": 0.01, "Xavier": None, "0.5": 0.5}.items(), "os^", strict=True
):
    seen = try_out("start_layers", partial(signal, sd))
    if seen is not None:
        right.semilogy(range(1, 21), seen, marker=marker, markersize=3, label=f"sd {name}")
        right.legend()
right.set(xlabel="layer", ylabel="spread of its outputs")
plt.show()

# %% [markdown]
# With an sd of 0.01 the signal dies within a few layers; with 0.5 it survives, but by shouting:
# nearly all outputs are $\pm 1$, and no slope comes back through a saturated tanh.

# %% [markdown]
# ## The V and the river
#
# Time to let go of the handrail. You have two sets of labelled points, `course.v_shape()` and
# `course.river()`, each with `x_train`, `labels_train`, `x_valid`, `labels_valid`, `x_test` and
# `labels_test`.
#
# **Before you look:** how many straight lines does it take to draw a V? How many for this river?
# So how many hidden units, at least?


# %% tags=["explore"]
def nearest(points):
    """Return a classifier that copies the nearest training point: good, but it learns nothing."""

    def classify(places):
        distances = ((places[:, None] - points.x_train) ** 2).sum(axis=2)
        return points.labels_train[distances.argmin(axis=1)]

    return classify


stream = course.river()
for name, points in {"nearest point: V": vee, "nearest point: river": stream}.items():
    course.plot_borders({name: nearest(points)}, points)
    plt.show()

# %% [markdown]
# A V takes two lines, one for each side, and so two hidden units. The river runs down, up and down
# again, and each of these stretches has two banks: about six lines, and so about six units. That is
# what it takes to *draw* it; whether a training finds it is another question. The nearest point
# needs no lines at all, but look at its ragged banks: it copies every blurred point.

# %% [markdown]
# ### Task a2_t11: The V and the river (core, 10 points, about 60 minutes)
#
# Write `fit_classes(x_train, labels_train, x_valid, labels_valid)`. It learns from points of
# shape `(n, 2)` with labels 0, 1, ... of shape `(n,)`, and returns a *function*:
# `predict(points)` takes any number of points from 1 on and returns their labels, whole numbers
# of shape `(n,)`. There may be more than two classes; every class is among the training labels.
# The four arrays stay as they are.
#
# This one is **open**: how you do it is up to you, and it is judged on data that neither you nor
# your function has seen, 240 points to train and 80 to validate, with banks as blurred as above.
# Wanted is the share of new points (without blur) in the right class:
#
# | data | wanted | points |
# |---|---|---|
# | two other Vs, turned and opened otherwise | at least 90 % on average | 2 |
# | two other rivers | at least 85 % on average | 3 |
# | two other rivers, on a map in metres that begins far from zero | at least 85 % on average | 1 |
# | two other rivers, the two banks being classes of their own | at least 85 % on average | 2 |
# | another V: shapes, and nothing changed | | 2 |
#
# Your `loss_and_slopes` and `start_layers`, standardised inputs and `course.StandInAdam`
# (PyTorch's) are enough: two hidden layers of some 20 units, a few hundred steps, and a look at
# the validation points for when to stop. All of NumPy and PyTorch may be used, its autograd too;
# ready-made learners (scikit-learn) are refused. A second is plenty; a call that computes for 20
# seconds is ended.


# %% task="a2_t11" role="answer"
def fit_classes(x_train, labels_train, x_valid, labels_valid):
    """Return a function that takes points, shape (n, 2), and returns labels, shape (n,)."""
    raise NotImplementedError("a2_t11: standardise, train, return a function of points")


# %% task="a2_t11" role="check"
check("a2_t11")

# %% [markdown]
# ## Your borders
#
# What your `fit_classes` makes of both. Which points does it get wrong: those far from the
# border, or those beside it?


# %% tags=["explore"]
def fitted(points):
    """Return the student's classifier of these points."""
    return fit_classes(points.x_train, points.labels_train, points.x_valid, points.labels_valid)


fits = {name: try_out("fit_classes", partial(fitted, points))
        for name, points in (("V", vee), ("river", stream))}  # fmt: skip
for name, points in (("V", vee), ("river", stream)):
    if fits[name] is not None:
        course.plot_borders({name: fits[name]}, points)
        plt.show()

# %% [markdown]
# ## More than one number
#
# Accuracy alone hides *which* points are wrong. A **classification report** asks, class by class:
# of the points that I called water, how many are (**precision**)? Of all water, how much did I
# find (**recall**)? Their harmonic mean is **F1**. Beside it stand the measures of *regression*,
# as if the network's task were to predict the number 0 or 1: the root mean squared error, and
# $R^2$, the share of the variance that it explains.
#
# **Before you look:** suppose a classifier says "land" everywhere. What are its accuracy, its
# recall of water, and its $R^2$?


# %% tags=["explore"]
def report(said, labels):
    """Return the measures of a classifier of two classes, by name."""
    hits = np.sum((said == 1) & (labels == 1))
    precision, recall = hits / max(np.sum(said == 1), 1), hits / np.sum(labels == 1)
    error = np.mean((said - labels) ** 2.0)
    return {
        "accuracy": np.mean(said == labels),
        "precision": precision,
        "recall": recall,
        "F1": 2.0 * precision * recall / max(precision + recall, 1e-12),
        "RMSE": np.sqrt(error),
        "$R^2$": 1.0 - error / np.var(labels),
    }


judged = course.river(n=2000, seed=9)
candidates = {
    "land everywhere": lambda places: np.zeros(len(places), dtype=int),
    "nearest point": nearest(stream),
    "your network": fits["river"],
}
plt.figure(figsize=(7.2, 3.4), layout="constrained")
for number, (name, classify) in enumerate(candidates.items()):
    if classify is not None:
        measures = report(np.asarray(classify(judged.x_train)), judged.labels_train)
        places = np.arange(len(measures)) + 0.27 * (number - 1)
        plt.bar(places, list(measures.values()), width=0.25, label=name)
        plt.xticks(np.arange(len(measures)), list(measures))
plt.axhline(0.0, color="gray", linewidth=0.8)
plt.legend()
plt.show()

# %% [markdown]
# "Land everywhere" is right at most places, and has not found a drop of water. Regression
# measures of a label are a blunt tool: they punish being wrong, not being unsure.
#
# ## Width, depth of training, activation
#
# Your `descend` learns the V with 1, 2, 3, 5 and 10 hidden units, tanh and ReLU, three starts
# each. The right picture shows how long the training takes.
#
# **Before you look:** a V is the larger of two straight lines, and ReLU draws half a straight
# line. What is the **fewest** number of hidden units that can do it? Will training find it from
# every start?


# %% tags=["explore"]
def share_right(width, activation, seed, steps=1000):
    """Return the accuracy on test points at every 50th step."""
    layers, seen = some_layers([2, width, 2], seed), []
    for _ in range(steps // 50):
        layers = train_layers(layers, vee, 50, 0.5, activation)
        said = classifier(layers, activation)(vee.x_test)
        seen.append(np.mean(said == vee.labels_test))
    return seen


widths = [1, 2, 3, 5, 10]
figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
for activation, marker in (("tanh", "o"), ("relu", "s")):
    runs = try_out(
        "descend",
        lambda f=activation: [[share_right(n, f, seed) for seed in range(3)] for n in widths],
    )
    if runs is not None:
        last = np.array(runs)[:, :, -1]
        left.plot(widths, last.max(axis=1), marker=marker, label=f"{activation}, best start")
        left.plot(widths, last.min(axis=1), marker=marker, ls=":", label=f"{activation}, worst")
        right.plot(
            50 * np.arange(1, 21), np.mean(runs[-1], axis=0), label=f"{activation}, 10 units"
        )
        left.legend()
        right.legend()
left.set(xlabel="hidden units", ylabel="test points in the right class")
right.set(xlabel="steps taken", ylabel="test points in the right class")
plt.show()

# %% [markdown]
# Two units, one for each side of the V; with a single one the best that can be had is one straight
# line. Two are enough for both activations, and here training finds them from each of the three
# starts. Luck has a hand in it all the same: where a dotted line dips below the other one, some
# start has ended in a worse place. With ReLU we saw that even with three and with ten units. More
# units than needed do not make the border better.

# %% [markdown]
# ## Find lines, and remember
#
# Two more layers, for those who want more. Both are affine layers in disguise: weights that are
# **shared**, over places or over time. Whatever is shared collects the slopes of all places where
# it was used.
#
# **A convolution** lays a small kernel of shape $(k, l)$ on an image of shape $(H, W)$ at every
# place where it fits completely, and adds up the products:
#
# $$Y_{ij} = \sum_{a=0}^{k-1} \sum_{b=0}^{l-1} K_{ab}\, X_{i+a,\,j+b}$$
#
# so $Y$ has the shape $(H - k + 1,\ W - l + 1)$. (Mathematicians flip the kernel first; in deep
# learning nobody does.) A kernel such as $(-1, 1)$ answers where it gets brighter from left to
# right: it finds the left edges of lines.
#
# **Max pooling** cuts an image into tiles of `size` x `size` and keeps the largest entry of each:
# *is there a line anywhere around here?* Rows and columns that fill no tile are left out.
# Backward the slope of a tile goes to its largest entry alone; among equals, to the first in
# reading order.
#
# **A recurrent cell** reads a sequence, one row $x_t$ a step, and hands its state on:
# $h_t = \tanh(x_t W_x + h_{t-1} W_h + b)$. *Unrolled* over $T$ steps it is a network of $T$
# layers with the same weights in each. So $h_t$ gets slopes on two ways: from what is asked of
# $h_t$ itself, `upstream[t]`, and from $h_{t+1}$.
#
# **By hand.** The kernel $(-1, 1)$ on the image $(0, 0, 5, 5)$ gives $(0, 5, 0)$. If the upstream
# is $(1, 2, 3)$, the slope of the kernel's first entry is
# $1 \cdot 0 + 2 \cdot 0 + 3 \cdot 5 = 15$, that of its second
# $1 \cdot 0 + 2 \cdot 5 + 3 \cdot 5 = 25$; the slopes of the image are
# $(-1,\ 1 - 2,\ 2 - 3,\ 3) = (-1, -1, -1, 3)$.
#
# ### Task a2_t12: A convolution, a pool and a recurrent cell (stretch, 12 points, about 90 minutes)
#
# | function | returns | points |
# |---|---|---|
# | `convolve(image, kernel)` | $Y$ | 2 |
# | `convolve_backward(upstream, image, kernel)` | slopes of image and kernel | 3 |
# | `max_pool(image, size)` | shape $(\lfloor H / s \rfloor, \lfloor W / s \rfloor)$ | 1 |
# | `max_pool_backward(upstream, image, size)` | slopes of the image | 2 |
# | `run_cell(x, h_0, w_x, w_h, b)` | the states $h_1, \dots, h_T$, shape $(T, m)$ | 1 |
# | `run_cell_backward(upstream, x, h_0, states, w_x, w_h)` | slopes of `w_x`, `w_h`, `b` | 3 |
#
# `image` has shape $(H, W)$, `kernel` $(k, l)$; a kernel larger than the image is refused with a
# `ValueError`. Of the cell, `x` has shape $(T, n)$, `h_0` and `b` $(m,)$, `w_x` $(n, m)$, `w_h`
# $(m, m)$, and its `upstream` the shape of `states`. Several slopes come as a tuple. No argument
# is changed.


# %% task="a2_t12" role="answer"
def convolve(image, kernel):
    """Slide the kernel over the image, shape (H, W), and return all sums of products."""
    raise NotImplementedError("a2_t12: write convolve")


def convolve_backward(upstream, image, kernel):
    """Return the slopes of the image and of the kernel."""
    raise NotImplementedError("a2_t12: write convolve_backward")


def max_pool(image, size):
    """Return the largest entry of each size x size tile of the image."""
    raise NotImplementedError("a2_t12: write max_pool")


def max_pool_backward(upstream, image, size):
    """Return the slopes of the image."""
    raise NotImplementedError("a2_t12: write max_pool_backward")


def run_cell(x, h_0, w_x, w_h, b):
    """Return the states [h_1, ..., h_T] of a recurrent cell, shape (T, units)."""
    raise NotImplementedError("a2_t12: write run_cell")


def run_cell_backward(upstream, x, h_0, states, w_x, w_h):
    """Return the slopes of w_x, w_h and b, of a cell that was unrolled over x."""
    raise NotImplementedError("a2_t12: write run_cell_backward")


# %% task="a2_t12" role="check"
check("a2_t12")

# %% [markdown]
# ## A kernel that learns to find lines
#
# An image with lines in all directions, and a 3 x 3 kernel that starts at random. It is shown
# where the *upright* lines are, and learns by your `convolve_backward`.
#
# **Before you look:** what will the kernel look like in the end? What does it answer to a level
# line?


# %% tags=["explore"]
def learn_lines():
    """Draw the image, the learnt kernel and its answers, before and after pooling."""
    rng = np.random.default_rng(1)
    image = np.zeros((40, 40))
    image[3:37:9, 4:36], image[5:35, 7::11] = 1.0, 1.0
    upright = np.zeros((38, 38))
    upright[4:34, 6::11] = 1.0
    kernel = 0.1 * rng.normal(size=(3, 3))
    for _ in range(400):
        upstream = 2.0 * (convolve(image, kernel) - upright) / upright.size
        kernel = kernel - 0.3 * convolve_backward(upstream, image, kernel)[1]
    answers = convolve(image, kernel)
    return {"image": image, "kernel": kernel, "answers": answers, "pooled": max_pool(answers, 4)}


pictures = try_out("convolve", learn_lines)
if pictures is not None:
    figure, panels = plt.subplots(1, 4, figsize=(11.0, 3.0), layout="constrained")
    for ax, (name, picture) in zip(panels, pictures.items(), strict=True):
        ax.imshow(picture, cmap="gray")
        ax.set_title(name)
        ax.axis("off")
    panels[1].imshow(pictures["kernel"], cmap="RdBu_r", vmin=-0.5, vmax=0.5)
    for (i, j), weight in np.ndenumerate(pictures["kernel"]):
        panels[1].text(j, i, f"{weight:.2f}", ha="center", va="center")
    plt.show()

# %% [markdown]
# The kernel pays for brightness in its middle column and takes some back for brightness beside it.
# An upright line fills the whole middle column. A level line touches it in one entry, and its own
# two neighbours take a part of that back.

# %% [markdown]
# ## Questions people ask
#
# **Is backpropagation how networks learn?** It only finds slopes. Learning is what somebody does
# with them, such as gradient descent or Adam.
#
# **Does it always find the right slopes?** Those of the function that was computed, in exact
# arithmetic always. At a kink (ReLU at 0, a tie in a pool) there is no slope, and the code picks
# one.
#
# **Why is the loss not smaller after a step?** A slope tells what happens *nearby*. A step that
# is too long leaves its neighbourhood.
#
# **Two units started different. Can they become equal?** Not exactly, but nearly; such units are
# redundant, and dropout keeps them from relying on each other.
#
# ### Task a2_t13: What did you see, and why? (core, 6 points, about 30 minutes)
#
# A person reads this one. Write in your own words, about 150 to 300. Answer all four:
#
# 1. **What did you see?** Two observations from *your* pictures, with numbers read off: for
#    example the fewest hidden units that still drew the V, and the best $h$.
# 2. **Why** does the checker's error fall and rise again with $h$? Name both errors and how each
#    depends on $h$.
# 3. **Why** do equal starting weights stay equal, and why does the *scale* of a random start
#    matter? Refer to your plots.
# 4. **Which way to calm a network** would you try first on a V of which you have only ten points
#    with a blurred border, and what would you expect to see? Refer to your bars.
#
# *How it is marked:* observations with evidence, 1 point; the two errors, 2 points; symmetry and
# scale, 2 points; the remedy with its reason, 1 point. A surprising result, honestly reported and
# explained, earns as much as the expected one.

# %% [markdown] task="a2_t13" role="written"
# *Your answer: replace this line.*

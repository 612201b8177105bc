# %% [markdown]
# # Many ranks, one model
#
# A model with seven billion weights needs 112 billion bytes before it has seen a single sample:
# weights, gradients, and the two averages of Adam, four bytes each. No common machine holds that,
# and none would be fast enough. So training is spread over many machines, and the art is to make
# all of them together do *exactly* what a single one would have done.
#
# In this notebook you build the usual ways to do so, from single messages up: a ring that sums
# without a boss, data parallel training, an optimizer and then a whole model that are cut in
# pieces, layers that are cut in pieces, a pipeline, and checkpoints that compute twice what they
# keep once. At the end you choose between them. Several processes on this computer play the
# machines. The code is that of a real cluster.
#
# | task | what you do | level | points | expect |
# |---|---|---|---|---|
# | a4_t1 | count the bytes that each rank has to hold | core | 6 | 25 min |
# | a4_t2 | sum over all ranks by messages round a ring | core | 12 | 60 min |
# | a4_t3 | deal samples to ranks, anew in every epoch | core | 8 | 30 min |
# | a4_t4 | train on all ranks as if on one | core | 12 | 50 min |
# | a4_t5 | accumulate gradients, and talk only once | core | 8 | 30 min |
# | a4_t6 | write an Adam of which each rank holds a piece | core | 14 | 75 min |
# | a4_t7 | train a model that no rank holds as a whole | core | 12 | 60 min |
# | a4_t8 | cut two layers so that one meeting is enough | core | 8 | 35 min |
# | a4_t9 | plan a pipeline, measure its bubble, and run it | stretch | 12 | 60 min |
# | a4_t10 | keep few activations and compute the others twice | core | 12 | 50 min |
# | a4_t11 | take a step with products in bfloat16 | stretch | 8 | 40 min |
# | a4_t12 | find the best plan for a machine you have not seen | stretch | 10 | 60 min |
# | a4_t13 | say what agreement costs, and what it buys | core | 8 | 35 min |
# | a4_t14 | take one step on all ranks, each with a card of its own | stretch | 6 | 50 min |
#
# *Core* tasks are for everybody; *stretch* tasks are for those who want more. No task needs the
# answer to another one. Each coding task ends with a cell `check("...")`: it starts two or three
# processes, runs your code in them on examples small enough for pencil and paper, and answers in
# about a second. Your points come from other numbers and other numbers of ranks.
#
# You need PyTorch tensors and the idea of a gradient. You need not have seen two programs talk.

# %%
import torch
import torch.distributed as dist

import course
from course import check


def try_out(name, run):
    """Return run(), or say why it cannot run yet and return None."""
    try:
        return run()
    except Exception as problem:
        lines = (str(problem) or type(problem).__name__).splitlines()
        print(f"{name} cannot run yet. {lines[-1] if lines else ''}")
        print("Finish its task, then run this cell again.")


# %% [markdown]
# ## Ranks, and how they talk
#
# A **rank** is a process with a number: 0, 1, 2, up to $n - 1$. All ranks run the same program.
# $n$ is called the **world size**. A rank finds out who it is with `dist.get_rank()`, and how many
# there are with `dist.get_world_size()`. They share no memory: what one knows, the others know only
# if it is sent to them.
#
# `course.run_ranks(function, n)` starts $n$ processes, calls the function in each, and returns the
# list of what they returned. Each is a copy of this notebook as it stands, so it knows your
# functions. What a rank prints appears with its number.
#
# | call | what it does |
# |---|---|
# | `dist.send(t, r)`, `dist.recv(t, r)` | send tensor `t` to rank `r`; receive **into** it |
# | `dist.isend(t, r)` | the same as `send` but does not wait; `.wait()` on what it returns does |
# | `dist.broadcast(t, src=r)` | afterwards all ranks have rank `r`'s `t` |
# | `dist.all_reduce(t)` | afterwards all ranks have the sum of all ranks' `t` |
# | `dist.reduce_scatter(out, parts)` | rank $r$ gets the sum of all ranks' `parts[r]` |
# | `dist.all_gather(parts, t)` | afterwards all ranks have the list of all ranks' `t` |
#
# All of them write **into** tensors that are there already. The last four are *collectives*: every
# rank has to call them, in the same order, with tensors of one shape and type. A rank that
# does not come makes all the others wait.
#
# **Before you run it:** in which order will the lines appear?


# %% tags=["explore"]
def say_hello():
    """Every rank tells who it is, and learns what all have in common."""
    mine = torch.tensor([10.0 + dist.get_rank()])
    print(f"of {dist.get_world_size()} ranks; mine is {mine.item()}")
    dist.all_reduce(mine)
    return mine.item()


print(course.run_ranks(say_hello, 3))

# %% [markdown]
# In any order: they are three programs, and nobody tells them who goes first. Only the sum,
# $10 + 11 + 12 = 33$, is the same for all.
#
# **A deadlock.** `send` waits until the other side receives. If all ranks first send and then
# receive, all of them wait, for ever. The cure is `isend`: begin to send, receive meanwhile, and
# wait for the end of the sending afterwards. Try it: change `isend` to `send` below, take the
# `.wait()` away, and look at the message after five seconds.
#
# **Before you run it:** rank 0 brings a 0, and rank 1 brings a 1. Which list will be printed? And
# what will the message say with `send`: who is waiting for whom?


# %% tags=["explore"]
def swap():
    """Two ranks exchange their numbers."""
    other = 1 - dist.get_rank()
    got = torch.empty(1)
    sending = dist.isend(torch.tensor([float(dist.get_rank())]), other)
    dist.recv(got, other)
    sending.wait()
    return got.item()


print(try_out("swap", lambda: course.run_ranks(swap, 2, timeout_s=5)))

# %% [markdown]
# `[1.0, 0.0]`: each has what the other one brought. With `send` neither rank returns, and the
# message names both of them. Each waits for the other to receive, and neither will ever get to that
# line; nothing has crashed, and without the limit of five seconds it would look like hard work.

# %% [markdown]
# ## How much memory?
#
# For a model with $P$ parameters, trained in float32 (4 bytes a number) with Adam, there are
#
# | kind | numbers for each parameter |
# |---|---|
# | weights | 1 |
# | gradients | 1 |
# | optimizer: Adam's two averages | 2 |
#
# Three strategies differ in what a rank has to hold of it. Where an array is *sharded*, each of the
# $n$ ranks holds only its shard, $\lceil P / n \rceil$ numbers: the division is rounded **up**,
# since the largest shard must fit too.
#
# | strategy | weights | gradients | optimizer |
# |---|---|---|---|
# | `"data parallel"` | whole | whole | whole |
# | `"sharded optimizer"` | whole | whole | sharded |
# | `"fully sharded"` | sharded | sharded | sharded |
#
# (The literature calls them DDP, ZeRO-1 and ZeRO-3 or FSDP.)
#
# **By hand.** $P = 10$, $n = 4$: a shard has $\lceil 2.5 \rceil = 3$ numbers. With a sharded
# optimizer, a rank holds $4 \cdot 10 = 40$ bytes of weights, 40 of gradients, and
# $4 \cdot 2 \cdot 3 = 24$ for the optimizer.
#
# The fourth kind depends on the data: the **activations**. On the way back a layer needs the input
# that it had on the way there, so all inputs are kept. For a network with layer sizes
# $n_0, \dots, n_L$ (so $L$ layers) and a batch of $B$ rows these are $B\,(n_0 + \dots + n_{L-1})$
# numbers. The output, $n_L$, is nobody's input.
#
# ### Task a4_t1: How much memory? (core, 6 points, about 25 minutes)
#
# * `memory_per_rank(parameters, world, strategy)` returns a dict with the keys `"weights"`,
#   `"gradients"` and `"optimizer"`, each a whole number (`int`) of bytes on one rank. An unknown
#   strategy, or a world of less than one rank, is a `ValueError`.
# * `activation_bytes(batch, sizes)` returns the bytes of the activations in float32, a whole
#   number; `sizes` is the list $n_0, \dots, n_L$.


# %% task="a4_t1" role="answer"
def memory_per_rank(parameters, world, strategy):
    """Return bytes of "weights", "gradients" and "optimizer" on one rank, float32 and Adam."""
    raise NotImplementedError("a4_t1: count the numbers of each kind, then their bytes")


def activation_bytes(batch, sizes):
    """Return the bytes of all layers' inputs, kept in float32 for the way back."""
    raise NotImplementedError("a4_t1: which layers have an input?")


# %% task="a4_t1" role="check"
check("a4_t1")

# %% [markdown]
# **Before you look:** seven billion parameters on eight machines of 80 GB each. Which strategies
# fit, before the first sample has come?

# %% tags=["explore"]
course.use_style()
names = ["data parallel", "sharded optimizer", "fully sharded"]
ledgers = try_out("memory", lambda: {s: memory_per_rank(7_000_000_000, 8, s) for s in names})
if ledgers:
    course.plot_memory(ledgers, limit_bytes=80e9)

# %% [markdown]
# Plain data parallel does not fit: 112 GB, on each of the eight, however many there are. With the
# optimizer sharded it is 63 GB, which fits, and leaves 17 GB for activations. Fully sharded it is
# 14 GB, an eighth of the whole. More machines make the last bar as short as you like, the middle
# one never shorter than weights and gradients, 56 GB.

# %% [markdown]
# ## All-reduce round a ring
#
# The sum over all ranks is what data parallel training asks for in every step. The simplest way is
# to send everything to rank 0, which adds and sends back. But then rank 0 receives $n - 1$ tensors
# while all the others wait: with 1,000 ranks it takes 1,000 times as long as with one.
#
# On a **ring** nobody is special. Each rank sends to its right neighbour, rank $r + 1$, and
# receives from its left one, rank $r - 1$ (counted modulo $n$). The tensor is cut in $n$ chunks,
# and the chunks travel.
#
# 1. **Reduce-scatter**, $n - 1$ rounds. In round $k = 0, 1, \dots$ rank $r$ sends chunk $r - k$ to
#    the right, receives chunk $r - k - 1$ from the left, and **adds** what came to its own. At the
#    end rank $r$ has the complete sum of one chunk, number $r + 1$.
# 2. **All-gather**, $n - 1$ rounds. The complete chunks go round: in round $k$ rank $r$ sends chunk
#    $r + 1 - k$ and **replaces** its chunk $r - k$ by what comes in.
#
# All numbers of chunks are modulo $n$. Every rank sends $2 (n - 1)$ messages of $1/n$ of the
# tensor, together nearly twice the tensor, **however many ranks there are**.
#
# **By hand**, $n = 3$: rank 0 has $(1, 2, 3)$, rank 1 has $(10, 20, 30)$, rank 2 has $(100, 200,
# 300)$; a chunk is one number.
#
# | after | rank 0 | rank 1 | rank 2 |
# |---|---|---|---|
# | start | 1, 2, 3 | 10, 20, 30 | 100, 200, 300 |
# | reduce, round 0 | 1, 2, **303** | **11**, 20, 30 | 100, **220**, 300 |
# | reduce, round 1 | 1, **222**, 303 | 11, 20, **333** | **111**, 220, 300 |
# | gather, round 0 | **111**, 222, 303 | 11, **222**, 333 | 111, 220, **333** |
# | gather, round 1 | 111, 222, **333** | **111**, 222, 333 | 111, **222**, 333 |
#
# ### Task a4_t2: All-reduce round a ring (core, 12 points, about 60 minutes)
#
# Write `ring_all_reduce(x)`. Every rank calls it with a contiguous float tensor of the same shape
# (any shape, also smaller than $n$). Afterwards `x` **itself** holds the sum of all ranks' `x`.
#
# * Only `send`, `recv`, `isend`, `irecv`; the ready-made collectives are what you are building.
# * Each rank sends exactly $2(n-1)$ messages, all to its right neighbour, each of at most
#   $\lceil \text{size} / n \rceil$ numbers. A chunk may be empty; its message is sent all the same.
#   (`tensor_split` cuts a vector into chunks that are views.)
# * A rank that is alone sends nothing.


# %% task="a4_t2" role="answer"
def ring_all_reduce(x):
    """Replace x by the sum of all ranks' x, with nothing but messages round the ring."""
    raise NotImplementedError("a4_t2: cut x in chunks, add them up round the ring, then hand on")


# %% task="a4_t2" role="check"
check("a4_t2")

# %% [markdown]
# ## Who gets which samples
#
# Every rank works on its own samples, but nobody hands them out: each rank works out **by itself**
# which are its own. That only works if all of them come to the same plan. So the order of an epoch
# is drawn from a generator whose seed all ranks know, never from chance alone.
#
# Samples are dealt like cards: with the order $o_0, o_1, \dots$ rank $r$ gets
# $o_r, o_{r+n}, o_{r+2n}, \dots$ And all ranks have to take the same number of steps, or some
# would wait at the last collective for ever. So each gets $\lceil N / n \rceil$ samples; what is
# missing at the end is taken from the **beginning of the order** again (and again, if need be).
#
# **By hand.** $N = 5$ samples, $n = 2$ ranks, order $3, 0, 4, 1, 2$. Each gets 3, so six cards are
# dealt: $3, 0, 4, 1, 2, 3$. Rank 0 has $3, 4, 2$ and rank 1 has $0, 1, 3$.
#
# ### Task a4_t3: Who gets which samples (core, 8 points, about 30 minutes)
#
# Write `rank_indices(samples, rank, world, epoch, seed)`. It returns the list of sample numbers
# (Python `int`s from 0 to `samples - 1`) of one rank in one epoch, in the order in which it shall
# work on them.
#
# * The order is a random one of all samples; it depends on `samples`, `seed` and `epoch` and on
#   nothing else. Each epoch has its own, and so has each seed: epoch 1 of seed 0 is not epoch 0 of
#   seed 1. (`torch.Generator().manual_seed(...)` and `torch.randperm(n, generator=...)` do it.)
# * With no samples the list is empty.


# %% task="a4_t3" role="answer"
def rank_indices(samples, rank, world, epoch, seed):
    """Return the list of sample numbers that one rank works on in one epoch."""
    raise NotImplementedError("a4_t3: draw the order that all ranks agree on, and deal it")


# %% task="a4_t3" role="check"
check("a4_t3")

# %% [markdown]
# ## Data parallel
#
# Every rank has the whole model and its own samples. After the way back each has a gradient that
# belongs to its samples alone. If all then take the **mean over all samples**, and began from the
# same weights, their models stay the same for ever, without a weight being sent again.
#
# Let rank $r$ have worked on $s_r$ samples, and let its gradient $g_r$ be the mean over them. The
# mean over all samples is
#
# $$g = \frac{\sum_r s_r\, g_r}{\sum_r s_r}$$
#
# With equal shares this is the plain mean of the $g_r$; at the end of an epoch shares often
# differ. Someone may even have none: $s_r = 0$.
#
# **By hand.** Rank 0 saw 1 sample and has the gradient 6, rank 1 saw 3 samples and has 2. The mean
# is $(1 \cdot 6 + 3 \cdot 2) / 4 = 3$, and not 4.
#
# Real models bring three surprises.
#
# * **Tied parameters.** One tensor may be used in two places, and so be listed twice (the *same
#   object*, `a is b`). It has one gradient, which must be averaged once.
# * **Frozen parameters.** With `requires_grad` false there is no gradient, and none is sent.
# * **Unused parameters.** On one rank no sample may have needed a parameter: its `grad` is `None`
#   there. It counts as zero. The rank must take part all the same, because the others wait for it.
#
# ### Task a4_t4: Data parallel (core, 12 points, about 50 minutes)
#
# * `same_start(parameters)`, 3 points: afterwards all ranks have the weights of rank 0, in the same
#   tensors, frozen ones included. (A collective writes into a tensor; for one that requires a
#   gradient, use `parameter.detach()`, which is the same memory.)
# * `average_gradients(parameters, samples)`, 9 points: `samples` is this rank's $s_r$. Afterwards
#   `.grad` of every parameter that is not frozen is $g$, on every rank. At least one rank has
#   samples.
#
# `parameters` is a list of tensors, in the same order on all ranks. A few numbers besides the
# gradients may travel, such as the number of samples.


# %% task="a4_t4" role="answer"
def same_start(parameters):
    """Give every rank the weights of rank 0."""
    raise NotImplementedError("a4_t4: rank 0 tells, the others take over")


def average_gradients(parameters, samples):
    """Make every gradient the mean over the samples of all ranks."""
    raise NotImplementedError("a4_t4: weigh by samples, sum over ranks, divide")


# %% task="a4_t4" role="check"
check("a4_t4")


# %% [markdown]
# ## Four ranks against one
#
# Below a straight line is fitted twice: by one rank with all samples, and by four ranks with a
# quarter each, which begin from *different* weights and use your two functions.
#
# **Before you look:** how far apart will the two losses be after forty steps?


# %% tags=["explore"]
def train_line(steps=40):
    """Fit t = 3x - 1 on this rank's share of 64 samples; return the loss over all samples."""
    rank, world = dist.get_rank(), dist.get_world_size()
    x = torch.linspace(-1, 1, 64)[:, None]
    t = 3 * x - 1
    torch.manual_seed(rank)
    w, b = torch.randn(1, 1, requires_grad=True), torch.randn(1, requires_grad=True)
    same_start([w, b])
    losses = []
    for _ in range(steps):
        w.grad = b.grad = None
        mine = slice(rank, None, world)
        ((x[mine] @ w + b - t[mine]) ** 2).mean().backward()
        average_gradients([w, b], len(x[mine]))
        with torch.no_grad():
            w -= 0.1 * w.grad
            b -= 0.1 * b.grad
            losses.append(((x @ w + b - t) ** 2).mean().item())
    return losses


both = try_out(
    "training", lambda: {f"{n} ranks": course.run_ranks(train_line, n)[0] for n in (1, 4)}
)
if both:
    course.plot_error_curves(both)

# %% [markdown]
# One curve covers the other: the same training, four times the hands.

# %% [markdown]
# ## Accumulate, then talk
#
# A large batch may not fit into memory. Then it is cut in $k$ **micro-batches**: a way there and a
# way back for each, and the gradients add up in `.grad`, since `backward()` *adds*. Only then come
# the ranks' mean and the step. Two things go wrong easily. The gradients add up, so the factor
# $1/k$ has to come from you. And a conversation costs time, so it takes place **once**, at the end.
#
# With the loss $\ell(\theta, b)$, the mean over one micro-batch $b$, and equally large
# micro-batches $b_{r,1}, \dots, b_{r,k}$ on rank $r$, the gradient wanted is
#
# $$g = \frac{1}{n\,k} \sum_{r=0}^{n-1} \sum_{i=1}^{k} \nabla \ell(\theta, b_{r,i})$$
#
# **By hand.** Two ranks, two micro-batches each, with the slopes 1 and 3 on rank 0, 5 and 7 on
# rank 1: $g = 16 / 4 = 4$.


# %%
def squared_error(parameters, batch):
    """Return the mean squared error of x w + b for a batch (x, t)."""
    w, b = parameters
    x, t = batch
    return ((x @ w + b - t) ** 2).mean()


# %% [markdown]
# ### Task a4_t5: Accumulate, then talk (core, 8 points, about 30 minutes)
#
# Write `accumulated_gradients(parameters, loss, micro_batches)`. `loss(parameters, batch)` returns
# a scalar tensor, as `squared_error` does; `micro_batches` is a list of $k \ge 1$ batches, with the
# same $k$ on all ranks. All parameters require a gradient and are used. Afterwards each `.grad` is
# $g$ on every rank, whatever was in `.grad` before, and each gradient has travelled only once.


# %% task="a4_t5" role="answer"
def accumulated_gradients(parameters, loss, micro_batches):
    """Make every gradient the mean over all micro-batches of all ranks."""
    raise NotImplementedError("a4_t5: k ways back, then one conversation")


# %% task="a4_t5" role="check"
check("a4_t5")

# %% [markdown]
# ## A sharded optimizer
#
# In data parallel training every rank keeps Adam's two averages of *all* weights, and all ranks
# compute the same step. That is eight bytes a parameter, $n$ times, for one piece of knowledge.
#
# A **sharded** optimizer divides the work. Put all parameters one after the other into a vector of
# $P$ numbers, pad it with zeros up to a multiple of $n$, and cut it into $n$ shards of
# $S = \lceil P / n \rceil$ numbers. Rank $r$ looks after shard $r$:
#
# 1. **reduce-scatter** the gradients: rank $r$ gets the sum of all ranks' shard $r$, and divides it
#    by $n$. It never sees the rest.
# 2. one step of Adam on its shard of the weights, with averages $m$ and $v$ of $S$ numbers each,
# 3. **all-gather** the new weights: all ranks get all shards, and write them back.
#
# The step itself, for the mean gradient $g$ of the shard, with $t = 1, 2, \dots$ counting steps:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g, \qquad
# v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$
# $$w \leftarrow w - \eta \,\frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}$$
#
# **By hand.** Five weights and two ranks: $S = 3$, the vector is padded with one zero. Rank 0 looks
# after weights 0, 1, 2 and rank 1 after 3, 4 and the padding.
#
# What travels is no more than before: an all-reduce *is* a reduce-scatter and an all-gather, as you
# have built it in a4_t2.
#
# ### Task a4_t6: A sharded optimizer (core, 14 points, about 75 minutes)
#
# Write the class `ShardedAdam(parameters, lr, beta1, beta2, eps)`. `parameters` is a list of float
# tensors of one type and of any shapes, the same weights on all ranks. `step()` expects this rank's
# gradients in `.grad`, and leaves the new weights in the parameters.
#
# * `m` and `v` are vectors of $S$ numbers, zero at first, of the parameters' type; `t` counts the
#   steps taken.
# * What a rank hands over in a step, besides its gradients, is the $S$ weights of its own shard.
# * `torch.optim` is not allowed.


# %% task="a4_t6" role="answer"
class ShardedAdam:
    """Adam whose averages are spread over the ranks: each keeps those of its own shard."""

    def __init__(self, parameters, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        raise NotImplementedError("a4_t6: how large is a shard?")

    def step(self):
        """Average the gradients over the ranks, and take one step."""
        raise NotImplementedError("a4_t6: reduce-scatter, step, all-gather")


# %% task="a4_t6" role="check"
check("a4_t6")

# %% [markdown]
# ## Nobody holds the whole model
#
# The sharded optimizer still leaves all weights on every rank. **Fully sharded** training does not.
# Between its uses a layer exists nowhere as a whole: each rank keeps one shard of it. When the
# layer's turn comes, the ranks *gather* it, use it, and let it go again; then comes the next layer.
# So a rank never holds more than its shards and **one** whole layer.
#
# The price: the way back needs the weights once more, so they travel twice. For a layer
# $Y = \tanh(X W)$ with a weight $W$ of shape $(n_{in}, n_{out})$ and $P = n_{in} n_{out}$ numbers:
#
# 1. **There.** *All-gather* $W$, compute $Y$, keep $X$ and $Y$, let $W$ go.
# 2. **Back.** *All-gather* $W$ again. From the slope $D$ of this rank's loss with respect to $Y$
#    follow, with $\odot$ for the product entry by entry,
#    $$Z = D \odot (1 - Y \odot Y), \qquad \nabla_W = X^T Z, \qquad \nabla_X = Z\, W^T .$$
# 3. *Reduce-scatter* $\nabla_W$: rank $r$ gets the sum of all ranks' shard $r$, and divides it by
#    $n$. $\nabla_X$ is this rank's own, since every rank has its own rows.
#
# A shard is cut as before: the weight, row by row, as one vector of $P$ numbers, padded with zeros
# up to a multiple of $n$, in $n$ pieces of $S = \lceil P / n \rceil$ numbers.
#
# **By hand.** $W$ is the row $(1, 2, 3)$ of shape $(1, 3)$, and there are two ranks: $S = 2$, the
# shards are $(1, 2)$ and $(3, 0)$. The last zero is padding and no weight.
#
# ### Task a4_t7: Nobody holds the whole model (core, 12 points, about 60 minutes)
#
# * `shard_of(weight, rank, world)`, 2 points: the rank's shard, a vector of $S$ numbers.
# * the class `ShardedLayer(shard, shape)`, 10 points; `shard` is the rank's own piece, `shape` that
#   of the whole weight.
#   - `forward(x)` returns $\tanh(x W)$ for this rank's `x` of shape `(rows, n_in)`. The ranks may
#     have different numbers of rows. Each rank hands over its $S$ numbers, and no more.
#   - `backward(slope)` belongs to the last `forward`. It returns $\nabla_X$. In
#     `self.gradient` it leaves this rank's shard of the mean over the ranks of $\nabla_W$, a vector
#     of $S$ numbers. Each rank hands over its $S$ numbers again, and $n S$ numbers of its gradient.
#   - `self.shard` is the vector of this rank's weights. A training loop changes it between calls;
#     what counts is always what the shards hold **now**, on the way back too. Between the calls a
#     layer keeps its shard, `x` and the output, and no whole weight.
# * `torch.distributed.fsdp` is not allowed.


# %% task="a4_t7" role="answer"
def shard_of(weight, rank, world):
    """Return one rank's piece of a weight: as a vector, padded, cut in equal pieces."""
    raise NotImplementedError("a4_t7: a vector, some zeros, then cut")


class ShardedLayer:
    """tanh(x W), where each rank keeps one shard of W and sees the whole only while it is used."""

    def __init__(self, shard, shape):
        raise NotImplementedError("a4_t7: what does a rank keep?")

    def forward(self, x):
        """Return tanh(x W)."""
        raise NotImplementedError("a4_t7: gather, use, let go")

    def backward(self, slope):
        """Return the slope with respect to x; leave the shard of W's gradient in self.gradient."""
        raise NotImplementedError("a4_t7: gather again, reduce and scatter")


# %% task="a4_t7" role="check"
check("a4_t7")

# %% [markdown]
# Three layers of yours, trained by two ranks on rows that only one of them has seen. **Before you
# look:** each rank keeps half of every layer. Does the loss of all samples come down all the same?


# %% tags=["explore"]
def train_sharded(steps=60):
    """Fit sin(2 x) with three sharded layers; return the loss over all rows."""
    rank, world = dist.get_rank(), dist.get_world_size()
    torch.manual_seed(0)
    shapes = [(2, 16), (16, 16), (16, 1)]
    whole = [torch.randn(shape) / shape[0] ** 0.5 for shape in shapes]
    layers = [ShardedLayer(shard_of(w, rank, world), s) for w, s in zip(whole, shapes, strict=True)]
    x = torch.linspace(-1.5, 1.5, 64)[:, None]
    rows = torch.cat([x, torch.ones_like(x)], dim=1)[rank::world]
    wanted = 0.8 * torch.sin(2 * x)[rank::world]
    losses = []
    for _ in range(steps):
        y = rows
        for layer in layers:
            y = layer.forward(y)
        loss = ((y - wanted) ** 2).mean()
        slope = 2 * (y - wanted) / len(y)
        for layer in reversed(layers):
            slope = layer.backward(slope)
        for layer in layers:
            layer.shard = layer.shard - 0.2 * layer.gradient
        dist.all_reduce(loss)
        losses.append(loss.item() / world)
    return losses


sharded = try_out("fully sharded", lambda: course.run_ranks(train_sharded, 2)[0])
if sharded:
    course.plot_error_curves({"two ranks, half a model each": sharded})

# %% [markdown]
# ## A layer cut in pieces
#
# What if a single layer is too large? Take two layers,
#
# $$y = \mathrm{relu}(x W_1 + b_1)\, W_2 + b_2,$$
#
# with $x$ of shape $(B, n_{in})$, $W_1$ of $(n_{in}, h)$ and $W_2$ of $(h, n_{out})$. Cut $W_1$
# into **columns**: rank $r$ computes some of the $h$ hidden units, all by itself, since relu
# looks at each unit alone. Cut $W_2$ into the **rows** that belong to the same units: what rank $r$
# then has is one term of the sum over hidden units,
#
# $$y = \Bigl(\sum_r \mathrm{relu}(x W_1^{(r)} + b_1^{(r)})\, W_2^{(r)}\Bigr) + b_2 .$$
#
# Two layers, one all-reduce over $(B, n_{out})$ numbers. Mind the brackets around the sum.
#
# ### Task a4_t8: A layer cut in pieces (core, 8 points, about 35 minutes)
#
# * `shard_mlp(w1, b1, w2, b2, rank, world)` returns the four tensors of one rank in this order: its
#   columns of $W_1$, the same entries of $b_1$, the same rows of $W_2$, and $b_2$ whole. Pieces
#   follow each other in the order of the ranks; if $h$ is no multiple of `world`, the first ranks
#   get one unit more (as `tensor_split` does it).
# * `tensor_parallel_mlp(x, w1, b1, w2, b2)` gets the same `x` on all ranks and the rank's own
#   pieces; it returns $y$ on every rank, after one meeting of $B \cdot n_{out}$ numbers.


# %% task="a4_t8" role="answer"
def shard_mlp(w1, b1, w2, b2, rank, world):
    """Return one rank's part of the two layers: columns of the first, rows of the second."""
    raise NotImplementedError("a4_t8: which units does this rank look after?")


def tensor_parallel_mlp(x, w1, b1, w2, b2):
    """Return relu(x W1 + b1) W2 + b2 on every rank; each brings its part of the weights."""
    raise NotImplementedError("a4_t8: compute your part, then meet")


# %% task="a4_t8" role="check"
check("a4_t8")

# %% [markdown]
# ## A pipeline and its bubble
#
# A third way to cut a model: by depth. Rank 0 has the first layers, rank 1 the next, and so on;
# each is a **stage**. A batch would keep one stage busy and let all others wait. So it is cut in
# $m$ micro-batches that follow each other like cars on an assembly line.
#
# Let F$i$ be the way there of micro-batch $i$ in one stage and B$i$ its way back, and let each take
# one *tick*. F$i$ has to wait for F$i$ of the stage before; B$i$ for B$i$ of the stage **behind**,
# and for F$i$ of its own stage. For $n = 2$ stages and $m = 2$:
#
# | tick | 0 | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|---|
# | stage 0 | F0 | F1 | | | B0 | B1 |
# | stage 1 | | F0 | F1 | B0 | B1 | |
#
# Each way takes $m + n - 1$ ticks, of which a stage works $m$. It is idle for the rest, the
# **bubble**:
#
# $$\text{bubble} = \frac{n - 1}{m + n - 1}$$
#
# In the table each stage works in 4 of 6 ticks; the bubble is 1/3.
#
# ### Task a4_t9: A pipeline and its bubble (stretch, 12 points, about 60 minutes)
#
# * `bubble(stages, micro_batches)`, 2 points: the formula.
# * `pipeline_schedule(stages, micro_batches)`, 6 points: a list with one list a stage, all of the
#   same length $2 (m + n - 1)$, no longer; entry $k$ says what the stage does in tick $k$: `"F0"`,
#   `"B3"`, or `""` for nothing. Any schedule that keeps the rules above is right.
# * `pipeline_forward(weight, micro_batches)`, 4 points: run the way there. Each rank is a stage
#   that computes $\tanh(x W)$ with its own square `weight`. On rank 0 `micro_batches` is the list
#   of inputs, shape `(rows, size)`; on the other ranks it holds as many tensors of the same shapes,
#   whose contents mean nothing. The last rank returns the list of outputs, the others `[]`. Each
#   micro-batch is sent on by itself, as soon as it is done.


# %% task="a4_t9" role="answer"
def bubble(stages, micro_batches):
    """Return the share of time in which a stage of the pipeline has nothing to do."""
    raise NotImplementedError("a4_t9: idle ticks over all ticks")


def pipeline_schedule(stages, micro_batches):
    """Return one row a stage: what it does in each tick, such as "F0", "B0" or "" for nothing."""
    raise NotImplementedError("a4_t9: when can stage s begin with micro-batch i?")


def pipeline_forward(weight, micro_batches):
    """Return the outputs on the last rank, [] on the others; each rank is one stage."""
    raise NotImplementedError("a4_t9: receive, compute, send on")


# %% task="a4_t9" role="check"
check("a4_t9")

# %% [markdown]
# ## The bubble, live
#
# The panel draws **your** schedule. More stages, more bubble; more micro-batches, less.
#
# **Before you move the slider:** how many micro-batches do eight stages need so that they are idle
# for less than a fifth of the time?

# %% tags=["explore"]
panel = try_out("pipeline", lambda: course.pipeline_panel(pipeline_schedule, stages=4))
panel

# %% [markdown]
# Twenty-nine. The bubble is $7 / (m + 7)$: at 28 micro-batches it is exactly a fifth, and only then
# falls below it. As a rule, four micro-batches for each stage keep a pipeline busy for four fifths
# of its time, however long it is. More would be better still, were it not that each has to be large
# enough for its rank to be worth the trouble.

# %% [markdown]
# ## Compute it twice, keep it once
#
# Weights, gradients and averages can be spread over ranks. What is left are the **activations**:
# the way back needs what the way there has computed, block by block, and all of it is kept until
# then. **Checkpointing** keeps less. It lets the activations of a piece of the model go, keeps the
# input of the piece, and computes the piece *again* when the way back comes to it. It costs one
# more way there, and memory is often worth more than that.
#
# Cut a model of $L$ equal blocks in segments of $k$ blocks (the last may be shorter). Counted in
# outputs of one block, it keeps
#
# $$\underbrace{\lceil L / k \rceil}_{\text{inputs of the segments}} +
# \underbrace{\min(k, L)}_{\text{the segment that goes back right now}}$$
#
# instead of $L$. **By hand:** 16 blocks in segments of 4 keep $4 + 4 = 8$; in segments of 1 it is
# $16 + 1$, and in a single segment $1 + 16$.
#
# What computes again must come to the same values. For dropout that means: **the same mask**. So
# the state of the random generator is kept with the input, set back for the second computation,
# and afterwards put where it was before, as if nothing had happened.
#
# PyTorch lets you write both ways of a function yourself:
#
# ```python
# class Square(torch.autograd.Function):
#     @staticmethod
#     def forward(ctx, x, note):          # the way there: no gradients are recorded in here
#         ctx.save_for_backward(x)        # tensors for the way back; others as ctx.note = note
#         return x * x
#
#     @staticmethod
#     def backward(ctx, slope):           # one result for each argument of forward
#         (x,) = ctx.saved_tensors
#         return slope * 2 * x, None
#
# y = Square.apply(x, "a note")
# ```
#
# Inside `backward`, `with torch.enable_grad():` records gradients again, and `y.backward(slope)`
# goes back through what was recorded, into the weights' `.grad` as well. One trap: autograd calls
# `backward` only if some tensor among the arguments of `apply` requires a gradient. The first
# block's `x` is data and does not, while its weights, which are no argument, do. An empty tensor
# that requires a gradient, passed as one more argument, is enough.


# %%
class Block:
    """One block of a deep model: dropout(tanh(x W)). It calls `tell` whenever it computes."""

    def __init__(self, weight, drop=0.0, tell=None):
        self.weight, self.drop, self.tell = weight, drop, tell

    def __call__(self, x):
        """Return the block's output for x of shape (rows, size)."""
        if self.tell is not None:
            self.tell()
        return torch.nn.functional.dropout(torch.tanh(x @ self.weight), self.drop)


# %% [markdown]
# ### Task a4_t10: Compute it twice, keep it once (core, 12 points, about 50 minutes)
#
# * `checkpoint(function, x)`, 8 points: returns `function(x)` for a function like a `Block`, from
#   one tensor to one tensor. On the way there the function is called once, and nothing of what it
#   computes inside is kept. On the way back it is called **once more**, and the slopes go through
#   that second computation: into `x.grad`, if `x` requires a gradient, and into the `.grad` of
#   weights that the function uses, where they add up as always. The second computation meets the
#   same chance as the first (CPU, `torch.get_rng_state`), and leaves the chance of others alone.
# * `checkpointed(blocks, x, every)`, 2 points: the output of all blocks, one after the other, each
#   segment of `every` blocks as one checkpoint; the last may be shorter. So no block computes more
#   than twice.
# * `peak_activations(blocks, every)`, 2 points: the formula, a whole number. `every` below 1 is a
#   `ValueError`.
# * `torch.utils.checkpoint` is not allowed.


# %% task="a4_t10" role="answer"
def checkpoint(function, x):
    """Return function(x); compute it again on the way back, instead of keeping it."""
    raise NotImplementedError("a4_t10: keep the input and the state of chance, nothing else")


def checkpointed(blocks, x, every):
    """Return the output of all blocks, with one checkpoint for each `every` of them."""
    raise NotImplementedError("a4_t10: which blocks make a segment?")


def peak_activations(blocks, every):
    """Return how many outputs are kept at most: inputs of segments, and one segment."""
    raise NotImplementedError("a4_t10: how many segments, and how long is the longest?")


# %% task="a4_t10" role="check"
check("a4_t10")

# %% [markdown]
# **Before you look:** a hundred blocks. Which length of a segment keeps least, and how much less is
# it than a hundred?

# %% tags=["explore"]
peaks = try_out("peaks", lambda: [peak_activations(100, every) for every in range(1, 101)])
if peaks:
    course.plot_error_curves(
        {"100 blocks": peaks}, xlabel="blocks in a segment", ylabel="outputs kept"
    )

# %% [markdown]
# Segments of ten: ten inputs and ten blocks make 20, a fifth of a hundred. (The axis begins to
# count at 0, so they stand at 9.) Shorter segments have too many inputs, longer ones are too long
# themselves, and the best length is where both are alike, at the root of the number of blocks. And
# it need not be hit exactly: the valley is flat. All that for one more way there.

# %% [markdown]
# ## Half the bits
#
# Graphics cards multiply matrices of *bfloat16* many times faster than those of float32, and they
# take half the memory. A bfloat16 has the range of a float32, but only 8 significant bits: between
# 256 and 512 there are only the even numbers, so 257 becomes 256. For products of many rounded
# numbers this does little harm. For a *sum* of something large and something small it does: a step
# $\eta g$ below $w / 512$ leaves no trace in a bfloat16 weight, however many steps are taken.
#
# So one mixes. The **master weights** stay in float32, and so do the step and the loss; the
# products are made in bfloat16. PyTorch does the second part by itself inside
#
# ```python
# with torch.autocast("cuda", dtype=torch.bfloat16):   # or "cpu"
#     y = x @ w                                        # in bfloat16; w stays as it is
# ```
#
# ### Task a4_t11: Half the bits (stretch, 8 points, about 40 minutes)
#
# Write `mixed_step(weights, x, wanted, lr, device, every)`: one step of gradient descent on
# `device`, which is `"cpu"` or `"cuda"`.
#
# * `weights` is a list of float32 matrices, `x` and `wanted` are float32; all of them lie on the
#   CPU, and none of them is changed. The model is $\tanh(\dots\tanh(\tanh(x W_1) W_2)\dots W_L)$,
#   with its products under autocast in bfloat16; the loss is the mean of the squared errors, in
#   float32.
# * With `every` above 0, each segment of `every` layers is one checkpoint, the last may be shorter;
#   with 0 there are none. (`torch.utils.checkpoint.checkpoint(f, x, use_reentrant=False)` is
#   allowed here.)
# * It returns a dict: `"weights"`, the list of new float32 weights on the CPU, $W - \eta\,
#   \nabla_W$; `"loss"`, a `float`, from before the step; `"peak_bytes"`, an `int`: on `"cuda"` the
#   most that PyTorch has held during the call (`torch.cuda.reset_peak_memory_stats`,
#   `torch.cuda.max_memory_allocated`), on `"cpu"`, where PyTorch does not count, 0.
#
# Five points can be won without a graphics card. The other three **wait** until your answer has
# been graded on a machine that has one; until then they are neither lost nor won.


# %% task="a4_t11" role="answer"
def mixed_step(weights, x, wanted, lr, device, every):
    """Return new weights, loss and peak bytes of one step with products in bfloat16."""
    raise NotImplementedError("a4_t11: master weights, autocast, a loss and a step in float32")


# %% task="a4_t11" role="check"
check("a4_t11")

# %% [markdown]
# ## Which plan?
#
# You know the ways by now; the question of a real project is which of them to combine. $n$ ranks
# form a block of $d \times t \times p$: the data is cut in $d$, the layers in $t$ pieces, the depth
# in $p$ stages, and $d\,t\,p = n$. On top the $d$ ranks that hold the same piece may shard it.
#
# A model has $P$ `parameters` in $L$ `layers` of `width` $h$, and a step sees $B$ `rows`. A machine
# has $n$ `ranks` with `memory` $M$ (bytes), `speed` $F$ (operations a second), `bandwidth` $\beta$
# (bytes a second) and `latency` $\lambda$ (seconds a message), each of them for one rank.
#
# A **plan** is a dict with six entries: `"data"` $d$, `"tensor"` $t$, `"pipeline"` $p$,
# `"micro_batches"` $m$ (whole numbers of at least 1), `"sharding"` (`"none"`, `"optimizer"` or
# `"full"`) and `"checkpointing"` (`True` or `False`). It has to come out even: $t$ divides $h$, $p$
# divides $L$, $d$ divides $B$, and $m$ divides $B / d$.
#
# Write $Q = P / (t p)$ for the weights of a rank's piece, $R = B / d$ for its rows, $\ell = L / p$
# for its layers, and $A = 4 R h$ for the bytes of one layer's input. Then a rank **holds**, in
# bytes,
#
# | | `"none"` | `"optimizer"` | `"full"` |
# |---|---|---|---|
# | weights, gradients | $4Q + 4Q$ | $4Q + 4Q$ | $(4Q + 4Q) / d$ |
# | optimizer | $8Q$ | $8Q / d$ | $8Q / d$ |
# | the layer that is gathered | 0 | 0 | $4Q / \ell$ |
#
# and activations: $A \ell / t$, or with checkpointing $A / t + A \ell / (t m)$. A step **takes**,
# in seconds, the sum of
#
# | | seconds |
# |---|---|
# | work | $6 Q R / F$; with checkpointing $8 Q R / F$ |
# | bubble | work $\cdot\, (p - 1) / m$ |
# | data | $2 (d-1) \left( \frac{4 Q}{d \beta} + \lambda \right)$ |
# | data with `"full"` | instead $3 (d-1) \left( \frac{4 Q}{d \beta} + \ell \lambda \right)$ |
# | tensor | $4\, \ell\, m\, (t-1) \left( \frac{A}{m t \beta} + \lambda \right)$ |
# | pipeline, if $p > 1$ | $2 (m + p - 1) \left( \frac{A}{m \beta} + \lambda \right)$ |
#
# These are estimates, as one makes them before renting a cluster. You know where most of them come
# from: a ring sends $2(n-1)$ messages, a fully sharded weight travels three times, a stage waits.
#
# ### Task a4_t12: Which plan? (stretch, 10 points, about 60 minutes)
#
# Write `choose_plan(model, machine)`; `model` is a dict with `"parameters"`, `"layers"`,
# `"width"`, `"rows"`, `machine` one with `"ranks"`, `"memory"`, `"speed"`, `"bandwidth"`,
# `"latency"`. It returns a plan that a rank has memory for, as fast as you can find; `None` if
# there is none.
#
# How you search is up to you. Your plans are judged on models and machines that you have not seen,
# with up to a few thousand plans each: 3 points if they all come out even and fit, 1 point for
# `None` where it belongs and only there, and, with the time of the best plan divided by the time of
# yours, 3 points from a mean of 0.5 on and 3 more from 0.97 on. A plan that does not fit counts 0.


# %% task="a4_t12" role="answer"
def choose_plan(model, machine):
    """Return the fastest plan that fits, or None."""
    raise NotImplementedError("a4_t12: which plans are there, and what does each cost?")


# %% task="a4_t12" role="check"
check("a4_t12")

# %% [markdown]
# The same sixteen machines, and models that grow. **Before you look:** which of the six entries
# changes first?

# %% tags=["explore"]
cluster = {"ranks": 16, "memory": 24e9, "speed": 5e13, "bandwidth": 2e11, "latency": 1e-5}


def plans_for_growing_models():
    """Return a line for each model: how large it is, and your plan."""
    lines = []
    for layers, width in ((12, 1024), (24, 2048), (32, 4096), (48, 6144), (64, 12288)):
        parameters = 12 * layers * width**2
        model = {"parameters": parameters, "layers": layers, "width": width, "rows": 4096}
        lines.append(f"{parameters / 1e9:6.1f} billion: {choose_plan(model, cluster)}")
    return lines


print("\n".join(try_out("planning", plans_for_growing_models) or []))

# %% [markdown]
# Three at once: the data, and with it the depth, since the product of all cuts is sixteen, and the
# micro-batches that keep the stages busy. The fastest plans begin with four copies in four stages
# and end with a single copy in sixteen. At first it is time that drives them there, not memory:
# what ranks have to agree on grows with the weights, what a stage hands on only with the width. The
# 21.7 billion only just fit. For 116 billion there is no plan: sixteen bytes a weight, spread over
# sixteen machines, are 116 GB on each, however they are cut.

# %% [markdown]
# ## What it costs to agree
#
# So far all ranks met in every step: **synchronous** training. Nobody can go on before the slowest
# is there. In **asynchronous** training nobody waits: a worker fetches the weights, computes a
# gradient, and hands it in, while others have already moved the weights on. Its gradient is *late*.
#
# `course.simulate_workers` plays both on the loss $w^2 / 2$, without chance and without a clock:
# each worker needs a given number of ticks for a gradient. One of the four below is a *straggler*.
#
# **Before you look:** who is lower after 120 ticks, and is it still so with a learning rate six
# times as large?

# %% tags=["explore"]
for rate in (0.2, 1.2):
    curves = {
        way: course.simulate_workers([4, 5, 6, 12], rate, ticks=120, synchronous=way == "waiting")
        for way in ("waiting", "nobody waits")
    }
    course.plot_error_curves(curves, xlabel="ticks", ylabel="loss", title=f"learning rate {rate}")

# %% [markdown]
# At 0.2 whoever does not wait is lower, by a factor of hundreds. At 1.2 it is the other way round,
# by far more: both come down, but the curve of those who do not wait goes up again and again on its
# way. Why that is so is for you to say.

# %% [markdown]
# ### Task a4_t13: What it costs to agree (core, 8 points, about 35 minutes)
#
# Write about ten sentences. (a) How long does a synchronous step take, in terms of the workers'
# times, and where do you see it in the picture? (b) What is a late gradient, and why does a larger
# learning rate make it worse? Change rates and workers above until "nobody waits" no longer comes
# down at all while "waiting" does, and say which you used. (c) Compare data parallel,
# sharded optimizer and fully sharded: which of weights, gradients and averages does a rank hold, in
# bytes for a parameter and $n$ ranks, and
# what travels for it? A person reads and marks your answer.

# %% [markdown] task="a4_t13" role="written"
# *Your answer: replace this line.*

# %% [markdown]
# ## On cards of their own
#
# So far the ranks shared one computer's memory, and messages were copies within it. In earnest each
# rank has a graphics card, and cards talk to each other directly, over NCCL instead of gloo. In
# your code little changes, but that little is merciless: what lies in the computer's memory cannot
# travel. A forgotten `torch.zeros(5)` that should have been `x.new_zeros(5)` ends the program.
#
# ### Task a4_t14: On cards of their own (stretch, 6 points, about 50 minutes)
#
# Write `ranks_step(weights, x, wanted, lr, device, sharded)`: one step of gradient descent that all
# ranks take together. Every rank calls it, each with its own `x` and `wanted`, and all with the
# same number of rows.
#
# * The model is $\tanh(\dots\tanh(\tanh(x W_1) W_2)\dots W_L)$, and the loss the mean of the
#   squared errors, over the rows of **all** ranks. All matrices are square, of shape $(h, h)$, and
#   the number of ranks divides $h$. Everything is in float32.
# * All tensors come in on the CPU, and are not changed. The step itself happens on `device`:
#   `"cpu"`, or `"cuda"`, which then is the rank's own card.
# * Without `sharded`, `weights` is the list of matrices, the same on all ranks. With it, `weights`
#   holds this rank's shard of each, a vector of $h^2 / n$ numbers, cut as in a4_t7. Then a whole
#   matrix exists only while it is used: each is gathered on the way there and again on the way
#   back, and slopes are reduced and scattered.
# * It returns a dict as `mixed_step` does: `"weights"`, the new ones, on the CPU and in the form in
#   which they came in; `"loss"`, a `float`, from before the step, the same on all ranks;
#   `"peak_bytes"`, an `int`, 0 on `"cpu"`.
#
# **By hand.** Two ranks, one matrix of zeros with $h = 2$, and a rate of 1. Rank 0 has the row
# $(1, 0)$ and wants $(1, 1)$, rank 1 has $(0, 1)$ and wants $(2, 2)$. All outputs are 0, so the
# loss is $(1 + 1 + 4 + 4) / 4 = 2.5$, and the slopes are $-2/4$ and $-4/4$: the new rows are
# $(0.5, 0.5)$ and $(1, 1)$, and with `sharded` each rank returns one of them.
#
# Three points can be won without a graphics card. The other three **wait** for a machine with two;
# until then they are neither lost nor won.


# %% task="a4_t14" role="answer"
def ranks_step(weights, x, wanted, lr, device, sharded):
    """Return new weights (or shards), loss and peak bytes of one step of all ranks together."""
    raise NotImplementedError(
        "a4_t14: there, back, and the ranks meet; where does each tensor lie?"
    )


# %% task="a4_t14" role="check"
check("a4_t14")

# %% [markdown]
# # Many cores, one answer
#
# Your computer has several cores, and a Python program uses one of them. To use the others you cut
# the work into pieces, hand them out, and put the results together. Three things go wrong with
# that. The answer changes, because two processes wrote at the same time or drew the same random
# numbers. The program gets *slower*, because it carries data around instead of computing. Or
# something stays behind: a process, or a piece of memory that nobody frees.
#
# In this notebook you learn to do it right: the same answer with one, two or four processes,
# nothing copied that need not be, nothing left behind.
#
# | task | what you do | level | points | expect |
# |---|---|---|---|---|
# | a5_t1 | cut work into chunks | core | 6 | 15 min |
# | a5_t2 | multiply matrices that lie in shared memory | core | 14 | 75 min |
# | a5_t3 | multiply by blocks, and in an order that a cache likes | core | 11 | 50 min |
# | a5_t4 | keep a crew of processes, and write a script for spawned ones | core | 14 | 60 min |
# | a5_t5 | fit linear models to a file that is never read as a whole | core | 12 | 60 min |
# | a5_t6 | find the best split of a tree, features spread over workers | stretch | 8 | 45 min |
# | a5_t7 | grow a random forest that is the same on any number of cores | core | 12 | 45 min |
# | a5_t9 | repair deposits that get lost | core | 7 | 30 min |
# | a5_t13 | find the order with the fewest cache misses | stretch | 8 | 60 min |
# | a5_t14 | say where the time goes | core | 8 | 35 min |
#
# *Core* tasks are for everybody; *stretch* tasks are for those who want more. No task needs the
# answer to another one. Each coding task ends with a cell `check("...")`, which answers at once on
# examples small enough for pencil and paper. Your points come from other examples, in which your
# processes are watched from outside: who computed what, how many bytes they sent each other, what
# they left behind. **No point depends on how fast your computer is.**
#
# You need NumPy, functions and classes. You need not have seen two processes work together.

# %%
import multiprocessing
import os
import subprocess
import sys
import tempfile
from multiprocessing import shared_memory
from pathlib import Path

import numpy as np

import course
from course import check

fork = multiprocessing.get_context("fork")


def try_out(name, run):
    """Return run(), or say why it cannot run yet and return None."""
    try:
        return run()
    except Exception as problem:
        lines = (str(problem) or type(problem).__name__).splitlines()
        print(f"{name} cannot run yet. {lines[-1] if lines else ''}")
        print("Finish its task, then run this cell again.")


# %% [markdown]
# ## Processes, from a notebook
#
# A **process** has its own memory. What one writes, another does not see. There are two ways to
# start one:
#
# * **fork**: the new process is a copy of this notebook at this moment. It knows your functions and
#   your data. `fork.Process(target=f, args=(1, 2))` prepares one that calls `f(1, 2)`, `.start()`
#   begins it, `.join()` waits for its end. Afterwards `.exitcode` is 0 if all went well, and 1 if
#   `f` raised. What `f` returns is lost.
# * **spawn**: the new process begins empty, imports what it is told to, and knows nothing of your
#   notebook. It is the only way on Windows, and the usual one on a Mac.
#
# Whatever is handed to a process that is running already, and whatever comes back, is *pickled*:
# turned into bytes, written to a pipe, read and built up anew. A function is pickled as its
# **name**. That is why a `lambda` cannot be sent, and why a worker must have been forked *after*
# the cell that defines the function: else the name means nothing to it.
#
# **In a notebook** use `fork`; everything below does. With `spawn`, a function of a cell cannot be
# found at all. Put it into a `.py` file and import it, or let it take its code along:
# `course.portable(f)` does that. In the cell below one process is started either way.
#
# **Before you run it:** which of the two processes knows the value of `secret`?

# %% tags=["explore"]
secret = "known to the notebook"


def tell():
    """Print, in another process, what it knows; end well if it knows the secret."""
    sys.exit(0 if "secret" in globals() and secret.startswith("known") else 3)


for way in ("fork", "spawn"):
    target = tell if way == "fork" else course.portable(tell)
    other = multiprocessing.get_context(way).Process(target=target)
    other.start()
    other.join()
    print(way, "ended with", other.exitcode)

# %% [markdown]
# Both do: the forked one has a copy of everything, and the portable function took along what it
# uses. Now take `course.portable` away and run the cell again. (Restore it afterwards.)
#
# ## Chunks
#
# Work on $n$ items is cut into **chunks**: neighbouring items from `start` up to, but without,
# `stop`. As few sizes as possible shall occur: everybody waits for the largest one.
#
# With $n = 10$ items and 4 workers, ten divided by four is 2, with a remainder of 2. So two chunks
# have one item more: $(0, 3), (3, 6), (6, 8), (8, 10)$.
#
# ### Task a5_t1: Chunks (core, 6 points, about 15 minutes)
#
# `chunks(n, workers)` returns a list of pairs `(start, stop)` of whole numbers.
#
# * Together they hold the items $0, \dots, n - 1$, each once and in order.
# * Their sizes differ by one at most; the larger chunks come first.
# * No chunk is empty. So with fewer items than workers there are only $n$ chunks, and with $n = 0$
#   the list is empty.
# * A negative `n`, or less than one worker, is a `ValueError`.


# %% task="a5_t1" role="answer"
def chunks(n, workers):
    """Return pairs (start, stop): at most `workers` chunks of n items, none of them empty."""
    raise NotImplementedError("a5_t1: how large is a chunk, and how many are larger by one?")


# %% task="a5_t1" role="check"
check("a5_t1")

# %% [markdown]
# ## Cores at work, live
#
# The panel gives 24 jobs of different lengths to cores, one of **your** chunks each. Before that
# comes a part that only one core can do, such as reading a file. If this *serial* part is a share
# $s$ of all the work, then $p$ cores are faster by at most
#
# $$\text{speed-up} \le \frac{1}{s + (1 - s)/p},$$
#
# which is **Amdahl's law**. Even with endless cores it is never more than $1/s$.
#
# **Before you move the sliders:** with ten per cent serial, how many cores does it take to be five
# times as fast? And why do the chunks stay below the bound even with nothing serial?

# %% tags=["explore"]
course.use_style()
panel = try_out("a5_t1", lambda: course.cores_panel(chunks, workers=4, serial=10))
panel

# %% [markdown]
# Nine, if the chunks came out even: $1 / (0.1 + 0.9 / 9) = 5$. The first four cores bring three of
# the five, and the next five cores bring the rest; no number of cores brings more than ten. And the
# chunks stay below the bound because jobs have different lengths: all wait for the core whose chunk
# happens to hold the long ones.

# %% [markdown]
# ## Matrices in shared memory
#
# Let $C = A B$ with $A$ of shape $(n, k)$ and $B$ of shape $(k, m)$. Each row of $C$ depends on
# one row of $A$ and on all of $B$, so rows may be computed in any order, or all at once. One
# process computes one chunk of rows.
#
# Sending $A$ and $B$ to every process and $C$ back would cost more than the product itself.
# **Shared memory** is memory that several processes see at the same time.
#
# **Before you run it:** `double` runs in another process, and returns nothing. What will the
# notebook print? And what, if `numbers` were an ordinary array?

# %% tags=["explore"]
segment = shared_memory.SharedMemory(create=True, size=3 * 8)
numbers = np.ndarray((3,), dtype=np.float64, buffer=segment.buf)
numbers[:] = [1.0, 2.0, 3.0]


def double():
    """Change the numbers; a forked process sees the same memory, not a copy."""
    numbers[:] *= 2


worker = fork.Process(target=double)
worker.start()
worker.join()
print(numbers)  # another process changed them
mine = numbers.copy()  # an ordinary array: it stays when the segment is gone
del numbers
segment.close()  # this process needs it no longer
segment.unlink()  # nobody does: free the memory

# %% [markdown]
# It prints `[2. 4. 6.]`, since both processes look at the same three numbers. An ordinary array
# would have been copied by the fork; the other process would have doubled its copy, and here you
# would read 1, 2, 3 as if nothing had happened.
#
# A segment belongs to no process. If nobody calls `unlink`, it stays in memory after the program
# has ended. So `unlink` has to be called **whatever happens**, also if a worker fails: that is
# what `try` and `finally` are for. After `close` the memory is gone from under an array that used
# it, and a glance at that array would end the whole program: copy what you need, and `del` the
# array first. A segment of no bytes cannot be made.
#
# ### Task a5_t2: Matrices in shared memory (core, 14 points, about 75 minutes)
#
# Write `shared_matmul(a, b, workers, began)`. It returns $A B$ as an ordinary float64 array, for
# `a` of shape $(n, k)$ and `b` of shape $(k, m)$; any of the three may be zero.
#
# * The rows of $C$ are cut into $\min(\text{workers}, n)$ chunks as in a5_t1
#   (`np.array_split(range(n), ...)` does the same). Each is computed by a process of its own, and
#   all of them are at work **at the same time**.
# * In its process, each chunk calls `began(start, stop)` once, before it computes. With it, the
#   notebook learns who did what.
# * Numbers of matrices go through shared memory, not through pipes. (A forked process sees `a` and
#   `b` without anything being sent.)
# * If a process fails, `shared_matmul` raises a `RuntimeError`, after all of them have ended.
# * At the end, **also when it raises**, no process is running and no segment is left.


# %% task="a5_t2" role="answer"
def shared_matmul(a, b, workers, began):
    """Return a @ b, each chunk of rows computed in a process of its own, through shared memory."""
    raise NotImplementedError("a5_t2: one shared C, one process a chunk, and a finally")


# %% task="a5_t2" role="check"
check("a5_t2")

# %% [markdown]
# ## Blocks and caches
#
# Rows are one way to cut a product; **blocks** are another. Cut each matrix in two by two blocks:
#
# $$\begin{pmatrix} C_{11} & C_{12} \\ C_{21} & C_{22} \end{pmatrix} =
# \begin{pmatrix} A_{11} B_{11} + A_{12} B_{21} & A_{11} B_{12} + A_{12} B_{22} \\
# A_{21} B_{11} + A_{22} B_{21} & A_{21} B_{12} + A_{22} B_{22} \end{pmatrix}$$
#
# That are eight smaller products that need nothing of each other. *Fork*: start all of them.
# *Join*: wait for all, then add. Applied again to the small products this is the recursive
# algorithm that Strassen improved.
#
# Blocks also help a single core. Memory is a hundred times slower than the processor, so a
# **cache** keeps what was used last. Memory comes in *lines* of neighbouring numbers; matrices lie
# row by row. Asking for a number whose line is there is a *hit*, otherwise it is a *miss*.
# A product takes $n k m$ steps, and step $(i, l, j)$,
#
# $$C_{ij} \leftarrow C_{ij} + A_{il} B_{lj},$$
#
# asks for three numbers. The result does not depend on the order of the steps. The misses do. In
# the order $i, j, l$ the innermost loop walks *down* a column of $B$, a new line in each
# step. **Tiles** help: take pieces of $t$ indices of each kind, and finish all steps with
# these indices before going on to others. If the three tiles fit into the cache, each is fetched
# once.
#
# `course.count_misses(order, n, k, m, lines=..., line=...)` plays a cache of `lines` lines of
# `line` numbers each, which throws out the line that was not used for longest.
#
# ### Task a5_t3: Blocks and tiles (core, 11 points, about 50 minutes)
#
# * `block_matmul(a, b, fork_join)`, 5 points: returns $A B$ by the eight products above. Rows and
#   columns are cut at `size // 2`, so blocks may differ in size. `fork_join(pairs)` takes a list of
#   pairs `(left, right)`, multiplies all of them at the same time, and returns the list of the
#   products. Call it **once**, with the eight pairs in any order. All sizes are at least 2.
# * `tiled_order(n, k, m, tile)`, 6 points: returns the steps as an array of whole numbers of shape
#   $(n k m, 3)$ with rows $(i, l, j)$, tile by tile. A tile has `tile` indices of each kind, fewer
#   at the ends. Order the tiles, and the steps of a tile, as you like: judged is that each
#   step occurs once, that a tile is finished before the next, and the misses of a cache
#   that holds three tiles.


# %% task="a5_t3" role="answer"
def block_matmul(a, b, fork_join):
    """Return a @ b, put together from eight products of blocks, all started at once."""
    raise NotImplementedError("a5_t3: cut both in four, multiply eight pairs, add")


def tiled_order(n, k, m, tile):
    """Return all steps (i, l, j) of the product, those of a tile beside each other."""
    raise NotImplementedError("a5_t3: three loops over tiles, three inside of them")


# %% task="a5_t3" role="check"
check("a5_t3")

# %% [markdown]
# **Before you look:** a cache of 16 lines of 4 numbers, matrices of 16 by 16. Which of the three
# matrices misses most in the order $i, j, l$, and which when tiled?

# %% tags=["explore"]
one_by_one = np.array([(i, l, j) for i in range(16) for j in range(16) for l in range(16)])
orders = {"i, j, l": one_by_one}
tiles = try_out("a5_t3", lambda: np.asarray(tiled_order(16, 16, 16, 4)))
if tiles is not None:
    orders["tiles of 4"] = tiles
runs = {
    name: course.count_misses(order, 16, 16, 16, lines=16, line=4) for name, order in orders.items()
}
figure = course.plot_misses(runs, steps=16**3)

# %% [markdown]
# In the order $i, j, l$ it is $B$, and it misses *every* time: 4096 steps, 4096 misses. Walking
# down a column touches 16 lines, and before the walk comes by again the cache has thrown them out,
# with three of their four numbers never used. With tiles no matrix misses more than 256 times,
# since the twelve lines of three tiles stay until the tile is done. The arithmetic is the same, to
# the last multiplication.

# %% [markdown]
# ## A crew that stays
#
# Starting a process takes milliseconds, so one does not start one for each little task. A **pool**
# keeps a few workers and hands them tasks through a queue. `fork.Pool(3)` is one; `.map`,
# `.imap_unordered` and `.apply_async` hand out work; `.close()` says that no more will come, and
# `.join()` waits for the workers to leave. An exception in a worker is pickled, sent back, and
# raised where the result is asked for.
#
# **The main guard.** With `spawn`, a worker has to *import* your script to find its functions.
# Importing runs it from top to bottom. If the script starts a pool at the top, then so does each
# worker, and so does each of theirs. Python stops that with an error. What only the program
# itself should do stands below `if __name__ == "__main__":`, since an imported script has another
# name.
#
# ### Task a5_t4: A crew, and a script (core, 14 points, about 60 minutes)
#
# The class `Crew(workers)`, 11 points, starts its processes by `fork` when it is made and uses
# the same ones until it is closed. `function` is a function of a cell above, or one that you
# are given; items and results can be pickled.
#
# * `crew.map(function, items)` returns the list of results, in the order of the items. If the
#   function raises, so does `map`: an exception of the same type. The crew still works afterwards.
# * `crew.as_done(function, items)` returns a list of pairs `(position, result)` in the order in
#   which they were **done**: an item that takes long comes late.
# * `crew.start(function, item)` returns at once, with an object whose `get()` waits for the result.
# * `crew.close()` lets calls that have begun come to their end, and returns when all processes have
#   ended.
#
# `SCRIPT`, 3 points, is the text of a program. Called as `python squares.py 3 -1 2` it prints the
# list of the squares, here `[9, 1, 4]`, and nothing else. The squares are computed by a pool of
# two **spawned** processes. When the program is only imported, it starts and prints nothing.


# %%
def run_script(text, *numbers):
    """Run a program with numbers as its arguments; return what it printed, errors included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "squares.py")
        path.write_text(text, encoding="utf-8")
        command = [sys.executable, str(path), *map(str, numbers)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=40)
    return (done.stdout + done.stderr[-500:]).strip()


def import_script(text):
    """Import a program, where no process may be started; return what it printed, errors too."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "squares.py").write_text(text, encoding="utf-8")
        alone = "import multiprocessing as m; m.current_process()._config['daemon'] = True; "
        command = [sys.executable, "-c", alone + "import squares", "3"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=40, cwd=folder)
    return (done.stdout + done.stderr[-500:]).strip()


# %% task="a5_t4" role="answer"
class Crew:
    """A few processes that stay, and work on what they are given."""

    def __init__(self, workers):
        raise NotImplementedError("a5_t4: start the processes once")

    def map(self, function, items):
        """Return the results in the order of the items."""
        raise NotImplementedError("a5_t4: hand the items out, and keep their order")

    def as_done(self, function, items):
        """Return pairs (position, result) in the order in which they were done."""
        raise NotImplementedError("a5_t4: take what comes, and remember where it belongs")

    def start(self, function, item):
        """Begin one call; return an object whose get() waits for its result."""
        raise NotImplementedError("a5_t4: do not wait here")

    def close(self):
        """Return when all processes have ended."""
        raise NotImplementedError("a5_t4: say that no more comes, then wait")


SCRIPT = ""  # a5_t4: the program


# %% task="a5_t4" role="check"
check("a5_t4")

# %% [markdown]
# ## More data than memory
#
# Linear models learn by gradient descent. With a row $x$ of features, a target $y$ and the margin
# or prediction $z = x \cdot w$, three losses give three models:
#
# | kind | model | target | loss | its derivative by $z$ |
# |---|---|---|---|---|
# | `"linear"` | linear regression | any number | $\frac12 (z - y)^2$ | $z - y$ |
# | `"logistic"` | logistic regression | $\pm 1$ | $\log(1 + e^{-y z})$ | $-y / (1 + e^{y z})$ |
# | `"hinge"` | support-vector machine | $\pm 1$ | $\max(0, 1 - y z)$ | $-y$ if $y z < 1$, else 0 |
#
# The gradient of a row's loss is this derivative times $x$, and the gradient over all rows is the
# **mean** over them. A sum can be computed in parts, so rows may be spread over processes:
# *data-parallel*. (*Task-parallel* is the other way: each worker takes some coordinates of the
# gradient. Then every worker needs all rows. You meet it again in a5_t6, where each takes some
# features.)
#
# The table may be larger than memory. `np.load(path, mmap_mode="r")` returns an array that looks
# like any other, but reads from the file only what is asked for. So each process opens the file
# itself, takes a chunk of rows, computes, and forgets them. What is sent to it is where to begin
# and where to stop.
#
# **By hand.** One feature, the rows $(x, y) = (1, 2)$ and $(3, 2)$, $w = 0$, linear: the
# derivatives are $-2$ and $-2$, the row gradients $-2$ and $-6$, their sum $-8$ and their mean
# $-4$. With a rate of 0.1 the next weight is 0.4.
#
# ### Task a5_t5: More data than memory (core, 12 points, about 60 minutes)
#
# The file at `path` holds a float64 table; the last column is $y$, the others are the features.
#
# * `chunk_gradient(kind, path, start, stop, w)`, 5 points: the **sum** of the row gradients of the
#   rows `start` to `stop`, an array like `w`. It must stand large numbers: $e^{1000}$ overflows,
#   and no result may be NaN. An unknown kind is a `ValueError`.
# * `descend(kind, path, steps, rate, workers, chunk_rows, began)`, 7 points: the weights after
#   `steps` steps $w \leftarrow w - \text{rate} \cdot g$ from $w = 0$, where $g$ is the mean
#   gradient over all rows. One group of `workers` processes serves all steps. In each step each row
#   is used once, in chunks of `chunk_rows` rows (the last may be shorter). Before a process
#   computes a chunk, it calls `began(start, stop)`. Rows are not sent to the processes. At the end
#   none of them is running.


# %%
def save_table(table):
    """Write a table to a file of its own; return its path."""
    handle, path = tempfile.mkstemp(suffix=".npy")
    os.close(handle)
    np.save(path, np.asarray(table, dtype=np.float64))
    return path


# %% task="a5_t5" role="answer"
def chunk_gradient(kind, path, start, stop, w):
    """Return the sum of the gradients of some rows of the table in a file."""
    raise NotImplementedError("a5_t5: open the file, take the rows, derivative times features")


def descend(kind, path, steps, rate, workers, chunk_rows, began):
    """Return the weights after some steps of gradient descent, rows spread over processes."""
    raise NotImplementedError("a5_t5: in each step hand out chunks, add what comes back, divide")


# %% task="a5_t5" role="check"
check("a5_t5")

# %% [markdown]
# **Before you look:** two classes, and one point far away on the right side. Which of the three
# lines will it pull?

# %% tags=["explore"]
generator = np.random.default_rng(0)
side = np.repeat([-1.0, 1.0], 60)
cloud = generator.normal(size=(120, 2)) * 0.6 + side[:, None] * [1.0, 0.6]
cloud, side = np.vstack([cloud, [[9.0, -2.0]]]), np.append(side, 1.0)
place = save_table(np.column_stack([cloud, np.ones(121), side]))


def nobody_listens(start, stop):
    """Stand where the grader's function stands."""


def fit_all():
    """Fit the three models."""
    kinds = ("linear", "logistic", "hinge")
    return {kind: descend(kind, place, 150, 0.3, 2, 64, nobody_listens) for kind in kinds}


lines = try_out("a5_t5", fit_all)
if lines:
    import matplotlib.pyplot as plt

    ends = np.array([-2.5, 9.5])
    for sign, marker in ((-1, "o"), (1, "^")):
        plt.scatter(*cloud[side == sign].T, s=14, marker=marker, label=f"y = {sign}")
    for (kind, (first, second, bias)), dash in zip(lines.items(), ("-", "--", ":"), strict=True):
        plt.plot(ends, -(first * ends + bias) / second, dash, label=kind)
    plt.gca().set(ylim=(-4, 4), xlabel="first feature", ylabel="second feature")
    plt.legend(loc="upper right")
Path(place).unlink()

# %% [markdown]
# Only that of linear regression. It wants the margin to be *equal* to 1, so a point that is far on
# the right side is as wrong to it as one that is on the wrong side, and the whole line turns for
# its sake. The other two are content with it: their slope at a large margin is nearly or exactly
# zero, and their lines lie almost on top of each other.

# %% [markdown]
# ## The best split of a tree
#
# A regression tree asks one question at a time: is feature $f$ at most $t$? The rows that answer
# *yes* go left, the others right, and each side predicts its mean. The **loss** of a split
# is the sum of the squared distances to these means, over both sides. Thresholds between two
# neighbouring values all split alike; one takes the middle.
#
# **By hand.** One feature with the values $1, 2, 4$ and targets $0, 0, 6$. At $t = 1.5$ the
# right side has the mean 3: the loss is $0 + 18$. At $t = 3$ it is $0 + 0$. So 3 it is.
#
# ### Task a5_t6: The best split (stretch, 8 points, about 45 minutes)
#
# * `split_column(x, y)`, 4 points: the pair `(loss, threshold)` of the best split of one feature.
#   Both sides must have a row; of equally good ones the smallest threshold. If all values of `x`
#   are equal there is none: return `None`. It sorts once and goes through the thresholds with
#   running sums. (Large targets: subtract their mean first.)
# * `best_split(table, y, workers, began)`, 4 points: the pair `(feature, threshold)` with the
#   smallest loss over all columns of `table`, of equal ones the first column; `None` if no column
#   can be split. The columns are spread over `workers` processes that work at the same time; each
#   column calls `began(column)` once in its process. At the end none is running.


# %% task="a5_t6" role="answer"
def split_column(x, y):
    """Return (loss, threshold) of the best split of one feature; None if there is none."""
    raise NotImplementedError("a5_t6: sort, then running sums from the left and from the right")


def best_split(table, y, workers, began):
    """Return (feature, threshold) of the best split, the columns spread over processes."""
    raise NotImplementedError("a5_t6: one task a column, then the smallest loss")


# %% task="a5_t6" role="check"
check("a5_t6")

# %% [markdown]
# ## A forest that is always the same
#
# A **random forest** asks many trees and takes their mean. Each is grown on a *bootstrap*: as many
# rows as there are, drawn at random **with replacement**, so some come twice and about 37 % not
# at all. Trees do not need each other, so they can grow at the same time.
#
# The trap is chance itself. A forked process gets a *copy* of NumPy's generator, in the same
# state: all workers then draw the same "random" rows, and the forest is one tree, many times.
# Seeds such as `seed + tree` are not good either: tree 1 of seed 7 is tree 0 of seed 8. What
# helps is to give each **tree**, not each worker, a generator of its own.
# `np.random.SeedSequence(seed).spawn(count)` makes as many independent seeds as you want, and
# `np.random.default_rng(...)` takes one.
#
# ### Task a5_t7: A forest that is always the same (core, 12 points, about 45 minutes)
#
# `grow_forest(fit_tree, rows, trees, seed, workers)` draws a bootstrap for each tree, an array of
# `rows` whole numbers from 0 to `rows - 1`, calls `fit_tree(bootstrap)` in one of `workers`
# processes, and returns the list of the results, tree 0 first.
#
# * The forest depends on `rows`, `trees` and `seed`, **not on the number of workers**. Every tree,
#   and every seed, has a bootstrap of its own.
# * As many trees grow at the same time as there are workers. At the end no process is running.
# * NumPy's global generator stays as it is. No trees are an empty list.


# %% task="a5_t7" role="answer"
def grow_forest(fit_tree, rows, trees, seed, workers):
    """Return what fit_tree returned for the bootstrap of each tree, in order."""
    raise NotImplementedError("a5_t7: a seed for each tree, then a pool")


# %% task="a5_t7" role="check"
check("a5_t7")

# %% [markdown]
# **Before you look:** what will 25 trees of depth 4 make of a noisy sine, and what one of them
# alone?

# %% tags=["explore"]
from sklearn.tree import DecisionTreeRegressor

xs = np.sort(np.random.default_rng(1).uniform(0, 6, 80))
ys = np.sin(xs) + np.random.default_rng(2).normal(0, 0.25, 80)
grid = np.linspace(0, 6, 300)


def fit_tree(bootstrap):
    """Grow one tree on some rows; return its curve."""
    tree = DecisionTreeRegressor(max_depth=4).fit(xs[bootstrap, None], ys[bootstrap])
    return tree.predict(grid[:, None])


curves = try_out("a5_t7", lambda: np.array(grow_forest(fit_tree, 80, 25, 0, 2)))
if curves is not None:
    import matplotlib.pyplot as plt

    plt.plot(xs, ys, ".", color="0.5", label="data")
    plt.plot(grid, curves[0], label="one tree", linewidth=1)
    plt.plot(grid, curves.mean(axis=0), label="forest of 25")
    plt.gca().set(xlabel="x", ylabel="y")
    plt.legend()

# %% [markdown]
# **The same forest on a cluster.** Dask spreads tasks over many machines. Here the "cluster" is
# two workers inside this notebook, because those start at once; `processes=True` would make a
# process of each, and for real machines an address takes the place of `LocalCluster`. What you
# write to hand out work stays the same. Since a tree's chance belongs to the tree, so does the
# forest. (Boosting is different: each stage fits what the stages before left over, so stages come
# one after another, and only the work *inside* a stage, such as the search for the best split,
# can be spread.)
#
# **Before you look:** threads instead of processes, and another library hands out the work. Will it
# be the same forest to the last digit, or only one like it?


# %% tags=["explore"]
def grow_on_dask(trees, seed):
    """Grow the forest of a5_t7 on a Dask cluster of two workers."""
    import logging

    from dask.distributed import Client, LocalCluster

    quiet = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
    workers = {"n_workers": 2, "threads_per_worker": 1, "processes": False}
    with LocalCluster(**workers, **quiet) as cluster, Client(cluster) as client:
        bootstraps = grow_forest(list, 80, trees, seed, 1)
        return np.array(client.gather(client.map(fit_tree, bootstraps)))


on_dask = try_out("Dask", lambda: grow_on_dask(25, 0))
if on_dask is not None and curves is not None:
    print("the same forest:", np.array_equal(on_dask, curves))

# %% [markdown]
# The same, to the last digit, if your forest depends on nothing but its rows, its trees and its
# seed. The rows of each tree are drawn before anybody works on them, so it does not matter who
# does, and when. That is what makes a result worth reporting: somebody with another machine can get
# it again.

# %% [markdown]
# ## Deposits that get lost
#
# Two processes put money into one account. Each reads the balance, adds its amount, and writes the
# result. If both read before either writes, one deposit is lost:
#
# | first process | second process | balance |
# |---|---|---|
# | reads 100 | | 100 |
# | | reads 100 | 100 |
# | writes 110 | | 110 |
# | | writes 105 | **105** |
#
# This is a **race**. It may go well a thousand times, since the steps must interleave just so. A
# **lock** is held by one process at a time: `lock.acquire()` waits until nobody holds it, and
# `lock.release()` gives it back. What is between must happen without anybody else in between.
# Whoever fails inside still has to give it back, or all others wait for ever. (`with` does that.)
#
# ### Task a5_t9: Deposits that get lost (core, 7 points, about 30 minutes)
#
# Repair `deposit(account, lock, amount)`. It adds `amount` to the balance, whatever other
# processes do at the same time. `account.read()` and `account.write(balance)` reach the account;
# an exception that they raise goes on to the caller. The lock is free afterwards in every case.
# You are not tested by luck: the grader forces the interleaving above.


# %%
class Account:
    """A balance that several processes can read and write."""

    def __init__(self, read, write):
        self.read = read
        self.write = write


class Lock:
    """A lock that one process at a time can hold; it works in a `with` too."""

    def __init__(self, acquire, release):
        self.acquire = acquire
        self.release = release

    def __enter__(self):
        self.acquire()
        return self

    def __exit__(self, *problem):
        self.release()


def in_processes(function, jobs):
    """Call function(*job) for each job in a process of its own; return their exit codes."""
    workers = [fork.Process(target=function, args=job) for job in jobs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [worker.exitcode for worker in workers]


def deposit_all(amounts, read, write, acquire, release):
    """Let as many processes as there are amounts deposit at the same time."""
    jobs = [(Account(read, write), Lock(acquire, release), amount) for amount in amounts]
    return in_processes(lambda *job: deposit(*job), jobs)


# %% task="a5_t9" role="answer"
def deposit(account, lock, amount):
    """Add an amount to the balance, without losing what others deposit meanwhile."""
    raise NotImplementedError("a5_t9: read, add, write, and nobody else in between")


# %% task="a5_t9" role="check"
check("a5_t9")

# %% [markdown]
# ## What does it bring?
#
# Below the same work, a sum in a plain Python loop, is done four times: one after another, by
# **threads**, and by **processes**. Threads share all memory, so nothing is sent. But Python lets
# only one thread at a time run Python code (the *global interpreter lock*). Then the same is
# tried with NumPy's matrix product, which lets go of the lock, and which may use several cores by
# itself.
#
# **Before you run it:** which of the six bars will be lowest, and will any be no better than one
# after another? Write your guess down. These times depend on your machine, so nothing here is
# graded. Two mistakes are easy to make: timing the start of the pool as well, and letting each of
# four processes use four threads of its own (*oversubscription*).


# %% tags=["explore"]
def loop_sum(count):
    """Add up numbers in plain Python."""
    total = 0
    for number in range(count):
        total += number * number
    return total


def product(size):
    """Multiply two matrices with NumPy."""
    square = np.ones((size, size))
    return float((square @ square)[0, 0])


def measure():
    """Return the seconds of each way for both kinds of work."""
    import time
    from multiprocessing.pool import ThreadPool

    seconds = {}
    for work, size in ((loop_sum, 400_000), (product, 300)):
        for name, make in (("threads", ThreadPool), ("processes", fork.Pool)):
            with make(2) as pool:
                pool.map(work, [10, 10])  # the start of the pool is not measured
                began_at = time.perf_counter()
                pool.map(work, [size] * 4, chunksize=1)
                seconds[f"{work.__name__}, {name}"] = time.perf_counter() - began_at
        began_at = time.perf_counter()
        for _ in range(4):
            work(size)
        seconds[f"{work.__name__}, one after another"] = time.perf_counter() - began_at
    return seconds


import matplotlib.pyplot as plt

times = measure()
plt.figure(figsize=(6.4, 2.6))
plt.barh(list(times), list(times.values()))
plt.gca().set(xlabel=f"seconds, on {os.cpu_count()} cores")
plt.gca().invert_yaxis()

# %% [markdown]
# Were you right? Keep your guess and the bars: a5_t14 asks for the reasons.

# %% [markdown]
# ## As few misses as possible
#
# Square tiles are a good idea, and not the best one. How large may they be, if lines hold several
# numbers? Must they be square? Which of the three matrices should stay in the cache while the
# others pass through? (The order of the loops over the tiles decides.) And in which direction
# does one walk back at the end of a row?
#
# ### Task a5_t13: As few misses as possible (stretch, 8 points, about 60 minutes)
#
# `best_order(n, k, m, lines, line)` returns the steps of a product as `tiled_order` does, for a
# cache of `lines` lines with `line` numbers each. You may try things with `course.Cache` and
# `course.count_misses` inside. It is judged on hidden problems ($n, k, m$ from 12 to 20, 8 to 24
# lines of 2 to 8 numbers) by its misses, as a multiple of the fewest that are known, averaged
# over the problems: at most 3.0 for 3 points, 1.5 for 3 more, and 1.15 for the last 2. For
# comparison: the order $i, j, l$ has 11.7, and the order $i, l, j$ has 2.3.


# %% task="a5_t13" role="answer"
def best_order(n, k, m, lines, line):
    """Return all steps (i, l, j) of the product in an order with few misses of this cache."""
    raise NotImplementedError("a5_t13: try some orders, and keep the best")


# %% task="a5_t13" role="check"
check("a5_t13")

# %% [markdown]
# ### Task a5_t14: Where the time goes (core, 8 points, about 35 minutes)
#
# Write about ten sentences. (a) What did you expect of threads and processes above, what did you
# see, and why? (b) Your program has a part of 5 % that cannot be spread. How much faster can 8
# cores be, how much 1,000, and what would you work on first? (c) Which of the three, data through
# pipes, memory shared, or work cut differently, would you choose for a table of 10 GB and a model
# of 100 numbers, and why? (d) Name one mistake in this notebook that gives wrong *results*, and
# one that only costs time; how would you notice each? A person reads and marks your answer.

# %% [markdown] task="a5_t14" role="written"
# *Your answer: replace this line.*

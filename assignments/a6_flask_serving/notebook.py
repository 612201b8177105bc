# %% [markdown]
# # The model as a service
#
# A model in a notebook helps one person. The same model behind an address on the network helps
# everybody who can send a request, at any hour, in any condition: also those who misspell a name,
# send a photograph where a number belongs, or hang up in the middle of a word.
#
# In this notebook you take a small trained network all the way: into a file that forgets nothing,
# behind a web application that answers the honest and refuses the rest, under a server with
# several processes, and at last into a server that you have written yourself.
#
# | task | what you do | level | points | expect |
# |---|---|---|---|---|
# | a6_t1 | put a model and all it needs into one file, and back | core | 10 | 45 min |
# | a6_t2 | turn the body of a request into numbers, or say what is wrong | core | 8 | 45 min |
# | a6_t3 | write the application: one address, one model, many requests | core | 12 | 60 min |
# | a6_t4 | see to it that errors are answered, not shown | core | 8 | 40 min |
# | a6_t5 | choose settings for a real server, and let them be tried | core | 8 | 40 min |
# | a6_t6 | write a server: a queue in front of processes | stretch | 12 | 120 min |
# | a6_t7 | measure waiting honestly, and wait a little on purpose | core | 8 | 40 min |
# | a6_t8 | spread requests over several servers | stretch | 6 | 40 min |
# | a6_t9 | face a day of traffic that nobody has seen | core | 10 | 60 min |
# | a6_t10 | say what you would put into operation, and why | core | 6 | 30 min |
#
# *Core* tasks are for everybody; *stretch* tasks are for those who want more. No task needs your
# answer to another one: where one would help, `course.StandInService` stands in for it. Each
# coding task ends with a cell `check("...")`, which answers at once on small examples. Your points
# come from other examples: your application is started under a real server and asked over real
# connections.
#
# You need Python, a little NumPy, and Flask's first page of documentation. You do not need to have
# run a server before.

# %%
import json
import math
import os
import signal
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from flask import Flask, jsonify, request
from werkzeug.exceptions import HTTPException

import course
from course import Refused, check, practice_app, work


def try_out(name, run):
    """Return run(), or say why it cannot run yet and return None."""
    try:
        return run()
    except Exception as problem:
        reason = str(problem) or type(problem).__name__
        print(f"{name} cannot run yet. {reason}")
        print("Finish its task, then run this cell again.")


# %% [markdown]
# ## The pumps
#
# A waterworks has some hundred pumps. Each reports its temperature (degrees Celsius), the pressure
# behind it (bar), its vibration (millimetres a second) and its age (years). A small network was
# trained to tell **the probability that a pump fails within a day**. `course.pump_model()` trains
# it again, in half a second, and returns all that belongs to it as a `dict`:
#
# | key | what | type and shape |
# |---|---|---|
# | `version` | the name of this training | text |
# | `features` | the names of the $d$ readings, in the order of the columns | list of $d$ texts |
# | `mean`, `scale` | $\mu$ and $\sigma$ of each reading in training | arrays of shape $(d,)$ |
# | `layers` | pairs $(W_\ell, b_\ell)$ | arrays of shapes $(n_{\ell-1}, n_\ell)$ and $(n_\ell,)$ |
#
# With $n_0 = d$ and a last layer of one unit, the probability for a row of readings $x$ is
#
# $$z_0 = \frac{x - \mu}{\sigma}, \qquad z_\ell = \tanh(z_{\ell-1} W_\ell + b_\ell), \qquad
# p = \frac{1}{1 + e^{-(z_{L-1} W_L + b_L)}}.$$
#
# Every layer but the last ends in tanh; the last ends in the logistic function.
#
# **Before you look:** somebody takes the weights along, forgets $\mu$ and $\sigma$, and feeds the
# network the raw readings, 60 degrees and all. What will its probabilities look like?

# %% tags=["explore"]
course.use_style()
model = course.pump_model()
readings, failed = course.pump_readings(2000, seed=1)
served = course.StandInService.predict(model, readings)
raw = course.StandInService.predict({**model, "mean": 0.0, "scale": 1.0}, readings)
figure, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True, layout="constrained")
titles = ("as in training", "without mean and scale")
for ax, p, title in zip(axes, (served, raw), titles, strict=True):
    ax.hist(
        [p[failed == 0], p[failed == 1]],
        bins=20,
        range=(0, 1),
        stacked=True,
        label=["ran on", "failed"],
    )
    ax.set(title=title, xlabel="probability that was told", ylabel="pumps")
axes[0].legend()
plt.show()
print(
    f"right about {np.mean((served > 0.5) == failed):.0%}, and {np.mean((raw > 0.5) == failed):.0%}"
)

# %% [markdown]
# Nothing crashes, nothing complains, and the answers are worth nothing: all units of the first
# layer are saturated. This is **train/serve skew**, the commonest way for a good model to be a bad
# service. The cure is not care but a file in which the two cannot be parted.
#
# ## One file for all that belongs together
#
# Such a file is called an **artifact**. It could be a pickle; but reading a pickle *runs code that
# stands in it*, so that whoever can change the file owns your server. JSON can only hold numbers,
# texts, lists and objects, and a person can read it. Ours looks like this:
#
# ```json
# {
#   "format": 1,
#   "version": "pumps-0",
#   "features": ["temperature", "pressure"],
#   "mean": [60.0, 4.0],
#   "scale": [12.0, 0.5],
#   "layers": [
#     {"weights": [[0.5, -1.0], [0.25, 2.0]], "bias": [0.0, 0.1]},
#     {"weights": [[1.0], [-2.0]], "bias": [0.3]}
#   ]
# }
# ```
#
# `format` says how to read the rest. When one day a key is added, it becomes 2, and an old program
# that finds a 2 can say so instead of guessing.
#
# **By hand.** A pump with 72 degrees and 4 bar has $z_0 = (1, 0)$. The first layer gives
# $\tanh(0.5, -0.9) = (0.4621, -0.7163)$, the last $0.4621 + 1.4326 + 0.3 = 2.1947$, and $p = 1/(1
# + e^{-2.1947}) = 0.8998$.
#
# ### Task a6_t1: An artifact that forgets nothing (core, 10 points, about 45 minutes)
#
# **`predict(model, rows)`,** 3 points. `model` is a dict as in the table, `rows` an array of shape
# $(n, d)$ in the units of the readings, $n \ge 0$. Return the probabilities, an array of shape
# $(n,)$. `rows` and the model stay as they are.
#
# **`save_artifact(path, model)`,** 4 points. Write the file as above. The features, their number
# and the number of layers may be others. Every number comes back from the file exactly as it was
# (Python writes floats so that they do, unless somebody rounds). If a number is not finite, raise
# a `ValueError` and leave no file of that name behind.
#
# **`load_artifact(path)`,** 3 points. Return the model as a dict like the one that was saved:
# arrays of float64 where the table says arrays, layers as pairs. Damaged files are refused with a
# `ValueError` that says what is wrong: no JSON, another `format` than 1, a key that is missing, a
# number of means or scales or rows of the first weights that is not the number of features, a
# scale that is not above zero, a number that is not finite.


# %% task="a6_t1" role="answer"
def predict(model, rows):
    """Return the probability of each row, shape (n,)."""
    raise NotImplementedError("a6_t1: standardise, then go through the layers")


def save_artifact(path, model):
    """Write a model, with all that a prediction needs, into one JSON file."""
    raise NotImplementedError("a6_t1: arrays become lists, pairs become objects")


def load_artifact(path):
    """Return the model in a file, or raise ValueError."""
    raise NotImplementedError("a6_t1: read the file, look at every promise it makes, rebuild")


# %% task="a6_t1" role="check"
check("a6_t1")

# %% [markdown]
# ## What arrives
#
# A request carries **bytes**. That they are a list of pumps is a hope. Between the two lies a
# function that every service needs and few tutorials show. It gives one of two answers: numbers
# that are safe to compute with, or a sentence that helps a stranger to mend the request.
#
# HTTP has numbers for the second kind. We use three:
#
# | status | says |
# |---|---|
# | 400 Bad Request | this is not even JSON |
# | 413 Content Too Large | more rows than we answer at once |
# | 422 Unprocessable Content | JSON, but not what was asked for |
#
# A body that we understand:
#
# ```json
# {"rows": [{"temperature": 72, "pressure": 4.0}, {"pressure": 3.1, "temperature": 55.5}]}
# ```
#
# In JSON the order of the keys of an object means nothing, so the two rows name the readings in
# different orders, and whole numbers are numbers too. Here is what Python's `json` lets through
# although you do not want it: `NaN` and `Infinity` (no JSON at all, but `json.loads` takes them),
# `1e999` (JSON, and it becomes `inf`), `true` (in Python a `bool` is an `int`), and whole numbers
# of four hundred digits, for which `float()` raises an `OverflowError`. And 100,000 opening
# brackets are a `RecursionError`.
#
# **By hand.** With `features = ["temperature", "pressure"]` the body above becomes
# $\begin{pmatrix} 72 & 4 \\ 55.5 & 3.1 \end{pmatrix}$.
#
# ### Task a6_t2: What a stranger may send (core, 8 points, about 45 minutes)
#
# **`rows_of(body, features, most_rows=100)`.** `body` is `bytes`. Return a float64 array of shape
# $(n, d)$, $1 \le n \le$ `most_rows`, columns in the order of `features`. Or raise
# `Refused(status, reason)`, which you have from `course`; `reason` is one sentence for the person
# who sent it:
#
# * 400 if the bytes are not UTF-8, not JSON, or too deeply nested to be read;
# * 422 if it is JSON, but not an object with a list of rows under `"rows"`, or the list is empty;
# * 413 if there are more than `most_rows` rows, whatever is in them;
# * 422 if a row is not an object, lacks a feature or has one too many, or if a value is not a
#   finite number: a text (also `"72"`), `null`, `true`, a list, `NaN`, `Infinity`, `1e999`, or a
#   whole number too large for a float. **The reason then names the feature** (or the stranger, if
#   there is one too many) and the number of the row, counted from 0.
#
# Other keys beside `"rows"` are ignored. Nothing but `Refused` is ever raised.


# %% task="a6_t2" role="answer"
def rows_of(body, features, most_rows=100):
    """Return the rows of a request as an array of shape (n, d), or raise Refused."""
    raise NotImplementedError("a6_t2: from bytes to JSON, from JSON to rows, from rows to numbers")


# %% task="a6_t2" role="check"
check("a6_t2")

# %% [markdown]
# ## One address, one model, many requests
#
# Flask turns a function into the answer to a request:
#
# ```python
# app = Flask("pumps")
#
# @app.post("/predict")
# def answer():
#     return {"you sent": len(request.get_data())}
# ```
#
# A dict that is returned becomes JSON. But JSON knows no NumPy: `np.float64(0.9)` happens to pass,
# as it is a Python float too, while `np.float32(0.9)` and arrays end in a `TypeError` and the
# client sees a 500. `.tolist()` turns an array into native numbers.
#
# The application is not made at the top of a file but by a **factory**, `create_app(path)`. Then a
# test can make one with another model, and every worker process of a server makes its own. What
# the factory does is done *once in a process*; what the function below `@app.post` does is done
# *for every request*. Reading the artifact belongs to the first kind. There it costs nothing; in
# the second it costs more than the prediction, and on the day when the file is being replaced,
# some requests read half of it.
#
# The other trap is what requests **share**. A server may work on several at the same time, in
# threads. While one waits for the rest of its body, another runs through the same function. A list
# or a variable outside of the function belongs to all of them. Variables inside it do not.
#
# ### Task a6_t3: The application (core, 12 points, about 60 minutes)
#
# **`create_app(path)`.** Load the artifact at `path` (a text) and return a Flask application with
# one address. `POST /predict` takes a body as in the last section and answers with status 200 and
#
# ```json
# {"version": "pumps-0", "probabilities": [0.8998, 0.25]}
# ```
#
# one probability a row, in the order of the rows, each a JSON number to full precision: the
# probability, not the class.
#
# * The artifact is read **once**, when the application is made. Afterwards the file may be
#   overwritten or gone.
# * A row gets the same answer alone and among others, and whatever other requests there are.
# * What `rows_of` refuses is answered with the status of the refusal and with a JSON body
#   `{"error": reason}`.
# * `create_app` only makes the application. It does not run it: that is the server's part.
#
# Use your own `load_artifact`, `rows_of` and `predict`, or `StandInService.load(path)`,
# `.rows(body, features)` and `.predict(model, rows)` of `course`, which take and return the same.


# %% task="a6_t3" role="answer"
def create_app(path):
    """Return a Flask application that predicts with the artifact at path."""
    raise NotImplementedError("a6_t3: load once, then define what POST /predict does")


# %% task="a6_t3" role="check"
check("a6_t3")

# %% [markdown]
# Ask your own application. The console sends what stands in the box, as often as the slider says,
# to the function you wrote. **Before you press Send:** which is slower, the first answer or the
# hundredth? Then break the JSON, misspell a reading, send a text for a number.


# %% tags=["explore"]
def served():
    """Return your application, with your own artifact of the pump model behind it."""
    save_artifact("pumps.json", model)
    return create_app("pumps.json")


console = try_out("The console", lambda: course.request_console(served))
console

# %% [markdown]
# The first answer is the slowest: caches are cold, and Flask prepares itself when it is first
# asked. This is why servers are warmed up before they get traffic, and why one mean of all times
# tells so little.
#
# ## When something goes wrong
#
# Three kinds of trouble, three answers:
#
# 1. **The client's mistake** gets a 4xx and a sentence, as in the last task.
# 2. **Our mistake** gets a 500 and *nothing else*. A traceback tells an attacker file names,
#    versions, sometimes passwords. It belongs in our log. Flask's debug mode does the contrary: it
#    shows the traceback and offers a console in which a visitor can *run Python on your machine*.
#    It never belongs in a service.
# 3. **Not ready**, or not well. Machines ask, too: an orchestrator wants to know whether to
#    restart a process, and a load balancer whether to send it traffic. These are two questions.
#    `/health`: does the process live? `/ready`: can it answer now, is the model there? A server
#    that is loading its model lives and is not ready; to restart it for that would be the wrong
#    cure.
#
# ### Task a6_t4: A guard at the door (core, 8 points, about 40 minutes)
#
# **`guard(app, is_ready)`.** `app` is any Flask application, `is_ready` a function without
# arguments. Change `app` (and return it) so that
#
# * `GET /health` answers 200 and `{"status": "alive"}`, always;
# * `GET /ready` answers 200 and `{"status": "ready"}` if `is_ready()` is true **at that moment**,
#   else 503 and `{"status": "not ready"}`; also if `is_ready()` raises;
# * every error is JSON, `{"error": "..."}`, with a text that is not empty: `Refused` with its
#   status and its reason; Flask's own (an unknown address 404, a wrong method 405, a body that is
#   not JSON 400 or 415) with their status; **any other exception with status 500** and a text that
#   gives away nothing about it;
# * a body of more than 1 MiB ($2^{20}$ bytes) is refused with 413 where it is read.
#
# What answered well before answers just the same afterwards. Try it on `practice_app()`: its
# addresses `/square`, `/refuse` and `/break` do what their names say.


# %% task="a6_t4" role="answer"
def guard(app, is_ready):
    """Give a Flask application health checks, and answers to errors that show nothing."""
    raise NotImplementedError("a6_t4: app.errorhandler and app.config are your friends")


# %% task="a6_t4" role="check"
check("a6_t4")


# %%
def guarded_practice(flag):
    """A practice application behind your guard; it is ready while there is a file named flag."""
    return guard(practice_app(), lambda: Path(flag).exists())


def moody_practice():
    """The same, but asking whether it is ready ends in an error."""
    return guard(practice_app(), lambda: 1 / 0)


# %% [markdown]
# ## A real server
#
# `app.run()` prints a warning: *development server, do not use it in production*. It is one
# process, so one core; if it dies, nobody starts it again. **gunicorn** is a **pre-forking**
# server: a first process, the arbiter, opens the socket and forks worker processes that all accept
# from it. The arbiter answers no request. It watches: a worker that dies is replaced, one that has
# been silent for `timeout` seconds is killed and replaced.
#
# On SIGTERM the arbiter lets the workers finish what they have in hand, for at most
# `graceful_timeout` seconds. On SIGHUP it **reloads**: new workers first, then the old ones are
# asked to finish. Nobody who is being answered notices; the next one is answered by the new model.
# This is how one puts a new artifact into operation on a Tuesday at noon. It works only if the
# *workers* load the application. With `preload_app` the arbiter loads it once and forks it (which
# saves memory), and then the old model is what new workers inherit.
#
# | setting | means |
# |---|---|
# | `workers` | how many processes answer |
# | `timeout` | seconds of silence after which a worker is taken for dead |
# | `graceful_timeout` | seconds a worker has to finish when it is asked to stop |
# | `preload_app` | load before forking |
# | `reload` | watch the source files and restart at each change: for development |
#
# How many workers? The rule of thumb of gunicorn's documentation is $2 c + 1$ on $c$ cores: while
# some wait for the network, others compute. **By hand:** 4 cores, 9 workers.
#
# ### Task a6_t5: Settings for gunicorn (core, 8 points, about 40 minutes)
#
# **`gunicorn_settings(cores, slowest_s)`.** `cores` is the number of cores, at least 1;
# `slowest_s` the longest time in seconds that an honest answer takes, above 0. Return a dict with
# gunicorn's names, at least these:
#
# * `workers` by the rule of thumb, but at most 16;
# * `timeout` and `graceful_timeout`, whole seconds, each **at least twice** and **at most ten
#   times** `slowest_s`, or any number up to 30 if that is more than ten times: nobody is cut off
#   who is only slow, and a worker that hangs is noticed;
# * a reload brings a new artifact into operation, without losing a request that is under way;
# * nothing that belongs to development.
#
# Leave `bind` away: the address is chosen by whoever starts the server. The hidden tests start
# gunicorn with your settings, replace the artifact under it, reload, and stop it, while requests
# are under way.


# %% task="a6_t5" role="answer"
def gunicorn_settings(cores, slowest_s):
    """Return settings for gunicorn on a machine with so many cores."""
    raise NotImplementedError("a6_t5: a dict with workers, timeout, graceful_timeout and more")


# %% task="a6_t5" role="check"
check("a6_t5")

# %% [markdown]
# Now under load, on this machine: four clients ask `/square` two hundred times each way. **Before
# you look:** the work is tiny. Will more workers help here?


# %% tags=["explore"]
def under_load(settings):
    """Return the seconds that each of 200 answers took."""
    with course.serve_locally(practice_app, settings) as address:
        replies = course.load_test(f"{address}/square", [{"x": k} for k in range(200)])
    return [reply.seconds for reply in replies]


def compare_settings():
    """Measure one worker against your settings."""
    mine = {**gunicorn_settings(1, 2.0)}
    return {"1 worker": under_load({"workers": 1}), f"{mine['workers']} workers": under_load(mine)}


measured = try_out("The measurement", compare_settings)
if measured:
    course.plot_latencies(measured)
    plt.show()

# %% [markdown]
# For work as tiny as this, more workers bring little or nothing: most of the time goes into
# connecting and into HTTP, and workers and clients share the cores. Read p50 and p99 from both
# curves all the same; the last task asks for them. (On a busy machine the right end of the
# curves jumps from run to run. No mark depends on it.)
#
# ## A queue before a pool
#
# What gunicorn does is no magic. Its heart is a **queue** in front of a **pool of processes**, and
# you can write one in sixty lines. Ours is simpler than HTTP: a client connects, sends **one
# line** (bytes that end in a newline), gets one line back, and the connection is closed.
#
# What makes a server out of it are the four bad days:
#
# * **Everybody comes at once.** A queue that may grow for ever only hides that you cannot keep up:
#   those at its end have long given up when their turn comes. So it is **bounded**, and who finds
#   it full hears so at once. This is called **back-pressure**.
# * **A worker dies** in the middle of a request. Its client must hear something, and a new worker
#   takes its place.
# * **You stop the server** while somebody is being answered. What was accepted is finished; then
#   it ends.
# * **Order**: with one worker, first come, first served.
#
# ### Task a6_t6: A server of your own (stretch, 12 points, about 120 minutes)
#
# **`run_server(listener, handle, workers, waiting)`.** `listener` is a listening socket;
# `handle(request)` takes the line without its newline, as `bytes`, and returns the answer as
# `bytes` without one; `workers >= 1` and `waiting >= 0` are whole numbers.
#
# * Fork `workers` processes **in advance**. `handle` is called in them and never in your own
#   process, each works on one request at a time and on many in its life (`multiprocessing` with
#   `"fork"`, or `os.fork`).
# * At most `workers` requests are worked on and at most `waiting` more wait; they are begun in the
#   order in which they came. Any further client gets the line `busy` at once.
# * If `handle` raises, or its process dies, the client gets the line `failed`. A process that died
#   is replaced, and the server goes on.
# * On `SIGTERM`: accept nobody else, finish what is being worked on **and what waits**, answer it,
#   end the workers, and return. No process is left behind.
#
# Each client sends its line at once, so you may read it as soon as the client is accepted. A
# client may hang up before it is answered, or without having sent anything; the others must not
# notice. `run_server` is called in the main thread of a process of its own. `work` of `course` is
# a good `handle` to try it on.
#
# Three facts save an evening. Python runs signal handlers in the main thread, between two lines
# of Python, and `accept` is then simply begun anew; a handler that **raises** breaks out of it.
# And a forked worker inherits the handler: let it **ignore** SIGTERM or set it back to the
# default, as you need it. And a worker that is forked while a client is connected inherits the
# connection: `close()` in your process does not end it then, `shutdown` does.


# %% task="a6_t6" role="answer"
def run_server(listener, handle, workers, waiting):
    """Answer one line with one line, by a pool of processes behind a bounded queue."""
    raise NotImplementedError("a6_t6: fork the workers, then accept, queue and answer")


# %% task="a6_t6" role="check"
check("a6_t6")

# %% [markdown]
# ## Honest numbers, and waiting on purpose
#
# "It takes 20 ms on average" describes nobody. If one request in a hundred takes two seconds, a
# page that needs forty of them is slow for a third of its readers ($1 - 0.99^{40} \approx 0.33$).
# So services are judged by **percentiles**: $p_{99} = 50\,\text{ms}$ says that 99 of 100 waited no
# longer than 50 ms. We use the *nearest-rank* definition: sort the $n$ times; the percentile $q$
# (with $0 < q \le 100$) is the one at place $\lceil n q / 100 \rceil$, counted from 1. It is
# always a time that somebody really waited. NumPy's default invents a value between two of them.
#
# **By hand.** Of the times 40, 10, 30, 20 the 50th percentile is the second, 20; the 51st is the
# third, 30; the 99th is 40.
#
# The other art is to make *one* matrix product out of many requests. A matrix product for 32 rows
# costs hardly more than for one, so a service may let the first request wait a moment to see who
# else comes: **micro-batching**. Two numbers rule it: a batch takes at most `most` requests, and
# the first one in it waits at most `wait` seconds.
#
# **By hand.** Arrivals at 0.00, 0.01, 0.02, 0.50, 0.51 s, `most = 2`, `wait = 0.1`. The first
# opens a batch, the second fills it: off it goes at 0.01. The third opens one that nobody joins;
# it goes at $0.02 + 0.1 = 0.12$. The last two make a full batch at 0.51.
#
# ### Task a6_t7: Percentiles and micro-batches (core, 8 points, about 40 minutes)
#
# **`percentile(times, q)`,** 3 points. `times` is a list of at least one number, in any order.
# Return the nearest-rank percentile as a float; `times` stays as it is. Raise a `ValueError` if
# `times` is empty, holds a NaN, or $q$ is not above 0 and at most 100.
#
# **`micro_batches(arrivals, most, wait)`,** 5 points. `arrivals` are the times at which requests
# come, in rising order, perhaps with ties, perhaps none. Return a list of pairs `(leaves,
# members)`: when each batch goes off (a float), and the list of the numbers of its requests,
# counted from 0. Requests join in the order in which they come. A batch goes off as soon as it has
# `most` members, and else `wait` seconds after its first member came; a request that comes exactly
# then is **still taken along**. Later requests open the next batch. (The pool is large: no batch
# waits for another.) Raise a `ValueError` if `most` is below 1 or `wait` below 0.


# %% task="a6_t7" role="answer"
def percentile(times, q):
    """Return the nearest-rank percentile q of times."""
    raise NotImplementedError("a6_t7: sort, and take the right place")


def micro_batches(arrivals, most, wait):
    """Return when each batch leaves, and who is in it."""
    raise NotImplementedError("a6_t7: go through the arrivals once")


# %% task="a6_t7" role="check"
check("a6_t7")

# %% [markdown]
# What does the waiting cost, and what does it bring? **Before you look:** with 100 requests a
# second, up to 16 in a batch, how large do batches get if the first may wait 5 ms? And 100 ms?


# %% tags=["explore"]
def batches_by_patience():
    """Draw the batch size and the mean delay over the patience."""
    arrivals = np.cumsum(np.random.default_rng(0).exponential(0.01, 3000)).tolist()
    patience = np.geomspace(0.001, 0.3, 12)
    sizes, delays = [], []
    for wait in patience:
        batches = micro_batches(arrivals, 16, float(wait))
        sizes.append(np.mean([len(members) for _, members in batches]))
        delays.append(
            np.mean([leaves - arrivals[k] for leaves, members in batches for k in members])
        )
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
    left.semilogx(1000 * patience, sizes, "o-")
    left.set(xlabel="patience in ms", ylabel="requests in a batch")
    right.loglog(1000 * patience, 1000 * np.array(delays), "o-")
    right.set(xlabel="patience in ms", ylabel="mean delay in ms")
    plt.show()


try_out("The picture", batches_by_patience)

# %% [markdown]
# The batch grows in proportion to the patience, up to the limit; beyond it, patience costs nothing
# any more, since the batch is full before the patience ends.
#
# ## Several servers
#
# Workers share one machine. When that is not enough, or when it must not matter that a machine
# burns, one puts a **load balancer** in front of several. Workers in one server use its *cores*; a
# balancer uses several *machines*, and can leave one out while it is being mended. It needs to
# know little: how many requests each server has in hand, and who did not answer.
#
# ### Task a6_t8: A load balancer (stretch, 6 points, about 40 minutes)
#
# Write a class **`Balancer(names)`** for a list of different names of servers. All are up at first
# and have nothing in hand.
#
# * `pick()` returns the name of the server that is up and has the **fewest** requests in hand, and
#   counts one more for it. Among equals it is the one that has **waited longest** since it was
#   last picked; those never picked come first, in the order of `names`. If no server is up, raise
#   a `RuntimeError`.
# * `finished(name)`: one request less in hand.
# * `failed(name)`: one request less in hand, and the server is down. It is not picked again until
# * `recovered(name)`: it is up again. What it still has in hand is counted as before.
#
# A name that is not in the list is a `ValueError`, and so is `finished` or `failed` for a server
# with nothing in hand.


# %% task="a6_t8" role="answer"
class Balancer:
    """Spreads requests over servers: the fewest in hand first."""

    def __init__(self, names):
        raise NotImplementedError("a6_t8: remember for each name how busy it is")


# %% task="a6_t8" role="check"
check("a6_t8")

# %% [markdown]
# ## A day of traffic
#
# Now put it together, and open the door.
#
# ### Task a6_t9: A day at the door (core, 10 points, about 60 minutes)
#
# This one is open: nothing but what your service answers is judged. **`create_service(path)`**
# makes an application with `/predict`, `/health` and `/ready`, which behaves as the tasks before
# ask it to. It is run under gunicorn with another model than yours (other readings, other layers),
# and meets some two hundred requests that you do not see:
#
# * *valid* ones (4 points): from one row to a hundred, keys in any order, whole numbers, extreme
#   but finite readings. At least 98 of 100 are answered with 200, the right version, and
#   probabilities to six digits.
# * *odd and hostile* ones (4 points): all that the tasks above refuse, bytes that are no text,
#   bodies of some megabytes, wrong methods and addresses. At least 95 of 100 are answered with the
#   status that the tasks ask for (where they leave a choice, with any 4xx) and a JSON body with
#   `error`.
# * *in between* (2 points): clients who hang up in the middle of a request, and afterwards the
#   service is still alive and ready, and still right.
#
# You may use all that you have written, or `StandInService` for what is missing.


# %% task="a6_t9" role="answer"
def create_service(path):
    """Return the whole application."""
    raise NotImplementedError("a6_t9: the application, behind its guard")


# %% task="a6_t9" role="check"
check("a6_t9")

# %% [markdown]
# ## Questions people ask
#
# **Is gunicorn a load balancer?** No. It spreads requests over processes of *one* machine, and it
# does not choose: whichever worker is free takes the next connection. A balancer chooses, between
# machines, and knows which of them are well.
#
# **Why processes and not threads?** A Python process computes in one thread at a time. NumPy lets
# go of that lock inside large products, so threads do help a little; processes always do, and one
# that crashes takes nobody along. They cost memory: every worker has its own model.
#
# **Why is a refusal a 422 here and a 400 elsewhere?** Both are used. What matters is that it is a
# 4xx (the sender must change something) and not a 5xx (the sender may try again).
#
# **Should the service answer with the class?** It could, but then everybody who uses it is bound
# to *your* threshold. Who sends a mechanic at night and who orders a spare part have different
# ones.
#
# ### Task a6_t10: What would you put into operation, and why? (core, 6 points, about 30 minutes)
#
# A person reads this one. Write in your own words, about 150 to 300. Answer all four:
#
# 1. **What did you measure?** Give two percentiles from *your* latency plot, for one worker and
#    for several, and say what differs.
# 2. **Why?** Explain the difference, or its absence: what waits for what?
# 3. **A new model comes on Tuesday.** Describe step by step how you bring it into operation so
#    that no request is lost, and how you would notice that it is worse than the old one.
# 4. **Where would it break first** if ten times as many requests came: name the part, how you
#    would see it, and what you would do.
#
# *How it is marked:* measured numbers, 1 point; an explanation that fits them, 2 points; a
# roll-out in the right order with a way back, 2 points; a bottleneck with evidence and a remedy, 1
# point.

# %% [markdown] task="a6_t10" role="written"
# *Your answer: replace this line.*

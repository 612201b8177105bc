"""Plans of training: all there are, and what each costs by the rules of the notebook."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.grading import Draw

Column = NDArray[np.float64]
KEYS = ("data", "tensor", "pipeline", "micro_batches", "sharding", "checkpointing")
SHARDINGS = ("none", "optimizer", "full")
MEMORY = ("weights", "gradients", "optimizer", "gathered", "activations")
TIME = ("work", "bubble", "data", "tensor", "pipeline")


@dataclass(frozen=True)
class Case:
    """One model on one machine."""

    model: dict[str, int]
    machine: dict[str, float]

    @cached_property
    def plans(self) -> list[tuple[Any, ...]]:
        """All plans that come out even, each with its entries in the order of ``KEYS``."""
        ranks, rows = int(self.machine["ranks"]), self.model["rows"]
        blocks = [
            (d, t, ranks // d // t)
            for d in _divisors(ranks)
            for t in _divisors(ranks // d)
            if rows % d == 0 and self.model["width"] % t == 0
        ]
        return [
            (d, t, p, m, sharding, again)
            for d, t, p in blocks
            if self.model["layers"] % p == 0
            for m in _divisors(rows // d)
            for sharding, again in itertools.product(SHARDINGS, (False, True))
        ]

    @cached_property
    def parts(self) -> dict[str, Column]:
        """Every part of ``MEMORY`` in bytes and of ``TIME`` (as ``data time``) in seconds."""
        model, machine = self.model, self.machine
        table = np.array([plan[:4] for plan in self.plans], dtype=np.float64)
        d, t, p, m = table.T
        full = np.array([plan[4] == "full" for plan in self.plans])
        whole = np.array([plan[4] == "none" for plan in self.plans])
        again = np.array([plan[5] for plan in self.plans])
        held, layers = model["parameters"] / (t * p), model["layers"] / p
        rows = model["rows"] / d
        flow = 4 * rows * model["width"]  # bytes of one layer's input, all micro-batches
        work = np.where(again, 8, 6) * held * rows / machine["speed"]
        latency, bandwidth = machine["latency"], machine["bandwidth"]
        share = 4 * held / d / bandwidth
        return {
            "weights": 4 * held / np.where(full, d, 1),
            "gradients": 4 * held / np.where(full, d, 1),
            "optimizer": 8 * held / np.where(whole, 1, d),
            "gathered": np.where(full, 4 * held / layers, 0.0),
            "activations": np.where(again, flow / t + flow * layers / (t * m), flow * layers / t),
            "work time": work,
            "bubble time": work * (p - 1) / m,
            "data time": (d - 1)
            * np.where(full, 3 * (share + latency * layers), 2 * (share + latency)),
            "tensor time": 4 * layers * m * (t - 1) * (flow / (m * t * bandwidth) + latency),
            "pipeline time": np.where(
                p > 1, 2 * (m + p - 1) * (flow / (m * bandwidth) + latency), 0.0
            ),
        }

    @cached_property
    def memory(self) -> Column:
        """Bytes that a rank holds, for each plan."""
        return np.asarray(sum(self.parts[name] for name in MEMORY))

    @cached_property
    def time(self) -> Column:
        """Seconds that a step takes, for each plan."""
        return np.asarray(sum(self.parts[f"{name} time"] for name in TIME))

    @property
    def limit(self) -> float:
        """Bytes that a rank has room for."""
        return self.machine["memory"]

    @property
    def shortest(self) -> float:
        """The time of the fastest plan that fits; infinite if there is none."""
        return float(self.time[self.memory <= self.limit].min(initial=math.inf))

    def find(self, plan: object) -> int | None:
        """Return the number of a plan; None for what is no plan."""
        if not isinstance(plan, dict) or set(plan) != set(KEYS):
            return None
        if not all(type(value) in (int, bool, str) for value in plan.values()):
            return None
        entries = tuple(plan[key] for key in KEYS)
        return self.plans.index(entries) if entries in self.plans else None

    def with_memory(self, memory: float) -> Case:
        """Return the case with another memory."""
        return replace(self, machine={**self.machine, "memory": memory})


def _divisors(number: int) -> list[int]:
    return [k for k in range(1, number + 1) if number % k == 0]


def drawn(draw: Draw) -> Case:
    """Draw a model and a machine of any kind."""
    ranks = draw.choice([6, 8, 12, 16])
    layers = draw.choice([4, 6, 8, 12])
    width = draw.choice([512, 1024, 2048, 4096, 8192])
    parameters = 12 * layers * width**2
    rows = draw.choice([768, 1536, 3072])
    most = 16.0 * parameters + 4.0 * rows * width * layers  # bytes of all, kept once
    share = math.exp(draw.number(math.log(0.6), math.log(6)))
    speed = 10 ** draw.number(12, 14)
    return Case(
        {"parameters": parameters, "layers": layers, "width": width, "rows": rows},
        {
            "ranks": ranks,
            "memory": most / ranks * share,
            "speed": speed,
            "bandwidth": speed * 10 ** draw.number(-3, -1),
            "latency": 10 ** draw.number(-6, -4),
        },
    )

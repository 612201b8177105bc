"""Tables, JSON and a plot of what was measured."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.measure import Run

REACH = {"stock_60": 20.0, "stock_300": 30.0, "two_stock_300": 15.0, "otter_300": 90.0}
GROWTH_REACH = 1.1
MEMORY_REACH_MB = 50.0


def report(
    rounds: Sequence[dict[str, Run]],
    growth: Sequence[Run],
    real: dict[str, dict[str, float]],
    out: Path,
) -> None:
    """Print the tables, and write JSON and a plot."""
    for runs in rounds:
        for name, run in runs.items():
            print(f"{name:12} {run.line()}")
        print()
    found = ratios(rounds)
    for name, ratio in found.items():
        reach = f" (reach {REACH[name]:g})" if name in REACH else ""
        print(
            f"{name:16} {ratio['median']:6.1f} times faster,"
            f" {ratio['least']:.1f} to {ratio['most']:.1f}{reach}"
        )
    summary = {"machine": _machine(), "ratios": found, "reach": REACH}
    if growth:
        summary["growth"] = _growth(growth)
        print(f"growth           {summary['growth']}")
    for slug, measures in real.items():
        print(f"{slug:24} {measures}")
    summary["real"] = real
    out.mkdir(parents=True, exist_ok=True)
    rows = [{name: _plain(run) for name, run in runs.items()} for runs in rounds]
    document = {**summary, "rounds": rows, "growth_runs": [_plain(run) for run in growth]}
    (out / "overhead.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    _plot(rounds, out / "overhead.png")
    print(f"Wrote {out / 'overhead.json'} and {out / 'overhead.png'}")


def _growth(growth: Sequence[Run]) -> dict[str, float]:
    """Compare a submission of the large class with one of the small, graded before and after."""
    large = max(growth, key=lambda run: run.submissions)
    small = [run for run in growth if run is not large]
    each_s = statistics.mean(run.each_s for run in small)
    peak_mb = statistics.mean(run.peak_mb for run in small)
    return {
        "cost_ratio": round(large.each_s / each_s, 3),
        "reach": GROWTH_REACH,
        "coordinator_growth_mb": round(large.peak_mb - peak_mb, 1),
        "memory_reach_mb": MEMORY_REACH_MB,
    }


def _plain(run: Run) -> dict[str, object]:
    document = asdict(run)
    del document["marks"]
    return {**document, "each_s": run.each_s}


def _machine() -> dict[str, object]:
    load = os.getloadavg()
    return {
        "cpus": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "system": platform.platform(),
        "load": [round(value, 2) for value in load],
    }


def _plot(rounds: Sequence[dict[str, Run]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import LogLocator, NullFormatter

    names = list(reversed(rounds[0]))
    each = [[runs[name].each_s for runs in rounds] for name in names]
    middle = [statistics.median(seconds) for seconds in each]
    below = [value - min(seconds) for value, seconds in zip(middle, each, strict=True)]
    above = [max(seconds) - value for value, seconds in zip(middle, each, strict=True)]
    fig, axes = plt.subplots(figsize=(7, 0.5 + 0.5 * len(names)), layout="constrained")
    bars = axes.barh(names, middle, xerr=[below, above])
    axes.bar_label(bars, [f"{value:.2f} s" for value in middle], padding=12)
    axes.set(xscale="log", xlabel="seconds for each submission, start-up included")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.margins(x=0.25)
    fig.savefig(path, dpi=120)


def ratios(rounds: Sequence[dict[str, Run]]) -> dict[str, dict[str, float]]:
    """Return how many times faster we are, submission for submission: of all rounds the median."""
    found = {}
    for name, run in rounds[0].items():
        if name.startswith("ours_"):
            for rival in ("stock", "two_stock", "otter"):
                if rival in rounds[0]:
                    of_each = [runs[rival].each_s / runs[name].each_s for runs in rounds]
                    found[f"{rival}_{run.submissions}"] = {
                        "median": round(statistics.median(of_each), 2),
                        "least": round(min(of_each), 2),
                        "most": round(max(of_each), 2),
                    }
    return found

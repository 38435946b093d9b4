"""Seconds of a sweep by vocabulary and workers: predicted, beside what was measured.

    python benchmarks/cluster_growth.py [--measured-words 10000 20000 40000]

Measures a worker's arithmetic, and what a group costs beside it, on processes of this machine;
predicts sweeps of 20,000 to 2,000,000 words on 1 to 256 workers by `cluster.traffic.sweep_seconds`
with lines of 10 Gbit/s; and draws docs/cluster.png. Points are measured sweeps (eight groups of
gradients and the objective) of one machine's threads and of two workers on loopback.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib as mpl
import numpy as np
import scipy.sparse
from matplotlib import pyplot as plt

from skipgram.cluster import gradients as cluster_gradients
from skipgram.cluster.connecting import connected
from skipgram.cluster.gradients import ClusterGradients
from skipgram.cluster.traffic import Speeds, sweep_seconds
from skipgram.system.machine import usable_threads
from skipgram.training.exact.gradients import CenterGradients, ExactGradients
from skipgram.training.exact.objectives import Objective
from skipgram.training.exact.sweeps import GROUPS
from skipgram.training.exact.targets import Targets
from skipgram.training.parameters import Parameters, padded

PICTURE = Path(__file__).parents[1] / "docs" / "cluster.png"
DIM, LOTS = 100, 8
ENTRIES_A_WORD = 300
LINE_BYTES_A_SECOND = 1.25e9
"""10 Gbit/s."""
ROWS_A_SECOND = 2e6
CALLS = 1000
WORKERS = (1, 4, 16, 64, 256)
WORDS = np.geomspace(20_000, 2_000_000, 40)
HOLLOW = {"marker": "D", "color": "#333333", "mfc": "none"}
COLORS = ("#0b3c5d", "#1d7a8c", "#3f8f5b", "#c1840e", "#c1440e")


def problem(words: int) -> tuple[Objective, Parameters]:
    """Random targets, and small random vectors."""
    draws = np.random.default_rng(0)
    places = draws.integers(0, words, (words, ENTRIES_A_WORD))
    rows = np.repeat(np.arange(words), ENTRIES_A_WORD)
    weights = draws.exponential(2.0, rows.size)
    counts = scipy.sparse.csr_matrix((weights, (rows, places.ravel())), (words, words))
    counts.sort_indices()
    return Objective.softmax(Targets.of(counts, 0.75), 1.0), Parameters.normal(words, DIM, 1)


def sweep(gradients: CenterGradients, parameters: Parameters) -> float:
    """Seconds of all groups and of the objective."""
    V, U = parameters.V, parameters.U
    began = time.perf_counter()
    for group in np.array_split(np.arange(len(V)), GROUPS):
        gradients.of(V, U, group)
    gradients.loss(V, U, np.arange(len(V)))
    return time.perf_counter() - began


def measured(sizes: list[int]) -> tuple[dict[int, float], dict[int, float], float]:
    """Seconds of a sweep by words, of threads and of two workers; seconds of a call."""
    alone, together = {}, {}
    cluster_gradients.LEAST_FLOP = 0.0
    with connected("local:2") as cluster, ThreadPoolExecutor(usable_threads()) as pool:
        for words in sizes:
            objective, parameters = problem(words)
            here = ExactGradients(objective, pool, LOTS)
            there = ClusterGradients(objective, cluster, LOTS)
            for gradients in (here, there):
                sweep(gradients, parameters)
            alone[words] = min(sweep(here, parameters) for _ in range(2))
            together[words] = min(sweep(there, parameters) for _ in range(2))
            there.close()
            print(
                f"{words:,} words: {alone[words]:.2f} s by threads, "
                f"{together[words]:.2f} s by two workers",
                flush=True,
            )
        began = time.perf_counter()
        cluster.calls.results(abs, [(number,) for number in range(CALLS)])
        return alone, together, (time.perf_counter() - began) / CALLS


def speeds_of(alone: dict[int, float], together: dict[int, float], a_call: float) -> Speeds:
    """A machine's arithmetic by the largest size; what a group costs beside it by the smallest."""
    largest, smallest = max(alone), min(alone)
    flop = 8.0 * largest**2 * padded(DIM) / alone[largest]
    a_group = max(0.0, together[smallest] - alone[smallest]) / (GROUPS + 1)
    return Speeds(flop, LINE_BYTES_A_SECOND, a_call, a_group, ROWS_A_SECOND)


def draw(speeds: Speeds, alone: dict[int, float], together: dict[int, float]) -> None:
    mpl.use("Agg")
    figure, axes = plt.subplots(figsize=(9.5, 5.6), layout="constrained")
    rows = padded(DIM) * 4
    for workers, color, shift in zip(WORKERS, COLORS, (0, 0, 0, 6, -6), strict=True):
        if workers == 1:
            seconds = [8.0 * words**2 * padded(DIM) / speeds.flop_a_second for words in WORDS]
        else:
            lots = max(64, workers)
            seconds = [sweep_seconds(int(w), rows, lots, workers, speeds) for w in WORDS]
        axes.plot(WORDS, seconds, color=color, lw=2)
        name = "one machine" if workers == 1 else f"{workers} workers"
        axes.annotate(
            name,
            (WORDS[-1], seconds[-1]),
            xytext=(6, shift),
            textcoords="offset points",
            va="center",
            color=color,
        )
    axes.plot(
        list(alone), list(alone.values()), "o", color=COLORS[0], ms=7, label="measured: threads"
    )
    axes.plot(
        list(together),
        list(together.values()),
        "D",
        color="#333333",
        ms=7,
        mfc="none",
        label="measured: two workers on the same two cores",
    )
    axes.set(xscale="log", yscale="log", xlabel="words", ylabel="seconds a sweep")
    axes.set_title(
        "A sweep of the exact softmax, 100 numbers a word: predicted (lines) and measured"
    )
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xticks([10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000])
    axes.set_xticks([], minor=True)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper left", frameon=False)
    axes.margins(x=0.12)
    figure.savefig(PICTURE, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--measured-words", type=int, nargs="+", default=[10_000, 20_000, 40_000])
    alone, together, a_call = measured(parser.parse_args().measured_words)
    speeds = speeds_of(alone, together, a_call)
    rows = padded(DIM) * 4
    print(
        f"{speeds.flop_a_second / 1e9:.0f} GFLOP/s a machine, {1e3 * a_call:.2f} ms a call, "
        f"{1e3 * speeds.seconds_a_group:.0f} ms a group beside its arithmetic"
    )
    for words in (20_000, 50_000, 100_000, 400_000, 2_000_000):
        one = 8.0 * words**2 * padded(DIM) / speeds.flop_a_second
        of = [f"{sweep_seconds(words, rows, max(64, w), w, speeds):,.1f}" for w in WORKERS[1:]]
        print(f"{words:9,} words: {one:,.1f} s on one machine; {', '.join(of)} s on {WORKERS[1:]}")
    draw(speeds, alone, together)
    print(f"drawn to {PICTURE}")


if __name__ == "__main__":
    main()

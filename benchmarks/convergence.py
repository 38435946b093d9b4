"""The objective by sweep and by second: preconditioned sweeps against first-order methods.

    python benchmarks/convergence.py --data DIR [--words 8000] [--sweeps 16]

DIR holds fil8.txt (or .xz). Pairs of all words are counted, then cut to the most frequent ones. All
methods start at the same vectors, take the same exact gradients of the same groups of center words
and are stopped after as many sweeps; the objective, prior included, is evaluated after each with
everything at rest. Each first-order method runs at several rates, and the one that comes lowest is
drawn. Coarse to fine is drawn by seconds, from the start of its last level on. Draws
docs/convergence.png.
"""

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from numpy.typing import NDArray
from texts import add_data_option, find

import skipgram
from skipgram.corpus.cooccurrence.counts import Cooccurrence
from skipgram.settings import SOFTMAX, Settings
from skipgram.settings.objectives import with_objective
from skipgram.training.exact.gradients import ExactGradients
from skipgram.training.exact.levels import CLIMBING_PASSES, levels_of
from skipgram.training.exact.problem import Problem
from skipgram.training.exact.rare_words import all_words
from skipgram.training.exact.sweeps import FROM_FITTED, FROM_RANDOM, GROUPS, Sweeps
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters

PICTURE = Path(__file__).parents[1] / "docs" / "convergence.png"
DIM, SEED = 100, 1
WHOLE, LEVELS = "preconditioned sweeps", "the same, coarse to fine"
Matrix = NDArray[np.floating]
Update = Callable[[Matrix, Matrix, Matrix, int], Matrix]
"""A step from gradient, two states of its shape that it may change, and the step's number."""


def descent(rate: float) -> Update:
    return lambda g, m, s, t: rate * g


def adagrad(rate: float) -> Update:
    def step(g: Matrix, m: Matrix, s: Matrix, t: int) -> Matrix:
        s += g**2
        return np.asarray(rate * g / (np.sqrt(s) + 1e-12))

    return step


def adam(rate: float) -> Update:
    def step(g: Matrix, m: Matrix, s: Matrix, t: int) -> Matrix:
        m += 0.1 * (g - m)
        s += 0.001 * (g**2 - s)
        return np.asarray(rate * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-12))

    return step


METHODS: dict[str, tuple[Callable[[float], Update], list[float]]] = {
    "Adam": (adam, [0.003, 0.01, 0.03, 0.1]),
    "AdaGrad": (adagrad, [0.03, 0.1, 0.3, 1.0]),
    "gradient descent": (descent, [1e-5, 1e-4, 3e-4, 1e-3]),
}
"""Rates from too small to too large: the best of each lies inside."""

Curve = tuple[list[float], list[float]]
"""Seconds, evaluations left out, and J in nats a pair; from the start on."""


def ours(problem: Problem, sweeps: int, pool: ThreadPoolExecutor) -> Curve:
    parameters = Parameters.normal(len(problem.frequent), DIM, SEED)
    prior, pairs = problem.settings.training.prior, problem.objective.targets.pairs
    gradients = ExactGradients(problem.objective, pool)
    run = Sweeps(gradients, parameters, prior, sweeps, SEED, pool=pool)
    seconds, objectives = [0.0], [run.begin() / pairs]
    for _ in range(sweeps):
        began = time.perf_counter()
        for _ in range(run.groups):
            run.next_group()
        seconds.append(seconds[-1] + time.perf_counter() - began)
        objectives.append(run.end_sweep().objective / pairs)
    return seconds, objectives


def coarse_to_fine(
    counts: Cooccurrence, noise: Noise, settings: Settings, pool: ThreadPoolExecutor
) -> Curve:
    """The last level's curve, whose seconds count from the start of the first."""
    levels = levels_of(len(counts.vocabulary), settings)
    order = counts.vocabulary.by_count
    fresh = Parameters.normal(len(order), DIM, SEED)
    parameters = fresh.of_rows(order[: levels[0].words])
    passed = 0.0
    for number, level in enumerate(levels):
        began = time.perf_counter()
        following = levels[number + 1].words if number + 1 < len(levels) else None
        problem = Problem.of(counts, noise, settings, words=level.words, folded_up_to=following)
        run = Sweeps(
            ExactGradients(problem.objective, pool),
            parameters,
            settings.training.prior,
            level.sweeps,
            SEED,
            steps=FROM_RANDOM if number == 0 else FROM_FITTED,
            pool=pool,
        )
        pairs = problem.objective.targets.pairs
        passed += time.perf_counter() - began
        seconds, objectives = [passed], [run.begin() / pairs]
        for _ in range(level.sweeps):
            began = time.perf_counter()
            for _ in range(run.groups):
                run.next_group()
            passed += time.perf_counter() - began
            seconds.append(passed)
            objectives.append(run.end_sweep().objective / pairs)
        if following is not None:
            began = time.perf_counter()
            parameters = all_words(problem, parameters, order[:following], CLIMBING_PASSES, pool)
            passed += time.perf_counter() - began
    return seconds, objectives


def first_order(problem: Problem, update: Update, sweeps: int, pool: ThreadPoolExecutor) -> Curve:
    parameters = Parameters.normal(len(problem.frequent), DIM, SEED)
    V, U = parameters.V, parameters.U
    gradients, targets = ExactGradients(problem.objective, pool), problem.objective.targets
    prior = problem.settings.training.prior
    whole = Sweeps(gradients, parameters, prior, sweeps, SEED, pool=pool)
    states = [np.zeros_like(matrix) for matrix in (V, V, U, U)]
    seconds, objectives, steps = [0.0], [whole.begin() / targets.pairs], 0
    for sweep in range(sweeps):
        began = time.perf_counter()
        order = np.random.default_rng((SEED, sweep)).permutation(len(V))
        for group in np.array_split(order, GROUPS):
            steps += 1
            of = gradients.of(V, U, group)
            share = targets.center_weights[group].sum() / targets.pairs
            first, second = states[0][group], states[1][group]
            V[group] -= update(of.center + prior * V[group], first, second, sweep + 1)
            states[0][group], states[1][group] = first, second
            U -= update(of.outside / share + prior * U, states[2], states[3], steps)
        seconds.append(seconds[-1] + time.perf_counter() - began)
        objectives.append(whole.objective() / targets.pairs)
        if not np.isfinite(objectives[-1]):
            break
    return seconds, objectives


def draw(curves: dict[str, Curve], words: int) -> None:
    mpl.use("Agg")
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.4), sharey=True, layout="constrained")
    styles = {WHOLE: ("#0b3c5d", 2.6), LEVELS: ("#3fa7d6", 2.6)}
    colors = iter(("#c1440e", "#5b8c3e", "#7a5195"))
    top, lowest = curves[WHOLE][1][0], min(min(of) for _, of in curves.values())
    for name, (seconds, objectives) in curves.items():
        color, width = styles.get(name, ("", 1.6))
        color = color or next(colors)
        for axis, x in ((axes[0], range(len(objectives))), (axes[1], seconds)):
            if name == LEVELS and axis is axes[0]:
                continue  # its sweeps are not all over the same words
            axis.plot(x, objectives, color=color, linewidth=width, label=name)
    for axis, label in zip(axes, ("sweeps", "seconds"), strict=True):
        axis.set_xlabel(label)
        axis.spines[["top", "right"]].set_visible(False)
        axis.set_ylim(lowest - 0.01, lowest + 0.75 * (top - lowest))
    axes[0].set_ylabel("objective, nats a pair, prior included")
    axes[1].legend(frameon=False)
    axes[0].set_title("by sweep", loc="left", fontsize=10)
    axes[1].set_title("by second, on two cores", loc="left", fontsize=10)
    figure.suptitle(f"The exact softmax on fil8, {words:,} words × {DIM}: lower is better")
    figure.savefig(PICTURE, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--words", type=int, default=8000)
    parser.add_argument("--sweeps", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    source = find(chosen.data, "fil8.txt", "fil8.txt.xz")
    counts = skipgram.cooccurrence(source, threads=chosen.threads, progress=False).cut(chosen.words)
    settings = Settings.of(
        **with_objective({"sweeps": chosen.sweeps, "embedding_dim": DIM}, SOFTMAX)
    )
    noise = Noise.of(counts.vocabulary.counts, 0.75)
    problem = Problem.of(counts, noise, settings)
    curves: dict[str, Curve] = {}
    with ThreadPoolExecutor(chosen.threads) as pool:
        curves[WHOLE] = ours(problem, chosen.sweeps, pool)
        curves[LEVELS] = coarse_to_fine(counts, noise, settings, pool)
        for name, (method, rates) in METHODS.items():
            runs = {rate: first_order(problem, method(rate), chosen.sweeps, pool) for rate in rates}
            best = min(rates, key=lambda rate: np.nan_to_num(runs[rate][1][-1], nan=np.inf))
            curves[f"{name}, rate {best:g}"] = runs[best]
            ends = ", ".join(f"{rate:g}: {runs[rate][1][-1]:.4f}" for rate in rates)
            print(f"{name}: after {chosen.sweeps} sweeps {ends}", flush=True)
    for name, (seconds, objectives) in curves.items():
        print(f"{name}: {objectives[0]:.4f} → {objectives[-1]:.4f} in {seconds[-1]:.1f} s")
    assert problem.floor is not None  # a softmax has one
    print(f"floor {problem.floor:.4f}")
    draw(curves, chosen.words)


if __name__ == "__main__":
    main()

"""The deterministic mode replayed in plain Python: batch by batch, by the equations."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.replay import ReplayableTraining, random_lines
from skipgram.equations import grouped_negative_sampling
from skipgram.equations.draws import epoch_key
from skipgram.equations.windows import windows
from skipgram.settings import Settings
from skipgram.system.threads import thread_pool
from skipgram.training.negative_sampling.batched import CURVATURE, SLICES, Batched
from skipgram.training.negative_sampling.task import Loss, Task
from skipgram.training.parameters import Parameters

LENGTHS = [30, 1, 50, 2, 90, 40]


def training_of(seed: int = 1, **values: Any) -> ReplayableTraining:
    training = ReplayableTraining.random(
        random_lines(seed, 12, LENGTHS), 12, keep=1.0, seed=seed, **values
    )
    training.key = epoch_key(1, 0)
    return training


def task_of(training: ReplayableTraining, **values: Any) -> Task:
    chosen = Settings.of(
        embedding_dim=training.embedding_dim,
        negatives=training.negatives,
        negatives_shared=training.negatives_shared,
        window=training.window,
        window_width="fixed" if training.width_is_fixed else "random",
        subsample=0,
        deterministic=True,
        epochs=1,
        **{"learning_rate": 0.02, **values},
    )
    parameters = Parameters(training.V.copy(), training.U.copy(), training.embedding_dim)
    whole = np.array([[0, len(training.corpus)]])
    return Task(
        training.corpus, training.noise, parameters, chosen, whole, training.corpus.line_ends
    )


def trained(task: Task, threads: int, slice_tokens: int | None = None) -> Loss:
    with thread_pool(threads, "replay") as pool:
        blocks = Batched(task, threads, slice_tokens=slice_tokens).train(pool, 0, 0, lambda: True)
        return sum((loss for _, loss in blocks), Loss())


def replayed(
    training: ReplayableTraining, task: Task, slice_tokens: int | None = None
) -> tuple[NDArray[Any], NDArray[Any], float]:
    """Batch by batch, the equations' gradients from one point, added up."""
    V, U, total = training.V.astype(np.float64), training.U.astype(np.float64), 0.0
    way = Batched(task, 1, slice_tokens=slice_tokens)
    for start, batch in _batches(training, SLICES * way.slice_tokens):
        change_V, change_U = np.zeros_like(V), np.zeros_like(U)
        terms_V, terms_U = np.zeros(len(V), int), np.zeros(len(U), int)
        for window in batch:
            rate = task.learning_rate(0, window.position)
            for centers, negatives in training.groups(window):
                gradients = grouped_negative_sampling(centers, window.outside, negatives, V, U)
                total += gradients.loss
                change_V -= rate * gradients.V
                change_U -= rate * gradients.U
                np.add.at(terms_V, list(centers), training.negatives + 1)
                np.add.at(terms_U, [window.outside, *negatives], len(centers))
        move = CURVATURE * task.learning_rate(0, start - start % way.block_tokens)
        V, U = V + shares(move, terms_V) * change_V, U + shares(move, terms_U) * change_U
    return V, U, total


def shares(move: float, terms: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much of its change each row takes: (1 − e^(−x)) / x."""
    x = np.maximum(terms * move, 1e-12)
    return ((1 - np.exp(-x)) / x)[:, None]


def _batches(training: ReplayableTraining, batch_tokens: int) -> Iterator[tuple[int, list[Any]]]:
    all_windows = list(
        windows(
            training.corpus.ids,
            training.corpus.line_ends,
            training.keep_thresholds,
            training.window,
            training.key,
            width_is_fixed=training.width_is_fixed,
        )
    )
    for start in range(0, len(training.corpus), batch_tokens):
        stop = start + batch_tokens
        yield start, [w for w in all_windows if start <= w.position < stop and w.centers]

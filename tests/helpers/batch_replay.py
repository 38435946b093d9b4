"""The deterministic mode replayed in plain Python: batch by batch, by the equations."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.replay import World, random_lines
from skipgram.equations import grouped_negative_sampling
from skipgram.equations.draws import epoch_key
from skipgram.equations.windows import windows
from skipgram.settings import Settings
from skipgram.training.negative_sampling import batched
from skipgram.training.negative_sampling.batched import CURVATURE, SLICES, Batched
from skipgram.training.negative_sampling.task import Loss, Task
from skipgram.training.parameters import Parameters

LENGTHS = [30, 1, 50, 2, 90, 40]


def world_of(seed: int = 1, **values: Any) -> World:
    world = World.random(random_lines(seed, 12, LENGTHS), 12, keep=1.0, seed=seed, **values)
    world.key = epoch_key(1, 0)
    return world


def task_of(world: World, **values: Any) -> Task:
    chosen = Settings.of(
        embedding_dim=world.embedding_dim,
        negatives=world.negatives,
        negatives_shared=world.negatives_shared,
        window=world.window,
        window_width="fixed" if world.width_is_fixed else "random",
        subsample=0,
        deterministic=True,
        epochs=1,
        **{"learning_rate": 0.02, **values},
    )
    parameters = Parameters(world.V.copy(), world.U.copy(), world.embedding_dim)
    whole = np.array([[0, len(world.corpus)]])
    return Task(world.corpus, world.noise, parameters, chosen, whole, world.corpus.line_ends)


def trained(task: Task, threads: int) -> Loss:
    with ThreadPoolExecutor(threads) as pool:
        blocks = Batched(task, threads).train(pool, 0, 0, lambda: True)
        return sum((loss for _, loss in blocks), Loss())


def replayed(world: World, task: Task) -> tuple[NDArray[Any], NDArray[Any], float]:
    """Batch by batch, the equations' gradients from one point, added up."""
    V, U, total = world.V.astype(np.float64), world.U.astype(np.float64), 0.0
    slice_tokens = Batched(task, 1)._slice_tokens
    block_tokens = slice_tokens * SLICES * batched.BLOCK_BATCHES
    for start, batch in _batches(world, SLICES * slice_tokens):
        change_V, change_U = np.zeros_like(V), np.zeros_like(U)
        terms_V, terms_U = np.zeros(len(V), int), np.zeros(len(U), int)
        for window in batch:
            rate = task.learning_rate(0, window.position)
            for centers, negatives in world.groups(window):
                gradients = grouped_negative_sampling(centers, window.outside, negatives, V, U)
                total += gradients.loss
                change_V -= rate * gradients.V
                change_U -= rate * gradients.U
                np.add.at(terms_V, list(centers), world.negatives + 1)
                np.add.at(terms_U, [window.outside, *negatives], len(centers))
        move = CURVATURE * task.learning_rate(0, start - start % block_tokens)
        V, U = V + shares(move, terms_V) * change_V, U + shares(move, terms_U) * change_U
    return V, U, total


def shares(move: float, terms: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much of its change each row takes: (1 − e^(−x)) / x."""
    x = np.maximum(terms * move, 1e-12)
    return ((1 - np.exp(-x)) / x)[:, None]


def _batches(world: World, batch_tokens: int) -> Iterator[tuple[int, list[Any]]]:
    all_windows = list(
        windows(
            world.corpus.ids,
            world.corpus.line_ends,
            world.keep_thresholds,
            world.window,
            world.key,
            width_is_fixed=world.width_is_fixed,
        )
    )
    for start in range(0, len(world.corpus), batch_tokens):
        stop = start + batch_tokens
        yield start, [w for w in all_windows if start <= w.position < stop and w.centers]

"""The deterministic mode does what a replay of its rounds does, the same for any threads."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from comparison import EXACT, assert_close
from replay import World, random_lines
from skipgram.settings import Settings
from skipgram.training import sharded
from skipgram.training.blocks import Loss, blocks
from skipgram.training.merging import merge_rows, merge_weights
from skipgram.training.own_rows import OwnRows
from skipgram.training.parameters import Parameters
from skipgram.training.sharded import Sharded
from skipgram.training.task import Task

LENGTHS = [30, 1, 50, 2, 90, 40]


def task_of(world: World, **values: Any) -> Task:
    chosen = Settings.of(
        embedding_dim=world.embedding_dim,
        negatives=world.negatives,
        window=world.window,
        subsample=0,
        deterministic=True,
        **{"learning_rate": 0.05, "epochs": 1, **values},
    )
    parameters = Parameters(world.V.copy(), world.U.copy(), world.embedding_dim)
    whole = np.array([[0, len(world.corpus)]])
    return Task(world.corpus, world.noise, parameters, chosen, whole, world.corpus.line_ends)


def trained(task: Task, threads: int) -> Loss:
    with ThreadPoolExecutor(threads) as pool:
        way = Sharded(task, threads)
        return sum((loss for _, loss in way.train(pool, 0, 0, lambda: True)), Loss())


def replayed(world: World, task: Task) -> tuple[NDArray[Any], NDArray[Any], float]:
    """Rounds by hand: each block from the same start, by the equations; changes weighted."""
    way = Sharded(task, 1)
    shards = task.settings.training.shards
    V, U, total = world.V.astype(np.float64), world.U.astype(np.float64), 0.0
    todo = list(blocks(task.ranges, way._block_tokens, 0))
    for start in range(0, len(todo), shards):
        together = todo[start : start + shards]
        rate = task.learning_rate(0, together[0].done)
        weights = way._merge_weights(rate, len(together))
        changes = [np.zeros_like(V), np.zeros_like(U)]
        for block in together:
            first = task.learning_rate(0, block.done)
            last = task.learning_rate(0, block.done_after)
            slope = (last - first) / (block.stop - block.start)
            part = replace(
                world,
                V=V,
                U=U,
                first_rate=first - slope * block.start,
                rate_slope=slope,
                scored=1.0,
            ).replay(block.start, block.stop)
            changes[0] += part.V - V
            changes[1] += part.U - U
            total += part.loss
        V = V + weights[0][:, None] * changes[0]
        U = U + weights[1][:, None] * changes[1]
    return V, U, total


def world_of(seed: int = 1, **values: Any) -> World:
    world = World.random(random_lines(seed, 12, LENGTHS), 12, keep=1.0, seed=seed, **values)
    world.key = 0  # replaced below by that of the first epoch
    return world


@pytest.mark.parametrize("shards", [1, 3, 8])
@pytest.mark.parametrize("shared", [True, False])
def test_a_round_is_its_blocks_from_one_start_and_their_weighted_changes(
    shards: int, shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from skipgram.randomness import epoch_key

    monkeypatch.setattr(sharded, "LEAST_BLOCK_TOKENS", 7)
    world = world_of()
    world.key, world.negatives_shared = epoch_key(1, 0), shared
    task = task_of(world, shards=shards, negatives_shared=shared)
    V, U, total = replayed(world, task)
    loss = trained(task, threads=1)
    assert_close(task.parameters.V, V, EXACT)
    assert_close(task.parameters.U, U, EXACT)
    assert_close(loss.total, total, EXACT)


@pytest.mark.parametrize("threads", [2, 3, 8, 9])
def test_any_number_of_threads_gives_the_same_bits(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharded, "LEAST_BLOCK_TOKENS", 7)
    alone, together = (task_of(world_of(dtype=np.float32)) for _ in range(2))
    assert trained(alone, 1) == trained(together, threads)
    assert alone.parameters.V.tobytes() == together.parameters.V.tobytes()
    assert alone.parameters.U.tobytes() == together.parameters.U.tobytes()


def test_threads_that_have_no_shard_do_no_harm() -> None:
    task = task_of(world_of(), shards=2)
    assert trained(task, threads=5).pairs > 0


@given(st.floats(1e-12, 50), st.integers(1, 64))
def test_a_merge_goes_as_far_as_the_shards_one_after_the_other(x: float, shards: int) -> None:
    weight = float(merge_weights(np.array([x]), shards)[0])
    one, all_in_turn = -np.expm1(-x), -np.expm1(-shards * x)
    assert_close(weight * shards * one, all_in_turn, 1e-6)
    assert 1 / shards - 1e-6 <= weight <= 1 + 1e-6


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 5), st.integers(1, 4))
def test_merging_adds_the_weighted_changes_of_each_word_once(
    seed: int, shards: int, parts: int
) -> None:
    random = np.random.default_rng(seed)
    matrix = random.standard_normal((9, 16))
    expected, weights = matrix.copy(), random.random(9).astype(np.float32)
    rows = random.standard_normal((shards, 9, 16))
    own = OwnRows(
        rows,
        np.zeros((shards, 9), np.int32),
        np.full((shards, 9), -1, np.int32),
        np.zeros((shards, 1), np.int64),
    )
    for shard in range(shards):
        touched = random.permutation(9)[: random.integers(0, 10)]
        own.words[shard, : len(touched)] = touched
        own.slots[shard, touched] = np.arange(len(touched))
        own.taken[shard] = len(touched)
        for place, word in enumerate(touched):
            expected[word] += weights[word] * (rows[shard, place] - matrix[word])
    for part in range(parts):
        merge_rows(16)(matrix, *own, weights, shards, part, parts)
    assert_close(matrix, expected, EXACT)

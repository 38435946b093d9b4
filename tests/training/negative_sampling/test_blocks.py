"""Blocks cover the ranges of a corpus once, in order, from wherever a training stands."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.small_trainings import task_of
from skipgram.training.negative_sampling.hogwild import (
    LEAST_BLOCK_TOKENS,
    MOST_BLOCK_TOKENS,
    Hogwild,
)
from skipgram.training.negative_sampling.task import Loss, TrainingBlock, blocks


@st.composite
def ranges(draw: st.DrawFn) -> np.ndarray:
    """Rising, none empty; two may touch."""
    borders, end = [], 0
    for _ in range(draw(st.integers(1, 5))):
        start = end + draw(st.integers(0, 20))
        end = start + draw(st.integers(1, 40))
        borders.append([start, end])
    return np.array(borders)


def tokens_of(some: list[TrainingBlock]) -> list[int]:
    return [token for block in some for token in range(block.start, block.stop)]


def in_ranges(of: np.ndarray) -> list[int]:
    return [token for start, stop in of.tolist() for token in range(start, stop)]


@given(ranges(), st.integers(1, 50))
def test_blocks_cover_the_ranges_once_in_order(of: np.ndarray, length: int) -> None:
    assert tokens_of(list(blocks(of, length, epoch=0))) == in_ranges(of)


@given(ranges(), st.integers(1, 50))
def test_blocks_are_no_longer_than_asked_and_know_what_was_before(
    of: np.ndarray, length: int
) -> None:
    done = 0
    for block in blocks(of, length, epoch=3):
        assert block.epoch == 3
        assert 0 < block.stop - block.start <= length
        assert block.done == done
        done = block.done_after
    assert done == len(in_ranges(of))


@given(ranges(), st.integers(1, 50), st.data())
def test_from_the_end_of_any_block_on_the_same_blocks_follow(
    of: np.ndarray, length: int, data: st.DataObject
) -> None:
    all_of_them = list(blocks(of, length, epoch=1))
    number = data.draw(st.integers(0, len(all_of_them) - 1))
    done = all_of_them[number].done_after
    assert list(blocks(of, length, 1, done)) == all_of_them[number + 1 :]


@given(ranges(), st.integers(1, 50), st.data())
def test_from_any_token_on_the_other_tokens_follow(
    of: np.ndarray, length: int, data: st.DataObject
) -> None:
    whole = in_ranges(of)
    done = data.draw(st.integers(0, len(whole)))
    left = list(blocks(of, length, 1, done))
    assert tokens_of(left) == whole[done:]
    assert not left or left[0].done == done


def test_losses_add_up_to_the_mean_over_their_pairs() -> None:
    loss = Loss(6.0, 2, 5) + Loss(1.0, 1, 4)
    assert loss == Loss(7.0, 3, 9)
    assert loss.mean == 7 / 3
    assert math.isnan(Loss(pairs=3).mean)


def block_tokens(tokens: int, **values: Any) -> int:
    task = task_of([tokens], **values)
    return Hogwild(task, task.settings.run.threads).block_tokens


def test_heavy_settings_have_small_blocks() -> None:
    light, heavy = block_tokens(400_000), block_tokens(400_000, window=200, negatives=64)
    assert LEAST_BLOCK_TOKENS <= heavy < light / 10
    assert light <= MOST_BLOCK_TOKENS


@pytest.mark.parametrize("threads", [1, 3])
def test_a_small_corpus_has_blocks_enough_for_all_threads(threads: int) -> None:
    assert block_tokens(12_000, threads=threads) == 12_000 / (4 * threads)
    assert block_tokens(40, threads=threads) == LEAST_BLOCK_TOKENS

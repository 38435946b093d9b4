"""The counter's draws against SplitMix64's published ones, and against chance."""

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from skipgram.equations.draws import (
    GOLDEN,
    KEEP,
    NEGATIVES,
    SCORE,
    WIDTH,
    below,
    chance_threshold,
    draw,
    epoch_key,
    mix,
    position_stream,
)

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

words = st.integers(0, 2**64 - 1)
chances = st.floats(0, 1, exclude_min=True)

# The first outputs of the reference implementation (Vigna's splitmix64.c) for this seed.
PUBLISHED_SEED = 1234567
PUBLISHED = [
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
]


def splitmix64(seed: int) -> Iterator[int]:
    """The generator as published: a state that grows by the golden ratio, hashed."""
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        yield z ^ (z >> 31)


def unmixed(bits: int) -> int:
    """The inverse of `mix`, step by step from its end."""
    bits = bits ^ (bits >> 31) ^ (bits >> 62)
    bits = bits * pow(0x94D049BB133111EB, -1, 2**64) % 2**64
    bits = bits ^ (bits >> 27) ^ (bits >> 54)
    bits = bits * pow(0xBF58476D1CE4E5B9, -1, 2**64) % 2**64
    return bits ^ (bits >> 30) ^ (bits >> 60)


def assert_like_chance(cells: Iterable[int], size: int) -> None:
    """Raise if the cells are filled too unevenly for chance, or too evenly."""
    chance = chisquare(np.bincount(list(cells), minlength=size)).pvalue
    assert 1e-3 < chance < 1 - 1e-3


def test_the_draws_of_a_stream_are_those_published_for_splitmix64():
    assert [draw(PUBLISHED_SEED, number) for number in range(5)] == PUBLISHED


@law
@given(words)
def test_a_stream_is_the_generator_seeded_with_it(stream):
    assert [draw(stream, number) for number in range(20)] == list(islice(splitmix64(stream), 20))


@law
@given(words)
def test_the_hash_loses_nothing(bits):
    assert unmixed(mix(bits)) == bits
    assert 0 <= mix(bits) < 2**64


@law
@given(words)
def test_every_bit_of_the_input_reaches_about_half_of_the_output(bits):
    flipped = [(mix(bits) ^ mix(bits ^ (1 << place))).bit_count() for place in range(64)]
    assert min(flipped) >= 8
    assert 28 < np.mean(flipped) < 36


@law
@given(st.integers(0, 2**63 - 1), st.integers(0, 10**6))
def test_the_key_of_an_epoch_is_a_hash_of_seed_and_epoch(seed, epoch):
    assert epoch_key(seed, epoch) == mix((mix(seed) + epoch * GOLDEN) % 2**64)


@law
@given(words, st.integers(0, 2**40))
def test_the_stream_of_a_position_is_a_hash_of_key_and_position(key, position):
    assert position_stream(key, position) == mix((key + position * GOLDEN) % 2**64)


def test_seeds_epochs_positions_and_draws_do_not_share_their_bits():
    drawn = {
        draw(position_stream(epoch_key(seed, epoch), position), number)
        for seed in range(8)
        for epoch in range(8)
        for position in range(20)
        for number in range(20)
    }
    assert len(drawn) == 8 * 8 * 20 * 20


def test_the_draws_that_decide_different_things_are_different_ones():
    assert list(range(NEGATIVES)) == [KEEP, WIDTH, SCORE]


@pytest.mark.parametrize("number", [KEEP, WIDTH, SCORE, NEGATIVES, NEGATIVES + 7])
def test_each_draw_is_uniform_over_the_positions(number):
    key = epoch_key(1, 0)
    drawn = [draw(position_stream(key, position), number) for position in range(20_000)]
    assert_like_chance([bits >> 56 for bits in drawn], 256)
    assert_like_chance([bits & 255 for bits in drawn], 256)


@pytest.mark.parametrize("bound", [3, 5, 10, 1000])
def test_small_integers_are_uniform_over_the_positions(bound):
    key = epoch_key(2, 3)
    drawn = [draw(position_stream(key, position), WIDTH) for position in range(20_000)]
    assert_like_chance([below(bits, bound) for bits in drawn], bound)


def pairs_of_draws(kind: str) -> list[tuple[int, int]]:
    """Two draws that a training uses side by side."""
    key, later = epoch_key(1, 0), epoch_key(1, 1)
    one = [position_stream(key, position) for position in range(20_000)]
    if kind == "two draws of a position":
        return [(draw(stream, KEEP), draw(stream, WIDTH)) for stream in one]
    if kind == "neighbouring positions":
        return [(draw(a, KEEP), draw(b, KEEP)) for a, b in pairwise(one)]
    if kind == "a draw and the next of the position before":
        return [(draw(a, WIDTH), draw(b, KEEP)) for a, b in pairwise(one)]
    if kind == "neighbouring seeds":
        other = [position_stream(epoch_key(2, 0), position) for position in range(20_000)]
    else:
        other = [position_stream(later, position) for position in range(20_000)]
    return [(draw(a, KEEP), draw(b, KEEP)) for a, b in zip(one, other, strict=True)]


@pytest.mark.parametrize(
    "kind",
    [
        "two draws of a position",
        "neighbouring positions",
        "a draw and the next of the position before",
        "neighbouring seeds",
        "successive epochs",
    ],
)
def test_draws_side_by_side_are_independent(kind):
    cells = [(a >> 60) * 16 + (b >> 60) for a, b in pairs_of_draws(kind)]
    assert_like_chance(cells, 256)


@law
@given(st.integers(1, 2**16), st.data())
def test_every_integer_below_a_bound_has_its_share_to_one_in_two_to_the_32(bound, data):
    value = data.draw(st.integers(0, bound - 1))
    first, after = -(-(value << 32) // bound), -(-((value + 1) << 32) // bound)
    assert below(first << 32, bound) == value
    assert below((after << 32) - 1, bound) == value
    assert abs(after - first - 2**32 / bound) < 1
    if value:
        assert below((first << 32) - 1, bound) == value - 1


@law
@given(words, st.integers(1, 2**16))
def test_an_integer_below_a_bound_is_below_it(bits, bound):
    assert 0 <= below(bits, bound) < bound


@law
@given(chances)
def test_the_threshold_of_a_chance_is_met_to_one_in_two_to_the_32(chance):
    threshold = chance_threshold(chance)
    assert 0 <= threshold < 2**32
    assert abs((threshold + 1) / 2**32 - chance) <= 2.0**-32


@law
@given(chances, chances)
def test_a_larger_chance_has_no_smaller_threshold(one, other):
    smaller, larger = sorted([one, other])
    assert chance_threshold(smaller) <= chance_threshold(larger)


def test_certainty_says_yes_to_every_draw():
    assert chance_threshold(1.0) == 2**32 - 1


@pytest.mark.parametrize("chance", [0.5, 0.01])
def test_a_chance_comes_true_as_often_as_it_says(chance):
    key, threshold = epoch_key(7, 0), chance_threshold(chance)
    draws = 20_000
    yes = sum(draw(position_stream(key, at), KEEP) >> 32 <= threshold for at in range(draws))
    assert abs(yes - draws * chance) < 3.3 * (draws * chance * (1 - chance)) ** 0.5

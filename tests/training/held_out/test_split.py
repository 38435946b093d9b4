"""What is held out is spread over the corpus, about as much as asked, and never trained on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.replay import corpus_of
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.errors import CorpusError, SettingsError
from skipgram.training.held_out.split import LEAST_BLOCK_TOKENS, MOST_BLOCKS, Split


def corpus_of_lengths(lengths: list[int]) -> EncodedCorpus:
    return corpus_of([[0] * length for length in lengths], 2)


@st.composite
def corpora_and_shares(draw: st.DrawFn) -> tuple[EncodedCorpus, float]:
    longest = draw(st.sampled_from([3, 40, 3_000, 60_000]))
    lengths = draw(st.lists(st.integers(1, longest), min_size=1, max_size=60))
    share = draw(st.sampled_from([0.001, 0.01, 0.1, 0.37, 0.5]))
    tokens = sum(lengths)
    if tokens * share < 2:
        lengths.append(int(2 / share) + 1)
    return corpus_of_lengths(lengths), share


law = settings(deadline=None, max_examples=100)


@law
@given(corpora_and_shares())
def test_each_token_is_either_trained_on_or_held_out(case: tuple[EncodedCorpus, float]) -> None:
    corpus, share = case
    split = Split.of(corpus, share)
    times = np.zeros(len(corpus), np.int64)
    for start, stop in np.concatenate([split.training, split.held_out]).tolist():
        assert start < stop
        times[start:stop] += 1
    assert (times == 1).all()
    assert np.diff(split.training).sum() + split.held_out_tokens == len(corpus)


@law
@given(corpora_and_shares())
def test_the_line_ends_are_those_of_the_corpus_and_all_borders(
    case: tuple[EncodedCorpus, float],
) -> None:
    corpus, share = case
    split = Split.of(corpus, share)
    stops = np.concatenate([split.training, split.held_out])[:, 1]
    np.testing.assert_array_equal(split.line_ends, np.union1d(corpus.line_ends, stops))


@law
@given(corpora_and_shares())
def test_about_the_share_is_held_out_and_never_more_than_what_is_trained_on(
    case: tuple[EncodedCorpus, float],
) -> None:
    corpus, share = case
    split = Split.of(corpus, share)
    asked = len(corpus) * share
    # Both borders of a block may move by a quarter of it, and a block's length is rounded down.
    assert asked / 2 - len(split.held_out) <= split.held_out_tokens <= 1.5 * asked
    assert np.diff(split.training).sum() >= len(corpus) / 4


@law
@given(corpora_and_shares())
def test_blocks_are_as_many_as_are_long_enough_and_stand_evenly(
    case: tuple[EncodedCorpus, float],
) -> None:
    corpus, share = case
    held_out = Split.of(corpus, share).held_out
    blocks = len(held_out)
    asked = len(corpus) * share
    assert 1 <= blocks <= MOST_BLOCKS
    assert blocks == 1 or asked / blocks >= LEAST_BLOCK_TOKENS
    middles = held_out.mean(axis=1) / len(corpus) * blocks - np.arange(blocks)
    # The middle of its stretch, moved by at most a quarter of a block, which is half a stretch.
    assert (np.abs(middles - 0.5) <= 1 / 8 + 2 * blocks / len(corpus)).all()


def test_a_large_corpus_is_held_out_in_a_thousand_blocks() -> None:
    split = Split.of(corpus_of_lengths([20] * 60_000), 0.5)
    assert len(split.held_out) == MOST_BLOCKS
    assert split.held_out_tokens == 600_000


def test_a_block_begins_and_ends_with_lines_where_lines_are_short() -> None:
    corpus = corpus_of_lengths([17] * 3_000)
    split = Split.of(corpus, 0.1)
    assert np.isin(split.held_out, corpus.line_ends).all()
    np.testing.assert_array_equal(split.line_ends, corpus.line_ends)


def test_a_line_without_an_end_nearby_is_cut() -> None:
    corpus = corpus_of_lengths([100_000])
    split = Split.of(corpus, 0.01)
    assert split.held_out.tolist() == [[24_750, 25_250], [74_750, 75_250]]
    assert split.training.tolist() == [[0, 24_750], [25_250, 74_750], [75_250, 100_000]]
    assert split.line_ends.tolist() == [24_750, 25_250, 74_750, 75_250, 100_000]


def test_a_border_moves_to_the_nearer_of_two_line_ends() -> None:
    # The block of 100 tokens is 450..550: its borders move by at most 25.
    split = Split.of(corpus_of_lengths([430, 15, 80, 40, 435]), 0.1)
    assert split.held_out.tolist() == [[445, 565]]


@pytest.mark.parametrize("share", [0.0, -0.1, 0.51, 1.0, float("nan")])
def test_a_share_that_is_no_part_of_the_corpus_is_refused(share: float) -> None:
    with pytest.raises(SettingsError, match=r"not above 0 and at most 0\.5"):
        Split.of(corpus_of_lengths([1_000]), share)


def test_a_corpus_too_small_for_the_share_is_refused_with_its_size() -> None:
    with pytest.raises(CorpusError, match=r"holdout 0\.01 of 199 tokens"):
        Split.of(corpus_of_lengths([199]), 0.01)
    assert Split.of(corpus_of_lengths([200]), 0.01).held_out.tolist() == [[99, 101]]


def test_the_smallest_corpus_of_all_still_has_both_parts() -> None:
    split = Split.of(corpus_of_lengths([4]), 0.5)
    assert split.held_out.tolist() == [[1, 3]]
    assert split.training.tolist() == [[0, 1], [3, 4]]

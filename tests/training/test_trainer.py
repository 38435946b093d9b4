"""The loop around the kernel: events, rates, threads, and ends."""

import math
import threading
from typing import Any

import numpy as np
import pytest

from comparison import assert_close
from replay import corpus_of, random_lines
from skipgram.errors import SkipgramError
from skipgram.settings import Settings
from skipgram.training import trainer as trainer_module
from skipgram.training.events import EpochEnd, Finished, Progress, Started
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters, padded
from skipgram.training.trainer import NegativeSamplingTrainer, memory_bytes, require_memory

WORDS = 50


def trainer_of(lengths: Any = (3000, 2, 1500), **values: Any) -> NegativeSamplingTrainer:
    corpus = corpus_of(random_lines(1, WORDS, lengths), WORDS)
    settings = Settings.of(**{"embedding_dim": 16, "epochs": 2, "subsample": 0.0, **values})
    parameters = Parameters.initial(WORDS, settings.model.embedding_dim, settings.training.seed)
    noise = Noise.of(corpus.vocabulary.counts, settings.model.noise_exponent)
    return NegativeSamplingTrainer(corpus, noise, parameters, settings)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer_module, "MOST_BLOCK_TOKENS", 256)


def test_events_start_progress_end_each_epoch_and_finish() -> None:
    events = list(trainer_of())
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    assert [event.epoch for event in events if isinstance(event, EpochEnd)] == [1, 2]
    progress = [event for event in events if isinstance(event, Progress)]
    assert [event.tokens_done for event in progress] == sorted(e.tokens_done for e in progress)
    assert progress[-1].tokens_done == progress[-1].tokens_total == 2 * 4502
    assert events[-1].tokens == 2 * 4502


def test_the_rate_falls_linearly_to_a_ten_thousandth() -> None:
    trainer = trainer_of(learning_rate=0.1, epochs=3)
    tokens = len(trainer.corpus)
    assert trainer._learning_rate(0, 0) == 0.1
    assert_close(trainer._learning_rate(1, tokens // 2), 0.1 * (1 - 0.9999 / 2), 1e-12)
    assert_close(trainer._learning_rate(2, tokens), 0.1 * 1e-4, 1e-12)


def test_the_first_loss_is_that_of_vectors_of_zero() -> None:
    trainer = trainer_of(learning_rate=1e-12, negatives=7)
    end = next(event for event in trainer if isinstance(event, EpochEnd))
    assert_close(end.loss, 8 * math.log(2), 1e-6)


def test_the_loss_falls_where_there_is_something_to_learn() -> None:
    # Pairs of words that only meet each other.
    pairs = [[2 * n, 2 * n + 1] for n in range(WORDS // 2)] * 40
    corpus = corpus_of(pairs, WORDS)
    settings = Settings.of(embedding_dim=16, epochs=10, subsample=0.0, learning_rate=0.1)
    noise = Noise.of(corpus.vocabulary.counts, 0.75)
    trainer = NegativeSamplingTrainer(corpus, noise, Parameters.initial(WORDS, 16, 1), settings)
    losses = [event.loss for event in trainer if isinstance(event, EpochEnd)]
    assert losses[-1] < 0.75 * losses[0]


def test_one_thread_repeats_a_run_bit_for_bit() -> None:
    results = []
    for _ in range(2):
        trainer = trainer_of(threads=1)
        list(trainer)
        results.append(trainer.parameters)
    np.testing.assert_array_equal(results[0].V, results[1].V)
    np.testing.assert_array_equal(results[0].U, results[1].U)


def test_another_seed_gives_other_vectors() -> None:
    one, other = trainer_of(threads=1, seed=1), trainer_of(threads=1, seed=2)
    other.parameters.V[:] = one.parameters.V
    list(one), list(other)
    assert np.abs(one.parameters.V - other.parameters.V).max() > 1e-4


def test_three_threads_train_every_pair_that_one_does() -> None:
    ends = [
        [event for event in trainer_of(threads=threads) if isinstance(event, EpochEnd)]
        for threads in (1, 3)
    ]
    assert [end.pairs for end in ends[0]] == [end.pairs for end in ends[1]]
    assert [end.scored_pairs for end in ends[0]] == [end.scored_pairs for end in ends[1]]
    assert_close(ends[0][-1].loss, ends[1][-1].loss, 0.05)


def test_a_small_corpus_is_scored_whole() -> None:
    for event in trainer_of():
        if isinstance(event, EpochEnd):
            assert event.scored_pairs == event.pairs > 0


def test_a_training_that_is_left_early_leaves_no_thread_behind() -> None:
    events = iter(trainer_of(threads=3))
    for _ in range(4):
        next(events)
    events.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("skipgram")]


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
def test_a_rate_that_is_too_large_stops_with_the_place_and_the_rate() -> None:
    trainer = trainer_of(learning_rate=1e38)
    with pytest.raises(SkipgramError, match=r"token [\d,]+ of epoch 1: learning_rate 1e\+38"):
        list(trainer)


def test_a_subsampling_that_leaves_no_pair_is_an_error_not_vectors() -> None:
    trainer = trainer_of(lengths=[3], subsample=1e-9)
    with pytest.raises(SkipgramError, match=r"nothing was left to train on in epoch 1: .* 1e-09"):
        list(trainer)


def test_memory_is_refused_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = trainer_of()
    monkeypatch.setattr(trainer_module, "available_memory_bytes", lambda: 1000)
    with pytest.raises(SkipgramError, match=r"50 words × 16 needs .* GB of memory .* are free"):
        require_memory(trainer.corpus, trainer.settings)


def test_the_stated_memory_holds_both_matrices_and_the_corpus() -> None:
    trainer = trainer_of()
    held = trainer.parameters.V.nbytes + trainer.parameters.U.nbytes + trainer.corpus.ids.nbytes
    assert held <= memory_bytes(trainer.corpus, 16) <= 3 * held


@pytest.mark.parametrize(("dim", "length"), [(1, 16), (16, 16), (17, 32), (100, 112), (300, 304)])
def test_rows_are_padded_to_whole_cache_lines(dim: int, length: int) -> None:
    assert padded(dim) == length
    V = Parameters.initial(3, dim, 1).V
    assert V.ctypes.data % 64 == 0
    assert not V[:, dim:].any()


def test_vectors_start_uniform_and_outside_vectors_at_zero() -> None:
    parameters = Parameters.initial(20_000, 50, 3)
    assert not parameters.U.any()
    assert np.abs(parameters.center).max() <= 0.5 / 50
    assert_close(parameters.center.mean(), 0.0, 1e-4)
    assert_close(parameters.center.std(), 1 / 50 / 12**0.5, 1e-4)


def test_blocks_cover_the_corpus_once_in_order() -> None:
    trainer = trainer_of()
    blocks = list(trainer._blocks(0))
    assert [block.start for block in blocks[1:]] == [block.stop for block in blocks[:-1]]
    assert (blocks[0].start, blocks[-1].stop) == (0, len(trainer.corpus))


def test_heavy_settings_have_small_blocks_and_small_corpora_enough_for_all_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trainer_module, "MOST_BLOCK_TOKENS", 1 << 15)
    light, heavy = trainer_of([40_000]), trainer_of([40_000], window=200, negatives=64)
    assert len(list(heavy._blocks(0))) > 10 * len(list(light._blocks(0)))
    assert len(list(trainer_of([4000], threads=3)._blocks(0))) == 12

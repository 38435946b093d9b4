"""The loop around the kernel: events, rates, threads, and ends."""

import math
from functools import partial

import numpy as np
import pytest

from helpers import small_trainings
from helpers.comparison import assert_close
from helpers.processes import threads_named, wait_until
from helpers.replay import corpus_of
from helpers.small_trainings import WORDS, run_until
from skipgram.errors import CorpusError, SkipgramError
from skipgram.runs import memory
from skipgram.runs.memory import memory_bytes, require_memory
from skipgram.settings import Settings
from skipgram.training.events import EpochEnd, Finished, Paused, Progress, Started
from skipgram.training.negative_sampling.trainer import NegativeSamplingTrainer
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters

MODES = pytest.mark.parametrize("deterministic", [False, True])


trainer_of = partial(small_trainings.trainer_of, block_tokens=256)


@MODES
def test_events_start_progress_end_each_epoch_and_finish(deterministic: bool) -> None:
    events = list(trainer_of(deterministic=deterministic))
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    assert [event.epoch for event in events if isinstance(event, EpochEnd)] == [1, 2]
    progress = [event for event in events if isinstance(event, Progress)]
    assert [event.tokens_done for event in progress] == sorted(e.tokens_done for e in progress)
    assert progress[-1].tokens_done == progress[-1].tokens_total == 2 * 4502
    assert events[-1].tokens == 2 * 4502


def test_the_first_loss_is_that_of_vectors_of_zero() -> None:
    trainer = trainer_of(learning_rate=1e-12, negatives=7)
    end = next(event for event in trainer if isinstance(event, EpochEnd))
    assert_close(end.loss, 8 * math.log(2), 1e-6)


@MODES
def test_the_loss_falls_where_there_is_something_to_learn(deterministic: bool) -> None:
    # Pairs of words that only meet each other.
    pairs = [[2 * n, 2 * n + 1] for n in range(WORDS // 2)] * 40
    trainer = trainer_of(
        corpus=corpus_of(pairs, WORDS), epochs=10, learning_rate=0.1, deterministic=deterministic
    )
    losses = [event.loss for event in trainer if isinstance(event, EpochEnd)]
    assert losses[-1] < 0.75 * losses[0]


@pytest.mark.parametrize(
    "values",
    [{"deterministic": False}, {"deterministic": True}, {"negatives_shared": False}],
)
def test_one_thread_repeats_a_run_bit_for_bit(values: dict[str, bool]) -> None:
    results = []
    for _ in range(2):
        trainer = trainer_of(threads=1, **values)
        list(trainer)
        results.append(trainer.parameters)
    np.testing.assert_array_equal(results[0].V, results[1].V)
    np.testing.assert_array_equal(results[0].U, results[1].U)


def test_another_seed_gives_other_vectors() -> None:
    one, other = trainer_of(threads=1, seed=1), trainer_of(threads=1, seed=2)
    other.parameters.V[:] = one.parameters.V
    list(one), list(other)
    assert np.abs(one.parameters.V - other.parameters.V).max() > 1e-4


def test_negatives_of_its_own_for_each_pair_give_other_vectors() -> None:
    shared, own = trainer_of(), trainer_of(negatives_shared=False)
    list(shared), list(own)
    assert shared.state.ends[0].pairs == own.state.ends[0].pairs
    assert np.abs(shared.parameters.U - own.parameters.U).max() > 1e-4


def test_a_fixed_window_has_all_its_words_and_a_random_one_on_average_half() -> None:
    lengths = [WORDS * 10, 3]
    pairs = {
        width: next(
            event.pairs
            for event in trainer_of(lengths, window=4, window_width=width)
            if isinstance(event, EpochEnd)
        )
        for width in ("fixed", "random")
    }
    # 2 · 4 a token, but for the 4 + 3 + 2 + 1 that are missing at either end of the long line.
    assert pairs["fixed"] == 8 * WORDS * 10 - 20 + 6
    assert_close(pairs["random"] / pairs["fixed"], (1 + 2 + 3 + 4) / 4 / 4, 0.05)


@pytest.mark.parametrize("threads", [3, 40])
def test_many_threads_train_every_pair_that_one_does_even_with_more_of_them_than_blocks(
    threads: int,
) -> None:
    ends = [
        [event for event in trainer_of(threads=number) if isinstance(event, EpochEnd)]
        for number in (1, threads)
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
    wait_until(lambda: not threads_named("skipgram_"), seconds=30)


# Rests


@MODES
def test_a_rest_that_is_asked_for_comes_before_the_next_block_is_begun(deterministic: bool) -> None:
    trainer = trainer_of(deterministic=deterministic)
    events = run_until(trainer, lambda number, event: isinstance(event, Progress))
    assert isinstance(events[-1], Paused)
    progress = [event for event in events if isinstance(event, Progress)]
    assert len(progress) <= 3  # two blocks are handed out at a time
    assert trainer.tokens_done == progress[-1].tokens_done < 4502


def test_a_training_goes_on_after_a_rest_as_if_there_had_been_none() -> None:
    rested, unrested = trainer_of(), trainer_of()
    for event in rested:
        if not isinstance(event, Paused):
            rested.pause()
    list(unrested)
    np.testing.assert_array_equal(rested.parameters.V, unrested.parameters.V)
    assert rested.state.ends[-1].loss == unrested.state.ends[-1].loss


def test_after_the_last_epoch_there_is_no_rest() -> None:
    trainer = trainer_of(epochs=1)
    events = run_until(trainer, lambda number, event: isinstance(event, EpochEnd))
    assert isinstance(events[-1], Finished)


# What cannot be trained


def test_memory_is_refused_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = trainer_of()
    monkeypatch.setattr(memory, "available_memory_bytes", lambda: 1000)
    with pytest.raises(SkipgramError, match=r"50 words × 16 needs .* GB of memory .* are free"):
        require_memory(trainer.corpus, trainer.settings)


def test_the_stated_memory_holds_both_matrices_and_the_corpus() -> None:
    trainer = trainer_of()
    held = trainer.parameters.V.nbytes + trainer.parameters.U.nbytes + trainer.corpus.ids.nbytes
    assert held <= memory_bytes(trainer.corpus, trainer.settings) <= 3 * held


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
def test_a_rate_that_is_too_large_stops_with_a_word_the_place_and_the_rate() -> None:
    trainer = trainer_of(learning_rate=1e38, deterministic=True)
    found = r"the vectors \(of 'w\d+', say\) are no longer finite at token [\d,]+ of epoch 1: "
    with pytest.raises(SkipgramError, match=found + r"learning_rate 1e\+38 is too large"):
        list(trainer)


def test_vectors_that_are_not_finite_never_come_to_a_rest() -> None:
    trainer = trainer_of()

    def spoil(number: int, event: object) -> bool:
        if is_first := isinstance(event, Progress):
            trainer.parameters.U[-1, 0] = np.inf
            trainer.state.loss = trainer.state.loss.__class__()
        return is_first

    with pytest.raises(SkipgramError, match=r"no longer finite at token [\d,]+ of epoch 1"):
        run_until(trainer, spoil)


def test_a_subsampling_that_leaves_no_pair_is_an_error_not_vectors() -> None:
    trainer = trainer_of(lengths=[3], subsample=1e-9)
    with pytest.raises(SkipgramError, match=r"nothing was left to train on in epoch 1: .* 1e-09"):
        list(trainer)


def test_a_corpus_without_two_words_on_any_line_is_refused_before_the_training() -> None:
    corpus = corpus_of([[n] for n in range(WORDS)], WORDS)
    settings = Settings.of(embedding_dim=16)
    noise = Noise.of(corpus.vocabulary.counts, 0.75)
    parameters = Parameters.initial(WORDS, 16, 1)
    with pytest.raises(CorpusError, match="none of the 50 lines holds two words"):
        NegativeSamplingTrainer(corpus, noise, parameters, settings)

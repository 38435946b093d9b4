"""Training by sweeps: what it tells, when it ends, and that it goes on where it stopped."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.exact_problems import some_corpus, sweep_trainer
from helpers.replay import corpus_of
from skipgram.errors import CorpusError, SettingsError, SkipgramError
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.events import (
    Folding,
    LevelStarted,
    Paused,
    StoppedEarly,
    SweepEnd,
    SweepProgress,
    SweepsFinished,
    SweepsStarted,
)
from skipgram.training.exact.state import SweepState
from skipgram.training.exact.sweeps import GROUPS
from skipgram.training.exact.trainer import SweepTrainer


def finished(trainer: SweepTrainer) -> list[object]:
    return list(trainer)


def assert_same_bits(one: SweepTrainer, other: SweepTrainer) -> None:
    np.testing.assert_array_equal(one.all_parameters.V, other.all_parameters.V)
    np.testing.assert_array_equal(one.all_parameters.U, other.all_parameters.U)
    assert without_clock(one) == without_clock(other)


def without_clock(trainer: SweepTrainer) -> list[SweepEnd]:
    ends = [replace(end, seconds=0.0) for end in trainer.state.ends]
    return [
        end if end.held_out is None else replace(end, held_out=replace(end.held_out, seconds=0.0))
        for end in ends
    ]


def test_a_training_tells_where_it_is_and_how_the_objective_falls():
    trainer = sweep_trainer()
    events = finished(trainer)
    begun, started, ended = events[0], events[1], events[-1]
    assert isinstance(begun, SweepsStarted)
    assert begun.levels == ((40, 4),)
    assert isinstance(started, LevelStarted)
    assert isinstance(ended, SweepsFinished)
    assert started.words_without_pair == 1
    ends = [event for event in events if isinstance(event, SweepEnd)]
    assert [end.sweep for end in ends] == [1, 2, 3, 4]
    objectives = [started.objective, *(end.objective for end in ends)]
    assert all(np.diff(objectives) < 0)
    assert ended.objective == objectives[-1]
    assert ended.floor is not None
    assert ended.objective > ended.floor
    progress = [event for event in events if isinstance(event, SweepProgress)]
    assert len(progress) == 4 * GROUPS
    assert progress[-1].share == 1.0
    assert all(np.diff([event.share for event in progress]) > 0)
    assert not trainer.all_parameters.V[-1].any()


def test_neighbours_in_the_text_are_neighbours_among_the_vectors():
    trainer = sweep_trainer(sweeps=12)
    finished(trainer)
    V = trainer.all_parameters.center[:-1]
    unit = V / np.linalg.norm(V, axis=1, keepdims=True)
    cosines = unit @ unit.T
    near = np.mean([cosines[i, i + 1] for i in range(len(V) - 1)])
    far = np.mean([cosines[i, (i + 20) % len(V)] for i in range(len(V))])
    assert near > far + 0.3


VARIANTS = {
    "softmax": {},
    "expected negative sampling": {"objective": "expected-negative-sampling"},
    "rare words": {"softmax_vocabulary": 25},
    "held out": {"holdout": 0.2},
    "waiting for the best": {"holdout": 0.2, "patience": 1, "prior": 0.01, "sweeps": 8},
    "two threads": {"threads": 2},
    "levels": {"levels": 2},
    "levels of expected negative sampling": {
        "levels": 2,
        "objective": "expected-negative-sampling",
    },
    "levels and rare words": {"levels": 2, "softmax_vocabulary": 25, "sweeps": 5},
    "levels, waiting for the best": {
        "levels": 2,
        "holdout": 0.2,
        "patience": 1,
        "prior": 0.01,
        "sweeps": 8,
    },
}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_training_resumed_anywhere_ends_in_the_same_bits(name, tmp_path):
    whole = sweep_trainer(**VARIANTS[name])
    finished(whole)
    for stop in (1, 2, GROUPS - 1, GROUPS, 2 * GROUPS + 3):
        trainer, folder = sweep_trainer(**VARIANTS[name]), tmp_path / str(stop)
        folder.mkdir()
        identity, seen = Identity.of(trainer.corpus, trainer.settings), 0
        for event in trainer:
            seen += isinstance(event, SweepProgress)
            if isinstance(event, Paused):
                checkpoint.save(folder, identity, trainer.state, trainer.parameters)
                break
            if seen == stop:
                trainer.pause()
        state, parameters = checkpoint.load(
            folder,
            identity,
            8,
            state_type=type(trainer.state),
            words=lambda record, levels=trainer.levels: SweepState.words(record, levels),
        )
        resumed = sweep_trainer(state=state, parameters=parameters, **VARIANTS[name])
        assert resumed.has_begun
        finished(resumed)
        assert_same_bits(resumed, whole)


@pytest.mark.parametrize("name", VARIANTS)
def test_threads_change_no_bit(name):
    values = {**VARIANTS[name], "sweeps": 2}
    one, other = (sweep_trainer(**{**values, "threads": threads}) for threads in (1, 3))
    finished(one)
    finished(other)
    assert_same_bits(one, other)


def test_the_order_of_the_center_words_hangs_on_the_seed():
    one, other = sweep_trainer(seed=1, sweeps=1), sweep_trainer(seed=2, sweeps=1)
    finished(one)
    finished(other)
    assert not np.array_equal(one.parameters.V, other.parameters.V)


def test_sweeps_end_once_their_steps_are_short_and_change_little():
    trainer = sweep_trainer(sweeps=200, tolerance=1e-3)
    events = finished(trainer)
    ended = events[-1]
    assert isinstance(ended, SweepsFinished)
    assert ended.is_settled
    assert 100 < ended.sweeps < 200


def test_rare_words_get_vectors_and_are_counted():
    trainer = sweep_trainer(softmax_vocabulary=25)
    events = finished(trainer)
    assert next(event for event in events if isinstance(event, Folding)).words == 15
    lengths = np.linalg.norm(trainer.all_parameters.V, axis=1)
    assert (lengths[:-1] > 0).all()
    assert lengths[-1] == 0  # alone on its line
    assert (np.linalg.norm(trainer.all_parameters.U, axis=1)[25:-1] > 0).all()


def test_held_out_text_is_scored_after_each_sweep_and_is_not_trained_on():
    trainer = sweep_trainer(holdout=0.2, sweeps=6)
    ends = [event for event in trainer if isinstance(event, SweepEnd)]
    scores = [end.held_out for end in ends]
    assert all(score is not None and np.isfinite(score.cross_entropy) for score in scores)
    assert scores[-1].loss == scores[-1].cross_entropy
    assert scores[-1].cross_entropy < scores[0].cross_entropy
    assert trainer.counts.pairs < sweep_trainer().counts.pairs


def test_early_stopping_leaves_the_vectors_of_the_best_sweep():
    trainer = sweep_trainer(holdout=0.2, patience=1, prior=0.001, sweeps=30)
    events = finished(trainer)
    stopped = next(event for event in events if isinstance(event, StoppedEarly))
    losses = [end.held_out.loss for end in trainer.state.ends]
    assert stopped.held_out.loss == min(losses)
    assert losses.index(min(losses)) + 1 == stopped.best_epoch == len(losses) - 1


def test_a_corpus_without_a_pair_is_refused():
    with pytest.raises(CorpusError, match="no pair to count"):
        sweep_trainer(corpus_of([[0], [1], [2]], 3))


def test_frequent_words_without_a_pair_among_them_are_refused():
    corpus = corpus_of([[0, 1, 1, 1]] + [[2]] * 9 + [[3]] * 9, 4)
    with pytest.raises(CorpusError, match=r"no two of the 2 words ever occur together"):
        sweep_trainer(corpus, softmax_vocabulary=2)


def test_a_checkpoint_of_another_state_is_damaged(tmp_path):
    trainer = sweep_trainer()
    identity = Identity.of(trainer.corpus, trainer.settings)
    events = iter(trainer)
    next(events), next(events)
    checkpoint.save(tmp_path, identity, trainer.state, trainer.parameters)
    file = tmp_path / "state.json"
    file.write_text(file.read_text().replace('"sweep": 0', '"sweep": 3'))
    with pytest.raises(SkipgramError, match="damaged"):
        checkpoint.load(tmp_path, identity, 8, state_type=type(trainer.state))


def test_counts_and_held_out_text_exclude_each_other(tmp_path):
    from skipgram.runs.beginning import Beginning
    from skipgram.runs.places import Places
    from skipgram.runs.trainers import Run
    from skipgram.settings import Settings

    settings = Settings.of(objective="softmax", holdout=0.1, subsample=0.0)
    places = Places.of(None, (), caches=False)
    run = Run(some_corpus(), settings, Beginning(), places, resumes=False, counts=tmp_path)
    with pytest.raises(SettingsError, match="nothing can be held out of them"):
        run.trainer(lambda event: None)

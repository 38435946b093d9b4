"""What every trainer promises, whichever way it trains: one body of tests for all of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.exact_problems import sweep_trainer
from helpers.small_trainings import trainer_of
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.events import EpochEnd, Event, Paused, StoppedEarly, SweepEnd
from skipgram.training.passes import PassTrainer

PASSES = 4
HELD_OUT: dict[str, Any] = {"holdout": 0.2}
PATIENT: dict[str, Any] = {"holdout": 0.2, "patience": 1}

STEPS: dict[str, Any] = {"threads": 1, "epochs": PASSES}
SWEEPS: dict[str, Any] = {"threads": 2, "sweeps": PASSES}
TRAINERS: dict[str, Callable[..., PassTrainer[Any]]] = {
    "hogwild": lambda **values: trainer_of(**STEPS | values),
    "batched": lambda **values: trainer_of(
        **STEPS | {"threads": 2, "deterministic": True} | values
    ),
    "softmax": lambda **values: sweep_trainer(**SWEEPS | values),
    "expected negative sampling": lambda **values: sweep_trainer(
        **SWEEPS | {"objective": "expected-negative-sampling"} | values
    ),
    "softmax with rare words": lambda **values: sweep_trainer(
        **SWEEPS | {"softmax_vocabulary": 25} | values
    ),
    "softmax by levels": lambda **values: sweep_trainer(
        **{"levels": 2} | SWEEPS | {"sweeps": PASSES} | values
    ),
}
BY_STEPS = ("hogwild", "batched")
OVERFITTED: dict[bool, dict[str, Any]] = {
    True: {
        "lengths": [20] * 30,
        "epochs": 12,
        "learning_rate": 0.1,
        "schedule": "constant",
        **PATIENT,
    },
    False: {"sweeps": 30, "levels": 1, "prior": 0.001, **PATIENT},
}
"""By steps, and by sweeps: the held-out loss soon rises."""

each = pytest.mark.parametrize("name", TRAINERS)


def is_end(event: Any) -> bool:
    return isinstance(event, EpochEnd | SweepEnd)


def without_clock(end: Any) -> Any:
    held_out = end.held_out and replace(end.held_out, seconds=0.0)
    return replace(end, seconds=0.0, held_out=held_out)


def ends_of(trainer: PassTrainer[Any]) -> list[Any]:
    return [without_clock(end) for end in trainer.state.ends]


def assert_same_bits(one: PassTrainer[Any], other: PassTrainer[Any]) -> None:
    np.testing.assert_array_equal(one.parameters.V, other.parameters.V)
    np.testing.assert_array_equal(one.parameters.U, other.parameters.U)
    assert ends_of(one) == ends_of(other)


def rested(trainer: PassTrainer[Any], at: int) -> bool:
    """Ask for a rest at the event of this number; whether it came before the end."""
    events = iter(trainer)
    for number, event in enumerate(events):
        if isinstance(event, Paused):
            events.close()
            return True
        if number == at:
            trainer.pause()
    return False


@each
def test_each_pass_ends_once_and_is_kept_in_the_state(name: str) -> None:
    trainer = TRAINERS[name]()
    events = list(trainer)
    ends = [event for event in events if is_end(event)]
    assert len(ends) == PASSES
    assert ends == list(trainer.state.ends)
    assert not is_end(events[0])
    assert not is_end(events[-1])
    assert not any(isinstance(event, Paused) for event in events)


@each
def test_how_far_it_has_come_only_rises(name: str) -> None:
    trainer = TRAINERS[name]()
    assert not trainer.has_begun
    assert (trainer.pass_number, trainer.pass_share, trainer.tokens_done) == (1, 0, 0)
    seen = []
    for _ in trainer:
        assert 0 <= trainer.pass_share <= 1
        seen.append((trainer.pass_number, trainer.pass_share, trainer.tokens_done))
    assert seen == sorted(seen)
    assert seen[-1][0] == PASSES + 1
    assert trainer.has_begun
    assert trainer.tokens_done == PASSES * len(trainer.corpus)


@each
def test_the_first_event_comes_before_anything_is_trained(name: str) -> None:
    trainer = TRAINERS[name]()
    events = iter(trainer)
    next(events)
    assert not trainer.has_begun
    assert trainer.state.ends == []
    events.close()


@each
@pytest.mark.parametrize("more", [{}, HELD_OUT, PATIENT], ids=["plain", "held out", "patient"])
def test_a_training_that_rested_anywhere_ends_in_the_bits_of_one_that_did_not(
    name: str, more: dict[str, Any], tmp_path: Path
) -> None:
    whole = TRAINERS[name](**more)
    events: list[Event | Paused] = list(whole)
    passes = [number for number, event in enumerate(events) if is_end(event)]
    for at in {0, 1, passes[0] - 1, passes[0], passes[0] + 1}:
        trainer = TRAINERS[name](**more)
        if not rested(trainer, at):
            continue
        folder = tmp_path / str(at)
        folder.mkdir()
        identity = Identity.of(trainer.corpus, trainer.settings)
        checkpoint.save(folder, identity, trainer.state, trainer.parameters)
        dim, words = trainer.settings.model.embedding_dim, len(trainer.parameters.V)
        state, parameters = checkpoint.load(
            folder, identity, dim, type(trainer.state), words=lambda record, words=words: words
        )
        resumed = TRAINERS[name](state=state, parameters=parameters, **more)
        list(resumed)
        assert_same_bits(resumed, whole)


@each
def test_a_rest_leaves_parameters_that_are_finite_and_a_state_that_a_record_holds(
    name: str,
) -> None:
    trainer = TRAINERS[name](**PATIENT)
    assert rested(trainer, 1)
    assert trainer.parameters.is_finite()
    state = trainer.state
    record = state.record()
    assert tuple(state.matrices()) == state.matrix_names(record)
    again = type(state).of_record(record, state.matrices(), len(trainer.corpus))
    assert again.record() == record


@each
def test_asking_for_no_rest_gives_none_and_asking_twice_gives_one(name: str) -> None:
    trainer = TRAINERS[name]()
    rests = 0
    for number, event in enumerate(trainer):
        rests += isinstance(event, Paused)
        if number == 1:
            trainer.pause()
            trainer.pause()
    assert rests == 1


@each
def test_patience_goes_back_to_the_pass_with_the_lowest_held_out_loss(name: str) -> None:
    trainer = TRAINERS[name](**OVERFITTED[name in BY_STEPS])
    kept, stopped = [], None
    for event in trainer:
        if is_end(event):
            kept.append((trainer.parameters.V.copy(), trainer.parameters.U.copy()))
        if isinstance(event, StoppedEarly):
            stopped = event
    losses = [end.held_out.loss for end in trainer.state.ends]
    best = int(np.argmin(losses))
    assert best == len(losses) - 2, "the passes went on for as long as patience allows"
    assert stopped is not None
    assert stopped.best_epoch == trainer.state.best_number == best + 1
    assert stopped.pass_name == trainer.pass_name
    np.testing.assert_array_equal(trainer.parameters.V, kept[best][0])
    np.testing.assert_array_equal(trainer.parameters.U, kept[best][1])
    assert not np.array_equal(kept[best][0], kept[-1][0])

"""A training that is interrupted anywhere, and taken up again, ends in the same bits."""

import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.small_trainings import assert_same_bits, files_in, run_until, trainer_of
from skipgram.errors import InterruptedRunError, SkipgramError
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.checkpointing import checkpointed
from skipgram.training.events import (
    CheckpointFailed,
    CheckpointSaved,
    EpochEnd,
    Event,
    Finished,
    Paused,
    Progress,
    Resumed,
    Started,
)
from skipgram.training.negative_sampling.trainer import NegativeSamplingTrainer, State

VARIANTS: dict[str, dict[str, Any]] = {
    "fast": {},
    "deterministic": {"deterministic": True},
    "deterministic on two threads": {"deterministic": True, "threads": 2},
    "own negatives, cosine": {"negatives_shared": False, "schedule": "cosine"},
    "subsampling": {"subsample": 0.01, "window_width": "fixed"},
    "held out": {"holdout": 0.2},
    "waiting for the best": {
        "holdout": 0.2,
        "patience": 2,
        "epochs": 8,
        "learning_rate": 0.1,
        "schedule": "constant",
    },
}
LENGTHS = [20] * 30
VERY_OFTEN = 1e-9
"""Minutes between checkpoints: one after every event."""


def a_trainer(**values: Any) -> NegativeSamplingTrainer:
    return trainer_of(LENGTHS, block_tokens=64, **values)


def taken_up(folder: Path, **values: Any) -> NegativeSamplingTrainer:
    """A trainer where the checkpoint of a folder is."""
    fresh = a_trainer(**values)
    identity = Identity.of(fresh.corpus, fresh.settings)
    state, parameters = checkpoint.load(folder, identity, fresh.settings.model.embedding_dim, State)
    return a_trainer(state=state, parameters=parameters, **values)


def saved(trainer: NegativeSamplingTrainer, folder: Path) -> None:
    identity = Identity.of(trainer.corpus, trainer.settings)
    checkpoint.save(folder, identity, trainer.state, trainer.parameters)


@pytest.mark.parametrize("values", VARIANTS.values(), ids=VARIANTS)
def test_interrupted_at_any_event_and_taken_up_a_training_ends_in_the_same_bits(
    values: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = a_trainer(**values)
    events = len(list(whole))

    @settings(deadline=None, max_examples=20)
    @given(st.lists(st.integers(0, events), min_size=1, max_size=4))
    def law(pauses: list[int]) -> None:
        folder = tmp_path_factory.mktemp("a") / "out.checkpoint"
        trainer = a_trainer(**values)
        for pause in pauses:
            last = run_until(trainer, lambda number, event, pause=pause: number >= pause)[-1]
            if isinstance(last, Finished):
                break
            assert isinstance(last, Paused)
            saved(trainer, folder)
            trainer = taken_up(folder, **values)
        else:
            assert isinstance(list(trainer)[-1], Finished)
        assert_same_bits(trainer, whole)
        assert (trainer.state.best is None) == (whole.state.best is None)
        if trainer.state.best is not None and whole.state.best is not None:
            assert trainer.state.best.number == whole.state.best.number
            np.testing.assert_array_equal(trainer.state.best.V, whole.state.best.V)

    law()


def test_a_deterministic_training_may_be_taken_up_with_more_threads(tmp_path: Path) -> None:
    whole, begun = a_trainer(deterministic=True), a_trainer(deterministic=True)
    list(whole)
    run_until(begun, lambda number, event: number == 5)
    saved(begun, tmp_path / "c")
    other = taken_up(tmp_path / "c", deterministic=True, threads=2)
    list(other)
    assert_same_bits(other, whole)


# Now and then


def test_checkpoints_that_come_all_the_time_change_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out.checkpoint"
    whole, often = a_trainer(), a_trainer(checkpoint_minutes=VERY_OFTEN)
    events = list(whole), list(checkpointed(often, folder))
    assert_same_bits(often, whole)
    checkpoints = [event for event in events[1] if isinstance(event, CheckpointSaved)]
    assert len(checkpoints) >= 8
    assert all(event.folder == str(folder) for event in checkpoints)
    assert [event.tokens_done for event in checkpoints] == sorted(
        event.tokens_done for event in checkpoints
    )
    kinds = [type(event) for event in events[1] if not isinstance(event, CheckpointSaved)]
    assert kinds == [type(event) for event in events[0]]


@pytest.mark.parametrize("minutes", [0.0, 10.0])
def test_none_is_written_before_it_is_due_and_none_ever_for_0(
    tmp_path: Path, minutes: float
) -> None:
    events = list(checkpointed(a_trainer(checkpoint_minutes=minutes), tmp_path / "c"))
    assert [type(event) for event in events] == [type(event) for event in a_trainer()]
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("minutes", [0.0, 10.0])
def test_a_training_that_is_taken_up_says_so_first(tmp_path: Path, minutes: float) -> None:
    begun = a_trainer()
    run_until(begun, lambda number, event: isinstance(event, EpochEnd))
    saved(begun, tmp_path / "c")
    trainer = taken_up(tmp_path / "c", checkpoint_minutes=minutes)
    resumed, started, *_ = checkpointed(trainer, tmp_path / "c")
    assert isinstance(started, Started)
    assert resumed == Resumed(str(tmp_path / "c"), 2, begun.tokens, begun.state.seconds)


def interrupt(folder: Path, number: signal.Signals, times: int = 1) -> None:
    """Run a training that is asked to end at its first events."""
    for event in checkpointed(a_trainer(), folder):
        if isinstance(event, Progress) and times:
            times -= 1
            os.kill(os.getpid(), number)


# A full disk


def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise SkipgramError("c/state.json cannot be written: No space left on device")

    monkeypatch.setattr(checkpoint, "write_tensors", fail)


def test_a_checkpoint_that_fails_is_told_and_the_training_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, trainer = a_trainer(), a_trainer(checkpoint_minutes=VERY_OFTEN)
    list(whole)
    events: list[Event] = []
    for event in checkpointed(trainer, tmp_path / "c"):
        events.append(event)
        if len(events) == 10:
            full_disk(monkeypatch)
    failed = [event for event in events if isinstance(event, CheckpointFailed)]
    written = [event for event in events if isinstance(event, CheckpointSaved)]
    assert {event.reason for event in failed} == {
        "c/state.json cannot be written: No space left on device"
    }
    assert_same_bits(trainer, whole)
    monkeypatch.undo()
    kept = taken_up(tmp_path / "c", checkpoint_minutes=VERY_OFTEN)
    assert kept.tokens_done == written[-1].tokens_done


def test_asked_to_end_with_a_full_disk_a_training_ends_with_what_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_disk(monkeypatch)
    lost = "stopped by SIGINT in epoch 1, .* without a checkpoint: .* No space left on device"
    with pytest.raises(SkipgramError, match=lost) as caught:
        interrupt(tmp_path / "c", signal.SIGINT)
    assert not isinstance(caught.value, InterruptedRunError)


# Asked to end


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX systems")
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["INT", "TERM", "HUP"],
)
def test_a_training_that_is_asked_to_end_saves_itself_first(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with pytest.raises(InterruptedRunError, match=f"stopped by {number.name} in epoch 1") as caught:
        interrupt(tmp_path / "c", number)
    assert caught.value.exit_code == code
    assert f"with resume=True continues from {tmp_path / 'c'}" in str(caught.value)
    whole, trainer = a_trainer(), taken_up(tmp_path / "c")
    list(whole), list(trainer)
    assert_same_bits(trainer, whole)


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX systems")
def test_asked_twice_a_training_ends_at_once(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupt(tmp_path / "c", signal.SIGINT, times=2)
    assert files_in(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX systems")
def test_a_termination_that_is_sent_twice_loses_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(InterruptedRunError, match="stopped by SIGTERM"):
        interrupt(tmp_path / "c", signal.SIGTERM, times=2)
    assert taken_up(tmp_path / "c").tokens_done


def test_whoever_stops_listening_gets_the_usual_signals_back(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    events = checkpointed(a_trainer(), tmp_path / "c")
    next(events)
    assert signal.getsignal(signal.SIGINT) != before
    events.close()
    assert signal.getsignal(signal.SIGINT) == before


# What is not finite


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
def test_a_rate_that_is_too_large_ends_the_training_and_the_last_checkpoint_stays(
    tmp_path: Path,
) -> None:
    trainer = a_trainer(checkpoint_minutes=VERY_OFTEN)
    written = []
    found = r"the vectors \(of 'w7', say\) are no longer finite at token [\d,]+ of epoch 2: learn"

    def train() -> None:
        for event in checkpointed(trainer, tmp_path / "c"):
            if isinstance(event, CheckpointSaved):
                written.append(event.tokens_done)
            if isinstance(event, EpochEnd):
                trainer.parameters.U[7] = np.nan

    with pytest.raises(SkipgramError, match=found):
        train()
    kept = taken_up(tmp_path / "c", checkpoint_minutes=VERY_OFTEN)
    assert kept.tokens_done == written[-1] > 0
    assert kept.parameters.is_finite()


def test_the_time_of_a_training_goes_on_where_it_was(tmp_path: Path) -> None:
    begun = a_trainer()
    run_until(begun, lambda number, event: isinstance(event, Progress))
    begun.state.seconds = 100.0
    saved(begun, tmp_path / "c")
    trainer = taken_up(tmp_path / "c")
    assert trainer.state.seconds == 100.0
    *_, finished = trainer
    assert isinstance(finished, Finished)
    assert 100 < finished.seconds < 160

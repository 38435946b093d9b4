"""A training that is saved from time to time, and when the process is asked to stop."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from signal import Signals
from typing import Any

from skipgram.errors import InterruptedRunError, SkipgramError
from skipgram.system.signals import endings_put_off
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.events import CheckpointFailed, CheckpointSaved, Event, Paused, Resumed
from skipgram.training.passes import PassTrainer


def checkpointed(trainer: PassTrainer[Any], folder: Path | None) -> Iterator[Event]:
    """A trainer's events, with a checkpoint every `checkpoint_minutes`.

    There are none without a folder, or with 0 minutes. If one cannot be written, an event says
    so, and the next is tried when it is due.

    If the process is asked to stop (SIGINT, SIGTERM, SIGHUP), this raises an InterruptedRunError
    once a checkpoint is written, or another SkipgramError if none can be.
    """
    if folder is not None and trainer.has_begun:
        seconds, name = trainer.state.seconds, trainer.pass_name
        yield Resumed(str(folder), trainer.pass_number, trainer.tokens_done, seconds, name)
    seconds_between = 60 * trainer.settings.run.checkpoint_minutes
    if folder is None or not seconds_between:
        yield from (event for event in trainer if not isinstance(event, Paused))
        return
    identity = Identity.of(trainer.corpus, trainer.settings)
    due = time.monotonic() + seconds_between
    with endings_put_off() as ending, closing(iter(trainer)) as events:
        for event in events:
            if not isinstance(event, Paused):
                yield event
                if ending.asked_by is not None or time.monotonic() >= due:
                    trainer.pause()
                continue
            outcome, asked_by = _save(folder, identity, trainer), ending.asked_by
            if asked_by is None or isinstance(outcome, CheckpointSaved):
                yield outcome
            if asked_by is not None:
                raise _ended(asked_by, outcome, trainer)
            due = time.monotonic() + seconds_between


def _save(
    folder: Path, identity: Identity, trainer: PassTrainer[Any]
) -> CheckpointSaved | CheckpointFailed:
    epoch, tokens_done = trainer.pass_number, trainer.tokens_done
    began = time.perf_counter()
    try:
        checkpoint.save(folder, identity, trainer.state, trainer.parameters)
    except SkipgramError as error:
        return CheckpointFailed(str(folder), epoch, tokens_done, str(error), trainer.pass_name)
    seconds = time.perf_counter() - began
    return CheckpointSaved(str(folder), epoch, tokens_done, seconds, trainer.pass_name)


def _ended(
    asked_by: Signals, outcome: CheckpointSaved | CheckpointFailed, trainer: PassTrainer[Any]
) -> SkipgramError:
    """The error for a training that was asked to stop."""
    where = (
        f"stopped by {asked_by.name} in {trainer.pass_name} {trainer.pass_number}, "
        f"{trainer.pass_share:.0%} of it done"
    )
    if isinstance(outcome, CheckpointFailed):
        return SkipgramError(
            f"{where}, without a checkpoint: {outcome.reason}; [--resume] continues from an "
            "earlier one, if there is one"
        )
    return InterruptedRunError(
        f"{where}; the same run with [--resume] continues from {outcome.folder}", asked_by
    )

"""A training that is saved now and then, and when the process is asked to end."""

import time
from collections.abc import Iterator
from pathlib import Path

from skipgram.errors import InterruptedRunError
from skipgram.signals import endings_put_off
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.events import CheckpointSaved, Event, Paused, Resumed
from skipgram.training.trainer import NegativeSamplingTrainer


def checkpointed(trainer: NegativeSamplingTrainer, folder: Path) -> Iterator[Event]:
    """A trainer's events, with a checkpoint after every `checkpoint_minutes`.

    Raises
    ------
    InterruptedRunError
        If the process was asked to end (SIGINT, SIGTERM), once a checkpoint is written.

    """
    seconds_between = 60 * trainer.settings.run.checkpoint_minutes
    state, identity = trainer.state, Identity.of(trainer.corpus, trainer.settings)
    if state.epoch or state.done:
        yield Resumed(str(folder), state.epoch + 1, trainer.tokens_done, state.seconds)
    saved = time.monotonic()
    with endings_put_off() as ending:
        for event in trainer:
            if not isinstance(event, Paused):
                yield event
                if ending.asked_by is not None or time.monotonic() - saved >= seconds_between:
                    trainer.pause()
                continue
            began = time.perf_counter()
            checkpoint.save(folder, identity, state, trainer.parameters)
            seconds = time.perf_counter() - began
            yield CheckpointSaved(str(folder), state.epoch + 1, trainer.tokens_done, seconds)
            saved = time.monotonic()
            if ending.asked_by is not None:
                raise InterruptedRunError(
                    f"stopped by {ending.asked_by.name} in epoch {state.epoch + 1}, "
                    f"{state.done / trainer.tokens:.0%} of it done; the same command with "
                    f"--resume goes on from {folder}",
                    ending.asked_by,
                )

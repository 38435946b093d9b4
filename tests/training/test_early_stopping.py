"""With patience a training stops early, and the vectors of its best epoch are those that stay."""

from typing import Any

import numpy as np
import pytest

from helpers.small_trainings import trainer_of
from skipgram.errors import SettingsError
from skipgram.settings import Settings
from skipgram.training.events import EpochEnd, Finished, StoppedEarly

# Random words teach nothing but themselves: the held-out loss soon rises.
OVERFITTED: dict[str, Any] = {
    "holdout": 0.2,
    "epochs": 12,
    "learning_rate": 0.1,
    "schedule": "constant",
}
LENGTHS = [20] * 30


def losses_of(events: list[Any]) -> list[float]:
    return [event.held_out.loss for event in events if isinstance(event, EpochEnd)]


@pytest.mark.parametrize("patience", [1, 3])
def test_so_many_epochs_after_the_best_training_stops_with_the_vectors_of_the_best(
    patience: int,
) -> None:
    trainer = trainer_of(LENGTHS, patience=patience, **OVERFITTED)
    kept, events = [], []
    for event in trainer:
        events.append(event)
        if isinstance(event, EpochEnd):
            kept.append((trainer.parameters.V.copy(), trainer.parameters.U.copy()))
    losses = losses_of(events)
    (stopped,) = [event for event in events if isinstance(event, StoppedEarly)]
    assert stopped.best_epoch == np.argmin(losses) + 1 == len(losses) - patience
    assert stopped.held_out.loss == min(losses)
    V, U = kept[stopped.best_epoch - 1]
    np.testing.assert_array_equal(trainer.parameters.V, V)
    np.testing.assert_array_equal(trainer.parameters.U, U)
    assert isinstance(events[-1], Finished)
    assert events[-1].tokens == len(losses) * trainer.tokens < 12 * trainer.tokens


def test_without_patience_all_epochs_are_trained_and_the_last_vectors_stay() -> None:
    waiting, going_through = (
        trainer_of(LENGTHS, patience=patience, **OVERFITTED) for patience in (1, 0)
    )
    losses = losses_of(list(waiting)), losses_of(list(going_through))
    assert len(losses[1]) == 12
    assert losses[1][: len(losses[0])] == losses[0]
    assert going_through.state.best is None


def test_patience_without_a_loss_to_wait_for_is_refused() -> None:
    with pytest.raises(SettingsError, match="patience 2 needs a held-out loss"):
        Settings.of(patience=2)

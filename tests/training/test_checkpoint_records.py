"""A checkpoint that holds what cannot be is refused, with the place of it."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.small_trainings import WORDS, some_corpus
from skipgram.errors import FormatError
from skipgram.settings import Settings
from skipgram.training import checkpoint
from skipgram.training.checkpoint import STATE, Identity
from skipgram.training.events import EpochEnd, HeldOutScore
from skipgram.training.negative_sampling.task import Loss
from skipgram.training.negative_sampling.trainer import State
from skipgram.training.parameters import Parameters

DIM = 5
IDENTITY = Identity.of(some_corpus(), Settings.of(embedding_dim=DIM))
STATE_OF_ONE_EPOCH = State(
    1,
    17,
    Loss(1 / 3, 5, 6),
    2.5,
    [EpochEnd(1, 2.5, 10, 11, 1.25, HeldOutScore(2.4, 0.01, 7.1, 0.02, 512, 9_000, 0.25))],
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a checkpoint."""
    place = tmp_path / "out.checkpoint"
    checkpoint.save(place, IDENTITY, STATE_OF_ONE_EPOCH, Parameters.initial(WORDS, DIM, 1))
    return place


def load(folder: Path) -> tuple[State, Parameters]:
    return checkpoint.load(folder, IDENTITY, DIM, State)


def change(folder: Path, **values: Any) -> None:
    file = folder / STATE
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


WRONG_STATES: list[tuple[dict[str, Any], str]] = [
    ({"epoch": True}, "epoch is True, where int should be"),
    ({"done": 1.5}, "done is 1.5, where int should be"),
    ({"done": "17"}, "state.json is damaged ("),
    ({"epochs": None}, "state.json is damaged ("),
    ({"seconds": "2"}, "seconds is '2', where float should be"),
    ({"seconds": float("inf")}, "17 tokens of the next"),
    ({"loss": {"total": 1.0, "scored_pairs": "5"}}, "scored_pairs is '5', where int should be"),
    ({"loss": {"total": [], "scored_pairs": 5}}, "total is [], where float should be"),
    ({"loss": {"scored_pairs": 10**30}}, "scored_pairs is 1000"),
    ({"loss": {"pairs": -1}}, "pairs is -1, where int should be"),
]


@pytest.mark.parametrize(("values", "found"), WRONG_STATES)
def test_a_state_of_wrong_types_is_refused(
    folder: Path, values: dict[str, Any], found: str
) -> None:
    change(folder, state=json.loads((folder / STATE).read_text())["state"] | values)
    with pytest.raises(FormatError, match=re.escape(found)):
        load(folder)


def test_an_end_of_an_epoch_of_wrong_types_is_refused(folder: Path) -> None:
    state = json.loads((folder / STATE).read_text())["state"]
    state["epochs"][0]["held_out"]["centers"] = "512"
    change(folder, state=state)
    with pytest.raises(FormatError, match="centers is '512', where int should be"):
        load(folder)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_parameters_that_are_not_finite_are_refused(folder: Path, number: float) -> None:
    parameters = Parameters.initial(WORDS, DIM, 1)
    parameters.U[3, 2] = number
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Parameters, "is_finite", lambda self: True)
        checkpoint.save(folder, IDENTITY, STATE_OF_ONE_EPOCH, parameters)
    with pytest.raises(FormatError, match=rf"parameters-2\.safetensors: U: entry 3 holds {number}"):
        load(folder)


def test_a_best_epoch_of_endless_epochs_takes_no_memory(folder: Path) -> None:
    state = json.loads((folder / STATE).read_text())["state"]
    change(folder, state={**state, "epoch": 2**62, "best_epoch": None})
    with pytest.raises(FormatError, match=r"epoch 4611686018427387904"):
        load(folder)

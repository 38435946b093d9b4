"""Small checkpoints: what goes into them, and what must come back."""

from pathlib import Path
from typing import Any

import numpy as np

from helpers.small_trainings import WORDS, some_corpus
from skipgram.settings import Settings
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.events import EpochEnd, HeldOutScore
from skipgram.training.negative_sampling.task import Loss
from skipgram.training.negative_sampling.trainer import State
from skipgram.training.parameters import Parameters

DIM = 5
CORPUS = some_corpus()
SCORE = HeldOutScore(2.4, 0.01, 7.1, 0.02, 512, 9_000, 0.25)


def identity(**values: Any) -> Identity:
    return Identity.of(CORPUS, Settings.of(embedding_dim=DIM, **values))


def some_parameters(seed: int = 1) -> Parameters:
    parameters = Parameters.initial(WORDS, DIM, seed)
    parameters.outside[:] = np.random.default_rng(seed).standard_normal((WORDS, DIM))
    return parameters


def some_state(epoch: int = 1) -> State:
    ends = [EpochEnd(number + 1, 2.5 / 3, 10, 11, 1.25, SCORE) for number in range(epoch)]
    return State(epoch, 17, Loss(1 / 3, 5, 6), 2.5, ends)


def saved_checkpoint(folder: Path) -> Path:
    """The place of a checkpoint in this folder."""
    place = folder / "out.checkpoint"
    checkpoint.save(place, identity(), some_state(), some_parameters())
    return place


def load(folder: Path, of: Identity | None = None) -> tuple[State, Parameters]:
    return checkpoint.load(folder, of or identity(), DIM, State)


def assert_is_whole(folder: Path, seed: int = 1) -> None:
    _, parameters = load(folder)
    np.testing.assert_array_equal(parameters.U, some_parameters(seed).U)

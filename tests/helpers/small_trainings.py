"""Small trainings, in memory and on the command line, and a comparison of their bits."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from helpers.replay import corpus_of
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.settings import Settings
from skipgram.training.events import EpochEnd, Event, Paused
from skipgram.training.negative_sampling.task import Task
from skipgram.training.negative_sampling.trainer import NegativeSamplingTrainer, State
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters

WORDS = 50


def some_corpus(lengths: Sequence[int] = (3000, 2, 1500), seed: int = 1) -> EncodedCorpus:
    """Lines of random words, which repeat."""
    random = np.random.default_rng(seed)
    return corpus_of([random.integers(WORDS, size=length).tolist() for length in lengths], WORDS)


def task_of(lengths: Sequence[int] = (3000, 2, 1500), **values: Any) -> Task:
    """What a trainer of a corpus with lines of these lengths has to do."""
    trainer = trainer_of(lengths, **values)
    corpus = trainer.corpus
    whole = np.array([[0, len(corpus)]])
    return Task(
        corpus, trainer.noise, trainer.parameters, trainer.settings, whole, corpus.line_ends
    )


def trainer_of(
    lengths: Sequence[int] = (3000, 2, 1500),
    *,
    corpus: EncodedCorpus | None = None,
    state: State | None = None,
    parameters: Parameters | None = None,
    block_tokens: int | None = None,
    **values: Any,
) -> NegativeSamplingTrainer:
    """A trainer with small settings, at the start unless a state is given."""
    corpus = corpus or some_corpus(lengths)
    settings = Settings.of(**{"embedding_dim": 16, "epochs": 2, "subsample": 0.0, **values})
    model, words = settings.model, len(corpus.vocabulary)
    noise = Noise.of(corpus.vocabulary.counts, model.noise_exponent)
    if parameters is None:
        parameters = Parameters.initial(words, model.embedding_dim, settings.training.seed)
    return NegativeSamplingTrainer(
        corpus, noise, parameters, settings, state or State(), block_tokens
    )


def run_until(
    trainer: NegativeSamplingTrainer, is_to_pause: Callable[[int, Event | Paused], bool]
) -> list[Event | Paused]:
    """The events up to the first rest, or to the end; asked for at events by number and kind."""
    events = []
    running = iter(trainer)
    for number, event in enumerate(running):
        events.append(event)
        if isinstance(event, Paused):
            break
        if is_to_pause(number, event):
            trainer.pause()
    running.close()
    return events


def without_clock(epochs: Sequence[EpochEnd]) -> list[EpochEnd]:
    """The ends of epochs, apart from how long they took."""
    return [
        replace(
            epoch,
            seconds=0.0,
            held_out=None if epoch.held_out is None else replace(epoch.held_out, seconds=0.0),
        )
        for epoch in epochs
    ]


def assert_same_bits(one: NegativeSamplingTrainer, other: NegativeSamplingTrainer) -> None:
    """The same matrices, the same losses of the same epochs."""
    np.testing.assert_array_equal(one.parameters.V, other.parameters.V)
    np.testing.assert_array_equal(one.parameters.U, other.parameters.U)
    assert without_clock(one.state.ends) == without_clock(other.state.ends)


# On the command line

SMALL: dict[str, Any] = {
    "embedding_dim": 16,
    "min_count": 1,
    "subsample": 0.0,
    "epochs": 3,
    "threads": 1,
}
"""All words of a small vocabulary are frequent: subsampling would leave next to nothing."""
TINY = SMALL | {"embedding_dim": 4, "epochs": 1}
"""Where what is learned does not matter."""


def options(values: dict[str, Any]) -> list[str]:
    """Settings as the command line takes them."""
    return [
        part
        for name, value in values.items()
        for part in (f"--{name.replace('_', '-')}", *([] if value is True else [str(value)]))
    ]


def two_topics(lines: int = 1000) -> str:
    """A text of two topics that never meet on a line."""
    random = np.random.default_rng(0)
    topics = [[f"{topic}{number}" for number in range(20)] for topic in ("sky", "pot")]
    return "".join(
        " ".join(random.permutation(topics[number % 2])[:8]) + "\n" for number in range(lines)
    )


def command(*arguments: str | Path) -> list[str]:
    """`skipgram arguments`, as a process of its own."""
    return [sys.executable, "-m", "skipgram", *map(str, arguments)]


def files_in(folder: Path) -> list[str]:
    """The names of all files below a folder."""
    return sorted(os.path.relpath(path, folder) for path in folder.rglob("*") if path.is_file())

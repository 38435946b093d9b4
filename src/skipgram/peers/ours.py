"""Our own training, timed: with the settings of the others, and with its own defaults."""

import time
from dataclasses import replace
from typing import Any, cast

import numpy as np

from skipgram._version import __version__
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.peers import text as one_file
from skipgram.peers.systems import Advance, System, Trained
from skipgram.peers.text import OneText
from skipgram.pipeline.training import train
from skipgram.runs.trainers import chosen_objective
from skipgram.runs.warming import Kernels
from skipgram.settings import NEGATIVE_SAMPLING, Settings, SettingValues
from skipgram.settings.objectives import is_exact
from skipgram.settings.resolving import resolve
from skipgram.training.events import ObjectiveChosen, Progress, SweepProgress
from skipgram.vectors.word_vectors import WordVectors


class LikeSettings(System):
    """Skip-gram with negative sampling, with the settings that the others have as well."""

    name = "skipgram, like settings"

    @property
    def version(self) -> str:
        """Of this package."""
        return __version__

    def settings(self, like: Settings) -> dict[str, Any]:
        """All that say how this objective is trained."""
        model, training = like.model, like.training
        return {
            "objective": NEGATIVE_SAMPLING,
            "embedding_dim": model.embedding_dim,
            "window": model.window,
            "negatives": model.negatives,
            "subsample": training.subsample,
            "learning_rate": training.learning_rate,
            "epochs": training.epochs,
            "threads": like.run.threads,
        }

    def train(self, text: OneText, like: Settings, seed: int, advance: Advance) -> Trained:
        """Read the file and train, as the command `train` does."""
        values = cast(SettingValues, {**self.settings(like), "seed": seed})
        threads = like.run.threads
        _warm_up(resolve(values, threads).settings)

        def observe(event: Any) -> None:
            if isinstance(event, Progress):
                advance(event.tokens_done / event.tokens_total)
            elif isinstance(event, SweepProgress):
                advance(event.share)

        began = time.perf_counter()
        corpus = one_file.read(text.file, threads)
        had_read = time.perf_counter()
        vectors = train(corpus, progress=False, observe=observe, **values)
        ended = time.perf_counter()
        return Trained(seed, _as_given(vectors, text), ended - had_read, ended - began)


class OwnDefaults(LikeSettings):
    """What a user gets who chooses nothing but the dimension: exact, and with spelling."""

    name = "skipgram, own defaults"

    def __init__(self, choice: ObjectiveChosen) -> None:
        self.choice = choice

    @classmethod
    def for_text(cls, text: OneText, like: Settings) -> "OwnDefaults":
        """With the objective that `auto` stands for."""
        asked: SettingValues = {"embedding_dim": like.model.embedding_dim}
        settings = resolve(asked, like.run.threads).settings
        return cls(chosen_objective(text.corpus, settings))

    @property
    def has_epochs(self) -> bool:
        """Or sweeps, over all pairs at once."""
        return self.choice.objective == NEGATIVE_SAMPLING

    def settings(self, like: Settings) -> dict[str, Any]:
        """All others are this objective's defaults."""
        return {
            "objective": self.choice.objective,
            "embedding_dim": like.model.embedding_dim,
            "threads": like.run.threads,
        }


def _as_given(vectors: WordVectors, text: OneText) -> WordVectors:
    """With the words and the settings of the user's text instead of the file's."""
    about = {**vectors.about, **text.about}
    about["settings"] = {**vectors.about["settings"], **text.about["settings"]}
    return replace(vectors, vocabulary=text.vocabulary, about=about, phraser=text.given.phraser)


def _warm_up(settings: Settings) -> None:
    """Compile what the training will call; what fits the spelling is compiled at its first use."""
    Kernels(settings, reads_text=True).wait(lambda event: None)
    if is_exact(settings):
        words = Vocabulary(["winning", "dinning", "spinning"], [1, 1, 1])
        rows = np.eye(3, settings.model.embedding_dim, dtype=np.float32)
        WordVectors(words, rows).with_spelling(settings.model.ngrams)

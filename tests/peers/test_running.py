"""Systems train in turn; one that is not there, or fails, does not stop the others."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.small_texts import small_corpus, small_settings
from skipgram.errors import InterruptedRunError, SkipgramError
from skipgram.peers.events import SystemEvent, SystemLeftOut, TrainingBegins, TrainingEnds
from skipgram.peers.ours import LikeSettings, OwnDefaults
from skipgram.peers.running import train_all
from skipgram.peers.systems import Advance, System, Trained
from skipgram.peers.text import OneText, one_text
from skipgram.settings import Settings
from skipgram.training.events import ObjectiveChosen
from skipgram.vectors.word_vectors import WordVectors


@pytest.fixture
def text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OneText]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with one_text(small_corpus(), threads=1) as text:
        yield text


class Pretended(System):
    """Trains in no time, and takes as many seconds as it is told."""

    version = "7"

    def __init__(
        self,
        name: str,
        seconds: Callable[[int], float] = float,
        error: BaseException | None = None,
        *,
        to_install: str = "",
        first_failing: int = 0,
    ) -> None:
        self.name, self._seconds, self._error = name, seconds, error
        self._to_install, self._first_failing = to_install, first_failing

    @property
    def to_install(self) -> str:
        return self._to_install

    def settings(self, like: Settings) -> dict[str, Any]:
        return {"window": like.model.window}

    def train(self, text: OneText, like: Settings, seed: int, advance: Advance) -> Trained:
        if self._error is not None and seed >= self._first_failing:
            raise self._error
        advance(1.5)
        vectors = WordVectors(text.vocabulary, np.ones((len(text.vocabulary), 4), np.float32))
        return Trained(seed, vectors, self._seconds(seed), self._seconds(seed) + 1)


def test_systems_take_turns_seed_by_seed(text: OneText) -> None:
    events: list[SystemEvent] = []
    systems = [Pretended("one"), Pretended("two")]
    runs = train_all(systems, text, small_settings(), [4, 5], events.append)
    begun = [event for event in events if isinstance(event, TrainingBegins)]
    assert [(of.system, of.seed, of.number, of.total) for of in begun] == [
        ("one", 4, 1, 4), ("two", 4, 2, 4), ("one", 5, 3, 4), ("two", 5, 4, 4),
    ]  # fmt: skip
    assert [event.system for event in events if isinstance(event, TrainingEnds)] == [
        "one", "two", "one", "two",
    ]  # fmt: skip
    assert [[one.seed for one in run.trainings] for run in runs] == [[4, 5], [4, 5]]
    assert max(getattr(event, "share", 0) for event in events) == 1


def test_seconds_are_medians_and_speeds_are_compared_seed_by_seed(text: OneText) -> None:
    systems = [Pretended("one", lambda seed: [1, 2, 6][seed]), Pretended("two", lambda seed: 4)]
    one, two = train_all(systems, text, small_settings(epochs=3), [0, 1, 2], lambda event: None)
    assert (one.training_seconds, one.seconds) == (2, 3)
    assert one.words_per_second == 3 * text.tokens / 2
    assert two.times_as_long(one) == 2  # of 4, 2 and 2/3
    assert one.version == "7"
    assert one.settings == {"window": 5}


def test_a_system_that_is_not_installed_says_how_to_install_it(text: OneText) -> None:
    events: list[SystemEvent] = []
    systems = [Pretended("one"), Pretended("two", to_install="two-community")]
    runs = train_all(systems, text, small_settings(), [1, 2], events.append)
    assert runs[1].why_not == "not installed: pip install two-community"
    assert runs[1].trainings == ()
    assert runs[1].training_seconds is runs[1].times_as_long(runs[0]) is None
    assert SystemLeftOut("two", runs[1].why_not) in events
    assert len(runs[0].trainings) == 2


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (SkipgramError("no\nway"), "failed: no way"),
        (MemoryError(), "not enough memory"),
        (OSError("no such file"), "failed: no such file"),
    ],
)
def test_a_system_that_fails_is_told_in_a_line_and_the_others_go_on(
    text: OneText, error: Exception, told: str
) -> None:
    systems = [Pretended("one", error=error, first_failing=2), Pretended("two")]
    one, two = train_all(systems, text, small_settings(), [1, 2, 3], lambda event: None)
    assert (one.why_not, one.trainings) == (told, ())
    assert len(two.trainings) == 3


@pytest.mark.parametrize("error", [InterruptedRunError("stopped", 2), KeyboardInterrupt()])
def test_an_interrupt_stops_all(text: OneText, error: BaseException) -> None:
    systems = [Pretended("one", error=error), Pretended("two")]
    with pytest.raises(type(error)):
        train_all(systems, text, small_settings(), [1], lambda event: None)


def test_our_own_training_gives_vectors_of_the_one_vocabulary(text: OneText) -> None:
    shares: list[float] = []
    trained = LikeSettings().train(text, small_settings(), 2, shares.append)
    assert trained.vectors.vocabulary is text.vocabulary
    settings = trained.vectors.about["settings"]
    assert settings["training"]["seed"] == 2
    assert settings["model"]["objective"] == "negative-sampling"
    assert 0 < trained.training_seconds < trained.seconds
    assert shares[-1] == 1


def test_our_own_defaults_are_those_of_the_objective_that_the_text_gets(text: OneText) -> None:
    own = OwnDefaults.for_text(text, small_settings(window=2, epochs=9))
    assert own.choice.objective == "softmax"
    assert not own.has_epochs
    settings = own.train(text, small_settings(), 1, lambda share: None).vectors.about["settings"]
    assert settings["model"]["objective"] == "softmax"
    assert settings["model"]["window"] == 8
    assert settings["model"]["embedding_dim"] == 4
    assert OwnDefaults(ObjectiveChosen("negative-sampling", "")).has_epochs

"""What appears at a run's places while it works stays, and the run's result does too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import skipgram
from helpers.folder_contents import tree
from skipgram.corpus.summary import ReadingProgress
from skipgram.errors import OutputExistsError
from skipgram.training.events import Finished

SMALL: dict[str, Any] = {"min_count": 1, "threads": 1}
TRAINING = SMALL | {"embedding_dim": 4, "subsample": 0.0, "epochs": 1}


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text("sun moon star\npot pan stove\n" * 50)
    return file


def once(kind: type, act: Callable[[], object]) -> Callable[[Any], None]:
    """An observer that acts at the first event of a kind."""
    waiting = [act]

    def observe(event: Any) -> None:
        if isinstance(event, kind) and waiting:
            waiting.pop()()

    return observe


def put_thesis(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "thesis").write_text("mine")


def test_a_training_whose_place_is_taken_keeps_its_vectors_beside_it(text, tmp_path):
    place = tmp_path / "out"
    with pytest.raises(OutputExistsError) as caught:
        skipgram.train(text, place, observe=once(Finished, lambda: put_thesis(place)), **TRAINING)
    assert str(caught.value) == (
        f"another process wrote {place} in the meantime; choose another name; this run's "
        f"result is kept in {place}-2"
    )
    assert tree(place) == {"thesis": "mine"}
    assert "sun" in skipgram.load(f"{place}-2")


def test_an_export_whose_place_is_taken_is_kept_beside_it(text, tmp_path):
    place = tmp_path / "out.txt"
    taken = once(Finished, lambda: place.write_text("mine"))
    with pytest.raises(OutputExistsError, match=r"kept in .*/out-2\.txt$"):
        skipgram.train(text, export=place, observe=taken, **TRAINING)
    assert place.read_text() == "mine"
    assert "sun" in skipgram.load(tmp_path / "out-2.txt")


def test_a_result_whose_place_is_taken_keeps_no_other_from_being_written(text, tmp_path):
    place, first, second = (tmp_path / name for name in ("out", "first.txt", "second.txt"))

    def take() -> None:
        put_thesis(place)
        first.write_text("mine")

    with pytest.raises(OutputExistsError) as caught:
        skipgram.train(
            text, place, export=[first, second], observe=once(Finished, take), **TRAINING
        )
    assert str(caught.value) == "; ".join(
        f"another process wrote {taken} in the meantime; choose another name; this run's "
        f"result is kept in {kept}"
        for taken, kept in [(place, f"{place}-2"), (first, tmp_path / "first-2.txt")]
    )
    for kept in (f"{place}-2", tmp_path / "first-2.txt", second):
        assert "sun" in skipgram.load(kept)


def test_an_encoded_corpus_whose_place_is_taken_is_kept_beside_it(text, tmp_path):
    place = tmp_path / "ids"
    taken = once(ReadingProgress, lambda: put_thesis(place))
    with pytest.raises(OutputExistsError, match=r"another process .* kept in .*/ids-2$"):
        skipgram.encode(text, place, observe=taken, **SMALL)
    assert tree(place) == {"thesis": "mine"}
    assert len(skipgram.EncodedCorpus.load(f"{place}-2")) == 300


def test_a_file_put_into_the_cache_is_not_lost_when_the_cache_is_made_anew(text, tmp_path):
    cache = tmp_path / "out.corpus"
    skipgram.train(text, tmp_path / "out", cache=True, **TRAINING)
    text.write_text("sun moon star\n" * 50)
    with pytest.raises(OutputExistsError, match=r"holds thesis, .* kept in .*/out-2\.corpus$"):
        skipgram.train(
            text,
            tmp_path / "out",
            cache=True,
            overwrite=True,
            observe=once(ReadingProgress, lambda: put_thesis(cache)),
            **TRAINING,
        )
    assert (cache / "thesis").read_text() == "mine"

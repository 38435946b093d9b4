"""From text to vectors in one call: what goes in, what comes out, what is left on the disk."""

import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.small_trainings import SMALL, two_topics
from skipgram.errors import CorpusError, OutputExistsError, SettingsError
from skipgram.runs import warming
from skipgram.training.events import EpochEnd, Finished, Started


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text(two_topics())
    return file


def test_words_of_one_topic_are_nearer_than_words_of_two(text: Path) -> None:
    vectors = skipgram.train(text, **SMALL | {"epochs": 20, "learning_rate": 0.1})
    assert {word[:3] for word, _ in vectors.most_similar("sky0", k=19)} == {"sky"}
    assert vectors.similarity("pot0", "pot1") > 0.5 > vectors.similarity("pot0", "sky0")


def test_what_is_saved_is_what_was_returned(text: Path, tmp_path: Path) -> None:
    vectors = skipgram.train(text, tmp_path / "vectors", **SMALL)
    loaded = skipgram.load(tmp_path / "vectors")
    assert list(loaded.words) == list(vectors.words)
    for name in ("center", "outside", "counts", "noise", "outside_marginal"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(vectors, name))
    assert loaded.about == vectors.about


def test_the_folder_says_how_it_was_made(text: Path, tmp_path: Path) -> None:
    skipgram.train(text, tmp_path / "vectors", **SMALL, window=3, seed=9)
    about = json.loads((tmp_path / "vectors" / "settings.json").read_text())
    assert about["skipgram_version"] == skipgram.__version__
    assert about["settings"]["model"]["window"] == 3
    assert about["settings"]["training"]["seed"] == 9
    assert about["corpus"]["tokens"] == 8000
    assert len(about["epochs"]) == 3


def test_one_thread_and_one_seed_give_the_same_vectors_twice(text: Path) -> None:
    one, other = (skipgram.train(text, **SMALL) for _ in range(2))
    np.testing.assert_array_equal(one.center, other.center)
    np.testing.assert_array_equal(one.outside, other.outside)


def test_exports_are_written_beside_the_vectors(text: Path, tmp_path: Path) -> None:
    files = [tmp_path / "out" / "vectors.txt", tmp_path / "out" / "vectors.bin"]
    skipgram.train(text, export=files, **SMALL)
    assert files[0].read_text().startswith("40 16\n")
    assert files[1].read_bytes().startswith(b"40 16\n")


def test_several_files_are_one_corpus_in_their_order(text: Path, tmp_path: Path) -> None:
    lines = text.read_text().splitlines(keepends=True)
    parts = [tmp_path / "one.txt", tmp_path / "two.txt"]
    parts[0].write_text("".join(lines[:700]))
    parts[1].write_text("".join(lines[700:]))
    whole, cut = skipgram.train(text, **SMALL), skipgram.train(parts, **SMALL)
    np.testing.assert_array_equal(whole.center, cut.center)


def test_observers_see_the_reading_the_summary_and_the_training(text: Path) -> None:
    seen: list[Any] = []
    skipgram.train(text, observe=seen.append, **SMALL)
    kinds = [type(event).__name__ for event in seen]
    assert kinds[0] == "ReadingProgress"
    assert kinds.index("CorpusSummary") < kinds.index("Started") < kinds.index("Finished")
    assert sum(isinstance(event, EpochEnd) for event in seen) == 3
    assert sum(isinstance(event, Started | Finished) for event in seen) == 2


def test_an_existing_folder_is_refused_before_anything_is_read(text: Path, tmp_path: Path) -> None:
    skipgram.train(text, tmp_path / "vectors", **SMALL)
    seen: list[Any] = []
    with pytest.raises(OutputExistsError, match="vectors already exists"):
        skipgram.train(text, tmp_path / "vectors", observe=seen.append, **SMALL)
    assert not seen
    skipgram.train(text, tmp_path / "vectors", overwrite=True, **SMALL | {"embedding_dim": 4})
    assert skipgram.load(tmp_path / "vectors").embedding_dim == 4


def test_an_export_without_a_format_is_refused_before_anything_is_read(text: Path) -> None:
    seen: list[Any] = []
    with pytest.raises(SettingsError, match=r"suffix '\.xyz'"):
        skipgram.train(text, export="vectors.xyz", observe=seen.append, **SMALL)
    assert not seen


def test_a_run_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("once upon a time")
    with pytest.raises(CorpusError, match="no word occurs 5 times"):
        skipgram.train(file, tmp_path / "vectors", export=tmp_path / "vectors.bin")
    assert list(tmp_path.iterdir()) == [file]


def test_an_interrupted_run_leaves_nothing_behind(text: Path, tmp_path: Path) -> None:
    def interrupt(event: Any) -> None:
        if isinstance(event, EpochEnd):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        skipgram.train(text, tmp_path / "vectors", observe=interrupt, **SMALL)
    assert list(tmp_path.iterdir()) == [text]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"embedding_dim": 0}, "embedding_dim must be at least 1, not 0"),
        ({"window": 0}, "window must be at least 1, not 0"),
        ({"negatives": 0}, "negatives must be at least 1, not 0"),
        ({"epochs": 0}, "epochs must be at least 1, not 0"),
        ({"threads": 0}, "threads must be at least 1, not 0"),
        ({"min_count": 0}, "min_count must be at least 1, not 0"),
        ({"learning_rate": -0.1}, "learning_rate must be above 0, not -0.1"),
        ({"learning_rate": float("nan")}, "learning_rate must be finite, not nan"),
        ({"objective": "softmx"}, "objective 'softmx' is not one of: negative-sampling"),
        ({"embeding_dim": 50}, "unknown setting 'embeding_dim'; did you mean embedding_dim"),
    ],
)
def test_settings_out_of_range_are_refused_with_what_was_found(
    text: Path, values: dict[str, Any], found: str
) -> None:
    with pytest.raises(SettingsError, match=found):
        skipgram.train(text, **values)


def test_results_that_would_replace_the_corpus_or_each_other_are_refused(
    text: Path, tmp_path: Path
) -> None:
    before = text.read_bytes()
    for output, export in (
        (None, text),
        (tmp_path, ()),
        (tmp_path / "out", [tmp_path / "e.txt", tmp_path / "x" / ".." / "e.txt"]),
    ):
        with pytest.raises(
            SettingsError, match=r"is an input and would be (overwritten|replaced);|for two outputs"
        ):
            skipgram.train(text, output, export=export, overwrite=True, **SMALL)
    assert text.read_bytes() == before
    assert list(tmp_path.iterdir()) == [text]


def test_files_that_were_put_beside_vectors_are_never_lost(text: Path, tmp_path: Path) -> None:
    folder = tmp_path / "vectors"
    skipgram.train(text, folder, **SMALL)
    (folder / "notes.md").write_text("mine")
    with pytest.raises(OutputExistsError, match=r"holds notes\.md beside its vectors"):
        skipgram.train(text, folder, overwrite=True, **SMALL)
    assert (folder / "notes.md").read_text() == "mine"


@pytest.mark.parametrize("corpus", [None, 3, object()])
def test_what_no_corpus_can_come_from_is_refused(corpus: Any) -> None:
    with pytest.raises(CorpusError, match="no corpus: name text files, or give texts, not"):
        skipgram.train(corpus)


@pytest.mark.parametrize("corpus", ["the sun and the moon " * 500, "a\0b c"])
def test_a_text_that_is_taken_for_a_name_is_refused_with_the_way_out(corpus: str) -> None:
    with pytest.raises(CorpusError, match=r"wrap them: skipgram\.Texts"):
        skipgram.train(corpus)
    with pytest.raises(CorpusError, match=r"wrap them: skipgram\.Texts"):
        skipgram.count_words(corpus)


def test_an_error_does_not_wait_for_the_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "text.txt"
    file.write_text("once")
    compiling = threading.Event()
    monkeypatch.setattr(warming, "warm_up_steps", lambda *sizes: compiling.wait(60))
    with pytest.raises(CorpusError):
        skipgram.train(file)
    assert all(thread.daemon for thread in threading.enumerate() if "compiler" in thread.name)
    compiling.set()

"""Systems compared on a text: who takes part, what is told of each, and what is refused."""

import importlib.util
import signal
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.small_texts import LINES, SMALL
from skipgram.errors import InterruptedRunError, OutputExistsError
from skipgram.evaluation.comparison import Comparison
from skipgram.evaluation.report import Report
from skipgram.evaluation.trainings import systems_of
from skipgram.peers.others import FastText, Gensim
from skipgram.peers.ours import LikeSettings, OwnDefaults
from skipgram.peers.systems import SystemFailedError
from skipgram.training.events import ObjectiveChosen

LIKE, OWN = LikeSettings.name, OwnDefaults.name
RATINGS = "sun\tmoon\t9\nthe\tstar\t3\nsky\tof\t1\nmoon\tstar\t7\nand\tsky\t2\n"
needs_gensim = pytest.mark.skipif(
    importlib.util.find_spec("gensim") is None, reason="gensim is not installed"
)


@pytest.fixture
def compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Compares on the small text, by the ratings alone; nothing may be left where it worked."""
    scratch, ratings = tmp_path / "scratch", tmp_path / "ratings.tsv"
    scratch.mkdir()
    ratings.write_text(RATINGS)
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    def run(corpus: Any = None, **values: Any) -> skipgram.SystemComparison:
        asked = {"similarity": ratings, "analogies": (), "resamples": 100, "peers": (), **SMALL}
        corpus = skipgram.Texts(LINES) if corpus is None else corpus
        try:
            return skipgram.compare_systems(corpus, progress=False, **(asked | values))
        finally:
            assert list(scratch.iterdir()) == []

    return run


@needs_gensim
def test_ours_comes_first_and_all_have_vectors_of_the_same_words(compare: Any) -> None:
    found = compare(peers=["gensim"])
    assert [of.name for of in found.systems] == [LIKE, OWN, "gensim"]
    assert list(found.vectors) == [LIKE, OWN, "gensim"]
    words = {tuple(vectors) for several in found.vectors.values() for vectors in several}
    assert len(words) == 1
    assert isinstance(found.scores, Comparison)
    assert found.scores.systems == (LIKE, OWN, "gensim")
    assert {(of.first, of.system) for of in found.scores.differences} == {
        (LIKE, OWN), (LIKE, "gensim"),
    }  # fmt: skip
    assert found.systems[2].settings["alpha"] == 0.025
    assert found.threads == 1
    assert found.text.kept_tokens == 60 * 14
    assert f"{60 * 14} words" in found.notes[0]


def test_a_package_that_is_not_there_is_told_with_what_to_install(
    compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for peer in (Gensim, FastText):
        monkeypatch.setattr(peer, "module", "no_such_module")
    found = compare(peers=["gensim", "fasttext"])
    assert {of.name: of.why_not for of in found.systems} == {
        LIKE: "",
        OWN: "",
        "gensim": "not installed: pip install gensim",
        "fastText": "not installed: pip install fasttext-community",
    }
    assert list(found.vectors) == [LIKE, OWN]


@needs_gensim
def test_vectors_are_kept_as_they_are_trained_and_can_be_judged_again(
    compare: Any, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    found = compare(peers=["gensim"], seeds=2, output=kept)
    names = ["gensim", "skipgram-like-settings", "skipgram-own-defaults"]
    assert sorted(path.name for path in kept.iterdir()) == [
        f"{name}-{seed}" for name in names for seed in (1, 2)
    ]
    gensim = skipgram.load(kept / "gensim-2")
    assert np.array_equal(gensim.matrix, found.vectors["gensim"][1].matrix)
    paths = sorted(kept.iterdir())
    systems = systems_of(paths, [skipgram.load(path) for path in paths])
    assert list(systems) == [f"{name} (2 seeds)" for name in names]
    with pytest.raises(OutputExistsError, match=r"settings-2 already exists"):
        compare(peers=["gensim"], seed=2, output=kept)
    compare(seed=2, output=kept, overwrite=True)


@needs_gensim
def test_vectors_record_the_user_s_text_and_not_the_file_that_all_read(compare: Any) -> None:
    corpus = skipgram.encode(skipgram.Texts(LINES), tokenizer="words", min_count=1)
    found = compare(corpus, peers=["gensim"])
    for (vectors,) in found.vectors.values():
        assert vectors.about["settings"]["text"]["tokenizer"] == "words"
        assert vectors.about["corpus"]["sha256"] == corpus.summary.sha256
    assert found.vectors["gensim"][0].about["trained_by"]["seed"] == 1


def test_a_training_that_is_done_is_kept_though_the_next_one_is_interrupted(
    compare: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*given: Any) -> None:
        raise InterruptedRunError("stopped", signal.SIGINT)

    monkeypatch.setattr(OwnDefaults, "train", interrupt)
    with pytest.raises(InterruptedRunError):
        compare(output=tmp_path / "kept")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["skipgram-like-settings-1"]


@needs_gensim
def test_a_package_that_fails_is_told_with_the_reason(
    compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: Any) -> None:
        raise SystemFailedError("ValueError: it broke")

    monkeypatch.setattr(Gensim, "train", fail)
    found = compare(peers="gensim")
    assert found.systems[-1].why_not == "failed: ValueError: it broke"
    assert list(found.vectors) == [LIKE, OWN]


def test_where_nothing_can_be_trained_all_reasons_are_told(
    compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(LikeSettings, "train", fail)
    with pytest.raises(skipgram.SkipgramError, match=f"{OWN}: not enough memory"):
        compare()


def test_ours_is_trained_once_where_its_default_is_the_same_objective(
    compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = ObjectiveChosen("negative-sampling", "too many words")
    monkeypatch.setattr(OwnDefaults, "for_text", lambda *given: OwnDefaults(choice))
    found = compare()
    assert [of.name for of in found.systems] == [LIKE]
    assert isinstance(found.scores, Report)
    assert found.scores.similarity[0].coverage.known == 5
    assert "(too many words)" in found.notes[-1]


def test_each_system_is_trained_with_every_seed_from_the_first_on(compare: Any) -> None:
    found = compare(seeds=2, seed=7)
    for of in found.systems:
        assert [one.seed for one in of.trainings] == [7, 8]
    assert found.scores.trainings == (2, 2)
    one, other = (vectors.matrix for vectors in found.vectors[LIKE])
    assert (np.asarray(one) != np.asarray(other)).any()


def test_an_encoded_corpus_is_compared_on_as_it_is(compare: Any, tmp_path: Path) -> None:
    skipgram.encode(skipgram.Texts(LINES), tmp_path / "encoded", min_count=61, progress=False)
    found = compare(tmp_path / "encoded")
    assert set(found.vectors[LIKE][0]) == {"the", "moon", "and"}


def test_a_tokenizer_of_ones_own_is_used_for_all(compare: Any) -> None:
    found = compare(tokenizer=lambda line: [word.upper() for word in line.split()])
    assert "MOON" in found.vectors[OWN][0]
    assert "moon" not in found.vectors[LIKE][0]


def test_a_notebook_shows_seconds_and_scores(compare: Any) -> None:
    page = compare()._repr_html_()
    assert "with reading" in page
    assert "ratings" in page


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"seeds": 0}, "seeds must be at least 1, not 0"),
        ({"seeds": 1.5}, "seeds must be a whole number, not 1.5"),
        ({"peers": ["gensm"]}, "peers may be gensim and fasttext, not 'gensm'; did you mean"),
        ({"rates": {"gensim": 0.1}}, "a learning rate for 'gensim', which is not compared with"),
        ({"peers": "gensim", "rates": {"gensim": 0}}, "gensim's learning_rate must be above 0"),
        ({"objective": "softmax"}, "objective is not a setting that all systems have"),
        ({"ngrams": "3-6"}, "ngrams is not a setting that all systems have"),
        ({"windw": 3}, "unknown setting 'windw'; did you mean window"),
        ({"window": 0}, "window must be at least 1, not 0"),
        ({"method": "3CosDiv"}, "3CosDiv.*not one of"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_trained(
    compare: Any, monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], told: str
) -> None:
    monkeypatch.setattr(LikeSettings, "train", None)
    with pytest.raises(skipgram.SettingsError, match=told):
        compare(**values)


def test_a_text_without_words_that_are_kept_is_refused(compare: Any, tmp_path: Path) -> None:
    with pytest.raises(skipgram.CorpusError, match="no word occurs 1000 times or more"):
        compare(min_count=1000)
    (tmp_path / "empty.txt").touch()
    with pytest.raises(skipgram.CorpusError, match="is empty"):
        compare(tmp_path / "empty.txt")


def test_a_test_set_that_is_not_there_is_told_before_hours_of_training(
    compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LikeSettings, "train", None)
    with pytest.raises(skipgram.FormatError, match=r"nowhere\.tsv does not exist"):
        compare(similarity="nowhere.tsv")

"""Numbers that would lead a kernel out of its arrays never reach one, however they were made."""

import copy
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse

from helpers.encoding_twin import encoded
from helpers.replay import corpus_of
from skipgram.corpus import encoded as encoded_module
from skipgram.corpus.cooccurrence.counts import Cooccurrence, count_cooccurrence
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, SkipgramError
from skipgram.evaluation.questions import read_questions
from skipgram.evaluation.similarity import read_pairs
from skipgram.settings.window_rule import WindowRule

MOST, LEAST = 2**63 - 1, -(2**63)
CORPUS = encoded(b"the sun and the moon\nthe stars\nsun moon\n" * 4)


def some_counts() -> Cooccurrence:
    lines = np.random.default_rng(1).integers(9, size=(5, 30)).tolist()
    return count_cooccurrence(corpus_of(lines, 9), WindowRule(window=3, subsample=0.0))


def wrong_ids(place: int, number: int) -> dict[str, Any]:
    ids = CORPUS.ids.copy()
    ids[place] = number
    return {"ids": ids}


WRONG_CORPORA: dict[str, dict[str, Any]] = {
    "an id beyond the vocabulary": wrong_ids(7, 5),
    "an id far beyond it": wrong_ids(7, 2**31 - 1),
    "an id below 0": wrong_ids(0, -1),
    "line ends that wrap": {"line_ends": np.array([MOST, LEAST, -1, len(CORPUS)])},
    "line ends that fall": {"line_ends": np.array([5, 3, len(CORPUS)])},
    "an empty line": {"line_ends": np.array([5, 5, len(CORPUS)])},
    "a last line too long": {"line_ends": np.array([5, len(CORPUS) + 1])},
    "a last line too short": {"line_ends": np.array([5, len(CORPUS) - 1])},
    "no line": {"line_ends": np.zeros(0, np.int64)},
    "ids of 64 bits": {"ids": CORPUS.ids.astype(np.int64)},
    "ids that are numbers with a point": {"ids": CORPUS.ids.astype(np.float32)},
    "ids with two axes": {"ids": CORPUS.ids[:, None]},
    "a list of ids": {"ids": CORPUS.ids.tolist()},
    "line ends of 32 bits": {"line_ends": CORPUS.line_ends.astype(np.int32)},
    "a smaller vocabulary": {"vocabulary": Vocabulary(["the", "sun"], np.array([2, 1]))},
    "counts below 0": {"vocabulary": Vocabulary(list("abcde"), np.array([5, 4, 3, 2, LEAST]))},
}


@pytest.mark.parametrize("values", WRONG_CORPORA.values(), ids=WRONG_CORPORA)
def test_a_corpus_that_would_lead_a_kernel_astray_cannot_be_made(values):
    with pytest.raises(FormatError) as refused:
        replace(CORPUS, **values)
    assert "\n" not in str(refused.value)
    wrong = copy.copy(CORPUS)
    vars(wrong).update(values)
    for protocol in range(2, 6):
        with pytest.raises(FormatError):
            pickle.loads(pickle.dumps(wrong, protocol))
    with pytest.raises(FormatError):
        copy.deepcopy(wrong)


def test_ids_of_the_other_byte_order_are_refused():
    with pytest.raises(FormatError, match=r"^ids: "):
        replace(CORPUS, ids=CORPUS.ids.astype(CORPUS.ids.dtype.newbyteorder()))


def test_a_sound_corpus_is_pickled_and_copied_as_it_is():
    for other in (pickle.loads(pickle.dumps(CORPUS)), copy.deepcopy(CORPUS), replace(CORPUS)):
        np.testing.assert_array_equal(other.ids, CORPUS.ids)
        np.testing.assert_array_equal(other.line_ends, CORPUS.line_ends)
        assert list(other.vocabulary) == list(CORPUS.vocabulary)


def test_slices_of_a_sound_corpus_are_not_looked_through_again(monkeypatch):
    looks: list[object] = []
    monkeypatch.setattr(encoded_module, "_require_sound", lambda *given: looks.append(given))
    part = CORPUS.slice_lines(1, 5).slice_tokens(2, 6)
    assert (len(part), looks) == (4, [])
    replace(CORPUS)
    assert len(looks) == 1


def test_line_ends_that_wrap_in_a_folder_are_refused(tmp_path):
    CORPUS.save(tmp_path / "corpus")
    about = json.loads((tmp_path / "corpus" / "corpus.json").read_text()) | {"lines": 4}
    (tmp_path / "corpus" / "corpus.json").write_text(json.dumps(about))
    np.array([MOST, LEAST, -1, len(CORPUS)]).tofile(tmp_path / "corpus" / "line_ends.int64")
    with pytest.raises(FormatError, match=r"line_ends\.int64: entry 1 is -9,223"):
        EncodedCorpus.load(tmp_path / "corpus")


# Counts of pairs

WRONG_MATRICES: dict[str, Callable[[scipy.sparse.csr_matrix], Any]] = {
    "another kind": lambda matrix: matrix.tocsc(),
    "an array": lambda matrix: matrix.toarray(),
    "not square": lambda matrix: matrix[:-1],
    "smaller": lambda matrix: matrix[:-1, :-1],
    "of 32 bits": lambda matrix: matrix.astype(np.float32),
    "below 0": lambda matrix: -matrix,
    "nan": lambda matrix: matrix * np.nan,
    "sums beyond all bounds": lambda matrix: matrix * 1e306,
    "denormal": lambda matrix: matrix * 1e-310,
    "nothing": lambda matrix: matrix * 0,
    "columns that fall": lambda matrix: changed(matrix, "indices", 0, 8),
    "a column beyond it": lambda matrix: changed(matrix, "indices", 3, 10**6),
    "starts that wrap": lambda matrix: changed(matrix, "indptr", 1, -(2**31)),
}


def changed(matrix: scipy.sparse.csr_matrix, part: str, place: int, number: int) -> Any:
    wrong = matrix.copy()
    getattr(wrong, part)[place] = number
    return wrong


@pytest.mark.parametrize("change", WRONG_MATRICES.values(), ids=WRONG_MATRICES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_counts_that_would_lead_a_kernel_astray_cannot_be_made(change):
    counts = some_counts()
    matrix = change(counts.matrix)
    with pytest.raises(FormatError, match=r"^counts of pairs: ") as refused:
        replace(counts, matrix=matrix)
    assert "\n" not in str(refused.value)
    wrong = copy.copy(counts)
    vars(wrong)["matrix"] = matrix
    with pytest.raises(FormatError):
        pickle.loads(pickle.dumps(wrong))


def test_sound_counts_are_pickled_as_they_are():
    counts = some_counts()
    vars(counts)["center_weights"] = np.full(9, 1e308)
    other = pickle.loads(pickle.dumps(counts))
    np.testing.assert_array_equal(other.matrix.toarray(), counts.matrix.toarray())
    assert other.pairs == other.matrix.sum(), "what was worked out is worked out anew"


# Packed words

WORDS = PackedWords.of(["the", "sun", ""])


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        (WORDS.text, [3, 2, 6]),
        (WORDS.text, [MOST, LEAST, 6]),
        (WORDS.text, [3, 6, 7]),
        (WORDS.text, [3, 5, 5]),
        (WORDS.text, []),
        (WORDS.text, np.array([3, 6, 6], np.int32)),
        (WORDS.text, [[3, 6, 6]]),
        (WORDS.text.astype(np.int8), [3, 6, 6]),
        (b"thesun", [3, 6, 6]),
    ],
)
def test_packed_words_whose_ends_lead_anywhere_cannot_be_made(text, ends):
    with pytest.raises(FormatError):
        PackedWords(text, np.asarray(ends, getattr(ends, "dtype", np.int64)))
    wrong = PackedWords.of(["the", "sun", ""])
    wrong.text, wrong.ends = text, np.asarray(ends, getattr(ends, "dtype", np.int64))
    with pytest.raises(FormatError):
        pickle.loads(pickle.dumps(wrong))


def test_packed_words_of_a_pickle_have_the_index_that_is_theirs():
    words = PackedWords.of(["the", "sun", ""])
    assert pickle.loads(pickle.dumps(words)) == words
    for index in ([0, 1], [0, 0, 0], [1, 2, 10**9], words.word_index[::-1].copy()):
        wrong = PackedWords(words.text, words.ends, np.array(index, np.int64))
        with pytest.raises(FormatError, match="word_index is not an index of the 3 words"):
            pickle.loads(pickle.dumps(wrong))


def test_a_vocabulary_has_whole_counts_in_one_row():
    for counts in ([2.0, 1.0], [[2, 1]], [True, False], ["2", "1"]):
        with pytest.raises(FormatError, match="counts"):
            Vocabulary(["a", "b"], np.array(counts))
    assert Vocabulary(["a", "b"], np.array([2, 1], np.int32)).counts.dtype == np.int64
    with pytest.raises(FormatError, match="counts"):
        pickle.loads(pickle.dumps(_with_counts(np.array([1, 2, 3]))))


def _with_counts(counts: Any) -> Vocabulary:
    vocabulary = Vocabulary(["a", "b"], np.array([2, 1]))
    vars(vocabulary)["counts"] = counts
    return vocabulary


# Files that wait, or have no end


@pytest.fixture(params=["a named pipe", "/dev/zero", "a hole"])
def endless(request: Any, tmp_path: Path) -> Callable[[Path], None]:
    def put(place: Path) -> None:
        place.unlink(missing_ok=True)
        if request.param == "a named pipe":
            os.mkfifo(place)
        elif request.param == "a hole":
            with place.open("wb") as file:
                file.truncate(1 << 40)
        else:
            place.symlink_to("/dev/zero")

    return put


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero on this system")
@pytest.mark.parametrize("name", ["corpus.json", "ids.int32", "line_ends.int64", "vocabulary"])
def test_a_corpus_waits_for_nobody(tmp_path, endless, name):
    CORPUS.save(tmp_path / "corpus")
    endless(tmp_path / "corpus" / name)
    with pytest.raises(FormatError, match=name.replace(".", r"\.")):
        EncodedCorpus.load(tmp_path / "corpus")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero on this system")
@pytest.mark.parametrize("name", ["settings.json", "cooccurrence.safetensors", "vocabulary"])
def test_counts_wait_for_nobody(tmp_path, endless, name):
    some_counts().save(tmp_path / "counts")
    endless(tmp_path / "counts" / name)
    with pytest.raises(FormatError, match=name.replace(".", r"\.")):
        Cooccurrence.load(tmp_path / "counts")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero on this system")
@pytest.mark.parametrize("name", ["a", "a.tsv", "a.txt"])
def test_a_vocabulary_waits_for_nobody(tmp_path, endless, name):
    endless(tmp_path / name)
    with pytest.raises(FormatError, match=name.replace(".", r"\.")):
        Vocabulary.load(tmp_path / name)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero on this system")
@pytest.mark.parametrize("read", [read_pairs, read_questions])
def test_an_evaluation_set_waits_for_nobody(tmp_path, endless, read):
    endless(tmp_path / "set")
    with pytest.raises(FormatError, match="set "):
        read(tmp_path / "set")


def test_a_line_of_an_evaluation_set_is_not_told_as_a_whole(tmp_path):
    (tmp_path / "set").write_text("word " * 100_000)
    with pytest.raises(FormatError) as refused:
        read_pairs(tmp_path / "set")
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("read", [EncodedCorpus.load, Cooccurrence.load, Vocabulary.load])
def test_a_name_that_is_too_long_for_any_file_is_an_error_of_ours(read):
    with pytest.raises(SkipgramError, match="File name too long"):
        read("x" * 5000)


def test_training_on_ids_beyond_the_vocabulary_does_not_crash_the_process(tmp_path):
    code = f"""
import dataclasses, numpy as np, skipgram
(open({str(tmp_path / "t")!r}, "w")).write("a b c a b\\n" * 50)
corpus = skipgram.encode({str(tmp_path / "t")!r}, min_count=1)
try:
    wrong = dataclasses.replace(corpus, ids=np.full(len(corpus), 2**30, np.int32))
    skipgram.train(wrong, embedding_dim=4, subsample=0, threads=1)
except skipgram.SkipgramError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50)
    assert (done.returncode, done.stdout) == (
        0,
        "ids: entry 0 is 1,073,741,824, which is not an id of the 3 words\n",
    ), done.stderr

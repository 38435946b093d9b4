"""Small samples of the files this project writes for itself, and checks of what is read of them.

A check is given the place and the bytes of its files. It raises the reader's
error, or anything else if what was read is not what the bytes say.
"""

import contextlib
import io
import json
import math
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors.numpy import load as load_tensors

import skipgram
from helpers import reference_readers
from helpers.handmade_vectors import random_vectors, spelled_vectors
from helpers.mutations import WORDS, fasttext_bytes
from helpers.small_trainings import run_until, some_corpus, trainer_of
from skipgram.cli.commands.info import info
from skipgram.corpus.cooccurrence.counts import Cooccurrence, count_cooccurrence
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, SkipgramError
from skipgram.explorer import layout_file
from skipgram.explorer.clusters import NO_CLUSTER
from skipgram.explorer.layout import Layout
from skipgram.runs.beginning import Beginning
from skipgram.settings import ModelSettings, Settings
from skipgram.settings.window_rule import WindowRule
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.events import EpochEnd
from skipgram.training.negative_sampling.task import Loss
from skipgram.training.negative_sampling.trainer import State
from skipgram.vectors.formats.native import SPELLING

Files = Mapping[str, bytes]
DIM = 4
LINES = (6, 1, 13)
INDEXED = 40
_ABOUT_INDEX = "neighbors.json"


class Sample(NamedTuple):
    """A file or folder of ours."""

    make: Callable[[Path], None]
    """writes it to this path"""
    check: Callable[[Path, Files], None]
    mend: Callable[[dict[str, bytes]], None] = lambda files: None
    """what a forger would do once the files are damaged: mend their checksums"""


def _corpus() -> EncodedCorpus:
    return some_corpus(LINES)


RULE = WindowRule(window=2, subsample=0.0)


def _check_encoded(place: Path, files: Files) -> None:
    corpus = EncodedCorpus.load(place)
    _require_vocabulary(corpus.vocabulary, files["vocabulary"])
    ids = np.frombuffer(files["ids.int32"], "<i4").tolist()
    ends = np.frombuffer(files["line_ends.int64"], "<i8").tolist()
    assert (corpus.ids.tolist(), corpus.line_ends.tolist()) == (ids, ends)
    assert all(0 <= number < len(corpus.vocabulary) for number in ids)
    assert all(one < other for one, other in zip([0, *ends], ends, strict=False))
    assert ends[-1] == len(ids)
    _require_info(place)
    with contextlib.suppress(SkipgramError):  # counts of one word, say
        counts = count_cooccurrence(corpus, RULE, threads=1)
        assert 0 <= counts.pairs < 4 * len(ids)


def _check_cooccurrence(place: Path, files: Files) -> None:
    counts = Cooccurrence.load(place)
    _require_vocabulary(counts.vocabulary, files["vocabulary"])
    tensors = load_tensors(files["cooccurrence.safetensors"])
    matrix = counts.matrix
    assert matrix.indptr.tolist() == tensors["starts"].tolist()
    assert matrix.indices.tolist() == tensors["outsides"].tolist()
    assert matrix.data.tolist() == tensors["weights"].tolist()
    assert matrix.shape == (len(counts.vocabulary),) * 2
    matrix.check_format(full_check=True)
    assert math.isfinite(counts.pairs)
    assert (counts.center_weights >= 0).all()
    assert (counts.outside_weights >= 0).all()
    ModelSettings(window=counts.window, window_width=counts.window_width)


def _identity() -> Identity:
    return Identity.of(some_corpus(LINES), Settings.of(embedding_dim=DIM))


def _some_state() -> State:
    """In the middle of the second epoch."""
    return State(1, 7, Loss(4.0, 5, 6), 2.5, [EpochEnd(1, 2.5, 10, 11, 1.25, None)])


def _make_checkpoint(place: Path) -> None:
    trainer = trainer_of(LINES, embedding_dim=DIM)
    checkpoint.save(place, _identity(), _some_state(), trainer.parameters)


def _check_checkpoint(place: Path, files: Files) -> None:
    state, parameters = checkpoint.load(place, _identity(), DIM, State)
    tensors = load_tensors(files["parameters-1.safetensors"])
    for name in ("V", "U"):
        assert getattr(parameters, name).tolist() == tensors[name].tolist()
    assert parameters.is_finite()
    corpus = some_corpus(LINES)
    assert state.epoch >= 0
    trainer = trainer_of(
        LINES, corpus=corpus, state=state, parameters=parameters, embedding_dim=DIM, epochs=2
    )
    with contextlib.suppress(SkipgramError):
        run_until(trainer, lambda number, event: True)


def _make_subwords(place: Path) -> None:
    file = place.with_name("model.bin")
    file.write_bytes(fasttext_bytes([word.encode() for word in WORDS]))
    skipgram.load(file).save(place)
    file.unlink()


def _check_subwords(place: Path, files: Files) -> None:
    vectors = skipgram.load(place)
    words, rows = reference_readers.read("native", files)
    assert list(vectors.words) == words
    np.testing.assert_array_equal(vectors.matrix, rows)
    if vectors.subwords is None:
        return
    told = json.loads(files["settings.json"])["subwords"]
    assert told["encoding"].lower().replace("-", "").replace("_", "") != "hex"
    buckets = load_tensors(files["subwords.safetensors"])["buckets"]
    word = "unseen"
    try:
        found = vectors.vector(word)
    except SkipgramError:
        return
    encoded = word.encode(told["encoding"])
    hashes = reference_readers.hashes(encoded, int(told["shortest"]), int(told["longest"]))
    expected = np.mean([buckets[at % len(buckets)] for at in hashes], axis=0, dtype=np.float64)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-30)
    assert np.isfinite(found).all()


UNSEEN = ("walkings", "pain", "xyzzy", "")


def _check_spelling(place: Path, files: Files, *, is_whole: bool = True) -> None:
    vectors = skipgram.load(place)
    words, rows = reference_readers.read("native", files)
    assert list(vectors.words) == words
    np.testing.assert_array_equal(vectors.matrix, rows)
    _require_info(place)
    for word in UNSEEN:
        try:
            found = vectors.vector(word)
        except SkipgramError:
            continue
        assert np.isfinite(found).all()
        expected = reference_readers.spelled(word, files)
        if is_whole:
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-30)
            assert vectors.can_spell(word)


def _mend_spelling(files: dict[str, bytes]) -> None:
    """The checksum of the n-grams lies in a file that whoever changes them can change."""
    with contextlib.suppress(Exception):
        about, tensors = json.loads(files["settings.json"]), load_tensors(files[SPELLING])
        crc = 0
        for name in ("ngrams", "ngram_ends", "ngram_index"):
            crc = zlib.crc32(tensors[name].tobytes(), crc)
        about["spelling"]["ngrams_crc32"] = crc
        files["settings.json"] = json.dumps(about).encode()


def _make_index(place: Path) -> None:
    random_vectors(1, INDEXED, DIM).with_index(connectivity=4, threads=1).save(place)


def _check_index(place: Path, files: Files) -> None:
    vectors = skipgram.load(place)
    if vectors.index is None:
        return
    words, rows = reference_readers.read("native", files)
    if not np.isfinite(rows).all():  # which a query says of the vectors, whatever the index is
        return
    unit = rows / np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
    for number in (0, INDEXED - 1):
        found = vectors.most_similar(words[number], k=5, approximate=True)
        answers = [near.word for near in found]
        assert len(set(answers)) == len(answers)
        assert words[number] not in answers
        cosines = [float(unit[number] @ unit[words.index(word)]) for word in answers]
        np.testing.assert_allclose([near.similarity for near in found], cosines, atol=1e-4)


def _mend_index(files: dict[str, bytes]) -> None:
    """The checksum of the index lies in a file that whoever changes the index can change."""
    with contextlib.suppress(ValueError, TypeError, AttributeError):
        about = json.loads(files[_ABOUT_INDEX])
        (name,) = (name for name in files if name.endswith(".faiss"))
        about["crc32"] = zlib.crc32(files[name])
        files[_ABOUT_INDEX] = json.dumps(about).encode()


def _make_trained(place: Path) -> None:
    about = {
        "skipgram_version": "0.1",
        "settings": Settings.of(embedding_dim=DIM).to_dict(),
        "corpus": {"tokens": 20, "types": 7, "lines": 3, "sha256": "ab" * 32},
        "epochs": [{"loss": 2.5, "seconds": 1.0}],
        "sweeps": [{"objective": 2.5, "seconds": 1.0}],
        "read": {"file": "x", "format": "glove"},
    }
    random_vectors(1, 7, DIM, about=about).save(place)


def _check_trained(place: Path, files: Files) -> None:
    """Settings may be any; whoever uses them says so, or does with them what they say."""
    vectors = skipgram.load(place)
    words, rows = reference_readers.read("native", files)
    assert list(vectors.words) == words
    np.testing.assert_array_equal(vectors.matrix, rows)
    _require_info(place)
    with contextlib.suppress(SkipgramError):
        Beginning.of(vectors, adds_words=False).settings({}, reads_text=True)
    hub = place.with_name("hub")
    with contextlib.suppress(FormatError):  # numbers that are none: these files are whole without
        vectors.export(hub, format="hub", overwrite=True)
        assert list(skipgram.load(hub).words) == words


LAID_OUT, MADE_OF = 7, "ab" * 16


def _make_layout(place: Path) -> None:
    places = np.arange(2 * LAID_OUT, dtype=np.float32).reshape(-1, 2) - 3.5
    clusters = np.array([0, 1, 1, 0, NO_CLUSTER, 1, 0], np.uint8)
    typical = np.array([[0, 3, 6], [1, 2, -1]], np.int32)
    layout_file.save(Layout(places, clusters, typical), place, MADE_OF)


def _check_layout(place: Path, files: Files) -> None:
    found = layout_file.load(place, MADE_OF, LAID_OUT)
    if found is None:  # it says that it is of other vectors
        return
    for name, tensor in load_tensors(next(iter(files.values()))).items():
        assert getattr(found, name).tolist() == tensor.tolist()
    assert found.places.shape == (LAID_OUT, 2)
    assert np.isfinite(found.places).all()
    numbers = found.clusters[found.clusters != NO_CLUSTER]
    assert len(found.clusters) == LAID_OUT
    assert (numbers < len(found.typical)).all()
    assert ((found.typical >= -1) & (found.typical < LAID_OUT)).all()


def _mend_layout(files: dict[str, bytes]) -> None:
    """The checksum of a map lies in the file that whoever changes the map can change."""
    with contextlib.suppress(Exception):
        (name,) = files
        raw, tensors = files[name], load_tensors(files[name])
        begin = 8 + int.from_bytes(raw[:8], "little")
        header = json.loads(raw[8:begin])
        header["__metadata__"]["crc32"] = str(layout_file._checksum(tensors))
        told = json.dumps(header).encode()
        files[name] = len(told).to_bytes(8, "little") + told + raw[begin:]


def _check_vocabulary(place: Path, files: Files) -> None:
    _require_vocabulary(Vocabulary.load(place), next(iter(files.values())), place.suffix)


def _require_vocabulary(vocabulary: Vocabulary, raw: bytes, suffix: str = "") -> None:
    if suffix in (".tsv", ".txt"):
        lines = raw.removeprefix("\ufeff".encode()).removesuffix(b"\n").split(b"\n")
        split = [
            line.removesuffix(b"\r").rpartition(b"\t" if suffix == ".tsv" else b" ")
            for line in lines
        ]
        expected = sorted(
            ((word.decode(), int(count)) for word, _, count in split), key=lambda of: -of[1]
        )
    else:
        tensors = load_tensors(raw)
        ends, text = tensors["word_ends"].tolist(), tensors["words"].tobytes()
        words = [text[start:end].decode() for start, end in zip([0, *ends], ends, strict=False)]
        expected = list(zip(words, tensors["counts"].tolist(), strict=True))
    assert list(zip(vocabulary.words, vocabulary.counts.tolist(), strict=True)) == expected
    assert len(set(vocabulary.words)) == len(vocabulary)
    assert all(count >= 0 for _, count in expected)


def _require_info(place: Path) -> None:
    """Whatever the settings say is told, without a traceback."""
    with contextlib.redirect_stdout(io.StringIO()):
        info(place)


def _sample_vocabulary() -> Vocabulary:
    words = [word for word in WORDS if word != "a_b"]
    return Vocabulary(words, np.arange(len(words), 0, -1, dtype=np.int64))


def _saved_vocabulary(place: Path) -> None:
    _sample_vocabulary().save(place)


OWN_FOLDERS: dict[str, Sample] = {
    "encoded corpus": Sample(lambda place: _corpus().save(place), _check_encoded),
    "cooccurrence": Sample(
        lambda place: count_cooccurrence(_corpus(), RULE, threads=1).save(place),
        _check_cooccurrence,
    ),
    "checkpoint": Sample(_make_checkpoint, _check_checkpoint),
    "subword table": Sample(_make_subwords, _check_subwords),
    "spelling": Sample(lambda place: spelled_vectors().save(place), _check_spelling),
    "forged spelling": Sample(
        lambda place: spelled_vectors().save(place),
        lambda place, files: _check_spelling(place, files, is_whole=False),
        _mend_spelling,
    ),
    "index": Sample(_make_index, _check_index),
    "forged index": Sample(_make_index, _check_index, _mend_index),
    "settings": Sample(_make_trained, _check_trained),
}
OWN_FILES: dict[str, Sample] = {
    "vocabulary": Sample(_saved_vocabulary, _check_vocabulary),
    "vocabulary.tsv": Sample(_saved_vocabulary, _check_vocabulary),
    "vocabulary.txt": Sample(_saved_vocabulary, _check_vocabulary),
    "layout.safetensors": Sample(_make_layout, _check_layout),
    "forged layout": Sample(_make_layout, _check_layout, _mend_layout),
}

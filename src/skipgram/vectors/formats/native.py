"""The native folder.

    vectors.safetensors      center, outside, spelled (vocab_size, embedding_dim) float32, or
                                                      float16, or int8 with
                             center_scales, ...       (vocab_size,) float32
    vocabulary.safetensors   words                    UTF-8 of all words, end to end, uint8
                             word_ends                (vocab_size,) int64: where each ends
                             word_index               (vocab_size,) int64: see `PackedWords`
                             counts                   (vocab_size,) int64
                             noise, outside_marginal  (vocab_size,) float64
    subwords.safetensors     buckets                  (buckets, embedding_dim) float32, of
                                                      vectors trained by fastText
    spelling.safetensors     see `spelling_file`
    phrases.safetensors      see corpus/phrases/file.py
    settings.json            format, versions, which vectors are shown, settings, corpus
    layout.safetensors, ...  maps that the explorer has made: see explorer/layout_file.py

`outside`, `noise` and `outside_marginal` are present if a training produced them.
A word is any text, blanks and line ends included. Nothing is ever unpickled, and
everything is mapped, not read: loading checks the words once, without creating
strings. Version 1 of the format had no word index, and only float32; version 3
is version 2 with spelling or phrases, and no folder without them says 3.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.phrases import file as phrases_file
from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, OutputExistsError, SettingsError
from skipgram.system.files import recovered, remove_leftovers, whole_folder
from skipgram.system.paths import PathLike, as_path, require_free, require_no_strays
from skipgram.system.tensor_file import Expected, map_tensors, write_tensors
from skipgram.untrusted.opening import open_regular, read_json
from skipgram.untrusted.soundness import require_finite
from skipgram.vectors.approximate import ApproximateIndex, clear_leftovers, is_of_index
from skipgram.vectors.embedding import Embedding, Shown, shown_of
from skipgram.vectors.formats import spelling_file
from skipgram.vectors.formats.spelling_file import ROWS, checksum, rows_of, tensors_of_rows
from skipgram.vectors.rows import Rows
from skipgram.vectors.subwords.speller import Speller
from skipgram.vectors.subwords.spelling import Spelling
from skipgram.vectors.subwords.subwords import Subwords

FORMAT = "skipgram vectors"
FORMAT_VERSION, _WITH_MORE = 2, 3
_READ_VERSIONS = (1, 2, 3)
VECTORS, VOCABULARY, SETTINGS = "vectors.safetensors", "vocabulary.safetensors", "settings.json"
SUBWORDS, SPELLING = "subwords.safetensors", spelling_file.FILE

_CHECKSUM = "words_crc32"
_NGRAMS, _SPELLING, _HAS_PHRASES = "subwords", "spelling", "has_phrases"
_OURS = ("format", "format_version", "shown", _CHECKSUM, _NGRAMS)
_SCALES = Expected(np.float32, 1, is_optional=True)
_EXPECTED: dict[str, dict[str, Expected]] = {
    VECTORS: {
        "center": ROWS,
        "center_scales": _SCALES,
        "outside": ROWS._replace(is_optional=True),
        "outside_scales": _SCALES,
        "spelled": ROWS._replace(is_optional=True),
        "spelled_scales": _SCALES,
    },
    VOCABULARY: {
        "words": Expected(np.uint8, 1),
        "word_ends": Expected(np.int64, 1),
        "word_index": Expected(np.int64, 1, is_optional=True),
        "counts": Expected(np.int64, 1),
        "noise": Expected(np.float64, 1, is_optional=True),
        "outside_marginal": Expected(np.float64, 1, is_optional=True),
    },
    SUBWORDS: {"buckets": Expected(np.float32, 2)},
    SPELLING: spelling_file.EXPECTED,
}
_OF_NGRAMS = ("shortest", "longest", "encoding")
LAYOUTS = ("layout.safetensors", "layout-beside.safetensors")
"""Maps of the words that the explorer keeps here; they can be made again."""
_PER_WORD = ("counts", "noise", "outside_marginal")
"""Tensors with one number per word."""


def require_place(folder: Path, *, overwrite: bool) -> None:
    """Refuse a folder that is taken, and ever to replace what is not a vectors folder.

    Raises
    ------
    OutputExistsError
        If something is there and `overwrite` is false, or it is not ours.

    """
    require_free(folder, overwrite=overwrite)
    if folder.exists() and not _is_empty(folder) and not _is_ours(folder):
        raise OutputExistsError(
            f"{folder} exists and is not a vectors folder, so it is not overwritten; "
            "choose another name"
        )
    if folder.is_dir():  # `index` and `explore` write into the folder, and may have been killed
        clear_leftovers(folder)
        for name in LAYOUTS:
            remove_leftovers(folder / name)
    ours = {VECTORS, VOCABULARY, SUBWORDS, SPELLING, phrases_file.FILE, SETTINGS, *LAYOUTS}
    require_no_strays(folder, lambda name: name in ours or is_of_index(name), " beside its vectors")


def save(vectors: Embedding, folder: Path, *, overwrite: bool = False, keeps: bool = False) -> None:
    """Write the folder under a temporary name, sync it, and rename it.

    With `keeps`, if the place was taken in the meantime the vectors are written beside it.

    The matrices are written block by block even if their rows are not contiguous,
    as in the views that `Parameters` has: saving takes no second copy.
    """
    replaceable = partial(require_place, folder, overwrite=overwrite)
    if not keeps:
        replaceable()
    words = PackedWords.of(vectors.words)
    tensors: dict[str, NDArray[Any]] = {
        **tensors_of_rows("center", vectors.center),
        **tensors_of_rows("outside", vectors.outside),
        **tensors_of_rows("spelled", vectors.spelled),
        "words": words.text,
        "word_ends": words.ends,
        "word_index": words.word_index,
        "counts": vectors.counts,
    }
    for name in ("noise", "outside_marginal"):
        if getattr(vectors, name) is not None:
            tensors[name] = getattr(vectors, name)
    ours: dict[str, Any] = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "shown": vectors.shown,
        _CHECKSUM: checksum(words),
    }
    subwords = vectors.subwords
    if isinstance(subwords, Subwords):
        tensors["buckets"] = subwords.rows
        ours[_NGRAMS] = {name: getattr(subwords, name) for name in _OF_NGRAMS}
    if isinstance(subwords, Spelling):
        tensors |= spelling_file.tensors_of(subwords)
        ours[_SPELLING] = spelling_file.settings_of(subwords)
    if vectors.phraser is not None:
        ours[_HAS_PHRASES] = True
    if _SPELLING in ours or _HAS_PHRASES in ours:
        ours["format_version"] = _WITH_MORE
    about = json.dumps(ours | vectors.about | ours, indent=2)
    with whole_folder(folder, overwrite=overwrite, keeps=keeps, require_place=replaceable) as new:
        for file, expected in _EXPECTED.items():
            of_file = {name: tensors[name] for name in expected if name in tensors}
            if not of_file:
                continue
            with (new / file).open("wb") as opened:
                types = {name: _written_as(of_file[name], expected[name]) for name in of_file}
                write_tensors(opened, of_file, types)
        (new / SETTINGS).write_text(about + "\n", encoding="utf-8")
        if vectors.phraser is not None:
            phrases_file.save(vectors.phraser, new)
        if vectors.index is not None:
            vectors.index.save(new)


def load(folder: PathLike) -> Embedding:
    """The vectors of a folder that `train` or `save` wrote, mapped rather than read."""
    folder = recovered(as_path(folder))
    about = _read_about(folder)
    of_rows, of_words = (_mapped(folder / name) for name in (VECTORS, VOCABULARY))
    vocabulary = _vocabulary(folder / VOCABULARY, of_words, about.get(_CHECKSUM))
    shown, dim = about["shown"], of_rows["center"].shape[1]
    subwords = _speller(folder, about, dim)
    try:
        center = rows_of("center", of_rows)
        outside, spelled = (
            rows_of(name, of_rows) if name in of_rows else None for name in ("outside", "spelled")
        )

        def shown_rows(ids: NDArray[np.integer]) -> Rows:
            of_ids = [None if rows is None else rows[ids] for rows in (outside, spelled)]
            return shown_of(center[ids], of_ids[0], of_ids[1], shown)

        return Embedding(
            vocabulary,
            center,
            outside,
            of_words.get("noise"),
            of_words.get("outside_marginal"),
            shown,
            {name: value for name, value in about.items() if name not in _ours_of(about)},
            subwords,
            ApproximateIndex.of_folder(folder, (len(vocabulary), dim), shown_rows),
            spelled,
            phrases_file.load(folder) if _has_more(about, _HAS_PHRASES) else None,
        )
    except (FormatError, SettingsError) as error:
        raise FormatError(f"{folder / VECTORS}: {error}") from None


def _vocabulary(file: Path, tensors: dict[str, NDArray[Any]], expected: object) -> Vocabulary:
    """Words and counts; all that the file has one number per word of is checked."""
    words = _words(file, tensors, expected)
    for name in _PER_WORD:
        if len(tensors.get(name, words)) != len(words):
            raise FormatError(
                f"{file}: {name} has {len(tensors[name]):,} numbers for {len(words):,} words"
            )
        if name != "counts" and name in tensors:
            require_finite(tensors[name], f"{file}: {name}", least=0)
    vocabulary = Vocabulary(words, tensors["counts"])
    vocabulary.require_sound(file)
    return vocabulary


def _words(file: Path, tensors: dict[str, NDArray[Any]], expected: object) -> PackedWords:
    """The words, mapped and checked."""
    words = PackedWords(tensors["words"], tensors["word_ends"], tensors.get("word_index"), file)
    words.require_text(file)
    if "word_index" in tensors:
        words.require_index(file)
    if expected is not None and expected != checksum(words):
        raise FormatError(
            f"{file}: its words or their index are damaged: they are not what was written"
        )
    return words


def _ours_of(about: dict[str, Any]) -> tuple[str, ...]:
    """The names in the settings that are not what vectors say about themselves."""
    is_latest = about["format_version"] == _WITH_MORE
    return (*_OURS, _SPELLING, _HAS_PHRASES) if is_latest else _OURS


def _has_more(about: dict[str, Any], what: str) -> bool:
    """Whether the folder says that it has spelling, or phrases."""
    return about["format_version"] == _WITH_MORE and bool(about.get(what))


def _speller(folder: Path, about: dict[str, Any], dim: int) -> Speller | None:
    """What makes vectors of n-grams, if the settings say that there is such."""
    if about["format_version"] != _WITH_MORE or (_HAS_PHRASES in about and _SPELLING not in about):
        settings = about.get(_NGRAMS)
        return None if settings is None else _subwords(folder, settings, dim)
    file = folder / SPELLING
    tensors = _mapped(file)
    _require_width(file, tensors["table"], dim)
    return spelling_file.spelling_of(tensors, about.get(_SPELLING), file, folder / SETTINGS)


def _require_width(file: Path, rows: NDArray[Any], dim: int) -> None:
    if rows.shape[1] != dim:
        raise FormatError(f"{file}: rows of {rows.shape[1]} numbers, and the vectors have {dim}")


def _subwords(folder: Path, settings: Any, dim: int) -> Subwords:
    """The vectors of fastText's n-grams."""
    buckets = _mapped(folder / SUBWORDS)["buckets"]
    _require_width(folder / SUBWORDS, buckets, dim)
    if not isinstance(settings, dict) or set(settings) != set(_OF_NGRAMS):
        raise FormatError(
            f"{folder / SETTINGS}: {_NGRAMS} is {settings!r:.60}, not {', '.join(_OF_NGRAMS)}"
        )
    try:
        return Subwords(buckets, **settings)
    except SettingsError as error:
        raise FormatError(f"{folder / SETTINGS}: {_NGRAMS} is {settings!r:.60}: {error}") from None


def _written_as(tensor: NDArray[Any], expected: Expected) -> type[np.generic]:
    """A tensor's own type if the format has it; float32 for rows of any other."""
    known = expected.dtype if isinstance(expected.dtype, tuple) else (expected.dtype,)
    own = tensor.dtype.type
    return own if own in known else known[0]


def _read_about(folder: Path) -> dict[str, Any]:
    if not folder.is_dir():
        found = "is a file" if folder.exists() else "does not exist"
        raise FormatError(f"{folder} {found}; give a folder that `skipgram train` wrote")
    file = folder / SETTINGS
    about = _read_settings(file)
    if about.get("format_version") not in _READ_VERSIONS:
        raise FormatError(
            f"{file}: format version {about.get('format_version')}; this skipgram reads "
            f"versions {_READ_VERSIONS[0]} to {_READ_VERSIONS[-1]}"
        )
    if about.get("shown") not in get_args(Shown):
        known = ", ".join(get_args(Shown))
        raise FormatError(f"{file}: shown is {about.get('shown')!r}, not one of: {known}")
    return about


def _read_settings(file: Path) -> dict[str, Any]:
    _require_there(file)
    about = read_json(file, "the settings of a vectors folder")
    if about.get("format") != FORMAT:
        raise FormatError(f"{file} does not say that this is a {FORMAT} folder")
    return about


def _require_there(file: Path) -> None:
    if not file.exists():
        raise FormatError(f"{file} is missing; {file.parent} is not a complete vectors folder")
    open_regular(file).close()


def _mapped(file: Path) -> dict[str, NDArray[Any]]:
    _require_there(file)
    return map_tensors(file, _EXPECTED[file.name])


def _is_ours(folder: Path) -> bool:
    try:
        return bool(_read_settings(folder / SETTINGS))
    except FormatError:
        return False


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())

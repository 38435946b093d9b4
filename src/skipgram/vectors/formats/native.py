"""The native folder.

    vectors.safetensors      center, outside          (vocab_size, embedding_dim) float32
    vocabulary.safetensors   words                    UTF-8 of all words, end to end, uint8
                             word_ends                (vocab_size,) int64: where each ends
                             counts                   (vocab_size,) int64
                             noise, outside_marginal  (vocab_size,) float64
    settings.json            format, versions, which vectors are shown, settings, corpus

A word is any text, blanks and line ends included. Nothing is ever unpickled,
and the matrices are mapped, not read: loading costs the vocabulary alone.
"""

import json
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.tensor_file import map_tensors, write_tensors
from skipgram.corpus.vocabulary import Vocabulary
from skipgram.corpus.vocabulary_file import packed_words, unpacked_words
from skipgram.errors import FormatError, OutputExistsError
from skipgram.files import PathLike, require_free, whole_folder
from skipgram.vectors.word_vectors import Shown, WordVectors

FORMAT = "skipgram vectors"
FORMAT_VERSION = 1
VECTORS, VOCABULARY, SETTINGS = "vectors.safetensors", "vocabulary.safetensors", "settings.json"

_OURS = ("format", "format_version", "shown")
_EXPECTED: dict[str, dict[str, tuple[type[np.generic], int]]] = {
    VECTORS: {"center": (np.float32, 2), "outside": (np.float32, 2)},
    VOCABULARY: {
        "words": (np.uint8, 1),
        "word_ends": (np.int64, 1),
        "counts": (np.int64, 1),
        "noise": (np.float64, 1),
        "outside_marginal": (np.float64, 1),
    },
}
"""The tensors of each file, with their type and their number of axes."""


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
    strays = [file.name for file in folder.iterdir()] if folder.is_dir() else []
    strays = sorted(set(strays) - {VECTORS, VOCABULARY, SETTINGS})
    if strays:
        raise OutputExistsError(
            f"{folder} holds {strays[0]} beside its vectors, which would be lost; "
            "move it away or choose another name"
        )


def save(vectors: WordVectors, folder: Path, *, overwrite: bool = False) -> None:
    """Write the folder under a temporary name, sync it, and give it its name.

    The matrices are written a stretch at a time, also where their rows lie
    apart, as the views of `Parameters` do: saving takes no second copy.
    """
    require_place(folder, overwrite=overwrite)
    words, word_ends = packed_words(vectors.words)
    tensors: dict[str, NDArray[Any]] = {
        "center": vectors.center,
        "outside": vectors.outside,
        "words": words,
        "word_ends": word_ends,
        "counts": vectors.counts,
        "noise": vectors.noise,
        "outside_marginal": vectors.outside_marginal,
    }
    ours = {"format": FORMAT, "format_version": FORMAT_VERSION, "shown": vectors.shown}
    about = json.dumps(ours | vectors.about | ours, indent=2)
    with whole_folder(folder) as new:
        for file, expected in _EXPECTED.items():
            dtypes = {name: dtype for name, (dtype, _) in expected.items()}
            with (new / file).open("wb") as opened:
                write_tensors(opened, {name: tensors[name] for name in expected}, dtypes)
        (new / SETTINGS).write_text(about + "\n", encoding="utf-8")


def load(folder: PathLike) -> WordVectors:
    """The vectors of a folder that `train` or `save` wrote, mapped rather than read.

    Raises
    ------
    FormatError
        If the folder or a file of it is missing, truncated, of another
        version, or of shapes that do not fit together.

    """
    folder = Path(folder)
    about = _read_about(folder)
    matrices, vocabulary = (_mapped(folder / name) for name in (VECTORS, VOCABULARY))
    words = unpacked_words(vocabulary["words"], vocabulary["word_ends"], folder / VOCABULARY)
    for name in ("counts", "noise", "outside_marginal"):
        if len(vocabulary[name]) != len(words):
            raise FormatError(
                f"{folder / VOCABULARY}: {name} has {len(vocabulary[name]):,} numbers for "
                f"{len(words):,} words"
            )
    try:
        return WordVectors(
            Vocabulary(words, vocabulary["counts"]),
            matrices["center"],
            matrices["outside"],
            vocabulary["noise"],
            vocabulary["outside_marginal"],
            about["shown"],
            {name: value for name, value in about.items() if name not in _OURS},
        )
    except FormatError as error:
        raise FormatError(f"{folder / VECTORS}: {error}") from None


def _read_about(folder: Path) -> dict[str, Any]:
    if not folder.is_dir():
        found = "is a file" if folder.exists() else "does not exist"
        raise FormatError(f"{folder} {found}; give a folder that `skipgram train` wrote")
    file = folder / SETTINGS
    about = _read_settings(file)
    if about.get("format_version") != FORMAT_VERSION:
        raise FormatError(
            f"{file}: format version {about.get('format_version')}; this skipgram reads "
            f"version {FORMAT_VERSION}"
        )
    if about.get("shown") not in get_args(Shown):
        known = ", ".join(get_args(Shown))
        raise FormatError(f"{file}: shown is {about.get('shown')!r}, not one of: {known}")
    return about


def _read_settings(file: Path) -> dict[str, Any]:
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _missing(file) from None
    except (ValueError, OSError, RecursionError) as error:
        raise FormatError(f"{file}: {error}") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise FormatError(f"{file} does not say that this is a {FORMAT} folder")
    return about


def _missing(file: Path) -> FormatError:
    return FormatError(f"{file} is missing; {file.parent} is not a whole vectors folder")


def _mapped(file: Path) -> dict[str, NDArray[Any]]:
    if not file.is_file():
        raise _missing(file)
    return map_tensors(file, _EXPECTED[file.name])


def _is_ours(folder: Path) -> bool:
    try:
        return bool(_read_settings(folder / SETTINGS))
    except FormatError:
        return False


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())

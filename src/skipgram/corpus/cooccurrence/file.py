"""Counts of pairs as a folder.

    cooccurrence.safetensors   starts (vocab_size + 1,) int64; outsides (entries,) int32, rising
                               within a row; weights (entries,) float64: row c is the entries
                               starts[c] to starts[c + 1]
    vocabulary                 words and counts (corpus/vocabulary/file.py)
    settings.json              format, version, and the settings by which the pairs were counted

The arrays are mapped, not read.
"""

import json
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from skipgram._version import __version__
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError
from skipgram.settings import ModelSettings, TrainingSettings
from skipgram.settings.renamed import current_names
from skipgram.settings.window_rule import WindowRule
from skipgram.system.files import recovered, whole_folder
from skipgram.system.paths import PathLike, as_path, require_free_folder
from skipgram.system.tensor_file import Expected, map_tensors, write_tensors
from skipgram.untrusted.opening import is_there, read_json, reason, require_format
from skipgram.untrusted.soundness import require_array, require_finite, require_rows

FORMAT, FORMAT_VERSION = "skipgram cooccurrence", 1
COUNTS, VOCABULARY, SETTINGS = "cooccurrence.safetensors", "vocabulary", "settings.json"
_DTYPES: dict[str, type[np.generic]] = {
    "starts": np.int64,
    "outsides": np.int32,
    "weights": np.float64,
}
AGAIN = "count the pairs again (skipgram cooccurrence)"


def require_place(folder: Path, *, overwrite: bool) -> None:
    """Refuse a folder that is taken, and ever to replace what holds anything but counts."""
    ours = {COUNTS, VOCABULARY, SETTINGS}
    require_free_folder(folder, ours.__contains__, overwrite=overwrite)


def save(
    matrix: scipy.sparse.csr_matrix,
    vocabulary: Vocabulary,
    options: dict[str, Any],
    folder: Path,
    *,
    overwrite: bool,
    keeps: bool = False,
) -> None:
    """Write the folder under a temporary name, sync it, and give it its name.

    With `keeps`, counts whose place has been taken in the meantime are written beside it.
    """
    replaceable = partial(require_place, folder, overwrite=overwrite)
    if not keeps:
        replaceable()
    tensors = {"starts": matrix.indptr, "outsides": matrix.indices, "weights": matrix.data}
    about = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "skipgram_version": __version__,
        **options,
    }
    with whole_folder(folder, overwrite=overwrite, keeps=keeps, require_place=replaceable) as new:
        with (new / COUNTS).open("wb") as file:
            write_tensors(file, tensors, _DTYPES)
        vocabulary.save(new / VOCABULARY)
        (new / SETTINGS).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def load(folder: PathLike) -> tuple[scipy.sparse.csr_matrix, Vocabulary, dict[str, Any]]:
    """The matrix, its vocabulary and its options; FormatError where the folder is damaged."""
    folder = recovered(as_path(folder))
    options = _read_options(folder)
    vocabulary = Vocabulary.load(folder / VOCABULARY)
    file, size = folder / COUNTS, len(vocabulary)
    tensors = map_tensors(file, {name: Expected(dtype, 1) for name, dtype in _DTYPES.items()})
    starts, outsides, weights = (tensors[name] for name in _DTYPES)
    try:
        require_entries(starts, outsides, weights, size, f"{file}")
    except FormatError as error:
        raise FormatError(f"{error}; {AGAIN}") from None
    matrix = scipy.sparse.csr_matrix((weights, outsides, starts), shape=(size, size))
    matrix.has_sorted_indices = True
    return matrix, vocabulary, options


def _read_options(folder: Path) -> dict[str, Any]:
    file = folder / SETTINGS
    if not is_there(file):
        raise FormatError(
            f"{folder} holds no counts of pairs: it has no {SETTINGS}; `skipgram cooccurrence` "
            "writes such a folder"
        )
    about = read_json(file, "the settings of counts")
    require_format(about, FORMAT, FORMAT_VERSION, file, AGAIN)
    try:
        about = current_names(about)
        options = {name: about[name] for name in WindowRule.names()}
        of_model = {item.name for item in fields(ModelSettings)}
        ModelSettings(**{name: of for name, of in options.items() if name in of_model})
        TrainingSettings(subsample=options["subsample"])
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError(f"{file} is damaged ({reason(error)}); {AGAIN}") from error
    return options


def require_entries(
    starts: NDArray[np.integer],
    outsides: NDArray[np.integer],
    weights: NDArray[np.float64],
    vocab_size: int,
    where: str,
) -> None:
    """Refuse entries that would make a kernel read outside its arrays: see `require_rows`."""
    require_array(weights, np.float64, f"{where}: weights")
    require_rows(starts, outsides, vocab_size, where)
    if len(weights) != len(outsides):
        raise FormatError(f"{where}: {len(weights):,} weights for {len(outsides):,} pairs of words")
    require_finite(weights, f"{where}: weights", least=0)

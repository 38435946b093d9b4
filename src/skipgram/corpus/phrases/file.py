"""Phrases as a safetensors file, in a folder of vectors and in one of an encoded corpus.

    firsts, seconds           (bytes,) uint8: UTF-8 of the words, end to end
    first_ends, second_ends   (phrases,) int64: where each ends
    counts, scores            (phrases,) int64, float64
    pass_ends                 (passes,) int64: how many phrases the passes have up to each

The header also says how the text was split, and a checksum of all of it.
"""

import zlib
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.phrases.phraser import PhrasePass, Phraser
from skipgram.corpus.vocabulary.packed_words import PackedWords, packed_words
from skipgram.errors import FormatError
from skipgram.settings import OWN, TOKENIZERS
from skipgram.system.tensor_file import Expected, map_tensors, read_header, write_tensors
from skipgram.untrusted.opening import is_there
from skipgram.untrusted.soundness import require_finite, require_rising

FILE = "phrases.safetensors"
FORMAT, FORMAT_VERSION = "skipgram phrases", "1"
_TENSORS: dict[str, type[np.generic]] = {
    "firsts": np.uint8,
    "first_ends": np.int64,
    "seconds": np.uint8,
    "second_ends": np.int64,
    "counts": np.int64,
    "scores": np.float64,
    "pass_ends": np.int64,
}
_CHECKSUM = "crc32"


def _tensors_of(phraser: Phraser) -> dict[str, NDArray[Any]]:
    """What the file holds, by name."""
    firsts, first_ends = packed_words([word for part in phraser.passes for word in part.firsts])
    seconds, second_ends = packed_words([word for part in phraser.passes for word in part.seconds])
    no_counts, no_scores = np.zeros(0, np.int64), np.zeros(0)
    return {
        "firsts": firsts,
        "first_ends": first_ends,
        "seconds": seconds,
        "second_ends": second_ends,
        "counts": np.concatenate([no_counts, *(part.counts for part in phraser.passes)]),
        "scores": np.concatenate([no_scores, *(part.scores for part in phraser.passes)]),
        "pass_ends": np.cumsum([len(part) for part in phraser.passes], dtype=np.int64),
    }


def save(phraser: Phraser, folder: Path) -> None:
    """Write the file of a folder."""
    tensors = _tensors_of(phraser)
    about = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "tokenizer": phraser.tokenizer,
        _CHECKSUM: str(_checksum(tensors)),
    }
    with (folder / FILE).open("wb") as opened:
        write_tensors(opened, tensors, _TENSORS, about)


def load(folder: Path) -> Phraser:
    """The phrases of a folder, checked."""
    file = folder / FILE
    if not is_there(file):
        raise FormatError(f"{file} is missing; {folder} is not complete")
    about = read_header(file).metadata
    if (found := (about.get("format"), about.get("format_version"))) != (FORMAT, FORMAT_VERSION):
        raise FormatError(
            f"{file}: format {found[0]!r:.40}, version {found[1]!r:.40}; this skipgram reads "
            f"{FORMAT!r}, version {FORMAT_VERSION}"
        )
    tensors = map_tensors(file, {name: Expected(dtype, 1) for name, dtype in _TENSORS.items()})
    tokenizer = about.get("tokenizer")
    if about.get(_CHECKSUM) != str(_checksum(tensors)) or tokenizer not in (*TOKENIZERS, OWN):
        raise FormatError(f"{file}: it is damaged: its phrases are not what was written")
    return _phraser_of(tensors, file, tokenizer)


def checksum(phraser: Phraser) -> int:
    """CRC-32 of all that the file holds."""
    return _checksum(_tensors_of(phraser))


def _phraser_of(tensors: dict[str, NDArray[Any]], file: Path, tokenizer: str) -> Phraser:
    words = {name: _words(tensors, name, file) for name in ("first", "second")}
    counts, scores = np.array(tensors["counts"]), np.array(tensors["scores"])
    for name, column in {**words, "counts": counts, "scores": scores}.items():
        if len(column) != len(counts):
            raise FormatError(
                f"{file}: {name} has {len(column):,} entries for {len(counts):,} phrases"
            )
    if (counts < 1).any():
        raise FormatError(f"{file}: a phrase was seen {int(counts.min())} times")
    require_finite(scores, f"{file}: scores")
    ends = tensors["pass_ends"]
    require_rising(ends, len(counts), f"{file}: pass_ends")
    passes = (
        PhrasePass(
            words["first"][start:end],
            words["second"][start:end],
            counts[start:end],
            scores[start:end],
        )
        for start, end in pairwise([0, *ends.tolist()])
    )
    return Phraser(tuple(passes), tokenizer)


def _checksum(tensors: dict[str, NDArray[Any]]) -> int:
    crc = 0
    for name in _TENSORS:
        tensor = tensors[name]
        crc = zlib.crc32(np.ascontiguousarray(tensor).data, crc)
    return crc


def _words(tensors: dict[str, NDArray[Any]], name: str, file: Path) -> PackedWords:
    where = f"{file}: {name} words"
    words = PackedWords(tensors[f"{name}s"], tensors[f"{name}_ends"], where=where)
    words.require_text(where)
    words.require_filled(lambda number: f"{where}: phrase {number:,}")
    return words

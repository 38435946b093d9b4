"""Small files of every format, and random damage to them."""

import json
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from helpers.handmade_vectors import vectors_of
from skipgram.vectors.word_vectors import WordVectors

WORDS = ["the", "größe", "</s>", "x", "王", "1", "e-3", ".", "nan", "a_b"]
HUGE = [b"999999999999", b"18446744073709551616", b"1000000000000", b"-1", b"0", b"1e999", b"nan"]
VALUES: list[Any] = [
    None, True, -1, 0, 7, 2**31, 2**63, 10**40, 1.5, float("nan"), float("inf"), "", "x", "hex",
    "\x1b[31m", "\ud800", "\0", [], [1], {}, {"a": 1}, [[[]]],
]  # fmt: skip
"""What settings do not hold, or hold elsewhere."""
ODD = [b"\0", b"\n", b" ", b"\t", b"\r", b"\xff", b"\x80", b"\xef\xbb\xbf", b"{", b'"', b"\x85"]


def sample_vectors(dim: int = 4) -> WordVectors:
    """Ten words of several scripts, and lengths of rows from 1e-6 to 1e6."""
    random = np.random.default_rng(1)
    rows = random.standard_normal((len(WORDS), dim)) * 10.0 ** random.integers(-6, 7, (10, 1))
    return vectors_of(dict(zip(WORDS, rows.astype(np.float32), strict=True)))


def fasttext_bytes(
    words: list[bytes],
    *,
    dim: int = 3,
    buckets: int = 5,
    shortest: int = 2,
    longest: int = 3,
    is_new: bool = True,
    model: int = 2,
    labels: Sequence[bytes] = (),
    seed: int = 1,
) -> bytes:
    """A model as fastText writes it."""
    random = np.random.default_rng(seed)
    raw = struct.pack("<2i", 793712314, 12) if is_new else b""
    raw += struct.pack("<12id", dim, 5, 5, 1, 5, 1, 2, model, buckets, shortest, longest, 100, 1e-4)
    raw += struct.pack("<3iq", len(words) + len(labels), len(words), len(labels), 99)
    raw += struct.pack("<q", -1) if is_new else b""
    for number, word in enumerate(words):
        raw += word + b"\0" + struct.pack("<qb", 99 - number, 0)
    for label in labels:
        raw += label + b"\0" + struct.pack("<qb", 7, 1)
    for height in (len(words) + buckets, len(words)):
        raw += b"\0" if is_new else b""
        raw += struct.pack("<2q", height, dim)
        raw += random.standard_normal((height, dim)).astype("<f4").tobytes()
    return raw


def _exported(name: str, format: str | None = None) -> Callable[[Path], dict[str, bytes]]:
    def make(folder: Path) -> dict[str, bytes]:
        target = folder / name
        sample_vectors().export(target, format=format)
        files = sorted(target.iterdir()) if target.is_dir() else sorted(folder.iterdir())
        first = [file for file in files if file.name == name]
        return {file.name: file.read_bytes() for file in [*first, *(set(files) - set(first))]}

    return make


def _fasttext(is_new: bool, labels: Sequence[bytes] = ()) -> Callable[[Path], dict[str, bytes]]:
    words = [word.encode() for word in WORDS]
    return lambda folder: {"vectors.bin": fasttext_bytes(words, is_new=is_new, labels=labels)}


SAMPLES: dict[str, Callable[[Path], dict[str, bytes]]] = {
    "word2vec-text": _exported("vectors.txt"),
    "word2vec-binary": _exported("vectors.bin"),
    "glove": _exported("vectors.glove"),
    "fasttext": _fasttext(is_new=True),
    "fasttext-old": _fasttext(is_new=False),
    "fasttext-labels": _fasttext(is_new=True, labels=[b"__label__a", b"__label__b"]),
    "numpy": _exported("vectors.npy"),
    "parquet": _exported("vectors.parquet"),
    "arrow": _exported("vectors.arrow"),
    "projector": _exported("vectors.tsv"),
    "native": _exported("vectors", "native"),
    "hub": _exported("vectors", "hub"),
}
"""The bytes of each file of a sample by its name; what is to be loaded comes first."""

FOLDERS = ("native", "hub")


def damaged(raw: bytes, random: Random) -> bytes:
    """The bytes with one to four kinds of damage, small or large."""
    changed = bytearray(raw)
    for _ in range(random.choice([1, 1, 1, 2, 4])):
        at = random.randrange(len(changed) + 1)
        length = random.choice([1, 1, 2, 4, 8, random.randrange(len(changed) + 1)])
        match random.randrange(9):
            case 0:
                del changed[at:]
            case 1:
                del changed[at : at + length]
            case 2 if at < len(changed):
                changed[at] ^= 1 << random.randrange(8)
            case 3 if at < len(changed):
                changed[at] = random.randrange(256)
            case 4:
                changed[at:at] = random.choice(HUGE)
            case 5:
                changed[at:at] = random.choice(ODD)
            case 6:
                changed[at:at] = changed[at : at + length]
            case 7:
                changed[at : at + 8] = struct.pack("<q", random.choice([-1, 2**62, 10**12, 0, 7]))
            case 8:
                other = random.randrange(len(changed) + 1)
                changed[at : at + length] = changed[other : other + length]
    return bytes(changed)


def damaged_settings(raw: bytes, random: Random) -> bytes:
    """JSON with one to three of its values changed, moved or gone; still JSON."""
    about = json.loads(raw)
    for _ in range(random.choice([1, 1, 2, 3])):
        place = about
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = random.choice(keys)
            below = place[key]
            if isinstance(below, dict | list) and below and random.random() < 0.8:
                place = below
                continue
            if random.random() < 1 / 3:
                del place[key]
            else:
                others = [*VALUES, *(about.values() if isinstance(about, dict) else about)]
                place[key] = json.loads(json.dumps(random.choice(others)))  # a copy
            break
    return json.dumps(about).encode()

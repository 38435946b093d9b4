"""Vectors in groups, so that a test knows which words are near each other, and quick maps."""

import numpy as np

import skipgram
from skipgram.explorer.layout import LayoutSettings
from skipgram.explorer.places import Steps

QUICK = LayoutSettings(laid_out=80, steps=Steps(20, 20, 10))
GROUPS = 4


def group_of(word: str) -> int:
    """The group that a word's vector belongs to."""
    return int(word.removeprefix("w")) % GROUPS


def grouped_vectors(
    words: int = 120, dim: int = 8, seed: int = 3, noise: float = 0.15
) -> skipgram.WordVectors:
    """The words w0, w1, ..., in four groups by turns, the most frequent first."""
    random = np.random.default_rng(seed)
    means = np.linalg.qr(random.standard_normal((dim, dim)))[0][:GROUPS]
    rows = means[np.arange(words) % GROUPS] + noise * random.standard_normal((words, dim))
    names = [f"w{number}" for number in range(words)]
    return skipgram.WordVectors.from_arrays(names, rows, np.arange(words, 0, -1))

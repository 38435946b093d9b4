"""Word vectors as callers give them: the object itself, or its path."""

import os
from typing import Any

from skipgram.errors import SettingsError
from skipgram.system.paths import PathLike
from skipgram.vectors.formats.reading import load
from skipgram.vectors.word_vectors import WordVectors


def as_vectors(given: WordVectors | PathLike, name: str = "vectors") -> WordVectors:
    """The vectors that were given, or those at the path."""
    if isinstance(given, WordVectors):
        return given
    if isinstance(given, str | os.PathLike):
        return load(given)
    hint = "; for gensim's, use WordVectors.from_gensim" if _is_of_gensim(given) else ""
    raise SettingsError(
        f"{name} must be WordVectors or a path to them, not {' '.join(repr(given).split())[:60]} "
        f"({type(given).__name__}){hint}"
    )


def _is_of_gensim(given: Any) -> bool:
    return type(given).__module__.partition(".")[0] == "gensim"

"""Which sets of vectors are trainings of one system: they differ in nothing but their seed."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from skipgram.vectors.word_vectors import WordVectors

_OF_SPELLING = ("ngrams", "share", "penalty", "least_words", "matrix")
"""What was chosen; the rest of it was found, and differs from seed to seed."""


def systems_of(
    paths: Sequence[Path], vectors: Sequence[WordVectors], *, apart: bool = False
) -> dict[str, list[WordVectors]]:
    """Vectors by the name of their system, in the order of the first ones.

    Those of the same corpus and settings but for the seed are one, "softmax (3 seeds)". Of two with
    the same seed as well something was changed afterwards, or one is a copy: they stay apart.

    apart: each set of vectors is a system of its own.
    """
    groups: dict[str, list[int]] = {}
    seeds: dict[str, set[int]] = {}
    for number, one in enumerate(vectors):
        found = None if apart else _training(one)
        key = f"alone {number}"
        if found is not None and found.seed not in seeds.setdefault(found.alike, set()):
            key = found.alike
            seeds[key].add(found.seed)
        groups.setdefault(key, []).append(number)
    names = _short_names(paths)
    return {
        _name([names[number] for number in numbers]): [vectors[number] for number in numbers]
        for numbers in groups.values()
    }


class _Training(NamedTuple):
    """What tells a training from others."""

    alike: str
    """all that trainings of one system have in common, as text"""
    seed: int


def _training(vectors: WordVectors) -> _Training | None:
    """None where `about` does not tell."""
    about = vectors.about
    spelled = about.get("spelled") or {}
    changed = [vectors.precision, vectors.shown, *(spelled.get(name) for name in _OF_SPELLING)]
    try:
        sha256 = about["corpus"]["sha256"]
        if (by := about.get("trained_by")) is not None:  # another package, in `compare`
            seed, settings = by["seed"], {name: by[name] for name in by if name != "seed"}
        else:
            settings = {part: dict(of) for part, of in about["settings"].items() if part != "run"}
            seed = settings["training"].pop("seed")
        return _Training(json.dumps([settings, sha256, changed], sort_keys=True), int(seed))
    except (LookupError, TypeError, ValueError, AttributeError):
        return None


def _short_names(paths: Sequence[Path]) -> list[str]:
    """The last part of each path where these tell them apart, else all of it."""
    last = [path.name for path in paths]
    if len(set(last)) == len(last) and all(last):
        return last
    return [f"{path} ({n})" if paths.index(path) < n - 1 else str(path)
            for n, path in enumerate(paths, 1)]  # fmt: skip


def _name(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    alike = 0
    while len({name[: alike + 1] for name in names}) == 1 and alike < len(min(names, key=len)):
        alike += 1
    return f"{names[0][:alike].rstrip('-_. /(') or names[0]} ({len(names)} seeds)"

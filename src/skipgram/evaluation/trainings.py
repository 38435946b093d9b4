"""Which sets of vectors are trainings of one system: they differ in nothing but their seed."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skipgram.vectors.word_vectors import WordVectors


def systems_of(
    paths: Sequence[Path], vectors: Sequence[WordVectors], *, apart: bool = False
) -> dict[str, list[WordVectors]]:
    """Vectors by the name of their system, in the order of the first ones.

    Those of the same corpus and settings but for the seed are one, "softmax (3 seeds)".

    apart: each set of vectors is a system of its own.
    """
    groups: dict[str, list[int]] = {}
    for number, one in enumerate(vectors):
        key = None if apart else _system(one.about)
        groups.setdefault(key or f"alone {number}", []).append(number)
    names = _short_names(paths)
    return {
        _name([names[number] for number in numbers]): [vectors[number] for number in numbers]
        for numbers in groups.values()
    }


def _system(about: Mapping[str, Any]) -> str | None:
    """All that was trained alike, as text; None where that is not known."""
    try:
        if (by := about.get("trained_by")) is not None:  # another package, in `compare`
            alike = {name: value for name, value in by.items() if name != "seed"}
            return json.dumps([alike, about["corpus"]["sha256"]], sort_keys=True)
        settings = {part: dict(of) for part, of in about["settings"].items() if part != "run"}
        del settings["training"]["seed"]
        return json.dumps([settings, about["corpus"]["sha256"]], sort_keys=True)
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

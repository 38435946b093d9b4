"""Which vectors are trainings of one system, and which stay apart."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.handmade_vectors import random_vectors
from skipgram.evaluation.trainings import systems_of
from skipgram.vectors.word_vectors import WordVectors


def trained(seed: int, **changed: Any) -> WordVectors:
    about: dict[str, Any] = {
        "corpus": {"sha256": "abc"},
        "settings": {"model": {"window": 5}, "training": {"seed": seed}, "run": {"threads": 2}},
    }
    return replace(random_vectors(seed, 5, 3), about=about | changed)


def spelled(seed: int, share: float, explained: float) -> WordVectors:
    return trained(seed, spelled={"ngrams": "3-6", "share": share, "explained": explained})


def by_peer(seed: int, version: str = "4.4") -> WordVectors:
    by = {"system": "gensim", "version": version, "settings": {"alpha": 0.025}, "seed": seed}
    return trained(1, trained_by=by)


def names(**given: WordVectors) -> list[str]:
    return list(systems_of([Path(name) for name in given], list(given.values())))


def test_trainings_with_other_seeds_are_one_system_and_other_settings_another():
    wide = trained(1)
    wide.about["settings"]["model"] = {"window": 10}
    assert names(a1=trained(1), wide=wide, a2=trained(2)) == ["a (2 seeds)", "wide"]
    assert names(a1=by_peer(1), a2=by_peer(2), new=by_peer(3, "5")) == ["a (2 seeds)", "new"]


@pytest.mark.parametrize(
    "other",
    [
        trained(1),
        trained(2).compact("int8"),
        spelled(2, 0.5, 0.1),
        replace(trained(2), shown="outside"),
    ],
)
def test_copies_and_vectors_that_were_changed_afterwards_stay_apart(other: WordVectors):
    assert names(plain=trained(1), other=other) == ["plain", "other"]


def test_what_spelling_found_differs_by_seed_and_what_was_chosen_does_not():
    several = {"s1": spelled(1, 0.5, 0.1), "s2": spelled(2, 0.5, 0.2), "t": spelled(3, 0.9, 0.1)}
    assert names(**several) == ["s (2 seeds)", "t"]


def test_a_third_training_joins_the_first_system_and_a_copy_does_not():
    found = names(a1=trained(1), copy=trained(1), a2=trained(2))
    assert found == ["a (2 seeds)", "copy"]


@pytest.mark.parametrize(
    "about",
    [{}, {"settings": 3}, {"corpus": {}, "settings": {}}, {"corpus": None, "trained_by": []}],
)
def test_vectors_that_do_not_tell_are_systems_of_their_own(about: dict[str, Any]):
    one, other = (replace(random_vectors(n, 5, 3), about=about) for n in (1, 2))
    assert names(one=one, other=other) == ["one", "other"]

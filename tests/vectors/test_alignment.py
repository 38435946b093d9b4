"""Alignment: the rotation that a solver would find, and words that were moved on purpose."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.handmade_vectors import random_vectors, spelled_vectors, vectors_of
from skipgram import WordVectors, align
from skipgram.errors import SettingsError, SkipgramError, UnknownWordError
from skipgram.vectors.subwords.subwords import Subwords

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=30)

seeds = st.integers(0, 2**32)
dims = st.integers(2, 8)


def orthogonal(dim: int, seed: int) -> np.ndarray:
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((dim, dim)))[0]


def turned(vectors: WordVectors, rotation: np.ndarray) -> WordVectors:
    rows = np.asarray(vectors.center, np.float64) @ rotation
    return vectors_of(dict(zip(vectors.words, rows, strict=True)))


def distance(source: WordVectors, target: WordVectors, rotation: np.ndarray) -> float:
    """|A W - B| over the words of both, at unit length."""
    both = [word for word in source.words if word in target]
    one, other = (
        vectors.unit[[vectors.vocabulary.id(word) for word in both]].astype(np.float64)
        for vectors in (source, target)
    )
    return float(np.linalg.norm(one @ rotation - other))


@law
@given(seeds, dims)
def test_a_turned_copy_is_turned_back(seed, dim):
    source = random_vectors(seed, vocab_size=30, embedding_dim=dim)
    rotation = orthogonal(dim, seed + 1)
    found = align(source, turned(source, rotation))
    assert_close(found.rotation, rotation, FLOAT32)
    assert_close(found.rotation @ found.rotation.T, np.eye(dim), EXACT)
    assert found.anchors == 30
    assert_close(found.mean_similarity, 1, FLOAT32)
    assert_close(found.aligned().matrix, turned(source, rotation).matrix, 10 * FLOAT32)


@law
@given(seeds, dims)
def test_no_other_rotation_brings_the_words_nearer(seed, dim):
    source = random_vectors(seed, vocab_size=25, embedding_dim=dim)
    target = random_vectors(seed + 1, vocab_size=20, embedding_dim=dim)
    found = align(source, target).rotation
    best = distance(source, target, found)
    for other in range(30):
        assert best <= distance(source, target, orthogonal(dim, seed + other)) + 1e-9
        little = np.eye(dim) + 0.02 * np.random.default_rng(other).standard_normal((dim, dim))
        near = found @ np.linalg.qr(little)[0] * np.sign(np.diag(np.linalg.qr(little)[1]))
        assert best <= distance(source, target, near) + 1e-9


@law
@given(seeds, dims)
def test_turned_vectors_keep_their_cosines_and_their_products_with_outside_vectors(seed, dim):
    source = random_vectors(seed, vocab_size=20, embedding_dim=dim)
    found = align(source, random_vectors(seed + 1, vocab_size=20, embedding_dim=dim)).aligned()
    V, U = np.asarray(source.center, np.float64), np.asarray(source.outside, np.float64)
    assert_close(np.asarray(found.center) @ np.asarray(found.outside).T, V @ U.T, 10 * FLOAT32)
    assert_close(found.unit @ found.unit.T, source.unit @ source.unit.T, FLOAT32)
    assert found.vocabulary is source.vocabulary


def planted() -> tuple[WordVectors, WordVectors]:
    """Two vocabularies alike, but for two words that changed places."""
    random = np.random.default_rng(5)
    words = [f"w{number}" for number in range(200)]
    rows = random.standard_normal((200, 6))
    changed = (rows + 0.02 * random.standard_normal(rows.shape)) @ orthogonal(6, 1)
    changed[[10, 20]] = changed[[20, 10]]
    source = vectors_of({**dict(zip(words, rows, strict=True)), "old": [1] * 6})
    return source, vectors_of({**dict(zip(words, changed, strict=True)), "new": [1] * 6})


@pytest.mark.parametrize("by", ["similarity", "overlap"])
def test_words_that_changed_places_come_first(by):
    found = align(*planted())
    changes = found.changes(5, neighbors=10, by=by)
    assert {change.word for change in changes[:2]} == {"w10", "w20"}
    assert changes[0].similarity < 0.9 < changes[2].similarity
    assert changes[0].overlap < 0.5 < changes[2].overlap
    assert len(found.shared) == 200


def test_neighbours_that_came_and_went_are_those_of_each_side_among_shared_words():
    source, target = planted()
    shared = [f"w{number}" for number in range(200)]
    [change] = align(source, target).changes(1, neighbors=8)
    near = {}
    for name, vectors in (("source", source), ("target", target)):
        found = vectors.most_similar(change.word, k=9, exclude=["old", "new"])
        near[name] = [neighbor.word for neighbor in found][:8]
    assert list(change.gained) == [word for word in near["target"] if word not in near["source"]]
    assert list(change.lost) == [word for word in near["source"] if word not in near["target"]]
    assert change.overlap == pytest.approx(1 - len(change.gained) / 8)
    assert set(change.gained) <= set(shared)


def test_first_words_are_those_of_the_targets_counts():
    source = random_vectors(1, vocab_size=40, embedding_dim=3)
    names = [f"w{number}" for number in range(40)]
    rows = np.random.default_rng(3).standard_normal((40, 3))
    target = vectors_of(dict(zip(names, rows, strict=True)), counts=list(range(1, 41)))
    found = align(source, target, first_words=7)
    assert found.anchors == 7
    last = vectors_of({name: rows[number] for number, name in enumerate(names) if number >= 33})
    assert_close(found.rotation, align(source, last).rotation, FLOAT32)
    asked = {change.word for change in found.changes(99, first_words=5)}
    assert asked == {"w35", "w36", "w37", "w38", "w39"}


def test_pairs_of_words_turn_one_language_to_another():
    source = random_vectors(1, vocab_size=30, embedding_dim=4)
    rotation = orthogonal(4, 2)
    rows = np.asarray(source.center, np.float64) @ rotation
    target = vectors_of({f"t{number}": row for number, row in enumerate(rows)})
    pairs = [(f"w{number}", f"t{number}") for number in range(12)]
    found = align(source, target, pairs=[*pairs, ("w1", "nobody"), ("nobody", "t1")])
    assert_close(found.rotation, rotation, FLOAT32)
    assert (found.anchors, found.unknown_pairs) == (12, 2)
    assert_close(found.similarity("w20", "t20"), 1, FLOAT32)
    nearest = target.most_similar(found.aligned()["w25"], k=1)
    assert nearest[0].word == "t25"
    assert found.shared == []
    assert found.changes() == []
    assert np.isnan(found.mean_similarity)


def test_zero_vectors_define_nothing_are_not_compared_and_are_counted():
    rows = {f"w{number}": row for number, row in enumerate(np.eye(3).tolist() * 2)}
    source = vectors_of({**rows, "zero": [0, 0, 0], "naught": [1, 0, 1]})
    target = vectors_of({**rows, "zero": [1, 1, 1], "naught": [0, 0, 0]})
    found = align(source, target)
    assert (found.anchors, found.zero_anchors) == (6, 2)
    assert found.shared == list(rows)
    assert found.mean_similarity == pytest.approx(1)
    assert found.zero_words == ("zero", "naught")
    assert found.similarity("w0") == pytest.approx(1)
    for word in ("zero", "naught"):
        with pytest.raises(SkipgramError, match=f"^'{word}' cannot be compared: a vector of zeros"):
            found.similarity(word)
    named = {
        word for change in found.changes(99) for word in (change.word, *change.gained, *change.lost)
    }
    assert named == set(rows)


def test_pairs_with_an_unknown_word_or_a_zero_vector_are_counted_and_their_words_named():
    rows = {f"w{number}": row for number, row in enumerate(np.eye(3).tolist())}
    vectors = vectors_of({**rows, "zero": [0, 0, 0]})
    pairs = [*zip(rows, rows, strict=True), ("w0", "zero"), ("x", "w0"), ("w1", "y"), ("x", "y")]
    found = align(vectors, vectors, pairs=pairs)
    assert (found.anchors, found.zero_anchors, found.unknown_pairs) == (3, 1, 3)
    assert found.zero_words == ("zero",)
    assert set(found.unknown_words) == {"x", "y"}


def test_the_ngrams_of_unknown_words_are_turned_as_well():
    source = random_vectors(1, vocab_size=20, embedding_dim=3)
    buckets = np.random.default_rng(1).standard_normal((7, 3)).astype(np.float32)
    source = replace(source, subwords=Subwords(buckets, 2, 3))
    rotation = orthogonal(3, 4)
    found = align(source, turned(source, rotation)).aligned()
    assert_close(found["unknown"], source["unknown"] @ rotation, 10 * FLOAT32)


@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_compact_vectors_and_those_of_other_tools_are_aligned_too(precision):
    source = random_vectors(1, vocab_size=30, embedding_dim=4)
    target = turned(source, orthogonal(4, 3))
    exact = align(source, target)
    found = align(source.compact(precision), WordVectors(target.vocabulary, target.center))
    assert_close(found.rotation, exact.rotation, 0.01)
    assert found.aligned().precision == "float32"
    assert align(WordVectors(source.vocabulary, source.center), target).aligned().outside is None


def test_what_cannot_be_aligned_is_told():
    source = random_vectors(1, vocab_size=9, embedding_dim=4)
    with pytest.raises(
        SettingsError, match=r"have 4 numbers, the target's 3; only vectors of the same length"
    ):
        align(source, random_vectors(1, vocab_size=9, embedding_dim=3))
    few = vectors_of({f"w{number}": [1, 0, 0, number] for number in range(3)})
    with pytest.raises(SettingsError) as caught:
        align(source, few)
    assert str(caught.value) == (
        "3 shared words have vectors in both, and span 2 directions; aligning vectors of 4 "
        "numbers needs 4"
    )
    with pytest.raises(SettingsError, match=r"^0 shared words"):
        align(source, vectors_of({"x": [1, 2, 3, 4]}))
    with pytest.raises(SettingsError, match=r"^0 pairs \(1 of them unknown\)"):
        align(source, source, pairs=[("w1", "nobody")])
    with pytest.raises(SettingsError, match=r"^1 pairs .* and span 1 directions"):
        align(source, source, pairs=[("w1", "w1")] * 9)
    with pytest.raises(SettingsError, match=r"^first_words must be at least 0, not -1$"):
        align(source, source, first_words=-1)
    found = align(source, source)
    for options, text in [
        ({"k": 0}, "k must be at least 1, not 0"),
        ({"neighbors": 0}, "neighbors must be at least 1, not 0"),
        ({"by": "age"}, "by 'age' is not one of: similarity, overlap"),
    ]:
        with pytest.raises(SettingsError, match=text):
            found.changes(**options)
    with pytest.raises(UnknownWordError):
        found.similarity("nobody")


def test_spelled_vectors_are_turned_with_their_ngrams():
    source = spelled_vectors()
    rotation = orthogonal(5, 4)
    plain = WordVectors(source.vocabulary, source.matrix)
    found = align(source, turned(plain, rotation)).aligned()
    assert found.shown == "spelled"
    for word in ("walks", "helpings"):
        assert_close(found[word], source[word] @ rotation, 10 * FLOAT32)
    assert_close(found.center, source.center @ rotation, 10 * FLOAT32)

"""The map: neighbours lie near each other, and the same vectors have the same map."""

import numpy as np
import pytest

import skipgram
from helpers.comparison import FLOAT32, assert_close
from helpers.grouped_vectors import QUICK, group_of, grouped_vectors
from skipgram.errors import SkipgramError
from skipgram.explorer.clusters import NO_CLUSTER
from skipgram.explorer.layout import FirstMap, Layout, ShownWords, lay_out
from skipgram.explorer.places import Steps, principal_components
from skipgram.explorer.progress import LayoutNote, LayoutProgress

pytest.importorskip("openTSNE")


@pytest.fixture(scope="module")
def shown() -> ShownWords:
    return ShownWords(grouped_vectors())


@pytest.fixture(scope="module")
def layout(shown: ShownWords) -> Layout:
    return lay_out(shown, settings=QUICK)


def with_rows(rows: np.ndarray) -> ShownWords:
    words = [f"w{number}" for number in range(len(rows))]
    counts = range(len(rows), 0, -1)
    return ShownWords(skipgram.WordVectors.from_arrays(words, rows, list(counts)))


def test_the_same_vectors_have_the_same_map_to_the_last_bit(shown, layout):
    again = lay_out(shown, settings=QUICK)
    assert again.places.tobytes() == layout.places.tobytes()
    assert again.clusters.tobytes() == layout.clusters.tobytes()
    assert again.typical.tobytes() == layout.typical.tobytes()


@pytest.mark.slow
def test_the_map_of_many_words_is_the_same_on_any_number_of_threads():
    many = ShownWords(grouped_vectors(words=1_200))
    settings = QUICK._replace(laid_out=1_100, steps=Steps(10, 10))
    maps = [lay_out(many, settings=settings, threads=threads) for threads in (1, 2, 3)]
    assert maps[0].places.std() > 0
    for other in maps[1:]:
        assert other.places.tobytes() == maps[0].places.tobytes()
        assert other.clusters.tobytes() == maps[0].clusters.tobytes()


def trustworthiness(shown: ShownWords, layout: Layout) -> float:
    from sklearn.manifold import trustworthiness

    unit = shown.unit(slice(None))
    return float(trustworthiness(unit, layout.places, n_neighbors=5, metric="cosine"))


def test_neighbours_lie_near_each_other(shown, layout):
    mixed = np.random.default_rng(1).permutation(len(layout.places))
    at_random = Layout(layout.places[mixed], layout.clusters, layout.typical)
    assert trustworthiness(shown, layout) > 0.8
    assert trustworthiness(shown, at_random) < 0.6


def test_a_word_that_is_not_laid_out_is_at_the_mean_of_its_nearest_that_are(shown, layout):
    laid = QUICK.laid_out
    unit = shown.unit(slice(None))
    cosines = unit[laid:] @ unit[:laid].T
    near = np.argsort(-cosines, axis=1, kind="stable")[:, : QUICK.steps.mean_of]
    assert len(near) == 40
    assert_close(layout.places[laid:], layout.places[near].mean(axis=1), FLOAT32)
    assert layout.clusters[laid:].tolist() == layout.clusters[near[:, 0]].tolist()


def test_clusters_hold_what_belongs_together_and_are_named_by_it(shown):
    many = ShownWords(grouped_vectors(words=160, noise=0.05))
    layout = lay_out(many, settings=QUICK._replace(laid_out=160))
    groups = np.array([group_of(word) for word in many.words])
    assert len(layout.typical) == 5
    for number, named_by in enumerate(layout.typical):
        members = groups[layout.clusters == number]
        assert len(set(members)) == 1, "a cluster is a group or a part of one"
        assert set(groups[named_by]) == set(members)
    sizes = np.bincount(layout.clusters)
    assert (sizes[:-1] >= sizes[1:]).all()


def test_words_come_by_falling_frequency_and_only_the_first_are_shown():
    rows = np.eye(5, dtype=np.float32)
    vectors = skipgram.WordVectors.from_arrays(list("abcde"), rows, [1, 5, 2, 4, 3])
    shown = ShownWords(vectors, 4)
    assert shown.words == ["b", "d", "e", "c"]
    assert shown.places_of(["c", "a", "b", "x"]).tolist() == [3, -1, 0, -1]


def test_a_word_with_a_vector_of_zeros_lies_in_the_corner_and_is_told():
    rows = np.random.default_rng(1).standard_normal((12, 4))
    rows[[2, 7]] = 0
    seen = []
    layout = lay_out(with_rows(rows), settings=QUICK, observe=seen.append)
    assert (layout.places[[2, 7]] == layout.places.min(axis=0)).all()
    assert (np.flatnonzero(layout.clusters == NO_CLUSTER) == [2, 7]).all()
    assert [event.text for event in seen if isinstance(event, LayoutNote)] == [
        "words whose vector is zero, which have no neighbours: 2; they lie in the map's corner"
    ]
    assert not {2, 7} & set(layout.typical.ravel().tolist())


@pytest.mark.parametrize("zeros", [0, 3])
def test_fewer_than_three_words_with_a_direction_are_refused(zeros):
    shown = with_rows(np.vstack([np.eye(2), np.zeros((zeros, 2))]))
    with pytest.raises(SkipgramError) as refused:
        shown.require_some("mine")
    assert str(refused.value) == "a map needs 3 words or more; mine has " + (
        "2" if not zeros else "5, 3 of them with a vector of zeros"
    )


@pytest.mark.parametrize("words", [3, 7, 8, 9])
@pytest.mark.parametrize("dim", [1, 2])
def test_few_words_have_a_map_too(words, dim):
    rows = np.random.default_rng(words).standard_normal((words, dim))
    layout = lay_out(with_rows(rows), settings=QUICK)
    assert np.isfinite(layout.places).all()
    assert layout.places.shape == (words, 2)


def test_words_with_the_same_vector_have_a_map_too():
    layout = lay_out(with_rows(np.ones((70, 3))), settings=QUICK)
    assert np.isfinite(layout.places).all()


def test_a_second_map_starts_from_the_first(shown, layout):
    rotation = np.linalg.qr(np.random.default_rng(4).standard_normal((8, 8)))[0]
    turned = ShownWords(
        skipgram.WordVectors.from_arrays(
            shown.vectors.words, shown.vectors.matrix @ rotation, shown.vectors.counts
        )
    )
    beside = lay_out(turned, FirstMap(shown, layout), settings=QUICK)
    span = np.ptp(layout.places, axis=0).max()
    moved = np.linalg.norm(beside.places - layout.places, axis=1)
    by_itself = lay_out(ShownWords(grouped_vectors(seed=9)), settings=QUICK)
    unrelated = np.linalg.norm(by_itself.places - layout.places, axis=1)
    assert np.median(moved) < 0.1 * span < np.median(unrelated)
    assert beside.clusters.tolist() == layout.clusters.tolist()


def test_a_word_of_the_second_set_alone_starts_among_its_neighbours(shown, layout):
    matrix = shown.vectors.matrix
    words = [*shown.vectors.words, "new"]
    rows = np.vstack([matrix, matrix[0] + 0.01])
    counts = np.append(shown.vectors.counts, 500)  # the most frequent, so that it is laid out
    more = ShownWords(skipgram.WordVectors.from_arrays(words, rows, counts))
    beside = lay_out(more, FirstMap(shown, layout), settings=QUICK)
    groups = np.array([group_of(word) for word in more.words[1:]])
    distances = np.linalg.norm(beside.places[1:] - beside.places[0], axis=1)
    assert distances[groups == 0].mean() < distances[groups != 0].mean()


def test_too_few_common_words_are_told(shown, layout):
    vectors = grouped_vectors(words=30)
    words = [word if number < 5 else f"x{word}" for number, word in enumerate(vectors.words)]
    other = ShownWords(skipgram.WordVectors.from_arrays(words, vectors.matrix, vectors.counts))
    seen = []
    lay_out(other, FirstMap(shown, layout), settings=QUICK, observe=seen.append)
    notes = [event.text for event in seen if isinstance(event, LayoutNote)]
    assert notes == ["the two sets share 5 words, too few to make their maps alike"]


def test_progress_is_told_of_every_stage(shown):
    seen = []
    settings = QUICK._replace(steps=Steps(25, 25, 10))
    lay_out(shown, settings=settings, observe=seen.append)
    stages = list(dict.fromkeys(event.stage for event in seen))
    assert stages == [
        "finding neighbours",
        "laying out the map",
        "grouping words",
        "placing other words",
    ]
    last = {event.stage: event for event in seen}
    assert last["placing other words"] == LayoutProgress("placing other words", 40, 40)
    assert last["laying out the map"] == LayoutProgress("laying out the map", 50, 50, "steps")


def test_principal_components_are_those_of_the_singular_values():
    rows = np.random.default_rng(2).standard_normal((40, 6))
    left, sizes, _ = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    found = principal_components(rows)
    assert_close(np.abs(found), np.abs(left[:, :2] * sizes[:2]), 1e-9)

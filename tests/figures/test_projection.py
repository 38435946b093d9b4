import subprocess
import sys

import numpy as np
import pytest

from helpers.comparison import EXACT, assert_close
from helpers.handmade_vectors import vectors_of
from skipgram.errors import MissingExtraError, UnknownWordError
from skipgram.figures.projection import FEWEST_FOR_NEIGHBORHOODS, project
from skipgram.vectors.word_vectors import WordVectors


def named(matrix: np.ndarray) -> WordVectors:
    """Vectors whose words are w0, w1, ..."""
    return vectors_of({f"w{number}": row for number, row in enumerate(matrix)})


def three_groups() -> WordVectors:
    """Words that lie about three directions, five each, a group after the other."""
    rng = np.random.default_rng(1)
    directions = np.repeat(4 * np.eye(20)[:3], 5, axis=0)
    return named(directions + rng.normal(size=directions.shape) / 3)


def test_the_same_vectors_and_words_give_the_same_places() -> None:
    vectors = three_groups()
    assert (project(vectors, vectors.words) == project(vectors, vectors.words)).all()


def test_rounding_does_not_decide_the_places() -> None:
    vectors = three_groups()
    noise = 1 + 1e-6 * np.random.default_rng(2).normal(size=vectors.center.shape)
    places = project(vectors, vectors.words)
    # Far below the distance of two neighbours, and far above what 1e-6 becomes in a steady method.
    assert_close(
        project(named(vectors.center * noise), vectors.words),
        places,
        0.01 * np.ptp(places),
        relative=False,
    )


def test_every_word_is_nearest_to_one_of_its_group() -> None:
    vectors = three_groups()
    places = project(vectors, vectors.words)
    distances = np.linalg.norm(places[:, None] - places, axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (distances.argmin(axis=1) // 5 == np.arange(15) // 5).all()


@pytest.mark.parametrize("words", [0, 1, 2, 3, FEWEST_FOR_NEIGHBORHOODS - 1])
def test_a_few_words_stand_at_their_principal_components(words: int) -> None:
    vectors = three_groups()
    unit = vectors.unit[:words].astype(np.float64)
    places = project(vectors, vectors.words[:words])
    assert places.shape == (words, 2)
    if words:
        # The components' inner products are those of the best plane through the centered rows.
        centered = unit - unit.mean(axis=0)
        values, directions = np.linalg.eigh(centered @ centered.T)
        best = (directions[:, -2:] * values[-2:]) @ directions[:, -2:].T
        assert_close(places @ places.T, best, EXACT)


def test_only_the_given_words_have_a_say() -> None:
    vectors = three_groups()
    alone = named(vectors.center[:12])
    assert (project(vectors, vectors.words[:12]) == project(alone, alone.words)).all()


@pytest.mark.parametrize("words", [5, 15])
def test_the_map_is_centered_and_widest_along_its_first_axis(words: int) -> None:
    vectors = three_groups()
    places = project(vectors, vectors.words[:words])
    assert_close(places.mean(axis=0), np.zeros(2), 1e-6)
    assert places[:, 0].std() >= places[:, 1].std()
    assert_close(np.cov(places.T)[0, 1], 0, 1e-6)


@pytest.mark.parametrize("entry", [0.0, 1.0])
def test_equal_vectors_have_places_too(entry: float) -> None:
    vectors = named(np.full((12, 4), entry))
    assert np.isfinite(project(vectors, vectors.words)).all()


def test_one_dimension_is_enough() -> None:
    vectors = named(np.linspace(-1, 1, 12)[:, None])
    assert project(vectors, vectors.words).shape == (12, 2)


def test_an_unknown_word_is_named() -> None:
    with pytest.raises(UnknownWordError, match="'unheard' is not among"):
        project(three_groups(), ["w0", "unheard"])


def test_a_missing_library_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = three_groups()
    monkeypatch.setitem(sys.modules, "sklearn.manifold", None)
    with pytest.raises(MissingExtraError) as raised:
        project(vectors, vectors.words)
    assert str(raised.value) == (
        "pictures need matplotlib and scikit-learn; the module sklearn.manifold is not "
        "installed: pip install 'skipgram[plots]'"
    )


def test_importing_the_figures_imports_no_library_that_draws() -> None:
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, skipgram.figures.plots, skipgram.figures.demo_words; "
            "print({'matplotlib', 'sklearn', 'numba'} & sys.modules.keys())",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    assert seen.stdout.strip() == "set()"

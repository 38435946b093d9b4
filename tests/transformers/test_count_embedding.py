"""Counts to vectors: scikit-learn's own checks, and items that stand together."""

import sys
from importlib import import_module

import numpy as np
import pytest
import scipy.sparse

from helpers.comparison import EXACT, FLOAT32, assert_close
from skipgram.errors import MissingExtraError

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from sklearn.utils.estimator_checks import check_estimator

from skipgram.transformers import CountEmbedding
from skipgram.transformers.counts import pair_counts


def test_it_passes_all_of_scikit_learns_checks():
    results = check_estimator(CountEmbedding(n_components=3, sweeps=3), on_skip=None)
    other = {result["check_name"]: result["status"] for result in results}
    other = {name: status for name, status in other.items() if status != "passed"}
    # Arrays of other libraries than NumPy: scikit-learn asks only where SCIPY_ARRAY_API is set.
    assert other in ({}, {"check_array_api_input": "skipped"})
    assert len(results) > 30


def two_groups(documents: int = 300) -> np.ndarray:
    """Documents of six items of one group each, of ten in the group."""
    random = np.random.default_rng(1)
    counts = np.zeros((documents, 20))
    for number in range(documents):
        for item in random.integers(0, 10, 6):
            counts[number, item + 10 * (number % 2)] += 1
    return counts


@pytest.mark.parametrize("as_matrix", [np.asarray, scipy.sparse.csr_matrix, scipy.sparse.coo_array])
def test_items_that_stand_together_lie_together(as_matrix):
    counts = two_groups()
    embedding = CountEmbedding(n_components=4, random_state=0)
    rows = embedding.fit_transform(as_matrix(counts))
    V = embedding.components_ / np.linalg.norm(embedding.components_, axis=1, keepdims=True)
    cosines = V @ V.T
    within = np.concatenate([cosines[:10, :10].ravel(), cosines[10:, 10:].ravel()]).mean()
    across = cosines[:10, 10:].mean()
    assert within > across + 0.5
    assert rows.shape == (300, 4)
    centers = rows[::2].mean(axis=0), rows[1::2].mean(axis=0)
    nearer = np.linalg.norm(rows - centers[1], axis=1) < np.linalg.norm(rows - centers[0], axis=1)
    assert nearer.tolist() == [bool(number % 2) for number in range(300)]


def test_the_objective_falls():
    embedding = CountEmbedding(n_components=4, random_state=0).fit(two_groups())
    assert len(embedding.objective_) == 17
    assert all(np.diff(embedding.objective_) <= 0)
    assert embedding.objective_[-1] < embedding.objective_[0] - 0.3


def test_the_pairs_of_a_document_are_those_of_its_tokens():
    counts = np.array([[2, 1, 0, 0], [0, 0, 0, 0], [1, 3, 0, 4]], float)
    expected = np.zeros((4, 4))
    for row in counts:
        for j in range(4):
            for k in range(4):
                if j != k and row.sum():
                    expected[j, k] += row[j] * row[k] / row.sum()
    found = pair_counts(scipy.sparse.csr_matrix(counts))
    assert_close(found.matrix.toarray(), expected, EXACT)
    assert found.vocabulary.counts.tolist() == [3, 4, 0, 4]


def test_a_document_is_the_mean_of_its_items():
    counts = two_groups()
    embedding = CountEmbedding(n_components=4, random_state=3).fit(counts)
    asked = np.array([[2.0, 0, 1] + [0] * 17, [0] * 20, [4.0, 0, 2] + [0] * 17])
    rows = embedding.transform(asked)
    V = embedding.components_.astype(np.float64)
    assert_close(rows[0], (2 * V[0] + V[2]) / 3, FLOAT32)
    assert_close(rows[2], rows[0], FLOAT32)
    assert not rows[1].any()


def test_an_item_that_stands_alone_has_a_vector_of_zeros():
    counts = np.column_stack([two_groups(), np.zeros(300)])
    assert not CountEmbedding(n_components=3, random_state=0).fit(counts).components_[-1].any()


def test_the_same_seed_gives_the_same_bits():
    first, again, other = (
        CountEmbedding(n_components=3, random_state=seed).fit(two_groups()).components_
        for seed in (5, 5, 6)
    )
    assert first.tobytes() == again.tobytes() != other.tobytes()


def test_items_that_never_stand_together_are_nothing_to_train_on():
    with pytest.raises(
        ValueError, match=r"no two of the items ever occur together \(n_features = 3"
    ):
        CountEmbedding().fit(np.eye(3))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"n_components": 0}, "n_components must be at least 1, not 0"),
        ({"n_components": "x"}, "n_components must be a whole number, not 'x'"),
        ({"sweeps": 0}, "sweeps must be at least 1, not 0"),
        ({"prior": -1}, "prior must be"),
    ],
)
def test_settings_out_of_range_are_refused(options, text):
    with pytest.raises(ValueError, match=f"^{text}"):
        CountEmbedding(**options).fit(two_groups())


def test_a_missing_scikit_learn_is_told_with_how_to_install_it(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("skipgram.transformers")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'skipgram\[sklearn\]'"):
        import_module("skipgram.transformers")


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="Negative values in data passed to CountEmbedding"):
        CountEmbedding().fit(np.array([[1.0, -1.0]]))

"""Wrong versions of spelling, made by rewriting the right ones: the proofs reject each."""

import sys
import types
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from helpers.comparison import EXACT, assert_close
from helpers.exact_problems import parameters_of, problem_of, random_counts
from skipgram.equations.corpora import corpus_softmax
from skipgram.equations.spelling import spelling_matrix, spelling_table, with_spelling_prior
from skipgram.settings.ngram_range import NgramRange
from skipgram.spelling import incidence, ngrams, regression
from skipgram.training.exact import gradients, spelling_prior, steps, sweeps

WORDS = ["talo", "talossa", "talot", "alo", "autossa", "auto", "au", "banana", "ananas"]
DIM, PRIOR, PENALTY = 8, 0.5, 0.8


def assert_matrix_proven() -> None:
    found, A = incidence.Incidence.of(WORDS, NgramRange(2, 4), 1)
    names, expected = spelling_matrix(WORDS, 2, 4, 1)
    assert sorted(found) == names
    order = [list(found).index(name) for name in names]
    assert_close((A.B.toarray() * A.scales[:, np.newaxis])[:, order], expected, EXACT)
    V = np.random.default_rng(1).standard_normal((len(WORDS), DIM))
    G = np.zeros((len(names), DIM))
    regression.improve(G, A, V, PENALTY, 200)
    assert_close(G[order], spelling_table(expected, V, PENALTY), 1e-10, relative=False)


def assert_step_proven() -> None:
    random = np.random.default_rng(1)
    rows, pulls, means = random.standard_normal((3, 9, DIM))
    expected = rows.copy()
    for row, pull, mean in zip(expected, pulls, means, strict=True):
        move = (pull + PRIOR * (row - mean)) / (3.0 + PRIOR)
        row -= 0.3 * move * min(1.0, 1.0 / np.linalg.norm(move))
    axes = steps.Axes.of(np.eye(DIM))
    steps.step(rows, pulls, np.full(9, 3.0), axes, PRIOR, 0.3, means=means)
    assert_close(rows, expected, EXACT)


def assert_sweeps_proven() -> None:
    counts = random_counts(len(WORDS))
    problem = problem_of(counts)
    found, A = incidence.Incidence.of(WORDS, NgramRange(2, 4))
    spelling = spelling_prior.VocabularySpelling(found, A, PENALTY)
    has_pair = problem.objective.targets.center_weights > 0
    prior = spelling.prior(np.arange(len(WORDS)), has_pair, np.zeros((len(found), DIM)))
    parameters = parameters_of(len(WORDS), DIM)
    run = sweeps.Sweeps(
        gradients.ExactGradients(problem.objective), parameters, PRIOR, 9, 1, spelling=prior
    )
    run.begin()
    dense = A.B.toarray() * A.scales[:, np.newaxis]
    for _ in range(3):
        for _ in range(run.groups):
            run.next_group()
        outcome = run.end_sweep()
        V, U = parameters.center, parameters.outside
        of_pairs = corpus_softmax(V, U, counts, problem.objective.term)
        expected = with_spelling_prior(of_pairs, V, U, prior.table, dense, PRIOR, PENALTY)
        assert_close(outcome.objective / expected.loss, 1.0, EXACT)
        best = spelling_table(dense[has_pair], V[has_pair], PENALTY)
        assert_close(prior.table, best, 1e-2, relative=False)
        assert_close(V[~has_pair], (dense @ prior.table)[~has_pair], EXACT)


MUTANTS: dict[str, tuple[ModuleType, str, str, Callable[[], None]]] = {
    "a row's scale dropped": (
        ngrams, "(1.0 + ngrams) ** -0.5", "(1.0 + 0 * ngrams) ** -0.5", assert_matrix_proven,
    ),
    "a row scaled by its mean": (
        ngrams, "(1.0 + ngrams) ** -0.5", "(1.0 + ngrams) ** -1.0", assert_matrix_proven,
    ),
    "a scale of A that its transpose lacks": (
        incidence, "Y * _column(self.scales, Y)", "Y", assert_matrix_proven,
    ),
    "the whole word among the n-grams": (
        ngrams, "fits &= ~(", "fits &= ~(False & ", assert_matrix_proven,
    ),
    "n-grams over the end of a word": (
        ngrams, "fits = places + length <= ends[places]",
        "fits = places + length <= len(codes)", assert_matrix_proven,
    ),
    "a repeat within a word counted twice": (
        ngrams, "holder[1:] != holder[:-1]", "holder[1:] >= 0", assert_matrix_proven,
    ),
    "a penalty that does not weigh": (
        regression, "table.dtype.type(penalty)", "table.dtype.type(0.0)", assert_matrix_proven,
    ),
    "the prior's mean applied twice": (
        steps, "rows[chunk] - means[chunk]", "rows[chunk] - 2 * means[chunk]", assert_step_proven,
    ),
    "the prior's mean left out": (
        steps, "rows[chunk] - means[chunk]", "rows[chunk]", assert_step_proven,
    ),
    "a table that is one sweep late": (
        sweeps, "self._refit(ROUNDS)\n        objective = self.objective()",
        "objective = self.objective()\n        self._refit(ROUNDS)", assert_sweeps_proven,
    ),
    "means that are one sweep late": (
        spelling_prior, "self.means = self.A.times(self.table, pool)",
        "self.means, self.late = getattr(self, 'late', self.means), "
        "self.A.times(self.table, pool)", assert_sweeps_proven,
    ),
    "a table without its penalty in the objective": (
        sweeps, "self.spelling.penalty * _square(self.spelling.table)", "0.0",
        assert_sweeps_proven,
    ),
    "words without a pair among the explained": (
        spelling_prior, "has_pair | self._are_settled(words), table", "has_pair | True, table",
        assert_sweeps_proven,
    ),
}  # fmt: skip


@pytest.mark.parametrize("proof", [assert_matrix_proven, assert_step_proven, assert_sweeps_proven])
def test_spelling_as_it_stands_is_proven(proof):
    proof()


def use(module: ModuleType, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the proofs take what they need of a module from this source."""
    changed = types.ModuleType(module.__name__)
    monkeypatch.setitem(sys.modules, module.__name__, changed)  # dataclasses look there
    exec(compile(source, f"<{module.__name__}>", "exec"), changed.__dict__)
    users = (incidence, regression, spelling_prior, steps, sweeps, sys.modules[__name__])
    for user in users:
        for attribute, value in list(vars(user).items()):
            if getattr(value, "__module__", None) == module.__name__ and attribute in vars(changed):
                monkeypatch.setattr(user, attribute, getattr(changed, attribute))


@pytest.mark.parametrize("module", [incidence, ngrams, regression, spelling_prior, steps, sweeps])
def test_the_same_source_put_in_a_module_s_place_is_proven(module, monkeypatch):
    use(module, Path(str(module.__file__)).read_text(), monkeypatch)
    for proof in (assert_matrix_proven, assert_step_proven, assert_sweeps_proven):
        proof()


@pytest.mark.parametrize("name", MUTANTS)
def test_the_proof_of_spelling_rejects(name, monkeypatch):
    module, right, wrong, proof = MUTANTS[name]
    source = Path(str(module.__file__)).read_text()
    assert source.count(right) == 1, "the mutant must change exactly one place"
    use(module, source.replace(right, wrong), monkeypatch)
    with pytest.raises(AssertionError):
        proof()

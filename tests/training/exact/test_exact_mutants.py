"""Wrong kernels, made by rewriting the source of the right ones: the proofs reject each."""

import sys
import types
from pathlib import Path

import numpy as np
import pytest

from helpers.comparison import EXACT, assert_close
from helpers.exact_problems import SAMPLING, parameters_of, problem_of, random_counts
from helpers.replay import corpus_of
from skipgram.corpus.cooccurrence import counts, kernels, rows
from skipgram.equations import keep_probability
from skipgram.equations.corpora import corpus_negative_sampling, corpus_softmax
from skipgram.equations.pair_weights import expected_pair_weights
from skipgram.settings.window_rule import WindowRule
from skipgram.training.exact import objectives, row_code, row_kernels

CODE, KERNELS, WEIGHTS = (Path(str(module.__file__)) for module in (row_code, row_kernels, kernels))

ROWS = {
    "the targets added": (KERNELS, "s[outsides[entry]] -= total * shares[entry]", "-=", "+="),
    "the targets not scaled": (KERNELS, "-= total * shares[entry]", "total * ", ""),
    "the end of a row left out": (KERNELS, "total += np.float64(s[w])", "total", "ignored"),
    "a loss without its normaliser": (
        KERNELS,
        "np.log(total) - expected",
        "np.log(total) ",
        "0.0 ",
    ),
    "an offset left out of the sum": (
        CODE,
        "x = emit.exp(_at_least(emit, builder.fsub(shifted, minus)))",
        "builder.fsub(shifted, minus)",
        "builder.fsub(emit.load_vector(s, at), minus)",
    ),
    "a vector summed twice": (
        CODE,
        "sums[k] = builder.fadd(sums[k], x)",
        "builder.fadd(sums[k], x)",
        "builder.fadd(builder.fadd(sums[k], x), x if k == 1 else emit.constant(0.0))",
    ),
    "a sigmoid that is wrong below zero": (
        CODE,
        "builder.select(is_positive, one, e)",
        "is_positive, one, e",
        "is_positive, one, one",
    ),
    "a coarse logarithm": (CODE, "64: 17}", "17", "4"),
    "a noise that does not weigh": (
        CODE,
        "emit.store_vector(builder.fmul(weight, share), s, at)",
        "builder.fmul(weight, share)",
        "share",
    ),
    "targets of another sign": (
        KERNELS,
        "missing[entry - first] = share * (e if score > 0.0 else 1.0)",
        "score > 0.0",
        "score < 0.0",
    ),
}

COUNTS = {
    "a window over the end of a line": (
        "if ends_line[at - start]:\n                            break",
        "if ends_line[at - start] and step > 0:\n                            break",
    ),
    "a center word that is always kept": ("row[outside] * keep[word]", "row[outside]"),
    "an outside word that is always kept": (
        "row[outside] += reach * chance",
        "row[outside] += reach",
    ),
    "windows that do not close up": (
        "between[r] * (1.0 - chance) + between[r - 1] * chance",
        "between[r - 1]",
    ),
    "one side alone": ("for side in range(2):", "for side in range(1):"),
    "a row that is not forgotten": (
        "row[outside] * keep[word]\n            row[outside] = 0.0",
        "row[outside] * keep[word]",
    ),
}


def assert_rows_proven() -> None:
    words = 70  # two strides and an end
    counts, parameters = random_counts(words), parameters_of(words, 3)
    V, U, centers = parameters.V, parameters.U, np.arange(words)
    softmax = problem_of(counts, unigram_offset=1.0).objective
    sampling = problem_of(counts, **SAMPLING).objective
    expected = (
        corpus_softmax(V, U, counts, softmax.term),
        corpus_negative_sampling(V, U, counts, sampling.term / 3, 3),
    )
    for objective, right in zip((softmax, sampling), expected, strict=True):
        scores = V @ U.T
        loss, scale = objective.residuals(scores, centers)
        size = np.abs(right.center).max()
        assert_close(loss.sum() / right.loss, 1.0, EXACT)
        gradient = (scores * scale[:, np.newaxis]) @ U
        assert_close(gradient / size, right.center / size, EXACT)


def rows_from(changed: dict[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the objectives take their kernels from these sources, compiled afresh."""
    for path in (CODE, KERNELS):
        name = f"skipgram.training.exact.{path.stem}"
        part = types.ModuleType(name)
        part.__file__ = str(path)
        monkeypatch.setitem(sys.modules, name, part)
        monkeypatch.setattr(f"skipgram.training.exact.{path.stem}", part)
        # Compiled under another file's name, numba finds no source and keeps no cache.
        exec(compile(changed[path], f"<{path.stem}>", "exec"), part.__dict__)
    monkeypatch.setattr(objectives, "softmax_rows", part.softmax_rows)
    monkeypatch.setattr(objectives, "sampling_rows", part.sampling_rows)


@pytest.mark.slow
def test_the_passes_as_they_stand_are_proven(monkeypatch):
    rows_from({path: path.read_text() for path in (CODE, KERNELS)}, monkeypatch)
    assert_rows_proven()


@pytest.mark.slow  # each compiles a kernel
@pytest.mark.parametrize("name", ROWS)
def test_the_proof_of_the_passes_rejects(name, monkeypatch):
    file, place, right, wrong = ROWS[name]
    changed = {path: path.read_text() for path in (CODE, KERNELS)}
    assert place in changed[file]
    assert right in place
    changed[file] = changed[file].replace(place, place.replace(right, wrong, 1))
    if "ignored" in wrong:
        changed[file] = changed[file].replace("total = 0.0", "total = ignored = 0.0")
    rows_from(changed, monkeypatch)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        assert_rows_proven()


def assert_counts_proven() -> None:
    random = np.random.default_rng(1)
    corpus = corpus_of([random.integers(6, size=length).tolist() for length in (9, 1, 30)], 6)
    keep = keep_probability(corpus.vocabulary.counts, 0.05)
    rule = WindowRule(window=3, subsample=0.05)
    expected = expected_pair_weights(
        corpus.ids,
        corpus.line_ends,
        keep,
        rows.distance_weights(rule),
        closes_up=True,
        contexts="both",
    )
    found = counts.count_cooccurrence(corpus, rule).matrix.toarray()
    assert_close(found, expected, 10 * kernels.LEAST_REACH)


def counts_from(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    part = types.ModuleType("wrong_kernels")
    exec(compile(source, "<kernels>", "exec"), part.__dict__)
    monkeypatch.setattr(rows, "expected_rows", part.expected_rows)
    monkeypatch.setattr(rows, "ROW_BLOCKS", 1)  # else each row is summed on its own


@pytest.mark.slow
def test_the_counts_as_they_stand_are_proven(monkeypatch):
    counts_from(WEIGHTS.read_text(), monkeypatch)
    assert_counts_proven()


@pytest.mark.slow
@pytest.mark.parametrize("name", COUNTS)
def test_the_proof_of_the_counts_rejects(name, monkeypatch):
    right, wrong = COUNTS[name]
    source = WEIGHTS.read_text()
    assert source.count(right) == 1, "the mutant must change exactly one place"
    counts_from(source.replace(right, wrong), monkeypatch)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        assert_counts_proven()

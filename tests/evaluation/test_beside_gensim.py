"""The package's sets, scored by gensim and by us on the same vectors."""

import warnings
from pathlib import Path

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import vectors_of
from skipgram.evaluation.battery import RATED
from skipgram.evaluation.similarity import read_pairs
from skipgram.vectors.word_vectors import WordVectors

pytest.importorskip("gensim")
SAME = 1e-6


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    """Of three in four of the words, in lower case, some like one another."""
    words = sorted({word.lower() for file in RATED for pair in read_pairs(file).pairs
                    for word in pair[:2]})  # fmt: skip
    random = np.random.default_rng(1)
    kinds = random.standard_normal((60, 30))
    rows = kinds[random.integers(0, 60, len(words))] + random.standard_normal((len(words), 30))
    chosen = random.random(len(words)) < 0.75
    return vectors_of(
        {word: row for word, row, kept in zip(words, rows, chosen, strict=True) if kept}
    )


@pytest.mark.parametrize("file", RATED, ids=lambda file: file.stem)
def test_correlations_and_coverage_are_those_of_gensim(
    vectors: WordVectors, file: Path, tmp_path: Path
) -> None:
    pairs = read_pairs(file).pairs
    plain = tmp_path / "pairs.tsv"  # gensim takes a comment that has no tab for a bad line
    plain.write_text("".join(f"{one}\t{other}\t{rating}\n" for one, other, rating in pairs))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pearson, spearman, unknown = vectors.to_gensim().evaluate_word_pairs(plain)
    (score,) = skipgram.evaluate(vectors, similarity=plain, analogies=(), resamples=0).similarity
    assert score.pearson == pytest.approx(pearson.statistic, abs=SAME)
    assert score.correlation == pytest.approx(spearman.statistic, abs=SAME)
    assert 100 * (1 - score.coverage.share) == pytest.approx(unknown, abs=SAME)
    assert 0 < score.pairs_known < score.pairs

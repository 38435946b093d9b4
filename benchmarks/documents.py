"""Documents to rows for scikit-learn: which way tells nouns', verbs' and adjectives' glosses apart?

    python benchmarks/documents.py

The texts are the dictionary's own lines, which stand in the order of their parts of speech. Three
folds, logistic regression, the share that is told right. One thread, so that it repeats.
"""

import lzma
from typing import Any

from scipy.stats import binomtest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

import skipgram
from skipgram.transformers import CountEmbedding, DocumentVectors

NOUNS, VERBS, ADJECTIVES = 82_115, 13_767, 18_156
"""Lines of WordNet 3.0's files, one after the other."""
EACH = 2_000


def texts_and_labels() -> tuple[list[str], list[int]]:
    with lzma.open(skipgram.demo_corpus(), "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()
    texts: list[str] = []
    labels: list[int] = []
    begin = 0
    for label, size in enumerate((NOUNS, VERBS, ADJECTIVES)):
        some = lines[begin : begin + size : size // EACH][:EACH]
        texts, labels = texts + some, labels + [label] * len(some)
        begin += size
    return texts, labels


def main() -> None:
    texts, labels = texts_and_labels()
    vectors = skipgram.train(skipgram.demo_corpus(), epochs=5, threads=1, progress=False)
    ways: dict[str, list[Any]] = {
        "DocumentVectors, mean": [DocumentVectors(vectors)],
        "DocumentVectors, sif": [DocumentVectors(vectors, weighting="sif")],
        "CountVectorizer and CountEmbedding(50)": [
            CountVectorizer(min_df=3),
            CountEmbedding(50, random_state=0),
        ],
    }
    print(f"{len(texts):,} glosses, chance .333")
    for name, steps in ways.items():
        # Rows differ in length by the way they are made; so the penalty is chosen for each.
        scores = {
            C: cross_val_score(
                make_pipeline(*steps, LogisticRegression(C=C, max_iter=5000)), texts, labels, cv=3
            ).mean()
            for C in (1, 10, 100)
        }
        best = max(scores, key=scores.__getitem__)
        right = round(scores[best] * len(texts))
        ends = binomtest(right, len(texts)).proportion_ci(method="wilson")
        print(
            f"{name:<40} {scores[best]:.3f} [{ends.low:.3f}, {ends.high:.3f}] (C = {best})",
            flush=True,
        )


if __name__ == "__main__":
    main()

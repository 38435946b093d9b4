"""Which objective, how many epochs and whether spelling: by the length of the text.

    python benchmarks/small_texts.py --data DATA --texts fil8 pg20m --words .1 .3 1 3
    python benchmarks/small_texts.py --data DATA --graphs

Texts are cut to so many million words and judged on WordSim-353, SimLex-999, MEN and Google's
analogies, by what of these their vocabulary holds. Graphs are walked, or taken as baskets (a
node's neighbours are one basket), and judged by how well a logistic regression finds the labels
of half of the nodes when it has learned from the other half.
"""

import argparse
import io
import json
import statistics
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from judging import Judge
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.multiclass import OneVsRestClassifier
from texts import add_data_option, find, text_of

import skipgram

NEGATIVE = {"objective": "negative-sampling"}
WAYS: dict[str, dict[str, Any]] = {
    "neg e5": NEGATIVE,
    "neg e20": {**NEGATIVE, "epochs": 20},
    "neg e80": {**NEGATIVE, "epochs": 80},
    "neg e5 spelled": {**NEGATIVE, "ngrams": "3-6"},
    "neg e20 spelled": {**NEGATIVE, "epochs": 20, "ngrams": "3-6"},
    "softmax": {"objective": "softmax"},
    "softmax unspelled": {"objective": "softmax", "ngrams": "none"},
}
FOR_GRAPHS = {name: way for name, way in WAYS.items() if not name.endswith(" spelled")}
TOKENIZERS = {"fil8": "whitespace", "pg20m": "words"}
MILLION = 1_000_000
WALKS, STEPS = 10, 40
WINDOWS: dict[str, dict[str, Any]] = {
    "walks": {"window": 10, "window_width": "random"},
    "baskets": {"window": 1000, "window_width": "fixed"},
}


def cut(text: bytes, words: int) -> str:
    """The first words of a text; one without lines gets lines of 1,000 words."""
    found = text[: 12 * words].split(b" " if b"\n" not in text[:MILLION] else None)
    if b"\n" not in text[:MILLION]:
        parts = (b" ".join(found[at : at + 1000]) for at in range(0, words, 1000))
        return b"\n".join(parts).decode()
    end, seen = 0, 0
    for line in text.splitlines(keepends=True):
        seen += len(line.split())
        end += len(line)
        if seen >= words:
            break
    return text[:end].decode()


def of_texts(
    data: Path, names: list[str], millions: list[float], ways: list[str], seeds: int
) -> None:
    judge = Judge(data, with_men=True)
    for name in names:
        text = text_of(data, f"{name}.txt")
        for million in millions:
            part = skipgram.Texts([cut(text, int(million * MILLION))])
            corpus = skipgram.encode(part, tokenizer=TOKENIZERS[name])
            for way in ways:
                trainings = [
                    judge.results(skipgram.train(corpus, seed=seed, **WAYS[way]))
                    for seed in range(1, seeds + 1)
                ]
                told(
                    text=name,
                    million_words=million,
                    words=len(corpus.vocabulary),
                    way=way,
                    scores={
                        of.set_name: {
                            "score": of.value,
                            "interval": str(of.interval),
                            "deviation": of.deviation,
                            "known": of.coverage.known,
                        }
                        for of in judge.sure_scores(trainings)
                    },
                )


def of_graphs(data: Path, ways: list[str], seeds: int) -> None:
    for name, (edges, labels) in graphs(data).items():
        neighbors: dict[str, list[str]] = {}
        for one, other in edges:
            neighbors.setdefault(one, []).append(other)
            neighbors.setdefault(other, []).append(one)
        for kind in ("walks", "baskets"):
            for way in ways:
                scores = []
                for seed in range(1, seeds + 1):
                    lines = walks(neighbors, seed) if kind == "walks" else neighbors.values()
                    vectors = skipgram.train(
                        iter([*lines]),
                        seed=seed,
                        subsample=0,
                        min_count=1,
                        **WINDOWS[kind],
                        **FOR_GRAPHS[way],
                    )
                    scores.append(f1(vectors, labels))
                micro, macro = map(statistics.fmean, zip(*scores, strict=True))
                told(graph=name, kind=kind, nodes=len(vectors), way=way, micro=micro, macro=macro)


def walks(neighbors: dict[str, list[str]], seed: int) -> Iterator[list[str]]:
    draws = np.random.default_rng(seed)
    nodes = list(neighbors)
    for _ in range(WALKS):
        for start in draws.permutation(len(nodes)).tolist():
            walk = [nodes[start]]
            while len(walk) < STEPS:
                near = neighbors[walk[-1]]
                walk.append(near[int(draws.integers(len(near)))])
            yield walk


def graphs(data: Path) -> dict[str, tuple[list[tuple[str, str]], dict[str, list[str]]]]:
    """Edges and labels of Cora, Wiki and BlogCatalog."""
    with tarfile.open(find(data, "openne_graphs.tar.xz")) as archive:

        def rows(member: str) -> list[list[str]]:
            file = archive.extractfile(member)
            assert file is not None
            return [line.split() for line in io.TextIOWrapper(file) if line.strip()]

        edges = {
            "cora": [(a, b) for a, b, *_ in rows("data/cora/cora_edgelist.txt")],
            "wiki": [(a, b) for a, b, *_ in rows("data/wiki/Wiki_edgelist.txt")],
            "blogcatalog": [
                (a, b)
                for a, *near in rows("data/blogCatalog/bc_adjlist.txt")
                for b in near
                if a < b
            ],
        }
        labels: dict[str, dict[str, list[str]]] = {}
        for name, member in (
            ("cora", "data/cora/cora_labels.txt"),
            ("wiki", "data/wiki/wiki_labels.txt"),
            ("blogcatalog", "data/blogCatalog/bc_labels.txt"),
        ):
            labels[name] = {node: of for node, *of in rows(member)}
    return {name: (edges[name], labels[name]) for name in edges}


def f1(vectors: skipgram.WordVectors, labels: dict[str, list[str]]) -> tuple[float, float]:
    """Micro and macro F1 on half of the nodes, each given as many labels as it has."""
    nodes = [node for node in labels if node in vectors]
    classes = sorted({label for node in nodes for label in labels[node]})
    truth = np.array([[label in labels[node] for label in classes] for node in nodes])
    X = vectors[nodes]
    order = np.random.default_rng(0).permutation(len(nodes))
    train, test = np.split(order, [len(order) // 2])
    model = OneVsRestClassifier(LogisticRegression(max_iter=500)).fit(X[train], truth[train])
    chances = model.predict_proba(X[test])
    guess = np.zeros_like(truth[test])
    for row, (chance, number) in enumerate(zip(chances, truth[test].sum(axis=1), strict=True)):
        guess[row, np.argsort(-chance)[:number]] = True
    return tuple(
        f1_score(truth[test], guess, average=kind, zero_division=0) for kind in ("micro", "macro")
    )


def told(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    add_data_option(parser)
    parser.add_argument("--texts", nargs="*", default=[], choices=list(TOKENIZERS))
    parser.add_argument("--words", nargs="+", type=float, default=[0.1, 0.3, 1, 3])
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--graphs", action="store_true")
    parser.add_argument("--seeds", type=int, default=2)
    options = parser.parse_args()
    if not options.texts and not options.graphs:
        options.texts, options.graphs = list(TOKENIZERS), True
    of_texts(options.data, options.texts, options.words, options.ways, options.seeds)
    if options.graphs:
        of_graphs(options.data, [way for way in options.ways if way in FOR_GRAPHS], options.seeds)


if __name__ == "__main__":
    main()

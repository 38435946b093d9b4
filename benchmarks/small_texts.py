"""Which objective, how many epochs and whether spelling: by the length of the text.

    python benchmarks/small_texts.py --data DATA --texts fil8 pg20m --words .1 .3 1 3
    python benchmarks/small_texts.py --data DATA --graphs
    python benchmarks/small_texts.py --data DATA --texts fil8 --words 20 --ways "neg e5" --rate .05

Texts are cut to so many million words and judged on WordSim-353, SimLex-999, MEN and Google's
analogies, by what of these their vocabulary holds; fil8 has 12.6 million and pg20m 20, so 20 takes
all. --rate is that of negative sampling. Graphs are walked, or taken as baskets (a
node's neighbours are one basket), and judged by how well a logistic regression finds the labels
of half of the nodes when it has learned from the other half. Intervals hold 95 %: over other pairs
and questions, or other nodes.
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
from numpy.typing import NDArray
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
    data: Path,
    names: list[str],
    millions: list[float],
    ways: list[str],
    seeds: int,
    rate: dict[str, float],
) -> None:
    judge = Judge(data, with_men=True)
    for name in names:
        text = text_of(data, f"{name}.txt")
        for million in millions:
            part = skipgram.Texts([cut(text, int(million * MILLION))])
            corpus = skipgram.encode(part, tokenizer=TOKENIZERS[name])
            for way in ways:
                own = WAYS[way] | (rate if way.startswith("neg") else {})
                trainings = [
                    judge.results(skipgram.train(corpus, seed=seed, **own))
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
                            "total": of.coverage.total,
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
                found, macros = [], []
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
                    right, macro = told_labels(vectors, labels)
                    found.append(right)
                    macros.append(macro)
                told(
                    graph=name, kind=kind, nodes=len(vectors), way=way, asked=len(found[0]),
                    **micro_f1(found), macro=statistics.fmean(macros),
                )  # fmt: skip


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


def told_labels(
    vectors: skipgram.WordVectors, labels: dict[str, list[str]]
) -> tuple[NDArray[np.int64], float]:
    """For half of the nodes, each given as many labels as it has: those right and all; macro F1."""
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
    right = np.stack([(truth[test] & guess).sum(axis=1), truth[test].sum(axis=1)], axis=1)
    return right, float(f1_score(truth[test], guess, average="macro", zero_division=0))


def micro_f1(found: list[NDArray[np.int64]]) -> dict[str, Any]:
    """The mean over seeds, and its interval over other nodes: their labels are drawn again."""
    right, all_labels = np.mean(found, axis=0).T  # as many are given as there are: F1 is a share
    nodes = len(right)
    draws = np.random.default_rng(0).multinomial(nodes, np.full(nodes, 1 / nodes), size=2_000)
    low, high = np.percentile((draws @ right) / (draws @ all_labels), (2.5, 97.5))
    return {"micro": right.sum() / all_labels.sum(), "interval": f"[{low:.3f}, {high:.3f}]"}


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
    parser.add_argument("--rate", type=float, help="of negative sampling, on texts")
    options = parser.parse_args()
    if not options.texts and not options.graphs:
        options.texts, options.graphs = list(TOKENIZERS), True
    rate = {} if options.rate is None else {"learning_rate": options.rate}
    of_texts(options.data, options.texts, options.words, options.ways, options.seeds, rate)
    if options.graphs:
        of_graphs(options.data, [way for way in options.ways if way in FOR_GRAPHS], options.seeds)


if __name__ == "__main__":
    main()

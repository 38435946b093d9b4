"""Vectors for the nodes of a graph by random walks; labels told from them; nearest nodes.

    python graph_walks.py                                    # a small graph of communities
    python graph_walks.py edges.txt --labels labels.txt      # lines "17 42", and "17 label label"
    python graph_walks.py edges.txt --nodes 17 42 --output node-vectors

Nodes are integers, and stay so: ``vectors[17]`` is the vector of node 17. Edges go both ways.
Labels are told by a logistic regression that learned half of them, if scikit-learn is installed.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import skipgram

Integers = NDArray[np.int64]
Labels = dict[int, list[str]]


def edges_of(file: Path) -> Integers:
    """The first two numbers of each line, shape (edges, 2); # begins a comment."""
    return np.loadtxt(file, dtype=np.int64, usecols=(0, 1), ndmin=2)


def labels_of(file: Path) -> Labels:
    lines = (line.split() for line in file.read_text(encoding="utf-8").splitlines())
    return {int(line[0]): line[1:] for line in lines if len(line) > 1}


def walks(edges: Integers, walks_per_node: int, steps: int, seed: int) -> Integers:
    """Walks from every node, shape (nodes × walks_per_node, steps): all go one step at a time."""
    draws = np.random.default_rng(seed)
    nodes, places = np.unique(edges, return_inverse=True)
    one, other = places.reshape(-1, 2).T
    here, there = np.concatenate([one, other]), np.concatenate([other, one])
    there = there[np.argsort(here, kind="stable")]  # the neighbours of the first node, second, ...
    degrees = np.bincount(here, minlength=len(nodes))
    begins = np.cumsum(degrees) - degrees
    at = np.concatenate([draws.permutation(len(nodes)) for _ in range(walks_per_node)])
    found = np.empty((len(at), steps), dtype=np.int64)
    for step in range(steps):
        found[:, step] = nodes[at]
        at = there[begins[at] + draws.integers(degrees[at])]
    return found


def node_vectors(edges: Integers, seed: int, objective: str = "auto") -> skipgram.WordVectors:
    return skipgram.train(
        walks(edges, walks_per_node=10, steps=40, seed=seed),
        objective=objective,
        window=10,
        subsample=0,  # no node is too frequent
        min_count=1,  # nor too rare
        ngrams="none",  # the digits of a number say nothing of the node
        seed=seed,
    )


class Told(NamedTuple):
    """How well labels are told of the nodes that were asked."""

    nodes: int
    micro: float
    """F1; here the share of labels told right"""
    low: float
    high: float
    """between these the micro F1 of other nodes, by 95 %; equal if all or none are right"""
    macro: float


def told_labels(vectors: skipgram.WordVectors, labels: Labels) -> Told | None:
    """Labels of half of the nodes, each of which is given as many as it has."""
    try:
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import f1_score
        from sklearn.multiclass import OneVsRestClassifier
    except ImportError:
        return None
    nodes = np.random.default_rng(0).permutation([node for node in labels if node in vectors])
    kinds = sorted({label for node in nodes for label in labels[node]})
    truth = np.array([[kind in labels[node] for kind in kinds] for node in nodes])
    known, asked = np.split(np.arange(len(nodes)), [len(nodes) // 2])
    model = OneVsRestClassifier(LogisticRegression(max_iter=500))
    model.fit(vectors[nodes[known]], truth[known])
    chances = model.predict_proba(vectors[nodes[asked]])
    ranks = np.argsort(np.argsort(-chances, axis=1), axis=1)
    guess = ranks < truth[asked].sum(axis=1, keepdims=True)
    micro, macro = (
        float(f1_score(truth[asked], guess, average=kind)) for kind in ("micro", "macro")
    )
    right, of = (truth[asked] & guess).sum(axis=1), truth[asked].sum(axis=1)
    drawn = np.random.default_rng(0).integers(len(asked), size=(2000, len(asked)))
    low, high = np.percentile(right[drawn].sum(axis=1) / of[drawn].sum(axis=1), [2.5, 97.5])
    return Told(len(asked), micro, float(low), float(high), macro)


def made_graph(communities: int = 6, size: int = 50) -> tuple[Integers, Labels]:
    """Nodes 100 to 149 know many of each other, 200 to 249, and so on; few know others."""
    draws = np.random.default_rng(1)
    nodes = np.array([100 * (1 + c) + i for c in range(communities) for i in range(size)])
    one, other = np.triu_indices(len(nodes), k=1)
    chance = np.where(nodes[one] // 100 == nodes[other] // 100, 0.15, 0.005)
    drawn = draws.random(len(one)) < chance
    edges = np.stack([nodes[one[drawn]], nodes[other[drawn]]], axis=1)
    return edges, {int(node): [f"community-{node // 100}"] for node in nodes}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("edges", nargs="?", type=Path, help="two integers a line")
    parser.add_argument("--labels", type=Path, help="a node and its labels a line")
    parser.add_argument("--nodes", nargs="*", type=int, help="default: the three most visited")
    parser.add_argument("--objective", default="auto", help="or softmax, negative-sampling")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, help="a folder for the vectors")
    options = parser.parse_args()
    if options.edges is None:
        edges, labels = made_graph()
    else:
        edges = edges_of(options.edges)
        labels = labels_of(options.labels) if options.labels else {}

    vectors = node_vectors(edges, options.seed, options.objective)
    print(f"{len(edges):,} edges; vectors of {len(vectors):,} nodes")
    for node in options.nodes or [int(word) for word in vectors.words[:3]]:
        near = vectors.most_similar(node, k=5)
        print(f"{node}: nearest", *(f"{one.word} ({one.similarity:.2f})" for one in near))
    if labels:
        told = told_labels(vectors, labels)
        if told is None:
            print("pip install scikit-learn, and labels are told from the vectors")
        else:
            sure = f" (95 %: {told.low:.3f} to {told.high:.3f})" if told.low < told.high else ""
            print(f"Labels of {told.nodes:,} of {len(labels):,} nodes, told from the others:")
            print(f"micro F1 {told.micro:.3f}{sure}, macro F1 {told.macro:.3f}")
    if options.output:
        vectors.save(options.output)


if __name__ == "__main__":
    main()

"""Loading and asking vectors beside gensim: files, queries, fewer bits, an index.

    python benchmarks/vectors.py --data DIR [--file glove.6B.50d.txt] [--queries 10000]

DIR holds vectors in GloVe's text: glove.6B.50d.txt is 400,000 words × 50. The answers are
checked first: the same words and numbers as gensim reads, the same neighbours. Kernels are
compiled before, and files lie in the page cache. On processors for which OPENBLAS_CORETYPE is
set, unset it.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from gensim.models import KeyedVectors
from texts import add_data_option, find

import skipgram
from skipgram.vectors.word_vectors import WordVectors

K = 10
SINGLE_QUERIES, GENSIM_QUERIES, RECALL_QUERIES = 40, 200, 1000
LOADS = 9
ROUNDS = 7
QUERIES_AT_ONCE = 1000


def median_seconds(act: Callable[[], object], times: int) -> float:
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def seconds_each(act: Callable[[str], object], words: Sequence[str]) -> float:
    """The median over words."""
    found = iter(words)
    return median_seconds(lambda: act(next(found)), len(words))


def check(vectors: WordVectors, keyed: Any, words: Sequence[str]) -> None:
    """The same words, numbers and neighbours as gensim's, near ties aside."""
    assert list(vectors.words) == keyed.index_to_key
    np.testing.assert_array_equal(vectors.matrix, keyed.vectors)
    for word, found in zip(words, vectors.most_similar_each(words, K), strict=True):
        expected = keyed.most_similar(word, topn=K)
        alone = vectors.most_similar(word, k=K)
        for answers in (found, alone):
            np.testing.assert_allclose(
                [near.similarity for near in answers], [number for _, number in expected], atol=1e-5
            )


def tell(label: str, value: str) -> None:
    print(f"{label:<64} {value}", flush=True)


def files(file: Path, folder: Path) -> tuple[WordVectors, Any]:
    """Loading text, and the native folder."""
    skipgram.load(file)  # compiles
    ours = median_seconds(lambda: skipgram.load(file), 3)
    began = time.perf_counter()
    keyed = KeyedVectors.load_word2vec_format(str(file), no_header=True)
    theirs = time.perf_counter() - began
    vectors = skipgram.load(file)
    vectors.save(folder)
    word = vectors.words[len(vectors) // 2]
    native = median_seconds(lambda: skipgram.load(folder)[word], LOADS)
    tell("text, skipgram / gensim", f"{ours:.2f} s / {theirs:.1f} s: {theirs / ours:.1f} times")
    tell("native folder and one look-up", f"{native * 1e3:.1f} ms")
    return vectors, keyed


def single(vectors: WordVectors, keyed: Any, words: Sequence[str]) -> None:
    """One query after another, in rounds with what it is held against."""
    matrix = vectors.matrix
    numbers = matrix.ravel()
    acts: dict[str, Callable[[str], object]] = {
        "max": lambda word: matrix.max(),
        "sum": lambda word: matrix.sum(),
        "dot": lambda word: numbers @ numbers,
        "product": lambda word: matrix @ matrix[7],
        "ours": lambda word: vectors.most_similar(word, k=K),
        "gensim": lambda word: keyed.most_similar(word, topn=K),
    }
    for act in acts.values():
        act(words[0])  # works out lengths
    rounds = [{name: seconds_each(act, words) for name, act in acts.items()} for _ in range(ROUNDS)]
    reads = [min(one["max"], one["sum"], one["dot"]) for one in rounds]
    tell("reading the matrix once (the quickest of max, sum, dot)", in_ms(reads))
    for name, label in (
        ("product", "NumPy's product with one vector"),
        ("ours", "one query, top 10"),
        ("gensim", "gensim"),
    ):
        taken = [one[name] for one in rounds]
        ratios = sorted(seconds / read for seconds, read in zip(taken, reads, strict=True))
        shown = f"{statistics.median(ratios):.2f} reads ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        tell(label, f"{in_ms(taken)}: {shown}")


def in_ms(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds) * 1e3:.2f} ms"


def many(vectors: WordVectors, keyed: Any, words: Sequence[str]) -> None:
    """Many queries in one go."""
    unit = vectors.unit
    queries = unit[: min(QUERIES_AT_ONCE, len(words))]
    scores = np.empty((len(queries), len(unit)), np.float32)
    np.matmul(queries, unit.T, out=scores)
    product = median_seconds(lambda: np.matmul(queries, unit.T, out=scores), 5)
    product *= len(words) / len(queries)
    ours = median_seconds(lambda: vectors.most_similar_each(words, K), 3)
    few = words[:GENSIM_QUERIES]
    began = time.perf_counter()
    for word in few:
        keyed.most_similar(word, topn=K)
    theirs = (time.perf_counter() - began) * len(words) / len(few)
    tell(f"{len(words):,} queries, top 10", f"{ours:.2f} s")
    tell("the same product by NumPy", f"{product:.2f} s: ours has {product / ours:.2f} of its rate")
    tell(f"gensim, by {len(few)} of them", f"{theirs:.1f} s: {theirs / ours:.1f} times ours")


def recall(found: Sequence[Any], exact: Sequence[Any]) -> str:
    """The share of the nearest that are found, with the interval of 95 % over other words."""
    shared = [
        len({near.word for near in one} & {near.word for near in other})
        for one, other in zip(found, exact, strict=True)
    ]
    reach = 1.96 * np.std(shared, ddof=1) / np.sqrt(len(shared))
    return f"{np.mean(shared) / K:.4f} ± {reach / K:.4f} of {len(shared):,} words"


def fewer_bits(vectors: WordVectors, words: Sequence[str], folder: Path) -> None:
    exact = vectors.most_similar_each(words, K)
    whole = sizes(folder / "float32", vectors)
    for precision in ("float16", "int8"):
        vectors.compact(precision).save(folder / precision)
        compact = skipgram.load(folder / precision)
        size = sizes(folder / precision, None)
        found = compact.most_similar_each(words, K)
        alone = seconds_each(compact.most_similar, words[:50])
        tell(
            f"{precision}: recall@{K} {recall(found, exact)}",
            f"{size[0] / whole[0]:.3f} of the matrix, {size[1] / whole[1]:.3f} of the folder; "
            f"one query {alone * 1e3:.1f} ms",
        )


def sizes(folder: Path, vectors: WordVectors | None) -> tuple[int, int]:
    """The bytes of the matrices' file, and of the folder."""
    if vectors is not None:
        vectors.save(folder)
    matrices = (folder / "vectors.safetensors").stat().st_size
    return matrices, sum(file.stat().st_size for file in folder.iterdir())


def approximate(vectors: WordVectors, words: Sequence[str]) -> None:
    began = time.perf_counter()
    indexed = vectors.with_index()
    tell("building the index", f"{time.perf_counter() - began:.0f} s")
    exact = vectors.most_similar_each(words, K)
    found = [indexed.most_similar(word, k=K, approximate=True) for word in words]
    alone = seconds_each(lambda word: indexed.most_similar(word, k=K, approximate=True), words)
    exactly = seconds_each(lambda word: indexed.most_similar(word, k=K), words[:SINGLE_QUERIES])
    began = time.perf_counter()
    indexed.most_similar_each(words, K, approximate=True)
    each = (time.perf_counter() - began) / len(words)
    tell(
        f"one approximate query: recall@{K} {recall(found, exact)}",
        f"{alone * 1e6:.0f} µs: {exactly / alone:.1f} times as fast as an exact one, "
        f"{exactly * 1e3:.2f} ms",
    )
    tell("many approximate queries in one go", f"{each * 1e6:.0f} µs each")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    add_data_option(parser)
    parser.add_argument("--file", default="glove.6B.50d.txt")
    parser.add_argument("--queries", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        vectors, keyed = files(find(given.data, given.file), folder / "native")
        drawn = np.random.default_rng(1).permutation(len(vectors))
        words = [vectors.words[number] for number in drawn[: given.queries].tolist()]
        check(vectors, keyed, words[:50])
        tell("checked beside gensim", f"{len(vectors):,} × {vectors.embedding_dim}")
        single(vectors, keyed, words[:SINGLE_QUERIES])
        many(vectors, keyed, words)
        fewer_bits(vectors, words[:RECALL_QUERIES], folder)
        approximate(vectors, words[:RECALL_QUERIES])


if __name__ == "__main__":
    main()

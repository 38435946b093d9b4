"""Stanford CS224n, assignment 2: check your own gradients, then train with them.

Run it as it is: it checks the answers below against skipgram's and by central differences,
trains on small made-up sentences, and shows the loss and some neighbours. Put your own answers in
place of `my_naive_softmax` and `my_negative_sampling`:

    python examples/course.py
    python examples/course.py --loss softmax
    python examples/course.py sentences.txt --iterations 40000 --ask film boring --output slow

sentences.txt has a sentence a line, in lower case, words and punctuation separated by spaces. On
a large vocabulary the loss rises before it falls (docs/course.md).
"""

import argparse
import random
from collections import Counter
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import skipgram
from skipgram import cs224n, equations

Array = NDArray[Any]
WINDOW = 5
SUBJECTS = {"cat dog": "milk fish meat", "girl boy": "bread soup rice", "cow sheep": "grass hay"}
VERBS = "eats wants likes"


def my_naive_softmax(v_c: Array, o: int, U: Array, dataset: Any) -> tuple[float, Array, Array]:
    """My answers to (a), (b) and (c)."""
    scores = U @ v_c
    y_hat = np.exp(scores - scores.max())
    y_hat /= y_hat.sum()
    y = np.zeros(len(U))
    y[o] = 1
    return -np.log(y_hat[o]), U.T @ (y_hat - y), np.outer(y_hat - y, v_c)


def my_negative_sampling(
    v_c: Array, o: int, U: Array, dataset: Any, K: int = 10
) -> tuple[float, Array, Array]:
    """My answer to (e)."""
    negatives = cs224n.getNegativeSamples(o, dataset, K)
    true, noise = cs224n.sigmoid(U[o] @ v_c), cs224n.sigmoid(U[negatives] @ v_c)
    loss = -np.log(true) - np.log(1 - noise).sum()
    by_v_c = (true - 1) * U[o] + noise @ U[negatives]
    by_U = np.zeros_like(U)
    by_U[o] = (true - 1) * v_c
    np.add.at(by_U, negatives, np.outer(noise, v_c))  # += would count a repeated negative once
    return loss, by_v_c, by_U


class Sentences:
    """What the course's functions ask of a dataset, and the words with their counts."""

    def __init__(self, sentences: list[list[str]]) -> None:
        self.sentences = [sentence for sentence in sentences if len(sentence) > 1]
        counts = Counter(word for sentence in self.sentences for word in sentence)
        self.words, self.counts = list(counts), np.array(list(counts.values()))
        self.number_of = {word: number for number, word in enumerate(self.words)}
        self._noise = equations.noise_distribution(self.counts, 0.75).cumsum()

    def sampleTokenIdx(self) -> int:  # noqa: N802
        draw = random.random() * self._noise[-1]
        return int(np.searchsorted(self._noise, draw, side="right"))

    def getRandomContext(self, C: int = 5) -> tuple[str, list[str]]:  # noqa: N802
        sentence = random.choice(self.sentences)
        place = random.randrange(len(sentence))
        return sentence[place], sentence[max(0, place - C) : place] + sentence[place + 1 :][:C]


def check(name: str, mine: Any, theirs: Any) -> bool:
    """Whether an answer agrees with skipgram's, and with differences of its own loss."""
    dataset = Sentences([list("abcab"), list("cde")])
    rng = np.random.default_rng(224)
    v_c, U, both = rng.normal(size=3), rng.normal(size=(5, 3)), rng.normal(size=(10, 3))
    print(f"{name}:")
    agrees = True
    for o in range(5):
        random.seed(o)
        one = mine(v_c, o, U, dataset)
        random.seed(o)  # the same negatives once more
        other = theirs(v_c, o, U, dataset)
        for part, a, b in zip(("loss", "dJ/dv_c", "dJ/dU"), one, other, strict=True):
            if not np.allclose(a, b):
                print(f"  {part} for o = {o}: mine is {a}, skipgram's {b}")
                agrees = False
    batch = partial(windows, dataset=dataset, loss=mine)
    return cs224n.gradcheck_naive(batch, both, name) and agrees


def windows(x: Array, dataset: Sentences, loss: Any) -> tuple[float, Array]:
    """The mean loss of 50 random windows and its gradient by all vectors, (f)."""
    return cs224n.word2vec_sgd_wrapper(cs224n.skipgram, dataset.number_of, x, dataset, WINDOW, loss)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sentences", nargs="?", type=Path, help="a sentence a line")
    parser.add_argument("--loss", choices=("softmax", "negatives"), default="negatives")
    parser.add_argument("--iterations", type=int, default=400)
    parser.add_argument("--embedding-dim", type=int, default=10)
    parser.add_argument("--ask", nargs="+", metavar="WORD", help="words whose neighbours to show")
    parser.add_argument("--output", help="a folder for the vectors")
    asked = parser.parse_args()
    if asked.sentences:
        text = asked.sentences.read_text(encoding="utf-8").splitlines()
    else:
        text = [
            f"the {subject} {verb} {food} ."
            for subjects, foods in SUBJECTS.items()
            for subject, verb, food in product(subjects.split(), VERBS.split(), foods.split())
        ]
        asked.ask = asked.ask or ["cat", "sheep", "bread"]
    dataset = Sentences([line.split() for line in text])
    asked.ask = asked.ask or dataset.words[:3]
    if unknown := set(asked.ask) - set(dataset.words):
        parser.error(f"not in the sentences: {', '.join(sorted(unknown))}")

    random.seed(1)
    right = check("naive softmax", my_naive_softmax, cs224n.naiveSoftmaxLossAndGradient)
    right &= check("negative sampling", my_negative_sampling, cs224n.negSamplingLossAndGradient)
    if not right:
        raise SystemExit("mend the answers before you train with them")

    size = (len(dataset.words), asked.embedding_dim)
    small = (np.random.default_rng(1).random(size) - 0.5) / asked.embedding_dim
    loss = my_naive_softmax if asked.loss == "softmax" else my_negative_sampling
    batch = partial(windows, dataset=dataset, loss=loss)
    start = np.concatenate([small, np.zeros(size)])
    print(f"\n{len(dataset.sentences):,} sentences, {size[0]:,} words; mean loss of a window:")
    print(f"before training: {batch(start)[0]:f}")
    every = max(1, asked.iterations // 10)
    trained = cs224n.sgd(batch, start, step=0.3, iterations=asked.iterations, PRINT_EVERY=every)

    center, outside = np.split(trained, 2)
    vocabulary = skipgram.Vocabulary(dataset.words, dataset.counts)
    vectors = skipgram.WordVectors(vocabulary, center, outside)
    if asked.output:
        vectors.save(asked.output)
    for word, nearest in zip(asked.ask, vectors.most_similar_each(asked.ask, k=3), strict=True):
        print(f"{word}: " + ", ".join(f"{near} {cosine:.2f}" for near, cosine in nearest))


if __name__ == "__main__":
    main()

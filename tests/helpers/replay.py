"""A training replayed in plain Python, step by step, by the equations and the slow draws."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoded import CorpusSummary, EncodedCorpus
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.equations import grouped_negative_sampling, sgd_step
from skipgram.equations.draws import SCORE, chance_threshold, draw
from skipgram.equations.stability import stable_rate
from skipgram.equations.windows import Window, windows
from skipgram.training.draws import Draws, Rates
from skipgram.training.negative_sampling.stability import OtherThreads
from skipgram.training.noise import Noise
from skipgram.training.parameters import aligned_zeros, padded


def corpus_of(lines: Sequence[Sequence[int]], vocab_size: int) -> EncodedCorpus:
    """A corpus made by hand: each line its ids."""
    ids = np.array([word for line in lines for word in line], np.int32)
    line_ends = np.cumsum([len(line) for line in lines], dtype=np.int64)
    counts = np.bincount(ids, minlength=vocab_size).astype(np.int64) + 1
    words = [f"w{number}" for number in range(vocab_size)]
    summary = CorpusSummary(1, len(lines), 0, 0, len(ids), 0, len(ids), vocab_size, 0, "", "")
    return EncodedCorpus(ids, line_ends, Vocabulary(words, counts), summary)


@dataclass(eq=False)
class ReplayableTraining:
    """A small corpus, two matrices at unit scale, and everything a kernel asks for."""

    corpus: EncodedCorpus
    V: NDArray[Any]
    U: NDArray[Any]
    noise: Noise
    keep_thresholds: list[int]
    embedding_dim: int
    negatives: int
    window: int
    width_is_fixed: bool = False
    negatives_shared: bool = True
    is_bounded: bool = False
    others: OtherThreads | None = None
    first_rate: float = 0.05
    rate_slope: float = -1e-4
    scored: float = 0.3
    key: int = 0x1234_5678_9ABC_DEF1

    @classmethod
    def random(
        cls,
        lines: Sequence[Sequence[int]],
        vocab_size: int,
        *,
        embedding_dim: int = 5,
        negatives: int = 7,
        window: int = 3,
        keep: float = 0.7,
        dtype: Any = np.float64,
        seed: int = 0,
    ) -> "ReplayableTraining":
        """Matrices from N(0, 1): from word2vec's start, U = 0, half of all bugs do not show."""
        corpus = corpus_of(lines, vocab_size)
        random = np.random.default_rng(seed)
        matrices = []
        for _ in range(2):
            matrix = aligned_zeros(vocab_size, padded(embedding_dim), dtype)
            matrix[:, :embedding_dim] = random.standard_normal((vocab_size, embedding_dim))
            matrices.append(matrix)
        return cls(
            corpus,
            *matrices,
            Noise.of(corpus.vocabulary.counts, 0.75),
            [chance_threshold(keep)] * vocab_size,
            embedding_dim,
            negatives,
            window,
        )

    def run(self, train_block: Any, start: int = 0, stop: int | None = None) -> Any:
        """Let a kernel train positions start..stop, in place; its four results."""
        stop = len(self.corpus) if stop is None else stop
        kernel = train_block(
            padded(self.embedding_dim),
            self.negatives,
            negatives_shared=self.negatives_shared,
            is_bounded=self.is_bounded,
        )
        return kernel(
            self.corpus.ids,
            self.corpus.line_ends,
            start,
            stop,
            self.V,
            self.U,
            Draws(
                np.array(self.keep_thresholds, np.uint32),
                self.noise.table,
                self.noise.probabilities,
                np.uint64(self.key),
                self.window,
                self.width_is_fixed,
                np.uint64(chance_threshold(self.scored)),
            ),
            Rates(self.first_rate + start * self.rate_slope, self.rate_slope, start),
            self.others or no_others(len(self.V)),
        )

    def replay(self, start: int = 0, stop: int | None = None) -> "Replayed":
        """What `run` should do, by the equations; the matrices are left as they are."""
        stop = len(self.corpus) if stop is None else stop
        V, U = self.V.astype(np.float64), self.U.astype(np.float64)
        loss, scored_pairs, pairs, shortened_pairs = 0.0, 0, 0, 0
        for window in windows(
            self.corpus.ids,
            self.corpus.line_ends,
            self.keep_thresholds,
            self.window,
            self.key,
            width_is_fixed=self.width_is_fixed,
        ):
            if not start <= window.position < stop or not window.centers:
                continue
            is_scored = draw(window.stream, SCORE) >> 32 <= chance_threshold(self.scored)
            for centers, negatives in self.groups(window):
                gradients = grouped_negative_sampling(centers, window.outside, negatives, V, U)
                if is_scored:
                    loss += gradients.loss
                    scored_pairs += len(centers)
                rate = self.first_rate + self.rate_slope * window.position
                if self.is_bounded:
                    others = self.others or no_others(len(V))
                    stable = stable_rate(
                        centers,
                        window.outside,
                        negatives,
                        V,
                        U,
                        rate,
                        other_centers=len(centers) * others.centers.astype(np.float64),
                        other_outsides=others.outsides,
                    )
                    shortened_pairs += len(centers) if stable < rate else 0
                    rate = stable
                V, U = sgd_step(V, U, gradients, rate)
            pairs += len(window.centers)
        return Replayed(V, U, loss, scored_pairs, pairs, shortened_pairs)

    def groups(self, window: Window) -> Iterator[tuple[Sequence[int], list[int]]]:
        """Center words that share a draw of negatives, all or each for itself, and the draw."""
        groups = [window.centers] if self.negatives_shared else [(c,) for c in window.centers]
        K = self.negatives
        drawn = self.noise.negatives(window.stream, window.outside, len(groups) * K)
        for number, centers in enumerate(groups):
            yield centers, drawn[number * K : (number + 1) * K]


@dataclass(eq=False)
class Replayed:
    """What a training leaves, and its four results."""

    V: NDArray[np.float64]
    U: NDArray[np.float64]
    loss: float
    scored_pairs: int
    pairs: int
    shortened_pairs: int


def no_others(vocab_size: int) -> OtherThreads:
    """A thread alone."""
    return OtherThreads(*np.zeros((2, vocab_size), np.float32), 0.0, 0.0)


def others_of(vocab_size: int, threads: int, seed: int = 0) -> OtherThreads:
    """Some threads more, which meet words unequally often."""
    words, noise = np.random.default_rng(seed).dirichlet(np.ones(vocab_size), 2)
    centers = (threads * words).astype(np.float32)
    outsides = (threads * (words + 7 * noise)).astype(np.float32)
    return OtherThreads(centers, outsides, float(centers.max()), float(outsides.max()))


def random_lines(seed: int, vocab_size: int, lengths: Sequence[int]) -> list[list[int]]:
    """Lines of random words, few enough that windows and draws are full of repeats."""
    random = np.random.default_rng(seed)
    return [random.integers(0, vocab_size, length).tolist() for length in lengths]

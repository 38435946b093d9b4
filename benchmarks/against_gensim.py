"""Skip-gram with negative sampling, side by side with gensim's: speed and quality in one run.

    python benchmarks/against_gensim.py --data DIR [--seeds 1 2 3] [--rate 0.0325]

DIR holds, at any depth, fil8.txt (or fil8.txt.xz), the first 74 % of text8, and
SimLex999.tsv (word, word and rating, separated by tabs). Both systems train on
one file, fil8 broken into lines of 1,000 words: gensim cuts longer lines at
10,000 words and trains on nothing more.

What is timed is training proper, without reading, counting and compiling, and
only if gensim's raw word count is epochs × tokens, to a thousandth. The two
take turns, so that a machine which slows down slows down both. Settings: 100
numbers, window 5, 5 negatives, subsampling 1e-4, min count 5, two threads.
Scores: cosine of unit vectors; similarity over all words; 3CosAdd analogies in
Google's questions among the 30,000 most frequent words, the same list for both.
"""

import argparse
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from texts import add_data_option, find, in_lines, text_of

import skipgram
from skipgram import __version__
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.evaluation.report import evaluate
from skipgram.evaluation.similarity import WORDSIM_353
from skipgram.settings import Settings
from skipgram.training.events import Finished
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters
from skipgram.training.trainer import NegativeSamplingTrainer
from skipgram.training.warming import warm_up
from skipgram.vectors.word_vectors import WordVectors

GENSIM_OVERLAP = 1e-3
"""Its workers start inside the file and count a few thousand words twice."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Task:
    """What both systems are given."""

    file: Path
    corpus: EncodedCorpus
    settings: Settings
    gensim_rate: float

    @property
    def tokens(self) -> int:
        return self.settings.training.epochs * self.corpus.summary.tokens


@dataclass(frozen=True)
class Run:
    """One training of one system."""

    words_per_second: float
    scores: dict[str, float]

    def __str__(self) -> str:
        scores = "  ".join(f"{name} {score:.3f}" for name, score in self.scores.items())
        return f"{self.words_per_second / 1e3:7,.0f} k words/s  {scores}"


def train_skipgram(task: Task, seed: int) -> tuple[float, Matrix]:
    """Seconds of training proper, and the vectors."""
    settings = Settings.of(
        **{name: value for part in task.settings.to_dict().values() for name, value in part.items()}
        | {"seed": seed}
    )
    noise = Noise.of(task.corpus.vocabulary.counts, settings.model.noise_exponent)
    dim = settings.model.embedding_dim
    parameters = Parameters.initial(len(task.corpus.vocabulary), dim, seed)
    for event in NegativeSamplingTrainer(task.corpus, noise, parameters, settings):
        if isinstance(event, Finished):
            return event.seconds, np.ascontiguousarray(parameters.center, np.float32)
    raise AssertionError("a training ends with Finished")


def train_gensim(task: Task, seed: int) -> tuple[float, Matrix]:
    """Seconds of `Word2Vec.train`, and the vectors in the order of our vocabulary."""
    from gensim.models import Word2Vec

    model_settings, training = task.settings.model, task.settings.training
    model = Word2Vec(
        vector_size=model_settings.embedding_dim,
        window=model_settings.window,
        negative=model_settings.negatives,
        sample=training.subsample,
        min_count=task.settings.vocabulary.min_count,
        sg=1,
        alpha=task.gensim_rate,
        workers=task.settings.run.threads,
        seed=seed,
    )
    model.build_vocab(corpus_file=str(task.file))
    started = time.perf_counter()
    _, raw_words = model.train(
        corpus_file=str(task.file),
        total_words=model.corpus_total_words,
        total_examples=model.corpus_count,
        epochs=training.epochs,
    )
    seconds = time.perf_counter() - started
    if not task.tokens <= raw_words <= (1 + GENSIM_OVERLAP) * task.tokens:
        sys.exit(f"gensim trained on {raw_words:,} words instead of {task.tokens:,}")
    words = task.corpus.vocabulary.words
    return seconds, np.array([model.wv[word] for word in words], np.float32)


SYSTEMS = {"skipgram": train_skipgram, "gensim": train_gensim}


def scores_of(matrix: Matrix, task: Task, simlex: Path) -> dict[str, float]:
    """The scores of center vectors, whoever trained them."""
    vocabulary = task.corpus.vocabulary
    share = np.full(len(vocabulary), 1 / len(vocabulary))
    vectors = WordVectors(vocabulary, matrix, matrix, share, share)
    report = evaluate(vectors, similarity=[WORDSIM_353, simlex])
    return {
        "WordSim-353": report.similarity[0].correlation,
        "SimLex-999": report.similarity[1].correlation,
        "analogies": report.analogies[0].accuracy,
    }


def run_all(task: Task, seeds: list[int], simlex: Path) -> Iterator[tuple[int, str, Run]]:
    """Both systems in turn, seed by seed."""
    for seed in seeds:
        for system, train in SYSTEMS.items():
            seconds, matrix = train(task, seed)
            yield seed, system, Run(task.tokens / seconds, scores_of(matrix, task, simlex))


def mean(runs: list[Run]) -> Run:
    return Run(
        statistics.fmean(run.words_per_second for run in runs),
        {name: statistics.fmean(run.scores[name] for run in runs) for name in runs[0].scores},
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--embedding-dim", type=int, default=100)
    parser.add_argument("--rate", type=float, default=0.0325, help="skipgram's learning rate")
    parser.add_argument("--gensim-rate", type=float, default=0.025)
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    logging.disable(logging.WARNING)  # gensim warns of what is checked here
    simlex = find(chosen.data, "SimLex999.tsv")
    settings = Settings.of(
        embedding_dim=chosen.embedding_dim,
        epochs=chosen.epochs,
        learning_rate=chosen.rate,
        threads=chosen.threads,
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fil8.lines.txt"
        file.write_bytes(in_lines(text_of(chosen.data, "fil8.txt")))
        corpus = skipgram.encode(file)
        task = Task(file, corpus, settings, chosen.gensim_rate)
        warm_up(settings)
        print(
            f"skipgram {__version__}: {chosen.epochs} epochs of {corpus.summary.tokens:,} words, "
            f"{len(corpus.vocabulary):,} types, {chosen.threads} threads, "
            f"rates {chosen.rate:g} and {chosen.gensim_rate:g}"
        )
        runs: dict[str, list[Run]] = {system: [] for system in SYSTEMS}
        for seed, system, run in run_all(task, chosen.seeds, simlex):
            runs[system].append(run)
            print(f"seed {seed}  {system:9} {run}", flush=True)
    for system, all_of_it in runs.items():
        print(f"mean    {system:9} {mean(all_of_it)}")
    ratios = [
        one.words_per_second / other.words_per_second
        for one, other in zip(*runs.values(), strict=True)
    ]
    print(
        f"skipgram / gensim, words a second: {', '.join(f'{ratio:.2f}' for ratio in ratios)}; "
        f"median {statistics.median(ratios):.2f}"
    )


if __name__ == "__main__":
    main()

"""Levels of the exact softmax, by schedule: the objective, quality, and where MEN goes.

    python benchmarks/softmax_levels.py --data DIR [--text fil8] [--words 20000]
        [--schedules 20000x16 1250x6,5000x6,20000x4] [--seeds 1]

DIR holds, at any depth, the text, SimLex999.tsv and MEN-TR-3k.tsv. A schedule is words x sweeps,
level by level, without spelling. Beside the scores: the spread of V over its directions (the
participation ratio of its spectrum, at most the numbers of a vector), and the median length of the
vectors of frequent and of rare words. At the end: scores of each schedule, differences from the
first, and MEN by the rank of a pair's rarer word, with intervals of 95 % over other items. Pairs
are counted once.
"""

import argparse
import time
from collections.abc import Sequence

import numpy as np
from judging import Judge, Results, told, told_difference, told_surely
from texts import add_data_option, find

import skipgram
from skipgram.corpus.cooccurrence.counts import count_cooccurrence
from skipgram.evaluation.differences import differences
from skipgram.evaluation.parted import Parts
from skipgram.evaluation.parts import Part, frequency_bands, part_scores
from skipgram.evaluation.resampling import RESAMPLES
from skipgram.evaluation.scores import Score
from skipgram.runs.results import word_vectors
from skipgram.settings import SOFTMAX, Settings
from skipgram.settings.objectives import with_objective
from skipgram.settings.window_rule import WindowRule
from skipgram.training.exact.levels import Level
from skipgram.training.exact.trainer import SweepTrainer
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters
from skipgram.vectors.word_vectors import WordVectors

TEXTS = {"fil8": "whitespace", "pg20m": "words"}
BANDS = (2_500, 5_000, 10_000, 20_000)


def by_rank(found: dict[str, list[Results]]) -> Parts:
    """MEN by the rank of a pair's rarer word, and differences from the first schedule."""
    trainings = {schedule: [of["MEN"] for of in some] for schedule, some in found.items()}

    def bands(score: Score) -> Sequence[Part]:
        return frequency_bands(score, BANDS)

    first = next(iter(trainings.values()))[0]
    scores = part_scores(trainings, bands(first), RESAMPLES)
    return Parts(tuple(scores), differences([trainings], RESAMPLES, bands))


def shape(vectors: WordVectors) -> str:
    """How a matrix spreads over its directions, and how long its rows are."""
    V = np.asarray(vectors.matrix, np.float64)
    shares = np.linalg.svd(V - V.mean(axis=0), compute_uv=False) ** 2
    spread = shares.sum() ** 2 / (shares**2).sum()
    lengths = np.linalg.norm(V, axis=1)
    frequent, rare = np.median(lengths[: BANDS[0]]), np.median(lengths[BANDS[2] :])
    return f"spread {spread:.1f}, lengths {frequent:.2f} and {rare:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--text", default="fil8", choices=list(TEXTS))
    parser.add_argument("--words", type=int, default=20_000)
    parser.add_argument("--schedules", nargs="+", default=["20000x16", "1250x6,5000x6,20000x4"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    source = find(chosen.data, f"{chosen.text}.txt", f"{chosen.text}.txt.xz")
    corpus = skipgram.encode(
        source, tokenizer=TEXTS[chosen.text], max_vocabulary=chosen.words, progress=False
    )
    judge = Judge(chosen.data, with_men=True)
    rule = WindowRule.of(settings_of(1, chosen.threads))
    counts = count_cooccurrence(corpus, rule, threads=chosen.threads)
    noise = Noise.of(corpus.vocabulary.counts, 0.75)
    found: dict[str, list[Results]] = {schedule: [] for schedule in chosen.schedules}
    for schedule in chosen.schedules:
        levels = tuple(Level(*map(int, of.split("x"))) for of in schedule.split(","))
        for seed in chosen.seeds:
            settings = settings_of(seed, chosen.threads)
            fresh = Parameters.normal(len(corpus.vocabulary), settings.model.embedding_dim, seed)
            start = fresh.of_rows(corpus.vocabulary.by_count[: levels[0].words])
            trainer = SweepTrainer(corpus, counts, noise, start, settings, levels)
            began = time.perf_counter()
            list(trainer)
            seconds = time.perf_counter() - began
            objective, vectors = trainer.state.ends[-1].objective, word_vectors(trainer)
            found[schedule].append(judge.results(vectors))
            print(
                f"{schedule}  seed {seed}  {seconds:.1f} s  objective {objective:.4f}  "
                f"{told(judge.scores(found[schedule][-1]))}\n    {shape(vectors)}",
                flush=True,
            )
    first, *others = chosen.schedules
    for schedule in chosen.schedules:
        print(f"{schedule}\n{told_surely(judge.sure_scores(found[schedule]))}", flush=True)
    for schedule in others:
        for items, of in judge.differences(found[schedule], found[first]).items():
            print(f"{schedule} - {first}, {items}: {told_difference(of)}", flush=True)
    print(f"by the rank of the rarer word\n{by_rank(found)}")


def settings_of(seed: int, threads: int) -> Settings:
    return Settings.of(
        **with_objective({"seed": seed, "threads": threads, "ngrams": "none"}, SOFTMAX)
    )


if __name__ == "__main__":
    main()

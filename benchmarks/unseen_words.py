"""Vectors of words that a training has not seen, made of their spelling: how near they come.

    python benchmarks/unseen_words.py --data DIR [--held-out 2000] [--no-fasttext]
    python benchmarks/unseen_words.py --vectors glove.6B.50d.txt

The first way: from fil8, 2,000 words are dropped, as many of each band of frequency. A training
without them spells them; one on all words says what their vectors would have been. The two are
aligned by the words that both have, and a word is judged by the cosine of its two vectors, and by
whether the nearest neighbour that it truly has is among its 10 nearest when it is spelled, all
among the words of the smaller training. fastText is judged in the same way, its n-grams as usual.

The second way: any file of vectors is regressed on the n-grams of its words, in a process of its
own; it says how long this takes, with how much memory, how long the saved folder takes to load, and
a spelled word's vector to be made; and shows what some misspellings are near to.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from anonymous import Peak, anonymous_bytes
from numpy.typing import NDArray
from scipy.stats import binomtest
from texts import add_data_option, find, in_lines, text_of

import skipgram
from skipgram.vectors.alignment import align
from skipgram.vectors.word_vectors import WordVectors
from spelling import OF_FASTTEXT

BANDS = ((5, 9), (10, 29), (30, 99), (100, 999), (1_000, 10**9))
"""How often a word of the band occurs."""
NEAREST = 10
SHOWN_MISSPELLINGS = 20
MISSPELLINGS = (
    "goverment", "recieve", "definately", "seperate", "occured", "tommorow", "wierd", "accomodate",
    "enviroment", "begining", "calender", "independant", "knowlege", "millenium", "neccessary",
    "sucessful", "unhappyness", "philosofer", "mathematicks", "governmentt", "beautifull",
    "phisics", "electrisity", "archeologic", "universitys", "teacherz", "swimmming", "quikly",
    "diffrently", "parlamentary", "televisons", "histery", "medecines", "languagge", "kingdomm",
    "musicien", "scientifical", "revolutionnary", "agriculturall", "presidentt", "hospitall",
)  # fmt: skip


def chosen_words(vectors: WordVectors, count: int) -> dict[tuple[int, int], list[str]]:
    """Words to drop, as many of each band as may be."""
    random, counts = np.random.default_rng(1), vectors.counts
    of_bands = {}
    for low, high in BANDS:
        ids = np.flatnonzero((counts >= low) & (counts <= high))
        some = random.permutation(ids)[: count // len(BANDS)]
        of_bands[low, high] = [vectors.words[number] for number in sorted(some.tolist())]
    return of_bands


def judge(
    name: str, truth: WordVectors, spelled: WordVectors, of_bands: dict[tuple[int, int], list[str]]
) -> None:
    """Print, band by band, how near spelled words come to the truth."""
    rotation = align(spelled, truth, first_words=20_000).rotation
    shared = [word for word in truth.words if word in spelled]
    theirs = unit(truth[shared])
    ours = unit(spelled[shared])
    for (low, high), words in of_bands.items():
        known = [
            word
            for word in words
            if word not in spelled and spelled.can_spell(word) and spelled[word].any()
        ]
        true, found = unit(truth[known]), unit(spelled[known])
        cosines = np.einsum("ij,ij->i", found @ rotation, true)
        nearest = (true @ theirs.T).argmax(axis=1)
        tops = np.argpartition(-(found @ ours.T), NEAREST, axis=1)[:, :NEAREST]
        among = (tops == nearest[:, None]).any(axis=1)
        share = binomtest(int(among.sum()), len(among)).proportion_ci(method="wilson")
        reach = 1.96 * cosines.std() / np.sqrt(len(cosines))
        many = f"{low:,} to {high:,}" if high < 10**9 else f"{low:,} or more"
        print(
            f"{name:10} seen {many:15} {len(known):4} of {len(words)} words spelled   cosine "
            f"{cosines.mean():.3f} ± {reach:.3f}   nearest among {NEAREST}: {among.mean():.3f} "
            f"[{share.low:.3f}, {share.high:.3f}]",
            flush=True,
        )


def unit(rows: NDArray[np.floating]) -> NDArray[np.float64]:
    wide = np.asarray(rows, np.float64)
    return np.asarray(wide / np.linalg.norm(wide, axis=1, keepdims=True))


def by_fasttext(text: list[list[bytes]], dropped: set[bytes], file: Path, threads: int) -> Path:
    """A model of the text without some words."""
    kept = b"\n".join(b" ".join(word for word in line if word not in dropped) for line in text)
    file.with_suffix(".txt").write_bytes(kept)
    settings = {**OF_FASTTEXT, "minCount": 5, "thread": threads, "verbose": 0}
    command = [sys.executable, str(Path(__file__).with_name("fasttext_command.py"))]
    subprocess.run(
        [*command, str(file.with_suffix(".txt")), str(file), json.dumps(settings)],
        check=True, capture_output=True,
    )  # fmt: skip
    return file


def held_out(chosen: argparse.Namespace) -> None:
    file = text_of(chosen.data, "fil8.txt")
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / "fil8.txt"
        place.write_bytes(in_lines(file))
        common = {"objective": "softmax", "ngrams": "3-6", "threads": chosen.threads}
        truth = skipgram.train(place, progress=False, **common)
        of_bands = chosen_words(truth, chosen.held_out)
        dropped = [word for words in of_bands.values() for word in words]
        judge(
            "skipgram",
            truth,
            skipgram.train(place, drop_words=dropped, progress=False, **common),
            of_bands,
        )
        if chosen.fasttext:
            lines = [line.split() for line in place.read_bytes().splitlines()]
            all_words, some_words = (
                skipgram.load(by_fasttext(lines, words, Path(scratch) / name, chosen.threads))
                for name, words in (
                    ("all.bin", set()),
                    ("some.bin", {word.encode() for word in dropped}),
                )
            )
            judge("fastText", all_words, some_words, of_bands)


def regressed(source: Path, threads: int) -> None:
    """What it takes to spell vectors that are there."""
    vectors = skipgram.load(source)
    print(f"{source.name}: {len(vectors):,} words × {vectors.embedding_dim}")
    vectors.with_spelling(threads=threads)  # compiles
    peak, before = Peak(), anonymous_bytes()
    peak.start()
    began = time.perf_counter()
    spelled = vectors.with_spelling(threads=threads)
    seconds = time.perf_counter() - began
    print(f"spelled in {seconds:.1f} s; {spelled.about['spelled']}")
    print(
        f"{peak.peak_bytes / 1e6:,.0f} MB of anonymous memory at most, {before / 1e6:,.0f} before"
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "spelled"
        spelled.save(folder)
        loads = [timed(lambda: skipgram.load(folder)) for _ in range(9)]
        print(f"its folder loads in {statistics.median(loads) * 1e3:.1f} ms")
        loaded = skipgram.load(folder)
        unknown = [word for word in MISSPELLINGS if word not in loaded][:SHOWN_MISSPELLINGS]
        loaded.vector(unknown[0])
        makes = [timed(partial(loaded.vector, word)) for word in unknown * 50]
        print(f"a spelled vector takes {statistics.median(makes) * 1e6:.0f} µs")
        for word in unknown:
            near = ", ".join(found.word for found in loaded.most_similar(word, k=5))
            print(f"  {word:14} {near}")


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--held-out", type=int, default=2_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-fasttext", dest="fasttext", action="store_false")
    parser.add_argument("--vectors", help="a file of vectors below the folder, to be spelled")
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    if chosen.vectors:
        regressed(find(chosen.data, chosen.vectors), chosen.threads)
    else:
        held_out(chosen)


if __name__ == "__main__":
    main()

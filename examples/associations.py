"""Which words are nearer to which ideas: two tests of association, and what can mislead in them.

    python associations.py               # vectors of the bundled dictionary, trained in seconds
    python associations.py my-vectors    # your vectors, in any format that skipgram loads

WEAT asks whether one list of words leans to one list of attributes, and another list to another;
RIPA, how far single words lie along the relation of a pair. The lists stand below: choose yours
before you look at any vectors, or p means nothing. Where wefe is installed, it runs WEAT too.
"""

import argparse
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

import numpy as np

import skipgram

Lists = tuple[list[str], list[str]]


class Question(NamedTuple):
    """Do the first targets lean to the first attributes, and the second ones to the second?"""

    name: str
    targets: Lists
    attributes: Lists


def words(line: str) -> list[str]:
    return line.split()


INSTRUMENTS = words("cello guitar lute clarinet trumpet bassoon drum harp oboe piano viola flute")
WEAPONS = words("arrow missile spear axe dagger harpoon pistol sword rifle bomb shotgun cannon")
FLOWERS = words("aster clover poppy azalea crocus iris orchid rose daffodil tulip daisy lily")
INSECTS = words("ant caterpillar locust spider fly bee cockroach gnat mosquito beetle moth wasp")
PLEASANT = words("freedom health love peace cheer friend heaven pleasure honest lucky happy")
UNPLEASANT = words("abuse murder sickness accident death grief poison hatred jail ugly rotten")
WORK = words("management professional corporation salary office business career executive")
HOME = words("home parents children family cousins marriage wedding relatives")
MALE = words("male man boy brother he him his son")
FEMALE = words("female woman girl sister she her hers daughter")

QUESTIONS = [
    Question("flowers and insects", (FLOWERS, INSECTS), (PLEASANT, UNPLEASANT)),
    Question("instruments and weapons", (INSTRUMENTS, WEAPONS), (PLEASANT, UNPLEASANT)),
    Question("work and home", (WORK, HOME), (MALE, FEMALE)),
]
"""From Caliskan, Bryson & Narayanan 2017, shortened to words that a dictionary has."""

PAIRS = [("man", "woman"), ("he", "she"), ("his", "her"), ("boy", "girl")]
OCCUPATIONS = words("soldier engineer nurse dancer teacher farmer queen king")


def dictionary_vectors() -> skipgram.WordVectors:
    """Train on the bundled dictionary, by company alone: spelling is no association."""
    return skipgram.train(
        skipgram.demo_corpus(),
        objective="negative-sampling",  # The model that RIPA was derived for.
        embedding_dim=50,
        ngrams="none",
        threads=1,
        progress=False,
    )


def corrected(p_values: Sequence[float]) -> list[float]:
    """Correct p for the number of tests, as some of many are low by chance: Holm's method."""
    least, found = 0.0, [0.0] * len(p_values)
    for done, place in enumerate(np.argsort(p_values).tolist()):
        least = max(least, min(1.0, p_values[place] * (len(p_values) - done)))
        found[place] = least
    return found


def without_one_attribute(vectors: skipgram.WordVectors, asked: Question) -> list[float]:
    """The effect sizes with each attribute left out in turn: do they hang on a few words?"""
    found = []
    for side, listed in enumerate(asked.attributes):
        for left_out in listed:
            attributes = [list(each) for each in asked.attributes]
            attributes[side].remove(left_out)
            # No p is wanted here, so a single partition will do.
            test = skipgram.association(vectors, asked.targets, attributes, permutations=1)
            found.append(test.effect_size)
    return found


def show_tests(vectors: skipgram.WordVectors) -> None:
    """Print each question's effect size, its p alone and among the others, and its range."""
    tests = [skipgram.association(vectors, asked.targets, asked.attributes) for asked in QUESTIONS]
    among = corrected([test.two_sided_p_value for test in tests])
    print("WEAT                         d  p (two-sided)  corrected  d without one attribute")
    for asked, test, p_value in zip(QUESTIONS, tests, among, strict=True):
        sizes = without_one_attribute(vectors, asked)
        spread = f"{min(sizes):.2f} to {max(sizes):.2f}"
        numbers = f"{test.effect_size:6.2f}  {test.two_sided_p_value:13.4f}  {p_value:9.4f}"
        print(f"{asked.name:<23} {numbers}  {spread}")
        missing = [*test.missing_targets, *test.missing_attributes]
        if any(missing):
            print("  without a vector:", ", ".join(word for each in missing for word in each))


def show_relations(vectors: skipgram.WordVectors) -> None:
    """Print where words lie along the first pair, and along all: as a rank among all words."""
    columns = []
    for pairs in (PAIRS[:1], PAIRS):
        found = skipgram.relational_association(vectors, OCCUPATIONS, pairs)
        everything = vectors.matrix @ found.direction
        columns.append({w: (s, (everything < s).mean()) for w, s in found.scores.items()})
    one, other = PAIRS[0]
    print(f"\nRIPA       {one} − {other}  words below  {len(PAIRS)} pairs  words below")
    for word in columns[0]:
        (alone, rank), (several, rank_of_several) = (column[word] for column in columns)
        print(f"{word:<10} {alone:11.2f}  {rank:11.0%}  {several:7.2f}  {rank_of_several:11.0%}")


def hand_over(vectors: skipgram.WordVectors, asked: Question) -> None:
    """Ask wefe the same, which takes gensim's KeyedVectors."""
    try:
        model_of = import_module("wefe.word_embedding_model").WordEmbeddingModel
        query_of = import_module("wefe.query").Query
        weat_of = import_module("wefe.metrics").WEAT
    except (ImportError, AttributeError) as error:  # versions before 1 fail with NumPy 2
        print(f"\nwefe is not here ({error}): pip install 'wefe>=1'")
        print("it would take vectors.to_gensim()")
        return
    test = skipgram.association(vectors, asked.targets, asked.attributes)
    targets, attributes = (
        [list(each) for each in lists] for lists in (test.targets, test.attributes)
    )
    query = query_of(targets, attributes, ["X", "Y"], ["A", "B"])
    found = weat_of().run_query(query, model_of(vectors.to_gensim(), "vectors"))
    n = len(test.scores)
    same = test.effect_size * (n / (n - 1)) ** 0.5
    print(f"\nwefe, of {asked.name}: d {found['effect_size']:.4f}")
    print(f"skipgram, with wefe's n for the n − 1 in the deviation: d {same:.4f}")


def main(arguments: Sequence[str] | None = None) -> None:
    usage, _, rest = (__doc__ or "").partition("\n\n")
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=usage, epilog=rest, formatter_class=as_written)
    parser.add_argument("vectors", nargs="?", help="by default those of the bundled dictionary")
    options = parser.parse_args(arguments)
    try:
        vectors = skipgram.load(options.vectors) if options.vectors else dictionary_vectors()
        show_tests(vectors)
        show_relations(vectors)
        hand_over(vectors, QUESTIONS[0])
    except skipgram.SkipgramError as error:
        parser.exit(1, f"{error}\n")
    print(
        "\nWEAT tends to overestimate bias, and the lists decide much. Neither test shows that a"
        "\nbias is absent, nor that it comes from the text: train with other seeds, and compare."
    )


if __name__ == "__main__":
    main()

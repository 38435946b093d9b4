"""Which words changed their company between two slices of a corpus, and which only seem to?

    python time_slices.py                        # a trial: the dictionary, one word made to change
    python time_slices.py 1850s.txt 1950s.txt    # your files, folders or patterns

Each slice is trained by itself, the older vectors are turned to the newer ones, and the words that
end farthest apart are listed, with the neighbours they gained and lost. Then the same text is split
at random, and *chance* is how many words of that split drift as far: where it is not far below the
word's place in the list, the word tells nothing.
"""

import argparse
import lzma
import random
from bisect import bisect_right
from collections.abc import Sequence

import skipgram

Sentences = list[list[str]]


def planted_slices() -> tuple[Sentences, Sentences]:
    """Take every other line of the dictionary; the newer ones say *virus* for *computer*."""
    with lzma.open(skipgram.demo_corpus(), "rt", encoding="utf-8") as file:
        lines = [line.split() for line in file]
    newer = [["virus" if word == "computer" else word for word in line] for line in lines[1::2]]
    return lines[0::2], newer


def read_slices(older: str, newer: str, tokenizer: str) -> tuple[Sentences, Sentences]:
    """Read both slices; a phrase joined in only one of them would seem to have changed."""
    phraser = skipgram.find_phrases([older, newer], phrases=1, tokenizer=tokenizer)
    # A word that is rare in both slices may be frequent enough in the random split: keep all.
    first = skipgram.encode(older, phraser=phraser, min_count=1)
    second = skipgram.encode(newer, phraser=phraser, min_count=1)
    return list(first.sentences()), list(second.sentences())


def random_slices(older: Sentences, newer: Sentences, block: int) -> tuple[Sentences, Sentences]:
    """Split the same text at random, block by block, as neighbouring sentences share a topic."""
    sentences = older + newer
    blocks = [sentences[start : start + block] for start in range(0, len(sentences), block)]
    random.Random(1).shuffle(blocks)
    shuffled = [sentence for sentences in blocks for sentence in sentences]
    return shuffled[: len(older)], shuffled[len(older) :]


def changes(
    slices: tuple[Sentences, Sentences], options: argparse.Namespace
) -> list[skipgram.Change]:
    """Train both slices, and list their most frequent words from the most changed on."""
    older, newer = (
        skipgram.train(
            sentences,
            embedding_dim=options.embedding_dim,
            max_vocabulary=options.max_vocabulary,
            subsample=1e-3,  # The default drops too much of a short text.
            ngrams="none",  # Company alone counts, not how a word is spelled.
        )
        for sentences in slices
    )
    alignment = skipgram.align(older, newer, first_words=options.first_words)
    return alignment.changes(options.first_words, first_words=options.first_words)


def report(found: list[skipgram.Change], drift: list[float], k: int) -> None:
    """Print the k most changed words; `drift` holds the cosines of the random split, rising."""
    print(f"{'word':<14} cosine  chance  {'gained':<38} lost")
    for change in found[:k]:
        chance = bisect_right(drift, change.similarity)
        gained, lost = ", ".join(change.gained[:4]), ", ".join(change.lost[:4])
        print(f"{change.word:<14} {change.similarity:>6.2f}  {chance:>6}  {gained:<38} {lost}")
    surer = sum(change.similarity < drift[0] for change in found)
    print(f"of {len(found):,} words, lower than any of the random split ({drift[0]:.2f}): {surer}")


def main(arguments: Sequence[str] | None = None) -> None:
    usage, _, rest = (__doc__ or "").partition("\n\n")
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=usage, epilog=rest, formatter_class=as_written)
    parser.add_argument("slices", nargs="*", metavar="SLICE", help="the older text and the newer")
    parser.add_argument("--tokenizer", default="words", help="whitespace for text in tokens")
    parser.add_argument("--first-words", type=int, default=1500, help="frequent words to judge")
    parser.add_argument("--max-vocabulary", type=int, default=3000, help="words to train")
    parser.add_argument("--embedding-dim", type=int, default=30, help="more need longer slices")
    parser.add_argument("--block", type=int, default=20, help="lines kept together at random")
    parser.add_argument("-k", type=int, default=10, help="words to list")
    options = parser.parse_args(arguments)
    if len(options.slices) not in (0, 2):
        parser.error("give two texts, the older and the newer, or none for a trial")
    try:
        slices = planted_slices()
        if options.slices:
            older, newer = options.slices
            slices = read_slices(older, newer, options.tokenizer)
        found = changes(slices, options)
        by_chance = changes(random_slices(*slices, options.block), options)
    except skipgram.SkipgramError as error:
        parser.exit(1, f"{error}\n")
    report(found, [change.similarity for change in by_chance], options.k)


if __name__ == "__main__":
    main()

"""Which words changed their company between two slices of a corpus, and which only seem to?

    python time_slices.py                        # a trial: the dictionary, one word made to change
    python time_slices.py 1850s.txt 1950s.txt    # your files, folders or patterns

Each slice is trained by itself, and *common* is the share of a word's 25 nearest words that are the
same in both. Some words have little in common by chance alone: *at random* is the same share where
the same text was split at random. The words that fall farthest below it are listed, with the
neighbours they gained and lost. If nothing had changed, as many would rise as fall.

One long book about one thing looks like a change of its words. Keep whole documents together, or
about as many sentences, to count that as chance: --block 1000.
"""

import argparse
import lzma
import random
from collections.abc import Sequence

import skipgram

Sentences = list[list[str]]
Slices = tuple[Sentences, Sentences]


def planted_slices() -> Slices:
    """Take every other line of the dictionary; the newer ones say *virus* for *computer*."""
    with lzma.open(skipgram.demo_corpus(), "rt", encoding="utf-8") as file:
        lines = [line.split() for line in file]
    newer = [["virus" if word == "computer" else word for word in line] for line in lines[1::2]]
    return lines[0::2], newer


def read_slices(older: str, newer: str, tokenizer: str) -> Slices:
    """Read both slices; a phrase joined in only one of them would seem to have changed."""
    phraser = skipgram.find_phrases([older, newer], phrases=1, tokenizer=tokenizer)
    # A word that is rare in both slices may be frequent enough in the random split: keep all.
    first, second = (
        skipgram.encode(path, phraser=phraser, tokenizer=tokenizer, min_count=1)
        for path in (older, newer)
    )
    return list(first.sentences()), list(second.sentences())


def random_slices(older: Sentences, newer: Sentences, block: int) -> Slices:
    """Split the same text at random, in blocks: sentences, or for instance documents."""
    sentences = older + newer
    blocks = [sentences[start : start + block] for start in range(0, len(sentences), block)]
    random.Random(1).shuffle(blocks)
    shuffled = [sentence for sentences in blocks for sentence in sentences]
    return shuffled[: len(older)], shuffled[len(older) :]


def changes(slices: Slices, options: argparse.Namespace) -> list[skipgram.Change]:
    """Train both slices, and compare the neighbours of their most frequent words."""
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
    return alignment.changes(
        options.first_words, first_words=options.first_words, by="overlap", neighbors=25
    )


def report(found: list[skipgram.Change], by_chance: list[skipgram.Change], k: int) -> None:
    """Print the k words that fall farthest, and how many fall farther than any rises."""
    at_random = {change.word: change.overlap for change in by_chance}
    both = [change for change in found if change.word in at_random]
    falls = {change.word: at_random[change.word] - change.overlap for change in both}
    both.sort(key=lambda change: falls[change.word], reverse=True)
    print(f"{'word':<14} common  at random  {'gained':<38} lost")
    for change in both[:k]:
        shares = f"{change.overlap:>6.0%}  {at_random[change.word]:>9.0%}"
        gained, lost = ", ".join(change.gained[:4]), ", ".join(change.lost[:4])
        print(f"{change.word:<14} {shares}  {gained:<38} {lost}")
    rise = -min(falls.values())
    surer = sum(fall > rise for fall in falls.values())
    print(f"{surer} of {len(both):,} words fall farther than any rises ({rise:.0%})")


def main(arguments: Sequence[str] | None = None) -> None:
    usage, _, rest = (__doc__ or "").partition("\n\n")
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=usage, epilog=rest, formatter_class=as_written)
    parser.add_argument("slices", nargs="*", metavar="SLICE", help="the older text and the newer")
    parser.add_argument("--tokenizer", default="words", help="whitespace for text in tokens")
    parser.add_argument("--first-words", type=int, default=1500, help="frequent words to judge")
    parser.add_argument("--max-vocabulary", type=int, default=3000, help="words to train")
    parser.add_argument("--embedding-dim", type=int, default=30, help="more need longer slices")
    parser.add_argument(
        "--block", type=int, default=1, help="sentences that stay together at random"
    )
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
    report(found, by_chance, options.k)


if __name__ == "__main__":
    main()

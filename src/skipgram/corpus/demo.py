"""The corpus of the demo: WordNet 3.0's dictionary, a synset a line."""

from pathlib import Path

from skipgram.errors import FormatError

DEMO_SHA256 = "1d2098aa237d7200057ba7ad7e8ab94c4b3d322f7b673b3d5d9f10472d0783fe"
"""Of the text, unpacked: the demo recognises its own vectors by it."""


def demo_corpus() -> Path:
    """The packed text file that comes with the package.

    117,659 lines, 1,759,542 words: each line a synset's lemmas, then its gloss
    and examples. Copyright 2006 by Princeton University; the licence lies
    beside it.
    """
    path = Path(__file__).parent / "data" / "wordnet-3.0.txt.xz"
    if not path.is_file():
        raise FormatError(f"{path} is missing from the installation; install skipgram again")
    return path

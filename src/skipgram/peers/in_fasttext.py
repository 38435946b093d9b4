"""A process that trains fastText's skip-gram on a file.

    python -m skipgram.peers.in_fasttext FILE VOCABULARY ROWS COUNTS '{"dim": 100, ...}'

It writes a row of float32 for each word of the vocabulary, and the counts that fastText found.
"""

import json
import sys

import fasttext
import numpy as np

from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.peers.telling import BEGUN, DONE, fail, tell


def main() -> None:
    """Train; fastText itself tells that it has read, and how far it is."""
    file, vocabulary, rows, counts, values = sys.argv[1:]
    words = list(Vocabulary.load(vocabulary))
    settings = json.JSONDecoder().decode(values)
    seed, defaults = settings.pop("seed"), fasttext.FastText.unsupervised_default
    if "seed" in defaults:  # which the function does not take, and earlier versions do not have
        defaults["seed"] = seed
    tell(BEGUN)
    model = fasttext.train_unsupervised(file, **settings)
    tell(DONE)
    found = dict(zip(*model.get_words(include_freq=True), strict=True))
    if missing := next((word for word in words if word not in found), None):
        fail(f"it does not know the word {missing!r}")
    np.array([model.get_word_vector(word) for word in words], "<f4").tofile(rows)
    np.array([found[word] for word in words], "<i8").tofile(counts)


if __name__ == "__main__":
    main()

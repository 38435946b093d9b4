"""A process that trains gensim's skip-gram on a file, the fast way.

    python -m skipgram.peers.in_gensim FILE VOCABULARY ROWS COUNTS '{"vector_size": 100, ...}'

It writes a row of float32 for each word of the vocabulary, and the counts that gensim found.
"""

import json
import sys
from typing import Any

import numpy as np
from gensim.models import Word2Vec
from gensim.models.callbacks import CallbackAny2Vec

from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.peers.telling import BEGUN, DONE, HAS_READ, fail, tell, tell_progress

BATCH_WORDS = 10_000
"""Its workers start inside the file: each may read a batch more or less than its part."""


class _Told(CallbackAny2Vec):  # type: ignore[misc]  # gensim has no types
    def __init__(self, epochs: int) -> None:
        self._done, self._epochs = 0, epochs

    def on_epoch_end(self, model: Any) -> None:
        """Gensim's own progress comes with whole epochs too, where it reads a file."""
        self._done += 1
        tell_progress(self._done / self._epochs)


def main() -> None:
    """Train, and see to it that all of the text was trained on."""
    file, vocabulary, rows, counts, values = sys.argv[1:]
    words = list(Vocabulary.load(vocabulary))
    model = Word2Vec(**json.JSONDecoder().decode(values))
    tell(BEGUN)
    model.build_vocab(corpus_file=file)
    tell(f"{HAS_READ}: {len(model.wv)}")
    _, raw_words = model.train(
        corpus_file=file,
        total_words=model.corpus_total_words,
        total_examples=model.corpus_count,
        epochs=model.epochs,
        callbacks=[_Told(model.epochs)],
    )
    tell(DONE)
    expected = model.epochs * model.corpus_total_words
    if abs(raw_words - expected) > model.epochs * model.workers * BATCH_WORDS:
        fail(f"it trained on {raw_words:,} words instead of {expected:,}")
    if missing := next((word for word in words if word not in model.wv), None):
        fail(f"it does not know the word {missing!r}")
    model.wv.vectors[[model.wv.key_to_index[word] for word in words]].astype("<f4").tofile(rows)
    np.array([model.wv.get_vecattr(word, "count") for word in words], "<i8").tofile(counts)


if __name__ == "__main__":
    main()

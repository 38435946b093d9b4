"""A text that vectors are to predict: encoded over their vocabulary, and cut into pieces."""

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.encoding.encoding import encode_sources
from skipgram.corpus.encoding.extending import require_text_settings_of, text_settings_of
from skipgram.corpus.inputs import encoded_already
from skipgram.corpus.sources.finding import sources_of
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import SettingsError
from skipgram.evaluation.resampling import FEWEST_UNITS
from skipgram.settings import OWN, TextSettings, VocabularySettings
from skipgram.system.machine import usable_threads
from skipgram.training.held_out.pairs import thinned
from skipgram.vectors.word_vectors import WordVectors

MOST_PIECES = 200
PIECE_TOKENS = 500
"""Of a piece of a text that has few lines."""


class Pieces(NamedTuple):
    """Known words of a text, in pieces that no window reaches out of."""

    ids: NDArray[np.int32]
    """shape (known tokens,), in the vectors' vocabulary"""
    line_ends: NDArray[np.int64]
    """of lines with a known word, and of pieces: rising"""
    ranges: NDArray[np.int64]
    """shape (pieces, 2): where each begins and ends in `ids`; it may be empty"""
    tokens: int
    """of these pieces, the unknown ones too"""


def encoded_text(corpus: Any, vectors: WordVectors, column: str) -> EncodedCorpus:
    """The text with all its words, tokenized as that of the vectors was.

    A corpus that is encoded already must have been; it lacks the words that its own vocabulary
    left out.
    """
    if (found := encoded_already(corpus)) is not None:
        require_text_settings_of(vectors.about, found)
        return found
    text = text_settings_of(vectors.about)
    if text.get("tokenizer") == OWN:
        raise SettingsError(
            "these vectors were trained with a tokenizer of your own, a function, which a folder "
            "cannot hold: encode the text with it, and give the encoded corpus: "
            "skipgram.encode(texts, tokenizer=..., min_count=1)"
        )
    return encode_sources(
        sources_of(corpus, column=column),
        TextSettings(**text),
        VocabularySettings(min_count=1),
        threads=usable_threads(),
        known=vectors.vocabulary,
        phraser=vectors.phraser,
    )


def pieces_of(corpus: EncodedCorpus, vocabulary: Vocabulary, most_tokens: int) -> Pieces:
    """The text in pieces of as many lines each, or of as many tokens where lines are few.

    Of a longer text about `most_tokens` are taken, the beginnings of all pieces. Which tokens they
    are does not depend on the vocabulary, so that pieces of one text can be compared.
    """
    borders = _borders(corpus)
    ranges = thinned(np.stack([np.append(0, borders[:-1]), borders], axis=1), most_tokens)
    numbers = np.asarray(vocabulary.ids_of(corpus.vocabulary))
    ids, line_ends = [], []
    ends = np.append(0, np.cumsum(np.diff(ranges)))
    for (start, stop), begun in zip(ranges.tolist(), ends.tolist(), strict=False):
        inside = slice(*np.searchsorted(corpus.line_ends, [start, stop], "right"))
        line_ends += [corpus.line_ends[inside] - start + begun, [begun + stop - start]]
        ids.append(numbers[corpus.ids[start:stop]])
    found = np.concatenate(ids)
    is_known = found >= 0
    known_before = np.append(0, np.cumsum(is_known))
    known_ends = np.unique(known_before[np.concatenate(line_ends)])
    return Pieces(
        found[is_known].astype(np.int32),
        known_ends[known_ends > 0],
        known_before[np.stack([ends[:-1], ends[1:]], axis=1)],
        len(found),
    )


def left_out(corpus: EncodedCorpus) -> float:
    """How many tokens the corpus's own vocabulary left out for each that it kept."""
    read = corpus.summary
    lost = read.rare_tokens + read.surplus_tokens + read.listed_tokens + read.unknown_tokens
    return lost / max(1, read.kept_tokens)


def _borders(corpus: EncodedCorpus) -> NDArray[np.int64]:
    """Where the pieces end: shape (pieces,)."""
    lines, tokens = corpus.lines, len(corpus)
    if lines >= FEWEST_UNITS:
        pieces = min(MOST_PIECES, lines)
        return corpus.line_ends[np.arange(1, pieces + 1) * lines // pieces - 1]
    pieces = max(1, min(MOST_PIECES, tokens // PIECE_TOKENS))
    return np.arange(1, pieces + 1) * tokens // pieces


def checksum(words: Iterable[str]) -> str:
    """The same for the same words in the same order."""
    return hashlib.sha256("\n".join(words).encode("utf-8", "surrogatepass")).hexdigest()

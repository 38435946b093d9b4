"""New text for existing vectors: their words keep their ids, and new words get ids after them.

The new text must be tokenized as that of the vectors was, or its words would not be theirs. It is
encoded on its own, and its ids are then replaced by those of the vectors.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.encoding.placed import placed_corpus, renumbered
from skipgram.corpus.encoding.spool import MEMORY_BYTES
from skipgram.corpus.summary import CorpusSummary
from skipgram.corpus.vocabulary.packed_words import packed_words
from skipgram.corpus.vocabulary.pruning import ways_to_keep_more
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import CorpusError, FormatError, SettingsError
from skipgram.settings import OWN, Settings, SettingValues

TOKENS_AT_ONCE = 1 << 20
_OF_THE_SOURCE = "column"
"""The column that holds a text says nothing about its tokens."""
_OF_DAMAGE = "undecodable"
"""What happens to bytes that are not text may differ from corpus to corpus."""


def extended(
    old: Vocabulary,
    new: EncodedCorpus,
    *,
    adds_words: bool,
    scratch: Path | None = None,
    memory_bytes: int = MEMORY_BYTES,
    tokens_at_once: int = TOKENS_AT_ONCE,
) -> EncodedCorpus:
    """The new text over the old vocabulary, whose words keep their ids.

    Parameters
    ----------
    old
        The words of the vectors that are trained further.
    new
        The text, encoded with its own vocabulary. Its counts (of a slice:
        those of the whole) are added to the old ones.
    adds_words
        Whether words that only the new text has get ids after the old ones, in the order of their
        ids there. If not, their tokens are left out and counted as `unknown_tokens`, and lines that
        hold no other words are left out.
    scratch
        The folder for ids that are too large for memory, in files without a name.
    memory_bytes
        Ids that take more are too large.
    tokens_at_once
        As many get their new ids together.

    """
    vocabulary = old.extended(new.vocabulary, adds_words=adds_words)
    numbers = vocabulary.ids_of(new.vocabulary)
    unknown = int(np.count_nonzero(numbers < 0))
    if unknown == len(numbers):
        raise CorpusError(
            f"none of the {unknown:,} words of the new text is among the {len(old):,} of the "
            "vectors, so there is nothing to train: add words (--add-words), or tokenize the "
            "text as theirs was"
        )
    in_memory = new.ids.dtype.itemsize * len(new) <= memory_bytes
    with placed_corpus(None, scratch, in_memory=in_memory) as placed:
        for stretch in _renumbered(new, numbers + 1, tokens_at_once):
            placed.put(*stretch)
        if placed.longest < 2:
            raise _too_short(placed.tokens, len(numbers) - unknown, unknown, new.summary)
        ids, line_ends = placed.whole()
    added = len(vocabulary) - len(old)
    return EncodedCorpus(
        ids,
        line_ends,
        vocabulary,
        _summary(new, numbers >= 0, len(ids), added),
        settings=new.settings,
        fingerprint=marked(new.fingerprint, vocabulary.words),
        phraser=new.phraser,
    )


def marked(fingerprint: str, words: Sequence[str]) -> str:
    """A fingerprint that depends on these words as well; empty where there is none."""
    if not fingerprint:
        return ""
    text, ends = packed_words(words)
    return hashlib.sha256(fingerprint.encode() + ends.tobytes() + text.tobytes()).hexdigest()


def text_settings_of(about: Mapping[str, Any]) -> dict[str, Any]:
    """How the text of vectors was tokenized, by their `about`; empty where it does not say.

    The column is not included: it concerns the tables, not the tokens.
    """
    settings = about.get("settings", {})
    text = settings.get("text") if isinstance(settings, Mapping) else settings
    if text is None:
        return {}
    try:
        known = Settings.from_dict({"text": text}).text.to_dict()
    except SettingsError as error:
        raise FormatError(
            f"this skipgram does not know how the text of the vectors was tokenized: {error}; "
            "train them further with the version that trained them"
        ) from None
    del known[_OF_THE_SOURCE]
    return known


def with_text_settings_of(about: Mapping[str, Any], values: SettingValues) -> SettingValues:
    """The given settings, completed by those of the vectors' text.

    about: of the vectors that are trained further; values: by their flat names.

    Settings that differ from those of the text are refused, and a custom tokenizer must be given
    again.
    """
    known = text_settings_of(about)
    asked: dict[str, Any] = dict(values)
    if callable(asked.get("tokenizer")):
        asked["tokenizer"] = OWN
    if known.get("tokenizer") == OWN and "tokenizer" not in asked:
        raise SettingsError(
            "the text of the vectors was tokenized by a custom function, which the folder does "
            "not hold: pass it again, from Python (tokenizer=)"
        )
    for name in known.keys() & asked.keys() - {_OF_DAMAGE}:
        if asked[name] != known[name]:
            raise SettingsError(
                f"the vectors were trained with {name} {known[name]!r}, not {asked[name]!r}, and "
                f"new text must be tokenized as theirs was; omit {name} "
                f"(--{name.replace('_', '-')}), or train new vectors"
            )
    return cast(SettingValues, {**known, **values})


def require_text_settings_of(about: Mapping[str, Any], corpus: EncodedCorpus) -> None:
    """Refuse an encoded corpus that was not tokenized like the text of the vectors."""
    known, found = text_settings_of(about), corpus.settings.get("text", {})
    for name, value in known.items():
        if name != _OF_DAMAGE and name in found and found[name] != value:
            raise SettingsError(
                f"the corpus is encoded with {name} {found[name]!r}, and the vectors were trained "
                f"with {value!r}; encode its text again as theirs was (skipgram encode)"
            )


def _renumbered(
    new: EncodedCorpus, ids_from_1: NDArray[np.int32], tokens_at_once: int
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int64]]]:
    """As `renumbered`, a stretch of the corpus at a time."""
    for start in range(0, len(new), tokens_at_once):
        numbers = new.ids[start : start + tokens_at_once]
        inside = slice(*np.searchsorted(new.line_ends, [start, start + len(numbers)], "right"))
        yield renumbered(numbers, new.line_ends[inside] - start, ids_from_1)


def _too_short(tokens: int, known: int, unknown: int, read: CorpusSummary) -> CorpusError:
    """The error for lines of one token each, or none."""
    ways = ways_to_keep_more(read.rare_types, read.surplus_types, read.listed_types)
    ways.append("put words that belong together on one line")
    if unknown:
        ways.insert(0, f"add the {unknown:,} words that they do not have (--add-words)")
    return CorpusError(
        "no line of the new text holds two of the words of the vectors, so no word has a "
        f"neighbour to learn from: {tokens:,} tokens are left, of {known:,} words; "
        f"{', or '.join(ways)}"
    )


def _summary(
    new: EncodedCorpus, is_kept: NDArray[np.bool_], tokens: int, added: int
) -> CorpusSummary:
    """What became of the new text: what was counted before, and what is left of it here."""
    before, kept = new.summary, np.flatnonzero(is_kept).tolist()
    words, counts = new.vocabulary.words, new.vocabulary.counts
    null_bytes = before.null_bytes and sum(words[n].count("\0") * int(counts[n]) for n in kept)
    return replace(
        before,
        kept_tokens=tokens,
        kept_types=len(kept),
        null_bytes=null_bytes,
        unknown_tokens=len(new) - tokens,
        unknown_types=len(is_kept) - len(kept),
        added_types=added,
    )

"""Phrases by their words: listed, and joined in any text as they were in the one they are of."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError

JOINT = "_"
"""Between the words of a phrase."""

_LISTED = "iterate over it: each Phrase has its words, count and score"
_FOUND_ONCE = "give all texts to skipgram.find_phrases(corpus) at once"
_A_SETTING = "it is a setting of skipgram.find_phrases and skipgram.train:"
_KEPT = "it is kept with vectors and encoded corpora: vectors.save(folder)"
_ELSEWHERE = {
    "export_phrases": _LISTED,
    "phrasegrams": _LISTED,
    "vocab": _LISTED,
    "score_item": _LISTED,
    "find_phrases": "use skipgram.find_phrases(corpus)",
    "analyze_sentence": "use phraser.join(tokens)",
    "add_vocab": _FOUND_ONCE,
    "learn_vocab": _FOUND_ONCE,
    "freeze": "it never changes",
    "save": _KEPT,
    "load": "use skipgram.load(folder).phraser",
    "threshold": f"{_A_SETTING} phrase_threshold=100",
    "scoring": f'{_A_SETTING} phrase_score="count", or "npmi"',
    "min_count": f"{_A_SETTING} phrase_min_count=5",
    "delimiter": "it is always _",
    "connector_words": "there are none: a phrase's words follow each other",
    "max_vocab_size": "pairs are forgotten by themselves where there are too many",
    "progress_per": "progress is shown by itself",
    "corpus_word_count": "skipgram.count_words(corpus).total",
    "min_reduce": "pairs are forgotten by themselves where there are too many",
    "lifecycle_events": "vectors.about says where they come from",
    "add_lifecycle_event": "vectors.about says where they come from",
}
"""What to write instead of gensim's names, on its Phrases and FrozenPhrases."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two words that belong together; either may be a phrase of an earlier pass."""

    first: str
    second: str
    count: int
    """how often they were seen side by side"""
    score: float
    """how much more often than by chance: see `skipgram train --phrase-score`"""

    def __str__(self) -> str:
        return f"{self.first}{JOINT}{self.second}"


@dataclass(frozen=True, eq=False)
class PhrasePass:
    """The phrases of one pass over a text, by falling score.

    Phrase i is firsts[i] and then seconds[i]; counts is int64, scores float64.
    """

    firsts: Sequence[str]
    seconds: Sequence[str]
    counts: NDArray[np.int64]
    scores: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.firsts)

    def __iter__(self) -> Iterator[Phrase]:
        rows = zip(
            self.firsts, self.seconds, self.counts.tolist(), self.scores.tolist(), strict=True
        )
        return (Phrase(*row) for row in rows)


@dataclass(frozen=True, eq=False)
class Phraser:
    """The phrases of a text, pass by pass: `vectors.phraser` has those of a training.

    It lists them with count and score, each pass by falling score, and `join`s them in other
    text. `len` counts them.

    Examples
    --------
    >>> import skipgram
    >>> text = ["in new york", "to new york", "near new york"] * 9
    >>> vectors = skipgram.train(iter(text), phrases=1, phrase_threshold=1, min_count=1)
    >>> vectors.phraser.join(["off", "to", "new", "york"])
    ['off', 'to', 'new_york']
    >>> print(*vectors.phraser)
    new_york

    """

    passes: tuple[PhrasePass, ...]
    tokenizer: str = "whitespace"
    """how the text was split in which they were found"""

    def __len__(self) -> int:
        return sum(map(len, self.passes))

    def __iter__(self) -> Iterator[Phrase]:
        for of_pass in self.passes:
            yield from of_pass

    def __repr__(self) -> str:
        count, passes = len(self), len(self.passes)
        return (
            f"<Phraser: {count:,} phrase{'s' * (count != 1)} of {passes} "
            f"pass{'es' * (passes != 1)}>"
        )

    def __getattr__(self, name: str) -> NoReturn:
        told = f": {_ELSEWHERE[name]}" if name in _ELSEWHERE else ""
        raise AttributeError(f"'Phraser' object has no attribute {name!r}{told}")

    def __getitem__(self, tokens: object) -> NoReturn:
        raise TypeError("a Phraser is not indexed: phraser.join(tokens) joins one line's phrases")

    def join(self, tokens: Iterable[str]) -> list[str]:
        """The tokens of one line or sentence, with those that are phrases joined.

        From left to right, pass by pass, as the training did: of "a b c" with the phrases
        (a, b) and (b, c) the first is made.

        Raises
        ------
        SettingsError
            If it is one text, not a list of tokens.

        """
        if isinstance(tokens, str):
            raise SettingsError(
                f"give a list of tokens, not the text {tokens!r:.60}; vectors.tokenize(text) "
                "splits it first"
            )
        joined = list(tokens)
        for joints in self._joints:
            joined = _joined(joined, joints)
        return joined

    @cached_property
    def _joints(self) -> list[dict[tuple[str, str], str]]:
        return [
            {(phrase.first, phrase.second): str(phrase) for phrase in of_pass}
            for of_pass in self.passes
        ]

    def with_those_of(self, other: "Phraser | None") -> "Phraser":
        """These phrases, and in each pass the other's that are not among them."""
        if other is None:
            return self
        shared = zip(self.passes, other.passes, strict=False)
        longer = max(self.passes, other.passes, key=len)
        both = [_both(one, another) for one, another in shared]
        return Phraser((*both, *longer[len(both) :]), self.tokenizer)


def _joined(tokens: Sequence[str], joints: dict[tuple[str, str], str]) -> list[str]:
    joined: list[str] = []
    last: str | None = None
    for token in tokens:
        if last is None:
            last = token
        elif (whole := joints.get((last, token))) is not None:
            joined.append(whole)
            last = None
        else:
            joined.append(last)
            last = token
    return joined if last is None else [*joined, last]


def _both(one: PhrasePass, other: PhrasePass) -> PhrasePass:
    known = set(zip(one.firsts, one.seconds, strict=True))
    new = [phrase for phrase in other if (phrase.first, phrase.second) not in known]
    return PhrasePass(
        [*one.firsts, *(phrase.first for phrase in new)],
        [*one.seconds, *(phrase.second for phrase in new)],
        np.append(one.counts, np.array([phrase.count for phrase in new], np.int64)),
        np.append(one.scores, [phrase.score for phrase in new]),
    )

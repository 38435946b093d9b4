"""Which of the types that were seen become words: the rules, what they keep, what they drop."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import repeat
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import CorpusError, SettingsError
from skipgram.settings.given_words import listed_words

_KEEP, _DROP = 1, 2


@dataclass(frozen=True)
class PruningRules:
    """Which of the types that were seen become words; checked when made, before any text is read.

    min_count: types seen less often are dropped, except those in keep_words. max_vocabulary: at
    most this many of the others stay, those in keep_words first and then the most frequent; 0 sets
    no bound. drop_words: never kept.
    """

    min_count: int
    max_vocabulary: int = 0
    keep_words: Collection[str] = ()
    drop_words: Collection[str] = ()

    def __post_init__(self) -> None:
        for name, least in (("min_count", 1), ("max_vocabulary", 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, Integral):
                raise SettingsError(f"{name} must be a whole number, not {value!r}")
            if int(value) < least:
                raise SettingsError(f"{name} must be at least {least}, not {value}")
        for name in ("keep_words", "drop_words"):
            object.__setattr__(self, name, listed_words(name, getattr(self, name)))
        dropped = set(self.drop_words)
        for word in self.keep_words:
            if word in dropped:
                raise SettingsError(
                    f"{word!r} is in both keep_words and drop_words; remove it from one of them"
                )
        if self.max_vocabulary == 1:
            raise SettingsError(
                "max_vocabulary 1 leaves one word, and vectors need at least two: "
                "raise it (--max-vocabulary), or give 0 for no bound"
            )
        if 0 < self.max_vocabulary < len(set(self.keep_words)):
            raise SettingsError(
                f"max_vocabulary {self.max_vocabulary:,} has no room for the "
                f"{len(set(self.keep_words)):,} keep_words: raise it (--max-vocabulary) or keep "
                "fewer words (--keep-words)"
            )


@dataclass(frozen=True)
class Dropped:
    """What one rule dropped: how many types, and how many tokens of them."""

    types: int
    tokens: int


@dataclass(frozen=True, eq=False)
class Pruned:
    """The types that become words, and what each rule took.

    words, counts: of what is kept, by falling count, ties by first appearance.
    ids: shape (types,), int32: the id of each type, or -1 where it was dropped.
    A type that several rules would drop counts for the first of the three.
    """

    words: list[str]
    counts: NDArray[np.int64]
    ids: NDArray[np.int32]
    by_drop_words: Dropped
    by_min_count: Dropped
    by_max_vocabulary: Dropped
    keep_words_unseen: int
    """asked to be kept, but never seen"""
    drop_words_unseen: int
    """asked to be dropped, but not among the types"""

    @property
    def tokens(self) -> int:
        """How many tokens are kept."""
        return exact_sum(self.counts)

    @property
    def ways_to_keep_more(self) -> list[str]:
        """A way for each rule that dropped something."""
        return ways_to_keep_more(
            self.by_min_count.types, self.by_max_vocabulary.types, self.by_drop_words.types
        )


def _as_bytes(word: str) -> bytes:
    """A listed word in UTF-8; one that UTF-8 cannot encode gets bytes that no type has."""
    return word.encode(errors="surrogatepass")


def _decoded(types: Sequence[bytes], numbers: NDArray[np.int64]) -> list[str]:
    return [types[number].decode() for number in numbers.tolist()]


def prune(
    types: Sequence[Any],
    counts: NDArray[np.int64],
    rules: PruningRules,
    *,
    as_type: Callable[[str], Any] = _as_bytes,
    as_words: Callable[[Any, NDArray[np.int64]], list[str]] = _decoded,
    least_words: int = 2,
) -> Pruned:
    """Choose the words among all types, and number them by falling count.

    Parameters
    ----------
    types
        In the order of their first appearance, in UTF-8 unless the next two
        say otherwise. Python looks at all of them only where a list is given.
    counts
        shape (len(types),): how often each was seen.
    rules
        Which types become words.
    as_type
        Turns a listed word into a type.
    as_words
        The words of some types, by their numbers; only what is kept is decoded.
    least_words
        CorpusError if fewer are left: with fewer than two there is nothing to predict.

    """
    verdict = np.zeros(len(types), np.int8)
    if rules.keep_words or rules.drop_words:
        verdicts = {as_type(word): _KEEP for word in rules.keep_words}
        verdicts |= {as_type(word): _DROP for word in rules.drop_words}
        verdict = np.fromiter(map(verdicts.get, types, repeat(0)), np.int8, len(types))
    is_listed, is_dropped = (verdict == _KEEP) & (counts > 0), verdict == _DROP
    passes = (is_listed | (counts >= rules.min_count)) & ~is_dropped
    order = np.flatnonzero(passes)
    order = order[np.argsort(-counts[order], kind="stable")]
    stays = np.ones(len(order), bool)
    if rules.max_vocabulary:
        others = ~is_listed[order]
        room = rules.max_vocabulary - np.count_nonzero(~others)
        stays = ~others | (np.cumsum(others) <= room)
    kept = order[stays]
    ids = np.full(len(types), -1, np.int32)
    ids[kept] = np.arange(len(kept), dtype=np.int32)
    pruned = Pruned(
        as_words(types, kept),
        counts[kept],
        ids,
        _dropped(counts[is_dropped]),
        _dropped(counts[~passes & ~is_dropped]),
        _dropped(counts[order[~stays]]),
        len(set(rules.keep_words)) - int(np.count_nonzero(is_listed)),
        len(set(rules.drop_words)) - int(np.count_nonzero(is_dropped & (counts > 0))),
    )
    if len(kept) < least_words:
        raise _too_few(counts, rules, pruned)
    return pruned


def ways_to_keep_more(rare: int, surplus: int, listed: int) -> list[str]:
    """What to do if too few words are kept: a way for each rule that dropped some.

    rare, surplus, listed: how many types min_count, max_vocabulary and drop_words dropped.
    """
    ways = {
        "lower min_count (--min-count), which dropped": rare,
        "raise max_vocabulary (--max-vocabulary), which dropped": surplus,
        "drop fewer words (--drop-words), which dropped": listed,
    }
    return [f"{way} {types:,} word{'s' * (types > 1)}" for way, types in ways.items() if types]


def exact_sum(counts: NDArray[np.int64]) -> int:
    """The sum, also where it is more than 64 bits hold."""
    return (int((counts >> 32).sum()) << 32) + int((counts & 0xFFFFFFFF).sum())


def _dropped(counts: NDArray[np.int64]) -> Dropped:
    """What a rule dropped, without types whose tokens are all in phrases."""
    return Dropped(int(np.count_nonzero(counts)), exact_sum(counts))


def _too_few(counts: NDArray[np.int64], rules: PruningRules, pruned: Pruned) -> CorpusError:
    """The error if no word is left, or only one: it names the rules that dropped the others."""
    kept, listed, rare = pruned.words, pruned.by_drop_words.types, pruned.by_min_count.types
    largest, often = int(counts.max(initial=0)), f"{rules.min_count} times or more"
    if not listed and not kept:
        return CorpusError(
            f"no word occurs {often}: the most frequent of {len(counts):,} has "
            f"count {largest}; lower min_count (--min-count) or give more text"
        )
    if not listed and largest >= rules.min_count:
        return CorpusError(
            f"only one word, {kept[0]!r}, occurs {often}; "
            "vectors need at least two: lower min_count (--min-count) or give more text"
        )
    taken, remedies = [], []
    if listed:
        taken.append(f"drop_words dropped {listed:,}")
        remedies.append("drop fewer words (--drop-words)")
    if rare:
        taken.append(f"min_count {rules.min_count} dropped {rare:,}")
        remedies.append("lower min_count (--min-count)")
    left = f"only one word, {kept[0]!r}," if kept else "no word"
    return CorpusError(
        f"{left} is left of {len(counts):,}: {' and '.join(taken) or 'there are no others'}; "
        f"vectors need at least two: {' or '.join([*remedies, 'give more text'])}"
    )

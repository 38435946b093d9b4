"""The vocabulary: which words there are, how often each was seen, and the id of each."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from numbers import Integral
from typing import cast

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary import file as vocabulary_file
from skipgram.corpus.vocabulary.frequent import frequent_words
from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.corpus.vocabulary.pruning import PruningRules, exact_sum, prune
from skipgram.errors import FormatError, UnknownWordError, asked_for, similar_names
from skipgram.settings.given_words import (
    Word,
    as_word,
    as_words,
    is_word,
    items_of,
    listed_words,
    why_no_word,
)
from skipgram.system.paths import PathLike, as_path
from skipgram.telling.markup import paragraphs

_SEARCHES_A_WORD = 20
"""One search of packed words takes as long as adding this many of them to a dictionary."""
_LARGEST = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, eq=False, init=False)
class Vocabulary:
    """Words by id, with their counts: lists, or an array of counts.

    A word is any text without blanks: a word of any language, a node, an item, a k-mer; no
    two are equal. An integer is the word of its decimal digits: 17 is "17". In the vocabulary of a
    corpus, ids are sorted by falling count, and equal counts by first appearance. In one that was
    `extended` they need not be: what needs the most frequent words must look at the counts.
    """

    words: Sequence[str]
    counts: NDArray[np.int64]

    def __init__(self, words: Sequence[str], counts: Sequence[int] | NDArray[np.integer]) -> None:
        if not isinstance(counts, np.ndarray):
            counts = _whole_counts(words, counts)
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "counts", counts)
        self.__post_init__()

    def __post_init__(self) -> None:
        if self.counts.shape != (len(self.words),) or self.counts.dtype.kind not in "iu":
            raise FormatError(
                f"counts are {self.counts.dtype} of shape {self.counts.shape}; {len(self.words):,} "
                f"words need whole numbers of shape ({len(self.words)},)"
            )
        if not isinstance(self.words, PackedWords) and not set(map(type, self.words)) <= {str}:
            object.__setattr__(self, "words", as_words(items_of(self.words)))
        # A view or a copy of 64 bits: the caller's own array stays as it is.
        counts = self.counts.astype(np.int64, copy=False).view()
        counts.flags.writeable = False
        object.__setattr__(self, "counts", counts)

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self.__post_init__()  # a pickle may be as damaged as any file

    def __repr__(self) -> str:
        return f"<Vocabulary of {len(self):,} words, {self.total:,} tokens>"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        size = paragraphs([f"Vocabulary of {len(self):,} words, {self.total:,} tokens"])
        return size + frequent_words(self.words, self.counts, self.by_count)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        text = as_word(word)
        return text is not None and text in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def id(self, word: Word) -> int:
        """The id of a word.

        Raises
        ------
        UnknownWordError
            With the nearest spellings, if the word is not in the vocabulary.

        """
        number = self.find(word)
        if number < 0:
            raise self._why_unknown(word)
        return number

    def _why_unknown(self, word: Word) -> UnknownWordError:
        text, among = as_word(word), f"is not among the {len(self):,} words"
        if text is None:
            return UnknownWordError(f"{word!r:.60} {among}; it is {why_no_word(word)}")
        near = similar_names(text, self.words)
        hint = asked_for(near)
        if not isinstance(word, str) and int(text) in range(len(self)):
            hint = f"; the word with id {text} is words[{text}]"
        return UnknownWordError(f"{text!r} {among}{hint}", near)

    def find(self, word: Word) -> int:
        """The id of a word, or -1."""
        text = as_word(word)
        return -1 if text is None else self._ids.get(text, -1)

    def ids_of(self, words: Collection[Word]) -> NDArray[np.int32]:
        """The id of each word, -1 for one that is not here: shape (len(words),)."""
        if type(words) is list:
            words = as_words(words)
        elif not isinstance(words, Vocabulary | PackedWords):
            words = as_words([words]) if is_word(words) else as_words(items_of(words))
        return self.ids_of_text(cast(Collection[str], words))

    def ids_of_text(self, words: Collection[str]) -> NDArray[np.int32]:
        """`ids_of` words that are known to be text."""
        ids = self._ids if len(words) * _SEARCHES_A_WORD < len(self) else self._by_word
        return np.fromiter(map(ids.get, words, repeat(-1)), np.int32, len(words))

    @cached_property
    def total(self) -> int:
        """The sum of all counts, exactly."""
        return exact_sum(self.counts)

    @cached_property
    def by_count(self) -> NDArray[np.int64]:
        """All ids, those of frequent words first: the order behind "the first N words"."""
        return np.argsort(-self.counts, kind="stable")

    @property
    def _ids(self) -> Mapping[str, int]:
        """For a few lookups: packed words are searched in place."""
        return self.words.ids if isinstance(self.words, PackedWords) else self._by_word

    @cached_property
    def _by_word(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}

    def require_sound(self, where: PathLike) -> None:
        """Raise FormatError, naming `where`, if two words are equal or a count is below 0."""
        if self._twin is not None:
            raise FormatError(f"{where}: the word {self._twin!r:.60} appears twice")
        self.require_counts(where)

    def require_counts(self, where: PathLike) -> None:
        """Raise FormatError, naming `where`, if a count is below 0."""
        if self.counts.min(initial=0) < 0:
            number = int(self.counts.argmin())
            raise FormatError(
                f"{where}: {self.words[number]!r} has count {self.counts[number]}, below 0"
            )

    @cached_property
    def is_lower_case(self) -> bool:
        """Whether no word has a capital, as in a text that was lower-cased before."""
        if isinstance(self.words, PackedWords):
            text = bytes(self.words.text).decode(errors="replace")
            return text == text.lower() or all(word == word.lower() for word in self.words)
        return all(word == word.lower() for word in self.words)

    @cached_property
    def _twin(self) -> str | None:
        """A word that has two ids."""
        if isinstance(self.words, PackedWords):
            twins = self.words.first_twin()
            return None if twins is None else self.words[twins[0]]
        if len(set(self.words)) == len(self.words):
            return None
        return Counter(self.words).most_common(1)[0][0]

    def pruned(
        self,
        *,
        min_count: int = 1,
        max_vocabulary: int = 0,
        keep_words: Collection[Word] = (),
        drop_words: Collection[Word] = (),
    ) -> "Vocabulary":
        """The words that the rules leave; `PruningRules` says what each rule does.

        Raises
        ------
        SettingsError
            If the rules contradict each other.
        CorpusError
            If fewer than two words are left.

        """
        kept = listed_words("keep_words", keep_words)
        rules = PruningRules(
            min_count, max_vocabulary, kept, listed_words("drop_words", drop_words)
        )
        pruned = prune(self.words, self.counts, rules, as_type=str, as_words=_chosen, least_words=1)
        return Vocabulary(pruned.words, pruned.counts)

    def extended(self, other: "Vocabulary", *, adds_words: bool = True) -> "Vocabulary":
        """These words with their ids, then the other's new words; counts are added up.

        Words that only the other has follow in its order, or are left out if `adds_words` is false.
        So ids need not be sorted by count.

        Raises
        ------
        FormatError
            If a sum does not fit in 64 bits.

        """
        ids = self.ids_of(other)
        added = np.flatnonzero(ids < 0) if adds_words else np.zeros(0, np.int64)
        ids[added] = np.arange(len(self), len(self) + len(added))
        here = np.flatnonzero(ids >= 0)
        counts = np.append(self.counts, np.zeros(len(added), np.int64))
        counts[ids[here]] = _sums(
            counts[ids[here]], other.counts[here], lambda number: other.words[int(here[number])]
        )
        return Vocabulary([*self.words, *_chosen(other.words, added)], counts)

    @classmethod
    def merge(cls, vocabularies: Iterable["Vocabulary"]) -> "Vocabulary":
        """The vocabulary of several corpora together: each word with the sum of its counts.

        Equal sums are sorted by where their words first appear in what is given.

        Raises
        ------
        FormatError
            If a sum does not fit in 64 bits.

        """
        places: defaultdict[str, int] = defaultdict()
        places.default_factory = places.__len__  # a new word's place is how many came before it
        sums = np.zeros(0, np.int64)
        for vocabulary in vocabularies:
            at = np.fromiter(map(places.__getitem__, vocabulary), np.int64, len(vocabulary))
            sums = np.append(sums, np.zeros(len(places) - len(sums), np.int64))
            sums[at] = _sums(sums[at], vocabulary.counts, vocabulary.words.__getitem__)
        order, words = np.argsort(-sums, kind="stable"), list(places)
        return cls(_chosen(words, order), sums[order])

    def save(self, path: PathLike, *, overwrite: bool = False) -> None:
        """Write a file of words and counts, whole or not at all.

        A name that ends in .tsv asks for text, `word<TAB>count` a line, .txt
        for `word count`, as word2vec.c and GloVe write and read it; any other
        is safetensors, which holds every word.

        Raises
        ------
        OutputExistsError
            If the file exists and `overwrite` is false.
        FormatError
            If the text cannot hold one of the words.

        """
        vocabulary_file.save(self.words, self.counts, path, overwrite=overwrite)

    @staticmethod
    def load(path: PathLike) -> "Vocabulary":
        """The vocabulary of a file that `save` wrote, or another tool in one of its text formats.

        Words of a text are put in order by falling count.

        Raises
        ------
        FormatError
            If the file is missing, damaged, or something else; with the line, in a text.

        """
        path = as_path(path)
        vocabulary = Vocabulary(*vocabulary_file.load(path))
        vocabulary.require_counts(path)
        return vocabulary


def _whole_counts(words: Sequence[str], counts: Iterable[int]) -> NDArray[np.int64]:
    """Counts that were given as a list, checked one by one, and so are the words."""
    for name, given in (("words", words), ("counts", counts)):
        if isinstance(given, str | bytes) or not isinstance(given, Iterable):
            raise FormatError(f"{name} must be a list, not {given!r:.60}")
    numbers = list(counts)
    if len(numbers) != len(words):
        raise FormatError(f"{len(words):,} words and {len(numbers):,} counts; give one for each")
    for place, (word, count) in enumerate(zip(words, numbers, strict=True), start=1):
        if not isinstance(word, str):
            raise FormatError(f"word {place:,} is {word!r:.60}, and a word is text")
        if not isinstance(count, Integral) or isinstance(count, bool):
            raise FormatError(f"the count of {word!r:.60} is {count!r:.60}, not a whole number")
        if not 0 <= count <= _LARGEST:
            raise FormatError(
                f"the count of {word!r:.60} is {count}; counts are from 0 to {_LARGEST:,}"
            )
    return np.array(numbers, np.int64)


def _sums(
    counts: NDArray[np.int64], others: NDArray[np.int64], word: Callable[[int], str]
) -> NDArray[np.int64]:
    """The sums of two counts of each word, or the error for one that does not fit in 64 bits."""
    sums = counts + others
    if (sums < others).any():  # it wrapped round to below zero
        number = int(np.argmax(sums < others))
        exact = int(counts[number]) + int(others[number])
        raise FormatError(
            f"the counts of {word(number)!r} add up to {exact:,}, and 64 bits hold no more than "
            f"{_LARGEST:,}; check the counts for damage"
        )
    return sums


def _chosen(words: Sequence[str], numbers: NDArray[np.int64]) -> list[str]:
    return [words[number] for number in numbers.tolist()]

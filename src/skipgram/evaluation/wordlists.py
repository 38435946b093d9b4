"""The words that a caller lists for a test: looked up as in any query, and the missing ones told.

A word is taken as it is written, or else in the form that it had in training, as
`vectors.similarity` does. The rule of `casing` is for files of test words, which
somebody else wrote in another case: in a caller's own list it might take "us" for
"US".
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from skipgram.evaluation.casing import spelled_forms
from skipgram.settings.given_words import listed_words
from skipgram.vectors.asked import enumeration
from skipgram.vectors.neighbors import Notes
from skipgram.vectors.word_vectors import WordVectors


class WordList(NamedTuple):
    """The different words of a list: those that have a vector, and those that have none."""

    forms: dict[str, str]
    """of each word that was found, the form that the vectors have it in"""
    missing: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Those that were found, as they were given."""
        return tuple(self.forms)


def look_up_list(vectors: WordVectors, words: Sequence[str], *, spell: bool) -> WordList:
    """Each different word; with `spell` an unknown one may have a vector from its spelling."""
    forms = {word: vectors.form_in_vocabulary(word) for word in dict.fromkeys(words)}
    unknown = [word for word, form in forms.items() if form not in vectors]
    spelled = spelled_forms(unknown, vectors) if spell else {}
    missing = {word for word in unknown if word not in spelled}
    found = {word: form for word, form in (forms | spelled).items() if word not in missing}
    return WordList(found, tuple(word for word in unknown if word in missing))


def list_of_words(name: str, given: Any) -> tuple[str, ...]:
    """The words of any iterable but a single word."""
    return listed_words(name, list(given) if isinstance(given, Iterator) else given)


def notes_on(vectors: WordVectors, forms: Iterable[tuple[str, str]]) -> Notes:
    """Which words were read in another form, and which were spelled."""
    pairs = list(dict.fromkeys(forms))
    return Notes(
        tuple(word for word, form in pairs if form not in vectors),
        tuple((word, form) for word, form in pairs if word != form and form in vectors),
    )


def named(words: Sequence[str]) -> str:
    """The first few words, in quotes."""
    return enumeration([repr(word) for word in words])

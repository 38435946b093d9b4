"""What a word is, where Python gives one: text, or an integer, which is the word of its digits.

So 17 and "17" are one word, as tables often mix the two. A number of another kind is none: 17.0 is
an integer that something has damaged, and 0.5 or True a value where no word was meant.
"""

import operator
from collections.abc import Callable, Collection, Iterable
from numbers import Real
from typing import Any, SupportsIndex, TypeGuard

from skipgram.errors import SettingsError

Word = str | SupportsIndex
"""Text, or an integer of Python's, NumPy's or any other library's."""

_LEAST, _MOST = -(1 << 63), (1 << 64) - 1
"""Of 64 bits, signed or not."""


def as_word(given: object) -> str | None:
    """The word, or None for what is none."""
    if type(given) is str:
        return given
    if isinstance(given, str):  # NumPy's str_, whose repr would clutter messages
        return str.__str__(given)
    number = _integer(given)
    return None if number is None or not _LEAST <= number <= _MOST else str(number)


def is_word(given: object) -> TypeGuard[Word]:
    """Whether it is one word, and not several."""
    return as_word(given) is not None


def why_no_word(given: object) -> str:
    """To end a message with, once it has shown what is not a word."""
    if isinstance(given, bool) or type(given).__name__ in ("bool", "bool_"):
        return "not a word; write truth values as text"
    if _integer(given) is not None:
        return "not a word: an integer of more than 64 bits; give it as text"
    if is_missing(given):
        return "not a word; leave out missing values"
    if isinstance(given, Real):
        return (
            "not a word; give integers or text (pandas turns integers with missing values among "
            'them into floats: .astype("Int64") turns them back)'
        )
    if isinstance(given, Iterable) and not isinstance(given, bytes):
        return "not a word; give words as one flat list"
    return "not a word; a word is text, or an integer"


def no_word(given: object) -> SettingsError:
    """The error for what is not a word."""
    return SettingsError(f"{shown(given)} is {why_no_word(given)}")


def as_words(given: list[Any], refusal: Callable[[Any], Exception] = no_word) -> list[str]:
    """All of them as words; the first that is none raises what `refusal` makes of it."""
    kinds = set(map(type, given))
    if kinds <= {str}:  # nearly always, and quick to check
        return given
    if kinds == {int} and _LEAST <= min(given) <= max(given) <= _MOST:
        return list(map(str, given))
    words = []
    for item in given:
        word = as_word(item)
        if word is None:
            raise refusal(item)
        words.append(word)
    return words


def listed_words(name: str, given: Any) -> tuple[str, ...]:
    """The words of a setting that is a list of them."""
    if isinstance(given, str | bytes) or not isinstance(given, Collection):
        raise SettingsError(f"{name} must be a list of words, not {given!r:.60}")

    def refusal(item: object) -> SettingsError:
        return SettingsError(f"{name} holds {item!r:.60}, which is {why_no_word(item)}")

    return tuple(as_words(items_of(given), refusal))


def items_of(given: Iterable[Any]) -> list[Any]:
    """The items of anything, those of an array as Python's own values, which is far quicker."""
    if type(given) is list:
        return list(given)
    is_time = getattr(getattr(given, "dtype", None), "kind", "") in ("m", "M")  # would be integers
    listed = None if is_time else getattr(given, "tolist", None)
    return list(given if listed is None else listed())


def is_missing(value: object) -> bool:
    """None, NaN, and pandas' own marks, which equal nothing and have no truth value."""
    if isinstance(value, float):
        return value != value  # only NaN does
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def shown(given: object) -> str:
    """A value with its type, for a message."""
    return f"{repr(given)[:60]} ({type(given).__name__})"


def _integer(given: Any) -> int | None:
    """What every integer can be used as, and neither a float nor a span of time can."""
    if isinstance(given, bool):
        return None
    try:
        return operator.index(given)
    except TypeError:
        return None

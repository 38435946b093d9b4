"""Dataclasses of plain values, read from JSON: each field has its declared type."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

_T = TypeVar("_T")
_MOST = 1 << 63
"""Whole numbers are counts, which arrays hold."""


def of_plain(kind: type[_T], values: Any) -> _T:
    """The inverse of `dataclasses.asdict`; fields with a default may be missing.

    A field that is missing, unknown or of another type is a ValueError that names it.
    """
    if not isinstance(values, Mapping):
        raise ValueError(  # noqa: TRY004  (of what a file says, as the others)
            f"{kind.__name__} is {values!r:.60}, not a mapping"
        )
    known = {item.name for item in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    if strange := sorted(map(str, values.keys() - known)):
        raise ValueError(f"{kind.__name__} has no {strange[0]!r:.60}")
    hints = get_type_hints(kind)
    given = {name: plain_value(hints[name], value, name) for name, value in values.items()}
    try:
        return kind(**given)
    except TypeError as error:  # a field without a default is missing
        raise ValueError(str(error)) from None


def plain_value(kind: Any, value: Any, name: str) -> Any:
    """A value of a type: a plain one, a dataclass, a list of these, or None where that may be."""
    if get_origin(kind) in (Union, types.UnionType):
        (other,) = (of for of in get_args(kind) if of is not type(None))
        return None if value is None else plain_value(other, value, name)
    if get_origin(kind) is list and isinstance(value, list):
        return [plain_value(get_args(kind)[0], item, name) for item in value]
    if is_dataclass(kind):
        return of_plain(kind, value)  # type: ignore[arg-type]  # a class, not one of its instances
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value) if abs(value) < _MOST else value
    is_own = type(value) is kind and not (kind is int and not 0 <= value < _MOST)
    if not is_own:
        raise ValueError(f"{name} is {value!r:.60}, where {kind.__name__} should be")
    return value

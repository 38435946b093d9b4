"""What only packed, columnar and tabular corpora need, and what to say where it is missing."""

from importlib import import_module
from typing import Any

from skipgram.errors import MissingExtraError


def data_module(name: str, needed_for: str) -> Any:
    """A module of pyarrow or zstandard, or word of how to install it.

    Raises
    ------
    MissingExtraError
        If it is not installed.

    """
    try:
        return import_module(name)
    # Any other ImportError is an installation that is broken, not missing: its own words say how.
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"{needed_for}; the module {error.name} is not installed: pip install 'skipgram[data]'"
        ) from error

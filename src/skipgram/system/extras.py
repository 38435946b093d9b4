"""Packages that only some uses need, and what to say if one is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from skipgram.errors import MissingExtraError


@contextmanager
def requires(to_install: str, needed_for: str = "") -> Iterator[None]:
    """Imports of packages that may be missing, with an error that says what to install.

    Parameters: to_install: what to give to `pip install`; needed_for: a sentence that begins the
    error, as in "tables need pyarrow".
    """
    try:
        yield
    # Any other ImportError is an installation that is broken, not missing: its own words say how.
    except ModuleNotFoundError as error:
        why = f"{needed_for}; " if needed_for else ""
        raise MissingExtraError(
            f"{why}the module {error.name} is not installed: pip install '{to_install}'"
        ) from error


def extra_module(name: str, to_install: str, needed_for: str = "") -> Any:
    """A module of such a package; for the parameters and the error see `requires`."""
    with requires(to_install, needed_for):
        return import_module(name)


def data_module(name: str, needed_for: str) -> Any:
    """A module of pyarrow or zstandard."""
    return extra_module(name, "skipgram[data]", needed_for)

"""What only the pictures need, and what to say where it is missing."""

from collections.abc import Iterator
from contextlib import contextmanager

from skipgram.errors import MissingExtraError


@contextmanager
def plots_extra() -> Iterator[None]:
    """Imports of matplotlib and scikit-learn, or word of how to install them."""
    try:
        yield
    # Any other ImportError is an installation that is broken, not missing: its own words say how.
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "pictures need matplotlib and scikit-learn; "
            f"the module {error.name} is not installed: pip install 'skipgram[plots]'"
        ) from error

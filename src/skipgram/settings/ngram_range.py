"""How long the n-grams of a word's spelling are: `3-6`, or `none`."""

import re
from typing import NamedTuple, Self

from skipgram.errors import SettingsError

NONE = "none"
MOST = 32
"""Characters of an n-gram; longer ones are whole words, or parts of very few."""
_WRITTEN = re.compile(r"\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?")


class NgramRange(NamedTuple):
    """The fewest and the most characters of an n-gram, counted in Unicode code points."""

    shortest: int
    longest: int

    @classmethod
    def of(cls, written: str) -> Self | None:
        """Read `3-6`, or `4` for 4 to 4; None for `none`."""
        if written == NONE:
            return None
        found = _WRITTEN.fullmatch(written) if isinstance(written, str) else None
        if found is None:
            raise SettingsError(
                f"ngrams (--ngrams) must be a range of characters, as 3-6, or none; not {written!r}"
            )
        shortest = int(found[1])
        longest = int(found[2] or shortest)
        if shortest > longest:
            raise SettingsError(
                f"ngrams (--ngrams) {written} runs backwards: did you mean {longest}-{shortest}?"
            )
        if shortest < 1 or longest > MOST:
            raise SettingsError(
                f"ngrams (--ngrams) must lie in 1-{MOST}, not {written}: a shorter n-gram is "
                "empty, and a longer one belongs to next to no two words"
            )
        return cls(shortest, longest)

    def __str__(self) -> str:
        return f"{self.shortest}-{self.longest}"

"""Vectors as a page to walk through: in a file, or in a notebook."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from skipgram.errors import SettingsError
from skipgram.explorer.atlas import SUFFIX, write_atlas
from skipgram.explorer.columns import Table
from skipgram.explorer.data import likely_bytes, page_data
from skipgram.explorer.page_file import page_pieces, require_moderate, write_page
from skipgram.explorer.preparing import given_sets, mapped_sets, title_of
from skipgram.explorer.progress import LayoutNote, LayoutProgress
from skipgram.system.files import whole_file
from skipgram.system.paths import PathLike, require_free_file, result_path
from skipgram.vectors.word_vectors import WordVectors
from skipgram.views.watched import watched


def explore(
    vectors: WordVectors | PathLike,
    other: WordVectors | PathLike | None = None,
    output: PathLike = "page.html",
    *,
    first_words: int | None = None,
    colors: PathLike | Table | None = None,
    title: str | None = None,
    overwrite: bool = False,
    progress: bool | None = None,
    threads: int | None = None,
    observe: Callable[[LayoutProgress | LayoutNote], None] = lambda event: None,
) -> Path:
    """Write one page in which the vectors can be looked at: a map, neighbours, analogies.

    The page needs no server and no network: all of it is in the file. The map takes some
    minutes for 50,000 words; it is kept, in the folder of the vectors if they are given by
    the path of a native one and otherwise in the user's cache, and used again until they
    change. The same vectors get the same map on each run, whatever the number of threads.

    Parameters
    ----------
    vectors
        Vectors, or their path.
    other
        A second set, to be compared with the first: its map starts from the
        first's places of the words in both.
    output
        The file to write. A name that ends in .parquet asks for a table of
        one set's words with their places and neighbours instead, for
        embedding-atlas.
    first_words
        Only this many words, the most frequent ones, are in the page; by default
        all.
    colors
        A table (CSV, TSV or Parquet) with a column `word`, whose other columns
        can colour the map; or these columns, each a name with a value for each word.
    title
        Of the page; by default the names of the sets.
    overwrite
        Whether `output` may replace a file that is there.
    progress
        As for `train`.
    threads
        By default all that the process may use.
    observe
        Called with how far the map has come, and with what is to be noted.

    Returns
    -------
    The file.

    Raises
    ------
    SettingsError
        If the page would be too large, or two sets have no word in common, or a
        table is asked for two sets.
    SkipgramError
        If fewer than three words have a vector that is not zero.
    OutputExistsError
        If the file exists and `overwrite` is false.
    FormatError
        If vectors or the table cannot be read, or the table has none of the words.

    """
    file = result_path(output)
    require_free_file(file, overwrite=overwrite)
    is_table = file.suffix == SUFFIX
    if is_table and other is not None:
        raise SettingsError("a table for embedding-atlas has one set of vectors; leave out other")
    with watched(progress, observe) as report:
        sets = given_sets(vectors, other, first_words, report)
        size = likely_bytes([given.shown for given in sets])
        if not is_table:
            require_moderate(size)
        mapped = mapped_sets(sets, colors=colors, threads=threads, observe=report)
        if is_table:
            write_atlas(file, mapped[0], overwrite=overwrite, observe=report)
            return file
        data = page_data(mapped, title or title_of(sets))
        write_page(file, data, size, overwrite=overwrite, observe=report)
    return file


_FRAME = (
    '<iframe title="{title}" srcdoc="{page}" sandbox="allow-scripts" width="100%" height="640" '
    'style="border: 1px solid #8886"></iframe>'
)
"""Without allow-same-origin: the page's scripts cannot reach the notebook around it."""


@dataclass(frozen=True, eq=False, repr=False)
class ExplorerPage:
    """One page in which vectors can be looked at: a notebook shows it below the cell.

    title: of the page. html: all of it, as a file would hold it.
    """

    title: str
    html: str

    @classmethod
    def of(
        cls,
        vectors: WordVectors | PathLike,
        other: WordVectors | PathLike | None = None,
        *,
        first_words: int | None = None,
        colors: PathLike | Table | None = None,
        title: str | None = None,
        progress: bool | None = None,
        threads: int | None = None,
    ) -> "ExplorerPage":
        """The page that `skipgram.explore` would write.

        Parameters
        ----------
        vectors, other, first_words, colors, title, progress, threads
            As for `skipgram.explore`.

        Raises
        ------
        SettingsError
            If the page would be too large, or two sets have no word in common.
        SkipgramError
            If fewer than three words have a vector that is not zero.
        FormatError
            If vectors or the table cannot be read, or the table has none of the words.

        """
        with watched(progress, lambda event: None) as report:
            sets = given_sets(vectors, other, first_words, report)
            require_moderate(likely_bytes([given.shown for given in sets]))
            mapped = mapped_sets(sets, colors=colors, threads=threads, observe=report)
        title = title or title_of(sets)
        return cls(title, b"".join(page_pieces(page_data(mapped, title))).decode())

    def save(self, file: PathLike, *, overwrite: bool = False) -> Path:
        """Write the page, whole or not at all; it needs no server and no network.

        Raises
        ------
        OutputExistsError
            If the file exists and `overwrite` is false.

        """
        place = result_path(file)
        require_free_file(place, overwrite=overwrite)
        with whole_file(place, overwrite=overwrite) as opened:
            opened.write(self.html.encode())
        return place

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.title!r}, {len(self.html) / 1e6:,.1f} MB>"

    def _repr_html_(self) -> str:
        """The page in a frame of its own, which the rest of the notebook cannot change."""
        shown = f"{self.title}: explorer of word vectors"
        return _FRAME.format(title=html.escape(shown), page=html.escape(self.html))

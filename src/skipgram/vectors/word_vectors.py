"""Word vectors: an embedding that can be asked, saved, and handed to other libraries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skipgram.system.paths import PathLike, as_path, result_path
from skipgram.vectors import arrays, interop
from skipgram.vectors.approximate import ApproximateIndex
from skipgram.vectors.elsewhere import methods_answer_other_names
from skipgram.vectors.embedding import Embedding, Shown
from skipgram.vectors.formats import native
from skipgram.vectors.predicting import Predicting
from skipgram.vectors.rows import Precision, with_precision
from skipgram.vectors.subwords.spelling import LEAST_WORDS, PENALTY, SHARE

if TYPE_CHECKING:
    import skipgram


@methods_answer_other_names
@dataclass(frozen=True, eq=False, repr=False)
class WordVectors(Predicting):
    """The vectors of a vocabulary.

    center, outside: shape (vocab_size, embedding_dim), float32 or compact: V and
    U, row by id. noise, outside_marginal: shape (vocab_size,), float64, each
    sums to 1: P_n, and each outside word's share of the training pairs. Vectors
    of other tools have center rows only, and counts of 0 if their files have
    none.
    shown: the matrix whose rows are the words' vectors. about: where they come
    from (settings, corpus, versions). subwords: makes vectors for unknown words.
    index: answers queries with `approximate=True`. spelled: one of the matrices with
    a share of what the words' spelling says added, as `with_spelling` makes it.

    No two words are equal, and no count is below 0. The rows' numbers are not
    checked here, since folders are mapped unread: searching and exporting refuse
    numbers that are nan or infinite.

    All arrays are read-only, so what was computed from them stays true.
    """

    @classmethod
    def from_arrays(
        cls,
        words: Iterable[str],
        matrix: ArrayLike,
        counts: Sequence[int] | NDArray[np.integer] | None = None,
    ) -> "WordVectors":
        """The vectors of these words: those that another program made, or holds.

        Parameters
        ----------
        words
            A list, a Series, an array or any other iterable of different words.
        matrix
            Numbers of any kind, shape (words, embedding_dim): copied, as float32.
        counts
            How often each word occurred; by default 0, and "the first N words" are then the
            first that are given.

        Raises
        ------
        SettingsError
            If a word is not text.
        FormatError
            If a word is empty or appears twice, rows or counts are not as many as words, the
            matrix has not two axes, a number is nan or infinite (or too large for float32), or
            a count is not a whole number of 0 or more.

        """
        return word_vectors_of(arrays.from_arrays(words, matrix, counts))

    def save(self, folder: PathLike, *, overwrite: bool = False) -> None:
        """Write the native folder, whole or not at all."""
        native.save(self, as_path(folder), overwrite=overwrite)

    def export(
        self,
        file: PathLike,
        *,
        format: str | None = None,
        overwrite: bool = False,
        observe: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """Write another tool's format, given by name or by the file's suffix: docs/formats.md.

        A name without a suffix is the native folder, as `save` writes it. `observe` is
        called now and then with how many words are written, and of how many.
        """
        from skipgram.vectors.formats import writing  # all formats: a query needs none

        writing.export(self, result_path(file), format, overwrite=overwrite, observe=observe)

    def compact(self, precision: Precision) -> "WordVectors":
        """The same vectors in `float16` or `int8` (and back, in `float32`).

        They take half or a quarter of the memory and disk; docs/performance.md says what is lost.
        """
        return replace(
            self,
            center=with_precision(self.center, precision),
            outside=None if self.outside is None else with_precision(self.outside, precision),
            spelled=None if self.spelled is None else with_precision(self.spelled, precision),
            subwords=None if self.subwords is None else self.subwords.compacted(precision),
            index=None,
        )

    def showing(self, shown: Shown) -> "WordVectors":
        """The same vectors, of which another matrix is shown: `center` is V alone."""
        return self if shown == self.shown else replace(self, shown=shown, index=None)

    def with_spelling(
        self,
        ngrams: str = "3-6",
        *,
        share: float = SHARE,
        penalty: float = PENALTY,
        least_words: int = LEAST_WORDS,
        threads: int | None = None,
        observe: Callable[[int, int], None] = lambda done, total: None,
    ) -> "WordVectors":
        """The same vectors, to which a share of what their words' spelling says is added.

        Each n-gram that words share gets a vector, so that their sums come as near to the
        words' vectors as may be (a ridge regression, in seconds). Unknown words then have
        vectors too: see `can_spell`. `showing("center")` takes the spelling off again.

        The vectors that are shown are spelled; if they are spelled already, those before.
        What was found stands in `about["spelled"]`. Where n-grams explain nothing of held-out
        words' vectors, as those of items' numbers, none is added, and unknown words stay unknown.

        Parameters
        ----------
        ngrams
            From how many characters to how many.
        share
            How much of it is added. More helps analogies of grammar, and harms those of
            meaning beyond 0.5 or so.
        penalty
            μ: the larger it is, the shorter the n-grams' vectors.
        least_words
            N-grams that fewer words have are left out.
        threads
            By default all that the process may use. Their number does not change the result.
        observe
            Called now and then with how many steps are done, and of how many.

        Raises
        ------
        SettingsError
            If a setting cannot be, or the vectors have fastText's subwords.
        FormatError
            If a number is nan or infinite.
        SkipgramError
            If no n-gram is shared, or there is not enough memory.

        """
        from skipgram.vectors import respelling  # compiled: a query needs none of it

        how = respelling.Respelling.of(ngrams, share, penalty, least_words, threads)
        return respelling.with_spelling(self, how, observe)

    def with_index(self, **options: Any) -> "WordVectors":
        """The same vectors with an index for `approximate=True`: see `ApproximateIndex.build`."""
        return replace(self, index=ApproximateIndex.build(self.search, **options))

    def explore(
        self,
        other: "WordVectors | PathLike | None" = None,
        *,
        first_words: int | None = None,
        colors: PathLike | Mapping[str, Mapping[str, Any]] | None = None,
        title: str | None = None,
        progress: bool | None = None,
        threads: int | None = None,
    ) -> "skipgram.ExplorerPage":
        """A page in which to look at the vectors, which a notebook shows: docs/explorer.md.

        A map of the words, their neighbours, sums and analogies; its `save` writes the page.
        The map of 50,000 words takes some minutes. All of the page is kept in a notebook that
        is saved, so of many words `first_words` is enough.

        Parameters
        ----------
        other
            A second set, or its path, to be compared with these vectors.
        first_words
            Only this many words, the most frequent ones; by default all.
        colors
            A table (CSV, TSV or Parquet) with a column `word`, whose other columns can colour
            the map; or these columns, each a name with a value for each word.
        title
            Of the page.
        progress, threads
            As for `skipgram.train`.

        Raises
        ------
        SettingsError
            If the page would be too large, or the sets have no word in common.
        SkipgramError
            If fewer than three words have a vector that is not zero.
        FormatError
            If `other` or the table cannot be read, or the table has none of the words.

        """
        import skipgram  # the house's face: what makes pages stands above vectors

        return skipgram.ExplorerPage.of(
            self,
            other,
            first_words=first_words,
            colors=colors,
            title=title,
            progress=progress,
            threads=threads,
        )

    # Other libraries: each method imports its own.

    def to_gensim(self) -> Any:
        """Gensim's KeyedVectors, with the words, the shown vectors and the counts."""
        return interop.to_gensim(self)

    @classmethod
    def from_gensim(cls, keyed_vectors: Any) -> "WordVectors":
        """The vectors of gensim's KeyedVectors, or of a gensim model."""
        return word_vectors_of(interop.from_gensim(keyed_vectors))

    def to_torch(self, *, freeze: bool = True) -> Any:
        """An nn.Embedding with a row per word, by id."""
        return interop.to_torch(self, freeze=freeze)

    def to_spacy(self, nlp: Any = None) -> Any:
        """SpaCy's Vectors table; if a pipeline is given, its vocabulary uses it from now on."""
        return interop.to_spacy(self, nlp)

    def to_pandas(self) -> Any:
        """A DataFrame with a row per word and a column per number."""
        return interop.to_pandas(self)

    def to_arrow(self) -> Any:
        """A pyarrow Table with the columns word, count and vector."""
        return interop.to_arrow(self)


def word_vectors_of(embedding: Embedding) -> WordVectors:
    """The same arrays, not copied, with the queries."""
    return WordVectors(**{item.name: getattr(embedding, item.name) for item in fields(embedding)})

"""Vectors that are trained further on new text."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.encoding.extending import (
    extended,
    require_text_settings_of,
    with_text_settings_of,
)
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import SettingsError
from skipgram.settings import SettingValues
from skipgram.system.paths import PathLike
from skipgram.training.parameters import Parameters
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.formats import native


@dataclass(frozen=True)
class Beginning:
    """What a training begins with: nothing, or vectors from before."""

    vectors: Embedding | None = None
    adds_words: bool = False

    @classmethod
    def of(cls, vectors: PathLike | Embedding | None, *, adds_words: bool) -> "Beginning":
        """The vectors, or those of a folder."""
        if vectors is None and adds_words:
            raise SettingsError(
                "words can be added to vectors from before only; say which (--continue DIR), or "
                "omit add_words (--add-words): a new training takes all words"
            )
        if vectors is not None and not isinstance(vectors, Embedding):
            vectors = native.load(vectors)
        if vectors is not None and vectors.outside is None:
            raise SettingsError(
                "these vectors have no outside matrix, as those of other tools; a training can go "
                "on only with vectors that `skipgram train` wrote"
            )
        return cls(vectors, adds_words)

    @property
    def vocabulary(self) -> Vocabulary | None:
        """Its words keep their ids."""
        return None if self.vectors is None else self.vectors.vocabulary

    def settings(self, given: SettingValues, *, reads_text: bool) -> SettingValues:
        """The settings that were given, and those that the vectors settle."""
        if self.vectors is None:
            return given
        dim = self.vectors.embedding_dim
        if given.get("embedding_dim", dim) != dim:
            raise SettingsError(
                f"the vectors from before have {dim} numbers, not {given['embedding_dim']}; omit "
                "embedding_dim (--embedding-dim)"
            )
        settled: SettingValues = {**given, "embedding_dim": dim}
        return with_text_settings_of(self.vectors.about, settled) if reads_text else settled

    def extend(self, corpus: EncodedCorpus, scratch: Path | None) -> EncodedCorpus:
        """A corpus that was encoded by itself, over the vectors' vocabulary."""
        if self.vectors is None:
            return corpus
        require_text_settings_of(self.vectors.about, corpus)
        vocabulary = self.vectors.vocabulary
        return extended(vocabulary, corpus, adds_words=self.adds_words, scratch=scratch)

    def parameters(self, vocab_size: int, embedding_dim: int, seed: int) -> Parameters:
        """To train: those of the vectors, or as they are at first."""
        return self._parameters(Parameters.initial(vocab_size, embedding_dim, seed))

    def spread_parameters(self, vocab_size: int, embedding_dim: int, seed: int) -> Parameters:
        """To train by sweeps: those of the vectors, or normal about zero, as new words are."""
        return self._parameters(Parameters.normal(vocab_size, embedding_dim, seed))

    def _parameters(self, start: Parameters) -> Parameters:
        if self.vectors is not None:
            start.begin_with(np.asarray(self.vectors.center), np.asarray(self.vectors.outside))
        return start

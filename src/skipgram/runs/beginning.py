"""Earlier vectors that a run trains further on new text."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.encoding.extending import (
    extended,
    require_text_settings_of,
    with_text_settings_of,
)
from skipgram.corpus.phrases.phraser import Phraser
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import SettingsError
from skipgram.settings import AUTO, OBJECTIVES, SettingValues
from skipgram.settings.objectives import objective_of
from skipgram.system.paths import PathLike
from skipgram.training.parameters import Parameters
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.formats import native
from skipgram.vectors.subwords.spelling import Spelling


@dataclass(frozen=True)
class Beginning:
    """What a training starts from: nothing, or earlier vectors."""

    vectors: Embedding | None = None
    adds_words: bool = False

    @classmethod
    def of(cls, vectors: PathLike | Embedding | None, *, adds_words: bool) -> "Beginning":
        """From vectors, or from the folder they are in."""
        if vectors is None and adds_words:
            raise SettingsError(
                "words can only be added to earlier vectors; name them (--continue DIR), or omit "
                "add_words (--add-words): a new training takes all words"
            )
        if vectors is not None and not isinstance(vectors, Embedding):
            vectors = native.load(vectors)
        if vectors is not None and vectors.outside is None:
            raise SettingsError(
                "these vectors have no outside matrix, like those of other tools; only vectors "
                "that `skipgram train` wrote can be trained further"
            )
        return cls(vectors, adds_words)

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The vocabulary whose words keep their ids."""
        return None if self.vectors is None else self.vectors.vocabulary

    @property
    def phraser(self) -> Phraser | None:
        """The phrases that the vectors' text had, to be joined in the new text too."""
        return None if self.vectors is None else self.vectors.phraser

    def settings(self, given: SettingValues, *, reads_text: bool) -> SettingValues:
        """The given settings, and those that the vectors fix."""
        if self.vectors is None:
            return given
        dim = self.vectors.embedding_dim
        if given.get("embedding_dim", dim) != dim:
            raise SettingsError(
                f"the earlier vectors have {dim} numbers, not {given['embedding_dim']}; omit "
                "embedding_dim (--embedding-dim)"
            )
        settled: SettingValues = {**given, "embedding_dim": dim}
        if objective_of(given) == AUTO and (known := _objective_of(self.vectors)) is not None:
            settled["objective"] = known
        if isinstance(self.vectors.subwords, Spelling):
            lengths = str(self.vectors.subwords.lengths)
            if given.get("ngrams", lengths) != lengths:
                raise SettingsError(
                    f"the earlier vectors know n-grams of {lengths} characters, not "
                    f"{given['ngrams']}; omit ngrams (--ngrams)"
                )
            settled["ngrams"] = lengths
        return with_text_settings_of(self.vectors.about, settled) if reads_text else settled

    def extend(self, corpus: EncodedCorpus, scratch: Path | None) -> EncodedCorpus:
        """A separately encoded corpus, over the vectors' vocabulary."""
        if self.vectors is None:
            return corpus
        require_text_settings_of(self.vectors.about, corpus)
        vocabulary = self.vectors.vocabulary
        longer = extended(vocabulary, corpus, adds_words=self.adds_words, scratch=scratch)
        if self.phraser is None:
            return longer
        return replace(longer, phraser=self.phraser.with_those_of(corpus.phraser))

    def parameters(self, fresh: Parameters) -> Parameters:
        """Those of the vectors; new words keep their fresh ones."""
        if self.vectors is not None:
            fresh.begin_with(np.asarray(self.vectors.center), np.asarray(self.vectors.outside))
        return fresh


def _objective_of(vectors: Embedding) -> str | None:
    """What the vectors were trained by, if they say so: another objective means other matrices."""
    found: Any = vectors.about
    for name in ("settings", "model", "objective"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if found in OBJECTIVES else None

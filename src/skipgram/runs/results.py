"""The results of a training: vectors that record where they came from, and their files."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import numpy as np

from skipgram._version import __version__
from skipgram.equations import keep_probability
from skipgram.errors import OutputExistsError, SkipgramError
from skipgram.runs.places import Places
from skipgram.runs.trainers import Trainer
from skipgram.settings.ngram_range import NONE as NO_NGRAMS
from skipgram.system.threads import thread_pool
from skipgram.training import checkpoint
from skipgram.training.events import Event, SpellingFailed, WordsSpelled
from skipgram.training.exact.trainer import SweepTrainer
from skipgram.vectors.embedding import Shown
from skipgram.vectors.formats import native, writing
from skipgram.vectors.respelling import Fitted, Respelling, spelled_by, with_spelling
from skipgram.vectors.word_vectors import WordVectors


def word_vectors(
    trainer: Trainer, observe: Callable[[Event], None] = lambda event: None
) -> WordVectors:
    """The vectors of a finished training, with spelling if the settings ask for it."""
    corpus, settings = trainer.corpus, trainer.settings
    about: dict[str, Any] = {
        "skipgram_version": __version__,
        "settings": settings.to_dict(),
        "corpus": asdict(corpus.summary),
    }
    ends = [asdict(end) for end in trainer.state.ends]
    if isinstance(trainer, SweepTrainer):
        parameters, marginal = trainer.all_parameters, trainer.problem.outside_shares
        about["sweeps"] = ends
    else:
        # Every kept position is the outside word of its window, so apart from line ends a word's
        # pairs are proportional to this.
        counts = corpus.vocabulary.counts
        kept = counts * keep_probability(counts, settings.training.subsample)
        parameters, marginal = trainer.parameters, kept / kept.sum()
        about["epochs"] = ends
    center, outside = parameters.compacted()
    vectors = WordVectors(
        corpus.vocabulary,
        center,
        outside,
        trainer.noise.probabilities,
        marginal,
        shown=cast(Shown, settings.model.shown),
        about=about,
        phraser=corpus.phraser,
    )
    return vectors if settings.model.ngrams == NO_NGRAMS else _spelled(trainer, vectors, observe)


def _spelled(
    trainer: Trainer, vectors: WordVectors, observe: Callable[[Event], None]
) -> WordVectors:
    """With what the sweeps found of spelling, or with a regression on finished vectors.

    Where that fails, for want of memory say, the vectors are not lost with it.
    """
    model, training = trainer.settings.model, trainer.settings.training
    how = Respelling.of(
        model.ngrams,
        model.ngram_share,
        training.ngram_penalty,
        model.ngram_min_words,
        trainer.settings.run.threads,
    )
    try:
        if isinstance(trainer, SweepTrainer):
            found = spelled_by(vectors, _fitted(trainer, vectors), how, "center")
        else:
            found = with_spelling(vectors, how, lambda done, total: None)
    except (SkipgramError, MemoryError) as error:
        observe(SpellingFailed(str(error) or "there is not enough memory for it"))
        return vectors
    said = found.about["spelled"]
    observe(
        WordsSpelled(
            said["shared_ngrams"], said["words_without_ngrams"], said["explained"], said["share"]
        )
    )
    return found


def _fitted(trainer: SweepTrainer, vectors: WordVectors) -> Fitted:
    """What the sweeps' table says of all words."""
    spelling = trainer.spelling
    assert spelling is not None  # the settings ask for it
    if not len(spelling.ngrams):
        raise SkipgramError(
            f"no {trainer.settings.model.ngram_min_words} words share an n-gram of "
            f"{trainer.settings.model.ngrams} characters"
        )
    A, V = spelling.A, np.asarray(vectors.center)
    table = np.array(trainer.table[:, : V.shape[1]], np.float32)
    with thread_pool(trainer.settings.run.threads, "skipgram") as pool:
        said = A.times(table, pool)
    without = int(np.count_nonzero(np.diff(A.B.indptr) == 0))
    return Fitted(np.arange(len(V)), spelling.ngrams, table, said, trainer.explained, without)


def write(vectors: WordVectors, places: Places, *, overwrite: bool) -> None:
    """Write all results, even where another is refused; then remove the checkpoint."""
    writers: list[tuple[Callable[..., None], Path]]
    writers = [(writing.export, file) for file in places.exports]
    if places.output is not None:
        writers.insert(0, (native.save, places.output))
    refused: list[OutputExistsError] = []
    for save, place in writers:
        try:
            save(vectors, place, overwrite=overwrite, keeps=True)
        except OutputExistsError as error:
            refused.append(error)
    if refused:
        raise OutputExistsError("; ".join(map(str, refused))) from refused[0]
    if places.checkpoint is not None:
        checkpoint.remove(places.checkpoint)

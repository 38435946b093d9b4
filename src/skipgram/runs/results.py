"""The results of a training: vectors that record where they came from, and their files."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from skipgram._version import __version__
from skipgram.equations import keep_probability
from skipgram.errors import OutputExistsError
from skipgram.runs.places import Places
from skipgram.runs.trainers import Trainer
from skipgram.training import checkpoint
from skipgram.training.exact.trainer import SweepTrainer
from skipgram.vectors.embedding import Shown
from skipgram.vectors.formats import native, writing
from skipgram.vectors.word_vectors import WordVectors


def word_vectors(trainer: Trainer) -> WordVectors:
    """The vectors of a finished training."""
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
    return WordVectors(
        corpus.vocabulary,
        center,
        outside,
        trainer.noise.probabilities,
        marginal,
        shown=cast(Shown, settings.model.shown),
        about=about,
    )


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

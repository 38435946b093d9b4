"""The whole story: text, vocabulary, ids, training, vectors."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import asdict
from typing import Any, TypeVar, Unpack, cast

from skipgram import __version__
from skipgram.continuing import Beginning
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.encoding import warm_up as warm_up_reading
from skipgram.corpus.preparing import Observed as ObservedReading
from skipgram.corpus.preparing import (
    encoded_already,
    local_paths,
    prepare,
    require_same,
    settings_of,
)
from skipgram.corpus.sources.finding import Sources, sources_of
from skipgram.equations import keep_probability
from skipgram.files import PathLike
from skipgram.places import Places
from skipgram.settings import Settings, SettingValues
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.checkpointing import checkpointed
from skipgram.training.events import Compiled, Compiling, Event, Paused
from skipgram.training.memory import require_memory
from skipgram.training.noise import Noise
from skipgram.training.trainer import NegativeSamplingTrainer
from skipgram.training.warming import warm_up
from skipgram.vectors.word_vectors import Shown, WordVectors
from skipgram.watching.logs import logged

Observed = ObservedReading | Event
"""What a run tells while it goes on."""
Observer = Callable[[Observed], None]

_Result = TypeVar("_Result")


def train(
    corpus: Any,
    output: PathLike | None = None,
    *,
    export: PathLike | Iterable[PathLike] = (),
    overwrite: bool = False,
    cache: bool = False,
    resume: bool = False,
    continue_from: PathLike | WordVectors | None = None,
    add_words: bool = False,
    log: PathLike | None = None,
    tensorboard: PathLike | None = None,
    observe: Observer = lambda event: None,
    **settings: Unpack[SettingValues],
) -> WordVectors:
    """Train word vectors on text.

    Parameters
    ----------
    corpus
        A name or a list of names, in their order: text files, packed or not,
        folders of such, globs, "-" for standard input, URLs, tables with
        `column`; or one encoded corpus, or its folder. Or texts: `Texts`, an
        iterator of strings or of lists of tokens, a column of a table. No
        window crosses a line's end.
    output
        The folder to save the vectors in, or None to keep them in memory only.
    export
        Files to write in word2vec's formats besides: .txt, .vec or .bin.
    overwrite
        Whether `output` and `export` may replace what stands there.
    cache
        Whether to keep the encoded corpus beside `output`, and to take it
        instead of reading while its sources and settings are the same.
    resume
        Whether to go on from the checkpoint that an interrupted run of the
        same corpus and settings left beside `output`, if there is one.
    continue_from
        Vectors, or their folder, to be trained further: their words keep ids
        and vectors, and counts are added up.
    add_words
        Whether new words of the corpus get vectors behind those.
    log
        A file for the run's events, in JSON lines.
    tensorboard
        A folder for the run's figures (needs the extra `tensorboard`).
    observe
        Called with every event of the run; the training prints nothing.
    settings
        Any of `skipgram.settings`: embedding_dim=100, window=5, negatives=5,
        epochs=5, tokenizer="whitespace" (or "words", or a function from a line
        to its tokens), min_count=5, max_vocabulary, keep_words, drop_words,
        phrases=0, subsample=1e-4, noise_exponent=0.75, learning_rate=0.035,
        schedule="linear", holdout=0, patience=0, deterministic=False, seed=1,
        threads (all that the process may use), checkpoint_minutes=10,
        objective="negative-sampling".

    Raises
    ------
    InterruptedRunError
        If the process is asked to end while it trains, once a checkpoint is
        written beside `output`.
    SkipgramError
        Of the kind that names the cause; nothing is left half-written.

    """
    beginning, known = Beginning.of(continue_from, adds_words=add_words), encoded_already(corpus)
    settled = beginning.settings(settings, reads_text=known is None)
    chosen, tokenizer = settings_of(settled)
    nowhere = Sources((), hidden_files=0)
    sources = sources_of(corpus, column=chosen.text.column) if known is None else nowhere
    places = Places.of(output, export, caches=cache, log=log, tensorboard=tensorboard)
    goes_on = resume and places.has_checkpoint
    may_replace = overwrite or goes_on  # the run that goes on was allowed to
    places.prepare(local_paths(sources), overwrite=may_replace)

    with logged(log, tensorboard, observe, resumes=resume, overwrite=overwrite) as tell:
        # The kernel compiles while the corpus is read, once what reading needs is compiled.
        compiled = _in_background(lambda: _warm_up(chosen, reads_text=known is None))
        if known is None:
            encoded = prepare(
                sources,
                chosen,
                tokenizer,
                folder=places.cache,
                cache=cache,
                scratch=places.scratch,
                extends=beginning.vocabulary,
                adds_words=add_words,
                observe=tell,
            )
        else:
            encoded = beginning.extend(known, places.scratch)
            chosen = require_same(known, settled, chosen)
            tell(encoded.summary)

        require_memory(encoded, chosen)
        noise = Noise.of(encoded.vocabulary.counts, chosen.model.noise_exponent)
        trainer = _trainer(encoded, noise, chosen, beginning, places, goes_on=goes_on)
        if not compiled.done():
            tell(Compiling())
        if (news := compiled.result()) is not None:
            tell(news)

        for event in _events(trainer, places):
            tell(event)

        vectors = _word_vectors(trainer)
        if places.output is not None:
            vectors.save(places.output, overwrite=may_replace)
        for file in places.exports:
            vectors.export(file, overwrite=may_replace)
        if places.checkpoint is not None:
            checkpoint.remove(places.checkpoint)
    return vectors


def _trainer(
    encoded: EncodedCorpus,
    noise: Noise,
    settings: Settings,
    beginning: Beginning,
    places: Places,
    *,
    goes_on: bool,
) -> NegativeSamplingTrainer:
    """A trainer where an interrupted one was, or at the start, which gives that one up."""
    embedding_dim, place = settings.model.embedding_dim, places.checkpoint
    if goes_on and place is not None:
        identity = Identity.of(encoded, settings)
        state, parameters = checkpoint.load(place, identity, embedding_dim)
        return NegativeSamplingTrainer(encoded, noise, parameters, settings, state)
    parameters = beginning.parameters(
        len(encoded.vocabulary), embedding_dim, settings.training.seed
    )
    trainer = NegativeSamplingTrainer(encoded, noise, parameters, settings)
    if place is not None:
        checkpoint.remove(place)
    return trainer


def _events(trainer: NegativeSamplingTrainer, places: Places) -> Iterable[Event]:
    """The training, with checkpoints where there is a place for them."""
    if places.checkpoint is None:
        return (event for event in trainer if not isinstance(event, Paused))
    return checkpointed(trainer, places.checkpoint)


def _warm_up(settings: Settings, *, reads_text: bool) -> Compiled | None:
    if reads_text:
        warm_up_reading(settings.text)
    return warm_up(settings)


def _word_vectors(trainer: NegativeSamplingTrainer) -> WordVectors:
    """What is left of a training, with all that tells where it came from."""
    corpus, settings = trainer.corpus, trainer.settings
    # Every kept position is the outside word of its window; line ends aside, pairs follow these.
    kept = corpus.vocabulary.counts * keep_probability(
        corpus.vocabulary.counts, settings.training.subsample
    )
    center, outside = trainer.parameters.compacted()
    return WordVectors(
        corpus.vocabulary,
        center,
        outside,
        trainer.noise.probabilities,
        kept / kept.sum(),
        shown=cast(Shown, settings.model.shown),
        about={
            "skipgram_version": __version__,
            "settings": settings.to_dict(),
            "corpus": asdict(corpus.summary),
            "epochs": [asdict(epoch) for epoch in trainer.state.epochs],
        },
    )


def _in_background(work: Callable[[], _Result]) -> "Future[_Result]":
    """Begin some work in a thread that does not hold the process up when it fails elsewhere."""
    outcome: Future[_Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # for whoever asks for the result
            outcome.set_exception(error)

    threading.Thread(target=run, name="skipgram-compiler", daemon=True).start()
    return outcome

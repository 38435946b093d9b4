"""The whole story: text, vocabulary, ids, training, vectors."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar, Unpack

from skipgram.corpus.encoding.encoding import warm_up as warm_up_reading
from skipgram.corpus.preparing import Observed as ObservedReading
from skipgram.corpus.preparing import (
    encoded_already,
    local_paths,
    named_paths,
    prepare,
    require_same,
    settings_of,
)
from skipgram.corpus.sources.finding import Sources, sources_of
from skipgram.corpus.summary import CountingProgress
from skipgram.errors import OutputExistsError
from skipgram.runs.beginning import Beginning
from skipgram.runs.places import Places
from skipgram.runs.trainers import Run, Trainer, chosen_objective, word_vectors
from skipgram.settings import AUTO, Settings, SettingValues
from skipgram.settings.objectives import is_exact, objective_of, settled
from skipgram.system.paths import PathLike, as_path, is_same_place
from skipgram.training import checkpoint
from skipgram.training.checkpointing import checkpointed
from skipgram.training.events import Compiled, Compiling, Event, Paused
from skipgram.training.exact.warming import warm_up as warm_up_sweeps
from skipgram.training.negative_sampling.warming import warm_up
from skipgram.vectors.formats import native, writing
from skipgram.vectors.word_vectors import WordVectors
from skipgram.watching.json_lines import logged

Observed = ObservedReading | CountingProgress | Event
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
    counts: PathLike | None = None,
    may_take_long: bool = False,
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
    counts
        The folder of pairs that `skipgram.cooccurrence` counted, for the
        objectives that train by sweeps.
    may_take_long
        Whether to begin however much arithmetic the sweeps will take.
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
        objective="negative-sampling" (or "softmax", "expected-negative-sampling",
        "auto", with sweeps=16, prior=10, count_power=0.75, unigram_offset=1,
        softmax_vocabulary=0).

    Raises
    ------
    InterruptedRunError
        If the process is asked to end while it trains, once a checkpoint is
        written beside `output`.
    SkipgramError
        Of the kind that names the cause; nothing is left half-written.

    """
    beginning, known = Beginning.of(continue_from, adds_words=add_words), encoded_already(corpus)
    given = beginning.settings(settings, reads_text=known is None)
    objective = objective_of(given)
    if objective != AUTO:
        given = settled(given, objective)
    chosen, tokenizer = settings_of(given)
    nowhere = Sources((), hidden_files=0)
    sources = sources_of(corpus, column=chosen.text.column) if known is None else nowhere
    places = Places.of(output, export, caches=cache, log=log, tensorboard=tensorboard)
    read = local_paths(sources) if known is None else named_paths(corpus)
    read += [] if counts is None else [as_path(counts)]
    read += _kept_vectors(continue_from, output)
    with (
        places.held(read, resume=resume, overwrite=overwrite) as goes_on,
        logged(log, tensorboard, observe, resumes=resume, overwrite=overwrite) as tell,
    ):
        may_replace = overwrite or goes_on  # the run that goes on was allowed to
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
            chosen = require_same(known, given, chosen)
            tell(encoded.summary)

        if chosen.model.objective == AUTO:
            choice = chosen_objective(encoded, chosen)
            tell(choice)
            chosen, _ = settings_of(settled(given, choice.objective))
            if known is not None:
                chosen = require_same(known, given, chosen)
        run = Run(
            encoded,
            chosen,
            beginning,
            places,
            goes_on,
            None if counts is None else as_path(counts),
            may_take_long,
        )
        run.require_possible()
        if is_exact(chosen):  # pairs are counted by compiled code
            _wait_for(compiled, tell)
            trainer = run.trainer(tell)
        else:
            trainer = run.trainer(tell)
            _wait_for(compiled, tell)

        for event in _events(trainer, places):
            tell(event)

        vectors = word_vectors(trainer)
        _write(vectors, places, overwrite=may_replace)
        if places.checkpoint is not None:
            checkpoint.remove(places.checkpoint)
    return vectors


def _kept_vectors(
    continue_from: PathLike | WordVectors | None, output: PathLike | None
) -> list[Path]:
    """The folder of vectors from before, unless those trained further are to replace them."""
    if continue_from is None or isinstance(continue_from, WordVectors):
        return []
    folder = as_path(continue_from)
    return [] if output is not None and is_same_place(folder, as_path(output)) else [folder]


def _write(vectors: WordVectors, places: Places, *, overwrite: bool) -> None:
    """Write all results, also where the place of one was taken; then say which."""
    writers: list[tuple[Callable[..., None], Path]]
    writers = [(writing.export, file) for file in places.exports]
    if places.output is not None:
        writers.insert(0, (native.save, places.output))
    refused: list[OutputExistsError] = []
    for write, place in writers:
        try:
            write(vectors, place, overwrite=overwrite, keeps=True)
        except OutputExistsError as error:
            refused.append(error)
    if refused:
        raise OutputExistsError("; ".join(map(str, refused))) from refused[0]


def _events(trainer: Trainer, places: Places) -> Iterable[Event]:
    """The training, with checkpoints where there is a place for them."""
    if places.checkpoint is None:
        return (event for event in trainer if not isinstance(event, Paused))
    return checkpointed(trainer, places.checkpoint)


def _warm_up(settings: Settings, *, reads_text: bool) -> Compiled | None:
    if reads_text:
        warm_up_reading(settings.text)
    if settings.model.objective == AUTO:  # not known before the corpus is
        return None
    return (warm_up_sweeps if is_exact(settings) else warm_up)(settings)


def _wait_for(compiled: "Future[Compiled | None]", tell: Observer) -> None:
    """Tell what compiling took, once."""
    if not compiled.done():
        tell(Compiling())
    if (news := compiled.result()) is not None:
        tell(news)


def _in_background(work: Callable[[], _Result]) -> "Future[_Result]":
    """Begin some work in a thread that does not hold the process up when it fails elsewhere."""
    outcome: Future[_Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # for whoever asks for the result
            outcome.set_exception(error)

    try:
        threading.Thread(target=run, name="skipgram-compiler", daemon=True).start()
    except RuntimeError:  # the system gives no thread
        run()
    return outcome

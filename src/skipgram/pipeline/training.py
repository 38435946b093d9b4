"""Training: text, vocabulary, ids, epochs or sweeps, vectors."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Unpack

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.encoding.reading import require_readable_elsewhere
from skipgram.corpus.inputs import encoded_already, input_paths, sources_to_read
from skipgram.corpus.phrases.given import (
    GivenPhrases,
    as_phraser,
    require_phrases_fit,
    with_phrases_of,
)
from skipgram.corpus.phrases.phraser import Phraser
from skipgram.corpus.preparing import prepare
from skipgram.errors import SettingsError
from skipgram.pipeline.on_cluster import DEADLINE_SECONDS, ClusterOptions, workplace
from skipgram.runs.beginning import Beginning
from skipgram.runs.places import Places
from skipgram.runs.results import word_vectors, write
from skipgram.runs.trainers import Run, chosen_objective
from skipgram.runs.warming import Kernels
from skipgram.settings import AUTO, SOFTMAX, SettingValues
from skipgram.settings.objectives import is_exact, objective_of
from skipgram.settings.resolving import resolve
from skipgram.system.machine import usable_threads
from skipgram.system.paths import PathLike, as_path, is_same_place
from skipgram.training.checkpointing import checkpointed
from skipgram.vectors.elsewhere import answers_other_names
from skipgram.vectors.word_vectors import WordVectors
from skipgram.views.watched import watched
from skipgram.watching.json_lines import logged
from skipgram.watching.records import Observed

Observer = Callable[[Observed], None]


@answers_other_names
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
    phraser: GivenPhrases | None = None,
    counts: PathLike | None = None,
    may_take_long: bool = False,
    cluster: Any = None,
    cluster_storage: str | None = None,
    cluster_deadline: float = DEADLINE_SECONDS,
    cluster_unlike: bool = False,
    log: PathLike | None = None,
    tensorboard: PathLike | None = None,
    progress: bool | None = None,
    observe: Observer = lambda event: None,
    **settings: Unpack[SettingValues],
) -> WordVectors:
    """Train word vectors on text.

    Parameters
    ----------
    corpus
        A name or a list of names, read in that order: text files, compressed
        or not, folders of them, globs, "-" for standard input, URLs, tables
        with `column`; or one encoded corpus, or its folder. Or texts: `Texts`,
        an iterator of strings or of lists of tokens, a column of a table. No
        window crosses the end of a line.
    output
        The folder to save the vectors in, or None to keep them in memory only.
    export
        Files to write as well, each in the format of its suffix: .txt, .vec, .bin and others
        (docs/formats.md); a name without one is another native folder.
    overwrite
        Whether `output` and `export` may replace existing files.
    cache
        Whether to keep the encoded corpus beside `output`, and to use it
        instead of the text while its sources and settings stay the same.
    resume
        Whether to continue from the checkpoint that an interrupted run with
        the same corpus and settings left beside `output`, if there is one.
    continue_from
        Vectors to train further, or their folder: their words keep their ids
        and start from their vectors, and counts are added up.
    add_words
        Whether words that only the new corpus has get vectors as well.
    phraser
        Phrases to join, instead of finding some: a `Phraser`, or vectors or an
        encoded corpus that have one, or their folder.
    counts
        A folder of pairs counted by `skipgram.cooccurrence`, for the
        objectives that train by sweeps.
    may_take_long
        Whether to start however long the sweeps will take.
    cluster
        Dask workers that share the work of the sweeps: "local:4" for four processes of this
        machine, a scheduler's address, or a `distributed.Client` (needs the extra `cluster`).
    cluster_storage
        A folder that all of them see, as an fsspec URL; "local" ones need none.
    cluster_deadline
        After so many seconds without an answer, work is given to another worker as well.
    cluster_unlike
        Whether workers may differ in what the last digits depend on.
    log
        A file for the run's events, as JSON lines.
    tensorboard
        A folder for the run's curves (needs the extra `tensorboard`).
    progress
        Whether to show how the run goes, on the standard error stream or in
        the notebook; None to show it where a person watches, in a notebook or
        on a terminal.
    observe
        Called with every event of the run.
    settings
        Any of `skipgram.settings`: embedding_dim=100, window=5, negatives=5,
        epochs=5, tokenizer="whitespace" (or "words", or a function from a line
        to its tokens), min_count=5, max_vocabulary, keep_words, drop_words,
        phrases=0, subsample=1e-4, noise_exponent=0.75, learning_rate=0.035,
        schedule="linear", holdout=0, patience=0, deterministic=False, seed=1,
        threads (all that the process may use), checkpoint_minutes=10,
        objective="auto" (by the text, "softmax" or "negative-sampling"; or
        "expected-negative-sampling", with sweeps=16, prior=10, count_power=0.75,
        unigram_offset=1, softmax_vocabulary=0).

    Raises
    ------
    InterruptedRunError
        If the process is asked to stop while it trains, after a checkpoint is
        written beside `output`.
    SkipgramError
        As the subclass for the cause; nothing is left half-written.

    """
    encoded = encoded_already(corpus)
    beginning = Beginning.of(continue_from, adds_words=add_words)
    known = _known_phrases(phraser, beginning, encoded)
    asked = beginning.settings(settings, reads_text=encoded is None)
    if phraser is not None:
        asked = with_phrases_of(known, asked)
    if counts is not None and objective_of(asked) == AUTO:
        asked = {**asked, "objective": SOFTMAX}  # only sweeps have a use for counts
    encoded_by = None if encoded is None else encoded.settings
    on = ClusterOptions(cluster, cluster_storage, cluster_deadline, cluster_unlike)
    asked = on.objective(asked)
    chosen, tokenizer = resolve(asked, usable_threads(), encoded_by=encoded_by)
    require_phrases_fit(known, chosen)
    sources = sources_to_read(corpus, encoded, chosen.text.column)
    if on.where is not None and sources is not None:
        require_readable_elsewhere(sources.items, chosen.vocabulary, tokenizer)
    places = Places.of(output, export, caches=cache, log=log, tensorboard=tensorboard)
    pairs = None if counts is None else as_path(counts)
    inputs = [*input_paths(corpus, sources), *([] if pairs is None else [pairs])]
    inputs += _kept_vectors(continue_from, output)
    with (
        places.held(inputs, resume=resume, overwrite=overwrite) as resumes,
        watched(progress, observe) as seen,
        logged(log, tensorboard, seen, resumes=resume, overwrite=overwrite) as report,
        workplace(on, places.output, report) as at,
    ):
        kernels = Kernels(chosen, reads_text=encoded is None)
        if encoded is None:
            encoded = prepare(
                sources,
                chosen,
                tokenizer,
                folder=places.cache,
                cache=cache,
                scratch=places.scratch,
                extends=beginning.vocabulary,
                adds_words=add_words,
                phraser=known,
                read_elsewhere=at.read,
                observe=report,
            )
        else:
            encoded = beginning.extend(encoded, places.scratch)
            report(encoded.summary)
        if chosen.model.objective == AUTO:
            choice = chosen_objective(encoded, chosen)
            report(choice)
            chosen, _ = resolve(
                asked, usable_threads(), encoded_by=encoded_by, objective=choice.objective
            )
        run = Run(encoded, chosen, beginning, places, resumes, pairs, may_take_long, at)
        run.require_possible()
        if is_exact(chosen):  # pairs are counted by compiled code
            kernels.wait(report)
        trainer = run.trainer(report)
        kernels.wait(report)
        for event in checkpointed(trainer, places.checkpoint):
            report(event)
        vectors = word_vectors(trainer, report)
        # A resumed run may replace what the interrupted run was allowed to.
        write(vectors, places, overwrite=overwrite or resumes)
    return vectors


def _known_phrases(
    given: GivenPhrases | None,
    beginning: Beginning,
    encoded: EncodedCorpus | None,
) -> Phraser | None:
    """The phrases to join in a text: those given, or those of earlier vectors."""
    if given is None:
        return beginning.phraser if encoded is None else None
    if encoded is not None or beginning.vectors is not None:
        what = (
            "the corpus is encoded" if encoded is not None else "the earlier vectors were trained"
        )
        raise SettingsError(f"{what} with phrases of its own, or none; omit phraser (--phraser)")
    return as_phraser(given)


def _kept_vectors(
    continue_from: PathLike | WordVectors | None, output: PathLike | None
) -> list[Path]:
    """The folder of the earlier vectors, unless the new ones are to replace them."""
    if continue_from is None or isinstance(continue_from, WordVectors):
        return []
    folder = as_path(continue_from)
    return [] if output is not None and is_same_place(folder, as_path(output)) else [folder]

"""The whole story: text, vocabulary, ids, training, vectors."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar, Unpack

import numpy as np

from skipgram import __version__
from skipgram.corpus.caching import cache_place
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
from skipgram.errors import SettingsError
from skipgram.files import PathLike, as_paths, nearest_folder, require_apart, require_free
from skipgram.settings import Settings, SettingValues
from skipgram.training.events import Compiled, Compiling, EpochEnd, Event
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters
from skipgram.training.trainer import NegativeSamplingTrainer, require_memory, warm_up
from skipgram.vectors.formats import native, word2vec
from skipgram.vectors.word_vectors import WordVectors

Observed = ObservedReading | Event
"""What a run tells while it goes on."""

_Result = TypeVar("_Result")


def train(
    corpus: Any,
    output: PathLike | None = None,
    *,
    export: PathLike | Iterable[PathLike] = (),
    overwrite: bool = False,
    cache: bool = False,
    observe: Callable[[Observed], None] = lambda event: None,
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
    observe
        Called with every event of the run; the training prints nothing.
    settings
        Any of `skipgram.settings`: embedding_dim=100, window=5, negatives=5,
        epochs=5, tokenizer="whitespace" (or "words", or a function from a line
        to its tokens), min_count=5, max_vocabulary, keep_words, drop_words,
        phrases=0, subsample=1e-4, noise_exponent=0.75, learning_rate=0.025,
        seed=1, threads (all that the process may use),
        objective="negative-sampling".

    Raises
    ------
    SkipgramError
        Of the kind that names the cause; nothing is left half-written.

    """
    chosen, tokenizer = settings_of(settings)
    known = encoded_already(corpus)
    nowhere = Sources((), hidden_files=0)
    sources = sources_of(corpus, column=chosen.text.column) if known is None else nowhere
    place = None if output is None else Path(output)
    exports = as_paths(export)
    _require_places(place, exports, sources, cache=cache, overwrite=overwrite)

    # The kernel compiles while the corpus is read, once what reading needs is compiled.
    compiled = _in_background(lambda: _warm_up(chosen, reads_text=known is None))
    if known is None:
        encoded = prepare(
            sources,
            chosen,
            tokenizer,
            folder=cache_place(place) if cache and place is not None else None,
            cache=cache,
            scratch=None if place is None else nearest_folder(place),
            observe=observe,
        )
    else:
        encoded, chosen = known, require_same(known, settings, chosen)
        observe(encoded.summary)

    require_memory(encoded, chosen)
    noise = Noise.of(encoded.vocabulary.counts, chosen.model.noise_exponent)
    parameters = Parameters.initial(
        len(encoded.vocabulary), chosen.model.embedding_dim, chosen.training.seed
    )
    if not compiled.done():
        observe(Compiling())
    if (news := compiled.result()) is not None:
        observe(news)

    epochs = []
    for event in NegativeSamplingTrainer(encoded, noise, parameters, chosen):
        observe(event)
        if isinstance(event, EpochEnd):
            epochs.append(event)

    vectors = _word_vectors(encoded, noise, parameters, chosen, epochs)
    if place is not None:
        vectors.save(place, overwrite=overwrite)
    for file in exports:
        vectors.export(file, overwrite=overwrite)
    return vectors


def _warm_up(settings: Settings, *, reads_text: bool) -> Compiled | None:
    if reads_text:
        warm_up_reading(settings.text)
    return warm_up(settings.model.embedding_dim, settings.model.negatives)


def _word_vectors(
    encoded: EncodedCorpus,
    noise: Noise,
    parameters: Parameters,
    settings: Settings,
    epochs: list[EpochEnd],
) -> WordVectors:
    """What is left of a training, with all that tells where it came from."""
    # Every kept position is the outside word of its window; line ends aside, pairs follow these.
    keep = keep_probability(encoded.vocabulary.counts, settings.training.subsample)
    kept = encoded.vocabulary.counts * keep
    return WordVectors(
        encoded.vocabulary,
        np.ascontiguousarray(parameters.center),
        np.ascontiguousarray(parameters.outside),
        noise.probabilities,
        kept / kept.sum(),
        about={
            "skipgram_version": __version__,
            "settings": settings.to_dict(),
            "corpus": asdict(encoded.summary),
            "epochs": [asdict(epoch) for epoch in epochs],
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


def _require_places(
    output: Path | None,
    exports: list[Path],
    sources: Sources,
    *,
    cache: bool,
    overwrite: bool,
) -> None:
    """Find out before the training whether its results can be written, and harm nothing."""
    results = exports if output is None else [output, *exports]
    if cache:
        if output is None:
            raise SettingsError("a cache lies beside the output; give one, or leave cache away")
        results = [*results, cache_place(output)]
    require_apart(results, local_paths(sources))
    if output is not None:
        native.require_place(output, overwrite=overwrite)
    for file in exports:
        word2vec.writer_for(file)
        require_free(file, overwrite=overwrite)

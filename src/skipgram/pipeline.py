"""The whole story: text, vocabulary, ids, training, vectors."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar, Unpack

import numpy as np

from skipgram import __version__
from skipgram.corpus.encoded import CorpusSummary, EncodedCorpus, ReadingProgress, encode
from skipgram.corpus.reading import TextFile
from skipgram.equations import keep_probability
from skipgram.errors import SettingsError
from skipgram.files import PathLike, as_paths, require_free
from skipgram.machine import usable_threads
from skipgram.settings import Settings, SettingValues
from skipgram.training.events import Compiling, EpochEnd, Event
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters
from skipgram.training.trainer import NegativeSamplingTrainer, require_memory, warm_up
from skipgram.vectors.formats import native, word2vec
from skipgram.vectors.word_vectors import WordVectors

Observed = ReadingProgress | CorpusSummary | Event
"""What a run tells while it goes on."""

_Result = TypeVar("_Result")


def train(
    corpus: PathLike | Iterable[PathLike],
    output: PathLike | None = None,
    *,
    export: PathLike | Iterable[PathLike] = (),
    overwrite: bool = False,
    observe: Callable[[Observed], None] = lambda event: None,
    **settings: Unpack[SettingValues],
) -> WordVectors:
    """Train word vectors on plain text.

    Parameters
    ----------
    corpus
        A text file or several, in their order; gzip, bzip2 and xz are
        unpacked. Words stand between blanks; no window crosses a line's end.
    output
        The folder to save the vectors in, or None to keep them in memory only.
    export
        Files to write in word2vec's formats besides: .txt, .vec or .bin.
    overwrite
        Whether `output` and `export` may replace what stands there.
    observe
        Called with every event of the run; the training prints nothing.
    settings
        Any of `skipgram.settings`: embedding_dim=100, window=5, negatives=5,
        epochs=5, min_count=5, subsample=1e-4, noise_exponent=0.75,
        learning_rate=0.025, seed=1, threads (all that the process may use),
        objective="negative-sampling".

    Raises
    ------
    SkipgramError
        Of the kind that names the cause; nothing is left half-written.

    """
    settings.setdefault("threads", usable_threads())
    chosen = Settings.of(**settings)
    texts = [TextFile.at(path) for path in as_paths(corpus)]
    exports = as_paths(export)
    _require_places(texts, output, exports, overwrite=overwrite)

    # The kernel compiles while the corpus is read.
    compiled = _in_background(lambda: warm_up(chosen.model.embedding_dim, chosen.model.negatives))
    encoded = encode(texts, min_count=chosen.vocabulary.min_count, observe=observe)
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
    if output is not None:
        vectors.save(output, overwrite=overwrite)
    for file in exports:
        vectors.export(file, overwrite=overwrite)
    return vectors


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
    texts: list[TextFile], output: PathLike | None, exports: list[Path], *, overwrite: bool
) -> None:
    """Find out before the training whether its results can be written, and harm nothing."""
    results = exports if output is None else [Path(output), *exports]
    resolved = [path.resolve() for path in results]
    for path, place in zip(results, resolved, strict=True):
        if resolved.count(place) > 1:
            raise SettingsError(f"{path} is named for two results; give each its own name")
        if any(place in (text.path.resolve(), *text.path.resolve().parents) for text in texts):
            raise SettingsError(f"{path} is or holds the corpus, and would replace it")
    if output is not None:
        native.require_place(Path(output), overwrite=overwrite)
    for file in exports:
        word2vec.writer_for(file)
        require_free(file, overwrite=overwrite)

"""Counting the pairs of any corpus, and keeping the counts."""

from collections.abc import Callable
from typing import Any, Unpack

from skipgram.corpus.cooccurrence import file as cooccurrence_file
from skipgram.corpus.cooccurrence.counts import Cooccurrence, count_cooccurrence
from skipgram.corpus.inputs import encoded_already, input_paths, sources_to_read
from skipgram.corpus.preparing import Observed, prepare
from skipgram.corpus.summary import CountingProgress
from skipgram.settings import SOFTMAX, SettingValues
from skipgram.settings.resolving import resolve
from skipgram.settings.window_rule import WindowRule
from skipgram.system.machine import usable_threads
from skipgram.system.paths import PathLike, nearest_folder, require_apart, result_path
from skipgram.views.watched import watched


def cooccurrence(
    corpus: Any,
    output: PathLike | None = None,
    *,
    overwrite: bool = False,
    progress: bool | None = None,
    observe: Callable[[Observed | CountingProgress], None] = lambda event: None,
    **settings: Unpack[SettingValues],
) -> Cooccurrence:
    """How often each pair of words is to be expected in the windows of a corpus.

    Parameters
    ----------
    corpus
        What `train` takes, an encoded corpus among it.
    output
        A folder for the counts, from which `train` takes them (counts=...), or
        None to keep them in memory only.
    overwrite
        Whether `output` may replace counts that are there.
    progress
        As for `train`.
    observe
        Called with the events of reading and counting.
    settings
        Those of reading and of the vocabulary, as for `encode`; window=8,
        window_width="harmonic" (or "random", "fixed"), gaps="closed-up" (or
        "text"), contexts="both" (or "left", "right"), subsample=1e-4, threads.

    Raises
    ------
    SkipgramError
        Of the kind that names the cause; nothing is left half-written.

    """
    encoded = encoded_already(corpus)
    chosen, tokenizer = resolve(
        settings,
        usable_threads(),
        encoded_by=None if encoded is None else encoded.settings,
        objective=SOFTMAX,
    )
    sources = sources_to_read(corpus, encoded, chosen.text.column)
    place = None if output is None else result_path(output)
    if place is not None:
        cooccurrence_file.require_place(place, overwrite=overwrite)
        require_apart([place], input_paths(corpus, sources))
    scratch = None if place is None else nearest_folder(place)
    with watched(progress, observe) as report:
        if encoded is None:
            encoded = prepare(sources, chosen, tokenizer, scratch=scratch, observe=report)
        else:
            report(encoded.summary)
        counts = count_cooccurrence(
            encoded,
            WindowRule.of(chosen),
            threads=chosen.run.threads,
            scratch=scratch,
            observe=report,
        )
    if place is not None:
        parts = counts.matrix, counts.vocabulary, counts.options()
        cooccurrence_file.save(*parts, place, overwrite=overwrite, keeps=True)
    return counts

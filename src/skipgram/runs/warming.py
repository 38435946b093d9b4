"""Compiling what a run will call, in the background while the corpus is read."""

from collections.abc import Callable

from skipgram.corpus.encoding.encoding import warm_up as warm_up_reading
from skipgram.settings import AUTO, Settings
from skipgram.settings.objectives import is_exact
from skipgram.system.threads import in_background
from skipgram.training.events import Compiled, Compiling
from skipgram.training.exact.warming import warm_up as warm_up_sweeps
from skipgram.training.negative_sampling.warming import warm_up as warm_up_steps

Observer = Callable[[Compiling | Compiled], None]


class Kernels:
    """Compiles what reading needs first, then the training's kernels."""

    def __init__(self, settings: Settings, *, reads_text: bool) -> None:
        self._compiled = in_background(lambda: _warm_up(settings, reads_text), "skipgram-compiler")
        self._is_awaited = False

    def wait(self, report: Observer) -> None:
        """Wait until they are compiled; the first call reports how long that took."""
        if self._is_awaited:
            return
        self._is_awaited = True
        if not self._compiled.done():
            report(Compiling())
        if (news := self._compiled.result()) is not None:
            report(news)


def _warm_up(settings: Settings, reads_text: bool) -> Compiled | None:
    if reads_text:
        warm_up_reading(settings.text)
    if settings.model.objective == AUTO:  # the corpus will decide
        return None
    return (warm_up_sweeps if is_exact(settings) else warm_up_steps)(settings)

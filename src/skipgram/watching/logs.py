"""All that watch a run, told at once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from skipgram.files import PathLike
from skipgram.watching.json_lines import JsonLinesLog
from skipgram.watching.tensorboard import TensorBoardLog


@contextmanager
def logged(
    log: PathLike | None,
    tensorboard: PathLike | None,
    observe: Callable[[Any], None],
    *,
    resumes: bool,
    overwrite: bool,
) -> Iterator[Callable[[Any], None]]:
    """What tells an event to `observe`, and to the logs that are asked for."""
    with ExitStack() as stack:
        observers = [observe]
        if log is not None:
            lines = JsonLinesLog(Path(log), resumes, overwrite=overwrite)
            observers.append(stack.enter_context(lines).observe)
        if tensorboard is not None:
            figures = TensorBoardLog(Path(tensorboard), resumes, overwrite=overwrite)
            observers.append(stack.enter_context(figures).observe)

        def tell(event: Any) -> None:
            for observer in observers:
                observer(event)

        yield tell

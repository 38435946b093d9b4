"""Events of a made-up run, to be shown, logged or counted."""

import math

from skipgram.corpus.summary import CorpusSummary
from skipgram.training.events import EpochEnd, Finished, HeldOutScore, Progress, Started

CORPUS = CorpusSummary(
    sources=1,
    lines=20,
    empty_lines=0,
    longest_line=90,
    tokens=1_000,
    types=50,
    kept_tokens=1_000,
    kept_types=50,
    replaced=0,
    first_replaced="",
    sha256="ab" * 32,
)
STARTED = Started(
    vocab_size=50, tokens=1_000, epochs=4, threads=2, memory_bytes=80_000, loss_at_zero=4.16
)
SCORE = HeldOutScore(
    loss=2.4,
    loss_standard_error=0.01,
    cross_entropy=math.log(1234),
    cross_entropy_standard_error=0.02,
    centers=512,
    pairs=9_000,
    seconds=0.25,
)
FINISHED = Finished(tokens=4_000, seconds=2.0)


def progress(tokens_done: int, seconds: float, loss: float = 2.5, rate: float = 0.025) -> Progress:
    """A progress of four epochs of a thousand tokens."""
    return Progress(
        epoch=(tokens_done - 1) // 1_000 + 1,
        tokens_done=tokens_done,
        tokens_total=4_000,
        loss=loss,
        learning_rate=rate,
        seconds=seconds,
    )


def epoch_end(
    epoch: int,
    loss: float = 2.31,
    held_out: HeldOutScore | None = None,
    error: float | None = None,
) -> EpochEnd:
    return EpochEnd(epoch, loss, 8_000, 8_000, epoch * 0.5, held_out, loss_standard_error=error)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

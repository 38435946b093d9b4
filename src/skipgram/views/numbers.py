"""The numbers of a training as a person likes to read them."""

import math

from skipgram.training.events import EpochEnd, HeldOutScore

_LEAST_PLAIN_RATE, _MOST_PLAIN_PERPLEXITY = 1e-3, 1e7
"""Beyond these, numbers are written with a power of ten."""
_SURE = 2.0
"""A difference of so many standard errors is hardly chance."""


def learning_rate(rate: float) -> str:
    """Of the steps."""
    return f"{rate:.4f}" if rate >= _LEAST_PLAIN_RATE else f"{rate:.1e}"


def held_out(score: HeldOutScore) -> str:
    """How well held-out text is predicted; the perplexity is in words."""
    is_plain = score.perplexity < _MOST_PLAIN_PERPLEXITY
    perplexity = f"{score.perplexity:,.0f}" if is_plain else f"{score.perplexity:.1e}"
    return (
        f"held out {score.loss:.3f} ± {score.loss_standard_error:.3f} nats a pair, "
        f"perplexity {perplexity} ({score.centers:,} centers)"
    )


def rate(tokens_per_second: float) -> str:
    """In words a second."""
    if tokens_per_second >= 1e6:
        return f"{tokens_per_second / 1e6:.2f} M words/s"
    if tokens_per_second >= 1e3:
        return f"{tokens_per_second / 1e3:.0f} k words/s"
    return f"{tokens_per_second:.0f} words/s"


def training_loss(first: EpochEnd, last: EpochEnd) -> str:
    """The losses of a run's first epoch and its last, and whether they differ for sure."""
    span = f"{last.loss:.3f}" if first is last else f"{first.loss:.3f} → {last.loss:.3f}"
    if first.loss_standard_error is None or last.loss_standard_error is None:
        return f"loss {span} nats a pair"
    said = f"loss {span} ± {last.loss_standard_error:.3f} nats a pair"
    unsure = _SURE * math.hypot(first.loss_standard_error, last.loss_standard_error)
    is_change = first is last or abs(last.loss - first.loss) > unsure
    return said if is_change else f"{said}, no change that can be told"

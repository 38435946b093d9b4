"""The options by which vectors are trained, and pairs are counted."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from skipgram.cli.options import takes_settings
from skipgram.objectives import OTHER_DEFAULTS
from skipgram.settings import SOFTMAX, default


class YesOrNo(StrEnum):
    """A choice that is written out."""

    YES = "yes"
    NO = "no"


_TRAINING: dict[str, Any] = {
    "objective": str,
    "embedding_dim": int,
    "window": int,
    "window_width": str,
    "subsample": float,
    "seed": int,
    "holdout": float,
    "patience": int,
    "shown": str,
    "checkpoint_minutes": float,
    "epochs": int,
    "learning_rate": float,
    "schedule": str,
    "negatives": int,
    "negatives_shared": YesOrNo,
    "noise_exponent": float,
    "deterministic": bool,
    "sweeps": int,
    "tolerance": float,
    "prior": float,
    "count_power": float,
    "unigram_offset": float,
    "softmax_vocabulary": int,
    "windows": str,
    "contexts": str,
}
COUNTING = ("window", "window_width", "windows", "contexts", "subsample")
"""The settings by which pairs are counted."""


def takes_training_options(command: Callable[..., None]) -> Any:
    """Give a command an option for each setting of a training, in the place of `training`."""
    shown = {
        "embedding_dim": f"{default('embedding_dim')}, or --continue's",
        "negatives_shared": "yes",
        "deterministic": "",
        **{name: f"{default(name)}, and by sweeps {of}" for name, of in _by_sweeps().items()},
    }
    read = {"negatives_shared": lambda value: value == YesOrNo.YES}
    return takes_settings("training", _TRAINING, shown=shown, read=read)(command)


def takes_counting_options(command: Callable[..., None]) -> Any:
    """Give a command an option for each setting of counting, in the place of `counting`."""
    kinds = {name: _TRAINING[name] for name in COUNTING}
    shown = {name: str(of) for name, of in _by_sweeps().items()}
    return takes_settings("counting", kinds, shown=shown)(command)


def _by_sweeps() -> dict[str, Any]:
    return dict(OTHER_DEFAULTS[SOFTMAX])

"""Where vectors come from, in a line or two."""

from collections.abc import Mapping
from typing import Any

from skipgram.telling.wording import many


def origin(about: Mapping[str, Any]) -> list[str]:
    """What `about` says of a training, or of a file; nothing where it is in another form."""
    try:
        return [*_training(about), *_file(about)]
    except (LookupError, TypeError, ValueError, AttributeError):
        return []


def _training(about: Mapping[str, Any]) -> list[str]:
    if not (corpus := about.get("corpus")):
        return []
    said = f"trained on {many(corpus['kept_tokens'], 'word')}"
    by = about.get("trained_by")  # another package, in `compare`
    said += f" by {by['system'] if by else about['settings']['model']['objective']}"
    if epochs := about.get("epochs"):
        said += f", {many(len(epochs), 'epoch')}, loss {epochs[-1]['loss']:.3f} nats a pair"
    elif sweeps := about.get("sweeps"):
        said += f", {many(len(sweeps), 'sweep')}, objective {sweeps[-1]['objective']:.4f}"
    return [said]


def _file(about: Mapping[str, Any]) -> list[str]:
    read = about.get("read") or {}
    told = [f"{name.replace('_', ' ')} {value}" for name, value in read.items() if value]
    return [f"read from a file: {', '.join(told)}"] if told else []

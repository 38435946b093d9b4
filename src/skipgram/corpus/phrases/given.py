"""Phrases that are given, of another text: where they are, and whether they fit."""

from typing import Any, Protocol

from skipgram.corpus.phrases.file import FILE, load
from skipgram.corpus.phrases.phraser import Phraser
from skipgram.errors import SettingsError
from skipgram.settings import Settings, SettingValues
from skipgram.system.files import recovered
from skipgram.system.paths import PathLike, as_path, is_path
from skipgram.untrusted.opening import is_there


class HasPhraser(Protocol):
    """Vectors, or an encoded corpus."""

    @property
    def phraser(self) -> Phraser | None: ...


GivenPhrases = Phraser | HasPhraser | PathLike
"""A phraser, what has one, or the folder of that."""


def is_made_with_phrases(folder: PathLike) -> bool:
    """Whether a folder, of vectors or of an encoded corpus, holds phrases."""
    try:
        return is_there(recovered(as_path(folder)) / FILE)
    except (OSError, ValueError):  # a name that no file can have, such as a text
        return False


def as_phraser(given: Any) -> Phraser:
    """The phraser that was given, or that of vectors or an encoded corpus, or of their folder."""
    if isinstance(given, Phraser):
        return given
    if is_path(given):
        folder = recovered(as_path(given))
        if is_there(folder / FILE):
            return load(folder)
        found = f"{folder} holds no phrases" if folder.exists() else f"{folder} does not exist"
    elif hasattr(given, "phraser"):
        if isinstance(given.phraser, Phraser):
            return given.phraser
        found = f"{given!r:.80} holds no phrases"
    else:
        found = f"{given!r:.60} is not a phraser"
    raise SettingsError(
        f"{found}; give phraser (--phraser) the folder of vectors or of an encoded corpus that "
        "were made with phrases (--phrases 1)"
    )


def with_phrases_of(phraser: Phraser | None, asked: SettingValues) -> SettingValues:
    """The given settings, with as many passes over the text as made these phrases."""
    if phraser is None:
        return asked
    for name in ("phrases", "phrase_score", "phrase_threshold", "phrase_min_count"):
        if name in asked:
            raise SettingsError(
                f"{name} (--{name.replace('_', '-')}) says how phrases are found, and those of "
                "the phraser (--phraser) are known: omit one of the two"
            )
    return {**asked, "phrases": len(phraser.passes)}


def require_phrases_fit(phraser: Phraser | None, settings: Settings) -> None:
    """Refuse phrases of a text that was split in another way."""
    own = settings.text.tokenizer
    if phraser is not None and phraser.tokenizer != own:
        raise SettingsError(
            f"the phraser (--phraser) has phrases of a text that was split by the tokenizer "
            f"{phraser.tokenizer!r}, and this one is split by {own!r}: choose the same tokenizer "
            "(--tokenizer)"
        )

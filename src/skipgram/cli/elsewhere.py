"""Commands and options of other tools, as people type them: answered with what to type here."""

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from skipgram.cli.views.invocation import command
from skipgram.errors import SettingsError, option_of
from skipgram.settings.elsewhere import letters_of, setting_for, told_of_setting
from skipgram.vectors.elsewhere import CALLED, told_of_keyword

COMMANDS = {
    "train": ("-train", "-input", "skipgram", "word2vec", "unsupervised", "cbow"),
    "neighbors": ("nn", "distance", "most-similar"),
    "analogy": ("analogies", "word-analogy"),
    "evaluate": ("test", "accuracy", "compute-accuracy"),
    "convert": ("print-word-vectors", "dump"),
    "vocabulary": ("vocab", "vocab-count"),
    "cooccurrence": ("cooccur",),
    "phrases": ("word2phrase",),
}
"""Commands and first words of fastText, word2vec.c, GloVe and gensim, by the command here."""


def require_own_command(typed: str, known: Collection[str]) -> None:
    """Refuse a command that only other tools have; the error names the one here."""
    for here, names in COMMANDS.items():
        if typed.replace("_", "-") in names and typed not in known:
            told = f"here it is {here}; see {command(here, '--help')}"
            raise SettingsError(f"no command {typed}: {told}")


def require_own_options(of: Any, words: Sequence[str]) -> None:
    """Refuse options that only other tools have, or as they write them; the error names ours.

    of: a command, as typer has made it; words: what was typed after its name.
    """
    options = {name: parameter for parameter in of.params for name in parameter.opts}
    told = []
    for word, following in pairwise([*words, ""]):
        if word == "--":
            break
        typed, _, value = word.partition("=")
        if typed in options or not typed.startswith("-"):
            continue
        if not value and not following.startswith("-"):
            value = following
        if instead := _instead(typed, value or None, options):
            told.append(f"no option {typed}: {instead}")
    if told:
        raise SettingsError("; ".join(told))


def _instead(typed: str, value: str | None, options: Collection[str]) -> str:
    """What to type, for both readers; empty if this is no option that is known elsewhere."""
    for option in options:
        if option.startswith("--") and letters_of(option) == letters_of(typed):
            return f"write {option}"
    name = typed.strip("-").replace("-", "_")
    if option_of("min_count") in options:
        here = setting_for(name)
        return told_of_setting(name, value) if not here or option_of(here) in options else ""
    return told_of_keyword(name, value, [here for here in CALLED if option_of(here) in options])

"""`skipgram info`: what a folder of vectors holds, and where it comes from."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from skipgram.cli.options import Folder
from skipgram.cli.views.mouth import answer, answers_console
from skipgram.settings.objectives import in_force
from skipgram.telling.escaping import visible
from skipgram.telling.wording import many, percent

if TYPE_CHECKING:
    from skipgram.corpus.encoded import EncodedCorpus
    from skipgram.vectors.subwords.spelling import Spelling

_Rows = dict[str, str | Sequence[str]]
"""By name: what is told in one piece, or pieces between which a line may end."""
_GAP = "  "


def info(folder: Folder) -> None:
    """Show what a folder of vectors holds, and how it was trained."""
    import skipgram
    from skipgram.corpus.encoded import is_encoded
    from skipgram.vectors.subwords.spelling import Spelling

    if is_encoded(folder):
        _print(_corpus_rows(skipgram.EncodedCorpus.load(folder)))
        return
    vectors = skipgram.load(folder)
    about = vectors.about
    rows: _Rows = {
        "vectors": f"{len(vectors):,} words × {vectors.embedding_dim} {vectors.precision}, "
        f"shown: {vectors.shown}",
        "counts": "none"
        if not vectors.counts.any()
        else f"{int(vectors.counts.max()):,} ({vectors.words[int(vectors.counts.argmax())]})"
        f" down to {int(vectors.counts.min()):,}",
    }
    if isinstance(vectors.subwords, Spelling):
        rows["spelling"] = _of_spelling(vectors.subwords)
    if vectors.index is not None:
        rows["index"] = "for approximate neighbours"
    try:
        rows |= _story(about)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
        rows["training"] = "in a form that this skipgram does not know; see the settings file"
    if isinstance(read := about.get("read"), dict):
        rows["read from"] = [f"{name} {value}" for name, value in read.items()]
    if version := about.get("skipgram_version"):
        rows["written by"] = f"skipgram {version}"
    _print(rows)


def _print(rows: _Rows) -> None:
    from skipgram.cli.views.tables import PLAIN_WIDTH

    names = [visible(name) for name in rows]
    width = max(map(len, names))
    room = min(answers_console().width, PLAIN_WIDTH) - width - len(_GAP)
    for name, told in zip(names, rows.values(), strict=True):
        pieces = [told] if isinstance(told, str) else told
        for line in _wrapped([visible(piece) for piece in pieces], room):
            answer(f"{name:<{width}}{_GAP}{line}")
            name = ""


def _wrapped(pieces: Sequence[str], room: int) -> list[str]:
    """Lines of as many pieces as there is room for, at least one each."""
    lines: list[str] = []
    for piece in pieces:
        if lines and len(lines[-1]) + len(_GAP) + len(piece) <= room:
            lines[-1] += f"{_GAP}{piece}"
        else:
            lines.append(piece)
    return lines


def _of_spelling(spelling: "Spelling") -> list[str]:
    told = [
        f"{many(len(spelling.ngrams), 'n-gram')} of {spelling.lengths} characters",
        f"share {spelling.share:g}",
        f"fitted to {spelling.matrix}",
    ]
    if not spelling.says_something:
        told.append("explains nothing: left out, and unknown words stay unknown")
    elif spelling.explained is not None:
        told.append(f"explains {percent(spelling.explained)} of held-out words' variance")
    return told


def _corpus_rows(corpus: "EncodedCorpus") -> _Rows:
    summary = corpus.summary
    rows: _Rows = {
        "corpus": f"{many(len(corpus), 'word')} in {many(corpus.lines, 'line')}, of "
        f"{summary.tokens:,} read",
        "words": f"{len(corpus.vocabulary):,} different ones, of {summary.types:,} read",
        "sha256": _of_the_text(summary.sha256),
    }
    return rows | _settings_rows(corpus.settings)


def _of_the_text(sha256: str) -> list[str]:
    return [str(sha256), "(of the uncompressed text)"]


def _story(about: dict[str, Any]) -> _Rows:
    """Corpus, losses and settings, as a training of ours or a comparison writes them."""
    rows: _Rows = {}
    if corpus := about.get("corpus"):
        rows["corpus"] = f"{many(corpus['tokens'], 'word')} in {many(corpus['lines'], 'line')}"
        rows["sha256"] = _of_the_text(corpus["sha256"])
    if by := about.get("trained_by"):
        settings = [f"{name} {value}" for name, value in by["settings"].items()]
        rows["trained by"] = [f"{by['system']} {by['version']}", f"seed {by['seed']}", *settings]
    if epochs := about.get("epochs"):
        rows["loss"] = [*(f"{epoch['loss']:.3f}" for epoch in epochs), "nats a pair"]
        rows["seconds"] = f"{epochs[-1]['seconds']:.1f}"
    if sweeps := about.get("sweeps"):
        objectives = [f"{sweep['objective']:.4f}" for sweep in sweeps]
        rows["objective"] = [*objectives, "nats a pair, loss plus prior"]
        rows["seconds"] = f"{sweeps[-1]['seconds']:.1f}"
    return rows | _settings_rows(about.get("settings", {}))


def _settings_rows(settings: Mapping[str, Mapping[str, Any]]) -> _Rows:
    return {
        section: [f"{name} {value}" for name, value in values.items()]
        for section, values in in_force(settings).items()
        if values
    }

"""`skipgram info`: what a folder of vectors holds, and where it comes from."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from skipgram.cli.options import Folder
from skipgram.cli.views.escaping import visible
from skipgram.cli.views.mouth import answer
from skipgram.settings.objectives import in_force

if TYPE_CHECKING:
    from skipgram.corpus.encoded import EncodedCorpus


def info(folder: Folder) -> None:
    """Show what a folder of vectors holds, and how it was trained."""
    import skipgram
    from skipgram.corpus.encoded import is_encoded

    if is_encoded(folder):
        _print(_corpus_rows(skipgram.EncodedCorpus.load(folder)))
        return
    vectors = skipgram.load(folder)
    about = vectors.about
    rows = {
        "vectors": f"{len(vectors):,} words × {vectors.embedding_dim} {vectors.precision}, "
        f"shown: {vectors.shown}",
        "counts": "none"
        if not vectors.counts.any()
        else f"{int(vectors.counts.max()):,} ({vectors.words[int(vectors.counts.argmax())]})"
        f" down to {int(vectors.counts.min()):,}",
    }
    if vectors.index is not None:
        rows["index"] = "for approximate neighbours"
    try:
        rows |= _story(about)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
        rows["training"] = "in a form that this skipgram does not know; see the settings file"
    if isinstance(read := about.get("read"), dict):
        rows["read from"] = "  ".join(f"{name} {value}" for name, value in read.items())
    if version := about.get("skipgram_version"):
        rows["written by"] = f"skipgram {version}"
    _print(rows)


def _print(rows: dict[str, str]) -> None:
    names = [visible(name) for name in rows]
    width = max(map(len, names))
    for name, value in zip(names, rows.values(), strict=True):
        answer(f"{name:<{width}}  {value}")


def _corpus_rows(corpus: "EncodedCorpus") -> dict[str, str]:
    summary = corpus.summary
    rows = {
        "corpus": f"{len(corpus):,} words in {corpus.lines:,} lines, of {summary.tokens:,} read",
        "words": f"{len(corpus.vocabulary):,}, of {summary.types:,} types",
        "sha256": summary.sha256,
    }
    return rows | _settings_rows(corpus.settings)


def _story(about: dict[str, Any]) -> dict[str, str]:
    """Corpus, losses and settings, as a training of ours writes them."""
    rows = {}
    if corpus := about.get("corpus"):
        rows["corpus"] = f"{corpus['tokens']:,} words in {corpus['lines']:,} lines"
        rows["sha256"] = corpus["sha256"]
    if epochs := about.get("epochs"):
        rows["loss"] = " ".join(f"{epoch['loss']:.3f}" for epoch in epochs) + " nats a pair"
        rows["seconds"] = f"{epochs[-1]['seconds']:.1f}"
    if sweeps := about.get("sweeps"):
        objectives = " ".join(f"{sweep['objective']:.4f}" for sweep in sweeps)
        rows["objective"] = f"{objectives} nats a pair, prior included"
        rows["seconds"] = f"{sweeps[-1]['seconds']:.1f}"
    return rows | _settings_rows(about.get("settings", {}))


def _settings_rows(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {
        section: "  ".join(f"{name} {value}" for name, value in values.items())
        for section, values in in_force(settings).items()
        if values
    }

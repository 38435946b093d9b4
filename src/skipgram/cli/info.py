"""`skipgram info`: what a folder of vectors holds, and where it comes from."""

from typing import Any

from skipgram.cli.options import Folder


def info(folder: Folder) -> None:
    """Show what a folder of vectors holds, and how it was trained."""
    import skipgram

    vectors = skipgram.load(folder)
    about = vectors.about
    rows = {
        "vectors": f"{len(vectors):,} words × {vectors.embedding_dim}, shown: {vectors.shown}",
        "counts": f"{int(vectors.counts.max()):,} ({vectors.words[int(vectors.counts.argmax())]})"
        f" down to {int(vectors.counts.min()):,}",
    }
    try:
        rows |= _story(about)
    except (KeyError, TypeError, ValueError, AttributeError):
        rows["story"] = "the settings file tells it in another way"
    rows["written by"] = f"skipgram {about.get('skipgram_version', '(unknown)')}"
    width = max(map(len, rows))
    for name, value in rows.items():
        print(f"{name:<{width}}  {value}")


def _story(about: dict[str, Any]) -> dict[str, str]:
    """Corpus, losses and settings, as a training of ours writes them."""
    rows = {}
    if corpus := about.get("corpus"):
        rows["corpus"] = f"{corpus['tokens']:,} words in {corpus['lines']:,} lines"
        rows["sha256"] = corpus["sha256"]
    if epochs := about.get("epochs"):
        rows["loss"] = " ".join(f"{epoch['loss']:.3f}" for epoch in epochs) + " nats a pair"
        rows["seconds"] = f"{epochs[-1]['seconds']:.1f}"
    for section, values in about.get("settings", {}).items():
        rows[section] = "  ".join(f"{name} {value}" for name, value in values.items())
    return rows

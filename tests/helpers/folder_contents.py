"""Folders full of files, to be written and compared."""

from pathlib import Path


def fill(folder: Path, content: str) -> None:
    """Two files with this text, one of them in a folder of its own."""
    (folder / "a").write_text(content)
    (folder / "deep").mkdir()
    (folder / "deep" / "b").write_text(content)


def forget_pairs(folder: Path) -> None:
    """Remove the marks of pairs of files, so that they are as another tool leaves them."""
    for mark in folder.glob(".*.pair"):
        mark.unlink()


def tree(folder: Path) -> dict[str, str]:
    """All files below a folder, hidden ones too, with their text; folders with none."""
    return {
        str(path.relative_to(folder)): path.read_text() if path.is_file() else ""
        for path in folder.rglob("*")
    }

"""The text files that evaluation sets come in."""

from pathlib import Path

from skipgram.errors import FormatError


def lines_of(file: Path) -> list[str]:
    """The lines of a UTF-8 text file, or a FormatError that says why not."""
    try:
        return file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise FormatError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise FormatError(f"{file}: {error}") from None

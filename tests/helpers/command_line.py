"""`skipgram ...` run in this process, as if it had been typed."""

import io
import sys
from pathlib import Path

import pytest

from skipgram.cli import main


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path, stdin: bytes | None = None) -> int:
    """The exit code of `skipgram arguments`, which reads these bytes as its standard input."""
    monkeypatch.setattr(sys, "argv", ["skipgram", *map(str, arguments)])
    if stdin is not None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
    with pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code or 0
    assert isinstance(code, int)
    return code

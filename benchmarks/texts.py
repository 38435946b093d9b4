"""Real text for the benchmarks: found, unpacked, cut into lines, made as long as is asked for."""

import argparse
import os
import sys
from pathlib import Path

from skipgram.corpus.sources.blocks import TextBlock
from skipgram.corpus.sources.finding import sources_of

LINE_WORDS = 1000


def add_data_option(parser: argparse.ArgumentParser) -> None:
    known = os.environ.get("SKIPGRAM_DATA")
    parser.add_argument(
        "--data", type=Path, default=known, required=known is None, help="or set SKIPGRAM_DATA"
    )


def find(data: Path, *names: str) -> Path:
    """The first of these files below a folder."""
    for name in names:
        for file in sorted(data.rglob(name)):
            return file
    sys.exit(f"{data} holds no {' or '.join(names)}; name the folder with --data")


def text_of(data: Path, name: str) -> bytes:
    """A text, unpacked."""
    sources = sources_of(find(data, name, f"{name}.xz"))
    return b"".join(
        block.text[: block.size]
        for source in sources.items
        for block in source.blocks()
        if isinstance(block, TextBlock)
    )


def in_lines(text: bytes) -> bytes:
    """The words of a text in lines of 1,000: gensim cuts longer lines at 10,000."""
    words = text.split()
    lines = (
        b" ".join(words[start : start + LINE_WORDS]) for start in range(0, len(words), LINE_WORDS)
    )
    return b"\n".join(lines) + b"\n"


def fil8_in_lines(data: Path, folder: Path) -> Path:
    """fil8 in lines of 1,000 words, as a file of this folder."""
    file = folder / "fil8.lines.txt"
    file.write_bytes(in_lines(text_of(data, "fil8.txt")))
    return file


def repeated(text: bytes, least_bytes: int, file: Path) -> int:
    """Write a text so often that the file has so many bytes; how often."""
    times = -(-least_bytes // len(text))
    with file.open("wb") as out:
        for _ in range(times):
            out.write(text)
    return times

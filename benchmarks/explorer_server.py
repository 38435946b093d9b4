"""How long those wait who ask the explorer's server, and what memory it takes.

    python benchmarks/explorer_server.py [--shapes 60237x100 400000x50] [--vectors FOLDER ...]
                                         [--clients 20] [--seconds 20]

Random rows, with a map that is kept already, or vectors of your own. The server is started as
`skipgram explore` starts it. Each client keeps a connection, as a browser does, and asks for the
neighbours of one word a second, from a moment of its own on; words are drawn at random. Waits
are those of a client in this process, which shares the processors with the server.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import numpy as np

import skipgram
from skipgram.explorer import layout_file, server
from skipgram.explorer.layout import SETTINGS, Layout, ShownWords

SHAPES = ("60237x100", "400000x50")
WARM_SECONDS = 2.0
K = 15


def made_vectors(shape: str, folder: Path) -> None:
    """Random rows and a random map: only their size counts here."""
    words, dim = map(int, shape.split("x"))
    draw = np.random.default_rng(0)
    names = [f"word{number}" for number in range(words)]
    rows = draw.standard_normal((words, dim), np.float32)
    skipgram.WordVectors.from_arrays(names, rows, np.arange(words, 0, -1)).save(folder)
    places = draw.standard_normal((words, 2)).astype(np.float32)
    made = Layout(places, np.zeros(words, np.uint8), np.array([[0, 1, 2]], np.int32))
    made_of = layout_file.fingerprint(ShownWords(skipgram.load(folder)), SETTINGS)
    layout_file.save(made, folder / layout_file.OWN, made_of)


@contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server of its own, and its port; what it took to answer and to have the page is told."""
    with server.address(port=0).opened as opened:
        port = opened.getsockname()[1]
    line = [sys.executable, "-m", "skipgram", "explore", str(folder), "--no-browser", "--quiet"]
    began = time.perf_counter()
    with subprocess.Popen([*line, "--port", str(port)]) as process:
        try:
            page = b""
            while not page:
                with suppress(OSError):
                    page = got(port, "/")
                time.sleep(0.02)
            first = time.perf_counter() - began
            while b'http-equiv="refresh"' in page:
                time.sleep(0.1)
                page = got(port, "/")
            ready = time.perf_counter() - began
            size = f"{len(page) / 1e6:.0f} MB"
            print(f"first answer after {first:.1f} s, page of {size} after {ready:.1f} s")
            yield process, port
        finally:
            process.terminate()


def got(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        body: bytes = answer.read()
    return body


def check(port: int, vectors: skipgram.WordVectors, words: Sequence[str]) -> None:
    """Raise unless some answers are those of the vectors."""
    for word in words:
        found = json.loads(got(port, question(word)))["neighbors"]
        expected = vectors.most_similar(word, k=K)
        np.testing.assert_allclose(
            [cosine for _, cosine in found], [near.similarity for near in expected], atol=1e-5
        )


def question(word: str) -> str:
    return f"/api/neighbors?word={quote(word)}&k={K}"


async def client(port: int, words: Sequence[str], seconds: float, waits: list[float]) -> None:
    await asyncio.sleep(random.random())
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    begins = time.perf_counter()
    ends = begins + WARM_SECONDS + seconds
    due = begins
    while due < ends:
        await asyncio.sleep(due - time.perf_counter())
        due += 1.0
        asked = time.perf_counter()
        line = f"GET {question(random.choice(words))} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"
        writer.write(line.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].split()[0])
        await reader.readexactly(length)
        assert b" 200 " in head.split(b"\r\n")[0], head
        if asked - begins > WARM_SECONDS:
            waits.append(time.perf_counter() - asked)
    writer.close()


async def all_clients(port: int, words: Sequence[str], clients: int, seconds: float) -> list[float]:
    waits: list[float] = []
    await asyncio.gather(*(client(port, words, seconds, waits) for _ in range(clients)))
    return waits


def anonymous_megabytes(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("RssAnon"))
    return int(kilobytes) / 1_000


def measure(name: str, folder: Path, clients: int, seconds: float) -> None:
    vectors = skipgram.load(folder)
    words = random.Random(1).sample(list(vectors.words), min(len(vectors), 10_000))
    print(f"{name}: {len(vectors):,} words × {vectors.embedding_dim}")
    with served(folder) as (process, port):
        check(port, vectors, words[:5])
        waits = asyncio.run(all_clients(port, words, clients, seconds))
        p50, p95, p99 = 1e3 * np.quantile(waits, (0.5, 0.95, 0.99))
        print(
            f"{clients} clients, {len(waits):,} questions: p50 {p50:.1f} ms, p95 {p95:.1f} ms, "
            f"p99 {p99:.1f} ms, longest {1e3 * max(waits):.1f} ms; "
            f"anonymous memory {anonymous_megabytes(process.pid):.0f} MB",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shapes", nargs="*", default=SHAPES)
    parser.add_argument("--vectors", nargs="*", type=Path, default=[])
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    for folder in given.vectors:
        measure(folder.name, folder, given.clients, given.seconds)
    for shape in given.shapes if not given.vectors else ():
        with tempfile.TemporaryDirectory() as place:
            made_vectors(shape, Path(place) / "vectors")
            measure(shape, Path(place) / "vectors", given.clients, given.seconds)


if __name__ == "__main__":
    main()

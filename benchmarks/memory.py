"""A corpus of 200 million tokens: the memory that encoding and training take, and the same result.

    python benchmarks/memory.py --data DIR [--tokens 200000000]

DIR holds fil8.txt, packed with xz or not; it is repeated. What counts is
anonymous memory (RssAnon): pages mapped from files can be dropped. It is
sampled every 10 ms in a process of its own, and all of it counts: interpreter,
libraries, compiled kernels. The corpus is then trained on twice by one thread,
mapped and copied into memory, at settings that make this quick; the vectors
must be the same bits.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from texts import add_data_option, in_lines, repeated, text_of

import skipgram
from skipgram.corpus.encoded import EncodedCorpus

ALLOWED_BYTES = 256 << 20
QUICK: dict[str, Any] = {
    "embedding_dim": 16,
    "window": 2,
    "negatives": 1,
    "epochs": 1,
    "subsample": 1e-5,
    "threads": 1,
}


def anonymous_bytes() -> int:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("RssAnon:"))
    return int(line.split()[1]) * 1024


class Peak(threading.Thread):
    """The most anonymous memory that was seen."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0

    def run(self) -> None:
        while True:
            self.peak_bytes = max(self.peak_bytes, anonymous_bytes())
            time.sleep(0.01)


def encode(file: str, folder: str) -> dict[str, Any]:
    corpus = skipgram.encode(file, folder, threads=2)
    return {"tokens": len(corpus), "table_bytes": corpus.summary.table_bytes}


def train(folder: str, place: str) -> dict[str, Any]:
    corpus = EncodedCorpus.load(folder)
    if place == "memory":
        corpus = EncodedCorpus(
            np.array(corpus.ids), np.array(corpus.line_ends), corpus.vocabulary, corpus.summary
        )
    vectors = skipgram.train(corpus, **QUICK)
    digest = hashlib.sha256(vectors.center.tobytes() + vectors.outside.tobytes()).hexdigest()
    return {"sha256": digest, "matrix_bytes": 4 * vectors.center.nbytes}


def alone(*work: str) -> dict[str, Any]:
    """Do it in a process of its own; its result, with the peak and the seconds."""
    done = subprocess.run(
        [sys.executable, __file__, "--data", ".", "--do", *work], check=True, capture_output=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--tokens", type=int, default=200_000_000)
    parser.add_argument("--do", nargs="+", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.do:
        peak, started = Peak(), time.perf_counter()
        peak.start()
        result = {"encode": encode, "train": train}[chosen.do[0]](*chosen.do[1:])
        seconds = time.perf_counter() - started
        print(json.dumps(result | {"peak_bytes": peak.peak_bytes, "seconds": seconds}))
        return
    with tempfile.TemporaryDirectory() as folder:
        file, corpus = Path(folder) / "text", Path(folder) / "corpus"
        text = in_lines(text_of(chosen.data, "fil8.txt"))
        times = repeated(text, -(-chosen.tokens // len(text.split())) * len(text), file)
        found = alone("encode", str(file), str(corpus))
        vocabulary = found["table_bytes"]
        beyond = found["peak_bytes"] - vocabulary
        print(
            f"fil8 {times} times, {found['tokens']:,} tokens kept: RssAnon {found['peak_bytes']:,} "
            f"bytes at most, {vocabulary:,} of them the table of types; the rest {beyond:,}, "
            f"{'within' if beyond <= ALLOWED_BYTES else 'BEYOND'} {ALLOWED_BYTES:,}",
            flush=True,
        )
        runs = {place: alone("train", str(corpus), place) for place in ("mapped", "memory")}
        for place, run in runs.items():
            print(
                f"trained on the corpus {place}: RssAnon {run['peak_bytes']:,} bytes at most, "
                f"matrices {run['matrix_bytes']:,} of them; vectors {run['sha256'][:16]}"
            )
        assert runs["mapped"]["sha256"] == runs["memory"]["sha256"], "the vectors differ"
        print("the vectors are the same bits")


if __name__ == "__main__":
    main()

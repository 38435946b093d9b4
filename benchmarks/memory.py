"""The memory that encoding and training take: a corpus of 200 million tokens, or a million words.

    python benchmarks/memory.py --data DIR [--tokens 200000000]
    python benchmarks/memory.py --words 1000000 [--embedding-dim 300]

DIR holds fil8.txt, packed with xz or not; it is repeated. What counts is
anonymous memory (RssAnon): pages mapped from files can be dropped. It is
sampled every 10 ms in a process of its own, and all of it counts: interpreter,
libraries, compiled kernels. The corpus is then trained on twice by one thread,
mapped and copied into memory, at settings that make this quick; the vectors
must be the same bits.

With --words the text is made: that many words, each seen 5 times and more,
their counts falling as their ranks rise. From reading it to the saved folder
a training may hold 1.15 times its two matrices, and 250 MB.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from anonymous import Peak
from texts import add_data_option, in_lines, repeated, text_of

import skipgram
from skipgram.corpus.encoded import EncodedCorpus

ALLOWED_BYTES = 256 << 20
ALLOWED_MATRICES, ALLOWED_BESIDE_BYTES = 1.15, 250_000_000
LEAST_COUNT = 5
LINE_TOKENS = 1000
QUICK: dict[str, Any] = {
    "embedding_dim": 16,
    "window": 2,
    "negatives": 1,
    "epochs": 1,
    "subsample": 1e-5,
    "threads": 1,
}


def encode(file: str, folder: str) -> dict[str, Any]:
    corpus = skipgram.encode(file, folder, threads=2, progress=False)
    return {"tokens": len(corpus), "table_bytes": corpus.summary.table_bytes}


def train(folder: str, place: str) -> dict[str, Any]:
    corpus = EncodedCorpus.load(folder)
    if place == "memory":
        corpus = EncodedCorpus(
            np.array(corpus.ids), np.array(corpus.line_ends), corpus.vocabulary, corpus.summary
        )
    vectors = skipgram.train(corpus, progress=False, **QUICK)
    center, outside = np.asarray(vectors.center), np.asarray(vectors.outside)
    digest = hashlib.sha256(center.tobytes() + outside.tobytes()).hexdigest()
    return {"sha256": digest, "matrix_bytes": 4 * center.nbytes}


def train_text(file: str, folder: str, embedding_dim: str) -> dict[str, Any]:
    vectors = skipgram.train(
        file, folder, embedding_dim=int(embedding_dim), epochs=1, progress=False
    )
    return {"words": len(vectors), "tokens": int(vectors.about["corpus"]["kept_tokens"])}


def write_text(words: int, file: Path) -> None:
    """So many words in a random order, with counts near 5 + words / (2 rank)."""
    counts = LEAST_COUNT + words // (2 * np.arange(1, words + 1))
    tokens = np.repeat(np.arange(words, dtype=np.int32), counts)
    np.random.default_rng(1).shuffle(tokens)
    with file.open("w") as out:
        for start in range(0, len(tokens), LINE_TOKENS):
            line = tokens[start : start + LINE_TOKENS].tolist()
            out.write(" ".join(f"w{number}" for number in line) + "\n")


def many_words(words: int, embedding_dim: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text"
        write_text(words, file)
        found = alone("train_text", str(file), str(Path(folder) / "vectors"), str(embedding_dim))
    assert found["words"] == words, f"{found['words']:,} words were trained, not {words:,}"
    matrices = 2 * words * embedding_dim * 4
    allowed = int(ALLOWED_MATRICES * matrices) + ALLOWED_BESIDE_BYTES
    print(
        f"{words:,} words × {embedding_dim}, {found['tokens']:,} tokens, "
        f"{found['seconds']:.0f} s: RssAnon {found['peak_bytes']:,} bytes at most; "
        f"{ALLOWED_MATRICES} × the two matrices of {matrices:,} + {ALLOWED_BESIDE_BYTES:,} = "
        f"{allowed:,}: {'holds' if found['peak_bytes'] <= allowed else 'DOES NOT HOLD'}"
    )


def alone(*work: str) -> dict[str, Any]:
    """Do it in a process of its own; its result, with the peak and the seconds."""
    done = subprocess.run(
        [sys.executable, __file__, "--do", *work], check=True, stdout=subprocess.PIPE
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def measure(name: str, *arguments: str) -> None:
    """Do the work that has this name, and print what `alone` reads."""
    peak, started = Peak(), time.perf_counter()
    peak.start()
    works: dict[str, Callable[..., dict[str, Any]]] = {
        "encode": encode,
        "train": train,
        "train_text": train_text,
    }
    result = works[name](*arguments)
    seconds = time.perf_counter() - started
    print(json.dumps(result | {"peak_bytes": peak.peak_bytes, "seconds": seconds}))


def many_tokens(data: Path, tokens: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, corpus = Path(folder) / "text", Path(folder) / "corpus"
        text = in_lines(text_of(data, "fil8.txt"))
        times = repeated(text, -(-tokens // len(text.split())) * len(text), file)
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, help="train on a made text of so many words instead")
    parser.add_argument("--embedding-dim", type=int, default=300, help="with --words")
    parser.add_argument("--tokens", type=int, default=200_000_000)
    parser.add_argument("--do", nargs="+", help=argparse.SUPPRESS)
    if not {"--words", "--do"} & set(sys.argv):  # these need no data
        add_data_option(parser)
    chosen = parser.parse_args()
    if chosen.do:
        measure(*chosen.do)
    elif chosen.words:
        many_words(chosen.words, chosen.embedding_dim)
    else:
        many_tokens(chosen.data, chosen.tokens)


if __name__ == "__main__":
    main()

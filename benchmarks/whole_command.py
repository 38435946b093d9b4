"""The whole command, from a text file to saved vectors: `skipgram train` against a gensim script.

    python benchmarks/whole_command.py --data DIR [--rounds 3] [--embedding-dim 100]

DIR holds fil8.txt, packed with xz or not; both read it in lines of 1,000 words.
Both are processes of their own, and all of each is timed: the start of Python,
imports, reading and counting, training, and saving both matrices. Kernels are
compiled beforehand, by the same command on the first lines: a user compiles
once. The two take turns. The answer is checked: the folder and the model hold
the same number of words, and gensim trained on all of them.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from systems import gensim_values, require_gensim_words
from texts import add_data_option, fil8_in_lines

import skipgram
from skipgram.settings import Settings

GENSIM = Path(__file__).parent / "gensim_command.py"
FIRST_LINES = 50


def timed(line: list[str]) -> tuple[float, str]:
    """Seconds of a whole process, and what it printed."""
    started = time.perf_counter()
    done = subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True)
    return time.perf_counter() - started, done.stdout


def skipgram_line(file: Path, output: Path, values: dict[str, Any]) -> list[str]:
    options = [f"--{name.replace('_', '-')}={value}" for name, value in values.items()]
    line = [sys.executable, "-m", "skipgram", "train", str(file), "--output", str(output)]
    return [*line, *options, "--overwrite", "--quiet"]


def gensim_line(file: Path, output: Path, settings: Settings) -> list[str]:
    return [
        sys.executable,
        str(GENSIM),
        str(file),
        str(output),
        json.dumps(gensim_values(settings)),
    ]


def tell(name: str, seconds: list[float]) -> None:
    print(f"{name:9} {', '.join(f'{each:.1f}' for each in seconds)} s; ", end="")
    print(f"median {statistics.median(seconds):.1f} s")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--embedding-dim", type=int, default=100)
    parser.add_argument("--rate", type=float, default=0.025, help="both systems' learning rate")
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    values: dict[str, Any] = {
        "embedding_dim": chosen.embedding_dim,
        "epochs": chosen.epochs,
        "threads": chosen.threads,
        "learning_rate": chosen.rate,
    }
    settings = Settings.of(**values)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file, beginning = fil8_in_lines(chosen.data, folder), folder / "beginning.txt"
        lines = file.read_bytes().splitlines(keepends=True)
        beginning.write_bytes(b"".join(lines[:FIRST_LINES]))
        words = sum(len(line.split()) for line in lines)
        ours, theirs = folder / "vectors", folder / "model"
        timed(skipgram_line(beginning, folder / "warm", values))
        seconds: dict[str, list[float]] = {"skipgram": [], "gensim": []}
        for _ in range(chosen.rounds):
            seconds["skipgram"].append(timed(skipgram_line(file, ours, values))[0])
            took, said = timed(gensim_line(file, theirs, settings))
            seconds["gensim"].append(took)
            found = json.loads(said)
            require_gensim_words(found["raw_words"], words, settings)
            vocab_size = len(skipgram.load(ours))
            if found["vocab_size"] != vocab_size:
                sys.exit(f"gensim knows {found['vocab_size']:,} words, skipgram {vocab_size:,}")
            print("  ".join(f"{name} {of[-1]:.1f} s" for name, of in seconds.items()), flush=True)
    print(
        f"whole commands, {words:,} words, {chosen.epochs} epochs, "
        f"{chosen.embedding_dim} numbers, {chosen.threads} threads:"
    )
    for name, taken in seconds.items():
        tell(name, taken)
    ratios = [theirs / ours for ours, theirs in zip(*seconds.values(), strict=True)]
    print(
        f"gensim / skipgram, seconds: {', '.join(f'{ratio:.2f}' for ratio in ratios)}; "
        f"median {statistics.median(ratios):.2f}"
    )


if __name__ == "__main__":
    main()

"""The bundled dictionary by both objectives: what `skipgram evaluate` says of them.

    python benchmarks/judged.py [--seeds 1 2 3] [--figure docs/scores.png]

It needs no other data. What it prints stands in docs/evaluation.md.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import skipgram
from skipgram.cli.commands.evaluate import evaluate

OBJECTIVES = {"negative": "negative-sampling", "softmax": "softmax"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--figure", type=Path, help="draw the scores into this file")
    chosen = parser.parse_args()
    corpus = skipgram.encode(skipgram.demo_corpus())
    with tempfile.TemporaryDirectory() as scratch:
        folders = []
        for name, objective in OBJECTIVES.items():
            for seed in chosen.seeds:
                folder = Path(scratch) / f"{name}-{seed}"
                skipgram.train(
                    corpus, folder, objective=objective, seed=seed, threads=chosen.threads
                )
                folders.append(folder)
        judge([Path(scratch) / f"softmax-{chosen.seeds[0]}"], bands=True)
        judge([Path(scratch) / f"softmax-{chosen.seeds[0]}"], sections=True)
        judge(folders, figure=chosen.figure, bands=True)


def judge(folders: list[Path], **options: Any) -> None:
    """Print what the command says."""
    print(f"\n$ skipgram evaluate {' '.join(folder.name for folder in folders)}", flush=True)
    evaluate(folders, **options)


if __name__ == "__main__":
    main()

"""A training that is killed again and again ends in the bits of one that never was.

    python benchmarks/kills.py [--kills 200] [--threads 2]

The command line trains in the deterministic mode on a text that is made here,
with a checkpoint every few milliseconds. After a random time it gets SIGKILL
and is started again with --resume, until it was killed so often or has ended;
one that ends is begun anew. Every result must be equal to that of an
uninterrupted run, byte by byte.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OFTEN = ("--checkpoint-minutes", "0.0005", "--quiet")
SETTINGS = (
    *("--embedding-dim", "32", "--epochs", "30", "--min-count", "1", "--subsample", "0"),
    *("--holdout", "0.1", "--patience", "25", "--deterministic"),
)
VECTORS = "vectors.safetensors"
"""The file of a result that holds its matrices."""
WORDS, TOKENS, LINE_TOKENS = 500, 60_000, 20


@dataclass
class Outcome:
    """What became of a training that was killed."""

    kills: int
    resumed: int
    """starts that found a checkpoint"""


def kill_until_it_ends(
    command: Sequence[str], output: Path, most_seconds: float, kills: int, chance: random.Random
) -> Outcome:
    """Run a training, kill it up to so many times at random moments, and resume it to its end.

    command: `skipgram train ...` without --output and --resume; most_seconds:
    between a start and its kill.

    Raises
    ------
    RuntimeError
        If a run fails by itself.

    """
    outcome = Outcome(kills=0, resumed=0)
    state = output.with_name(f"{output.name}.checkpoint") / "state.json"
    while True:
        outcome.resumed += state.is_file()
        with subprocess.Popen(
            [*command, "--output", str(output), "--resume"], stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                spared = outcome.kills >= kills
                _, said = process.communicate(
                    timeout=None if spared else chance.uniform(0, most_seconds)
                )
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                outcome.kills += 1
                continue
        # A kill between the last write and the process's end leaves nothing to resume.
        if process.returncode == 0 or (output.is_dir() and not state.is_file()):
            return outcome
        raise RuntimeError(f"a resumed run ended with {process.returncode}: {said}")


def _text(file: Path) -> None:
    """Words with counts that fall as their ranks rise."""
    chance = random.Random(0)
    ranks = range(1, WORDS + 1)
    words = chance.choices([f"w{rank}" for rank in ranks], [1 / rank for rank in ranks], k=TOKENS)
    lines = (words[start : start + LINE_TOKENS] for start in range(0, TOKENS, LINE_TOKENS))
    file.write_text("".join(" ".join(line) + "\n" for line in lines))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as place:
        folder, chance = Path(place), random.Random(1)
        text = folder / "text.txt"
        _text(text)
        command = [sys.executable, "-m", "skipgram", "train", str(text), *SETTINGS, *OFTEN]
        command += ["--threads", str(options.threads)]
        reference = folder / "reference"
        run = [*command, "--output", str(reference)]
        subprocess.run(run, check=True)  # compiles
        began = time.perf_counter()
        subprocess.run([*run, "--overwrite"], check=True)
        seconds = time.perf_counter() - began
        expected = (reference / VECTORS).read_bytes()
        print(f"uninterrupted: {seconds:.1f} s")

        kills = resumed = ended = 0
        while kills < options.kills:
            output = folder / f"killed{ended}"
            left = options.kills - kills
            outcome = kill_until_it_ends(command, output, seconds, left, chance)
            if (output / VECTORS).read_bytes() != expected:
                raise SystemExit(f"after {outcome.kills} kills the vectors are others")
            kills, resumed, ended = kills + outcome.kills, resumed + outcome.resumed, ended + 1
            print(f"{kills} kills, {resumed} times resumed, {ended} results, all the same bits")


if __name__ == "__main__":
    main()

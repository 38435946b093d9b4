"""Damaged files against the readers: the reference's words and values, or an error that says where.

python tests/fuzzing.py [--files 100000] [--seed 1] [FORMAT ...]
"""

import argparse
import contextlib
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import FrameType
from typing import NoReturn

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import reference_readers
from mutations import FOLDERS, SAMPLES, damaged
from skipgram import FormatError, load

SECONDS = 10
"""For one file; all of them take milliseconds."""
SPARE_BYTES = 1 << 31
"""More than any of these files may ask for."""


def write(folder: Path, files: dict[str, bytes], sample: str) -> Path:
    """Write the files of a sample; the path to load."""
    place = folder / "vectors" if sample in FOLDERS else folder
    place.mkdir(exist_ok=True)
    for name, raw in files.items():
        (place / name).write_bytes(raw)
    return place if sample in FOLDERS else place / next(iter(files))


def check(path: Path, files: dict[str, bytes], sample: str) -> str:
    """Raise unless the files are read as the reference does, or refused; which of them it was."""
    try:
        vectors = load(path)
    except FormatError as error:
        text = str(error)
        assert str(path.parent) in text, f"the error does not name the file: {text}"
        assert "\n" not in text, f"the error has more than a line: {text!r}"
        return "refused"
    format = vectors.about.get("read", {}).get("format", sample)
    words, rows = reference_readers.read(format, files)
    assert list(vectors.words) == words, f"{list(vectors.words)} where {words} stands ({format})"
    tolerance = 1e-6 if format == "fasttext" else 0
    np.testing.assert_allclose(vectors.matrix, rows, rtol=tolerance, atol=tolerance * 1e-3)
    return "read"


def fuzz(sample: str, files: int, seed: int, folder: Path) -> Counter[str]:
    """Damage a sample so many times; how often it was read all the same, and how often refused."""
    (folder / "whole").mkdir()
    whole = SAMPLES[sample](folder / "whole")
    outcomes: Counter[str] = Counter()
    with bounded():
        for number in range(files):
            random = Random(f"{sample} {seed} {number}")
            name = random.choice(sorted(whole))
            changed = {**whole, name: damaged(whole[name], random)}
            path = write(folder, changed, sample)
            signal.alarm(SECONDS)
            try:
                outcomes[check(path, changed, sample)] += 1
            except BaseException:
                kept = Path(tempfile.mkdtemp(prefix=f"{sample}-{seed}-{number}-"))
                shutil.copytree(folder, kept, dirs_exist_ok=True)
                print(f"file {number} of {sample}, seed {seed}; kept in {kept}", file=sys.stderr)
                raise
            finally:
                signal.alarm(0)
    return outcomes


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """A process that can neither hang nor take all memory."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise AssertionError(f"a file took more than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    limits = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    used = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + SPARE_BYTES, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)
        signal.signal(signal.SIGALRM, before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("samples", nargs="*", metavar="FORMAT", help=", ".join(SAMPLES))
    given = parser.parse_args()
    for sample in given.samples or SAMPLES:
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as place:
            outcomes = fuzz(sample, given.files, given.seed, Path(place))
        seconds = time.perf_counter() - began
        told = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items()))
        print(f"{sample:<16} {given.files:,} damaged files: {told}; {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()

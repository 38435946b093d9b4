"""Damaged files against the readers: the reference's words and values, or an error that says where.

python tests/helpers/fuzzing.py [--files 100000] [--seed 1] [SAMPLE ...]

Each file may ask for four times its size and 64 MB of memory, and for ten seconds.
"""

import argparse
import contextlib
import functools
import os
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

os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # which takes what it needs

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from helpers import reference_readers
from helpers.mutations import FOLDERS, SAMPLES, damaged, damaged_settings
from helpers.own_samples import OWN_FILES, OWN_FOLDERS, Sample
from skipgram import load
from skipgram.errors import FormatError, SkipgramError

SECONDS = 10
"""For one file; all of them take milliseconds."""
SPARE_BYTES, TIMES = 64 << 20, 4
"""What a file may ask for: so much, and so many times its bytes."""
NO_MEMORY = ("more memory", "bad_alloc", "MemoryError", "malloc", "allocate")
"""How an error says that there was not enough of it: more was asked for than may be."""

OWN: dict[str, Sample] = OWN_FOLDERS | OWN_FILES
NAMES = (*SAMPLES, *OWN)


def made(name: str, folder: Path) -> dict[str, bytes]:
    """The bytes of a sample's files; what is to be loaded comes first."""
    if name in SAMPLES:
        return SAMPLES[name](folder)
    place = folder / "result" if name in OWN_FOLDERS else folder / name
    OWN[name].make(place)
    files = sorted(place.iterdir()) if place.is_dir() else [place]
    return {file.name: file.read_bytes() for file in files}


def write(folder: Path, files: dict[str, bytes], name: str) -> Path:
    """Write the files of a sample; the path to load."""
    is_folder = name in FOLDERS or name in OWN_FOLDERS
    place = folder / "vectors" if is_folder else folder
    place.mkdir(exist_ok=True)
    for old in place.iterdir() if is_folder else ():
        old.unlink()
    for file, raw in files.items():
        (place / file).write_bytes(raw)
    return place if is_folder else place / next(iter(files))


def check(path: Path, files: dict[str, bytes], name: str) -> str:
    """Raise unless the files are read as the reference does, or refused; which of them it was."""
    try:
        if name in OWN:
            OWN[name].check(path, files)
            return "read"
        vectors = load(path)
    except SkipgramError as error:
        require_fit(error, path, name)
        return "refused"
    format = vectors.about.get("read", {}).get("format", name)
    words, rows = reference_readers.read(format, files)
    assert list(vectors.words) == words, f"{list(vectors.words)} where {words} stands ({format})"
    tolerance = 1e-6 if format == "fasttext" else 0
    np.testing.assert_allclose(vectors.matrix, rows, rtol=tolerance, atol=tolerance * 1e-3)
    return "read"


def require_fit(error: SkipgramError, path: Path, name: str) -> None:
    """Raise unless an error is one line that names the file, and not that memory ran out."""
    text = str(error)
    assert name in OWN or isinstance(error, FormatError), f"{type(error)}: {text}"
    assert str(path if name in OWN else path.parent) in text, f"it names no file: {text}"
    assert "\n" not in text, f"the error has more than a line: {text!r}"
    assert len(text) < 2_000, f"the error has {len(text):,} characters"
    assert not any(told in text for told in NO_MEMORY), text


def changed(whole: dict[str, bytes], name: str, random: Random) -> dict[str, bytes]:
    """The files with damage to one of them."""
    file = random.choice(sorted(whole))
    is_json = file.endswith(".json")
    damage = damaged_settings if is_json and random.random() < 0.7 else damaged
    files = {**whole, file: damage(whole[file], random)}
    if name in OWN:
        OWN[name].mend(files)
    return files


def fuzz(name: str, files: int, seed: int, folder: Path) -> Counter[str]:
    """Damage a sample so many times; how often it was read all the same, and how often refused."""
    (folder / "whole").mkdir()
    (folder / "damaged").mkdir()
    whole = made(name, folder / "whole")
    assert check(write(folder / "damaged", whole, name), whole, name) == "read"
    outcomes: Counter[str] = Counter()
    for number in range(files):
        random = Random(f"{name} {seed} {number}")
        damaged_files = changed(whole, name, random)
        path = write(folder / "damaged", damaged_files, name)
        try:
            with bounded(sum(map(len, damaged_files.values()))):
                outcomes[check(path, damaged_files, name)] += 1
        except BaseException:
            kept = Path(tempfile.mkdtemp(prefix=f"{name.replace(' ', '-')}-{seed}-{number}-"))
            shutil.copytree(folder, kept, dirs_exist_ok=True)
            print(f"file {number} of {name}, seed {seed}; kept in {kept}", file=sys.stderr)
            raise
    return outcomes


@functools.cache
def warm() -> None:
    """Read a whole file of every format, so that no damaged one pays for imports and compiling.

    Damage may make one format look like another. OpenBLAS, loaded for the first time where
    memory is short, asks for it again without end.
    """
    for name in SAMPLES:
        with tempfile.TemporaryDirectory() as place:
            load(write(Path(place), made(name, Path(place)), name))


@contextlib.contextmanager
def bounded(file_bytes: int) -> Iterator[None]:
    """Neither more time nor more memory of its own than a file of that size may take."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise AssertionError(f"a file took more than {SECONDS} s")

    warm()
    before = signal.signal(signal.SIGALRM, stop)
    limits = resource.getrlimit(resource.RLIMIT_DATA)
    *_, data_pages, _ = Path("/proc/self/statm").read_text().split()
    used = int(data_pages) * resource.getpagesize()
    # As the system counts it before a page is written to: more than what is then resident.
    resource.setrlimit(resource.RLIMIT_DATA, (used + TIMES * file_bytes + SPARE_BYTES, limits[1]))
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        resource.setrlimit(resource.RLIMIT_DATA, limits)
        signal.signal(signal.SIGALRM, before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("samples", nargs="*", metavar="SAMPLE", help=", ".join(NAMES))
    given = parser.parse_args()
    for name in given.samples or NAMES:
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as place:
            outcomes = fuzz(name, given.files, given.seed, Path(place))
        seconds = time.perf_counter() - began
        told = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items()))
        print(f"{name:<16} {given.files:,} damaged files: {told}; {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()

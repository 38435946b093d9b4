"""Faults while a cluster trains: the same bits each time, and nothing left behind.

    python benchmarks/cluster_faults.py [--faults 50] [--seed 1] [--kinds kill,stop,memory,driver]

Trains the dictionary that comes with skipgram, in six files, on one machine and then again and
again on three workers of this one, each time with a fault at a random moment of encoding, counting
or sweeping:

    kill     a worker is killed (SIGKILL); its nanny starts another one
    stop     a worker is stopped (SIGSTOP) for longer than the deadline, then goes on
    memory   something else on a worker takes all of its memory, so that its nanny ends it
    driver   the driver is killed, and the run continued with --resume

The vectors' files must have the same bytes as those of one machine, and the storage must be empty
at the end. Exits with 1 if either fails.
"""

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import skipgram

KINDS = ("kill", "stop", "memory", "driver")
FILES, LINES_A_FILE = 6, 2_000
SETTINGS = [
    *("--tokenizer", "words", "--objective", "softmax", "--sweeps", "6", "--min-count", "2"),
    *("--tolerance", "0", "--embedding-dim", "32", "--checkpoint-minutes", "0.01", "--quiet"),
]
PROGRAM = """
from skipgram.cluster import gradients
gradients.LEAST_FLOP = 0  # small groups go to the workers too
from skipgram.cli import main
main()
"""
WORKERS, DEADLINE_SECONDS = 3, 4.0
WORKER_MEMORY = "700MB"
MATRICES = ("vectors", "spelling", "vocabulary")


def write_texts(folder: Path) -> list[Path]:
    """The first lines of the dictionary, in some files."""
    import lzma

    with lzma.open(skipgram.demo_corpus(), "rt") as text:
        lines = [next(text) for _ in range(FILES * LINES_A_FILE)]
    files = []
    for number in range(FILES):
        files.append(folder / f"text{number}.txt")
        files[-1].write_text("".join(lines[number::FILES]))
    return files


def command(files: list[Path], output: Path, *more: str) -> list[str]:
    """The training, as a user would type it."""
    return [
        sys.executable,
        "-c",
        PROGRAM,
        "train",
        *map(str, files),
        "-o",
        str(output),
        *SETTINGS,
        *more,
    ]


def checksum(vectors: Path) -> str:
    """Of all matrices of some vectors."""
    digest = hashlib.sha256()
    for name in MATRICES:
        digest.update((vectors / f"{name}.safetensors").read_bytes())
    return digest.hexdigest()


def fill_memory() -> int:
    """Take all that there is; the nanny ends the worker."""
    taken = []
    while True:
        taken.append(bytearray(os.urandom(1 << 20)) * 50)
        time.sleep(0.05)


class Trial:
    """A cluster, and trainings on it with one fault each."""

    def __init__(self, folder: Path, draws: random.Random) -> None:
        from distributed import Client, LocalCluster

        self._folder, self._draws = folder, draws
        self._files = write_texts(folder)
        began = time.perf_counter()
        subprocess.run(command(self._files, folder / "alone"), check=True)
        self.seconds_alone = time.perf_counter() - began
        self._expected = checksum(folder / "alone")
        self._cluster: Any = LocalCluster(
            n_workers=WORKERS,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=WORKER_MEMORY,
            silence_logs=50,
        )
        self._client: Any = Client(self._cluster)
        self._storage = folder / "storage"
        self._storage.mkdir()
        self.seconds = 0.0
        self.seconds = self.run("none")[1]

    def close(self) -> None:
        self._client.close()
        self._cluster.close()

    def run(self, kind: str) -> tuple[str, float]:
        """Train with a fault: what is wrong, if anything, and the seconds that it took."""
        output = self._folder / "on-cluster"
        more = [
            *("--cluster", self._cluster.scheduler_address, "--overwrite"),
            *("--cluster-storage", self._storage.as_uri()),
            *("--cluster-deadline", f"{DEADLINE_SECONDS:g}"),
        ]
        self._client.wait_for_workers(WORKERS, timeout=60)
        began = time.perf_counter()
        driver = subprocess.Popen(command(self._files, output, *more))
        if kind != "none":
            time.sleep(self._draws.uniform(1.0, max(1.5, self.seconds)))
            if driver.poll() is not None:
                print("  (the training had ended)", end="")
                self.seconds *= 0.8  # the first one was slower than others
            undo = getattr(self, f"_{kind}")(driver)
        else:
            undo = _nothing
        code = driver.wait()
        undo()
        if kind == "driver" and code:
            again = command(self._files, output, *more, "--resume")
            code = subprocess.run(again, check=False).returncode
        seconds = time.perf_counter() - began
        if code:
            return f"exit status {code}", seconds
        if checksum(output) != self._expected:
            return "OTHER BITS", seconds
        if left := list(self._storage.rglob("*")):
            return f"{len(left)} files left in the storage", seconds
        return "", seconds

    def _worker(self) -> tuple[str, int]:
        """The address and the process of one."""
        address, process = self._draws.choice(sorted(self._client.run(os.getpid).items()))
        return str(address), int(process)

    def _kill(self, driver: object) -> Callable[[], None]:
        os.kill(self._worker()[1], signal.SIGKILL)
        return _nothing

    def _stop(self, driver: object) -> Callable[[], None]:
        _, process = self._worker()
        os.kill(process, signal.SIGSTOP)

        def go_on() -> None:
            os.kill(process, signal.SIGCONT)

        return go_on

    def _memory(self, driver: object) -> Callable[[], None]:
        address, _ = self._worker()
        hog = self._client.submit(fill_memory, workers=[address], pure=False, retries=0)

        def release() -> None:
            hog.cancel(force=True)

        time.sleep(4)
        release()  # or the next worker would be given it
        return release

    def _driver(self, driver: "subprocess.Popen[bytes]") -> Callable[[], None]:
        driver.kill()
        return _nothing


def _nothing() -> None:
    pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--faults", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS))
    arguments = parser.parse_args()
    kinds, draws = arguments.kinds.split(","), random.Random(arguments.seed)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="skipgram-faults-") as folder:
        trial = Trial(Path(folder), draws)
        print(
            f"one machine {trial.seconds_alone:.1f} s, the cluster {trial.seconds:.1f} s",
            flush=True,
        )
        try:
            for number in range(arguments.faults):
                kind = kinds[number % len(kinds)]
                print(f"{number + 1:3} {kind:7}", end="", flush=True)
                wrong, seconds = trial.run(kind)
                failed += bool(wrong)
                print(f"{seconds:6.1f} s  {wrong or 'the same bits'}", flush=True)
        finally:
            trial.close()
    print(f"{arguments.faults - failed} of {arguments.faults} as on one machine")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()

"""Files that a coverage-guided fuzzer makes against the readers: as `fuzzing`, with atheris.

python tests/helpers/guided_fuzzing.py FORMAT [--files 100000]

The first byte of an input tells which file of a sample the rest takes the place of.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["skipgram"]):
    from helpers import fuzzing

from helpers.mutations import SAMPLES

LONGEST = 8192


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("sample", metavar="FORMAT", choices=SAMPLES, help=", ".join(SAMPLES))
    parser.add_argument("--files", type=int, default=100_000)
    given = parser.parse_args()
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    for name in ("made", "written", "inputs"):
        (folder / name).mkdir()
    whole = SAMPLES[given.sample](folder / "made")
    names = sorted(whole)
    for number, name in enumerate(names):
        (folder / "inputs" / name).write_bytes(bytes([number]) + whole[name])
    outcomes = {"read": 0, "refused": 0}

    def one_input(data: bytes) -> None:
        if data:
            name = names[data[0] % len(names)]
            changed = {**whole, name: data[1:]}
            path = fuzzing.write(folder / "written", changed, given.sample)
            outcomes[fuzzing.check(path, changed, given.sample)] += 1
        if sum(outcomes.values()) >= given.files:
            told = ", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.items())
            print(f"{given.sample:<16} {given.files:,} guided files: {told}", flush=True)
            os._exit(0)

    options = [f"-max_len={LONGEST}", "-timeout=10", "-rss_limit_mb=3000", "-verbosity=0"]
    options.append(f"-artifact_prefix={folder}/")
    atheris.Setup([sys.argv[0], *options, str(folder / "inputs")], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

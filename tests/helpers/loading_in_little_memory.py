"""Vectors loaded in a process that may take little more memory than their file gives it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SPARE_BYTES = 64 << 20
BYTES_A_BYTE = 4
"""Anonymous memory above an idle process's, at most: the spare, and so much for a byte unpacked."""
_SECONDS = 120

_CHILD = """
import gc, json, os, resource, sys
if hasattr(os, "sched_setaffinity"):  # each thread has a stack of its own
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
import skipgram
from pathlib import Path

def data_bytes():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmData:")[1].split()[0]) * 1024

warm, cases = json.loads(sys.argv[1])
_, most = resource.getrlimit(resource.RLIMIT_DATA)
for path in warm:  # its kernels are compiled, its libraries imported
    skipgram.load(path)
    with __import__("contextlib").suppress(skipgram.SkipgramError):
        skipgram.load(path, format="fasttext")
told = {}
for name, (path, options, spare) in cases.items():
    gc.collect()
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes() + spare, most))
    try:
        found = f"{len(skipgram.load(path, **options))} words"
    except skipgram.SkipgramError as error:
        found = str(error)
    except BaseException as error:
        found = f"traceback: {type(error).__name__}: {error}"
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    told[name] = found
print(json.dumps(told))
"""


def loaded_in_little_memory(
    warm: list[Path], cases: Mapping[str, tuple[Path, Mapping[str, Any], int]]
) -> dict[str, str]:
    """What became of each file: how many words it has, the error's text, or "traceback".

    warm: files of the formats, loaded first. cases: by name the path, the
    options of `load`, and how many bytes may be unpacked before it is over.
    """
    given = {
        name: (str(path), dict(options), SPARE_BYTES + BYTES_A_BYTE * unpacked)
        for name, (path, options, unpacked) in cases.items()
    }
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, json.dumps([list(map(str, warm)), given])],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, str] = json.loads(done.stdout)
    return told

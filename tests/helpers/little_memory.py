"""Code, and the loading of vectors, in a process with little more memory than it has when idle.

The limit is on what the system counts as a process's data: private memory, used or only asked for.
"""

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SPARE_BYTES = 64 << 20
BYTES_A_BYTE = 4
"""A process may have the spare, and so many bytes for each that is read (unpacked)."""

_LIMITS = """
import gc, json, os, resource, sys
import skipgram
from pathlib import Path

def data_bytes():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmData:")[1].split()[0]) << 10

_, most = resource.getrlimit(resource.RLIMIT_DATA)

def limit(more):
    gc.collect()
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes() + more, most))

def lift_limit():
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
"""

# Kernels are compiled and libraries imported before the limit holds.
_WARM_UP = """
def warm_up(**settings):
    texts = skipgram.Texts(["a b ä b a", "b a"])
    skipgram.encode(texts, min_count=1, threads=1, **settings)
warm_up()
warm_up(tokenizer="words")
import pyarrow, pyarrow.parquet, pyarrow.compute
pyarrow.set_cpu_count(1)
pyarrow.set_io_thread_count(1)
"""

_LOADING = """
if hasattr(os, "sched_setaffinity"):  # each thread has a stack of its own
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
warm, cases = json.loads(sys.argv[1])
for path in warm:
    skipgram.load(path)
    with __import__("contextlib").suppress(skipgram.SkipgramError):
        skipgram.load(path, format="fasttext")
told = {}
for name, (path, options, more) in cases.items():
    limit(more)
    try:
        found = f"{len(skipgram.load(path, **options))} words"
    except skipgram.SkipgramError as error:
        found = str(error)
    except BaseException as error:
        found = f"traceback: {type(error).__name__}: {error}"
    lift_limit()
    told[name] = found
print(json.dumps(told))
"""


def run_in_little_memory(code: str, read_bytes: int, *, folder: Path | None = None) -> str:
    """What the code prints, with no more memory than a reader of so many bytes may take."""
    limited = f"{_WARM_UP}\nlimit({_more_bytes(read_bytes)})\n{textwrap.dedent(code)}"
    # Arrow's own allocator asks for a gigabyte in advance.
    env = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"}
    return _printed(limited, timeout=50, cwd=folder, env=env)


def loaded_in_little_memory(
    warm: list[Path], cases: Mapping[str, tuple[Path, Mapping[str, Any], int]]
) -> dict[str, str]:
    """What became of each file: how many words it has, the error's text, or "traceback".

    warm: files of the formats, loaded first. cases: by name the path, the
    options of `load`, and how many bytes may be unpacked before it is over.
    """
    given = {
        name: (str(path), dict(options), _more_bytes(unpacked))
        for name, (path, options, unpacked) in cases.items()
    }
    argument = json.dumps([list(map(str, warm)), given])
    told: dict[str, str] = json.loads(_printed(_LOADING, argument, timeout=120))
    return told


def _more_bytes(read_bytes: int) -> int:
    return SPARE_BYTES + BYTES_A_BYTE * read_bytes


def _printed(code: str, *arguments: str, **options: Any) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", _LIMITS + code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout

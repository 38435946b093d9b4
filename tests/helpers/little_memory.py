"""Code that runs with little more memory than an idle process has."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

SPARE_BYTES = 64 << 20
_PRELUDE = """
import resource, sys
import skipgram
{warm_up}
def data_bytes():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmData")) << 10
_, most = resource.getrlimit(resource.RLIMIT_DATA)
resource.setrlimit(resource.RLIMIT_DATA, (data_bytes() + {more}, most))
"""
WARM_UP = """
def warm_up(**settings):
    texts = skipgram.Texts(["a b ä b a", "b a"])
    skipgram.encode(texts, min_count=1, threads=1, **settings)
warm_up()
warm_up(tokenizer="words")
import pyarrow, pyarrow.parquet, pyarrow.compute
pyarrow.set_cpu_count(1)
pyarrow.set_io_thread_count(1)
"""


def run_in_little_memory(
    code: str, read_bytes: int, *, warm_up: str = WARM_UP, folder: Path | None = None
) -> str:
    """What the code prints, with 64 MB and four times the bytes it reads above an idle process.

    read_bytes: unpacked. The limit is on what the system counts as a process's data: private
    memory, used or only asked for.
    """
    prelude = _PRELUDE.format(warm_up=warm_up, more=SPARE_BYTES + 4 * read_bytes)
    ended = subprocess.run(
        [sys.executable, "-c", prelude + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=50,
        cwd=folder,
        # Arrow's own allocator asks for a gigabyte in advance.
        env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"},
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout

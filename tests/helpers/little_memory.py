"""Code, and the loading of vectors, in a process with little more memory than it has when idle.

The limit is on what the system counts as a process's data: private memory, used or only asked for.
"""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

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

_FORKING = """
import signal, traceback

def run(code, more, folder, output):
    signal.alarm(50)
    os.chdir(folder)
    output = os.open(output, os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    limit(more)
    exec(code, {"skipgram": skipgram})
    sys.stdout.flush()

gc.collect()
gc.freeze()  # else each fork looks through all that was imported when its limit is set
for request in sys.stdin:
    child = os.fork()
    if not child:
        exit_code = 1
        try:
            run(*json.loads(request))
            exit_code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(exit_code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
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


class LittleMemory:
    """A process in whose forks code runs with no more memory than a reader of a file may take.

    It imports and compiles once what all of them need, before the limit holds.
    """

    def __enter__(self) -> Self:
        # Arrow's own allocator asks for a gigabyte in advance.
        env = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LIMITS + _WARM_UP + _FORKING],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
        )
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate()

    def printed(self, code: str, read_bytes: int, folder: Path) -> str:
        """What the code prints in this folder, with what a reader of so many bytes may take."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with tempfile.TemporaryDirectory() as place:
            output = Path(place) / "output"
            request = [textwrap.dedent(code), _more_bytes(read_bytes), str(folder), str(output)]
            print(json.dumps(request), file=self._process.stdin, flush=True)
            exit_code = self._process.stdout.readline()
            assert exit_code == "0\n", output.read_text()[-2000:]
            return output.read_text()


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
    ended = subprocess.run(
        [sys.executable, "-c", _LIMITS + _LOADING, argument],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    told: dict[str, str] = json.loads(ended.stdout)
    return told


def _more_bytes(read_bytes: int) -> int:
    return SPARE_BYTES + BYTES_A_BYTE * read_bytes

"""Files from elsewhere are opened by `opening` alone; `soundness` checks their offsets."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import skipgram

SOURCE = Path(skipgram.__file__).parent
READING = {"open", "fdopen", "read_text", "read_bytes", "memmap", "fromfile", "safe_open"}
"""What reads a file, by the last part of its name; and `load` and `loads` of NumPy and of JSON."""
LOADING = {("np", "load"), ("json", "load"), ("json", "loads")}
PASSES: dict[str, dict[str, str]] = {
    "untrusted/opening.py": dict.fromkeys(("open", "fdopen", "loads"), "the door itself"),
    "system/files.py": {"open": "only to sync it"},
    "system/temporary.py": {"open": "only to lock it"},
    "training/checkpoint.py": {"open": "a folder, only to lock it"},
    "system/file_pairs.py": {"open": "the checksum of what this process has just written"},
    "vectors/formats/paired_files.py": {"memmap": "of a file that the door has opened"},
    "system/tensor_file.py": {"loads": "of a file that the door has opened, 1 MB of it at most"},
    "corpus/sources/local.py": {"open": "text of a corpus, which may be a pipe and have no end"},
    "corpus/sources/remote.py": {"open": "text of a corpus, from wherever fsspec reaches"},
    "corpus/sources/tables.py": {"loads": "a record of a corpus, whose length was looked at"},
    "kernels/compiling.py": {
        "read_bytes": "of numba's cache and of this package, which run code anyway"
    },
    "system/machine.py": {"read_text": "of /proc and /sys: what the system says of itself"},
    "cli/views/broken_streams.py": {
        "open": "the null device, to put something under a closed stream"
    },
    "views/streams.py": {"open": "the null device, in the place of a stream that broke"},
    "cs224n.py": dict.fromkeys(("load", "loads", "read_bytes"), "what the course's own code saved"),
}
"""Who reads without the door, what by, and why nothing hostile comes that way."""
WRAPPING = {"diff", "ediff1d"}


def readings(source: str) -> Iterator[tuple[str, int]]:
    """The last part of the name of each call that reads a file, and its line."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or _writes(node):
            continue
        match node.func:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in READING:
                yield name, node.lineno
            case ast.Attribute(attr=name, value=ast.Name(id=library)):
                if (library, name) in LOADING:
                    yield name, node.lineno


def _writes(call: ast.Call) -> bool:
    """Whether a call opens a new file: its mode says so."""
    modes = [of.value for of in call.args if isinstance(of, ast.Constant)]
    return any(isinstance(mode, str) and mode[:1] in ("w", "x", "a") for mode in modes)


def test_nobody_reads_a_file_without_the_door():
    strays, passed = [], set()
    for file in sorted(SOURCE.rglob("*.py")):
        inside = str(file.relative_to(SOURCE))
        for name, line in readings(file.read_text()):
            if name in PASSES.get(inside, {}):
                passed.add((inside, name))
            else:
                strays.append(f"{inside}:{line}: {name}")
    assert strays == []
    assert passed == {(file, name) for file, names in PASSES.items() for name in names}


@pytest.mark.parametrize(
    "source",
    ["open(x)", "x.open('rb')", "os.open(x, 0)", "x.read_text()", "np.memmap(x)", "json.loads(x)"],
)
def test_a_way_around_the_door_would_be_seen(source):
    assert list(readings(source))


@pytest.mark.parametrize("source", ["x.open('wb')", "open(x, 'w')", "skipgram.load(x)", "f()"])
def test_what_reads_no_file_is_no_way_around_the_door(source):
    assert not list(readings(source))


def test_who_checks_offsets_compares_them_and_never_subtracts():
    for file in SOURCE.rglob("*.py"):
        tree = ast.parse(file.read_text())
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        if not imported & {"skipgram.untrusted.opening", "skipgram.untrusted.soundness"}:
            continue
        called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not called & WRAPPING, f"{file}: a difference of two int64 may wrap"

"""Files of others are data: nothing of ours is ever unpickled."""

import ast
from pathlib import Path

import pytest

import skipgram


def unsafe_loading(source: str) -> list[str]:
    """The places in a source where pickled data might be read."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                modules = [name.name for name in names]
            case ast.ImportFrom(module=module):
                modules = [module or ""]
            case ast.keyword(arg="allow_pickle", value=value):
                modules = [] if getattr(value, "value", None) is False else ["pickle"]
            case _:
                continue
        unsafe = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
        found += [name for name in modules if name.split(".")[0] in unsafe]
    return found


def test_nothing_in_the_source_reads_a_pickle():
    sources = list(Path(skipgram.__file__).parent.rglob("*.py"))
    assert len(sources) > 20
    assert {
        str(file): found for file in sources if (found := unsafe_loading(file.read_text()))
    } == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "import os, pickle as p",
        "def f():\n    from joblib.numpy_pickle import load",
        "np.load(file, allow_pickle=True)",
        "np.load(file, allow_pickle=trusted)",
    ],
)
def test_this_test_for_pickles_can_fail(source):
    assert unsafe_loading(source)
    assert not unsafe_loading("np.load(file, allow_pickle=False)")

"""Damaged files of every format: the reference's words and values, or an error with its place.

None may take more memory of its own than four times its size and 64 MB; see `fuzzing.bounded`.
"""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skipgram
from helpers import fuzzing
from helpers.mutations import FOLDERS, SAMPLES
from skipgram.errors import FormatError

FEW, MANY = 150, 2_000

ignores_old_headers = pytest.mark.filterwarnings("ignore:Reading `.npy`")


@ignores_old_headers
@pytest.mark.parametrize("name", fuzzing.NAMES)
def test_a_few_damaged_files_are_read_as_the_reference_does_or_refused(tmp_path, name):
    outcomes = fuzzing.fuzz(name, FEW, 1, tmp_path)
    assert set(outcomes) == {"read", "refused"}, "the damage is neither too small nor too large"


@pytest.mark.slow
@pytest.mark.parametrize("name", fuzzing.NAMES)
def test_many_damaged_files_are_read_as_the_reference_does_or_refused(name):
    # A process of its own: a reader that leaves its arrays may end it.
    run = [sys.executable, "-W", "ignore", fuzzing.__file__, f"--files={MANY}", "--seed=2", name]
    ended = subprocess.run(run, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert f"{MANY:,} damaged files" in ended.stdout


@settings(deadline=None, max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=80),
        st.lists(
            st.sampled_from(
                [b"1 1\n", b"2 ", b"\n", b"a", b" ", b"0.5", b"\t", b"\xff", b"\0", b"e", b"-"]
            ),
            max_size=20,
        ).map(b"".join),
    )
)
def test_any_bytes_are_vectors_or_a_format_error(tmp_path_factory, content):
    folder = tmp_path_factory.getbasetemp()
    file = folder / "any"
    file.write_bytes(content)
    with fuzzing.bounded(len(content)):
        assert fuzzing.check(file, {"any": content}, "glove") in ("read", "refused")


def test_this_check_can_fail(tmp_path):
    file = tmp_path / "vectors.txt"
    file.write_bytes(b"a 1 2\nb 3 4\n")
    fuzzing.check(file, {"vectors.txt": b"a 1 2\nb 3 4\n"}, "glove")
    with pytest.raises(AssertionError, match=r"\['a', 'b'\] where \['a', 'c'\] stands"):
        fuzzing.check(file, {"vectors.txt": b"a 1 2\nc 3 4\n"}, "glove")
    with pytest.raises(AssertionError, match="Mismatched"):
        fuzzing.check(file, {"vectors.txt": b"a 1 2\nb 3 5\n"}, "glove")


@pytest.mark.parametrize("sample", [name for name in SAMPLES if name not in FOLDERS])
def test_an_empty_file_is_refused(tmp_path, sample):
    (tmp_path / "made").mkdir()
    names = list(SAMPLES[sample](tmp_path / "made"))
    file = fuzzing.write(tmp_path, dict.fromkeys(names, b""), sample)
    with pytest.raises(FormatError, match="is empty"):
        skipgram.load(file)

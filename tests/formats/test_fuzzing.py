"""Damaged files of every format: the reference's words and values, or an error with its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fuzzing
import skipgram
from mutations import FOLDERS, SAMPLES
from skipgram.errors import FormatError

FEW, MANY = 150, 5_000

ignores_old_headers = pytest.mark.filterwarnings("ignore:Reading `.npy`")


@ignores_old_headers
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_few_damaged_files_are_read_as_the_reference_does_or_refused(tmp_path, sample):
    outcomes = fuzzing.fuzz(sample, FEW, 1, tmp_path)
    assert set(outcomes) == {"read", "refused"}, "the damage is neither too small nor too large"


@pytest.mark.slow
@ignores_old_headers
@pytest.mark.parametrize("sample", SAMPLES)
def test_many_damaged_files_are_read_as_the_reference_does_or_refused(tmp_path, sample):
    assert sum(fuzzing.fuzz(sample, MANY, 2, tmp_path).values()) == MANY


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
    with fuzzing.bounded():
        assert fuzzing.check(file, {"any": content}, "glove") in ("read", "refused")


def test_this_check_can_fail(tmp_path):
    file = tmp_path / "vectors.txt"
    file.write_bytes(b"a 1 2\nb 3 4\n")
    fuzzing.check(file, {"vectors.txt": b"a 1 2\nb 3 4\n"}, "glove")
    with pytest.raises(AssertionError, match=r"\['a', 'b'\] where \['a', 'c'\] stands"):
        fuzzing.check(file, {"vectors.txt": b"a 1 2\nc 3 4\n"}, "glove")
    with pytest.raises(AssertionError, match="Mismatched"):
        fuzzing.check(file, {"vectors.txt": b"a 1 2\nb 3 5\n"}, "glove")


@pytest.mark.parametrize("sample", SAMPLES)
def test_an_undamaged_sample_is_read_as_the_reference_does(tmp_path, sample):
    (tmp_path / "made").mkdir()
    (tmp_path / "written").mkdir()
    whole = SAMPLES[sample](tmp_path / "made")
    assert (
        fuzzing.check(fuzzing.write(tmp_path / "written", whole, sample), whole, sample) == "read"
    )


@pytest.mark.parametrize("sample", [name for name in SAMPLES if name not in FOLDERS])
def test_an_empty_file_is_refused(tmp_path, sample):
    (tmp_path / "made").mkdir()
    names = list(SAMPLES[sample](tmp_path / "made"))
    file = fuzzing.write(tmp_path, dict.fromkeys(names, b""), sample)
    with pytest.raises(FormatError, match="is empty"):
        skipgram.load(file)

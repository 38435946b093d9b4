"""Vectors in text: the fast reader against the slow one, and every bad line with its number."""

import bz2
import gzip
import lzma
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import skipgram
from helpers import reference_readers
from helpers.processes import threads_named, wait_until
from skipgram.errors import FormatError, SettingsError
from skipgram.vectors.formats import text as text_format
from skipgram.vectors.formats.assembling import ReadingOptions, gather
from skipgram.vectors.formats.byte_reader import BytesOfFile
from skipgram.vectors.formats.text_kernels import parse_lines
from skipgram.vectors.formats.text_rows import count_numbers, parse_header, parse_line

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=300)

DIGITS = st.text("0123456789", min_size=1, max_size=25)
SIGN = st.sampled_from(["", "-", "+"])
numerals = st.builds(
    lambda sign, whole, part, exponent: f"{sign}{whole}{part}{exponent}",
    SIGN,
    DIGITS,
    st.one_of(st.just(""), st.just("."), DIGITS.map(lambda digits: f".{digits}")),
    st.one_of(st.just(""), st.integers(-60, 60).map(lambda power: f"e{power}")),
)
floats = st.floats(width=32, allow_nan=False, allow_infinity=False)


def write(folder: Path, content: str | bytes, name: str = "vectors.txt") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def refusal(folder: Path, content: str | bytes, **options: str) -> str:
    """The text of the error, behind the file's name."""
    file = write(folder, content)
    with pytest.raises(FormatError) as caught:
        skipgram.load(file, **options)
    return str(caught.value).removeprefix(str(file))


# Numbers


def parsed(line: bytes, dim: int) -> tuple[bool, np.ndarray, bytes]:
    """Whether the kernel leaves a line to the slow reader, and else its row and its word."""
    block = np.frombuffer(line, np.uint8)
    rows = np.zeros((1, dim), np.float32)
    begins, ends, is_odd = np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(1, bool)
    assert parse_lines(block, dim, rows, begins, ends, is_odd) == 1
    return bool(is_odd[0]), rows[0], line[begins[0] : ends[0]]


@law
@given(numerals)
@example("9007199254740993")
@example("1.00000005960464477539062500000000001")
@example("1.000000059604644775390625")
@example("340282356779733661637539395458142568448")
@example("3.4028236e38")
@example("1e-46")
@example("-0.0")
@example("0" * 25 + "1")
def test_a_number_is_what_python_reads_or_is_left_to_python(numeral):
    is_odd, row, _ = parsed(f"w {numeral}\n".encode(), 1)
    with np.errstate(over="ignore"):
        expected = np.array([float(numeral)]).astype(np.float32)
    if not is_odd:
        assert row.tobytes() == expected.tobytes()
    assert parse_line(f"w {numeral}".encode(), 1, "")[1].tobytes() == expected.tobytes()


@law
@given(st.lists(floats, min_size=1, max_size=6))
def test_numbers_in_the_fewest_digits_are_never_left_to_the_slow_reader(numbers):
    expected = np.array(numbers, np.float32)
    line = "w " + " ".join(expected.astype(str).tolist()) + "\n"
    is_odd, row, word = parsed(line.encode(), len(numbers))
    assert (
        not is_odd or np.abs(expected).max() > 1e38 or np.abs(expected[expected != 0]).min() < 1e-21
    )
    if not is_odd:
        assert row.tobytes() == expected.tobytes()
        assert word == b"w"


@law
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e30, max_value=1e30))
def test_numbers_of_17_digits_become_the_float32_that_python_gives(number):
    is_odd, row, _ = parsed(f"w {number!r}\n".encode(), 1)
    if not is_odd:
        assert row.tobytes() == np.array([number]).astype(np.float32).tobytes()


@pytest.mark.parametrize(
    "field",
    [
        "",
        "-",
        "+",
        ".",
        "e5",
        "1e",
        "1e+",
        "--1",
        "1-",
        "0x10",
        "1_0",
        "١",
        "1,5",
        "nan",
        "inf",
        "1e999",
    ],
)
def test_what_is_no_plain_number_is_left_to_the_slow_reader(field):
    assert parsed(f"w {field} 1\n".encode(), 2)[0]


@law
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["a", "é", "1", "-2.5", ".", "1e3", " ", "  ", "\t", "\r", "nan", "x1"]
            ),
            max_size=8,
        ).map("".join),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 3),
)
def test_the_fast_reader_agrees_with_the_slow_one_on_any_line(lines, dim):
    content = "".join(f"{line}\n" for line in lines).encode()
    block = np.frombuffer(content, np.uint8)
    rows = np.zeros((len(lines), dim), np.float32)
    begins, ends = np.zeros((2, len(lines)), np.int64)
    is_odd = np.zeros(len(lines), bool)
    # It ends behind the first line that is too short for so many numbers.
    lengths = [len(line.encode()) for line in lines]
    short = next((at for at, size in enumerate(lengths) if size < 1 + 2 * dim), len(lines) - 1)
    assert parse_lines(block, dim, rows, begins, ends, is_odd) == short + 1
    for number, line in enumerate(lines[: short + 1]):
        if not is_odd[number]:
            word_bytes, row = parse_line(line.encode(), dim, "")
            assert content[begins[number] : ends[number]] == line.encode()[:word_bytes]
            assert rows[number].tobytes() == row.tobytes()
        else:
            assert content[begins[number] : ends[number]] == line.encode()


# Whole files


def test_the_three_kinds_of_text_are_known_by_their_content(tmp_path):
    for content, format in [
        ("2 2\na 1 2\nb 3 4\n", "word2vec-text"),
        ("2 2\na 1 2 \nb 3 4 \n", "word2vec-text"),
        ("a 1 2\nb 3 4\n", "glove"),
        ("a\t1\t2\nb\t3\t4", "glove"),
        ("\ufeff2 2\r\na 1 2\r\nb 3 4\r\n", "word2vec-text"),
    ]:
        vectors = skipgram.load(write(tmp_path, content))
        assert vectors.about["read"]["format"] == format
        assert list(vectors.words) == ["a", "b"]
        assert vectors.matrix.tolist() == [[1, 2], [3, 4]]
        assert vectors.counts.tolist() == [0, 0]


@pytest.mark.parametrize("name", ["vectors.txt", "vectors.tsv"])
def test_only_the_first_byte_order_mark_is_skipped(tmp_path, name):
    for content in ("\ufeff\ufeffq 1 2\nb 3 4\n", "\ufeff2 2\n\ufeffq 1 2\nb 3 4\n"):
        assert list(skipgram.load(write(tmp_path, content, name)).words) == ["\ufeffq", "b"]


def test_a_first_row_that_looks_like_a_header_is_read_as_glove_where_that_is_said(tmp_path):
    file = write(tmp_path, "12 5\na 1\n")
    vectors = skipgram.load(file, format="glove")
    assert dict(zip(vectors.words, vectors.matrix[:, 0].tolist(), strict=True)) == {"12": 5, "a": 1}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_files_are_unpacked_by_their_content(tmp_path, pack):
    vectors = skipgram.load(write(tmp_path, pack(b"a 1 2\nb 3 4\n")))
    assert list(vectors.words) == ["a", "b"]


def test_words_hold_whatever_is_no_blank_tab_or_line_end(tmp_path):
    words = ["\u00a0", "\x85", "\u2028", "\x0b", "e\u0301", "</s>", "1", "-2.5", "\x00"]
    content = "".join(f"{word} {number} 1\n" for number, word in enumerate(words))
    vectors = skipgram.load(write(tmp_path, content))
    assert list(vectors.words) == words
    assert vectors.matrix[:, 0].tolist() == list(range(len(words)))


def test_a_word_may_hold_blanks_where_what_stands_before_the_numbers_is_none(tmp_path):
    content = "a 1 2\n. . . 3 4\nat name@domain.com 5 6\nb 7 8\n"
    vectors = skipgram.load(write(tmp_path, content))
    assert list(vectors.words) == ["a", ". . .", "at name@domain.com", "b"]
    assert vectors.matrix[:, 1].tolist() == [2, 4, 6, 8]
    first = skipgram.load(write(tmp_path, "2 3\nnew york 1 2 3\nb 4 5 6\n"))
    assert list(first.words) == ["new york", "b"]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters=" \t\n\r"), min_size=1),
        unique=True,
        min_size=1,
        max_size=20,
    ),
    st.integers(1, 5),
    st.booleans(),
    st.integers(0, 2**32),
    st.integers(1, 60),
)
@example(["a", "bc"], 2, True, 0, 1)
@example(["a", "bc"], 2, False, 0, 1)
def test_a_text_is_read_as_the_reference_does_whatever_its_blocks(
    tmp_path_factory, words, dim, has_header, seed, block_bytes
):
    rows = np.random.default_rng(seed).standard_normal((len(words), dim)).astype(np.float32)
    lines = [
        f"{word} {' '.join(row)}\n"
        for word, row in zip(words, rows.astype(str).tolist(), strict=True)
    ]
    content = (f"{len(words)} {dim}\n" if has_header else "") + "".join(lines)
    file = write(tmp_path_factory.getbasetemp(), content)
    if words[0].startswith("\ufeff") or count_numbers(lines[0].encode()) != dim:
        return
    with BytesOfFile(file) as opened:
        stream = text_format.read(opened, has_header=has_header, block_bytes=block_bytes)
        vectors = gather(stream, ReadingOptions())
    expected, matrix = reference_readers.read_text(content.encode(), has_header=has_header)
    assert list(vectors.words) == expected == words
    assert vectors.matrix.tobytes() == matrix.tobytes() == rows.tobytes()


def test_rows_that_are_mapped_from_a_scratch_file_are_the_same(tmp_path):
    file = write(tmp_path, "a 1 2\nb 3 4\nc 5 6\n")
    vectors = skipgram.load(file, scratch=tmp_path)
    assert vectors.matrix.tolist() == skipgram.load(file).matrix.tolist()
    assert list(tmp_path.iterdir()) == [file]


def test_reading_tells_how_far_it_is(tmp_path):
    told = []
    skipgram.load(
        write(tmp_path, "3 1\na 1\nb 2\nc 3\n"), observe=lambda done, of: told.append((done, of))
    )
    assert told == [(3, 3)]


# Bad input


def test_a_refused_text_keeps_no_thread_while_its_error_is_held(tmp_path):
    with pytest.raises(FormatError) as held:
        skipgram.load(write(tmp_path, "a 1 2\nb nan 4\n"))
    wait_until(lambda: not threads_named("skipgram-reader"), seconds=30)
    assert held


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("", " is empty"),
        ("2 2\na 1 2\nb 3\n", ":3: 1 numbers where 2 should be ('b 3')"),
        ("2 2\na 1 2\nb 3 4 5\n", ":3: 3 numbers where 2 should be ('b 3 4 5')"),
        ("a 1 2\nb 3\n", ":2: 1 numbers where 2 should be ('b 3')"),
        ("a 1 2\nb 3 4 5\n", ":2: 3 numbers where 2 should be ('b 3 4 5')"),
        ("a 1 2\nb\n", ":2: 0 numbers where 2 should be ('b')"),
        ("a 1 2\n\nb 3 4\n", ":2: an empty line where a word and 2 numbers should be"),
        ("a 1 2\n 3 4\n", ":2: the word is empty: the line begins with a space"),
        ("a 1 2\nb 3 x\n", ":2: number 2 of 2 is 'x', which is not a number"),
        ("a 1 2\nb nan 4\n", ":2: number 1 of 2 is nan, which a vector cannot contain"),
        ("a 1 2\nb 3 -inf\n", ":2: number 2 of 2 is -inf, which a vector cannot contain"),
        ("a 1 2\nb 3 1e39\n", ":2: number 2 of 2 is inf, which a vector cannot contain"),
        ("a 1 2\nb 3 4\na 5 6\n", ":3: the word 'a' appears twice, first at {file}:1"),
        ("3 2\nlong 1 2\nb 3 4\n", ": the header promises 3 rows, but 2 are there"),
        ("1 2\na 1 2\nb 3 4\n", ": the header promises 1 rows, but 2 are there"),
        ("1000000000000 2\na 1 2\n", ":1: the header promises 1,000,000,000,000 rows of 2 numbers"),
        ("1 1000000000000\na 1 2\n", ":1: the header promises 1 rows of 1,000,000,000,000 numbers"),
        ("1 0\na\n", ": rows of 0 numbers are not vectors"),
        ("hello\n", " looks like text, not like vectors; train on it first:  skipgram.train("),
        ("0 5\n", " holds no words; there is nothing to load"),
    ],
)
def test_a_bad_text_is_refused_with_its_line(tmp_path, content, text):
    told = refusal(tmp_path, content)
    assert told.startswith(text.format(file=tmp_path / "vectors.txt")), told


def test_the_first_of_equal_words_is_kept_where_that_is_asked_for(tmp_path):
    file = write(tmp_path, "a 1 2\nb 3 4\na 5 6\nc 7 8\nb 9 9\n")
    vectors = skipgram.load(file, duplicates="first")
    assert list(vectors.words) == ["a", "b", "c"]
    assert vectors.matrix.tolist() == [[1, 2], [3, 4], [7, 8]]
    assert vectors.about["read"]["duplicates_dropped"] == 2
    assert vectors.vocabulary.id("c") == 2


def test_bytes_that_are_no_text_are_kept_by_policy_and_counted(tmp_path):
    content = b"caf\xe9 1 2\nb 3 4\nna\xefve\xff 5 6\n"
    for policy, words in [
        ("escape", ["caf\\xe9", "b", "na\\xefve\\xff"]),
        ("replace", ["caf\ufffd", "b", "na\ufffdve\ufffd"]),
    ]:
        vectors = skipgram.load(write(tmp_path, content), undecodable=policy)
        assert list(vectors.words) == words
        assert vectors.about["read"]["undecodable_words"] == 2
    told = refusal(tmp_path, content, undecodable="error")
    assert told.startswith(":1: the word b'caf\\xe9' is not utf-8 (")
    vectors = skipgram.load(write(tmp_path, content), encoding="latin-1")
    assert list(vectors.words) == ["café", "b", "naïveÿ"]
    assert vectors.about["read"]["undecodable_words"] == 0


def test_words_that_become_equal_by_replacement_are_not_lost_in_silence(tmp_path):
    told = refusal(tmp_path, b"a\xe9 1\na\xe8 2\n", undecodable="replace")
    assert told.startswith(":2: the word 'a\ufffd' appears twice")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"format": "csv"}, "format 'csv' is not one of: native, word2vec-text"),
        ({"encoding": "klingon"}, "there is no text encoding 'klingon'"),
        ({"encoding": "hex"}, "there is no text encoding 'hex'"),
        ({"encoding": "x\0"}, "there is no text encoding 'x\\x00'"),
        ({"undecodable": "drop"}, "undecodable 'drop' is not one of: escape, replace, error"),
        ({"duplicates": "last"}, "duplicates 'last' is not one of: error, first"),
    ],
)
def test_options_that_are_none_are_refused(tmp_path, options, text):
    with pytest.raises(SettingsError) as caught:
        skipgram.load(write(tmp_path, "a 1\n"), **options)
    assert str(caught.value).startswith(text)


def test_a_packed_file_that_is_cut_is_refused(tmp_path):
    packed = gzip.compress(b"a 1 2\n" * 1000)
    assert "ends inside a gzip stream" in refusal(tmp_path, packed[:-20])


@pytest.mark.parametrize("first", [b"a 1 2\n", b"1 2\n"], ids=["glove", "word2vec"])
def test_a_line_that_never_ends_is_refused_as_soon_as_it_is_longer_than_a_row(tmp_path, first):
    format = "glove" if first.startswith(b"a") else "word2vec-text"
    told = refusal(tmp_path, gzip.compress(first + b"0" * (1 << 25)), format=format)
    assert told.startswith(
        f", byte {len(first)}: a line of more than 65,792 bytes; this is not a text file of vec"
    )


def test_a_first_line_that_never_ends_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(text_format, "_LONGEST_LINE_BYTES", 1 << 22)
    told = refusal(tmp_path, gzip.compress(b"0 " * (1 << 24)))
    assert told.startswith(
        ", byte 0: a line of more than 4,194,304 bytes; this is not a text file of vectors"
    )


@pytest.mark.parametrize("form", ["{word} {row}\n", "1 1048577\n{word} {row}\n"])
def test_rows_of_more_numbers_than_any_vectors_have_are_refused(tmp_path, form):
    row = " ".join("0" * ((1 << 20) + 1))
    told = refusal(tmp_path, gzip.compress(form.format(word="a", row=row).encode()))
    assert told == ":1: rows of 1,048,577 numbers; vectors of up to 1,048,576 are read"


def test_a_number_that_c_writes_for_none_is_told_as_one(tmp_path):
    told = refusal(tmp_path, "a 1 2\nb nan(0x1) 4\n")
    assert told.startswith(":2: number 1 of 2 is nan, which a vector cannot contain")


def test_pickles_and_archives_are_refused_by_name(tmp_path):
    for start in (b"\x80\x04\x95", b"\x80\x02}"):
        told = refusal(tmp_path, start + b"rest")
        assert told.startswith(" is a pickle, as gensim's and torch's own files are; such files")
    told = refusal(tmp_path, b"PK\x03\x04" + b"rest")
    assert told == " is a zip archive, not vectors; unzip it, and give the file inside"


def test_headers_are_two_whole_numbers():
    assert parse_header(b" 3 \t4\r") == (3, 4)
    for line in (b"3", b"3 4 5", b"3 -4", b"3 4.0", b"a 4", b"", b"3 " + b"9" * 20):
        assert parse_header(line) is None

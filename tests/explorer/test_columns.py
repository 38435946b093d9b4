"""Columns by which words are coloured: read from tables, or refused with what was found."""

import datetime
import math

import numpy as np
import pytest

from skipgram.errors import FormatError, SettingsError
from skipgram.explorer.columns import MOST_CATEGORIES, columns_of, table_of

WORDS = ["sun", "moon", "day"]


def read(tmp_path, text, name="table.csv"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8", newline="")
    return columns_of(table_of(file, WORDS), WORDS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("table.csv", 'word,n,kind\nsun,1,"a, b"\nday,-2e3,"x\ny"\n'),
        ("table.tsv", 'n\tword\tkind\n1\tsun\t"a, b"\n-2e3\tday\t"x\ny"\n'),
        ("table.txt", 'n\tword\tkind\r\n1\tsun\t"a, b"\r\n\r\n-2e3\tday\t"x\ny"\r\n'),
        ("table.csv", '\ufeffword,n,kind\nsun,1,"a, b"\nday,-2e3,"x\ny"\nmars,oops,z\n'),
    ],
)
def test_tables_of_text_are_read(tmp_path, name, text):
    number, kind = read(tmp_path, text, name)
    assert (number.name, number.kind, number.categories) == ("n", "number", ())
    assert number.values.dtype == np.float32
    assert number.values[[0, 2]].tolist() == [1, -2000]
    assert math.isnan(number.values[1])
    assert (kind.name, kind.kind, kind.categories) == ("kind", "category", ("a, b", "x\ny"))
    assert kind.values.tolist() == [0, 255, 1]


def test_a_parquet_table_is_read(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table(
        {
            "word": ["moon", "sun", "x"],
            "n": [1.5, None, 3.0],
            "whole": [7, 8, 9],
            "yes": [True, False, True],
            "when": [datetime.date(2020, 1, 2), None, None],
            "nested": [[1], [2], [3]],
        }
    )
    parquet.write_table(table, tmp_path / "any name")
    found = {
        column.name: column for column in columns_of(table_of(tmp_path / "any name", WORDS), WORDS)
    }
    assert set(found) == {"n", "whole", "yes", "when"}
    assert found["n"].values[1] == 1.5
    assert np.isnan(found["n"].values[[0, 2]]).all()
    assert found["whole"].values[:2].tolist() == [8, 7]
    assert found["yes"].categories == ("False", "True")
    assert found["when"].categories == ("2020-01-02",)


def test_columns_of_python_are_taken():
    table = {"n": {"sun": np.float64(2), "day": 3}, "kind": {"moon": "a", "day": None}}
    number, kind = columns_of(table_of(table, WORDS), WORDS)
    assert number.values[[0, 2]].tolist() == [2, 3]
    assert kind.values.tolist() == [255, 0, 255]


def test_numbers_that_no_page_can_show_are_texts():
    values = {"sun": 1e300, "moon": "inf", "day": 10**400}
    (column,) = columns_of({"n": values}, WORDS)
    assert column.kind == "category"
    (column,) = columns_of({"n": {"sun": math.nan, "moon": "", "day": "nan"}}, WORDS)
    assert np.isnan(column.values).all()


def test_a_column_of_too_many_texts_is_left_out_with_a_warning():
    words = [f"w{number}" for number in range(MOST_CATEGORIES + 1)]
    table = {"gloss": {word: f"of {word}" for word in words}, "n": dict.fromkeys(words, 1)}
    with pytest.warns(UserWarning, match="column 'gloss' has 256 different texts"):
        (column,) = columns_of(table, words)
    assert column.name == "n"
    few = {word: f"of {word}" for word in words[1:]}
    (column,) = columns_of({"gloss": few}, words)
    assert column.values[0] == 255
    assert sorted(column.values[1:].tolist()) == list(range(MOST_CATEGORIES))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty; a table of colours begins"),
        ("name,n\nsun,1\n", "has the columns 'name', 'n'; a table of colours has one called"),
        ("word,word\nsun,1\n", "no two of the same name"),
        ("word,n,n\nsun,1,2\n", "no two of the same name"),
        ("word,n\nsun,1\nmoon\n", "table.csv:3: 1 values where the first line has 2"),
        ("word,n\nsun,1,2\n", "table.csv:2: 3 values"),
        ("word,n\nmars,1\n", "has none of the words"),
        ('word,n\nsun,"' + "x" * 200_000, "field larger than field limit"),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path, text, told):
    with pytest.raises(FormatError, match=told):
        read(tmp_path, text)


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path):
    (tmp_path / "table.csv").write_bytes(b"word,n\nsun,1\nm\xff,2\n")
    with pytest.raises(FormatError, match=r"table\.csv:3: byte 14 is not UTF-8"):
        table_of(tmp_path / "table.csv", WORDS)


def test_too_many_columns_are_refused(tmp_path):
    names = ",".join(f"c{number}" for number in range(33))
    with pytest.raises(SettingsError, match="33 columns beside 'word'; a page takes 32"):
        read(tmp_path, f"word,{names}\nsun{',1' * 33}\n")


@pytest.mark.parametrize("given", [{"n": [1, 2]}, {1: {"sun": 2}}])
def test_what_gives_no_values_for_words_is_refused(given):
    with pytest.raises(SettingsError, match="colors must be a table's path, or give"):
        table_of(given, WORDS)


@pytest.mark.parametrize("damage", [b"PAR1", b"PAR1" * 5, b"PAR1" + b"\xff" * 100 + b"PAR1"])
def test_a_damaged_parquet_file_is_one_line(tmp_path, damage):
    pytest.importorskip("pyarrow")
    (tmp_path / "t.parquet").write_bytes(damage)
    with pytest.raises(FormatError, match=r"t\.parquet"):
        table_of(tmp_path / "t.parquet", WORDS)

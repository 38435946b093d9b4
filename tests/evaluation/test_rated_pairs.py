"""Files of rated pairs: what is read and what is told of the rest; and the sets in the package."""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.handmade_vectors import (
    vectors_of,
)
from skipgram.errors import FormatError
from skipgram.evaluation.battery import MEN, WORDSIM_353, WORDSIM_RELATEDNESS, WORDSIM_SIMILARITY
from skipgram.evaluation.similarity import (
    RatedPair,
    RatedPairs,
    SimilarityScore,
    read_pairs,
    similarity_score,
)
from skipgram.vectors.word_vectors import WordVectors


def score_of(vectors: WordVectors, pairs: Sequence[RatedPair], **options: Any) -> SimilarityScore:
    return similarity_score(vectors, RatedPairs("a name", pairs), resamples=0, **options)


# The files


def write(folder: Path, content: str) -> Path:
    (folder / "pairs.tsv").write_bytes(content.encode())
    return folder / "pairs.tsv"


def test_pairs_are_read_as_they_are_written_with_their_rating(tmp_path):
    file = write(tmp_path, "# a comment\nTiger\tCAT\t7.35\r\n\n \nbook \t new york\t1e1\n")
    assert read_pairs(file).pairs == [("Tiger", "CAT", 7.35), ("book", "new york", 10.0)]


def test_a_byte_order_mark_is_no_part_of_the_first_word(tmp_path):
    assert read_pairs(write(tmp_path, "\ufeffa\tb\t1\n")).pairs == [("a", "b", 1.0)]


@pytest.mark.parametrize(
    ("first", "line"),
    [
        ("a\tb\t1", "tiger cat 7.35"),
        ("a\tb\t1", "tiger\tcat"),
        ("a\tb\t1", "tiger\tcat\thigh"),
        ("a\tb\t1", "a\tb\tnan"),
        ("a,b,1", "a,b,inf"),
        ("a,b,1", ",b,1"),
        ("a,b,1", "a,b,nan"),
        ("a b 1", "a b"),
        ("a,b,1", "a,b,1e101"),
        ("a b 1", "a b -1e200"),
    ],
)
def test_malformed_lines_are_counted_and_the_first_is_shown_with_its_number(tmp_path, first, line):
    file = write(tmp_path, f"# words\u2028and ratings\n{first}\n\n{line}\n{first}\n{line}\n")
    found = read_pairs(file)
    assert found.pairs == [("a", "b", 1.0)] * 2
    assert found.malformed == (2, f"{file}:4: {line!r}")


def test_a_field_too_long_for_csv_is_a_malformed_line(tmp_path):
    file = write(tmp_path, f"a,b,1\na,{'x' * 200_000},2\na,c,3\n")
    found = read_pairs(file)
    assert found.pairs == [("a", "b", 1.0), ("a", "c", 3.0)]
    assert found.malformed.lines == 1


def test_a_file_of_malformed_lines_alone_is_an_error_that_shows_the_first(tmp_path):
    file = write(tmp_path, "# pairs\ntiger\tcat\nbook\tpaper\n")
    with pytest.raises(FormatError) as caught:
        read_pairs(file)
    assert str(caught.value) == (
        f"{file}:2: 'tiger\\tcat' where word, word and rating (a finite number) "
        "should be; no line could be read"
    )


def test_a_file_without_pairs_is_an_error(tmp_path):
    file = write(tmp_path, "# nothing but a comment\n\n")
    with pytest.raises(FormatError, match=f"^{file} is empty: word, word and rating"):
        read_pairs(file)


@pytest.mark.parametrize(
    "content",
    [
        'Word 1,Word 2,Human (mean)\ntiger,cat,7.35\n"new, old",paper,1\n',
        "word1\tword2\tPOS\tSimLex999\tconc\ntiger\tcat\tN\t7.35\t2\nnew, old\tpaper\tA\t1\t4\n",
        "tiger;cat;7.35;8;6\nnew, old;paper;1;2;0\n",
    ],
)
def test_sets_are_read_as_others_publish_them(tmp_path, content):
    found = read_pairs(write(tmp_path, content))
    assert found.pairs == [("tiger", "cat", 7.35), ("new, old", "paper", 1.0)]
    assert found.malformed.lines == 0


def test_pairs_separated_by_blanks_are_read(tmp_path):
    assert read_pairs(write(tmp_path, "sun sunlight 50.0\ncat  dog 4\n")).pairs == [
        ("sun", "sunlight", 50.0),
        ("cat", "dog", 4.0),
    ]


PAIRS = [("Hund", "Katze", 7.1), ("Wagen", "Auto", 9.25), ("Ding", "x", 3.0)]


@pytest.mark.parametrize(
    "content",
    [
        # as pandas writes them, and reads and writes them again
        ",word1,word2,score\n0,Hund,Katze,7.1\n1,Wagen,Auto,9.25\n2,Ding,x,3\n",
        "Unnamed: 0,word1,word2,sim\n0,Hund,Katze,7.1\n1,Wagen,Auto,9.25\n2,Ding,x,3\n",
        ",0,1,2\n0,Hund,Katze,7.1\n1,Wagen,Auto,9.25\n2,Ding,x,3.0\n",
        'word1,word2,score\nHund,Katze,"7,1"\nWagen,Auto,"9,25"\nDing,x,3\n',
        # as R writes them, without a heading for its numbers
        "word1\tword2\tscore\n1\tHund\tKatze\t7.1\n2\tWagen\tAuto\t9.25\n3\tDing\tx\t3\n",
        "id;noun1;noun2;n;mean\n7;Hund;Katze;4;7,1\n3;Wagen;Auto;5;9,25\n9;Ding;x;4;3,0\n",
        "Human (mean)\tfirst term\tterm_2\n7.1\tHund\tKatze\n9.25\tWagen\tAuto\n3\tDing\tx\n",
        "Word 1,Word 2,1,2,Human (mean)\nHund,Katze,8,6,7.1\nWagen,Auto,9,9,9.25\nDing,x,1,5,3\n",
        "w1 count w2 pos rating sd\nHund 8 Katze N 7.1 1\nWagen 9 Auto N 9.25 0\nDing 2 x N 3 0\n",
        "word_pair,Word1,Word2,score\nHK,Hund,Katze,7.1\nWA,Wagen,Auto,9.25\nDx,Ding,x,3\n",
        "word_freq,a_word,b_word,POS,sim\n1,Hund,Katze,N,7.1\n1,Wagen,Auto,N,9.25\n1,Ding,x,N,3\n",
        # without headings
        "0,Hund,Katze,7.1\n1,Wagen,Auto,9.25\n2,Ding,x,3\n",
        "1\tHund\tKatze\tN\t7.1\n5\tWagen\tAuto\tN\t9.25\n2\tDing\tx\tN\t3\n",
        "Hund;Katze;7,1\nWagen;Auto;9,25\nDing;x;3\n",
        "Hund;Katze;7,1;8,2\nWagen;Auto;9,25;9\nDing;x;3;3\n",
        "Hund Katze 7,1 8,2\nWagen Auto 9,25 9,0\nDing x 3 3\n",
        "Hund\tKatze\t7,1\nWagen\tAuto\t9,25\nDing\tx\t3\n",
        "Hund\tKatze\t7.1\rWagen\tAuto\t9.25\rDing\tx\t3\r",
    ],
)
def test_numbers_of_lines_headings_and_decimal_commas_change_no_item(tmp_path, content):
    found = read_pairs(write(tmp_path, content))
    assert found.pairs == PAIRS
    assert found.malformed.lines == content.startswith(",0"), "numbers may be any line's"


def test_headings_that_name_no_rating_leave_it_to_the_first_column_of_numbers(tmp_path):
    # as SimLex-999 has them
    columns = "word1 word2 POS SimLex999 conc(w1) conc(w2) concQ Assoc(USF) SimAssoc333 SD(SimLex)"
    content = columns.replace(" ", "\t") + "\nold\tnew\tA\t1.58\t2.72\t2.81\t2\t7.25\t1\t0.41\n"
    assert read_pairs(write(tmp_path, content)).pairs == [("old", "new", 1.58)]


def test_words_that_are_numbers_and_missing_ratings_do_not_hide_numbers_of_lines(tmp_path):
    lines = "0,dog,cat,7\n1,1984,book,5\n2,dog,cow,\n3,,dog,4\n4,dog,van,2\n6,a,b,1\ntotal,a,b,5\n"
    found = read_pairs(write(tmp_path, lines))
    assert found.pairs == [("dog", "cat", 7), ("1984", "book", 5), ("dog", "van", 2), ("a", "b", 1)]
    assert found.malformed.lines == 3


def test_words_that_are_numbers_are_no_numbers_of_lines(tmp_path):
    content = "1984\tbook\t7\n7\tseven\t9\n1\tone\t8\n"
    words = [pair[:2] for pair in read_pairs(write(tmp_path, content)).pairs]
    assert words == [("1984", "book"), ("7", "seven"), ("1", "one")]


def test_a_first_line_of_words_about_words_is_no_heading(tmp_path):
    content = "word\tkeyword\t7\nnoun\tverb\t6\n"
    assert len(read_pairs(write(tmp_path, content)).pairs) == 2


some_words = st.text("abcé ,;", min_size=1, max_size=8).map(str.strip).filter(str.strip)
some_pairs = st.lists(
    st.tuples(some_words, some_words, st.floats(-1e100, 1e100)), min_size=1, max_size=6
)


def written(rows: Iterable[Sequence[object]], separator: str) -> str:
    content = io.StringIO()
    csv.writer(content, delimiter=separator, quoting=csv.QUOTE_MINIMAL).writerows(rows)
    return content.getvalue()


@given(some_pairs, st.sampled_from("\t,;"), st.booleans(), st.randoms())
@example([("a", "b", 1.0)], ",", False, None)
def test_a_column_of_numbers_of_lines_changes_no_item(
    tmp_path_factory, pairs, separator, is_headed, random
):
    folder = tmp_path_factory.getbasetemp()
    headings = [("word1", "word2", "score")] if is_headed else []
    numbers = list(range(len(pairs)))
    if random is not None:
        random.shuffle(numbers)
    numbered = [
        *(("", *row) for row in headings),
        *((number, *pair) for number, pair in zip(numbers, pairs, strict=True)),
    ]
    plain = read_pairs(write(folder, written([*headings, *pairs], separator)))
    assert plain.pairs == pairs
    assert read_pairs(write(folder, written(numbered, separator)))[1:] == plain[1:]


@given(some_pairs)
def test_separators_and_decimal_commas_change_no_item(tmp_path_factory, pairs):
    folder = tmp_path_factory.getbasetemp()
    pairs = [(*(word.strip(" ,;") or "x" for word in pair[:2]), pair[2]) for pair in pairs]
    pairs = [(one.replace(",", "b"), other.replace(",", "c"), rated) for one, other, rated in pairs]
    for separator in "\t,;":
        assert read_pairs(write(folder, written(pairs, separator))).pairs == pairs
        commas = [(*pair[:2], str(pair[2]).replace(".", ",")) for pair in pairs]
        assert read_pairs(write(folder, written(commas, separator))).pairs == pairs
    blanks = [" ".join((*(word.replace(" ", "_") for word in row[:2]), row[2])) for row in commas]
    found = read_pairs(write(folder, "\n".join(blanks))).pairs
    assert [pair.rating for pair in found] == [pair[2] for pair in pairs]


def test_a_missing_file_is_an_error_that_names_it(tmp_path):
    with pytest.raises(FormatError, match=f"^{tmp_path}/none does not exist$"):
        read_pairs(tmp_path / "none")


def test_a_file_that_is_not_utf8_is_an_error_that_names_it(tmp_path):
    (tmp_path / "latin").write_bytes(b"stra\xdfe\tweg\t8\n")
    with pytest.raises(FormatError, match=f"^{tmp_path}/latin:1: byte 4 is not UTF-8"):
        read_pairs(tmp_path / "latin")


# The set in the package


def test_wordsim_353_has_its_353_pairs():
    pairs = read_pairs(WORDSIM_353).pairs
    assert len(pairs) == 353
    assert pairs[0] == ("love", "sex", 6.77)
    assert RatedPair("tiger", "tiger", 10.0) in pairs
    assert all(0 <= pair.rating <= 10 for pair in pairs)
    assert RatedPair("Mexico", "Brazil", 7.44) in pairs
    assert all(" " not in word for pair in pairs for word in pair[:2])


def test_vectors_that_know_the_ratings_score_one_on_wordsim_353():
    # Each pair gets words of its own whose cosine is its rating in tenths.
    pairs = [
        RatedPair(f"{number}:{pair.one}", f"{number}:{pair.other}", pair.rating)
        for number, pair in enumerate(read_pairs(WORDSIM_353).pairs)
    ]
    rows: dict[str, list[float]] = {}
    for one, other, rating in pairs:
        cosine = rating / 10
        rows |= {one: [1, 0], other: [cosine, math.sqrt(1 - cosine**2)]}
    score = score_of(vectors_of(rows), pairs)
    assert score.correlation == pytest.approx(1, abs=1e-4)  # float32 breaks a few ties
    assert score.pearson == pytest.approx(1, abs=1e-6)
    assert (score.pairs_known, score.pairs) == (353, 353)


@pytest.mark.parametrize(
    ("file", "pairs"), [(WORDSIM_SIMILARITY, 203), (WORDSIM_RELATEDNESS, 252), (MEN, 3_000)]
)
def test_the_other_sets_in_the_package_are_whole(file, pairs):
    found = read_pairs(file)
    assert len(found.pairs) == pairs
    assert found.malformed.lines == 0


@pytest.mark.parametrize("file", [WORDSIM_353, WORDSIM_SIMILARITY, WORDSIM_RELATEDNESS, MEN])
def test_the_items_of_the_sets_in_the_package_are_the_first_three_fields_of_their_lines(file):
    lines = [line.split("\t") for line in file.read_text("utf-8").splitlines() if line[0] != "#"]
    assert read_pairs(file).pairs == [(one, other, float(rated)) for one, other, rated in lines]


def test_each_pair_of_the_halves_is_one_of_wordsim_353():
    whole = set(read_pairs(WORDSIM_353).pairs)
    halves = read_pairs(WORDSIM_SIMILARITY).pairs + read_pairs(WORDSIM_RELATEDNESS).pairs
    assert {pair for pair in halves if pair not in whole} <= set()


def test_the_notice_lies_beside_the_sets():
    notice = (WORDSIM_353.parent / "NOTICE.md").read_text()
    for text in ("CC BY 4.0", "CC BY 2.0", "Apache License", "Agirre", "Bruni"):
        assert text in notice
    sets = {file.name for file in WORDSIM_353.parent.iterdir()} - {"NOTICE.md"}
    assert all(name in notice for name in sets)


def test_random_vectors_score_about_zero():
    words = {word for pair in read_pairs(WORDSIM_353).pairs for word in pair[:2]}
    random = np.random.default_rng(1)
    vectors = vectors_of({word: random.standard_normal(50) for word in sorted(words)})
    assert abs(score_of(vectors, read_pairs(WORDSIM_353).pairs).correlation) < 0.15

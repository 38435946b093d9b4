"""Outlier detection: positions against the paper's compactness, draws, and the files."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.comparison import EXACT, assert_close
from helpers.handmade_vectors import random_vectors, spelled_vectors, vectors_of
from skipgram.errors import FormatError
from skipgram.evaluation.outliers import (
    Outlier,
    OutlierScore,
    OutlierSet,
    Positions,
    outlier_score,
    read_topics,
)
from skipgram.evaluation.scores import measures_of

law = settings(deadline=None, max_examples=50)

# By falling sums of cosines with the others: c, b, a, d.
FAN = {"a": [10, 1], "b": [10, 3], "c": [2, 2], "d": [-1, 4]}


def asked(cluster: str, *outliers: str, topic: str = "t") -> OutlierSet:
    words = tuple(cluster.split())
    return OutlierSet("a name", [Outlier(topic, words, outlier) for outlier in outliers])


def score_of(cluster: str, *outliers: str, **options) -> OutlierScore:
    return outlier_score(vectors_of(FAN), asked(cluster, *outliers), **options)


def compactness(vectors, words: list[str], left_out: str) -> float:
    """The paper's formula as it stands: the mean cosine of all ordered pairs of the others."""
    others = [word for word in words if word != left_out]
    cosines = [vectors.similarity(*pair) for pair in permutations(others, 2)]
    return sum(cosines) / (len(others) * (len(others) - 1))


# The score


def test_the_word_that_does_not_belong_comes_last_and_is_found():
    score = score_of("a b c", "d")
    assert (score.name, score.found, score.position, score.value) == ("a name", 1.0, 1.0, 1.0)
    assert [measure.name for measure in score.measures] == ["found", "position"]


def test_a_word_that_belongs_better_than_others_comes_before_them():
    for outlier, position in {"c": 0, "b": 1 / 3, "a": 2 / 3}.items():
        score = score_of(" ".join(FAN.keys() - {outlier}), outlier)
        assert score.found == 0.0
        assert_close(score.position, position, EXACT)


@law
@given(st.integers(0, 2**32), st.integers(2, 9))
def test_positions_are_those_of_the_compactness_of_the_paper(seed, size):
    vectors = random_vectors(seed, vocab_size=size + 1, embedding_dim=3)
    words = [f"w{number}" for number in range(size + 1)]
    scores = {word: compactness(vectors, words, word) for word in words}
    in_order = sorted(words, key=scores.__getitem__)
    score = outlier_score(vectors, asked(" ".join(words[1:]), "w0"))
    assert_close(score.position, in_order.index("w0") / size, EXACT)
    assert score.found == float(in_order[-1] == "w0")


def test_the_means_are_over_all_outliers_that_are_asked():
    score = score_of("a b", "c", "d", "unknown")
    assert (score.coverage.known, score.coverage.total) == (2, 3)
    assert (score.found, score.position) == (1.0, 1.0)
    mixed = OutlierSet("", [*asked("a b c", "d").items, *asked("a b d", "c").items])
    score = outlier_score(vectors_of(FAN), mixed)
    assert (score.found, score.position) == (0.5, 0.5)


def test_vectors_that_are_all_alike_have_no_score():
    vectors = vectors_of({word: [0.3, 0.7] for word in FAN})
    score = outlier_score(vectors, asked("a b c", "d"))
    assert (score.found, score.position) == (None, None)


def test_a_topic_of_words_that_are_all_alike_never_speaks_for_the_vectors():
    alike = {f"{word}{word}": [0.3, 0.7] for word in "abcd"}
    vectors = vectors_of({**FAN, **alike})
    together = OutlierSet("", [*asked("aa bb cc", "dd").items, *asked("a b c", "d").items])
    alone = outlier_score(vectors, asked("a b c", "d"))
    assert outlier_score(vectors, together).found == alone.found / 2
    assert outlier_score(vectors, together).position == alone.position / 2


def test_the_length_of_a_vector_does_not_matter():
    vectors = vectors_of(
        {word: np.multiply(row, 9**i) for i, (word, row) in enumerate(FAN.items())}
    )
    assert_close(outlier_score(vectors, asked("b c d", "a")).position, 2 / 3, EXACT)


# Words that are not known


def test_unknown_words_of_a_cluster_are_dropped_and_counted_once():
    score = score_of("a unknown b another", "c", "d")
    assert (score.coverage.known, score.words_dropped, score.found) == (2, 2, 1.0)


@pytest.mark.parametrize("cluster", ["x y", "a y", "a A"])
def test_an_outlier_with_fewer_than_two_known_words_is_not_asked(cluster):
    score = score_of(cluster, "d")
    assert (score.coverage.known, score.coverage.total) == (0, 1)
    assert (score.found, score.position, score.interval) == (None, None, None)


def test_an_outlier_that_is_one_of_its_cluster_in_another_case_is_left_out_and_counted():
    score = score_of("a b c", "A", "d")
    assert (score.coverage.known, score.coverage.merged, score.found) == (1, 1, 1.0)


def test_a_vector_of_zeros_is_not_asked_and_its_word_is_named():
    vectors = vectors_of(FAN | {"zero": [0, 0]})
    score = outlier_score(vectors, asked("a b zero", "c", "zero"))
    assert (score.coverage.known, score.coverage.zero_words) == (1, ("zero",))
    assert (score.found, score.words_dropped) == (1.0, 1)


def test_an_outlier_that_stands_there_twice_counts_twice():
    score = score_of("a b c", "d", "d")
    assert (score.coverage.known, score.coverage.repeated) == (2, 1)


def test_unknown_words_are_spelled_only_if_they_are_to_be():
    items = asked("walk talks", "helpings")
    assert outlier_score(spelled_vectors(), items).coverage.known == 0
    spelled = outlier_score(spelled_vectors(), items, spell=True)
    assert (spelled.coverage.known, spelled.coverage.words_spelled) == (1, 1)


def test_an_item_has_the_rank_of_its_rarest_known_word():
    vectors = vectors_of(FAN, counts=[40, 30, 20, 10])
    ranks = outlier_score(vectors, asked("a b unknown", "c", "d")).outcome.ranks
    assert ranks.tolist() == [3, 4]


# Drawing again


def outcome_of(topics: list[int], positions: list[float]) -> Positions:
    places = np.arange(len(topics))
    return Positions(places, places + 1, np.array(positions), np.array(topics))


def test_of_ten_topics_or_more_topics_are_drawn_with_all_their_items():
    outcome = outcome_of([number // 2 for number in range(20)], [1.0, 0.5] * 10)
    assert outcome.units == 10
    weights = np.zeros((1, 10))
    weights[0, 3] = 10
    assert_close(outcome(weights)[:, 0], [0.5, 0.75], EXACT)


def test_fewer_than_ten_topics_have_no_interval():
    outcome = outcome_of([number // 2 for number in range(18)], [1.0, 0.5] * 9)
    assert outcome.units == 9
    found = measures_of(outcome, 200)
    assert [(of.value, of.interval) for of in found] == [(0.5, None), (0.75, None)]


def test_topics_of_equal_items_make_the_interval_wider_than_as_many_items_would():
    right = np.random.default_rng(1).integers(0, 2, 40).repeat(8)
    by_topic = OutlierSet(
        "", [Outlier(str(i // 8), ("a", "b", "c"), "d" if r else "a2") for i, r in enumerate(right)]
    )
    score = outlier_score(vectors_of(FAN | {"a2": [10, 1.1]}), by_topic)
    width = score.interval.high - score.interval.low
    assert width == pytest.approx(2 * 1.96 * (0.25 / 40) ** 0.5, rel=0.2)


def test_part_of_the_items_keeps_its_topics():
    outcome = outcome_of([number // 2 for number in range(24)], [1.0, 0.5] * 12)
    part = outcome.among(np.arange(1, 24))
    assert (part.units, part.asked.tolist()) == (12, list(range(1, 24)))
    assert outcome.at(np.arange(6)).units == 3


# The files


def write(folder: Path, **topics: str) -> Path:
    for name, content in topics.items():
        (folder / f"{name}.txt").write_text(content, encoding="utf-8")
    return folder


CATS = "Lion\nSnow leopard\n Tiger \n\ntruck\n\nJava_Sea\n"


def test_a_folder_has_a_topic_in_each_text_file(tmp_path):
    found = read_topics(write(tmp_path, Cats=CATS, Apples="a\nb\n\nc\n"), "8-8-8")
    cats = ("Lion", "Snow_leopard", "Tiger")
    assert found.items == [
        ("Apples", ("a", "b"), "c"),
        ("Cats", cats, "truck"),
        ("Cats", cats, "Java_Sea"),
    ]
    assert (found.name, found.malformed) == ("8-8-8", (0, ""))


def test_one_file_is_one_topic(tmp_path):
    write(tmp_path, Cats="\n\n" + CATS.replace("\n", "\r\n"))
    found = read_topics(tmp_path / "Cats.txt")
    assert (found.name, len(found.items), found.items[0].topic) == ("Cats", 2, "Cats")


def test_a_word_that_stands_twice_in_a_cluster_is_one(tmp_path):
    found = read_topics(write(tmp_path, t="a\nb\na\n\nc\n") / "t.txt")
    assert found.items == [("t", ("a", "b"), "c")]


def test_files_that_cannot_be_read_are_counted_by_lines_and_the_first_is_shown(tmp_path):
    folder = write(tmp_path, a="x\ny\nz\n", b="\n\nc\n\nd\n", c="a\nb\n\nc\n", d="")
    found = read_topics(folder)
    assert [item.topic for item in found.items] == ["c"]
    assert found.malformed == (9, f"{folder}/a.txt:1: 'x'"), "the empty file counts as a line"
    score = outlier_score(vectors_of(FAN), found)
    assert score.coverage.malformed.lines == 9


def test_an_empty_file_is_shown_by_its_name(tmp_path):
    found = read_topics(write(tmp_path, a="", b="a\nb\n\nc\n"))
    assert found.malformed == (1, f"{tmp_path}/a.txt: an empty file")
    with pytest.raises(FormatError, match=r"a\.txt: an empty file where the words of a cluster"):
        read_topics(tmp_path / "a.txt")


def test_topics_in_folders_below_are_read_whatever_the_case_of_their_suffix(tmp_path):
    for place in ("2/Cats.txt", "1/below/Dogs.TXT", "1/.hidden/Cows.txt", "1/._Dogs.txt", "1/a.md"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("a\nb\n\nc\n")
    (tmp_path / "folder.txt").mkdir()
    assert [item.topic for item in read_topics(tmp_path).items] == ["Dogs", "Cats"]


def test_topics_of_one_file_name_are_told_apart_by_their_folders(tmp_path):
    for place in ("1/Cats.txt", "2/Cats.txt", "2/Cats.TXT", "Dogs.txt"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text("a\nb\n\nc\n")
    topics = [item.topic for item in read_topics(tmp_path).items]
    assert topics == ["1/Cats", "2/Cats.TXT", "2/Cats.txt", "Dogs"]


def test_an_outlier_that_stands_in_its_own_cluster_cannot_be_read(tmp_path):
    found = read_topics(write(tmp_path, t="snow leopard\nb\n\nc\n snow  leopard\nB\n"))
    assert [item.outlier for item in found.items] == ["c", "B"], "case may tell words apart"
    expected = f"{tmp_path}/t.txt:5: ' snow  leopard' (also in its cluster)"
    assert found.malformed == (1, expected)
    assert outlier_score(vectors_of(FAN), found).coverage.merged == 0
    with pytest.raises(FormatError, match=r"alone\.txt:4: 'a' \(also in its cluster\) where "):
        read_topics(write(tmp_path, alone="a\nb\n\na\n") / "alone.txt")


def test_a_file_without_a_topic_and_a_folder_without_a_file_are_errors(tmp_path):
    with pytest.raises(FormatError, match=rf"^{tmp_path} holds no \.txt file: give the folder"):
        read_topics(tmp_path)
    with pytest.raises(FormatError, match=r"t\.txt:1: 'a' where the words of a cluster, one a"):
        read_topics(write(tmp_path, t="a\nb\n"))
    with pytest.raises(FormatError, match=r"/none does not exist$"):
        read_topics(tmp_path / "none")

"""Categorisation: the clusters, the measures against scikit-learn's, and the files."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import v_measure_score
from sklearn.metrics.cluster import contingency_matrix

from helpers.comparison import EXACT, assert_close
from helpers.handmade_vectors import random_vectors, spelled_vectors, vectors_of
from skipgram.errors import FormatError, SettingsError
from skipgram.evaluation import categories
from skipgram.evaluation.categories import (
    Categorised,
    CategorySet,
    Clustered,
    category_score,
    clusters_of,
    read_categories,
)
from skipgram.evaluation.comparing import system_scores
from skipgram.evaluation.differences import difference_of

law = settings(deadline=None, max_examples=50)

# Two tight groups, three words each.
GROUPS = {
    "cat": [10, 1],
    "dog": [10, 0],
    "cow": [10, -1],
    "car": [1, 10],
    "bus": [0, 10],
    "van": [-1, 10],
}
ANIMALS = dict.fromkeys(["cat", "dog", "cow"], "animal")
VEHICLES = dict.fromkeys(["car", "bus", "van"], "vehicle")


def set_of(categories: dict[str, str]) -> CategorySet:
    return CategorySet("a name", [Categorised(*item) for item in categories.items()])


def in_clusters(clusters: list[int], categories: list[int]) -> Clustered:
    """An outcome whose rows of length 1 stand apart as these clusters do."""
    numbers = np.unique(clusters, return_inverse=True)[1]
    places = np.arange(len(clusters))
    return Clustered(places, places + 1, np.eye(numbers.max() + 1)[numbers], np.array(categories))


def purity(clusters, categories) -> float:
    return contingency_matrix(categories, clusters).max(axis=0).sum() / len(categories)


# The measures


def test_words_whose_clusters_are_their_categories_score_one():
    score = category_score(vectors_of(GROUPS), set_of(ANIMALS | VEHICLES))
    assert (score.name, score.coverage.known, score.coverage.total) == ("a name", 6, 6)
    assert_close([score.purity, score.v_measure], [1.0, 1.0], EXACT)
    assert [measure.name for measure in score.measures] == ["purity", "V-measure"]
    assert score.value == score.purity


def test_a_score_by_hand():
    # Clusters of three; one word of each is of the other category: purity 4/6. Both entropies are
    # log 2, and both conditional ones those of (1/3, 2/3).
    score = category_score(
        vectors_of(GROUPS), set_of(ANIMALS | VEHICLES | {"cow": "vehicle", "car": "animal"})
    )
    within = -(1 / 3 * np.log2(1 / 3) + 2 / 3 * np.log2(2 / 3))
    assert_close([score.purity, score.v_measure], [2 / 3, 1 - within], EXACT)


@law
@given(st.integers(0, 2**32), st.lists(st.integers(0, 4), min_size=3, max_size=40))
def test_the_measures_are_those_of_scikit_learn(seed, drawn):
    vectors = random_vectors(seed, vocab_size=len(drawn), embedding_dim=4)
    score = category_score(
        vectors, set_of({f"w{i}": str(category) for i, category in enumerate(drawn)}), resamples=0
    )
    if not 2 <= len(set(drawn)) < len(drawn):
        assert (score.purity, score.v_measure) == (None, None)
        return
    found = score.outcome.clusters
    assert_close(score.purity, purity(found, drawn), EXACT)
    assert_close(score.v_measure, v_measure_score(drawn, found), 1e-10)  # theirs adds an epsilon


@law
@given(st.integers(0, 2**32), st.integers(2, 6))
def test_the_clusters_are_those_of_scikit_learn(seed, count):
    rows = np.random.default_rng(seed).standard_normal((30, 4))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    expected = AgglomerativeClustering(count, linkage="ward").fit_predict(rows)
    assert_close(v_measure_score(expected, clusters_of(rows, count)), 1.0, EXACT)


def test_there_are_as_many_clusters_as_categories_among_the_known_words():
    three = ANIMALS | VEHICLES | {"unknown": "third"}
    score = category_score(vectors_of(GROUPS), set_of(three))
    assert (score.coverage.known, score.coverage.total) == (6, 7)
    assert len(set(score.outcome.clusters)) == 2
    assert_close(score.purity, 1.0, EXACT)


def test_words_of_equal_vectors_are_never_parted_so_that_their_order_tells_nothing():
    vectors = vectors_of({word: [1, 2] for word in GROUPS})
    score = category_score(vectors, set_of(ANIMALS | VEHICLES))
    assert set(score.outcome.clusters) == {1}
    assert_close([score.purity, score.v_measure], [0.5, 0.0], EXACT)


def test_the_length_of_a_vector_does_not_matter():
    longer = {word: [7**place * x for x in row] for place, (word, row) in enumerate(GROUPS.items())}
    assert category_score(vectors_of(longer), set_of(ANIMALS | VEHICLES)).purity == 1.0


# Drawing again


def test_a_word_that_is_drawn_twice_counts_twice_in_its_cluster():
    outcome = in_clusters([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 0])
    weights = np.array([[1, 1, 1, 1, 1, 1], [3, 3, 0, 0, 0, 0], [0, 0, 3, 0, 0, 3]], float)
    assert_close(outcome(weights)[0], [2 / 3, 1, 0], EXACT)
    # A drawn word brings its own terms: log 3/2 of a word of the majority, log 3 of another.
    expected = [1 - (2 * np.log(1.5) + np.log(3)) / 3 / np.log(2), 1 - np.log(1.5) / np.log(2), 0]
    assert_close(outcome(weights)[1], expected, EXACT)


def test_the_interval_of_purity_is_about_that_of_a_share():
    random = np.random.default_rng(1)
    clusters = np.repeat([0, 1], 200)
    flipped = random.permutation(400) < 80
    outcome = in_clusters(clusters.tolist(), np.where(flipped, 1 - clusters, clusters).tolist())
    [measure, _] = categories.measures_of(outcome, 2_000)
    assert measure.value == pytest.approx(0.8, abs=0.01)
    half = 1.96 * (0.8 * 0.2 / 400) ** 0.5
    assert measure.interval.high - measure.value == pytest.approx(half, rel=0.15)
    assert measure.value - measure.interval.low == pytest.approx(half, rel=0.15)


def test_the_v_measure_which_depends_on_the_number_of_words_has_no_interval():
    vectors = random_vectors(1, vocab_size=200, embedding_dim=3)
    score = category_score(vectors, set_of({f"w{i}": str(i % 20) for i in range(200)}))
    assert [of.interval is None for of in score.measures] == [False, True]
    together = system_scores("one", [score, score], 200)
    assert [of.interval is None for of in together] == [False, True]


def test_clusterings_are_compared_over_trainings_alone():
    words = set_of({f"w{i}": str(i % 20) for i in range(200)})
    one, other, *rest = (category_score(random_vectors(n, 200, 3), words) for n in range(1, 5))
    alone = difference_of([one], [other], ("one", "other"), 200)
    assert (alone.p_value, alone.interval is None) == (None, False)
    several = difference_of([one, other], rest, ("one", "other"), 200)
    assert several.p_value is not None


def test_part_of_the_words_is_clustered_anew():
    score = category_score(
        vectors_of(GROUPS), set_of(ANIMALS | {"car": "x", "bus": "y", "van": "z"})
    )
    assert len(set(score.outcome.clusters)) == 4
    part = score.outcome.among(np.array([0, 1, 2, 4]))
    assert len(set(part.clusters)) == 2
    assert part.asked.tolist() == [0, 1, 2, 4]
    assert_close(part(np.ones((1, 4)))[:, 0], [1.0, 1.0], EXACT)


def test_words_have_the_ranks_of_their_frequency():
    score = category_score(
        vectors_of(GROUPS, counts=[1, 2, 3, 4, 5, 6]), set_of(ANIMALS | VEHICLES)
    )
    assert score.outcome.ranks.tolist() == [6, 5, 4, 3, 2, 1]


# What there is no score of


@pytest.mark.parametrize(
    "words",
    [
        {"unknown": "animal", "another": "vehicle"},
        {"cat": "animal", "car": "vehicle"},
        ANIMALS | {"unknown": "vehicle"},
        ANIMALS,
    ],
    ids=["no word", "two words", "one category known", "one category"],
)
def test_fewer_than_three_words_or_two_categories_have_no_score(words):
    score = category_score(vectors_of(GROUPS), set_of(words))
    assert (score.purity, score.v_measure, score.interval) == (None, None, None)
    assert score.coverage.total == len(words)


def test_a_word_whose_vector_is_zero_is_left_out_and_named():
    score = category_score(
        vectors_of(GROUPS | {"zero": [0, 0]}), set_of(ANIMALS | VEHICLES | {"zero": "animal"})
    )
    assert (score.coverage.known, score.coverage.zero_words) == (6, ("zero",))
    assert score.purity == 1.0


def test_words_that_share_a_form_of_the_vocabulary_are_left_out_and_counted():
    words = ANIMALS | VEHICLES | {"Turkey": "country", "turkey": "animal"}
    uncased = category_score(vectors_of(GROUPS | {"turkey": [1, 1]}), set_of(words))
    assert (uncased.coverage.known, uncased.coverage.merged) == (6, 2)
    cased = GROUPS | {"turkey": [10, 0], "Turkey": [-10, -10]}
    score = category_score(vectors_of(cased), set_of(words))
    assert (score.coverage.known, score.coverage.merged, score.purity) == (8, 0, 1.0)


def test_a_word_that_stands_there_twice_counts_twice():
    items = [*set_of(ANIMALS | VEHICLES).items, Categorised("cat", "animal")]
    score = category_score(vectors_of(GROUPS), CategorySet("", items))
    assert (score.coverage.known, score.coverage.repeated) == (7, 1)


def test_a_word_in_two_categories_can_be_right_in_one_only():
    items = [*set_of(ANIMALS | VEHICLES).items, Categorised("cat", "vehicle")]
    score = category_score(vectors_of(GROUPS), CategorySet("", items))
    assert_close(score.purity, 6 / 7, EXACT)


def test_unknown_words_are_spelled_only_if_they_are_to_be():
    words = {"walk": "a", "talks": "a", "helpings": "b", "rains": "b"}
    plain = category_score(spelled_vectors(), set_of(words))
    assert (plain.coverage.known, plain.coverage.words_spelled) == (3, 0)
    spelled = category_score(spelled_vectors(), set_of(words), spell=True)
    assert (spelled.coverage.known, spelled.coverage.words_spelled) == (4, 1)


def test_more_words_than_can_be_clustered_are_an_error(monkeypatch):
    monkeypatch.setattr(categories, "MOST_WORDS", 5)
    with pytest.raises(SettingsError, match=r"^6 words are to be clustered.*give 5 at most$"):
        category_score(vectors_of(GROUPS), set_of(ANIMALS | VEHICLES))


# The files


def write(folder: Path, content: str) -> Path:
    (folder / "set.txt").write_text(content, encoding="utf-8")
    return folder / "set.txt"


@pytest.mark.parametrize("separator", ["\t", ",", " ", ";", "  "])
def test_words_and_categories_are_read_with_any_separator(tmp_path, separator):
    lines = [
        "# a comment",
        "",
        *(separator.join(pair) for pair in [("Cat", "animal"), ("van", "x")]),
    ]
    found = read_categories(write(tmp_path, "\n".join(lines)))
    assert found == ("set", [("Cat", "animal"), ("van", "x")], (0, ""))


def test_a_decimal_comma_does_not_separate_a_word_from_its_category(tmp_path):
    found = read_categories(write(tmp_path, "Hund;Tier;7,1\nBus;Ding;2,5\n"))
    assert found.items == [("Hund", "Tier"), ("Bus", "Ding")]


def test_a_semicolon_may_be_part_of_a_category_behind_a_comma(tmp_path):
    found = read_categories(write(tmp_path, "cat,animal; pet\nvan,thing; vehicle\n"))
    assert found.items == [("cat", "animal; pet"), ("van", "thing; vehicle")]


def test_headings_may_name_the_columns_in_either_order(tmp_path):
    first = read_categories(write(tmp_path, "word,category\ncat,animal\n"))
    other = read_categories(write(tmp_path, "Category,Freq,Word\nanimal,7,cat\n"), "Battig")
    assert (first.items, other.items) == ([("cat", "animal")], [("cat", "animal")])
    assert other.name == "Battig"


def test_lines_that_cannot_be_read_are_counted_and_the_first_is_shown(tmp_path):
    file = write(tmp_path, "cat animal\nhot dog food\nvan\nbus vehicle\n")
    found = read_categories(file)
    assert found.items == [("cat", "animal"), ("bus", "vehicle")]
    assert found.malformed == (2, f"{file}:2: 'hot dog food'")
    assert category_score(vectors_of(GROUPS), found).coverage.malformed.lines == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("# nothing\n", r"is empty: a word and its category should be on each line$"),
        ("word\tcategory\n", r"is empty: "),
        (
            "cat\ndog\n",
            r":1: 'cat' where a word and its category should be; no line could be read$",
        ),
        ("\tanimal\n", r":1: '\\tanimal' where "),
    ],
)
def test_a_file_without_a_category_is_an_error(tmp_path, content, message):
    with pytest.raises(FormatError, match=message):
        read_categories(write(tmp_path, content))


def test_the_order_of_the_lines_changes_no_score():
    vectors = random_vectors(3, vocab_size=40, embedding_dim=4)
    words = {f"w{i}": str(i % 4) for i in range(40)}
    random = np.random.default_rng(2)
    scores = []
    for _ in range(5):
        items = set_of(words).items
        shuffled = [items[place] for place in random.permutation(len(items))]
        scores.append(category_score(vectors, CategorySet("", shuffled), resamples=0))
    for one, other in pairwise(scores):
        assert_close([one.purity, one.v_measure], [other.purity, other.v_measure], EXACT)


def test_words_with_a_category_of_their_own_each_have_no_score():
    # As of a file of ratings, whose second word is no category.
    vectors = vectors_of({f"w{n}": row for n, row in enumerate(np.eye(5))})
    score = category_score(vectors, set_of({f"w{n}": f"c{n}" for n in range(5)}))
    assert (score.purity, score.v_measure) == (None, None)

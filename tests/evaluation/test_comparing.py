"""Systems are compared on the same items, and what is luck is called so."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import vectors_of
from skipgram.errors import FormatError, SettingsError
from skipgram.evaluation.comparison import Comparison
from skipgram.vectors.word_vectors import WordVectors

PAIRS = 120
TRUTH = np.random.default_rng(0).uniform(-0.9, 0.9, PAIRS)


COMMON = np.random.default_rng(99).standard_normal(PAIRS)


def vectors(
    noise: float, seed: int = 1, pairs: range = range(PAIRS), common: float = 0
) -> WordVectors:
    """The cosine of the words a7 and b7 is the seventh rating, but for noise of its own.

    common: so much noise is the same for all.
    """
    own = np.random.default_rng(seed).standard_normal(PAIRS)
    cosines = np.clip(TRUTH + noise * own + common * COMMON, -1, 1)
    rows: dict[str, Any] = {}
    for number in pairs:
        cosine = cosines[number]
        rows |= {f"a{number}": [1, 0], f"b{number}": [cosine, np.sqrt(1 - cosine**2)]}
    return vectors_of(rows)


def upper(vectors: WordVectors) -> WordVectors:
    return vectors_of(
        {word.upper(): row for word, row in zip(vectors, vectors.matrix, strict=True)}
    )


@pytest.fixture
def rated(tmp_path: Path) -> Path:
    file = tmp_path / "rated.tsv"
    file.write_text("".join(f"a{n}\tb{n}\t{rating}\n" for n, rating in enumerate(TRUTH)))
    return file


@pytest.fixture
def compare(rated: Path) -> Any:
    def do(systems: Any, **options: Any) -> Comparison:
        return skipgram.compare_vectors(systems, **{"similarity": rated, "analogies": ()} | options)

    return do


def test_a_system_that_is_clearly_better_is_called_so_and_the_other_one_worse(compare):
    systems = {"noisy": vectors(0.9), "clear": vectors(0.1)}
    (difference,) = compare(systems).differences
    assert difference.verdict == "better"
    assert difference.value > 0.2
    assert 0 not in difference.interval
    assert difference.common == PAIRS
    (other,) = compare(dict(reversed(systems.items()))).differences
    assert other.verdict == "worse"
    assert other.value == pytest.approx(-difference.value)


def test_the_difference_is_that_of_the_scores_and_its_interval_narrower_than_theirs(compare):
    systems = {"one": vectors(0.1, 1, common=0.6), "other": vectors(0.1, 2, common=0.6)}
    found = compare(systems)
    scores = {of.system: of for of in found.scores if of.measure == "Spearman's ρ"}
    (difference,) = found.differences
    assert difference.value == pytest.approx(scores["other"].value - scores["one"].value)
    assert difference.verdict == "not distinguishable"
    spread = scores["one"].interval.high - scores["one"].interval.low
    assert difference.interval.high - difference.interval.low < 0.6 * spread


def test_systems_are_compared_on_the_items_that_both_know(compare):
    found = compare(
        {"few": vectors(0.1, pairs=range(50)), "rest": vectors(0.1, pairs=range(30, 120))}
    )
    assert [of.coverage.known for of in found.scores] == [50, 50, 90, 90]
    assert any(note.startswith("systems that do not know the same") for note in found.notes())
    alike = compare({"one": vectors(0.5), "other": vectors(0.5, 2)})
    assert not any(note.startswith("systems that do not know") for note in alike.notes())
    assert found.differences[0].common == 20


def test_systems_without_a_common_item_have_no_difference(compare):
    found = compare({"one": vectors(0, pairs=range(50)), "other": vectors(0, pairs=range(60, 99))})
    (difference,) = found.differences
    assert (difference.value, difference.common, difference.verdict) == (None, 0, "none")
    _, differences = found.tables()
    assert differences.rows == [("rated", "nothing in common", "none", "", "", "0")]


def test_trainings_that_differ_as_much_as_systems_are_told_apart_from_them(compare):
    # Over items the one is surely better; but so is one of its own trainings than another.
    ours = [vectors(0.1), vectors(0.9, 2), vectors(0.9, 3)]
    theirs = [vectors(0.9, 4), vectors(0.9, 5), vectors(0.9, 6)]
    (alone,) = compare({"theirs": theirs[0], "ours": ours[0]}).differences
    (of_all,) = compare({"theirs": theirs, "ours": ours}).differences
    assert (alone.verdict, of_all.verdict) == ("better", "not distinguishable")
    assert 0 in of_all.interval_over_seeds


def test_several_trainings_have_their_mean_and_their_spread(compare):
    trainings = [vectors(0.3, seed) for seed in (1, 2, 3)]
    (score, *_) = compare({"ours": trainings}).scores
    alone = [compare([one, one]).scores[0].value for one in trainings]
    assert score.by_training == pytest.approx(alone)
    assert score.value == pytest.approx(np.mean(alone))
    assert score.deviation == pytest.approx(np.std(alone, ddof=1))


def test_many_comparisons_are_corrected(compare):
    systems = {"first": vectors(0.4)} | {f"v{n}": vectors(0.4, n) for n in range(2, 12)}
    found = compare(systems)
    assert len(found.differences) == 10
    assert all(of.corrected_p_value >= of.p_value for of in found.differences)
    assert max(of.corrected_p_value for of in found.differences) == 1


def test_a_list_of_vectors_and_paths_is_compared_each_by_itself(compare, tmp_path):
    vectors(0.1).save(tmp_path / "v")
    found = compare([vectors(0.2), tmp_path / "v", tmp_path / "v"])
    assert found.systems == ("vectors 1", str(tmp_path / "v"), f"{tmp_path / 'v'} (3)")


@pytest.mark.parametrize(
    ("systems", "message"),
    [
        ({}, "a comparison needs two sets of vectors, not 0"),
        ([vectors(0)], "a comparison needs two sets of vectors, not 1"),
        ({"a": [], "b": vectors(0)}, "system 'a' has no vectors"),
        ("vectors", "systems must be a mapping from names to vectors, or a list"),
        (3, "systems must be a mapping from names to vectors, or a list"),
    ],
)
def test_what_cannot_be_compared_is_refused(compare, systems, message):
    with pytest.raises(SettingsError, match=f"^{message}"):
        compare(systems)


def test_the_same_vectors_twice_are_no_two_trainings(compare, tmp_path):
    some = vectors(0.5)
    some.save(tmp_path / "some")
    for twice in ([some, some], [tmp_path / "some", tmp_path / "some"]):
        with pytest.raises(SettingsError, match=r"^system 'one' has the same vectors twice"):
            compare({"one": twice, "other": vectors(0.4, 2)})


def test_an_error_names_the_system_that_it_is_about(compare, tmp_path):
    rows = vectors(0.5).matrix.copy()
    rows[3, 0] = np.nan
    broken = replace(vectors(0.5), center=rows)
    with pytest.raises(FormatError, match=r"^other: "):
        compare({"one": vectors(0.5), "other": broken})


def test_what_systems_share_is_noted_once_and_what_differs_for_each(compare):
    some = {"one": vectors(0.5), "two": vectors(0.5, 2), "three": upper(vectors(0.5, 3))}
    notes = [note for note in compare(some).notes() if note.startswith("rated")]
    assert notes == [
        "rated, three: words found only with case ignored, as the most frequent form: 240"
    ]
    assert not [n for n in compare(dict([*some.items()][:2])).notes() if n.startswith("rated")]


def test_a_difference_is_as_sure_as_it_is_though_no_draw_reaches_zero(compare):
    systems = {"bad": vectors(3.0)} | {f"good {n}": vectors(0.02, n) for n in range(2, 9)}
    found = compare(systems, resamples=100)
    assert {difference.verdict for difference in found.differences} == {"better"}
    assert all(difference.p_value >= 1e-6 for difference in found.differences)


def test_a_notebook_shows_both_tables_and_says_what_one_training_hides(compare):
    found = compare({"one": vectors(0.5), "<other>": vectors(0.5, 2)})
    html = found._repr_html_()
    assert "not distinguishable" in html
    assert "&lt;other&gt;" in html
    assert "against one" in html
    assert any("one training of a system" in note for note in found.notes())


def test_a_comparison_prints_as_both_tables_and_its_notes(compare):
    found = compare({"one": vectors(0.5), "o\x1bther": vectors(0.5, 2)})
    scores, differences = str(found).split("\n\n")
    assert len(scores.splitlines()) == 1 + 2
    assert differences.startswith("o\\x1bther against one\n")
    assert differences.splitlines()[-len(found.notes()) :] == found.notes()
    assert "\x1b" not in str(found)


def test_texts_that_are_predicted_from_other_words_are_not_compared(tmp_path):
    lines = ["a b c d e f", "c d a b", "f e d c b a"] * 30
    (tmp_path / "text.txt").write_text("\n".join(lines))
    small = {"embedding_dim": 4, "min_count": 1, "subsample": 0, "progress": False, "threads": 1}
    trained = {
        "one": skipgram.train(iter(lines), **small),
        "longer": skipgram.train(iter(lines), **small, epochs=9),
        "wider": skipgram.train(iter([*lines, "g h"]), **small),
    }
    found = skipgram.compare_vectors(
        trained, similarity=(), analogies=(), held_out=tmp_path / "text.txt"
    )
    same, other = found.differences
    assert (same.measure, same.common > 0) == ("perplexity", True)
    lower = found.scores[2].value < found.scores[0].value
    assert same.verdict in ("not distinguishable", "better" if lower else "worse")
    assert (other.value, other.verdict) == (None, "none")
    _, longer, wider = found.tables()
    assert longer.rows[0][1] == same.verdict
    assert wider.rows[0][1] == other.why_none == "other vocabularies"

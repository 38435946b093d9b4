"""The first judgement: both sets in one call."""

from collections.abc import Sequence

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import vectors_of
from skipgram.errors import FormatError, SettingsError
from skipgram.evaluation.analogies import FIRST_WORDS, GOOGLE_ANALOGIES, analogy_score
from skipgram.evaluation.battery import RATED, WORDSIM_353
from skipgram.evaluation.questions import read_questions
from skipgram.evaluation.report import Report, evaluate
from skipgram.evaluation.similarity import read_pairs, similarity_score
from skipgram.vectors.word_vectors import WordVectors


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    """Random vectors of the words of one section and of half of WordSim-353."""
    words = {
        word
        for question in read_questions(GOOGLE_ANALOGIES).questions[:506]
        for word in question[1:5]
    }
    words |= {word for pair in read_pairs(WORDSIM_353).pairs[::2] for word in pair[:2]}
    random = np.random.default_rng(1)
    return vectors_of({word: random.standard_normal(20) for word in sorted(words)})


def rows_of(report: Report) -> Sequence[tuple[str, ...]]:
    (table,) = report.tables()
    return table.rows


def test_the_report_is_the_scores_of_all_sets(vectors):
    report = evaluate(vectors)
    assert len(report.similarity) == len(RATED) == 4
    assert report.similarity[0] == similarity_score(vectors, read_pairs(WORDSIM_353, "WordSim-353"))
    questions = read_questions(GOOGLE_ANALOGIES, "Google analogies")
    assert report.analogies == (analogy_score(vectors, questions, first_words=FIRST_WORDS),)
    assert (report.categories, report.outliers) == ((), ())


def test_every_score_is_shown_with_its_interval_and_its_coverage(vectors):
    rows = rows_of(evaluate(vectors))
    assert [row[0] for row in rows if row[0]] == [
        "WordSim-353",
        "WordSim similarity",
        "WordSim relatedness",
        "MEN",
        "Google analogies",
    ]
    _, score, interval, measure, covered = rows[0]
    assert (measure, covered) == ("Spearman's ρ", "209 of 353")
    low, high = (float(end.replace("−", "-")) for end in interval.split(" to "))
    assert low < float(score.replace("−", "-")) < high
    assert rows[1][3] == "Pearson's r"
    html = evaluate(vectors)._repr_html_()
    assert "209 of 353" in html
    assert interval in html


def test_without_draws_scores_stay_and_intervals_go(vectors):
    drawn, plain = evaluate(vectors), evaluate(vectors, resamples=0)
    assert [score.value for score in plain.scores] == [score.value for score in drawn.scores]
    assert all(score.interval is None for score in plain.scores)
    assert drawn.scores[0].interval is not None


def test_a_set_with_no_known_item_has_no_score_and_says_so(vectors, tmp_path):
    (tmp_path / "none.tsv").write_text("qqq\twww\t1\nqqx\twwx\t2\n")
    (tmp_path / "none.txt").write_text("qqq www qqx wwx\n")
    report = evaluate(vectors, similarity=tmp_path / "none.tsv", analogies=tmp_path / "none.txt")
    assert [score.value for score in report.scores] == [None, None]
    assert [row[1] for row in rows_of(report)] == ["none"] * 3
    assert rows_of(report)[0][4] == "0 of 2"


def test_lines_that_cannot_be_read_are_counted_and_the_first_is_shown(vectors, tmp_path):
    file = tmp_path / "mine.tsv"
    file.write_text("athens\tgreece\t9\nathens\tiraq\noslo\tnorway\t7\nathens\toslo\t1\n")
    report = evaluate(vectors, similarity=file, analogies=())
    _, note = report.notes()  # after that on the missing interval
    assert f"lines that could not be read: 1 (the first is {file}:2: 'athens\\tiraq')" in note


def test_a_report_prints_as_its_table_and_notes(vectors, tmp_path):
    file = tmp_path / "mine.tsv"
    file.write_text("athens\tgreece\t9\nathens\tiraq\noslo\tnorway\t7\nathens\toslo\t1\n")
    report = evaluate(vectors, similarity=file, analogies=())
    headings, first, second, *notes = str(report).splitlines()
    assert headings.split() == ["score", "95", "%", "interval", "covered"]
    assert first.startswith(f"mine  {rows_of(report)[0][1]}")
    assert second.strip().startswith(rows_of(report)[1][1])
    assert notes == report.notes()


def test_a_method_is_known_in_any_case(vectors):
    added, other = (
        evaluate(vectors, similarity=(), method=method, resamples=0)
        for method in ("3CosMul", "3cosmul")
    )
    assert added.analogies[0].method == other.analogies[0].method == "3CosMul"


def test_a_report_is_its_table_where_python_shows_it(vectors):
    report = evaluate(vectors, resamples=0)
    assert repr(report) == str(report)
    assert repr(report.by_section(resamples=0)) == str(report.by_section(resamples=0))


def test_a_score_that_is_not_there_and_what_was_left_out_are_explained(vectors, tmp_path):
    (tmp_path / "alike.tsv").write_text("athens\tgreece\t5\nathens\tiraq\t5\noslo\tx\t5\n" * 4)
    notes = evaluate(vectors, similarity=tmp_path / "alike.tsv", analogies=()).notes()
    assert notes[0].startswith("none: fewer than three items are known, or their ratings")
    assert notes[1] == "items that are not covered have an unknown word, and are left out"


def test_no_set_at_all_is_an_error(vectors):
    with pytest.raises(SettingsError, match=r"^no test set is given"):
        evaluate(vectors, similarity=(), analogies=())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "cosine"}, "method is 'cosine', not one of: 3CosAdd, 3CosMul"),
        ({"resamples": 5}, "resamples must be 0, for no intervals, or 100 to 1,000,000, not 5"),
        ({"resamples": 10**9}, "resamples must be .* to 1,000,000, not 1,000,000,000"),
        ({"resamples": -1}, "resamples must be at least 0, not -1"),
    ],
)
def test_what_cannot_be_asked_is_refused(vectors, options, message):
    with pytest.raises(SettingsError, match=f"^{message}$"):
        evaluate(vectors, **options)


def test_the_report_tells_how_much_of_each_set_is_known(vectors):
    report = skipgram.evaluate(vectors)
    similarity, (analogies,) = report.similarity[0], report.analogies
    assert 177 <= similarity.pairs_known < similarity.pairs == 353
    assert 506 <= analogies.questions_known < analogies.questions == 19_544
    asked = {section: asked for section, (_, asked) in analogies.by_section.items()}
    assert asked["capital-common-countries"] == 506
    assert sum(asked.values()) == analogies.questions_known


def test_the_first_words_restrict_the_analogies_and_not_the_similarities(vectors):
    report, restricted = (evaluate(vectors, resamples=0, first_words=n) for n in (30_000, 20))
    assert restricted.similarity == report.similarity
    assert restricted.analogies[0].first_words == 20
    assert restricted.analogies[0].questions_known < report.analogies[0].questions_known


def test_other_sets_are_named_after_their_files(vectors, tmp_path):
    (tmp_path / "mine.tsv").write_text("athens\tgreece\t9\nathens\tiraq\t2\noslo\tnorway\t7\n")
    (tmp_path / "yours.txt").write_text(": x\nathens greece oslo norway\n")
    report = evaluate(vectors, 100, [tmp_path / "mine.tsv", WORDSIM_353], [tmp_path / "yours.txt"])
    assert [score.name for score in report.similarity] == ["mine", "WordSim-353"]
    assert [score.name for score in report.analogies] == ["yours"]
    assert report.similarity[0].pairs_known == 3


def test_sets_of_one_name_are_told_apart_by_their_folders(vectors, tmp_path):
    files = [tmp_path / folder / "mine.tsv" for folder in ("one", "other")]
    for file in files:
        file.parent.mkdir()
        file.write_text("athens\tgreece\t9\nathens\tiraq\t2\n")
    report = evaluate(vectors, similarity=files, analogies=())
    assert [score.name for score in report.scores] == [str(file) for file in files]


def test_a_set_that_cannot_be_read_is_an_error_that_names_it(vectors, tmp_path):
    with pytest.raises(FormatError, match=f"^{tmp_path}/none does not exist"):
        evaluate(vectors, similarity=[tmp_path / "none"])


def test_at_least_one_word_must_be_first(vectors):
    with pytest.raises(SettingsError, match=r"^first_words must be at least 1, not 0$"):
        evaluate(vectors, first_words=0)

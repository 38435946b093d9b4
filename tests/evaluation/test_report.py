"""The first judgement: both sets in one call."""

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import vectors_of
from skipgram.errors import FormatError, SettingsError
from skipgram.evaluation.analogies import (
    FIRST_WORDS,
    GOOGLE_ANALOGIES,
    analogy_score,
    read_questions,
)
from skipgram.evaluation.report import Report, evaluate
from skipgram.evaluation.similarity import WORDSIM_353, read_pairs, similarity_score
from skipgram.vectors.word_vectors import WordVectors


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    """Random vectors of the words of one section and of half of WordSim-353."""
    words = {word for question in read_questions(GOOGLE_ANALOGIES)[:506] for word in question[1:]}
    words |= {word for pair in read_pairs(WORDSIM_353)[::2] for word in pair[:2]}
    random = np.random.default_rng(1)
    return vectors_of({word: random.standard_normal(20) for word in sorted(words)})


def test_the_report_is_the_scores_of_both_sets(vectors):
    assert evaluate(vectors) == Report(
        (similarity_score(vectors, read_pairs(WORDSIM_353), "WordSim-353"),),
        (
            analogy_score(
                vectors, read_questions(GOOGLE_ANALOGIES), "Google analogies", FIRST_WORDS
            ),
        ),
    )


def test_the_report_tells_how_much_of_each_set_is_known(vectors):
    report = skipgram.evaluate(vectors)
    (similarity,), (analogies,) = report.similarity, report.analogies
    assert 177 <= similarity.pairs_known < similarity.pairs == 353
    assert 506 <= analogies.questions_known < analogies.questions == 19_544
    asked = {section: asked for section, (_, asked) in analogies.by_section.items()}
    assert asked["capital-common-countries"] == 506
    assert sum(asked.values()) == analogies.questions_known


def test_the_first_words_restrict_the_analogies_and_not_the_similarities(vectors):
    report, restricted = evaluate(vectors), evaluate(vectors, first_words=20)
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


def test_a_set_that_cannot_be_read_is_an_error_that_names_it(vectors, tmp_path):
    with pytest.raises(FormatError, match=f"^{tmp_path}/none does not exist"):
        evaluate(vectors, similarity=[tmp_path / "none"])


def test_at_least_one_word_must_be_first(vectors):
    with pytest.raises(SettingsError, match=r"^first_words must be at least 1, not 0$"):
        evaluate(vectors, first_words=0)

"""Scores of parts of a set: of frequent and of rare words, of sections; and their differences."""

from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import random_vectors, spelled_vectors, vectors_of
from skipgram.errors import SettingsError
from skipgram.evaluation.analogies import analogy_score
from skipgram.evaluation.comparing import compare_vectors
from skipgram.evaluation.parts import frequency_bands, part_scores, sections_of
from skipgram.evaluation.questions import Question, QuestionSet
from skipgram.evaluation.report import Report
from skipgram.evaluation.scores import NOT_KNOWN, ranks_of
from skipgram.evaluation.similarity import RatedPair, RatedPairs, similarity_score
from skipgram.vectors.word_vectors import WordVectors


def by_frequency(score: Any, *borders: int, resamples: int = 0) -> Any:
    return Report((score,)).by_frequency(borders, resamples=resamples).scores


def test_every_item_is_in_the_band_of_its_rarest_word():
    vectors = random_vectors(1, vocab_size=40, embedding_dim=5)
    random = np.random.default_rng(1)
    ends = random.integers(0, 40, (300, 2))
    pairs = [RatedPair(f"w{a}", f"w{b}", float(random.integers(9))) for a, b in ends]
    score = similarity_score(vectors, RatedPairs("a set", pairs), resamples=0)
    found = by_frequency(score, 10, 20)
    rarest = ends.max(axis=1) + 1
    expected = [(rarest <= 10).sum(), ((rarest > 10) & (rarest <= 20)).sum(), (rarest > 20).sum()]
    assert [band.known for band in found] == expected
    assert [band.part for band in found] == ["1 to 10", "11 to 20", "beyond 20"]
    first = [pair for pair, rank in zip(pairs, rarest, strict=True) if rank <= 10]
    alone = similarity_score(vectors, RatedPairs("", first), resamples=0)
    assert found[0].measure == alone.measures[0]


def test_a_band_without_an_item_has_no_score():
    vectors = random_vectors(1, vocab_size=20, embedding_dim=5)
    pairs = [RatedPair(f"w{number}", "w15", number) for number in range(10)]
    score = similarity_score(vectors, RatedPairs("", pairs))
    few, more, none = by_frequency(score, 10, 16, resamples=100)
    assert (few.known, few.measure.value) == (0, None)
    assert (more.known, more.measure.value is None) == (10, False)
    assert (none.known, none.measure.value) == (0, None)


@pytest.mark.parametrize("borders", [(5, 5), (0,), (9, 3), (2.5,)])
def test_borders_of_bands_must_rise(borders):
    score = similarity_score(random_vectors(1, 9, 3), RatedPairs("", []))
    with pytest.raises(SettingsError, match="borders must"):
        by_frequency(score, *borders)


def test_spelled_words_are_in_the_last_band():
    pairs = [RatedPair("walk", "walks", 3.0), RatedPair("walk", "helpings", 1.0)]
    score = similarity_score(spelled_vectors(), RatedPairs("", pairs), spell=True)
    assert [band.known for band in by_frequency(score, 1_000)] == [1, 1]
    assert score.outcome.ranks[1] == NOT_KNOWN


def test_ranks_follow_counts_and_not_ids():
    by_count = np.array([2, 0, 1])
    ids = np.array([[0, 2], [1, 1], [2, -1]])
    assert ranks_of(ids, by_count).tolist() == [2, 3, NOT_KNOWN]
    assert ranks_of(np.empty((0, 2), int), by_count).tolist() == []


WORDS = [f"w{number}" for number in range(12)]
QUESTIONS = QuestionSet(
    "a set",
    [
        Question(section, *map(str, np.random.default_rng(number).choice(words, 4, replace=False)))
        for number, (section, words) in enumerate(
            [("capitals", WORDS)] * 30
            + [("gram1-x", WORDS)] * 20
            + [("gram2-y", [*WORDS, "unknown"])] * 20
        )
    ],
    headings=("capitals", "gram1-x", "empty", "gram2-y"),
)


def sectioned(seed: int = 1) -> Any:
    return analogy_score(random_vectors(seed, 12, 3), QUESTIONS, resamples=0)


def test_a_section_has_its_questions_and_the_kinds_of_google_s_come_last():
    score = sectioned()
    found = Report((score,)).by_section(resamples=0).scores
    assert [of.part for of in found] == [
        "capitals", "gram1-x", "empty", "gram2-y", "all semantic", "all syntactic",
    ]  # fmt: skip
    for of in found[:4]:
        right, asked = score.by_section[of.part]
        assert of.known == asked
        assert of.measure.value == (right / asked if asked else None)
    assert [of.total for of in found] == [30, 20, 0, 20, 30, 40]
    assert found[3].known < 20
    assert found[5].known == found[1].known + found[3].known


def test_a_set_of_one_section_or_of_pairs_has_no_sections():
    alone = QUESTIONS._replace(questions=QUESTIONS.questions[:30], headings=())
    assert sections_of(analogy_score(random_vectors(1, 12, 3), alone)) == []
    pairs = RatedPairs("", [RatedPair("w1", "w2", 1.0)])
    assert sections_of(similarity_score(random_vectors(1, 12, 3), pairs)) == []


def test_a_part_of_several_trainings_is_their_mean_with_their_spread():
    trainings = [sectioned(seed) for seed in (1, 2, 3)]
    capitals = sections_of(trainings[0])[0]
    (found,) = part_scores({"three": trainings}, [capitals], 0)
    values = [right / asked for right, asked in (of.by_section["capitals"] for of in trainings)]
    assert found.measure.value == pytest.approx(np.mean(values))
    assert found.deviation == pytest.approx(np.std(values, ddof=1))


PAIRS = 80


def rated_vectors(noise_of_rare: float, seed: int) -> WordVectors:
    """Pairs a7, b7 whose cosine is rating 7, but for noise; the second half has the rare words."""
    random = np.random.default_rng(seed)
    rows: dict[str, Any] = {}
    for number, rating in enumerate(RATINGS):
        noise = noise_of_rare if number >= PAIRS // 2 else 0.3
        cosine = np.clip(rating + noise * random.standard_normal(), -1, 1)
        rows |= {f"a{number}": [1, 0], f"b{number}": [cosine, np.sqrt(1 - cosine**2)]}
    return vectors_of(rows)


RATINGS = np.random.default_rng(0).uniform(-0.9, 0.9, PAIRS)


@pytest.fixture
def rated(tmp_path):
    file = tmp_path / "rated.tsv"
    file.write_text("".join(f"a{n}\tb{n}\t{rating}\n" for n, rating in enumerate(RATINGS)))
    return file


def test_a_system_that_is_better_with_rare_words_alone_is_called_so_there_alone(rated):
    systems = {"rough": rated_vectors(2.0, 1), "fine": rated_vectors(0.05, 2)}
    found = compare_vectors(systems, similarity=rated, analogies=())
    parts = found.by_frequency((PAIRS,))
    assert [(of.part, of.verdict, of.common) for of in parts.differences] == [
        (f"1 to {PAIRS}", "not distinguishable", PAIRS // 2),
        (f"beyond {PAIRS}", "better", PAIRS // 2),
    ]
    values = {(of.part, of.system): of.measure.value for of in parts.scores}
    for of in parts.differences:
        less = values[of.part, "fine"] - values[of.part, "rough"]
        assert of.value == pytest.approx(less)
    assert parts.notes()[0] == "of parts: p by Holm's correction for 2"
    told = str(parts)
    assert "fine against rough" in told
    assert f"  beyond {PAIRS}" in told
    assert "fine against rough" in parts._repr_html_()


def test_bands_are_those_of_the_first_system_s_words(rated):
    some = rated_vectors(0.3, 1)
    turned = vectors_of({word: some[word] for word in reversed(some.words)})
    for systems in ({"one": some, "other": turned}, {"other": turned, "one": some}):
        found = compare_vectors(systems, similarity=rated, analogies=(), resamples=0)
        first = found.judged[0][found.systems[0]][0]
        (expected, *_), (score, *_) = (
            frequency_bands(first, (PAIRS,)),
            found.by_frequency((PAIRS,), resamples=0).scores,
        )
        assert score.known == len(expected.items) == PAIRS // 2


def test_a_held_out_text_has_no_bands(tmp_path):
    lines = ["a b c d e f", "c d a b", "f e d c b a"] * 30
    (tmp_path / "text.txt").write_text("\n".join(lines))
    vectors = skipgram.train(
        iter(lines), embedding_dim=4, min_count=1, subsample=0, progress=False, threads=1
    )
    report = skipgram.evaluate(vectors, similarity=(), analogies=(), held_out=tmp_path / "text.txt")
    assert report.held_out[0].perplexity is not None
    assert report.by_frequency().scores == ()


def test_parts_without_items_are_not_shown(rated):
    systems = {"one": rated_vectors(0.3, 1), "other": rated_vectors(0.3, 2)}
    found = compare_vectors(systems, similarity=rated, analogies=(), resamples=0)
    parts = found.by_frequency(resamples=0)
    assert len(parts.scores) == 10
    assert [len(table.rows) for table in parts.tables()] == [1 + 2, 1 + 1]


def test_an_interval_without_0_and_without_a_verdict_is_explained(rated):
    # The second system's two trainings differ as much as the systems do.
    several = {
        "even": [rated_vectors(1.0, 2), rated_vectors(1.0, 22)],
        "uneven": [rated_vectors(1.0, 10), rated_vectors(0.05, 30)],
    }
    found = compare_vectors(several, similarity=rated, analogies=())
    (difference,) = found.differences
    assert 0 not in difference.interval
    assert difference.verdict == "not distinguishable"
    assert any(note.startswith("intervals are of other items alone") for note in found.notes())

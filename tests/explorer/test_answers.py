"""Questions of a page: understood and bounded; many at once get the answers that each would."""

import asyncio
import threading

import numpy as np
import pytest

import skipgram
from helpers.comparison import FLOAT32, assert_close
from helpers.explorer_page import spelled_vectors
from helpers.grouped_vectors import grouped_vectors
from skipgram.errors import SettingsError, SkipgramError, UnknownWordError
from skipgram.explorer import layout
from skipgram.explorer.answers import (
    Asked,
    AskedAlong,
    asked_along_in,
    asked_in,
    cosines_along,
    looked_up,
    looked_up_along,
    neighbors_of_each,
    without_vectors,
)
from skipgram.explorer.batches import Batches, BusyError
from skipgram.explorer.layout import ShownWords


@pytest.fixture(params=["few rows", "many rows"])
def shown(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ShownWords:
    if request.param == "many rows":
        monkeypatch.setattr(layout, "_QUICK_FROM_NUMBERS", 0)
    shown = ShownWords(grouped_vectors(words=200))
    assert (shown.quick is not None) == (request.param == "many rows")
    return shown


def answers(shown: ShownWords, asked: list[Asked]) -> list[list[tuple[str, float]]]:
    return neighbors_of_each(shown, [looked_up([shown], one) for one in asked])


def draw(random: np.random.Generator) -> Asked:
    plus, minus, k = (int(random.integers(low, high)) for low, high in ((1, 4), (0, 3), (1, 30)))
    words = [f"w{number}" for number in random.choice(200, plus + minus, replace=False)]
    return Asked(0, tuple(words[:plus]), tuple(words[plus:]), k)


@pytest.mark.parametrize("at_once", [1, 2, 8, 9, 40])
def test_questions_answered_together_have_the_answers_of_each_alone(shown, at_once):
    random = np.random.default_rng(at_once)
    asked = [draw(random) for _ in range(at_once)]
    for one, found in zip(asked, answers(shown, asked), strict=True):
        alone = shown.vectors.most_similar(list(one.plus), list(one.minus), one.k)
        assert [word for word, _ in found] == [word for word, _ in alone]
        assert_close([cosine for _, cosine in found], [cosine for _, cosine in alone], FLOAT32)


def test_only_words_that_are_shown_are_neighbours():
    shown = ShownWords(grouped_vectors(words=200), 50)
    (found,) = answers(shown, [Asked(0, ("w150",), (), 60)])
    assert len(found) == 50
    assert all(int(word[1:]) < 50 for word, _ in found)


def test_more_neighbours_than_there_are_words_are_all_of_them(shown):
    (found,) = answers(shown, [Asked(0, ("w1",), (), 200)])
    assert len(found) == 199


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("word=sun", Asked(0, ("sun",), (), 15)),
        ("set=1&word=sun&k=3", Asked(1, ("sun",), (), 3)),
        ("plus=a&plus=b&minus=c&k=200", Asked(0, ("a", "b"), ("c",), 200)),
        ("minus=c", Asked(0, (), ("c",), 15)),
    ],
)
def test_a_question_is_understood(query, asked):
    pairs = [tuple(pair.split("=")) for pair in query.split("&")]
    assert asked_in(pairs, 2) == asked


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([], "give 1 to 50 words"),
        ([("word", "a")] * 51, "give 1 to 50 words .*, not 51"),
        ([("word", "")], "a word has 1 to 500 characters, not 0"),
        ([("word", "a" * 501)], "a word has 1 to 500 characters, not 501"),
        ([("word", "a"), ("k", "0")], "k is a whole number from 1 to 200"),
        ([("word", "a"), ("k", "201")], "k is a whole number from 1 to 200"),
        ([("word", "a"), ("k", "1e1")], "k is a whole number"),
        ([("word", "a"), ("k", "١")], "k is a whole number"),
        ([("word", "a"), ("k", "9" * 5_000)], "k is a whole number"),
        ([("word", "a"), ("k", "-1")], "k is a whole number"),
        ([("word", "a"), ("k", "3"), ("k", "4")], "given once"),
        ([("word", "a"), ("set", "2")], "set is a whole number from 0 to 1"),
        ([("word", "a"), ("file", "/etc/passwd")], "'file' is not one of: set, k, word, plus"),
    ],
)
def test_a_question_that_cannot_be_is_refused(pairs, told):
    with pytest.raises(SettingsError, match=told):
        asked_in(pairs, 2)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("from=a&to=b", AskedAlong(0, ("a",), ("b",), 2_000)),
        ("set=1&from=a&from=b&from=a&to=c&among=7", AskedAlong(1, ("a", "b"), ("c",), 7)),
        ("from=a&to=a&among=100000000", AskedAlong(0, ("a",), ("a",), 100_000_000)),
    ],
)
def test_a_question_about_a_way_is_understood(query, asked):
    assert asked_along_in([tuple(pair.split("=")) for pair in query.split("&")], 2) == asked


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([], "a word or more at both ends: from and to"),
        ([("from", "a")], "a word or more at both ends"),
        ([("to", "a")], "a word or more at both ends"),
        ([("from", "a"), ("to", "")], "a word has 1 to 500 characters, not 0"),
        ([("from", "a"), ("to", "b" * 501)], "a word has 1 to 500 characters, not 501"),
        ([("from", "a")] * 50 + [("to", "b")], r"give 1 to 50 words \(from, to\), not 51"),
        ([("from", "a"), ("to", "b"), ("among", "0")], "among is a whole number from 1"),
        ([("from", "a"), ("to", "b"), ("among", "all")], "among is a whole number"),
        ([("from", "a"), ("to", "b"), ("among", "1"), ("among", "2")], "given once"),
        ([("from", "a"), ("to", "b"), ("set", "2")], "set is a whole number from 0 to 1"),
        ([("from", "a"), ("to", "b"), ("word", "c")], "'word' is not one of: set, among, from, to"),
    ],
)
def test_a_question_about_no_way_is_refused(pairs, told):
    with pytest.raises(SettingsError, match=told):
        asked_along_in(pairs, 2)


@pytest.mark.parametrize("among", [1, 50, 200, 1_000])
def test_words_lie_along_a_way_by_their_cosine_with_the_difference_of_its_ends(shown, among):
    found = looked_up_along([shown], AskedAlong(0, ("w1", "w2"), ("w3",), among))
    unit = shown.vectors.unit
    direction = unit[3] - (unit[1] + unit[2]) / 2
    expected = (unit @ (direction / np.linalg.norm(direction)))[:among]
    assert_close(cosines_along(shown, found), expected, FLOAT32)


def test_only_words_that_are_shown_lie_along_a_way():
    rare_first = skipgram.WordVectors.from_arrays(["b", "c", "a"], np.eye(3), [2, 1, 3])
    shown = ShownWords(rare_first, 2)
    found = looked_up_along([shown], AskedAlong(0, ("c",), ("a",), 9))
    assert_close(cosines_along(shown, found), [0.5**0.5, 0], FLOAT32)


def test_a_way_from_a_word_to_itself_is_none(shown):
    with pytest.raises(SkipgramError, match="there is no way between them"):
        looked_up_along([shown], AskedAlong(0, ("w1", "w2"), ("w2", "w1"), 3))


def test_what_is_spelled_and_what_cannot_be_is_told():
    shown = ShownWords(spelled_vectors())
    known, spelled, unknown = shown.words[0], "lamirotamix", "字"
    assert looked_up([shown], Asked(0, (known,), (spelled,), 3)).notes.spelled == (spelled,)
    along = AskedAlong(0, (spelled,), (known,), 3)
    assert looked_up_along([shown], along).notes.spelled == (spelled,)
    asked = Asked(0, (known, unknown), (spelled, unknown, unknown + "!"), 3)
    with pytest.raises(UnknownWordError):
        looked_up([shown], asked)
    assert without_vectors([shown], asked) == [unknown, unknown + "!"]


def test_a_word_is_looked_up_in_the_form_of_the_training():
    shown = ShownWords(grouped_vectors(words=20))
    asked = Asked(0, ("W3",), (), 3)
    assert looked_up([shown], asked).notes.read_as == (("W3", "w3"),)
    assert without_vectors([shown], asked) == []


def test_words_without_a_vector_are_told_with_similar_ones(shown):
    with pytest.raises(UnknownWordError) as unknown:
        looked_up([shown], Asked(0, ("w2000",), (), 3))
    assert "w200" in unknown.value.suggestions or "w20" in unknown.value.suggestions
    with pytest.raises(SkipgramError, match="add up to zero"):
        looked_up([shown], Asked(0, ("w1",), ("w1",), 3))


def test_those_who_wait_are_answered_together():
    begun, may_go, batches = threading.Event(), threading.Event(), []

    def answer(subject, asked):
        batches.append((subject, list(asked)))
        begun.set()
        may_go.wait(10)
        return [-number for number in asked]

    async def ask_all():
        asking = Batches(answer)
        first = asyncio.create_task(asking.ask(0, 1))
        while not begun.is_set():
            await asyncio.sleep(0.001)
        others = [asyncio.create_task(asking.ask(number % 2, number)) for number in range(2, 8)]
        await asyncio.sleep(0)
        others[0].cancel()
        may_go.set()
        return [await first, *(await asyncio.gather(*others[1:]))]

    assert asyncio.run(ask_all()) == [-1, -3, -4, -5, -6, -7]
    assert batches == [(0, [1]), (0, [4, 6]), (1, [3, 5, 7])] or batches == [
        (0, [1]),
        (1, [3, 5, 7]),
        (0, [4, 6]),
    ]


def test_an_error_reaches_those_who_asked_and_the_next_are_answered():
    def answer(subject, asked):
        if 0 in asked:
            raise ZeroDivisionError
        return [1 / number for number in asked]

    async def ask():
        asking = Batches(answer)
        with pytest.raises(ZeroDivisionError):
            await asking.ask(0, 0)
        return await asking.ask(0, 2)

    assert asyncio.run(ask()) == 0.5


def test_too_many_who_wait_are_sent_away(monkeypatch):
    monkeypatch.setattr("skipgram.explorer.batches.MOST_WAITING", 3)

    async def ask():
        asking = Batches(lambda subject, asked: list(asked))
        waiting = [asyncio.create_task(asking.ask(0, number)) for number in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await asking.ask(0, 4)
        return await asyncio.gather(*waiting)

    assert asyncio.run(ask()) == [0, 1, 2]

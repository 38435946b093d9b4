"""A page without rows asks its server, skipgram's own, and nobody else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.chromium import NO_WEBGL, PROGRAM, Tab, opened_tab
from helpers.explorer_page import made_vectors, mapped_at_once, spelled_vectors
from helpers.explorer_visits import SHORT_NAMES, asked, heading_becomes, neighbors_shown, texts
from helpers.served_pages import served
from skipgram.explorer import server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM, reason="needs Chromium (Debian's package: chromium)"),
]

Visit = Callable[..., Tab]


@pytest.fixture(scope="module")
def visit() -> Iterator[Visit]:
    """Opens the page that a server makes of some vectors, whose rows it keeps."""
    with pytest.MonkeyPatch.context() as patched, ExitStack() as opened:
        patched.setattr(server, "mapped_sets", mapped_at_once)
        tab = opened.enter_context(opened_tab(*NO_WEBGL))

        def visit(
            vectors: skipgram.WordVectors, hash_: str = "", *, with_rows: bool = False
        ) -> Tab:
            patched.setattr(server, "MOST_BYTES_WITH_ROWS", 10**7 if with_rows else 0)
            at = opened.enter_context(served(vectors))
            tab.renew()
            tab.prefer(prefers_reduced_motion="reduce")
            tab.open(at.url + hash_)
            tab.run(SHORT_NAMES)
            assert tab.run("app.set.hasRows") is with_rows
            return tab

        yield visit


@pytest.fixture(scope="module")
def royal() -> skipgram.WordVectors:
    return made_vectors(300, 20)[0]


def test_neighbors_come_from_the_server(visit: Visit, royal: skipgram.WordVectors) -> None:
    tab = visit(royal)
    address = tab.run("location.href.split('#')[0]")
    for text, plus, minus in (
        ("king", ["king"], []),
        ("king - woman + boy", ["king", "boy"], ["woman"]),
        ("+", ["+"], []),
    ):
        asked(tab, text)
        expected = royal.most_similar(plus, minus, 15)
        shown = neighbors_shown(tab)
        assert [word for word, _ in shown] == [tab_shows(tab, word) for word, _ in expected]
        np.testing.assert_allclose([c for _, c in shown], [c for _, c in expected], atol=0.00051)
    assert {url.split("?")[0].split("#")[0] for url in tab.requests} == {
        address,
        address + "api/neighbors",
    }
    assert tab.faults == []


def tab_shows(tab: Tab, word: str) -> str:
    return str(tab.run(f"Explorer.visible({word!r})"))


def test_an_address_that_is_opened_before_the_map_is_there_shows_what_it_asks_for(
    royal: skipgram.WordVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go = threading.Event()

    def waits(*given: Any, **options: Any) -> Any:
        assert may_go.wait(20)
        return mapped_at_once(*given, **options)

    monkeypatch.setattr(server, "mapped_sets", waits)
    with served(royal) as at, opened_tab(*NO_WEBGL) as tab:
        tab.send("Page.navigate", url=at.url + "#q=king")
        tab.wait("document.body?.textContent.includes('Preparing the map')")
        may_go.set()
        tab.wait("document.querySelector('#asked')?.textContent === 'king'")
        assert tab.faults == []


def test_what_the_server_cannot_answer_is_said(visit: Visit, royal: skipgram.WordVectors) -> None:
    tab = visit(royal)
    asked(tab, f"word{300 - 27}")  # its vector is zero
    assert texts(tab, "#tables p") == [
        f"'word{300 - 27}' cannot be compared: a vector of zeros has no direction"
    ]


@pytest.mark.parametrize("among", ["500", "all", "list"])
def test_an_axis_is_ranked_by_the_server(
    visit: Visit, royal: skipgram.WordVectors, among: str
) -> None:
    around = "&list=" + "-9,-9;10010,-9;10010,10010;-9,10010"
    tab = visit(royal, f"#tab=axis&from=he+man&to=she+woman&among={among}{around}")
    tab.wait("!$('#axis-answer').hidden")
    units = royal.unit
    at = [units[royal.words.index(word)] for word in ("he", "man", "she", "woman")]
    direction = (at[2] + at[3] - at[0] - at[1]) / 2
    along = units @ (direction / np.linalg.norm(direction))
    order = np.argsort(along)
    for number, expected in ((1, order[:12]), (2, order[::-1][:12])):
        column = f"#axis-tables > div:nth-child({number}) li"
        shown = texts(tab, f"{column} bdi")
        assert shown == [tab_shows(tab, royal.words[place]) for place in expected]
        cosines = [float(text) for text in texts(tab, f"{column} .number")]
        np.testing.assert_allclose(cosines, along[expected], atol=0.0051)


def test_an_axis_whose_ends_are_the_same_has_no_way(
    visit: Visit, royal: skipgram.WordVectors
) -> None:
    tab = visit(royal, "#tab=axis&from=he&to=he")
    tab.wait("$('#axis-missing').textContent.includes('there is no way between them')")


@pytest.mark.parametrize("with_rows", [True, False])
def test_an_unknown_word_is_spelled_by_the_server(visit: Visit, with_rows: bool) -> None:
    vectors = spelled_vectors()
    tab = visit(vectors, with_rows=with_rows)
    asked(tab, vectors.words[3])
    assert any("api" in url for url in tab.requests) is not with_rows
    word = "lamirotamix"
    assert word not in vectors
    asked(tab, word)
    expected = vectors.most_similar(word, k=15)
    shown = neighbors_shown(tab)
    assert [found for found, _ in shown] == [found for found, _ in expected]
    np.testing.assert_allclose([c for _, c in shown], [c for _, c in expected], atol=0.00051)
    assert tab.text("#missing").startswith(
        f"{word} is not in the vocabulary of vectors; its vector is made from the spelling."
    )
    tab.run(f"app.go({{tab: 'axis', from: '{word}', to: '{vectors.words[3]}'}})")
    tab.wait("!$('#axis-answer').hidden")
    assert "made from the spelling" in tab.text("#axis-missing")


def test_a_word_that_not_even_the_server_can_spell_leaves_the_rest_of_its_sum(
    visit: Visit,
) -> None:
    vectors = spelled_vectors()
    known, spelled = vectors.words[3], "lamirotamix"
    tab = visit(vectors, f"#q={known}+%2B+%E5%AD%97+-+{spelled}")
    heading_becomes(tab, f"{known} − {spelled}")
    assert neighbors_shown(tab)
    told = texts(tab, "#missing p")
    assert "shares no n-gram with a word of it" in told[0]
    assert [text.split(" is not")[0] for text in told] == ["字", spelled]
    assert tab.faults == [
        "Failed to load resource: the server responded with a status of 404 (Not Found)"
    ]

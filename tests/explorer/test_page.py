"""The explorer's page in headless Chromium, from the disk: with WebGL in software, and without WebGL."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest

from helpers.chromium import NO_WEBGL, PROGRAM, WEBGL, Tab, opened_tab
from helpers.explorer_page import eight_bit, made_page, made_sets, plane

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM, reason="needs Chromium (Debian's package: chromium)"),
]
COUNT, DIM = 3000, 20


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("pages")
    return {
        sets: made_page(folder / f"{sets}.html", count=COUNT, dim=DIM, sets=sets) for sets in (1, 2)
    }


@pytest.fixture(scope="module", params=["webgl", "canvas"])
def browser(request: pytest.FixtureRequest) -> Iterator[tuple[Tab, str]]:
    with opened_tab(*(WEBGL if request.param == "webgl" else NO_WEBGL)) as tab:
        yield tab, request.param


@pytest.fixture
def visit(browser: tuple[Tab, str], pages: dict[int, Path]) -> Iterator[Any]:
    """Opens a page at a hash; afterwards nothing was asked of any server and nothing failed."""
    tab, painter = browser
    tab.renew()
    tab.prefer(prefers_reduced_motion="reduce", prefers_color_scheme="light")
    visited: list[str] = []

    def visit(hash_: str = "", sets: int = 1) -> Tab:
        visited.append(pages[sets].as_uri())
        tab.send("Page.navigate", url="about:blank")
        tab.open(pages[sets].as_uri() + hash_)
        assert tab.run("Explorer.app.map.element.dataset.painter") == painter
        return tab

    yield visit
    tab.run("1")  # what the browser still had to say is read with the answer
    assert [url.split("#")[0] for url in tab.requests if url != "about:blank"] == visited
    assert tab.faults == []


def asked(tab: Tab, text: str) -> None:
    """Types a question and waits for its answer; signs are told as the page shows them."""
    tab.click_on("#query")
    tab.run("document.querySelector('#query').select()")
    tab.type(text)
    tab.key("Escape")
    tab.key("Enter")
    shown = text.replace(" - ", " − ")
    tab.wait(f"document.querySelector('#asked').textContent === {shown!r}")


def neighbors_shown(tab: Tab, table: int = 0) -> list[tuple[str, float]]:
    rows = tab.run(
        f"[...document.querySelectorAll('#tables table')[{table}].querySelectorAll('tbody tr')]"
        ".map(row => [row.querySelector('bdi').textContent, row.querySelector('.number').textContent])"
    )
    return [(word, float(cosine)) for word, cosine in rows]


def unit_rows(number: int = 0) -> tuple[list[str], np.ndarray]:
    words, rows = made_sets(COUNT, DIM)[number]
    small, scales = eight_bit(rows)
    return words, small * scales[:, None]


def shown_places(number: int = 0) -> np.ndarray:
    return plane(made_sets(COUNT, DIM)[number][1]) / 65535


def exact_neighbors(terms: dict[str, int], k: int = 15, number: int = 0) -> list[tuple[str, float]]:
    words, units = unit_rows(number)
    query = sum(sign * units[words.index(word)] for word, sign in terms.items())
    cosines = units @ (query / np.linalg.norm(query))
    best = [place for place in np.argsort(-cosines) if words[place] not in terms][:k]
    return [(words[place], float(cosines[place])) for place in best]


def heading_becomes(tab: Tab, text: str) -> None:
    tab.wait(f"document.querySelector('#asked').textContent === {text!r}")


def test_typing_completes_words_and_the_chosen_one_is_answered(visit: Any) -> None:
    tab = visit()
    tab.click_on("#query")
    tab.type("prin")
    options = tab.run("[...document.querySelectorAll('#query-options li')].map(e => e.textContent)")
    assert options == ["prince", "princess"]
    tab.key("ArrowDown")
    tab.key("ArrowDown")
    assert (
        tab.run("document.activeElement.getAttribute('aria-activedescendant')") == "query-options-1"
    )
    tab.key("Enter")
    heading_becomes(tab, "princess")
    assert tab.run("new URLSearchParams(location.hash.slice(1)).get('q')") == "princess"


def test_completions_come_by_prefix_then_from_anywhere_the_frequent_first(visit: Any) -> None:
    words = visit().run(
        "Explorer.completions(Explorer.app.set, 'man', 4).map(i => Explorer.app.set.words[i])"
    )
    assert words == ["man", "woman"]


@pytest.mark.parametrize("terms", [{"king": 1}, {"word77": 1}, {"king": 1, "man": -1, "woman": 1}])
def test_neighbors_are_the_exact_ones_of_the_8_bit_rows(visit: Any, terms: dict[str, int]) -> None:
    tab = visit()
    text = " ".join(f"{'+' if sign > 0 else '-'} {word}" for word, sign in terms.items())[2:]
    asked(tab, text)
    shown, exact = neighbors_shown(tab), exact_neighbors(terms)
    assert [word for word, _ in shown] == [word for word, _ in exact]
    np.testing.assert_allclose([c for _, c in shown], [c for _, c in exact], atol=0.00051)


def test_king_less_man_and_woman_is_queen(visit: Any) -> None:
    tab = visit()
    asked(tab, "king - man + woman")
    assert neighbors_shown(tab)[0][0] == "queen"
    assert "queen" in tab.wait("document.querySelector('#live').textContent")


def test_a_click_on_a_neighbor_goes_on_and_back_and_forward_work(visit: Any) -> None:
    tab = visit("#q=king")
    first = neighbors_shown(tab)[0][0]
    before = tab.run("Explorer.app.map.camera.view")
    tab.wait("new URLSearchParams(location.hash.slice(1)).get('view')")
    tab.click_on("#tables a.word")
    heading_becomes(tab, first)
    assert tab.run("Explorer.app.map.camera.view") != before
    tab.run("history.back()")
    heading_becomes(tab, "king")
    tab.wait(f"Math.abs(Explorer.app.map.camera.x - {before['x']}) < 1e-3")
    tab.run("history.forward()")
    heading_becomes(tab, first)


def test_the_map_flies_to_a_word_and_marks_its_neighbors(visit: Any) -> None:
    tab = visit()
    tab.prefer(prefers_reduced_motion="no-preference")
    asked(tab, "king")
    tab.wait("Explorer.app.map.camera.flight !== 0 || Explorer.app.map.camera.zoom > 1")
    tab.wait("Explorer.app.map.camera.flight === 0")
    x, y = shown_places()[0]
    view = tab.run("Explorer.app.map.camera.view")
    assert (view["x"], view["y"]) == pytest.approx((x, y), abs=1e-4)
    marked = tab.run("Explorer.app.map.marks.near.map(i => Explorer.app.set.words[i])")
    assert marked == [word for word, _ in exact_neighbors({"king": 1})]


def test_where_motion_is_unwelcome_the_map_is_there_at_once(visit: Any) -> None:
    tab = visit()
    tab.run("Explorer.app.map.camera.fly({x: 0.25, y: 0.75, zoom: 9})")
    assert tab.run("Explorer.app.map.camera.view") == {"x": 0.25, "y": 0.75, "zoom": 9}


def test_an_axis_ranks_words_from_one_end_to_the_other(visit: Any) -> None:
    tab = visit("#tab=axis")
    tab.click_on("#axis-from")
    tab.type("he man")
    tab.key("Escape")
    tab.click_on("#axis-to")
    tab.type("she woman")
    tab.key("Escape")
    tab.key("Enter")
    tab.wait("!document.querySelector('#axis-answer').hidden")
    words, units = unit_rows()
    at = [units[words.index(word)] for word in ("he", "man", "she", "woman")]
    along = units[:2000] @ (at[2] + at[3] - at[0] - at[1])
    order = np.argsort(along)
    for number, expected in ((0, order[:12]), (1, order[::-1][:12])):
        shown = tab.run(
            f"[...document.querySelectorAll('#axis-tables > div')[{number}].querySelectorAll('li bdi')].map(e => e.textContent)"
        )
        assert shown == [words[place] for place in expected]
    assert "axis from he man to she woman" in tab.run(
        "document.querySelector('#strip').getAttribute('aria-label')"
    )
    assert tab.run(
        "document.querySelector('#strip').getContext('2d').getImageData(0, 0, 300, 90).data.some(x => x)"
    )


def test_the_wheel_zooms_about_the_cursor_and_the_buttons_about_the_middle(visit: Any) -> None:
    tab = visit()
    x, y, box = 900, 300, tab.run("document.querySelector('#map').getBoundingClientRect().x")
    place = f"Explorer.app.map.camera.toPlace({x} - {box}, {y})"
    before = tab.run(place)
    tab.mouse("mouseWheel", x, y, deltaX=0, deltaY=-400)
    tab.wait("Explorer.app.map.camera.zoom > 1.5")
    assert tab.run(place) == pytest.approx(before, abs=1e-6)
    zoom = tab.run("Explorer.app.map.camera.zoom")
    tab.click_on("#zoom-out")
    assert tab.run("Explorer.app.map.camera.zoom") == pytest.approx(zoom / 1.6)
    tab.click_on("#show-all")
    assert tab.run("Explorer.app.map.camera.view") == {"x": 0.5, "y": 0.5, "zoom": 1}


def test_dragging_moves_the_map_and_a_click_opens_a_word(visit: Any) -> None:
    tab = visit()
    tab.mouse("mousePressed", 800, 400, button="left", clickCount=1)
    tab.mouse("mouseMoved", 860, 430, button="left")
    tab.mouse("mouseReleased", 860, 430, button="left", clickCount=1)
    view = tab.run("[Explorer.app.map.camera.x, Explorer.app.map.camera.scale]")
    assert view[0] == pytest.approx(0.5 - 60 / view[1], abs=1e-6)
    tab.run(
        "Explorer.app.map.camera.set({...Explorer.app.map.camera.view, zoom: 40, x: Explorer.app.map.place(0)[0], y: Explorer.app.map.place(0)[1]})"
    )
    x, y = tab.run(
        "(box => { const [x, y] = Explorer.app.map.camera.toScreen(...Explorer.app.map.place(0)); return [box.x + x, box.y + y]; })"
        "(document.querySelector('#map').getBoundingClientRect())"
    )
    tab.click(x + 2, y + 2)
    heading_becomes(tab, "king")


def test_a_lasso_lists_the_words_inside_it(visit: Any) -> None:
    tab = visit()
    box = tab.run("document.querySelector('#map').getBoundingClientRect().x")
    corners = [(700, 250), (950, 250), (950, 500), (700, 500)]
    tab.click_on("#lasso")
    assert tab.run("document.querySelector('#lasso').getAttribute('aria-pressed')") == "true"
    tab.mouse("mousePressed", *corners[0], button="left", clickCount=1)
    for x, y in [*corners[1:], corners[0]]:
        tab.mouse("mouseMoved", x, y, button="left")
    tab.mouse("mouseReleased", *corners[0], button="left", clickCount=1)
    tab.wait("!document.querySelector('#list-answer').hidden")
    listed = tab.run("document.querySelector('#listed').value").split("\n")
    low, high = (
        tab.run(f"Explorer.app.map.camera.toPlace({x} - {box}, {y})")
        for x, y in ((700, 500), (950, 250))
    )
    words, _ = made_sets(COUNT, DIM)[0]
    places = shown_places()
    margin = 2e-4  # the address keeps four digits of a corner
    surely = np.all((places > np.add(low, margin)) & (places < np.subtract(high, margin)), axis=1)
    perhaps = np.all((places > np.subtract(low, margin)) & (places < np.add(high, margin)), axis=1)
    plain = {word for word in listed if word.startswith("word")}
    assert {
        w for w, is_in in zip(words, surely, strict=True) if is_in and w.startswith("word")
    } <= plain
    assert plain <= {w for w, is_in in zip(words, perhaps, strict=True) if is_in}
    assert len(plain) > 50
    assert tab.run("document.querySelector('#lasso').getAttribute('aria-pressed')") == "false"


def test_two_sets_stand_beside_each_other_with_their_differences_marked(visit: Any) -> None:
    tab = visit("#q=word77", sets=2)
    tab.wait("document.querySelectorAll('#tables table').length === 2")
    exact = [exact_neighbors({"word77": 1}, number=number) for number in (0, 1)]
    for number in (0, 1):
        here, there = ({word for word, _ in one} for one in (exact[number], exact[1 - number]))
        shown = [word for word, _ in neighbors_shown(tab, number)]
        assert shown == [word for word, _ in exact[number]]
        marked = tab.run(
            f"[...document.querySelectorAll('#tables table')[{number}].querySelectorAll('.only-here bdi')].map(e => e.textContent)"
        )
        assert set(marked) == here - there
        assert marked, "two sets that agree wholly test nothing"
    assert tab.text("#shared").startswith(
        f"{len({w for w, _ in exact[0]} & {w for w, _ in exact[1]})} of 15"
    )


def test_a_word_of_one_set_alone_is_answered_there_and_offered_spellings_elsewhere(
    visit: Any,
) -> None:
    tab = visit("#q=word14", sets=2)  # the 40th word: one of ten that the second set lacks
    heading_becomes(tab, "word14")
    assert len(neighbors_shown(tab)) == 15
    assert "no word word14 in second" in tab.text("#missing")
    assert tab.text("#tables .nothing p") == "Not in this set."


def test_the_slider_moves_words_between_the_places_of_two_sets(visit: Any) -> None:
    tab = visit("#q=king", sets=2)
    places = [shown_places(number)[0] for number in (0, 1)]
    for mix, number in ((0.0, 0), (0.5, None), (1.0, 1)):
        tab.run(
            f"(s => {{ s.value = {mix}; s.dispatchEvent(new Event('input')); s.dispatchEvent(new Event('change')); }})(document.querySelector('#mix'))"
        )
        expected = places[number] if number is not None else (places[0] + places[1]) / 2
        assert tab.run("Explorer.app.map.place(0)") == pytest.approx(expected.tolist(), abs=1e-4)
    assert tab.run("Explorer.app.set.name") == "second"
    assert "mix=1" in tab.run("location.hash")


def test_the_hash_restores_all_that_was_shown(visit: Any) -> None:
    hash_ = (
        "#q=king+-+man&tab=axis&k=25&color=column-1&view=0.4000%2C0.6000%2C3.000&from=he&to=she&among=500"
        "&list=1000%2C1000%3B9000%2C1000%3B9000%2C9000%3B1000%2C9000"
    )
    tab = visit(hash_)
    tab.wait("!document.querySelector('#axis-answer').hidden")
    assert tab.text("#asked") == "king − man"
    assert len(neighbors_shown(tab)) == 25
    assert tab.run("Explorer.app.map.camera.view") == {"x": 0.4, "y": 0.6, "zoom": 3}
    assert tab.run("['color', 'k', 'axis-from', 'axis-to', 'axis-among'].map(id => document.getElementById(id).value)") == [
        "column-1", "25", "he", "she", "500",
    ]  # fmt: skip
    assert tab.run("Explorer.app.listed.length") > 100
    assert tab.run("document.querySelector('#tab-axis').getAttribute('aria-selected')") == "true"
    assert (
        tab.run("new URLSearchParams(location.hash.slice(1)).get('view')") == "0.4000,0.6000,3.000"
    )


@pytest.mark.parametrize(
    "hash_",
    [
        "#view=a,b,c",
        "#k=-3&q=king",
        "#mix=zz&tab=nowhere",
        "#list=1,2;x",
        "#q=%E0%A4%A",
        "#color=nothing&among=x&tab=axis&from=he&to=she",
    ],
)
def test_a_mangled_hash_shows_a_page_all_the_same(visit: Any, hash_: str) -> None:
    tab = visit(hash_)
    assert tab.run(
        "document.querySelector('.failure') === null && Explorer.app.map.camera.zoom > 0"
    )


def test_an_unknown_word_is_offered_the_nearest_spellings(visit: Any) -> None:
    tab = visit("#q=qeeun")
    tab.wait("!document.querySelector('#missing').hidden")
    assert tab.text("#missing a.word") == "queen"
    tab.click_on("#missing a.word")
    heading_becomes(tab, "queen")


def test_an_unknown_word_in_a_sum_keeps_the_rest_and_is_replaced_alone(visit: Any) -> None:
    tab = visit("#q=" + quote("king - mna + woman"))
    heading_becomes(tab, "king + woman")
    tab.click_on("#missing a.word")
    heading_becomes(tab, "king − man + woman")


def test_hostile_words_are_shown_as_they_are_and_do_nothing(visit: Any) -> None:
    tab = visit()
    scripts = tab.run("document.scripts.length")
    for place in range(10, 26):
        tab.run(f"Explorer.app.go({{q: Explorer.app.set.words[{place}], tab: 'neighbours'}})")
        assert tab.run(f"Explorer.app.answers[0].terms.map(t => t.id).join() === '{place}'"), place
        assert tab.run(
            f"document.querySelector('#asked bdi').textContent === Explorer.visible(Explorer.app.set.words[{place}])"
        )
        assert len(neighbors_shown(tab)) == 15
    for name in ("__proto__", "constructor", "hasOwnProperty"):
        tab.run(f"Explorer.app.go({{q: '{name}'}})")
    assert tab.run("window.broken === undefined && document.images.length === 0")
    assert tab.run("document.scripts.length") == scripts


def test_a_word_whose_vector_is_zero_has_no_neighbors(visit: Any) -> None:
    tab = visit(f"#q=word{COUNT - 27}")
    assert "zero" in tab.wait("document.querySelector('#tables').textContent")


def test_a_phone_shows_everything_without_scrolling_sideways(
    visit: Any, browser: tuple[Tab, str]
) -> None:
    browser[0].size(360, 740, is_phone=True)
    for hash_, sets in (
        ("#q=king", 2),
        ("#tab=axis&from=he&to=she", 1),
        ("#tab=list&list=1000,1000;9000,1000;9000,9000", 1),
    ):
        tab = visit(hash_, sets)
        assert tab.run("document.documentElement.scrollWidth") == 360
        hidden = tab.run(
            "[...document.querySelectorAll('button, input, select, textarea')].filter(e => { const b = e.getBoundingClientRect();"
            " return b.width && (b.left < 0 || b.right > 360); }).map(e => e.id || e.className)"
        )
        assert hidden == []


def test_everything_is_reached_by_the_keyboard_alone(visit: Any) -> None:
    tab = visit()
    focused = "(e => e.id || e.className)(document.activeElement)"

    def tab_to(name: str, limit: int = 40) -> None:
        for _ in range(limit):
            tab.key("Tab")
            if tab.run(focused) == name:
                return
        raise AssertionError(f"no way to {name} by the Tab key; at {tab.run(focused)}")

    tab.key("/")
    tab.type("king")
    tab.key("Escape")
    tab.key("Enter")
    heading_becomes(tab, "king")
    second = neighbors_shown(tab)[1][0]
    tab_to("word")
    tab.key("ArrowDown")
    tab.key("-")
    heading_becomes(tab, f"king − {second}")
    third = neighbors_shown(tab)[0][0]
    tab_to("word", 60)
    tab.key("Enter")
    heading_becomes(tab, third)
    tab_to("map", 60)
    before = tab.run("Explorer.app.map.camera.view")
    tab.key("ArrowRight")
    tab.key("+")
    after = tab.run("Explorer.app.map.camera.view")
    assert after["x"] > before["x"] and after["zoom"] == pytest.approx(1.5 * before["zoom"])
    assert "At the centre" in tab.wait(
        "document.querySelector('#live').textContent.includes('centre') && document.querySelector('#live').textContent"
    )
    word = tab.run("Explorer.app.set.words[Explorer.app.map.wordAtCentre()]")
    tab.key("Enter")
    heading_becomes(tab, word)
    tab.key("v")
    tab.wait(
        "!document.querySelector('#panel-list').hidden && document.querySelector('#listed').value"
    )
    tab_to("tab-list", 60)
    tab.key("ArrowLeft")
    assert tab.run(focused) == "tab-axis"
    assert tab.run("document.querySelector('#panel-list').hidden")


@pytest.mark.parametrize("key", ["cluster", "frequency", "column-0", "column-1", "none"])
def test_every_coloring_paints_points_in_both_themes(visit: Any, key: str) -> None:
    tab = visit(f"#color={key}")
    for theme in ("light", "dark"):
        tab.prefer(prefers_reduced_motion="reduce", prefers_color_scheme=theme)
        tab.wait(f"Explorer.isDark() === {'true' if theme == 'dark' else 'false'}")
        painted = tab.run(
            "(map => { map.paint(); const made = document.createElement('canvas'); const shown = map.element.querySelector('canvas.points');"
            " made.width = shown.width; made.height = shown.height; const c = made.getContext('2d'); c.drawImage(shown, 0, 0);"
            " const seen = new Set(); let count = 0; const d = c.getImageData(0, 0, made.width, made.height).data;"
            " for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 150) { count++; seen.add([d[i] >> 4, d[i + 1] >> 4, d[i + 2] >> 4].join()); }"
            " return [count, seen.size]; })(Explorer.app.map)"
        )
        assert painted[0] > COUNT / 2, "the points are painted"
        assert painted[1] >= (1 if key == "none" else 3), "in the colours of their groups"


def test_a_page_that_loses_its_graphics_goes_on_in_two_dimensions(
    visit: Any, browser: tuple[Tab, str]
) -> None:
    if browser[1] == "canvas":
        pytest.skip("there is no WebGL to lose")
    tab = visit("#q=king")
    tab.run("Explorer.app.map.painter.gl.getExtension('WEBGL_lose_context').loseContext()")
    tab.wait("Explorer.app.map.element.dataset.painter === 'canvas'")
    tab.wait(
        "document.querySelector('canvas.points').getContext('2d').getImageData(0, 0, 900, 800).data.some(x => x)"
    )
    asked(tab, "queen")


def test_400000_words_are_searched_within_150_ms(visit: Any) -> None:
    taken = visit().run(
        "(() => { const set = {length: 400000, dim: 50, rows: new Int8Array(2e7).map((_, i) => (i * 7919) % 255 - 127),"
        " scales: new Float32Array(400000).fill(0.001), words: []};"
        " const times = []; for (let i = 0; i < 5; i++) { const began = performance.now();"
        " Explorer.nearest(set, [{id: i, sign: 1}], 15); times.push(performance.now() - began); } return Math.min(...times); })()"
    )
    assert taken < 150

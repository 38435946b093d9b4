"""The page by keyboard alone, on a phone, with words that are hostile."""

import html
from pathlib import Path

import numpy as np
import pytest

import skipgram
from helpers.chromium import Tab
from helpers.explorer_page import page_of
from helpers.explorer_visits import SHORT_NAMES, Visit, heading_becomes, neighbors_shown, texts
from skipgram.explorer import template

pytestmark = pytest.mark.slow
FROM_THE_DISK = pytest.mark.parametrize(
    "browser", ["webgl", "canvas"], indirect=True, scope="module"
)


def test_hostile_words_are_shown_as_they_are_and_do_nothing(visit: Visit) -> None:
    tab = visit()
    for place in range(10, 26):
        tab.run(f"app.go({{q: app.set.words[{place}], tab: 'neighbours'}})")
        assert tab.run(f"app.answers[0].terms.map(t => t.id).join() === '{place}'"), place
        assert tab.run(f"$('#asked bdi').textContent === Explorer.visible(app.set.words[{place}])")
        assert len(neighbors_shown(tab)) == 15
    for name in ("__proto__", "constructor", "hasOwnProperty"):
        tab.run(f"app.go({{q: '{name}'}})")
    assert tab.run("window.broken === undefined && document.images.length === 0")
    own = (template.FOLDER / template.SCRIPTS).read_text().split()
    tab.wait(f"document.scripts.length === 1 + {len(own)}")  # what it is about, and its own


def test_a_phone_shows_everything_without_scrolling_sideways(
    visit: Visit, browser: tuple[Tab, str]
) -> None:
    browser[0].size(360, 740, is_phone=True)
    for hash_, sets in (
        ("#q=king", 2),
        ("#tab=axis&from=he&to=she", 1),
        ("#tab=list&list=1000,1000;9000,1000;9000,9000", 1),
    ):
        tab = visit(hash_, sets)
        assert tab.run("document.documentElement.scrollWidth") == 360
        hidden = tab.run("""$$('button, input, select, textarea').filter(element => {
            const box = element.getBoundingClientRect();
            return box.width && (box.left < 0 || box.right > 360);
        }).map(element => element.id || element.className)""")
        assert hidden == []


def test_everything_is_reached_by_the_keyboard_alone(visit: Visit) -> None:
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
    before = tab.run("map.camera.view")
    tab.key("ArrowRight")
    tab.key("+")
    after = tab.run("map.camera.view")
    assert after["x"] > before["x"]
    assert after["zoom"] == pytest.approx(1.5 * before["zoom"])
    assert "At the centre" in tab.wait(
        "$('#live').textContent.includes('centre') && $('#live').textContent"
    )
    word = tab.run("app.set.words[map.wordAtCentre()]")
    tab.key("Enter")
    heading_becomes(tab, word)
    tab.key("v")
    tab.wait("!$('#panel-list').hidden && $('#listed').value")
    tab_to("tab-list", 60)
    tab.key("ArrowLeft")
    assert tab.run(focused) == "tab-axis"
    assert tab.run("$('#panel-list').hidden")


def test_words_of_the_other_direction_turn_nothing_around_them(visit: Visit) -> None:
    tab = visit("#color=cluster")
    for joined in texts(tab, "#legend .key bdi"):
        assert joined.count("\u2068") == joined.count("\u2069") == 3
    assert texts(tab, "#legend .key bdi")[2] == "\u2068\u202eright-to-left mark\u2069, " + (
        "\u2068line¶separator\u2069, \u2068שלום\u2069"
    )


def test_a_list_is_copied(visit: Visit) -> None:
    tab = visit("#tab=list&list=3000,3000;7000,3000;7000,7000;3000,7000")
    tab.click_on("#copy")
    assert tab.wait("$('#copied').textContent") == "Copied."
    words = tab.run("$('#listed').value").split("\n")
    assert len(words) > 100
    tab.click_on("#query")
    tab.send("Input.dispatchKeyEvent", type="keyDown", key="v", modifiers=2, commands=["paste"])
    pasted = tab.wait("$('#query').value")  # on one line, and no longer than a question may be
    assert pasted == " ".join(words)[: len(pasted)]
    assert len(pasted) > 400


@FROM_THE_DISK
@pytest.mark.parametrize("count", [1, 2])
def test_a_page_of_a_word_or_two_is_a_page(
    browser: tuple[Tab, str], tmp_path: Path, count: int
) -> None:
    tab, _ = browser
    words = ["only", "other"][:count]
    vectors = skipgram.WordVectors.from_arrays(words, np.eye(2, 4)[:count])
    page = page_of(tmp_path / "small.html", vectors, places=np.zeros((count, 2), np.float32))
    tab.renew()
    tab.open(page.as_uri() + "#q=only&color=frequency")
    tab.run(SHORT_NAMES)
    if count == 1:
        assert texts(tab, "#tables p") == ["There are no other words."]
    else:
        assert neighbors_shown(tab) == [("other", 0.0)]
    assert tab.faults == []


@FROM_THE_DISK
@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-scripts"'])
def test_the_page_works_within_the_frame_of_a_notebook(
    browser: tuple[Tab, str], pages: dict[int, Path], tmp_path: Path, sandbox: str
) -> None:
    tab, _ = browser
    told = "<script>addEventListener('message', event => { window.told = event.data })</script>"
    # The frame speaks for itself: a sandbox keeps the test out.
    spy = """<script>
        const wait = ms => new Promise(resolve => setTimeout(resolve, ms));
        addEventListener("load", async () => {
            await Explorer.app.go({ q: "king" });
            await wait(600); // the view is kept by then
            await Explorer.app.go({ q: "queen" });
            await wait(600);
            history.back();
            await wait(600);
            parent.postMessage(document.querySelector("#asked").textContent, "*");
        });
    </script>"""
    page = pages[1].read_text(encoding="utf-8")
    policy = page[page.index('<meta http-equiv="Content') :].partition(">")[0] + ">"
    framed = html.escape(page.replace(policy, "") + spy)
    file = tmp_path / "notebook.html"
    file.write_text(f"{told}<iframe {sandbox} width=900 height=600 srcdoc='{framed}'></iframe>")
    tab.renew()
    tab.prefer(prefers_reduced_motion="reduce")
    tab.send("Page.navigate", url=file.as_uri())
    assert tab.wait("window.told") == "king"
    assert tab.faults == []

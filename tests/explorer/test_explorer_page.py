"""A page in a notebook: in a frame that its words cannot leave, and in a file if it is saved."""

import sys
from functools import partial
from pathlib import Path

import pytest

import skipgram
from helpers.chromium import NO_WEBGL, PROGRAM, Tab, opened_tab
from helpers.explorer_pages import Page
from helpers.grouped_vectors import QUICK, grouped_vectors
from skipgram.errors import MissingExtraError, OutputExistsError, SettingsError, SkipgramError
from skipgram.explorer import page_file
from skipgram.explorer.preparing import mapped_sets
from skipgram.pipeline import exploring

pytest.importorskip("openTSNE")

TITLE = 'a "b" & <c>'


@pytest.fixture(autouse=True)
def quick_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exploring, "mapped_sets", partial(mapped_sets, settings=QUICK))


@pytest.fixture(scope="module")
def vectors() -> skipgram.WordVectors:
    words = ["</iframe>", '"', "&quot;", "&amp;amp;", "<script>", *map(str, range(35))]
    made = grouped_vectors(words=40)
    return skipgram.WordVectors.from_arrays(words, made.matrix, made.counts)


def test_a_notebook_shows_the_page_in_a_frame_without_its_origin(vectors):
    shown = vectors.explore(title=TITLE)
    (frame,) = (item for item in Page(shown._repr_html_()).elements)
    assert frame.tag == "iframe"
    assert frame.attributes["srcdoc"] == shown.html
    assert frame.attributes["sandbox"] == "allow-scripts"
    assert frame.attributes["title"] == f"{TITLE}: explorer of word vectors"
    assert Page(shown.html).about["sets"][0]["words"] == list(vectors.words)


def test_the_page_of_a_notebook_is_the_one_that_is_written(tmp_path, vectors):
    given = {"first_words": 30, "title": TITLE, "colors": {"length": {"</iframe>": 9}}}
    shown = vectors.explore(vectors, **given)
    written = skipgram.explore(vectors, vectors, tmp_path / "page.html", **given)
    assert shown.save(tmp_path / "saved.html").read_bytes() == written.read_bytes()
    with pytest.raises(OutputExistsError):
        shown.save(tmp_path / "saved.html")
    shown.save(tmp_path / "saved.html", overwrite=True)


def test_the_page_says_what_it_is_where_it_cannot_be_shown(vectors):
    assert repr(vectors.explore(first_words=9)) == "<ExplorerPage: 'vectors', 0.1 MB>"


def test_a_page_too_large_for_a_browser_is_refused_before_it_is_made(vectors, monkeypatch):
    monkeypatch.setattr(page_file, "MOST_BYTES", 1_000)
    with pytest.raises(SettingsError, match=r"show fewer words.*: first_words, or serve them all"):
        vectors.explore()


def test_too_few_words_are_refused(vectors):
    with pytest.raises(SkipgramError, match="a map needs 3 words or more; vectors has 2"):
        vectors.explore(first_words=2)


def test_a_missing_extra_says_what_to_install(vectors, monkeypatch):
    monkeypatch.setitem(sys.modules, "openTSNE", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'skipgram\[explore\]'"):
        vectors.explore()


def inside_the_frame(tab: Tab) -> None:
    """From now on the tab's commands are for the page in the frame."""
    tab.wait("document.readyState === 'complete'")
    found = tab.send("Target.getTargets")["targetInfos"]
    (frame,) = (target for target in found if target["type"] == "iframe")
    tab.session = None
    attached = tab.send("Target.attachToTarget", targetId=frame["targetId"], flatten=True)
    tab.session = attached["sessionId"]
    for domain in ("Runtime", "Network", "Log"):
        tab.send(f"{domain}.enable")
    tab.wait("window.Explorer?.app?.map.paints > 0")


@pytest.mark.slow
@pytest.mark.skipif(not PROGRAM, reason="needs Chromium (Debian's package: chromium)")
def test_in_a_browser_the_frame_asks_goes_on_and_goes_back(tmp_path: Path, vectors) -> None:
    notebook = tmp_path / "notebook.html"
    shown = vectors.explore(title=TITLE)._repr_html_()
    notebook.write_text(f"<!doctype html><meta charset=utf-8><h1>Notebook</h1>{shown}")
    asked = "document.querySelector('#asked').textContent"
    with opened_tab(*NO_WEBGL) as tab:
        tab.send("Page.navigate", url=notebook.as_uri())
        inside_the_frame(tab)
        assert tab.run("origin") == "null"
        assert tab.run("document.title").startswith(TITLE)
        for word in ("</iframe>", "&amp;amp;"):
            tab.run(f"(Explorer.app.go({{q: {word!r}}}), 1)")
            tab.wait(f"{asked} === {word!r}")
        assert tab.run("document.querySelectorAll('#tables tbody tr').length") == 15
        tab.run("(history.back(), 1)")
        tab.wait(f"{asked} === '</iframe>'")
        assert tab.requests in ([], [notebook.as_uri()])
        assert tab.faults == []

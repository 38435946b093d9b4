"""A browser with WebGL in software, and one without WebGL, that visit pages from the disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.chromium import NO_WEBGL, PROGRAM, WEBGL, Tab, opened_tab
from helpers.explorer_page import made_page
from helpers.explorer_visits import COUNT, DIM, SHORT_NAMES, Visit


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A page of one set, and one of two."""
    folder = tmp_path_factory.mktemp("pages")
    return {
        sets: made_page(folder / f"{sets}.html", count=COUNT, dim=DIM, sets=sets) for sets in (1, 2)
    }


@pytest.fixture(scope="module", params=["webgl", "canvas"])
def browser(request: pytest.FixtureRequest) -> Iterator[tuple[Tab, str]]:
    if not PROGRAM:
        pytest.skip("needs Chromium (Debian's package: chromium)")
    with opened_tab(*(WEBGL if request.param == "webgl" else NO_WEBGL)) as tab:
        yield tab, request.param


@pytest.fixture
def visit(browser: tuple[Tab, str], pages: dict[int, Path]) -> Iterator[Visit]:
    """Opens a page at a hash; afterwards nothing was asked of any server and nothing failed."""
    tab, painter = browser
    tab.renew()
    tab.prefer(prefers_reduced_motion="reduce", prefers_color_scheme="light")
    visited: list[str] = []

    def visit(hash_: str = "", sets: int = 1) -> Tab:
        visited.append(pages[sets].as_uri())
        tab.send("Page.navigate", url="about:blank")
        tab.open(pages[sets].as_uri() + hash_)
        tab.run(SHORT_NAMES)
        assert tab.run("map.element.dataset.painter") == painter
        return tab

    yield visit
    tab.run("1")  # what the browser still had to say is read with the answer
    assert [url.split("#")[0] for url in tab.requests if url != "about:blank"] == visited
    assert tab.faults == []

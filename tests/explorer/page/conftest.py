"""A browser with WebGL in software, and one without, that visit pages from the disk or a server."""

import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from helpers.chromium import NO_WEBGL, PROGRAM, WEBGL, Tab, opened_tab
from helpers.explorer_page import made_page, made_vectors, mapped_at_once
from helpers.explorer_visits import COUNT, DIM, SHORT_NAMES, Visit
from helpers.served_pages import served
from skipgram.explorer import server


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A page of one set, and one of two."""
    folder = tmp_path_factory.mktemp("pages")
    return {
        sets: made_page(folder / f"{sets}.html", count=COUNT, dim=DIM, sets=sets) for sets in (1, 2)
    }


@pytest.fixture(scope="session")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, str]]:
    """The same pages, served."""
    folders = [tmp_path_factory.mktemp("served") / name for name in ("first", "second")]
    for folder, vectors in zip(folders, made_vectors(COUNT, DIM), strict=True):
        vectors.save(folder)
    with pytest.MonkeyPatch.context() as patched, ExitStack() as opened:
        patched.setattr(server, "mapped_sets", mapped_at_once)
        found = {
            sets: opened.enter_context(served(*folders[:sets], title="made")).url for sets in (1, 2)
        }
        for address in found.values():
            while b"Preparing the map" in urllib.request.urlopen(address).read(1_000):
                time.sleep(0.1)
        yield found


@pytest.fixture(scope="module", params=["webgl", "canvas", "served", "served webgl"])
def browser(request: pytest.FixtureRequest) -> Iterator[tuple[Tab, str]]:
    """The browser, and what it has: WebGL or not, and pages from the disk; or from a server."""
    if not PROGRAM:
        pytest.skip("needs Chromium (Debian's package: chromium)")
    with opened_tab(*(WEBGL if "webgl" in request.param else NO_WEBGL)) as tab:
        yield tab, request.param


@pytest.fixture
def visit(
    browser: tuple[Tab, str], pages: dict[int, Path], request: pytest.FixtureRequest
) -> Iterator[Visit]:
    """Opens a page at a hash; afterwards nothing else was asked for and nothing failed."""
    tab, kind = browser
    at = {sets: page.as_uri() for sets, page in pages.items()}
    if "served" in kind:
        at = request.getfixturevalue("addresses")
    tab.renew()
    tab.prefer(prefers_reduced_motion="reduce", prefers_color_scheme="light")
    visited: list[str] = []

    def visit(hash_: str = "", sets: int = 1) -> Tab:
        visited.append(at[sets])
        tab.send("Page.navigate", url="about:blank")
        tab.open(at[sets] + hash_)
        tab.run(SHORT_NAMES)
        assert tab.run("map.element.dataset.painter") == ("webgl" if "webgl" in kind else "canvas")
        return tab

    yield visit
    tab.run("1")  # what the browser still had to say is read with the answer
    assert [url.split("#")[0] for url in tab.requests if url != "about:blank"] == visited
    assert tab.faults == []

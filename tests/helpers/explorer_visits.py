"""What tests ask of an explorer's page in a browser, and the exact answers beside it."""

from collections.abc import Callable
from functools import cache

import numpy as np

from helpers.chromium import Tab
from helpers.explorer_page import made_data, numbers_of

COUNT, DIM = 60_237, 100
SHORT_NAMES = """
    var app = Explorer.app, map = app.map;
    var $ = selector => document.querySelector(selector);
    var $$ = selector => [...document.querySelectorAll(selector)];
    var texts = selector => $$(selector).map(element => element.textContent);
"""
Visit = Callable[..., Tab]


def texts(tab: Tab, selector: str) -> list[str]:
    return list(tab.run(f"texts({selector!r})"))


def asked(tab: Tab, text: str) -> None:
    """Types a question and waits for its answer; signs are told as the page shows them."""
    tab.click_on("#query")
    tab.run("$('#query').select()")
    tab.type(text)
    tab.key("Escape")
    tab.key("Enter")
    heading_becomes(tab, text.replace(" - ", " − "))


def heading_becomes(tab: Tab, text: str) -> None:
    tab.wait(f"$('#asked').textContent === {text!r}")


def neighbors_shown(tab: Tab, table: int = 1) -> list[tuple[str, float]]:
    row = f"#tables table:nth-of-type({table}) tbody tr"
    cosines = texts(tab, f"{row} .number")
    return list(zip(texts(tab, f"{row} bdi"), map(float, cosines), strict=True))


@cache
def unit_rows(number: int = 0) -> tuple[list[str], np.ndarray]:
    """The words of a set with their vectors, as the page has them."""
    data = made_data(COUNT, DIM, 2)
    rows = numbers_of(data, f"rows{number}").reshape(-1, DIM).astype(np.float32)
    return data.about["sets"][number]["words"], rows * numbers_of(data, f"scales{number}")[:, None]


def exact_neighbors(terms: dict[str, int], k: int = 15, number: int = 0) -> list[tuple[str, float]]:
    words, units = unit_rows(number)
    query = sum(sign * units[words.index(word)] for word, sign in terms.items())
    cosines = units @ (query / np.linalg.norm(query))
    best = [place for place in np.argsort(-cosines) if words[place] not in terms][:k]
    return [(words[place], float(cosines[place])) for place in best]


def shown_places(number: int = 0) -> np.ndarray:
    return numbers_of(made_data(COUNT, DIM, 2), f"places{number}").reshape(-1, 2) / 65535


def slide(tab: Tab, mix: float) -> None:
    tab.run(f"$('#mix').value = {mix}")
    tab.run("['input', 'change'].forEach(name => $('#mix').dispatchEvent(new Event(name)))")


def painted(tab: Tab) -> tuple[int, int]:
    """How many pixels of points the map shows, and in how many colours."""
    count, colors = tab.run("""(() => {
        const shown = $('canvas.points');
        const copy = new OffscreenCanvas(shown.width, shown.height).getContext('2d');
        map.paint(); // what WebGL painted is gone with the frame
        copy.drawImage(shown, 0, 0);
        const data = copy.getImageData(0, 0, shown.width, shown.height).data;
        const colors = new Set();
        let count = 0;
        for (let i = 0; i < data.length; i += 4) {
            if (data[i + 3] < 150) continue;
            count++;
            colors.add([data[i] >> 4, data[i + 1] >> 4, data[i + 2] >> 4].join());
        }
        return [count, colors.size];
    })()""")
    return count, colors

"""How long a person waits for the explorer's page: until its map is there, and for an answer.

    python benchmarks/explorer_page.py
    python benchmarks/explorer_page.py --words 400000 --dim 50 --map

Vectors are drawn around some hundred means, and their places are two of their numbers: a page with
a map by t-SNE has the same size. In headless Chromium, with WebGL in software and without; the
medians of five visits, and of twenty questions in each. An answer is checked against NumPy's.
With --map, the page is also made as `skipgram explore` makes it, its map included.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import skipgram
from skipgram.explorer.data import MappedSet, likely_bytes, page_data
from skipgram.explorer.layout import Layout, ShownWords
from skipgram.explorer.page_file import write_page
from skipgram.vectors.word_vectors import WordVectors

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from helpers.chromium import NO_WEBGL, PROGRAM, WEBGL, Tab, opened_tab  # type: ignore[import-not-found]

SIZES = ((60_237, 100), (400_000, 50))
MEANS = 200
VISITS, QUESTIONS = 5, 20


def drawn_vectors(words: int, dim: int) -> WordVectors:
    random = np.random.default_rng(0)
    means = random.standard_normal((MEANS, dim))
    rows = means[random.integers(MEANS, size=words)] + 0.7 * random.standard_normal((words, dim))
    letters = random.integers(ord("a"), ord("z") + 1, (words, 5)).astype(np.uint8)
    names = [f"{row.tobytes().decode()}{number}" for number, row in enumerate(letters)]
    return WordVectors.from_arrays(names, rows, 10_000_000 // np.arange(1, words + 1))


def mapped(vectors: WordVectors) -> MappedSet:
    rows = vectors.unit
    places = np.ascontiguousarray(rows[:, :2])
    clusters = np.argmax(rows[:, :24], axis=1).astype(np.uint8)
    typical = np.arange(72, dtype=np.int32).reshape(24, 3)
    return MappedSet("drawn", ShownWords(vectors), Layout(places, clusters, typical))


def seconds_until(tab: Tab, url: str, is_so: str) -> float:
    """From a click on an address to a page of which that is true."""
    tab.renew()
    tab.prefer(prefers_reduced_motion="reduce")
    began = time.perf_counter()
    tab.send("Page.navigate", url=url)
    while not tab.run(is_so):
        time.sleep(0.005)
    return time.perf_counter() - began


def question_ms(tab: Tab, word: str) -> float:
    """From a question to its table and its marks on the map."""
    return float(
        tab.run(f"""(async () => {{
            const began = performance.now();
            await Explorer.app.go({{ q: "{word}" }});
            return performance.now() - began;
        }})()""")
    )


def require_exact(tab: Tab, vectors: WordVectors, word: str) -> None:
    found = tab.run("Explorer.app.answers[0].found.map(({ cosine }) => cosine)")
    exact = [similarity for _, similarity in vectors.most_similar(word, k=len(found))]
    if not np.allclose(found, exact, atol=0.01):
        raise AssertionError(f"the page's cosines are off: {found} instead of {exact}")


def measure(page: Path, vectors: WordVectors, flags: list[str]) -> dict[str, float]:
    words = vectors.words
    map_is_there = "window.Explorer?.app?.map.paints > 0"
    answer_is_there = f"document.querySelector('#asked')?.textContent === '{words[77]}'"
    opened, asked, questions = [], [], []
    with opened_tab(*flags) as tab:
        for visit in range(VISITS):
            asked.append(seconds_until(tab, f"{page.as_uri()}#q={words[77]}", answer_is_there))
            opened.append(seconds_until(tab, page.as_uri(), map_is_there))
            for number in range(QUESTIONS):
                word = words[(1 + number * VISITS + visit) * 97 % len(words)]
                questions.append(question_ms(tab, word))
            require_exact(tab, vectors, word)
    return {
        "map, s": statistics.median(opened),
        "map and a first answer, s": statistics.median(asked),
        "an answer, ms": statistics.median(questions),
        "slowest answer, ms": max(questions),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int)
    parser.add_argument("--dim", type=int, default=100)
    parser.add_argument("--map", action="store_true", help="lay the words out as well: minutes")
    asked = parser.parse_args()
    if not PROGRAM:
        sys.exit("needs Chromium (Debian's package: chromium)")
    for words, dim in [(asked.words, asked.dim)] if asked.words else SIZES:
        with tempfile.TemporaryDirectory() as folder:
            vectors = drawn_vectors(words, dim)
            one = mapped(vectors)
            page = Path(folder) / "page.html"
            began = time.perf_counter()
            write_page(page, page_data([one], "drawn"), likely_bytes([one.shown]))
            written = time.perf_counter() - began
            size = page.stat().st_size / 1e6
            print(f"{words:,} x {dim}: {size:.1f} MB, written in {written:.1f} s", flush=True)
            if asked.map:
                os.environ["XDG_CACHE_HOME"] = folder  # where such maps are kept
                began = time.perf_counter()
                skipgram.explore(vectors, output=Path(folder) / "whole.html", progress=False)
                print(f"    with its map {time.perf_counter() - began:.0f} s", flush=True)
            for name, flags in (("software WebGL", WEBGL), ("no WebGL", NO_WEBGL)):
                for what, number in measure(page, vectors, flags).items():
                    print(f"    {name:16}{what:28}{number:8.2f}", flush=True)


if __name__ == "__main__":
    main()

"""An explorer's page made from random vectors, without the package's layout and clusters."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

import skipgram

PAGE = Path(skipgram.__file__).parent / "explorer" / "page"
HOSTILE = [
    "</script><script>window.broken=1</script>",
    "<img src=x onerror=window.broken=1>",
    "<!--",
    "\u202eright-to-left mark",
    "line\u2028separator",
    "שלום",
    "مرحبا",
    '"quoted"&amp;',
    "a+b",
    "-",
    "+",
    "\u200f",
    "back\\slash",
    "𝒳",
    "constructor",
    "__proto__",
]
NAMED = ["king", "queen", "man", "woman", "prince", "princess", "he", "she", "boy", "girl"]


def hostile_words(count: int) -> list[str]:
    return [*NAMED, *HOSTILE, *(f"word{i}" for i in range(count - len(NAMED) - len(HOSTILE)))]


def royal_vectors(count: int, dim: int, seed: int = 0) -> np.ndarray:
    """Random rows, but for the named words: royal + sex, so that king - man + woman is queen."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(count, dim)).astype(np.float32)
    royal, child, female = rng.normal(size=(3, dim)) * 2
    common = rng.normal(size=dim)
    kinds = [
        royal,
        royal,
        0,
        0,
        royal + child,
        royal + child,
        0.3 * common,
        0.3 * common,
        child,
        child,
    ]
    for place, kind in enumerate(kinds):
        sign = 1 if place in (1, 3, 5, 7, 9) else -1
        rows[place] = common + kind + sign * female + 0.05 * rng.normal(size=dim)
    rows[-1] = 0
    return rows


def eight_bit(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    peaks = np.abs(rows).max(axis=1, keepdims=True)
    peaks[peaks == 0] = 1
    small = np.rint(rows * (127 / peaks)).astype(np.int8)
    lengths = np.linalg.norm(small.astype(np.float32), axis=1)
    scales = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return small, scales.astype(np.float32)


def plane(rows: np.ndarray) -> np.ndarray:
    """Two main directions of unit rows, from 0 to 65535; what lies far off is at the edge."""
    units = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    centred = units - units.mean(axis=0)
    _, _, directions = np.linalg.svd(centred[:5000], full_matrices=False)
    places = centred @ directions[:2].T
    low, high = np.quantile(places, [0.002, 0.998], axis=0)
    return (np.clip((places - low) / (high - low), 0, 1) * 65535).astype(np.uint16)


class Blocks:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def add(self, name: str, values: np.ndarray) -> str:
        text = base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
        self.texts.append(f'<script type="application/octet-stream" id="{name}">{text}</script>')
        return name


def described(
    blocks: Blocks,
    number: int,
    name: str,
    words: list[str],
    rows: np.ndarray,
    places: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
    cluster_names: list[list[str]] | None = None,
) -> dict[str, Any]:
    small, scales = eight_bit(rows)
    if clusters is None:
        clusters = np.arange(len(words)) % 5
        cluster_names = [words[i : i + 3] for i in (0, 10, 13, 20, 30)]
    lengths = np.array([len(word) for word in words], np.float32)
    lengths[-1] = np.nan
    return {
        "name": name,
        "words": words,
        "dim": rows.shape[1],
        "length": len(words),
        "rows": blocks.add(f"rows{number}", small),
        "scales": blocks.add(f"scales{number}", scales),
        "places": blocks.add(f"places{number}", plane(rows) if places is None else places),
        "counts": blocks.add(
            f"counts{number}", (10_000_000 / (1 + np.arange(len(words)))).astype(np.uint32)
        ),
        "clusters": blocks.add(f"clusters{number}", clusters.astype(np.uint8)),
        "clusterNames": cluster_names,
        "columns": [
            {"name": "letters", "kind": "number", "block": blocks.add(f"letters{number}", lengths)},
            {
                "name": "kind",
                "kind": "category",
                "block": blocks.add(f"kind{number}", (np.arange(len(words)) % 3).astype(np.uint8)),
                "categories": ["noun", "<b>verb</b>", "other"],
            },
        ],
        "spelling": None,
    }


def page_of(
    sets: list[dict[str, Any]], blocks: Blocks, title: str = "made", is_served: bool = False
) -> str:
    about: dict[str, Any] = {
        "format": 1,
        "title": title,
        "served": is_served,
        "sets": sets,
        "settings": {"neighbors": 15},
    }
    if len(sets) == 2:
        there = {word: place for place, word in enumerate(sets[1]["words"])}
        common = np.array([there.get(word, -1) for word in sets[0]["words"]], np.int32)
        about["common"] = blocks.add("common", common)
    text = json.dumps(about, ensure_ascii=False)
    for character, escape in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(character, escape)
    style = (PAGE / "explorer.css").read_text()
    names = (PAGE / "scripts.txt").read_text().split()
    script = "\n".join((PAGE / name).read_text() for name in names)
    asked = "'self'" if is_served else "'none'"
    policy = (
        f"default-src 'none'; script-src {digest(script)}; style-src {digest(style)}; "
        f"img-src data: blob:; connect-src {asked}; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = {
        "<!--csp-->": f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        "<!--styles-->": f"<style>{style}</style>",
        "<!--data-->": "\n".join(
            [f'<script type="application/json" id="about">{text}</script>', *blocks.texts]
        ),
        "<!--scripts-->": f"<script>{script}</script>",
    }
    page = (PAGE / "index.html").read_text()
    # Each mark once, from the end: what is put in may hold another mark.
    for mark in reversed(parts):
        before, found, after = page.rpartition(mark)
        assert found, f"index.html lacks {mark}"
        page = before + parts[mark] + after
    return page


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def made_sets(count: int, dim: int) -> list[tuple[list[str], np.ndarray]]:
    """Hostile words with vectors, and nine of ten of them again with vectors a little different."""
    words, rows = hostile_words(count), royal_vectors(count, dim)
    noise = np.random.default_rng(1).normal(scale=0.4, size=rows.shape).astype(np.float32)
    kept = [place for place in range(count) if place < 30 or place % 10]
    return [(words, rows), ([words[place] for place in kept], (rows + noise)[kept])]


def made_page(file: Path, *, count: int = 3000, dim: int = 20, sets: int = 1) -> Path:
    blocks = Blocks()
    told = [
        described(blocks, number, ("first", "second")[number], words, rows)
        for number, (words, rows) in enumerate(made_sets(count, dim)[:sets])
    ]
    file.write_text(page_of(told, blocks), encoding="utf-8")
    return file


def served_page(count: int = 300, dim: int = 20) -> str:
    """A page that holds no rows: its neighbours are asked of the server."""
    blocks = Blocks()
    told = described(blocks, 0, "first", *made_sets(count, dim)[0])
    told["rows"] = told["scales"] = None
    blocks.texts = [
        text for text in blocks.texts if 'id="rows0"' not in text and 'id="scales0"' not in text
    ]
    return page_of([told], blocks, is_served=True)

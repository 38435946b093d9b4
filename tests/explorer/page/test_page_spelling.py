"""Words that are not there are spelled in the page, with the vectors that Python makes of them."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import skipgram
from helpers.chromium import NO_WEBGL, PROGRAM, Tab, opened_tab
from helpers.explorer_page import HOSTILE, mapped, numbers_of, page_of, spelled_vectors
from helpers.explorer_visits import SHORT_NAMES, asked, heading_becomes, neighbors_shown, texts
from skipgram.explorer import data as data_module
from skipgram.explorer.data import page_data
from skipgram.explorer.layout import ShownWords
from skipgram.explorer.page_file import write_page
from skipgram.explorer.quantized import largest_angle
from skipgram.spelling.ngrams import ngrams_of
from skipgram.vectors.subwords.spelling import Spelling

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM, reason="needs Chromium (Debian's package: chromium)"),
]

UNKNOWN = [
    "lamirotamix",
    "LAMIROTA",
    "rotakéla",
    "rotake\u0301la",
    "𝒳𝒴𝒳𝒴𝒳",
    "𝒳𝒴lami𝒳𝒴",
    "ÇALAMİ",
    "ΛΑΣ lami",
    "xx<la>mi",
    "\u202elamiro\u2028ta",
    "lamirotakesunovipade" * 20,
    "</script><script>lami</script>",
    "__proto__lami",
    "toString",
]
CAPITAL = "Lamiro"


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    with opened_tab(*NO_WEBGL) as tab:
        yield tab


def visit(tab: Tab, page: Path, hash_: str = "") -> None:
    tab.renew()
    tab.prefer(prefers_reduced_motion="reduce")
    tab.open(page.as_uri() + hash_)
    tab.run(SHORT_NAMES)


@pytest.fixture(scope="module", params=["", CAPITAL])
def vectors(request: pytest.FixtureRequest) -> skipgram.WordVectors:
    """All in small letters, so that unknown words become so too; or not."""
    return spelled_vectors(capital=request.param)


@pytest.fixture(scope="module")
def page(vectors: skipgram.WordVectors, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(tmp_path_factory.mktemp("spelled") / "page.html", vectors)


def spelling_of(vectors: skipgram.WordVectors) -> Spelling:
    assert isinstance(vectors.speller, Spelling)
    return vectors.speller


def largest_turn(vectors: skipgram.WordVectors, word: str) -> float:
    """By how much the table's 8 bits may turn a word's vector, in radians."""
    spelling = spelling_of(vectors)
    rows = np.asarray(spelling.table[spelling.known_ngrams(vectors.written_form(word))])
    errors = np.abs(rows).max(axis=1).sum() / 254
    return float(np.arcsin(np.sqrt(rows.shape[1]) * errors / np.linalg.norm(rows.sum(axis=0))))


@pytest.mark.parametrize("word", [*UNKNOWN, "a", "𝒳", "<", "", "\u2028", "ab\U0010ffff"])
def test_the_n_grams_are_pythons(tab: Tab, page: Path, word: str) -> None:
    visit(tab, page)
    for shortest, longest in ((3, 6), (1, 2), (2, 9)):
        found = tab.run(f"Explorer.ngrams({json.dumps(word)}, {shortest}, {longest})")
        assert found == ngrams_of(word, skipgram.settings.NgramRange(shortest, longest))


def test_spelled_vectors_are_pythons_but_for_the_8_bits(
    tab: Tab, page: Path, vectors: skipgram.WordVectors
) -> None:
    visit(tab, page)
    spelled = 0
    for word in UNKNOWN:
        found = tab.run(f"[...(Explorer.spelledUnit(app.set, {json.dumps(word)}) || [])]")
        assert bool(found) == vectors.can_spell(word), word
        if not found:
            continue
        exact = vectors.vector(word).astype(float)
        cosine = np.array(found) @ exact / np.linalg.norm(exact)
        assert np.arccos(min(1.0, cosine)) <= largest_turn(vectors, word) + 1e-6, word
        spelled += 1
    assert spelled >= len(UNKNOWN) - 3


def test_neighbors_of_an_unknown_word_are_those_of_its_spelling(
    tab: Tab, page: Path, vectors: skipgram.WordVectors
) -> None:
    visit(tab, page)
    word = UNKNOWN[0]
    asked(tab, word)
    exact = dict(vectors.most_similar(word, k=len(vectors) - 1))
    turned = largest_turn(vectors, word)
    shown = neighbors_shown(tab)
    assert len(shown) == 15
    for found, cosine in shown:
        error = turned + largest_angle(vectors.vector(found)[None])[0] + 0.0005
        assert abs(cosine - exact[found]) <= error < 0.2
    assert {found for found, _ in shown[:5]} <= set(list(exact)[:15])
    assert tab.text("#missing").startswith(
        f"{word} is not in the vocabulary of small; its vector is made from the spelling."
    )
    known = vectors.words[3]
    asked(tab, known + "x")
    assert known in texts(tab, "#missing a.word"), "similar words are offered all the same"


def test_a_spelled_word_lies_on_the_map_at_the_mean_of_its_five_nearest(
    tab: Tab, page: Path
) -> None:
    visit(tab, page, f"#q={UNKNOWN[0]}")
    heading_becomes(tab, UNKNOWN[0])
    near = [tab.run(f"map.place(map.marks.near[{place}])") for place in range(5)]
    assert tab.run("map.place(-1)") == pytest.approx(np.mean(near, axis=0).tolist())
    assert tab.run("map.word(-1)") == UNKNOWN[0]
    view = tab.run("map.camera.view")
    assert (view["x"], view["y"]) == pytest.approx(tuple(np.mean(near, axis=0)), abs=1e-6)


def test_a_spelled_word_is_added_and_ranked_as_known_ones_are(
    tab: Tab, page: Path, vectors: skipgram.WordVectors
) -> None:
    visit(tab, page)
    known, unknown = vectors.words[3], UNKNOWN[0]
    asked(tab, f"{known} - {unknown}")
    expected = vectors.most_similar(known, unknown, 15)
    assert len({word for word, _ in neighbors_shown(tab)} & {word for word, _ in expected}) >= 12
    tab.run(f"app.go({{tab: 'axis', from: {unknown!r}, to: {known!r}}})")
    tab.wait("!$('#axis-answer').hidden")
    ends = [
        vectors.vector(word) / np.linalg.norm(vectors.vector(word)) for word in (unknown, known)
    ]
    best = [vectors.words[place] for place in np.argsort(vectors.unit @ (ends[0] - ends[1]))]
    assert texts(tab, "#axis-tables > div:nth-child(2) li bdi")[0] in best[:2]
    assert "made from the spelling" in tab.text("#axis-missing")


def test_hostile_words_are_spelled_and_do_nothing(tab: Tab, page: Path) -> None:
    visit(tab, page)
    for word in [*UNKNOWN, *HOSTILE]:
        tab.run(f"app.go({{q: {json.dumps(word)}, tab: 'neighbours'}})")
        tab.run(f"app.go({{from: {json.dumps(word)}, to: 'lamiro', tab: 'axis'}})")
    assert tab.run("window.broken === undefined && document.images.length === 0")
    assert tab.faults == []
    assert [url for url in tab.requests if not url.startswith(("about:", "file:", "data:"))] == []


def test_a_word_none_of_whose_n_grams_is_known_stays_unknown(tab: Tab, page: Path) -> None:
    visit(tab, page, "#q=%E5%AD%97")
    tab.wait("!$('#missing').hidden")
    assert tab.text("#missing") == (
        "字 is not in the vocabulary of small, and shares no n-gram with a word of it."
    )
    assert tab.run("$('#answer').hidden")


def test_a_page_without_room_for_the_table_says_who_could_spell(
    tab: Tab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_module, "MOST_BYTES", 0)
    visit(tab, page_of(tmp_path / "page.html", spelled_vectors()), f"#q={UNKNOWN[0]}")
    tab.wait("!$('#missing').hidden")
    assert "Only the server can spell words of this set" in tab.text("#missing")
    assert tab.run("$('#answer').hidden")


def test_a_word_that_one_set_knows_and_the_other_spells_is_compared(
    tab: Tab, tmp_path: Path
) -> None:
    first, second = spelled_vectors(), spelled_vectors(300, seed=1)
    word = next(word for word in first.words if word not in second and word.isascii())
    sets = [mapped(ShownWords(one), f"set {n}") for n, one in enumerate((first, second))]
    data = page_data(sets, "two")
    write_page(tmp_path / "page.html", data, 1)
    visit(tab, tmp_path / "page.html", f"#q={word}")
    heading_becomes(tab, word)
    assert [len(neighbors_shown(tab, table)) for table in (1, 2)] == [15, 15]
    assert texts(tab, "#missing strong") == [word]
    assert "set 1; its vector is made from the spelling" in tab.text("#missing")
    assert len(numbers_of(data, "ngram_steps1")) < len(numbers_of(data, "ngram_steps0"))

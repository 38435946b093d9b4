"""One page with everything inside: what went in comes out, and no word can leave its element."""

import base64
import hashlib
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import skipgram
from helpers.comparison import FLOAT32, assert_close
from helpers.explorer_pages import Page
from helpers.grouped_vectors import QUICK, grouped_vectors
from skipgram.errors import FormatError, OutputExistsError, SettingsError, SkipgramError
from skipgram.explorer import page_file, template
from skipgram.explorer.blocks import Block
from skipgram.explorer.data import PageData
from skipgram.explorer.page_file import hostile_json, page_pieces
from skipgram.explorer.preparing import mapped_sets
from skipgram.explorer.quantized import quantized
from skipgram.pipeline import exploring

pytest.importorskip("openTSNE")

HOSTILE = [
    "</script>",
    "</ScRiPt ><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--<script>",
    "]]>",
    "&lt;b&gt;",
    "a\u2028b\u2029c",
    "\u202eright to left\u202c",
    "\u2066isolated",
    "שלום",
    "\x00\x01\x7f",
    '"quoted\\"',
    "'single'",
    "`${1}`",
    "\ufeffmark",
    "😀",
    "\nline\rend\t",
    "constructor",
    "__proto__",
]


@pytest.fixture(autouse=True)
def quick_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exploring, "mapped_sets", partial(mapped_sets, settings=QUICK))


@pytest.fixture(scope="module")
def vectors() -> skipgram.WordVectors:
    return grouped_vectors(words=40)


def page_of(file: Path) -> Page:
    return Page(file.read_text(encoding="utf-8"))


def hostile_vectors(words: list[str] = HOSTILE) -> skipgram.WordVectors:
    rows = np.random.default_rng(1).standard_normal((len(words), 4))
    return skipgram.WordVectors.from_arrays(words, rows, range(len(words), 0, -1))


def test_every_block_decodes_to_what_went_in(tmp_path, vectors):
    page = page_of(skipgram.explore(vectors, output=tmp_path / "page.html", title="My words"))
    about = page.about
    (of_set,) = about["sets"]
    assert (about["format"], about["title"], about["served"]) == (1, "My words", False)
    assert about["settings"] == {"neighbors": 15}
    assert "common" not in about
    assert of_set["words"] == list(vectors.words)
    assert (of_set["length"], of_set["dim"], of_set["name"]) == (40, 8, "vectors")
    numbers, scales = quantized(vectors.unit)
    assert page.block("rows0").reshape(40, 8).tolist() == numbers.tolist()
    assert_close(page.block("scales0"), scales, FLOAT32)
    assert page.block("counts0").tolist() == list(range(40, 0, -1))
    (mapped,) = mapped_sets(exploring.given_sets(vectors, None, None), settings=QUICK)
    places = page.block("places0").reshape(40, 2).astype(float) / 65535
    low, high = mapped.layout.places.min(axis=0), mapped.layout.places.max(axis=0)
    side = (high - low).max()
    assert_close(places, (mapped.layout.places - (low + high) / 2) / side + 0.5, 1e-5)
    assert page.block("places0").min() == 0
    assert page.block("places0").max() == 65535
    assert page.block("clusters0").tolist() == mapped.layout.clusters.tolist()
    assert [len(name) for name in of_set["clusterNames"]] == [3]


def test_vectors_without_counts_have_no_block_of_them(tmp_path):
    rows = np.random.default_rng(1).standard_normal((5, 3))
    vectors = skipgram.WordVectors.from_arrays(list("abcde"), rows)
    page = page_of(skipgram.explore(vectors, output=tmp_path / "page.html"))
    assert "counts" not in page.about["sets"][0]


def test_two_sets_are_in_one_page_with_the_words_they_share(tmp_path, vectors):
    rotation = np.linalg.qr(np.random.default_rng(4).standard_normal((8, 8)))[0]
    words = [*list(vectors.words)[20:], "new"]
    rows = np.vstack([vectors.matrix[20:], np.ones(8)]) @ rotation
    other = skipgram.WordVectors.from_arrays(words, rows, range(21, 0, -1))
    page = page_of(skipgram.explore(vectors, other, tmp_path / "page.html"))
    assert [of_set["name"] for of_set in page.about["sets"]] == ["vectors", "other"]
    assert page.about["title"] == "vectors and other"
    assert page.block("common").tolist() == [-1] * 20 + list(range(20))
    # The second set's rows are turned to the first's: those of one word are nearly the same.
    one = page.block("rows0").reshape(40, 8)[20:].astype(int)
    two = page.block("rows1").reshape(21, 8)[:20].astype(int)
    assert np.abs(one - two).max() <= 1


def test_it_is_told_how_far_reading_and_writing_have_come(tmp_path, vectors):
    vectors.export(tmp_path / "vectors.txt")
    seen = []
    output = tmp_path / "page.html"
    skipgram.explore(tmp_path / "vectors.txt", output=output, progress=False, observe=seen.append)
    stages = list(dict.fromkeys(event.stage for event in seen))
    assert (stages[0], stages[-1]) == ("reading vectors", "writing the page")
    for event in seen:
        assert 0 <= event.done <= event.total
    assert seen[-1].done == seen[-1].total


def test_the_sets_of_two_paths_have_their_names(tmp_path, vectors):
    for name in ("old", "new", "more/new"):
        vectors.save(tmp_path / name)
    files = tmp_path / "old", tmp_path / "new", tmp_path / "more" / "new"
    page = page_of(skipgram.explore(*files[:2], tmp_path / "page.html"))
    assert [of_set["name"] for of_set in page.about["sets"]] == ["old", "new"]
    page = page_of(skipgram.explore(*files[1:], tmp_path / "page.html", overwrite=True))
    assert [of_set["name"] for of_set in page.about["sets"]] == ["new (1)", "new (2)"]


def test_sets_of_other_lengths_are_compared_unturned(tmp_path, vectors):
    other = grouped_vectors(words=40, dim=6)
    page = page_of(skipgram.explore(vectors, other, tmp_path / "page.html"))
    assert [of_set["dim"] for of_set in page.about["sets"]] == [8, 6]
    assert page.block("rows1").tolist() == quantized(other.unit)[0].ravel().tolist()


def test_hostile_words_stay_in_their_element_and_come_out_whole(tmp_path):
    title = "</title><script>alert(1)</script>"
    file = skipgram.explore(
        hostile_vectors(),
        output=tmp_path / "page.html",
        title=title,
        colors={"</script>": {"</script>": "<!--", "שלום": "</script>"}},
    )
    plain = tmp_path / "plain.html"
    skipgram.explore(hostile_vectors([f"w{n}" for n in range(len(HOSTILE))]), output=plain)
    page = page_of(file)
    assert page.about["sets"][0]["words"] == HOSTILE
    assert page.about["title"] == title
    assert page.of_tag("title")[0].text == title
    (column,) = page.about["sets"][0]["columns"]
    assert (column["name"], column["categories"]) == ("</script>", ["<!--", "</script>"])
    tags = [item.tag for item in page.elements]
    assert (
        tags.count("script") == [item.tag for item in page_of(plain).elements].count("script") + 1
    ), "only the column's block is more"
    assert "img" not in tags
    raw = file.read_text(encoding="utf-8")
    assert "\u2028" not in raw
    assert "\u2029" not in raw


def test_json_that_could_end_its_element_does_not():
    for word in HOSTILE:
        told = hostile_json([word, {word: word}])
        assert b"<" not in told
        assert "\u2028" not in told.decode()


def test_half_of_a_surrogate_pair_is_written_as_json():
    import json

    assert json.loads(hostile_json("a\ud800b")) == "a\ud800b"


def test_the_page_loads_nothing_and_runs_only_its_own_scripts(tmp_path, vectors):
    page = page_of(skipgram.explore(vectors, output=tmp_path / "page.html"))
    for item in page.elements:
        assert not {"src", "action", "onload", "onerror", "style"} & set(item.attributes)
        assert str(item.attributes.get("href", "data:")).startswith("data:")
    policy = page.policy
    assert policy["default-src"] == ["'none'"]
    assert policy["connect-src"] == ["'none'"]
    assert policy["base-uri"] == policy["form-action"] == ["'none'"]
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        inline = [item.text for item in page.of_tag(tag) if "type" not in item.attributes]
        hashes = [
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in inline
        ]
        assert inline
        assert [allowed for allowed in policy[rule] if allowed.startswith("'sha256-")] == hashes
        assert "'unsafe-inline'" not in policy[rule]


def test_the_policy_comes_before_everything_that_it_is_about(tmp_path, vectors):
    page = page_of(skipgram.explore(vectors, output=tmp_path / "page.html"))
    kinds = [
        "policy"
        if item.attributes.get("http-equiv")
        else str(item.attributes.get("id") or item.attributes.get("type") or item.tag)
        for item in page.elements
    ]
    assert kinds.index("policy") == kinds.index("meta") + 1, "behind the charset alone"
    assert kinds.index("policy") < kinds.index("style") < kinds.index("about")
    assert kinds.index("about") < kinds.index("rows0") < kinds.index("script")


def test_a_served_page_may_ask_its_server_and_nobody_else():
    assert "connect-src 'self';" in template.template().policy(is_served=True)


@pytest.mark.parametrize("content", ["a</script>b", "a<!--b"])
def test_a_script_that_would_end_its_own_element_is_refused(tmp_path, content):
    parts = {
        "index.html": "<!--csp--><!--styles--><!--data--><!--scripts-->",
        "scripts.txt": "a.js",
        "a.js": content,
        "explorer.css": "",
    }
    for name, text in parts.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match="would end the element"):
        template.template(tmp_path)


@pytest.mark.parametrize("sizes", [[0], [1], [2, 2], [1, 1, 1, 1], [7, 0, 5], [3, 1 << 20, 2]])
def test_pieces_of_any_length_join_to_one_block(sizes):
    random = np.random.default_rng(1)
    pieces = [random.integers(0, 255, size, np.uint8) for size in sizes]
    about = {"title": "", "served": False}
    data = PageData(about, (Block("numbers", lambda: iter(pieces)),))
    html = b"".join(page_pieces(data)).decode()
    found = Page(html).block("numbers", np.uint8)
    assert found.tolist() == np.concatenate(pieces).tolist()


def test_no_piece_of_a_page_is_large(vectors):
    (mapped,) = mapped_sets(exploring.given_sets(vectors, None, None), settings=QUICK)
    many = np.zeros(10_000_000, np.uint8)
    data = exploring.page_data([mapped], "")
    data = PageData(data.about, (*data.blocks, Block("many", lambda: iter([many]))))
    assert max(map(len, page_pieces(data))) <= 1 << 21


def test_a_file_that_is_there_is_replaced_only_if_that_was_asked(tmp_path, vectors):
    file = tmp_path / "page.html"
    file.write_text("mine")
    with pytest.raises(OutputExistsError):
        skipgram.explore(vectors, output=file)
    assert file.read_text() == "mine"
    skipgram.explore(vectors, output=file, overwrite=True)
    assert page_of(file).about["title"] == "vectors"


def test_a_page_that_cannot_be_made_leaves_nothing(tmp_path, vectors, monkeypatch):
    def fail(data):
        yield b"<!DOCTYPE html>"
        raise SkipgramError("no more")

    monkeypatch.setattr(page_file, "page_pieces", fail)
    with pytest.raises(SkipgramError, match="no more"):
        skipgram.explore(vectors, output=tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_a_page_of_too_many_words_is_refused_with_its_size_before_the_map_is_made(
    tmp_path, vectors, monkeypatch
):
    monkeypatch.setattr(page_file, "MOST_BYTES", 1_000)
    monkeypatch.setattr(exploring, "mapped_sets", lambda *_, **__: pytest.fail("too late"))
    with pytest.raises(SettingsError) as refused:
        skipgram.explore(vectors, output=tmp_path / "page.html")
    assert "first_words, or serve them all" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_million_words_of_usual_length_are_too_many():
    with pytest.raises(SettingsError, match=r"the page would have 9\d MB, and 80 MB is what"):
        # Eight letters each, 50 numbers, and what is said of a word beside them.
        page_file.require_moderate(1_000_000 * ((50 + 13) * 4 // 3 + 8 + 4))
    page_file.require_moderate(400_000 * ((50 + 13) * 4 // 3 + 8 + 4))


def test_the_size_that_is_foreseen_is_nearly_that_of_the_page(tmp_path):
    vectors = grouped_vectors(words=2_000)
    sets = exploring.given_sets(vectors, None, None)
    foreseen = exploring.likely_bytes([given.shown for given in sets])
    written = skipgram.explore(vectors, output=tmp_path / "page.html").stat().st_size
    furniture = len("".join((template.template().before, template.template().after)))
    assert abs(written - furniture - foreseen) < 0.05 * foreseen + 2_000


def test_two_sets_without_a_common_word_are_refused(tmp_path, vectors):
    other = hostile_vectors()
    with pytest.raises(SettingsError, match="vectors and other have no word in common"):
        skipgram.explore(vectors, other, tmp_path / "page.html")


@pytest.mark.parametrize("first_words", [0, -1, 2.5, True])
def test_a_number_of_words_that_cannot_be_is_refused(tmp_path, vectors, first_words):
    with pytest.raises(SettingsError, match="first_words must be"):
        skipgram.explore(vectors, output=tmp_path / "page.html", first_words=first_words)


def test_too_few_words_are_refused(tmp_path, vectors):
    with pytest.raises(SkipgramError, match="a map needs 3 words or more; vectors has 2"):
        skipgram.explore(vectors, output=tmp_path / "page.html", first_words=2)


def test_columns_are_in_the_page(tmp_path, vectors):
    table = tmp_path / "table.csv"
    table.write_text("word,length,kind\nw0,2,a\nw3,4.5,b\nnone,1,c\n")
    page = page_of(
        skipgram.explore(vectors, output=tmp_path / "page.html", colors=table, first_words=5)
    )
    number, kind = page.about["sets"][0]["columns"]
    assert (number["name"], number["kind"]) == ("length", "number")
    assert "categories" not in number
    lengths = page.block(number["block"], "<f4")
    assert np.isnan(lengths[[1, 2, 4]]).all()
    assert lengths[[0, 3]].tolist() == [2, 4.5]
    assert kind["categories"] == ["a", "b"]
    assert page.block(kind["block"], np.uint8).tolist() == [0, 255, 255, 1, 255]


def test_a_table_with_none_of_the_words_is_refused(tmp_path, vectors):
    with pytest.raises(FormatError, match="has none of the words"):
        skipgram.explore(vectors, output=tmp_path / "page.html", colors={"a": {"x": 1}})

import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from helpers.handmade_vectors import vectors_of
from skipgram.errors import MissingExtraError, SettingsError, SkipgramError
from skipgram.figures.demo_words import DEMO_GROUPS
from skipgram.figures.page import COLORS
from skipgram.figures.plots import WORD, word_map, word_map_figure
from skipgram.vectors.word_vectors import WordVectors


def scattered(words: list[str]) -> WordVectors:
    rows = np.random.default_rng(1).normal(size=(len(words), 12))
    return vectors_of(dict(zip(words, rows, strict=True)))


def demo_like() -> WordVectors:
    """The demo's words, each near its group's direction, as a training leaves them."""
    words = [word for group in DEMO_GROUPS.values() for word in group]
    directions = np.eye(30)[[n for n, group in enumerate(DEMO_GROUPS.values()) for _ in group]]
    rows = directions + np.random.default_rng(2).normal(size=directions.shape) / 9
    return vectors_of(dict(zip(words, rows, strict=True)))


@pytest.fixture(scope="module")
def demo_figure() -> Figure:
    return word_map_figure(demo_like(), DEMO_GROUPS, "A title of many words " * 9)


def boxes(figure: Figure, gid: str | None = None) -> list[tuple[str, Bbox]]:
    """What the figure's texts cover once they are drawn; of those with the gid, if one is given."""
    figure.draw_without_rendering()
    texts = figure.findobj(matplotlib.text.Text)
    return [
        (text.get_text(), text.get_window_extent())
        for text in texts
        if text.get_text() and gid in (None, text.get_gid())
    ]


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts, title and legend included, that cover a part of each other."""
    drawn = boxes(figure)
    return [
        (one, other)
        for number, (one, box) in enumerate(drawn)
        for other, other_box in drawn[:number]
        if box.overlaps(other_box)
    ]


def clipped(figure: Figure) -> list[str]:
    """Texts that the figure's border cuts."""
    page = figure.bbox
    return [
        text
        for text, box in boxes(figure)
        if box.x0 < 0 or box.y0 < 0 or box.x1 > page.x1 or box.y1 > page.y1
    ]


def size_in_pixels(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png.endswith(b"IEND\xaeB`\x82")
    return struct.unpack(">II", png[16:24])


def test_the_map_is_a_whole_png_image(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "map.png"
    written = word_map(demo_like(), DEMO_GROUPS, file)
    assert size_in_pixels(file.read_bytes()) == (1600, 1200)
    assert written.file == file
    assert len(written.shown) == 60
    assert written.missing == []
    assert list(file.parent.iterdir()) == [file]


def test_the_same_words_give_the_same_image(tmp_path: Path) -> None:
    vectors = scattered([f"w{number}" for number in range(9)])
    for name in ("one.png", "other.png"):
        word_map(vectors, {"all": vectors.words}, tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "other.png").read_bytes()


def test_every_word_is_written_once_and_no_two_texts_overlap(demo_figure: Figure) -> None:
    words = [word for word, _ in boxes(demo_figure, WORD)]
    assert sorted(words) == sorted(word for group in DEMO_GROUPS.values() for word in group)
    assert overlapping(demo_figure) == []


def test_no_text_is_cut_by_the_border(demo_figure: Figure) -> None:
    assert clipped(demo_figure) == []


def test_words_have_the_color_that_the_legend_gives_their_group(demo_figure: Figure) -> None:
    (legend,) = demo_figure.legends
    color_of = {text.get_text(): text.get_color() for text in legend.get_texts()}
    assert len(set(color_of.values())) == len(DEMO_GROUPS)
    written = {text.get_text(): text.get_color() for text in demo_figure.texts}
    for name, words in DEMO_GROUPS.items():
        assert {written[word] for word in words} == {color_of[name]}


def test_the_page_grows_where_the_words_need_more_room() -> None:
    words = [f"a rather long word {number}" for number in range(60)]
    figure = word_map_figure(scattered(words), {"all": words})
    assert figure.bbox.width > 1600
    assert figure.bbox.width / figure.bbox.height == pytest.approx(4 / 3)
    assert overlapping(figure) == []
    assert clipped(figure) == []


def test_words_of_one_vector_stand_beside_each_other() -> None:
    words = [f"w{number}" for number in range(20)]
    figure = word_map_figure(vectors_of({word: [1.0, 1.0] for word in words}), {"all": words})
    assert overlapping(figure) == []
    assert clipped(figure) == []


def test_words_that_no_page_can_hold_are_refused() -> None:
    words = [f"{number} is a word of no end" * 20 for number in range(3)]
    with pytest.raises(SkipgramError, match="3 words are too many or too long for one map"):
        word_map_figure(scattered(words), {"all": words}, most_enlarged=1.5)


def test_many_groups_take_more_lines_and_italics() -> None:
    words = [f"w{number}" for number in range(20)]
    groups = {f"the group of {word}": [word] for word in words}
    figure = word_map_figure(scattered(words), groups)
    assert clipped(figure) == []
    assert overlapping(figure) == []
    looks = {(text.get_color(), text.get_fontstyle()) for text in figure.texts}
    assert len(looks) == 2 * len(COLORS)


def test_unknown_words_are_left_out_and_named(tmp_path: Path) -> None:
    vectors = scattered(["a", "b", "c", "d"])
    groups = {"first": ["a", "x", "b", "a"], "second": ["c", "b"], "third": ["y", "x"]}
    written = word_map(vectors, groups, str(tmp_path / "map.png"))
    assert written.shown == ["a", "b", "c"]
    assert written.missing == ["x", "y"]


def test_words_whose_vector_is_zero_have_no_place_and_are_named(tmp_path: Path) -> None:
    vectors = vectors_of({"a": [1, 0], "b": [0, 1], "zero": [0, 0], "c": [1, 1]})
    written = word_map(vectors, {"all": ["a", "zero", "b", "c"]}, tmp_path / "map.png")
    assert (written.shown, written.zero) == (["a", "b", "c"], ["zero"])


def test_words_without_a_topic_have_a_map_without_a_legend(tmp_path: Path) -> None:
    vectors = scattered(["a", "b", "c"])
    plain = word_map(vectors, ["a", "b", "c"], tmp_path / "map.png")
    assert plain.shown == ["a", "b", "c"]
    assert word_map_figure(vectors, {"": ["a", "b", "c"]}).legends == []
    assert word_map_figure(vectors, {"letters": ["a", "b", "c"]}).legends != []


def test_vectors_may_be_given_by_their_path(tmp_path: Path) -> None:
    scattered(["a", "b", "c"]).save(tmp_path / "vectors")
    assert word_map(tmp_path / "vectors", ["a", "b", "c"], tmp_path / "map.png").missing == []


def test_fewer_than_three_known_words_make_no_map(tmp_path: Path) -> None:
    with pytest.raises(SkipgramError) as raised:
        word_map(scattered(["a", "b", "c"]), {"all": ["a", "b", "x", "y"]}, tmp_path / "map.png")
    assert str(raised.value) == (
        "a map needs at least 3 words, not 2; 2 of 4 words cannot be compared: 'x', 'y' (not in "
        "the vocabulary)"
    )
    assert list(tmp_path.iterdir()) == []


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"map\.pdf: a map is a PNG image; give a name that ends"
    ):
        word_map(scattered(["a", "b", "c"]), {"all": list("abc")}, tmp_path / "map.pdf")


def test_a_map_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "map.png"
    file.write_bytes(b"the old map")

    def fail(*args: Any, **options: Any) -> None:
        args[1].write(b"half a map")
        raise RuntimeError("broken off")

    monkeypatch.setattr(Figure, "savefig", fail)
    with pytest.raises(RuntimeError, match="broken off"):
        word_map(scattered(["a", "b", "c"]), {"all": list("abc")}, file)
    assert file.read_bytes() == b"the old map"
    assert list(tmp_path.iterdir()) == [file]


def test_dollar_signs_and_backslashes_are_letters_like_others() -> None:
    words = ["$\\nonsense$", "a_b", "\\alpha", "^", "_"]
    figure = word_map_figure(scattered(words), {"$^$": words[:2], "_b": words[2:]}, "$\\frac{$")
    assert {text for text, _ in boxes(figure)} == {*words, "$^$", "_b", "$\\frac{$"}


def test_the_callers_settings_neither_matter_nor_change(tmp_path: Path) -> None:
    vectors = scattered(["a", "b", "c"])
    word_map(vectors, {"all": list("abc")}, tmp_path / "plain.png")
    odd: Any = {"savefig.bbox": "tight", "savefig.dpi": 30, "font.size": 40, "text.color": "red"}
    with matplotlib.rc_context(odd):
        word_map(vectors, {"all": list("abc")}, tmp_path / "odd.png")
        assert odd.items() <= dict(matplotlib.rcParams).items()
    assert (tmp_path / "odd.png").read_bytes() == (tmp_path / "plain.png").read_bytes()


def test_drawing_a_map_leaves_pyplot_alone(tmp_path: Path) -> None:
    code = """if True:
        import sys
        import numpy as np
        from skipgram.corpus.vocabulary.vocabulary import Vocabulary
        from skipgram.figures.plots import word_map
        from skipgram.vectors.word_vectors import WordVectors
        rows, shares = np.eye(4, dtype=np.float32), np.full(4, 0.25)
        vocabulary = Vocabulary(list("abcd"), np.full(4, 5))
        vectors = WordVectors(vocabulary, rows, rows.copy(), shares, shares.copy())
        word_map(vectors, {"all": list("abcd")}, sys.argv[1])
        print("matplotlib.pyplot" in sys.modules)
        """
    command = [sys.executable, "-c", code, str(tmp_path / "map.png")]
    seen = subprocess.run(command, check=True, capture_output=True, text=True)
    assert seen.stdout.strip() == "False"
    assert Path(command[-1]).exists()


def test_a_missing_library_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError) as raised:
        word_map(scattered(["a", "b", "c"]), {"all": list("abc")}, tmp_path / "map.png")
    assert str(raised.value) == (
        "pictures need matplotlib and scikit-learn; the module matplotlib is not installed: "
        "pip install 'skipgram[plots]'"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("color", COLORS)
def test_every_color_can_be_read_on_white(color: str) -> None:
    # The contrast that WCAG 2 asks of text, from relative luminance.
    parts = np.array(to_rgb(color))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    assert 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05) >= 4.5

"""A map that is kept is used again, and never one that is damaged or of other vectors."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import skipgram
from helpers.grouped_vectors import QUICK, grouped_vectors
from skipgram.errors import FormatError
from skipgram.explorer import layout_file, preparing
from skipgram.explorer.layout import Layout, ShownWords, lay_out
from skipgram.explorer.layout_file import BESIDE, OWN, fingerprint
from skipgram.explorer.preparing import given_sets, mapped_sets
from skipgram.explorer.progress import LayoutNote
from skipgram.system.tensor_file import write_tensors

pytest.importorskip("openTSNE")

MAPPED = partial(mapped_sets, settings=QUICK)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    grouped_vectors(words=40).save(tmp_path / "vectors")
    return tmp_path / "vectors"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[ShownWords]:
    """The sets whose maps are made from now on."""
    asked: list[ShownWords] = []

    def counted(shown: ShownWords, *given: object, **options: object) -> Layout:
        asked.append(shown)
        return lay_out(shown, *given, **options)

    monkeypatch.setattr(preparing, "lay_out", counted)
    return asked


def map_of(folder: Path, **options: object) -> Layout:
    return MAPPED(given_sets(folder, None, None), **options)[0].layout


def test_a_map_is_kept_beside_the_vectors_and_used_again(folder, made):
    first, second = map_of(folder), map_of(folder)
    assert len(made) == 1
    assert (folder / OWN).is_file()
    for name in ("places", "clusters", "typical"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


def test_vectors_that_changed_get_a_new_map(folder, made):
    map_of(folder)
    kept = (folder / OWN).read_bytes()
    grouped_vectors(words=40, seed=8).save(folder, overwrite=True)
    assert not (folder / OWN).exists(), "it is gone with the vectors that it was of"
    (folder / OWN).write_bytes(kept)
    seen: list[object] = []
    changed = map_of(folder, observe=seen.append)
    assert len(made) == 2
    assert not any(isinstance(event, LayoutNote) for event in seen)
    assert map_of(folder).places.tobytes() == changed.places.tobytes()
    assert len(made) == 2


def test_other_settings_get_a_new_map(folder, made):
    map_of(folder)
    mapped_sets(given_sets(folder, None, None), settings=QUICK._replace(laid_out=30))
    mapped_sets(given_sets(folder, None, 30), settings=QUICK)
    assert len(made) == 3


def test_a_second_map_is_kept_beside_its_own_vectors(tmp_path, folder, made):
    grouped_vectors(words=40, seed=8).save(tmp_path / "other")
    for _ in range(2):
        MAPPED(given_sets(folder, tmp_path / "other", None))
    assert len(made) == 2
    assert (tmp_path / "other" / BESIDE).is_file()
    assert not (tmp_path / "other" / OWN).exists()
    grouped_vectors(words=40, seed=9).save(folder, overwrite=True)
    MAPPED(given_sets(folder, tmp_path / "other", None))
    assert len(made) == 4, "another first map is another start for the second"


@pytest.mark.parametrize("place", [0, 9, 60, 300, -200, -1])
def test_a_damaged_map_is_told_and_made_anew(folder, made, place):
    sound = map_of(folder)
    raw = bytearray((folder / OWN).read_bytes())
    raw[place] ^= 0x15
    (folder / OWN).write_bytes(raw)
    again = map_of(folder)
    assert len(made) == 2
    assert again.places.tobytes() == sound.places.tobytes()
    assert map_of(folder).places.tobytes() == sound.places.tobytes()
    assert len(made) == 2, "the new one is kept"


def test_a_truncated_map_is_told(folder):
    map_of(folder)
    raw = (folder / OWN).read_bytes()
    (folder / OWN).write_bytes(raw[:-10])
    seen: list[object] = []
    map_of(folder, observe=seen.append)
    (note,) = (event.text for event in seen if isinstance(event, LayoutNote))
    assert note.startswith(f"{folder / OWN} is damaged or truncated: ")
    assert note.endswith("; the map is made anew")


def forged(folder: Path, **changed: np.ndarray) -> str:
    """Write a map with a right checksum and these wrong numbers; what it says it is made of."""
    shown = given_sets(folder, None, None)[0].shown
    made_of = fingerprint(shown, QUICK)
    layout = map_of(folder)
    tensors = {name: getattr(layout, name) for name in ("places", "clusters", "typical")} | changed
    about = {
        "format": "skipgram layout 1",
        "made_of": made_of,
        "crc32": str(layout_file._checksum(tensors)),
    }
    types = {name: tensor.dtype.type for name, tensor in tensors.items()}
    with (folder / OWN).open("wb") as file:
        write_tensors(file, tensors, types, about)
    return made_of


WRONG = {
    "a place that is nan": {"places": np.full((40, 2), np.nan, np.float32)},
    "a place too few": {"places": np.zeros((39, 2), np.float32)},
    "places in space": {"places": np.zeros((40, 3), np.float32)},
    "a cluster without a name": {"clusters": np.full(40, 3, np.uint8)},
    "too many clusters": {"typical": np.zeros((200, 3), np.int32)},
    "no cluster": {"typical": np.zeros((0, 3), np.int32)},
    "a name that is no word": {"typical": np.array([[0, 1, 40]], np.int32)},
    "a name below -1": {"typical": np.array([[0, 1, -2]], np.int32)},
    "the largest number": {"typical": np.array([[0, 1, 2**31 - 1]], np.int32)},
}


@pytest.mark.parametrize("changed", WRONG.values(), ids=WRONG)
def test_a_map_with_numbers_that_no_map_has_is_refused(folder, changed):
    made_of = forged(folder, **changed)
    with pytest.raises(FormatError):
        layout_file.load(folder / OWN, made_of, 40)


def test_the_forged_map_would_be_taken_with_right_numbers(folder):
    made_of = forged(folder)
    assert layout_file.load(folder / OWN, made_of, 40) is not None


def test_a_pipe_in_the_place_of_a_map_is_not_waited_for(folder, made):
    import os

    os.mkfifo(folder / OWN)
    map_of(folder)
    assert len(made) == 1


def test_vectors_with_a_map_can_be_replaced_and_what_a_killed_process_left_goes(folder):
    map_of(folder)
    from skipgram.system.temporary import temporary_prefix

    left = folder / f"{temporary_prefix(folder / OWN)}0123abcd"
    left.write_bytes(b"half a map")
    grouped_vectors(words=40).save(folder, overwrite=True)
    assert not left.exists()
    assert json.loads((folder / "settings.json").read_text())["format"] == "skipgram vectors"


def test_the_fingerprint_is_of_rows_words_their_order_and_the_settings(folder):
    vectors = skipgram.load(folder)
    words, matrix = list(vectors.words), vectors.matrix.copy()
    counts = list(range(40, 0, -1))

    def of(words: list[str], matrix: np.ndarray, counts: list[int], beside: str = "") -> str:
        made = skipgram.WordVectors.from_arrays(words, matrix, counts)
        return fingerprint(ShownWords(made), QUICK, beside)

    nudged = matrix.copy()
    nudged[7, 3] = np.nextafter(nudged[7, 3], 9, dtype=np.float32)
    found = {
        of(words, matrix, counts),
        of(words, nudged, counts),
        of([*words[:-1], "other"], matrix, counts),
        of(words, matrix, counts[::-1]),
        of(words, matrix, counts, "beside"),
        fingerprint(ShownWords(vectors, 39), QUICK),
    }
    assert len(found) == 6
    assert fingerprint(ShownWords(vectors), QUICK) in found

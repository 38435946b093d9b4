"""Maps of vectors without a folder that takes them are kept in the user's cache, within bounds."""

import os
from functools import partial
from pathlib import Path

import pytest

import skipgram
from helpers.grouped_vectors import QUICK, grouped_vectors
from skipgram.errors import SkipgramError
from skipgram.explorer import kept_layouts, layout_file, preparing
from skipgram.explorer.layout import Layout, ShownWords, lay_out
from skipgram.explorer.layout_file import BESIDE, OWN
from skipgram.explorer.preparing import given_sets, mapped_sets
from skipgram.explorer.progress import LayoutNote

pytest.importorskip("openTSNE")

MAPPED = partial(mapped_sets, settings=QUICK)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where maps are kept, also of few words."""
    monkeypatch.setattr(kept_layouts, "cache_folder", lambda: tmp_path / "cache" / "skipgram")
    monkeypatch.setattr(kept_layouts, "_FEWEST_WORDS", 1)
    return tmp_path / "cache" / "skipgram" / "layouts"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[ShownWords]:
    """The sets whose maps are made from now on."""
    asked: list[ShownWords] = []

    def counted(shown: ShownWords, *given: object, **options: object) -> Layout:
        asked.append(shown)
        return lay_out(shown, *given, **options)

    monkeypatch.setattr(preparing, "lay_out", counted)
    return asked


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def refuse_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be written there any more; as root, permissions would not do."""
    whole_file = layout_file.whole_file

    def refusing(path: Path, **options: object) -> object:
        if folder in path.parents:
            raise SkipgramError(f"{path} cannot be written: Permission denied")
        return whole_file(path, **options)

    monkeypatch.setattr(layout_file, "whole_file", refusing)


def test_the_map_of_another_tools_file_or_of_memory_is_kept_in_the_cache(tmp_path, cache, made):
    vectors = grouped_vectors(words=40)
    vectors.export(tmp_path / "vectors.bin")
    before = files_in(tmp_path)
    loaded = skipgram.load(tmp_path / "vectors.bin")
    for given in (tmp_path / "vectors.bin", loaded, tmp_path / "vectors.bin"):
        MAPPED(given_sets(given, None, None))
    assert len(made) == 1, "what they are called does not matter"
    assert len(files_in(cache)) == 1
    assert files_in(tmp_path) == sorted([*before, "cache"])


def test_a_folder_that_can_be_written_keeps_its_map_itself(tmp_path, cache, made):
    grouped_vectors(words=40).save(tmp_path / "vectors")
    for _ in range(2):
        MAPPED(given_sets(tmp_path / "vectors", None, None))
    assert len(made) == 1
    assert (tmp_path / "vectors" / OWN).is_file()
    assert files_in(cache) == []


def test_a_folder_that_cannot_be_written_has_its_maps_in_the_cache(
    tmp_path, cache, made, monkeypatch
):
    for name in ("one", "other"):
        grouped_vectors(words=40, seed=len(name)).save(tmp_path / name)
        refuse_in(tmp_path / name, monkeypatch)
    for _ in range(2):
        MAPPED(given_sets(tmp_path / "one", tmp_path / "other", None))
    assert len(made) == 2
    assert len(files_in(cache)) == 2
    assert not (tmp_path / "one" / OWN).exists()
    assert not (tmp_path / "other" / BESIDE).exists()


def test_where_the_cache_cannot_be_written_either_each_map_is_made(tmp_path, made, monkeypatch):
    grouped_vectors(words=40).save(tmp_path / "vectors")
    refuse_in(tmp_path, monkeypatch)
    for _ in range(2):
        MAPPED(given_sets(tmp_path / "vectors", None, None))
    assert len(made) == 2


def test_a_user_without_a_home_has_no_cache(made, monkeypatch):
    monkeypatch.setattr(kept_layouts, "cache_folder", lambda: None)
    for _ in range(2):
        MAPPED(given_sets(grouped_vectors(words=40), None, None))
    assert len(made) == 2


def test_few_words_are_not_worth_a_file(cache, monkeypatch):
    monkeypatch.setattr(kept_layouts, "_FEWEST_WORDS", 41)
    MAPPED(given_sets(grouped_vectors(words=40), None, None))
    assert files_in(cache) == []


def test_other_vectors_and_settings_have_other_files(cache, made):
    vectors = grouped_vectors(words=40)
    MAPPED(given_sets(vectors, None, None))
    MAPPED(given_sets(vectors, None, 30))
    MAPPED(given_sets(grouped_vectors(words=40, seed=8), None, None))
    mapped_sets(given_sets(vectors, None, None), settings=QUICK._replace(laid_out=30))
    assert len(made) == len(files_in(cache)) == 4


def test_a_damaged_map_in_the_cache_is_told_and_made_anew(cache, made):
    vectors = grouped_vectors(words=40)
    MAPPED(given_sets(vectors, None, None))
    (file,) = cache.iterdir()
    sound = file.read_bytes()
    file.write_bytes(sound[:-200] + bytes(200))
    seen: list[object] = []
    MAPPED(given_sets(vectors, None, None), observe=seen.append)
    (note,) = (event.text for event in seen if isinstance(event, LayoutNote))
    assert note == f"{file} is damaged: not what was written; the map is made anew"
    assert file.read_bytes() == sound
    assert len(made) == 2


def test_a_map_under_the_name_of_another_is_not_taken(cache, made):
    MAPPED(given_sets(grouped_vectors(words=40), None, None))
    (other,) = cache.iterdir()
    MAPPED(given_sets(grouped_vectors(words=40, seed=8), None, None))
    (own,) = set(cache.iterdir()) - {other}
    own.write_bytes(other.read_bytes())
    MAPPED(given_sets(grouped_vectors(words=40, seed=8), None, None))
    assert len(made) == 3


def test_the_maps_that_were_not_used_for_longest_make_room(cache, monkeypatch):
    sets = [grouped_vectors(words=40, seed=seed) for seed in range(3)]
    files: list[Path] = []
    for number, vectors in enumerate(sets[:2]):
        MAPPED(given_sets(vectors, None, None))
        (file,) = set(cache.iterdir()) - set(files)
        os.utime(file, (number + 1, number + 1))
        files.append(file)
    MAPPED(given_sets(sets[0], None, None))  # used again, so that the second is the oldest
    monkeypatch.setattr(kept_layouts, "MOST_BYTES", int(2.5 * files[0].stat().st_size))
    MAPPED(given_sets(sets[2], None, None))
    assert files[0].exists()
    assert not files[1].exists()
    assert len(files_in(cache)) == 2

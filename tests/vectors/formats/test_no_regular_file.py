"""A device, a named pipe, a folder or a socket in place of any file of vectors is told as one."""

import os
import shutil
import socket
from pathlib import Path

import pytest

import skipgram
from helpers.mutations import FOLDERS, SAMPLES
from skipgram.errors import FormatError

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")

KINDS = {
    "a named pipe": os.mkfifo if hasattr(os, "mkfifo") else None,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a folder": lambda path: path.mkdir(),
    "a socket": lambda path: socket.socket(socket.AF_UNIX).bind(str(path)),
}
FILES = [
    *((sample, "") for sample in SAMPLES if sample not in FOLDERS),
    ("native", "settings.json"),
    ("native", "vectors.safetensors"),
    ("native", "vocabulary.safetensors"),
]


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is named by a short path, as sockets need."""
    monkeypatch.chdir(tmp_path_factory.mktemp("s"))
    return Path()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("sample", "name"), FILES)
def test_what_is_no_regular_file_is_refused_by_its_kind(short, sample, name, kind):
    (short / "made").mkdir()
    files = SAMPLES[sample](short / "made")
    place = short / "v" if sample in FOLDERS else short
    place.mkdir(exist_ok=True)
    for file, content in files.items():
        (place / file).write_bytes(content)
    replaced = place / (name or next(iter(files)))
    replaced.unlink()
    KINDS[kind](replaced)
    format = sample.removesuffix("-old").removesuffix("-labels").replace("parquet", "arrow")
    if not name and kind == "a folder":
        format = "glove"  # a folder is asked for by its name, and is none of vectors
    with pytest.raises(FormatError) as caught:
        skipgram.load(place if sample in FOLDERS else short / next(iter(files)), format=format)
    assert str(caught.value).startswith(f"{replaced} is {kind}, not a regular file")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("sample", SAMPLES)
def test_links_to_files_are_followed(tmp_path, sample):
    (tmp_path / "made").mkdir()
    files = SAMPLES[sample](tmp_path / "made")
    kept, place = tmp_path / "kept", tmp_path / "v"
    kept.mkdir()
    place.mkdir()
    for file, content in files.items():
        (kept / file).write_bytes(content)
        (place / file).symlink_to(kept / file)
    path = place if sample in FOLDERS else place / next(iter(files))
    format = {"parquet": "arrow"}.get(sample, sample.split("-old")[0].split("-labels")[0])
    assert len(skipgram.load(path, format=format)) == 10
    shutil.rmtree(kept)
    with pytest.raises(FormatError):
        skipgram.load(path, format=format)

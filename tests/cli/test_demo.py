"""The demo does the main job in a screenful, with and without the map's libraries."""

import re
import sys
from pathlib import Path

import pytest

import skipgram
from helpers.command_line import run

pytestmark = pytest.mark.slow


def demo(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "demo", "--output", folder) == 0


def test_the_demo_shows_good_vectors_and_their_map_in_a_screenful(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "demo"
    for _ in range(2):
        demo(folder, monkeypatch)
        shown, said = capsys.readouterr()
        assert len((said + shown).splitlines()) <= 40
        (correlation,) = re.findall(r"WordSim-353 +(0\.\d+)", shown)
        assert float(correlation) >= 0.5
        assert "loss" in said
        assert shown.count("is to") == 6
        assert f"skipgram neighbors {folder / 'vectors'}" in shown
        assert (folder / "map.png").read_bytes().startswith(b"\x89PNG")
        assert len(skipgram.load(folder / "vectors")) == 27_048


def test_without_the_extra_the_demo_says_how_to_get_the_map_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [*sys.modules]:
        if name.split(".")[0] in ("matplotlib", "sklearn"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr("skipgram.cli.commands.demo.DEMO_EPOCHS", 1)
    demo(tmp_path / "demo", monkeypatch)
    shown, _ = capsys.readouterr()
    assert "pip install 'skipgram[plots]'" in shown
    assert "next:" in shown
    assert not (tmp_path / "demo" / "map.png").exists()

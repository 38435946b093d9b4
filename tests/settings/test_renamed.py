"""Settings by the names that they had before: taken, with a word of warning."""

import json

import pytest

import skipgram
from helpers.command_line import run
from skipgram.errors import SettingsError
from skipgram.settings import Settings
from skipgram.settings.renamed import RENAMED
from skipgram.settings.resolving import resolve

TEXT = "the sun and the moon and the sky\n" * 30


@pytest.mark.parametrize(("earlier", "now"), RENAMED.items())
def test_an_earlier_name_is_taken_with_a_warning(earlier, now):
    with pytest.warns(FutureWarning, match=f"^{earlier} is now called {now}$"):
        settings = Settings.of(**{earlier: "text"})
    assert settings == Settings.of(**{now: "text"})
    assert now in settings.to_dict()["model"]
    assert earlier not in settings.to_dict()["model"]


def test_an_earlier_name_settles_the_objective_as_the_new_one_does():
    with pytest.warns(FutureWarning):
        earlier = resolve({"objective": "auto", "windows": "text"}, 1)
    assert earlier == resolve({"objective": "auto", "gaps": "text"}, 1)


def test_both_names_are_refused():
    with pytest.raises(SettingsError, match="windows is now called gaps; give only the new one"):
        Settings.of(windows="text", gaps="closed-up")


def test_settings_that_were_saved_by_an_earlier_name_are_read_in_silence():
    saved = Settings.of(gaps="text").to_dict()
    saved["model"]["windows"] = saved["model"].pop("gaps")
    assert Settings.from_dict(saved) == Settings.of(gaps="text")


def test_counts_that_were_saved_by_an_earlier_name_are_read_and_trained_on(tmp_path):
    file, folder = tmp_path / "text.txt", tmp_path / "counts"
    file.write_text(TEXT)
    values = {"min_count": 1, "subsample": 0.0, "gaps": "text"}
    counts = skipgram.cooccurrence(file, folder, **values)
    about = json.loads((folder / "settings.json").read_text())
    about["windows"] = about.pop("gaps")
    (folder / "settings.json").write_text(json.dumps(about))
    again = skipgram.Cooccurrence.load(folder)
    assert again.options() == counts.options()
    assert (again.matrix != counts.matrix).nnz == 0


@pytest.mark.filterwarnings("default")
def test_the_command_line_takes_the_earlier_option_and_shows_only_the_new_one(
    monkeypatch, capsys, tmp_path
):
    file = tmp_path / "text.txt"
    file.write_text(TEXT)
    options = ["-o", tmp_path / "counts", "--min-count", "1", "--subsample", "0", "--quiet"]
    assert run(monkeypatch, "cooccurrence", file, "--windows", "text", *options) == 0
    assert "FutureWarning: --windows is now called --gaps" in capsys.readouterr().err
    assert json.loads((tmp_path / "counts" / "settings.json").read_text())["gaps"] == "text"
    assert run(monkeypatch, "cooccurrence", "--help") == 0
    shown = capsys.readouterr().out
    assert "--gaps" in shown
    assert "--windows" not in shown

"""`skipgram explore`: a page of vectors, or an error of one line."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
import webbrowser
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from helpers.command_line import run
from helpers.explorer_pages import Page
from helpers.grouped_vectors import QUICK, grouped_vectors
from skipgram.explorer import page_file
from skipgram.explorer.preparing import mapped_sets
from skipgram.pipeline import exploring

pytest.importorskip("openTSNE")


@pytest.fixture(autouse=True)
def quick_maps(monkeypatch):
    monkeypatch.setattr(exploring, "mapped_sets", partial(mapped_sets, settings=QUICK))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    grouped_vectors(words=40).save(tmp_path / "vectors")
    return tmp_path / "vectors"


def test_a_page_is_written_and_said(folder, tmp_path, monkeypatch, capsys):
    page = tmp_path / "page.html"
    assert run(monkeypatch, "explore", folder, "-o", page, "--title", "a & b") == 0
    output, said = capsys.readouterr()
    assert output == ""
    assert f"{page} (0.1 MB): open it in a browser\n" in said
    assert Page(page.read_text(encoding="utf-8")).of_tag("title")[0].text == "a & b"
    assert run(monkeypatch, "explore", folder, "-o", page) == 1
    assert "already exists" in capsys.readouterr().err
    assert run(monkeypatch, "explore", folder, "-o", page, "--overwrite", "--quiet") == 0
    assert capsys.readouterr() == ("", "")


def test_two_sets_and_a_table_of_colours_are_shown(folder, tmp_path, monkeypatch):
    grouped_vectors(words=30, seed=8).save(tmp_path / "other")
    table = tmp_path / "table.tsv"
    table.write_text("word\tkind\nw1\ta\n")
    page = tmp_path / "page.html"
    given = [folder, tmp_path / "other", "-o", page, "--colors", table, "--first-words", "20"]
    assert run(monkeypatch, "explore", *given) == 0
    about = Page(page.read_text(encoding="utf-8")).about
    assert [of_set["length"] for of_set in about["sets"]] == [20, 20]
    assert [of_set["columns"][0]["name"] for of_set in about["sets"]] == ["kind", "kind"]


def test_too_many_words_for_a_page_are_told_with_both_ways_out(
    folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(page_file, "MOST_BYTES", 1_000)
    assert run(monkeypatch, "explore", folder, "-o", tmp_path / "page.html", "--quiet") == 2
    assert capsys.readouterr().err == (
        "skipgram: the page would have 0 MB, and 0 MB is what a browser opens well; show fewer "
        "words, the most frequent ones: --first-words, or serve them all: `skipgram explore` "
        "without --output\n"
    )


def test_an_input_is_never_overwritten(folder, monkeypatch, capsys):
    assert run(monkeypatch, "explore", folder, "-o", folder, "--overwrite") == 2
    assert "is an input and would be overwritten" in capsys.readouterr().err


def test_the_page_is_served_until_an_interrupt(folder, monkeypatch, capsys):
    from skipgram.explorer import server

    asked, opened = {}, Event()

    def serve(vectors, other, *, at, on_start, **options):
        asked.update(vectors=vectors, other=other, **options)
        with at.opened:
            on_start()
            raise KeyboardInterrupt

    monkeypatch.setattr(server, "serve", serve)
    monkeypatch.setattr(webbrowser, "open_new_tab", lambda url: opened.set())
    with server.address(port=0).opened as taken:
        port = taken.getsockname()[1]
        given = [folder, "--port", str(port), "--first-words", "30"]
        assert run(monkeypatch, "explore", *given) == 0
        said = capsys.readouterr().err
        assert f"port {port} is in use; " in said
        assert "the explorer is at http://127.0.0.1:" in said
        assert said.endswith("the explorer has ended\n")
        assert (asked["vectors"], asked["other"], asked["first_words"]) == (folder, None, 30)
        assert opened.wait(10)
        opened.clear()
        assert run(monkeypatch, "explore", *given, "--no-browser", "--quiet") == 0
        assert capsys.readouterr().err == ""
        assert not opened.wait(0.2)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="interrupts are sent otherwise there")
def test_a_served_page_ends_well_with_an_interrupt(folder):
    begin = [sys.executable, "-m", "skipgram", "explore", str(folder), "--port", "0"]
    with subprocess.Popen(
        [*begin, "--no-browser"], stderr=subprocess.PIPE, text=True, restore_signals=True
    ) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        (url,) = re.findall(r"the explorer is at (http://127\.0\.0\.1:\d+/) until", said)
        with urllib.request.urlopen(url, timeout=20) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 0, rest
    assert rest.endswith("the explorer has ended\n")
    assert "Traceback" not in rest


def test_a_port_that_cannot_be_is_wrong_usage(folder, monkeypatch, capsys):
    assert run(monkeypatch, "explore", folder, "--port", "70000") == 2
    assert "--port is from 0 to 65,535, not 70,000" in capsys.readouterr().err


def test_a_missing_extra_is_one_line(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "openTSNE", None)
    assert run(monkeypatch, "explore", folder, "-o", tmp_path / "page.html") == 1
    assert capsys.readouterr().err.endswith(
        "skipgram: the map needs openTSNE; the module openTSNE is not installed: "
        "pip install 'skipgram[explore]'\n"
    )

"""What a notebook is shown of a run: one output, not too often, and nobody's markup."""

from helpers.notebooks import Notebook
from helpers.run_events import Clock
from skipgram.views.notebook import NotebookDisplay


def test_the_output_is_updated_a_few_times_a_second_at_most(monkeypatch):
    notebook, clock = Notebook(monkeypatch), Clock()
    with NotebookDisplay(clock) as display:
        for part in range(1_000):
            display.advance("epoch 1", part / 1_000, "loss 2.5")
            clock.now += 0.01
    assert 30 < len(notebook.outputs) < 40
    assert notebook.count == 1


def test_what_begins_is_shown_at_once(monkeypatch):
    notebook, clock = Notebook(monkeypatch), Clock()
    display = NotebookDisplay(clock)
    display.advance("reading", 1.0, "")
    display.finish()
    display.advance("epoch 1", 0.25, "loss 2.5")
    assert [data["text/plain"] for _, data in notebook.outputs] == [
        "reading  100%  ",
        "epoch 1   25%  loss 2.5",
    ]


def test_a_run_that_shows_no_progress_leaves_no_output(monkeypatch, capsys):
    notebook = Notebook(monkeypatch)
    with NotebookDisplay() as display:
        display.say("using the encoded corpus in v.corpus")
    assert notebook.outputs == []
    assert capsys.readouterr().out == "using the encoded corpus in v.corpus\n"


def test_neither_lines_nor_the_bar_can_do_anything(monkeypatch, capsys):
    notebook = Notebook(monkeypatch)
    display = NotebookDisplay()
    display.say("checkpoint in a\x1b[31m\n")
    display.advance("<script>", 0.5, "<b>")
    assert capsys.readouterr().out == "checkpoint in a\\x1b[31m\\n\n"
    ((_, data),) = notebook.outputs
    assert "&lt;script&gt;" in data["text/html"]
    assert "<script>" not in data["text/html"]
    assert "<b>" not in data["text/html"]
    assert "color:" not in data["text/html"].replace("background:currentColor", "")

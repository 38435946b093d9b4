"""Commands and options of other tools, typed here: told what to type instead, with exit code 2."""

import pytest
from typer.main import get_command

from helpers.command_line import run
from skipgram.cli import app
from skipgram.cli.elsewhere import COMMANDS, require_own_options


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("train x -o v --vector-size 100", "no option --vector-size: write --embedding-dim 100"),
        ("train x -o v --size=100", "no option --size: write --embedding-dim 100"),
        ("train x -size 100 -o v", "no option -size: write --embedding-dim 100"),
        ("train x -o v -dim 50 --iter 3", "-dim: write --embedding-dim 50; no option --iter: "),
        ("train x -o v --workers 4", "no option --workers: write --threads 4; by default all "),
        ("train x -o v -t 1e-5", "no option -t: write --subsample 1e-5; by default 1e-4 here"),
        ("train x -o v --sg 1", "no option --sg: every training here is skip-gram"),
        ("train x -hs 1", "no option -hs: hierarchical softmax is not here; omit hs=0, and "),
        ("train x -output v", "no option -output: write --output"),
        ("train x -o v -minCount 3", "no option -minCount: write --min-count"),
        ("train x -o v --embedding_dim 3", "no option --embedding_dim: write --embedding-dim"),
        ("train x -o v -quiet", "no option -quiet: write --quiet"),
        ("encode x -o v --max-final-vocab 9", "write --max-vocabulary 9"),
        ("neighbors v king --topn 5", "no option --topn: write --count 5"),
        ("neighbors v king --restrict_vocab 9", "write --first-words 9"),
        ("evaluate v --restrict-vocab 9", "no option --restrict-vocab: write --first-words 9"),
        ("convert v w --binary", "no option --binary: a file's format is recognised by"),
        ("nn v", "no command nn: here it is neighbors; see skipgram neighbors --help"),
        ("most_similar v king", "no command most_similar: here it is neighbors; see"),
        ("-train x -output v", "no command -train: here it is train; see skipgram train --help"),
        ("skipgram -input x", "no command skipgram: here it is train; see"),
    ],
)
def test_it_is_told_what_to_type(words, told, monkeypatch, capsys):
    assert run(monkeypatch, *words.split()) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.startswith("skipgram: no ")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("train x -o v --embeding-dim 3", "No such option: --embeding-dim"),
        ("neighbors v --size 3", "No such option: --size"),
        ("align v w --workers 3", "No such option: --workers"),
        ("trian x", "No such command 'trian'"),
    ],
)
def test_what_is_nobodys_or_has_no_counterpart_there_stays_an_unknown_one(
    words, told, monkeypatch, capsys
):
    assert run(monkeypatch, *words.split()) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("words", ["train none.txt -ov", "train none.txt -o v -- -size"])
def test_an_attached_value_and_a_name_after_two_hyphens_are_no_options(words, monkeypatch, capsys):
    assert run(monkeypatch, *words.split()) == 1
    assert "no option" not in capsys.readouterr().err


def test_commands_elsewhere_lead_to_commands_here():
    from typer.main import get_command

    from skipgram.cli import app

    commands = get_command(app).commands
    assert set(COMMANDS) <= set(commands)
    assert not {name for names in COMMANDS.values() for name in names} & set(commands)
    for command in commands.values():  # none of our own options is taken for a foreign one
        require_own_options(command, [name for option in command.params for name in option.opts])


@pytest.mark.parametrize("name", sorted(get_command(app).commands))
def test_a_command_typed_alone_has_no_option_of_others(name, tmp_path, monkeypatch, capsys):
    require_own_options(get_command(app).commands[name], [])
    if name == "demo":  # which needs no more, and runs
        return
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, name) == 2
    said = capsys.readouterr().err
    assert said.startswith("skipgram: Missing ")
    assert said.count("\n") == 1

"""Loading and asking stay light: no compiler, no plots, no SciPy."""

import json
import subprocess
import sys
from importlib import import_module

import pytest

import skipgram
from helpers.handmade_vectors import random_vectors, spelled_vectors

HEAVY = ("numba", "llvmlite", "scipy", "matplotlib", "sklearn", "torch")


def heavy_modules_after(code: str, *arguments: str, heavy: tuple[str, ...] = HEAVY) -> list[str]:
    """Which heavy modules a fresh interpreter has imported once it has run the code."""
    report = f"import sys; print(*[name for name in {heavy} if name in sys.modules])"
    run = [sys.executable, "-c", f"{code}\n{report}", *arguments]
    shown = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    return shown.split("\n")[-2].split()


def test_importing_the_package_does_not_even_import_numpy():
    assert heavy_modules_after("import skipgram", heavy=(*HEAVY, "numpy", "rich")) == []


def test_the_command_line_imports_no_numpy_before_it_knows_the_command():
    assert heavy_modules_after("import skipgram.cli", heavy=(*HEAVY, "numpy", "rich.table")) == []


@pytest.mark.parametrize(
    "module", ["skipgram.vectors.word_vectors", "skipgram.vectors.formats.native"]
)
def test_importing_the_vectors_is_light(module):
    assert heavy_modules_after(f"import {module}") == []


def test_words_are_spelled_lightly(tmp_path):
    spelled_vectors().save(tmp_path / "vectors")
    code = """
import sys, skipgram
vectors = skipgram.load(sys.argv[1])
vectors["helpings"], vectors.most_similar("helpings"), vectors.can_spell("xyz")
vectors.showing("center").compact("int8").save(sys.argv[1], overwrite=True)
"""
    assert heavy_modules_after(code, str(tmp_path / "vectors")) == []
    assert heavy_modules_after_commands(["neighbors", str(tmp_path / "vectors"), "helpings"]) == []


def test_loading_vectors_and_asking_them_is_light(tmp_path):
    random_vectors(1, vocab_size=9, embedding_dim=3).save(tmp_path / "vectors")
    code = """
import sys, skipgram
vectors = skipgram.load(sys.argv[1])
vectors.most_similar("w1"), vectors.analogy("w1", "w2", "w3"), vectors.similarity("w1", "w2")
vectors.most_similar_each(["w1", "w2"], first_words=5, exclude=["w3"])
vectors.doesnt_match(["w1", "w2", "w3"]), vectors.closer_than("w1", "w2"), vectors.rank("w1", "w2")
vectors.similarities("w1"), vectors.compact("int8").most_similar("w1", combine="multiply")
vectors.save(sys.argv[1], overwrite=True), vectors.export(sys.argv[1] + ".bin")
try:
    vectors["w"]
except skipgram.SkipgramError:
    pass
"""
    assert heavy_modules_after(code, str(tmp_path / "vectors"), heavy=(*HEAVY, "rich")) == []


def test_few_questions_are_answered_without_a_compiler(tmp_path):
    random_vectors(1, vocab_size=9, embedding_dim=3).save(tmp_path / "vectors")
    code = """
import sys, skipgram
from skipgram.evaluation.analogies import analogy_score
from skipgram.evaluation.questions import Question, QuestionSet
asked = QuestionSet("", [Question("", "w1", "w2", "w3", "w4")])
assert analogy_score(skipgram.load(sys.argv[1]), asked).questions_known == 1
"""
    compilers = ("numba", "llvmlite")
    assert heavy_modules_after(code, str(tmp_path / "vectors"), heavy=compilers) == []


COMMANDS = """
import json, sys
from skipgram.cli import main
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["skipgram", *arguments]
    try:
        main()
    except SystemExit as ended:
        assert not ended.code
"""


def heavy_modules_after_commands(*commands: list[str]) -> list[str]:
    """What is light is so one command after the other as well: nothing heavy is ever put away."""
    return heavy_modules_after(COMMANDS, json.dumps(commands))


def test_help_is_light():
    assert heavy_modules_after_commands(["--help"], ["train", "--help"]) == []


def test_queries_on_the_command_line_are_light(tmp_path):
    folder = str(tmp_path / "vectors")
    random_vectors(1, vocab_size=9, embedding_dim=3).save(folder)
    queries = (
        ["neighbors", folder, "w1", "w2"],
        ["similarity", folder, "w1", "w2"],
        ["analogy", folder, "w1", "w2", "w3"],
        ["info", folder],
    )
    assert heavy_modules_after_commands(*queries) == []


def test_these_tests_of_lightness_can_fail(tmp_path):
    assert heavy_modules_after("import scipy") == ["scipy"]
    text = tmp_path / "text.txt"
    text.write_text("sun moon\n" * 9)
    training = ["train", str(text), "-o", str(tmp_path / "out"), "--subsample", "0", "--quiet"]
    assert "numba" in heavy_modules_after_commands(["--version"], training)


@pytest.mark.parametrize("name", skipgram.__all__)
def test_every_public_name_stands_in_the_module_that_is_its_home(name):
    home = import_module(skipgram._HOMES[name])
    assert getattr(skipgram, name) is getattr(home, name)
    assert getattr(skipgram, name).__module__ == home.__name__


def test_the_public_names_are_those_with_a_home():
    assert set(skipgram._HOMES) == set(skipgram.__all__)
    assert set(skipgram.__all__) <= set(dir(skipgram))


def test_a_name_that_the_package_does_not_have_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'skipgram' has no attribute 'word2vec'"):
        skipgram.word2vec  # noqa: B018  # the look-up itself is what fails

"""The examples of the guide to one's own corpus say what they give."""

import doctest
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "corpora.md"


@pytest.mark.slow
def test_the_python_examples_of_the_guide_give_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    failures, examples = doctest.testfile(str(GUIDE), module_relative=False)
    assert examples > 20
    assert failures == 0

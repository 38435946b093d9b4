"""Two trainings never share a checkpoint: the second is refused while the first one runs."""

import sys
from pathlib import Path
from typing import Any

import pytest

import skipgram
from helpers.folder_contents import tree
from helpers.small_trainings import TINY
from skipgram.errors import CorpusError, OutputExistsError, SkipgramError
from skipgram.training import checkpoint
from skipgram.training.events import CheckpointSaved, Started


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text("sun moon star\n" * 50)
    return file


@pytest.mark.parametrize("moment", [Started, CheckpointSaved])
@pytest.mark.parametrize("asked", ["", "overwrite", "resume"])
def test_a_second_training_on_the_same_output_is_refused_while_the_first_one_runs(
    text, tmp_path, asked, moment
):
    pytest.importorskip("fcntl")
    refused: list[str] = []
    place = tmp_path / "out"
    more = {asked: True} if asked else {}

    def begin_another(event: Any) -> None:
        if isinstance(event, moment):
            with pytest.raises(OutputExistsError) as caught:
                skipgram.train(text, place, **more, **TINY)
            refused.append(str(caught.value))

    often = TINY | {"checkpoint_minutes": 1e-9}
    vectors = skipgram.train(text, place, observe=begin_another, **often)
    assert set(refused) == {
        f"another running training keeps its checkpoints in {place}.checkpoint; wait until it "
        "ends, or choose another name for the vectors"
    }
    assert list(skipgram.load(place).words) == list(vectors.words)
    assert not (tmp_path / "out.checkpoint").exists()
    skipgram.train(text, place, overwrite=True, **TINY)  # nobody holds it any more


def test_a_training_that_fails_leaves_no_folder_it_made_to_hold(text, tmp_path):
    before = tree(tmp_path)
    with pytest.raises(CorpusError):
        skipgram.train(text, tmp_path / "new" / "deep" / "out", **TINY | {"min_count": 1000})
    assert tree(tmp_path) == before


def test_a_folder_that_its_training_removed_and_another_made_anew_stays(tmp_path):
    pytest.importorskip("fcntl")
    place = tmp_path / "out.checkpoint"
    with checkpoint.held(place):
        checkpoint.remove(place)
        with checkpoint.held(place):
            assert place.is_dir()
        place.mkdir()
    assert place.is_dir()


def test_where_there_are_no_locks_a_training_goes_on_without(text, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "fcntl", None)
    skipgram.train(text, tmp_path / "out", **TINY)
    assert skipgram.load(tmp_path / "out")


@pytest.mark.skipif(sys.platform != "linux", reason="where nothing can be made in /proc")
def test_a_place_where_nothing_can_be_made_is_one_line_and_not_an_endless_wait(tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("sun moon star\n" * 9)
    with pytest.raises(SkipgramError, match=r"^/proc/nowhere\.checkpoint cannot be written: "):
        skipgram.train(text, "/proc/nowhere", min_count=1, subsample=0, embedding_dim=4)

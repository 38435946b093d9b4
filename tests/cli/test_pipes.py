"""What can be read once is opened once: pipes, packed or not, wherever a corpus is read."""

import os
import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import skipgram
from helpers.command_line import run
from helpers.corpora import PACKED_OR_NOT, packed
from skipgram.errors import CorpusError, SettingsError

TEXT = b"sun moon star sky\npot pan stove spoon\n" * 300  # more than one block of a file's
QUICK = {"min_count": 1, "threads": 1}
TRAIN = {"embedding_dim": 4, "epochs": 1, "subsample": 0}
SECONDS = 20

pytestmark = pytest.mark.skipif(
    not (hasattr(os, "mkfifo") and Path("/dev/fd").exists()), reason="no such pipes on this system"
)

READERS: dict[str, Callable[[Any], int]] = {
    "vocabulary": lambda corpus: skipgram.count_words(corpus, **QUICK).total,
    "encode": lambda corpus: len(skipgram.encode(corpus, **QUICK)),
    "phrases": lambda corpus: skipgram.encode(corpus, phrases=1, **QUICK).summary.tokens,
    "train": lambda corpus: skipgram.train(corpus, **QUICK, **TRAIN).vocabulary.total,
    "cooccurrence": lambda corpus: skipgram.cooccurrence(corpus, **QUICK).vocabulary.total,
}
readers = pytest.mark.parametrize("read", READERS.values(), ids=READERS)


@pytest.fixture
def process_substitution() -> Iterator[Callable[[bytes], str]]:
    """What a shell gives a command for `<(...)`: the name of a pipe that holds so many bytes."""
    ends: list[int] = []

    def pipe(content: bytes) -> str:
        read, write = os.pipe()
        ends.append(read)
        os.write(write, content)
        os.close(write)
        return f"/dev/fd/{read}"

    yield pipe
    for end in ends:
        os.close(end)


def in_time(work: Callable[[], Any]) -> Any:
    """What the work gives; an error where it waits for a pipe for ever."""
    outcome: queue.Queue[Any] = queue.Queue()
    threading.Thread(target=lambda: outcome.put(work()), daemon=True).start()
    return outcome.get(timeout=SECONDS)


@readers
@packed
def test_every_byte_of_a_process_substitution_is_read(process_substitution, read, pack):
    assert read(process_substitution(pack(TEXT))) == 2_400


@readers
@packed
def test_a_named_pipe_is_opened_once_and_not_waited_for_again(tmp_path, read, pack):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_bytes, args=[pack(TEXT)], daemon=True).start()
    assert in_time(lambda: read(pipe)) == 2_400


def test_a_pipe_may_stand_among_vocabularies_and_files(process_substitution, tmp_path):
    (tmp_path / "text").write_bytes(TEXT)
    skipgram.count_words(tmp_path / "text").save(tmp_path / "vocabulary")
    corpus = [tmp_path / "vocabulary", process_substitution(TEXT), tmp_path / "text"]
    assert skipgram.count_words(corpus).total == 3 * 2_400


def test_a_pipe_that_is_named_twice_is_refused(process_substitution, tmp_path):
    name = process_substitution(TEXT)
    with pytest.raises(CorpusError) as caught:
        skipgram.count_words([name, name])
    assert str(caught.value) == f"{name} is named 2 times, and a pipe can be read only once"
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    with pytest.raises(CorpusError, match="link is named 2 times"):
        skipgram.count_words([tmp_path / "pipe", tmp_path / "link"])


def test_a_pipe_cannot_be_cached(process_substitution, tmp_path):
    with pytest.raises(SettingsError, match=r"a pipe, .* cannot be fingerprinted"):
        skipgram.train(process_substitution(TEXT), tmp_path / "out", cache=True, **QUICK, **TRAIN)


def test_a_list_of_words_may_come_from_a_pipe(process_substitution, tmp_path, monkeypatch, capsys):
    (tmp_path / "text").write_bytes(TEXT)
    lists = ["--drop-words", process_substitution(b"sun moon")]
    assert run(monkeypatch, "vocabulary", tmp_path / "text", *lists) == 0
    assert "6 words, 1,800 tokens" in capsys.readouterr().out


def test_the_pipes_of_these_tests_hold_all_that_is_written_into_them():
    assert 4_096 < max(len(pack(TEXT)) for pack in PACKED_OR_NOT.values()) < 1 << 16

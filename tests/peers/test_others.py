"""gensim and fastText in their processes: the same words, our settings, and what goes wrong."""

import importlib.util
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from helpers.small_texts import small_corpus, small_settings
from skipgram.peers.others import FastText, Gensim, Peer, _why
from skipgram.peers.systems import SystemFailedError
from skipgram.peers.text import OneText, one_text

PEERS = [
    pytest.param(
        peer,
        id=peer.name,
        marks=pytest.mark.skipif(
            importlib.util.find_spec(peer.module) is None, reason=f"{peer.name} is not installed"
        ),
    )
    for peer in (Gensim, FastText)
]


@pytest.fixture
def text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OneText]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    lines = ["the sun and the moon", "the moon and a\u00a0star __label__x </s>"] * 40
    with one_text(small_corpus(lines), threads=1) as text:
        yield text


def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> Peer:
    """A peer whose process runs this code."""
    (tmp_path / "pretended.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("skipgram.peers.others._HOME", "")
    peer = Gensim()
    monkeypatch.setattr(peer, "script", "pretended")
    return peer


@pytest.mark.parametrize("kind", PEERS)
def test_a_peer_finds_every_word_as_often_as_we_do(kind: type[Peer], text: OneText) -> None:
    shares: list[float] = []
    trained = kind().train(text, small_settings(), 3, shares.append)
    assert trained.seed == 3
    assert list(trained.vectors) == list(text.vocabulary)
    assert trained.vectors.matrix.shape == (len(text.vocabulary), 4)
    assert np.asarray(trained.vectors.matrix).any(axis=1).all()
    assert 0 < trained.training_seconds <= trained.seconds
    assert shares[-1] == 1
    assert shares == sorted(shares)


@pytest.mark.slow
@pytest.mark.parametrize("kind", PEERS)
def test_a_seed_makes_a_training_and_another_one_makes_another(
    kind: type[Peer], text: OneText
) -> None:
    one, again, other = (
        np.asarray(kind().train(text, small_settings(), seed, lambda share: None).vectors.matrix)
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


@pytest.mark.parametrize("kind", PEERS)
def test_a_peer_has_a_version_and_a_rate_of_its_own(kind: type[Peer]) -> None:
    assert kind().version[0].isdigit()
    own = kind().settings(small_settings())
    chosen = kind(0.1).settings(small_settings())
    assert kind.own_rate in own.values()
    assert 0.1 in chosen.values()


def test_our_settings_have_other_names_there() -> None:
    like = small_settings(window=3, negatives=7, subsample=1e-3, epochs=4, threads=2)
    assert Gensim().settings(like) == {
        "sg": 1, "vector_size": 4, "window": 3, "negative": 7, "sample": 1e-3, "alpha": 0.025,
        "epochs": 4, "workers": 2, "min_count": 1,
    }  # fmt: skip
    of_fasttext = FastText().settings(like)
    expected = {"dim": 4, "ws": 3, "neg": 7, "t": 1e-3, "lr": 0.05, "epoch": 4, "thread": 2}
    assert {name: of_fasttext[name] for name in expected} == expected


def test_no_subsampling_keeps_every_word_in_fasttext_too() -> None:
    assert FastText().settings(small_settings(subsample=0.0))["t"] == 1


def test_a_peer_that_cannot_be_imported_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Gensim, "module", "no_such_module")
    assert Gensim().to_install == "gensim"


def test_the_last_words_of_a_process_that_fails_are_the_reason(
    text: OneText, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = script(tmp_path, monkeypatch, "raise ValueError('it broke')")
    with pytest.raises(SystemFailedError, match=r"^ValueError: it broke$"):
        peer.train(text, small_settings(), 1, lambda share: None)


def test_a_process_that_was_killed_is_told_so(
    text: OneText, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = script(tmp_path, monkeypatch, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(SystemFailedError, match="SIGKILL, as the system does where memory is"):
        peer.train(text, small_settings(), 1, lambda share: None)


def test_a_system_that_counts_otherwise_is_refused(
    text: OneText, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
import sys, numpy as np
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
found = Vocabulary.load(sys.argv[2]).counts.copy()
found[0] += 1
found.astype("<i8").tofile(sys.argv[4])
np.zeros((len(found), 4), "<f4").tofile(sys.argv[3])
"""
    peer = script(tmp_path, monkeypatch, code)
    with pytest.raises(SystemFailedError, match="it counts 'the' 121 times instead of 120"):
        peer.train(text, small_settings(), 1, lambda share: None)


def test_an_interrupt_ends_the_process(
    text: OneText, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
import sys, time
sys.stderr.write("Progress: 1.0%\\n")
sys.stderr.flush()
time.sleep(50)
"""
    peer = script(tmp_path, monkeypatch, code)
    began = time.monotonic()

    def interrupt(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        peer.train(text, small_settings(), 1, interrupt)
    assert time.monotonic() - began < 30


def test_a_process_that_says_nothing_has_its_code() -> None:
    assert _why(-signal.SIGSEGV, "") == "its process was ended by SIGSEGV"
    assert _why(3, "") == "its process ended with code 3"

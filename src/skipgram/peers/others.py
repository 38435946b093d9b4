"""gensim and fastText: what our settings are called there, and a training of theirs, timed."""

import importlib.metadata
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import time
from abc import abstractmethod
from typing import Any

import numpy as np

from skipgram.peers.systems import Advance, System, SystemFailedError, Trained
from skipgram.peers.telling import BEGUN, DONE, HAS_READ, PROGRESS
from skipgram.peers.text import OneText
from skipgram.settings import Settings
from skipgram.untrusted.opening import map_numbers
from skipgram.vectors.word_vectors import WordVectors

_SEEDS = 2**31
"""Theirs are 32-bit numbers."""
_SHARE = re.compile(rf"{PROGRESS}\s*([\d.]+)%")
_LONGEST_REASON = 200
_HOME = f"{__package__}."


class Peer(System):
    """Another package, which trains in a process of its own."""

    module: str
    """by which it is imported"""
    script: str
    """our module that trains it"""
    packages: tuple[str, ...]
    """that have the module; the first is the one to install"""
    own_rate: float
    """the package's default"""

    def __init__(self, rate: float | None = None) -> None:
        self.rate = self.own_rate if rate is None else rate

    @property
    def to_install(self) -> str:
        """The package's name, unless it can be imported."""
        return "" if importlib.util.find_spec(self.module) else self.packages[0]

    @property
    def version(self) -> str:
        """As its installation says."""
        for package in self.packages:
            try:
                return importlib.metadata.version(package)
            except importlib.metadata.PackageNotFoundError:
                continue
        return "unknown"

    @abstractmethod
    def settings(self, like: Settings) -> dict[str, Any]:
        """Under the package's names, its own rate among them."""

    def train(self, text: OneText, like: Settings, seed: int, advance: Advance) -> Trained:
        """Wait for the process, and check that it has found the same words."""
        rows, counts = text.folder / "rows", text.folder / "counts"
        values = json.dumps({**self.settings(like), "seed": seed % _SEEDS})
        files = [str(path) for path in (text.file, text.saved_vocabulary, rows, counts)]
        began, had_read, ended = self._run([*files, values], advance)
        words = len(text.vocabulary)
        found = map_numbers(counts, "<i8", (words,), is_all=True)
        if (wrong := np.flatnonzero(found != text.vocabulary.counts)).size:
            word = wrong[0]
            raise SystemFailedError(
                f"it counts {text.vocabulary.words[word]!r} {found[word]:,} times instead of "
                f"{text.vocabulary.counts[word]:,}"
            )
        matrix = np.array(map_numbers(rows, "<f4", (words, like.model.embedding_dim), is_all=True))
        if not np.isfinite(matrix).all():
            raise SystemFailedError("a number of its vectors is not finite")
        said = {"system": self.name, "version": self.version, "settings": self.settings(like)}
        about = {**text.about, "trained_by": {**said, "seed": seed}}
        vectors = WordVectors(text.vocabulary, matrix, about=about, phraser=text.given.phraser)
        return Trained(seed, vectors, ended - had_read, ended - began)

    def _run(self, arguments: list[str], advance: Advance) -> tuple[float, float, float]:
        """When its clock started, when it had read the text, when the clock stopped."""
        command = [sys.executable, "-P", "-m", _HOME + self.script, *arguments]
        path = os.pathsep.join(filter(None, sys.path))  # a notebook's may have been changed
        times, last = dict.fromkeys((BEGUN, HAS_READ, DONE), 0.0), ""
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONPATH": path},
        ) as process:
            try:
                assert process.stderr is not None
                for line in process.stderr:
                    if (share := _SHARE.search(line)) is not None:
                        advance(float(share[1]) / 100)
                        continue
                    last = line.strip() or last
                    mark = next((mark for mark in times if last.startswith(mark)), None)
                    if mark is not None and not times[mark]:
                        times[mark] = time.perf_counter()
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise SystemFailedError(_why(process.returncode, last))
        return times[BEGUN], times[HAS_READ], times[DONE]


class Gensim(Peer):
    """Word2Vec with sg=1, from a file."""

    name, module, script, packages = "gensim", "gensim", "in_gensim", ("gensim",)
    own_rate = 0.025

    def settings(self, like: Settings) -> dict[str, Any]:
        """Rare words are gone from the text already."""
        model, training = like.model, like.training
        return {
            "sg": 1,
            "vector_size": model.embedding_dim,
            "window": model.window,
            "negative": model.negatives,
            "sample": training.subsample,
            "alpha": self.rate,
            "epochs": training.epochs,
            "workers": like.run.threads,
            "min_count": 1,
        }


class FastText(Peer):
    """Skip-gram with n-grams of 3 to 6 letters, which are its default."""

    name, module, script = "fastText", "fasttext", "in_fasttext"
    packages = ("fasttext-community", "fasttext", "fasttext-wheel")
    own_rate = 0.05

    def settings(self, like: Settings) -> dict[str, Any]:
        """Rare words are gone from the text already; no word is a label."""
        model, training = like.model, like.training
        return {
            "model": "skipgram",
            "dim": model.embedding_dim,
            "ws": model.window,
            "neg": model.negatives,
            "t": training.subsample or 1.0,  # 0 would drop every word
            "lr": self.rate,
            "epoch": training.epochs,
            "thread": like.run.threads,
            "minn": 3,
            "maxn": 6,
            "minCount": 1,
            "label": " ",
        }


def _why(code: int, last_line: str) -> str:
    """One line, whether it ended by itself or was ended."""
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        memory = ", as the system does where memory is short" if name == "SIGKILL" else ""
        return f"its process was ended by {name}{memory}"
    return last_line[:_LONGEST_REASON] or f"its process ended with code {code}"

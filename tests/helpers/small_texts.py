"""A small text for systems that train on it, and the settings they train with."""

import skipgram
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.settings import Settings

LINES = ["the sun and the moon", "the moon and a star of the sky", "rare"] * 60 + ["one two"]
SMALL = {"embedding_dim": 4, "epochs": 2, "subsample": 0.0, "threads": 1}


def small_corpus(lines: list[str] = LINES, min_count: int = 5) -> EncodedCorpus:
    return skipgram.encode(skipgram.Texts(lines), min_count=min_count, progress=False)


def small_settings(**values: float) -> Settings:
    return Settings.of(**{"objective": "negative-sampling", **SMALL, **values})

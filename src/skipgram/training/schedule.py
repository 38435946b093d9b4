"""The learning rate over a run."""

import math

from skipgram.settings import TrainingSettings

LEAST_RATE = 1e-4
"""A falling rate ends at this share of its start, as in word2vec.c."""


def learning_rate(settings: TrainingSettings, done: float) -> float:
    """The step length when a share `done` of all tokens, in 0..1, has been trained.

    linear     rate · (1 − (1 − LEAST_RATE) · done)
    cosine     rate · (LEAST_RATE + (1 − LEAST_RATE) · (1 + cos(π · done)) / 2)
    constant   rate

    Source: word2vec.c (linear); Loshchilov and Hutter 2017 (cosine).
    """
    if settings.schedule == "constant":
        return settings.learning_rate
    if settings.schedule == "cosine":
        left = (1 + math.cos(math.pi * done)) / 2
        return settings.learning_rate * (LEAST_RATE + (1 - LEAST_RATE) * left)
    return settings.learning_rate * (1 - (1 - LEAST_RATE) * done)

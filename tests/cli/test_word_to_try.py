"""A word worth asking about."""

import numpy as np

from skipgram.cli.views.word_to_try import word_to_try
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.vectors.word_vectors import WordVectors


def vectors_with(lengths: dict[str, float]) -> WordVectors:
    """Vectors of these lengths; the first words are the most frequent."""
    counts = np.arange(len(lengths), 0, -1)
    matrix = np.array([[length, 0] for length in lengths.values()], np.float32).reshape(-1, 2)
    return WordVectors(Vocabulary(list(lengths), counts), matrix)


FUNCTION_WORDS = {f"often{'e' * number}": 9.0 for number in range(100)}


def test_the_word_to_try_is_frequent_but_below_the_function_words_and_has_the_longest_vector():
    words = {"under": 1.0, "surgery": 4.0, "sea": 8.0, "p53x": 8.0, "river": 3.0}
    rarer = {f"rare{'r' * number}": 1.0 for number in range(300)} | {"longest": 99.0}
    assert word_to_try(vectors_with(FUNCTION_WORDS | words | rarer)) == "surgery"


def test_a_small_vocabulary_has_a_word_to_try_too():
    assert word_to_try(vectors_with({"the": 1.0, "moon": 2.0, "a": 3.0})) == "moon"
    assert word_to_try(vectors_with({"la": 1.0, "ma": 2.0, "12": 3.0})) == "ma"
    assert word_to_try(vectors_with({"12": 1.0, "5%": 2.0})) == "5%"
    assert word_to_try(vectors_with({})) == "WORD"

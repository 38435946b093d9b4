import lzma
from collections import Counter

import skipgram
from skipgram.figures.demo_words import DEMO_ANALOGIES, DEMO_GROUPS, DEMO_QUERIES


def test_the_map_has_sixty_words_and_none_of_them_twice() -> None:
    words = [word for group in DEMO_GROUPS.values() for word in group]
    assert len(words) == len(set(words)) == 60


def test_there_are_eight_queries_and_three_analogies() -> None:
    assert len(set(DEMO_QUERIES)) == 8
    assert len(set(DEMO_ANALOGIES)) == 3


def test_the_demo_corpus_has_every_word_often_enough() -> None:
    with lzma.open(skipgram.demo_corpus(), "rt", encoding="utf-8") as corpus:
        counts = Counter(corpus.read().split())
    shown = [*DEMO_GROUPS.values(), DEMO_QUERIES, *DEMO_ANALOGIES]
    assert [word for words in shown for word in words if counts[word] < 5] == []

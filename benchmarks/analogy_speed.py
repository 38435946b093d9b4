"""How long Google's 19,544 analogies take, beside gensim's evaluate_word_analogies.

    python benchmarks/analogy_speed.py [--vectors DIR] [--every 20] [--method 3CosMul]

By default on random vectors of 60,237 words and 100 numbers, in which the pairs of a section differ
by about the same vector, and among all words. Gensim is asked every 20th question, and its seconds
a question are held against ours; --every 1 asks it all, in some minutes. The answers are
compared first: of each section as many must be asked, and as many right. Gensim adds whatever
method it is asked for, so products are timed and not compared.

Ours are timed from the read questions to the score with its interval: the first time with the
loading of compiled code, then again.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

import skipgram
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.evaluation.analogies import GOOGLE_ANALOGIES, AnalogyScore, analogy_score
from skipgram.evaluation.questions import QuestionSet, read_questions
from skipgram.evaluation.resampling import shown
from skipgram.vectors.word_vectors import WordVectors

WORDS, NUMBERS = 60_237, 100
NOISE = 0.5
"""Of a pair's difference, beside the section's own, whose numbers have variance 1/2."""
ALL = 1 << 30
RUNS = 3

_Result = TypeVar("_Result")


def seconds(act: Callable[[], _Result]) -> tuple[float, _Result]:
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


def random_vectors(questions: QuestionSet) -> WordVectors:
    """Those words that are asked about, in lower case, and others."""
    random = np.random.default_rng(1)
    tested = {word.lower(): None for question in questions.questions for word in question[1:5]}
    words = [*tested, *(f"other{number}" for number in range(WORDS - len(tested)))]
    words = [words[place] for place in random.permutation(WORDS)]
    place_of = {word: place for place, word in enumerate(words)}
    rows = random.standard_normal((WORDS, NUMBERS)).astype(np.float32)
    steps = {section: random.standard_normal(NUMBERS) * 0.5**0.5 for section in questions.sections}
    for section, a, b, *_ in questions.questions:
        noise = random.standard_normal(NUMBERS) * NOISE
        rows[place_of[b.lower()]] = rows[place_of[a.lower()]] + steps[section] + noise
    share = np.full(WORDS, 1 / WORDS)
    return WordVectors(Vocabulary(words, np.arange(WORDS, 0, -1)), rows, rows, share, share)


def asked_of_gensim(keyed: Any, questions: QuestionSet) -> tuple[float, dict[str, tuple[int, int]]]:
    """Its seconds, and of each section the right answers and those asked."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "questions.txt"
        lines = (f": {of.section}\n{' '.join(of[1:5])}\n" for of in questions.questions)
        file.write_text("".join(lines))
        taken, (_, found) = seconds(lambda: keyed.evaluate_word_analogies(str(file), ALL))
    by_section: dict[str, tuple[int, int]] = {}
    for of in found[:-1]:
        right, asked = by_section.get(of["section"], (0, 0))
        correct = len(of["correct"])
        by_section[of["section"]] = (right + correct, asked + correct + len(of["incorrect"]))
    return taken, by_section


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--vectors", type=Path, help="a folder or file, instead of random ones")
    parser.add_argument("--every", type=int, default=20, help="1 asks gensim all questions")
    parser.add_argument("--method", choices=("3CosAdd", "3CosMul"), default="3CosAdd")
    given = parser.parse_args()
    every = read_questions(GOOGLE_ANALOGIES)
    some = every._replace(questions=every.questions[:: given.every])
    vectors = skipgram.load(given.vectors) if given.vectors else random_vectors(every)

    def score() -> AnalogyScore:
        return analogy_score(vectors, every, first_words=ALL, method=given.method)

    first, found = seconds(score)
    ours = min(seconds(score)[0] for _ in range(RUNS))
    shape = f"{len(vectors.words):,} × {vectors.embedding_dim}"
    print(
        f"skipgram  {found.questions_known:,} questions asked of {shape}, {shown(found.value)} "
        f"{found.interval}: {first:.2f} s at first, then {ours:.2f} s",
        flush=True,
    )
    theirs, expected = asked_of_gensim(vectors.to_gensim(), some)
    known = sum(asked for _, asked in expected.values())
    alike = analogy_score(vectors, some, first_words=ALL, resamples=0).by_section
    assert alike == expected, f"sections differ: {alike} is not {expected}"
    print(f"gensim    {known:,} questions asked, as many right: {theirs:.2f} s")
    ratio = theirs / known * found.questions_known / ours
    print(f"a question takes gensim {ratio:.0f} × as long ({ratio * ours / first:.0f} × at first)")


if __name__ == "__main__":
    main()

"""Analogies on a block of candidates, compiled; `analogy_answers` has the same in NumPy.

Most blocks hold nothing better than what a question has already, and to find that out takes neither
a list of its own words nor a place to write scores to: so these are looked at only where some
candidate is better.
"""

from typing import Any

from skipgram.kernels.compiling import kernel


@kernel(as_written=True)
def improve_by_sum(
    cosines: Any,  # (words, block) float32: of the questions' words with the candidates
    terms: Any,  # (questions, 3) int32: the rows of a, b and c
    left_out: Any,  # (questions, n) int32: candidates that are no answer
    first: int,  # the block's first candidate
    best: Any,  # (questions,) float32: the largest score so far
    answers: Any,  # (questions,) int32: the candidate that has it
) -> None:
    """3CosAdd: answer with the candidates of larger cos b − cos a + cos c."""
    for question in range(len(terms)):
        a = cosines[terms[question, 0]]
        b = cosines[terms[question, 1]]
        c = cosines[terms[question, 2]]
        bound = best[question]
        better = 0
        for j in range(len(a)):
            better += b[j] - a[j] + c[j] > bound
        if better == 0:
            continue
        for j in range(len(a)):
            score = b[j] - a[j] + c[j]
            if score > best[question]:
                may_answer = True
                for candidate in left_out[question]:
                    may_answer &= candidate != first + j
                if may_answer:
                    best[question] = score
                    answers[question] = first + j


@kernel(as_written=True)
def improve_by_product(
    cosines: Any,  # (words, block) float32, moved to 0..1
    terms: Any,
    left_out: Any,
    first: int,
    best: Any,
    answers: Any,
    epsilon: Any,  # float32
) -> None:
    """3CosMul: the same with cos b · cos c / (cos a + ε)."""
    for question in range(len(terms)):
        a = cosines[terms[question, 0]]
        b = cosines[terms[question, 1]]
        c = cosines[terms[question, 2]]
        bound = best[question]
        better = 0
        for j in range(len(a)):
            better += b[j] * c[j] / (a[j] + epsilon) > bound
        if better == 0:
            continue
        for j in range(len(a)):
            score = b[j] * c[j] / (a[j] + epsilon)
            if score > best[question]:
                may_answer = True
                for candidate in left_out[question]:
                    may_answer &= candidate != first + j
                if may_answer:
                    best[question] = score
                    answers[question] = first + j

"""Wrong readers and a wrong search, made by rewriting the right ones: the proofs reject each."""

import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import reference_readers
from helpers.mutations import fasttext_bytes
from skipgram.corpus.vocabulary import packed_words
from skipgram.vectors import search
from skipgram.vectors.formats import text_kernels
from skipgram.vectors.subwords import kernels

PLAIN = [
    "0.1",
    "-12.5e3",
    "+7",
    "1e30",
    "-0.0",
    ".5",
    "3.",
    "0.000012345",
    "16777217",
    "5e-5",
    "1e22",
]
"""Never left to Python."""
HARD = [
    "1e-30", "123456789012345678901234567890", "0.000000000000000000000012345", "9007199254740993",
    "1.00000005960464477539062500000000001", "0.3333333432674407958984375", "1.17549435e-38",
    "340282346638528859811704183484516925440", "1.000000059604644775390626",
    # Close to the middle of two float32, where a second rounding tells.
    "30.59095287322998046", "30.59095287322998047", "134.36511993408205", "449.49162292480466",
]  # fmt: skip


def prove_numbers(module: Any) -> None:
    """Each number, alone on its line, is Python's, and few of them are left to Python."""
    for number in (*PLAIN, *HARD):
        row, words = np.zeros((1, 1), np.float32), np.zeros((2, 1), np.int64)
        is_odd = np.zeros(1, bool)
        line = np.frombuffer(f"a {number}\n".encode(), np.uint8)
        assert module.parse_lines(line, 1, row, words[0], words[1], is_odd) == 1
        assert not (is_odd[0] and number in PLAIN), number
        if not is_odd[0]:
            assert row[0, 0].tobytes() == np.float64(number).astype(np.float32).tobytes(), number
            assert words.ravel().tolist() == [0, 1]
    content = b"a 1 2\nb  3\t4 \r\ncc 55\nd 6 7 8\n 9  1\nf x 2\ng 1 2\n\nbehind 1 2\n"
    rows, words = np.zeros((8, 2), np.float32), np.zeros((2, 8), np.int64)
    is_odd = np.zeros(8, bool)
    lines = module.parse_lines(
        np.frombuffer(content, np.uint8), 2, rows, words[0], words[1], is_odd
    )
    assert lines == 8
    assert is_odd.tolist() == [False, False, True, True, True, True, False, True]
    assert rows[[0, 1, 6]].tolist() == [[1, 2], [3, 4], [1, 2]]


def prove_records(module: Any) -> None:
    """Records with and without a line feed, as far as the block goes."""
    rows = np.arange(6, dtype="<f4").reshape(3, 2)
    words = [b"a", b"bc", b"def"]
    for end in (b"\n", b""):
        whole = b"".join(
            word + b" " + row.tobytes() + end for word, row in zip(words, rows, strict=True)
        )
        for cut in range(len(whole) + 1):
            found, places = np.zeros((3, 2), np.float32), np.zeros((2, 3), np.int64)
            block = np.frombuffer(whole[:cut] or b"\0", np.uint8)[: max(cut, 0)]
            records, used = module.parse_records(block, 2, 9, found, places[0], places[1])
            lengths = [len(word) + 9 + len(end) for word in words]
            ends = [sum(lengths[:number]) - len(end) for number in (1, 2, 3)]
            assert records == sum(end_ <= cut for end_ in ends)
            assert used == (ends[records - 1] if records else 0)
            assert found[:records].tolist() == rows[:records].tolist()
            spans = zip(places[0][:records], places[1][:records], strict=True)
            assert [whole[begin:end_] for begin, end_ in spans] == words[:records]
    for before, most in ((b"", 3), (b"\n\n", 5)):
        block = np.frombuffer(before + b"def " + bytes(8), np.uint8)
        for longest, expected in ((most, (1, len(block))), (most - 1, (0, -1))):
            places = np.zeros((2, 1), np.int64)
            found = np.zeros((1, 2), np.float32)
            assert module.parse_records(block, 2, longest, found, *places) == expected


def prove_ngrams(module: Any) -> None:
    """Composed vectors are those of the reference."""
    words = [b"the", "größe".encode(), b"x", b"</s>", "王様".encode()]
    for shortest, longest in ((1, 3), (2, 4), (3, 3)):
        content = fasttext_bytes(words, shortest=shortest, longest=longest, buckets=7)
        expected = reference_readers.read_fasttext(content)[1]
        rows = np.random.default_rng(1).standard_normal((12, 3)).astype(np.float32)
        text = np.frombuffer(b"".join(words), np.uint8)
        ends = np.cumsum([len(word) for word in words])
        composed = np.empty((5, 3), np.float32)
        module.compose(text, ends, 3, rows, shortest, longest, composed)
        np.testing.assert_allclose(composed, expected, atol=2e-6)


def prove_search(module: Any) -> None:
    """The nearest of many queries, in blocks, are those of a sort; equal ones by their ids."""
    sizes = module.SearchSizes(few_queries=1, block_rows=16, block_queries=4, sampled_rows=20)
    random = np.random.default_rng(1)
    rows = random.standard_normal((300, 5)).astype(np.float32)
    rows[200:] = rows[:100] * 2  # equal cosines
    queries = random.standard_normal((10, 5))
    found = module.RowSearch(rows, sizes).nearest(queries, 6, threads=2)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = queries @ unit.T.astype(np.float64) / np.linalg.norm(queries, axis=1)[:, None]
    order = np.argsort(-np.round(cosines, 5), axis=1, kind="stable")[:, :6]
    best = np.take_along_axis(cosines, order, axis=1)
    np.testing.assert_allclose(found.similarities, best, atol=1e-5)
    assert all(len(set(ids)) == 6 for ids in found.ids.tolist())
    eye = np.tile(np.eye(3, dtype=np.float32), (20, 1))
    ties = module.RowSearch(eye, sizes).nearest(np.eye(3)[[0, 2, 0, 1]], 5)
    assert ties.ids.tolist() == [[at + 3 * step for step in range(5)] for at in (0, 2, 0, 1)]


def prove_words(module: Any) -> None:
    """Words are found, also those of one hash."""
    words = ["plumless", "a", "", "buckeroo", "größe", "b"]
    for order in (words, words[::-1]):
        packed = module.PackedWords.of(order)
        assert [packed.find(word) for word in order] == list(range(6))
        assert packed.find("c") == packed.find("plumles") == -1
        assert set(module.PackedWords.of([*order, "a", "buckeroo"]).twins()) == {
            (order.index("a"), 6),
            (order.index("buckeroo"), 7),
        }
        taken = packed.take(np.array([3, 0, 5]))
        assert list(taken) == [order[3], order[0], order[5]]


PROOFS: dict[str, tuple[types.ModuleType, Callable[[Any], None]]] = {
    "numbers": (text_kernels, prove_numbers),
    "records": (text_kernels, prove_records),
    "ngrams": (kernels, prove_ngrams),
    "search": (search, prove_search),
    "words": (packed_words, prove_words),
}

MUTANTS = {
    "numbers": [
        ("value / _POWERS[size] if power < 0", "value * _POWERS[size] if power < 0"),
        (
            "if after_dot:\n                    power -= 1",
            "if after_dot:\n                    power -= 2",
        ),
        (
            "if not after_dot:\n                    power += 1",
            "if not after_dot:\n                    power += 0",
        ),
        ("_ERROR = 2.0**-50", "_ERROR = 0.0"),
        ("if not is_exact or digits >= _EXACT_DIGITS", "if digits >= _EXACT_DIGITS and False"),
        ("return -value if is_negative else value, at", "return value, at"),
        ("return -0.0 if is_negative else 0.0, at", "return 0.0, at"),
        ("power += -exponent if is_below else exponent", "power += exponent"),
        ("is_odd[line] = not fits or at != stop", "is_odd[line] = not fits"),
        ("fits = at > begin", "fits = True"),
        ("or block[stop - 1] == _RETURN", ""),
        ("if size > _LARGEST_POWER:", "if size > 2:"),
    ],
    "records": [
        ("if end + 1 + row_bytes > size:", "if end + row_bytes > size:"),
        (
            "begins[record], ends[record] = begin, end\n        for",
            "begins[record], ends[record] = at, end\n        for",
        ),
        ("at = end + 1 + row_bytes", "at = end + row_bytes"),
        ("block[end + 1 + byte]", "block[end + byte]"),
        ("if end - at > longest_word:", "if end - begin > longest_word:"),
        ("if end - at > longest_word:", "if end - at >= longest_word:"),
    ],
    "ngrams": [
        ("if byte >= _SIGN:", "if byte > np.uint32(255):"),
        ("(begin == 0 or end == length)", "begin == 0"),
        ("parts = 1\n        if word != skips", "parts = 1\n        if word >= 0"),
        ("if characters >= shortest", "if characters > shortest"),
        (
            "composed[word, column] = total[column] / parts",
            "composed[word, column] = total[column] / (parts + 1)",
        ),
        ("words + np.int64(value % buckets)", "np.int64(value % buckets)"),
    ],
    "search": [
        (
            "places = np.flatnonzero(scores > self._bounds)",
            "places = np.flatnonzero(scores > self._bounds + 1e-3)",
        ),
        ("kth - np.float32(_ROUNDING)", "kth + np.float32(_ROUNDING)"),
        (
            "order = np.lexsort((rows, -scores, queries))",
            "order = np.lexsort((-rows, -scores, queries))",
        ),
        ("kept = ranks < self._k", "kept = ranks < self._k - 1"),
        ("last = ranks[kept] == self._k - 1", "last = ranks[kept] == 0"),
        ("self._new.append((queries, rows + start,", "self._new.append((queries, rows,"),
    ],
    "words": [
        ("if self._encoded(number) == wanted:", "if True:"),
        (
            "if entry >> _ID_BITS != first >> _ID_BITS:\n                break",
            "if number_of(entry):\n                break",
        ),
        ("starts = np.append(0, self.ends[:-1])[numbers]", "starts = self.ends[numbers]"),
        ("hashes[1:] == hashes[:-1]", "part[1:] == part[:-1]"),
    ],
}


def rewritten(module: types.ModuleType, old: str, new: str, folder: Path) -> types.ModuleType:
    """The module with one place of its source changed, compiled anew."""
    source = Path(str(module.__file__)).read_text()
    assert source.count(old) == 1, f"{source.count(old)} places read {old!r}"
    file = folder / "mutant.py"
    file.write_text(source.replace(old, new) + "\n\ndef number_of(entry):\n    return True\n")
    mutant = types.ModuleType(f"mutant_{abs(hash((old, new)))}")
    mutant.__file__ = str(file)
    sys.modules[mutant.__name__] = mutant
    exec(compile(file.read_text(), str(file), "exec"), vars(mutant))
    return mutant


COMPILED = ("numbers", "records", "ngrams")
"""What takes a second to compile each time."""


def cases(changes: dict[str, list[tuple[str, str]]]) -> list[Any]:
    return [
        pytest.param(proof, *change, marks=pytest.mark.slow if proof in COMPILED else ())
        for proof in changes
        for change in changes[proof]
    ]


@pytest.mark.parametrize(
    ("proof", "old", "new"), cases({proof: [("import numpy", "import  numpy")] for proof in PROOFS})
)
def test_the_right_code_is_proved(proof, old, new, tmp_path):
    module, prove = PROOFS[proof]
    prove(rewritten(module, old, new, tmp_path))


@pytest.mark.parametrize(("proof", "old", "new"), cases(MUTANTS))
def test_each_mutant_is_rejected(proof, old, new, tmp_path):
    module, prove = PROOFS[proof]
    mutant = rewritten(module, old, new, tmp_path)
    with pytest.raises((AssertionError, IndexError, ValueError)):
        prove(mutant)

"""Numbering equals `bytes.split`, for any bytes, any cut into blocks, and equal hashes."""

import re
from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.encoding_twin import cut
from skipgram.corpus.sources.blocks import PADDING
from skipgram.corpus.tokens import kernels, numbering, type_table
from skipgram.corpus.tokens.numbering import (
    FrequentTypes,
    NumberedBlock,
    number_lines,
    number_text,
)
from skipgram.corpus.tokens.type_table import TypeBytes, TypeTable

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=100)

BLANKS = b" \t\n\r\x0b\x0c"
LENGTHS = (1, 2, 7, 8, 9, 15, 16, 17, 24, 25, 63, 64, 65, 127, 128, 129, 1000)

# Tokens of lengths where the kernel takes another way, with NULs, that differ at their ends only.
stems = st.sampled_from([b"a", b"b", b"\0", b"\xff", b"abcdefgh", "é".encode()])
tokens = st.builds(
    lambda stem, length, end: (stem * length)[:length] + end,
    stems,
    st.sampled_from(LENGTHS),
    st.sampled_from([b"", b"\0", b"\0\0", b"x"]),
) | st.binary(min_size=1, max_size=3).filter(lambda token: not set(token) & set(BLANKS))
gaps = st.sampled_from([b" ", b"\n", b"\r", b"\r\n", b"\t\x0b", b" \n ", b"\n\r", b" " * 61])
texts = st.lists(tokens | gaps, max_size=30).map(b"".join) | st.binary(max_size=300)


# The slow twin


def split(text: bytes) -> tuple[list[bytes], list[int]]:
    """All tokens, and the tokens before each line's end."""
    ends = [match.start() for match in re.finditer(rb"\r\n|\r|\n", text)]
    return text.split(), [len(text[:end].split()) for end in ends]


def numbered(text: bytes, frequent: FrequentTypes | None = None) -> NumberedBlock:
    return number_text(text + PADDING, len(text), frequent)


def own_types(block: NumberedBlock) -> list[bytes]:
    return list(TypeBytes(block.text, block.types))


def assert_split(block: NumberedBlock, text: bytes, known: list[bytes]) -> None:
    """The block is that of the text, whose first types are these."""
    expected, line_ends = split(text)
    types = known + own_types(block)
    assert [types[number] for number in block.numbers.tolist()] == expected
    assert block.line_ends.tolist() == line_ends
    assert own_types(block) == [token for token in dict.fromkeys(expected) if token not in known]
    counts = Counter(expected)
    assert block.types[:, kernels.COUNT].tolist() == [counts[token] for token in own_types(block)]
    assert block.text_size == sum(map(len, own_types(block)))
    assert block.is_ascii == text.isascii()
    if known:
        assert block.frequent_counts is not None
        assert block.frequent_counts.tolist() == [counts[token] for token in known]


def known_before(words: list[bytes]) -> FrequentTypes:
    """These as the frequent types, 0, 1, 2, ... in the corpus."""
    listed = TypeBytes.of(words)
    kernels.enter_keys(listed.text, listed.types, numbering.ODDS)
    slots = np.empty(numbering.LEAST_SLOTS, np.uint32)
    kernels.refill(slots, listed.types, len(words), numbering.ODDS)
    return FrequentTypes(listed.text, listed.types, slots, np.arange(len(words), dtype=np.int32))


# A block


@law
@given(texts)
@example(b"")
@example(b"\r")
@example(b"\r\n" * 40)
@example(b"x" * 63 + b"\r\nx")
@example(b"x" * 62 + b"\r\n" + b"y" * 64)
@example(b"\n" * 64 + b"\r" * 64 + b"a")
def test_a_block_is_split_as_python_splits_it(text):
    assert_split(numbered(text), text, [])


@law
@given(texts, st.lists(tokens, unique=True, min_size=1, max_size=5), st.data())
def test_types_that_are_known_before_keep_their_numbers(text, others, data):
    seen = list(dict.fromkeys(text.split()))
    seen = data.draw(st.lists(st.sampled_from(seen), unique=True)) if seen else []
    known = list(dict.fromkeys([*others, *seen]))
    known = [word for word in known if word.split() == [word]]
    if known:
        assert_split(numbered(text, known_before(known)), text, known)


@pytest.mark.parametrize("before", range(60, 70))
@pytest.mark.parametrize("length", LENGTHS)
def test_a_token_may_stand_anywhere_in_a_register(before, length):
    for gap in (b"x" * (before - 1) + b" ", b" " * before, b"x" * (before - 2) + b"\r\n"):
        text = gap + b"y" * length
        assert_split(numbered(text), text, [])
        assert_split(numbered(text + b"\r"), text + b"\r", [])
        assert_split(numbered(text, known_before([b"y" * length])), text, [b"y" * length])


@pytest.mark.parametrize("types", [8_000, 8_192, 8_193, 40_000])
def test_the_tables_grow_with_the_types(types):
    text = b" ".join(b"%d" % (number * 7919) for number in range(types)) * 2
    assert_split(numbered(text), text, [])
    assert_split(numbered(text, known_before([b"0", b"7919"])), text, [b"0", b"7919"])


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n", b"\r\r\n", b"a\n"])
@pytest.mark.parametrize("lines", [16_300, 16_384, 70_000])
def test_the_tables_grow_with_the_lines(end, lines):
    block = numbered(end * lines)
    each = len(re.findall(rb"\r\n|\r|\n", end))
    per_line = 1 if end.startswith(b"a") else 0
    expected = np.repeat(np.arange(1, lines + 1) * per_line, each)
    np.testing.assert_array_equal(block.line_ends, expected)


def test_a_block_after_a_large_one_is_numbered_from_0_again():
    large = b" ".join(b"%d" % number for number in range(30_000))
    for text in (b"a b", large, b"b a b", b"", large):
        assert_split(numbered(text), text, [])


def test_a_token_of_megabytes_is_one_token():
    text = b"a " + b"\0x" * 2_000_000 + b" a"
    assert numbered(text).numbers.tolist() == [0, 1, 0]
    assert own_types(numbered(text))[1] == b"\0x" * 2_000_000


# Types beyond ASCII, and all of them packed


@law
@given(texts)
def test_the_types_beyond_ascii_are_found(text):
    block = numbered(text)
    types = own_types(block)
    expected = [number for number, token in enumerate(types) if not token.isascii()]
    assert block.beyond_ascii().tolist() == expected
    assert block.packed() == b"".join(token + b"\n" for token in types)
    chosen = np.array(expected, np.int64)
    assert block.packed(chosen) == b"".join(types[number] + b"\n" for number in expected)


@pytest.mark.parametrize("length", LENGTHS)
def test_one_byte_beyond_ascii_is_found_at_any_place_in_a_token(length):
    for place in range(length):
        token = b"x" * place + b"\x80" + b"x" * (length - place - 1)
        assert numbered(b"a " + token + b" b").beyond_ascii().tolist() == [1]


# Tokens that are given one by one


@law
@given(st.lists(st.lists(st.binary(min_size=1, max_size=20), max_size=4), max_size=5))
def test_given_tokens_may_hold_any_bytes(lines):
    block = number_lines(lines)
    types = own_types(block)
    flat = [token for line in lines for token in line]
    assert types == list(dict.fromkeys(flat))
    assert [types[number] for number in block.numbers.tolist()] == flat
    assert np.diff(block.line_ends, prepend=0).tolist() == [len(line) for line in lines]
    counts = Counter(flat)
    assert block.types[:, kernels.COUNT].tolist() == [counts[token] for token in types]
    expected = [number for number, token in enumerate(types) if not token.isascii()]
    assert block.beyond_ascii().tolist() == expected


@law
@given(st.lists(tokens, min_size=1))
def test_given_tokens_have_the_keys_of_those_in_a_text(words):
    given_one_by_one, in_text = number_lines([words]), numbered(b" ".join(words))
    if words == b" ".join(words).split():
        keys = given_one_by_one.types[:, kernels.KEY].tolist()
        assert keys == in_text.types[:, kernels.KEY].tolist()


# The table of a corpus


@law
@given(texts, st.integers(1, 80))
def test_the_table_holds_all_types_by_first_appearance_however_they_are_cut(text, block_bytes):
    table, found = TypeTable(), []
    for block in cut(text, block_bytes):
        one = number_text(block.text, block.size)
        found += table.take(one)[one.numbers].tolist()
    types = list(dict.fromkeys(text.split()))
    counts = Counter(text.split())
    assert list(table.words) == types
    assert [types[number] for number in found] == text.split()
    assert table.counts.tolist() == [counts[token] for token in types]
    assert len(table) == len(types)
    assert [table.words[number] for number in range(len(types))] == types
    assert list(table.words[1:3]) == types[1:3]


@pytest.mark.parametrize("blocks", [1, 3, 40])
def test_the_table_of_a_corpus_grows(blocks):
    words = [b"%x" % (number * 2654435761) for number in range(60_000)]
    table = TypeTable()
    for number in range(blocks):
        table.take(numbered(b" ".join(words[number::blocks])))
        table.take(numbered(b" ".join(words[number::blocks])))
    assert sorted(table.words) == sorted(words)
    assert set(table.counts.tolist()) == {2}


@law
@given(st.lists(texts, min_size=1, max_size=8))
def test_frequent_types_change_no_number_and_no_count(contents):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type_table, "_FREQUENT", 2)
        patch.setattr(type_table, "_BLOCKS_TO_LEARN_FROM", (1, 3))
        learning, other = TypeTable(), TypeTable()
        for text in contents:
            with_them, without = numbered(text, learning.frequent), numbered(text)
            types = learning.take(with_them)
            if with_them.frequent is not None:
                types = np.concatenate([with_them.frequent.numbers, types])
            expected = other.take(without)[without.numbers]
            np.testing.assert_array_equal(types[with_them.numbers], expected)
    assert list(learning.words) == list(other.words)
    assert learning.counts.tolist() == other.counts.tolist()
    assert learning.counts.tolist() == other.counts.tolist()  # asked for again


# Equal hashes

GOLDEN, BITS = 0x9E3779B97F4A7C15, 2**64 - 1
ODD = int(numbering.ODDS[1])


def key_of(token: bytes) -> int:
    """The twin of the hash, for tokens of more than 8 bytes."""
    key = len(token) * GOLDEN & BITS
    for place in [*range(0, len(token) - 8, 8), len(token) - 8]:
        key = after(key, token[place : place + 8])
    return key


def after(key: int, eight_bytes: bytes) -> int:
    key = (key ^ int.from_bytes(eight_bytes, "little")) * ODD & BITS
    return (key ^ key >> 32) * ODD & BITS


def with_key(key: int, first: bytes) -> bytes:
    """The token of 16 bytes that begins with these 8 and has this key: every step is undone."""
    inverse = pow(ODD, -1, 2**64)
    key = key * inverse & BITS
    last = ((key ^ key >> 32) * inverse & BITS) ^ after(16 * GOLDEN & BITS, first)
    return first + last.to_bytes(8, "little")


def different_tokens_of_one_key() -> list[bytes]:
    one = b"the.very.same.ha"
    # The digits that vary come first: a byte that is the same in all of them might be a blank.
    others = (with_key(key_of(one), (b"%08d" % number)[::-1]) for number in range(1000))
    return [one, *(other for other in others if not set(other) & set(BLANKS))][:9]


def steps_to(words: list[bytes]) -> int:
    """How far from their own slots the words lie in a table: what it takes to look all up."""
    block = numbered(b" ".join(words))
    assert len(block.types) == len(words)
    slots = numbering._desk.slots
    places = np.flatnonzero(slots != kernels.FREE)
    keys = block.types[slots[places], kernels.KEY]
    shift = np.uint64(64 - (len(slots).bit_length() - 1))
    own = ((keys * numbering.ODDS[0]) >> shift).astype(np.int64)
    return int(((places - own) % len(slots)).sum())


def words_of_one_slot() -> list[bytes]:
    """Words that share a slot wherever keys are multiplied by the golden ratio."""
    inverse = pow(GOLDEN, -1, 2**64)
    words = ((number * inverse & BITS).to_bytes(8, "little") for number in range(4000))
    return [word for word in words if not set(word) & set(BLANKS)][:3000]


def words_of_one_hash() -> list[bytes]:
    """Words of one hash wherever it is multiplied once, by whatever odd number.

    The highest bit of a product is that of the factor, so a second difference undoes the first.
    """
    high, both = 1 << 63, 1 << 63 | 1 << 31
    one, other = (int.from_bytes(word, "little") for word in (b"abcdefgh", b"ABCDEFGH"))
    plain = one.to_bytes(8, "little") + other.to_bytes(8, "little")
    turned = (one ^ high).to_bytes(8, "little") + (other ^ both).to_bytes(8, "little")
    return [b"".join(parts) for parts in product((plain, turned), repeat=11)]


@pytest.mark.parametrize("choose", [words_of_one_slot, words_of_one_hash])
def test_words_that_somebody_chose_are_found_as_quickly_as_any(choose, monkeypatch):
    words, draws, steps = choose(), np.random.default_rng(0), []
    for _ in range(9):  # one number in some two hundred is a poor one for them
        odds = draws.integers(2**63, size=2, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
        monkeypatch.setattr(numbering, "ODDS", odds)
        steps.append(steps_to(words))
    monkeypatch.undo()
    assert np.median(steps) < 4 * len(words), "and not a quarter of its square"
    table = TypeTable()
    for start in range(0, len(words), 1000):
        table.take(numbered(b" ".join(words[start : start + 1000])))
    assert len(set(table.words.types[:, kernels.KEY].tolist())) == len(words)


def test_ids_do_not_depend_on_the_numbers_that_were_drawn(monkeypatch):
    text = b" ".join(words_of_one_slot()[:500] + words_of_one_hash()[:500]) * 2
    found = []
    for odds in ([GOLDEN, GOLDEN], [1, 1], [BITS, 12345]):
        for module in (numbering, type_table):
            monkeypatch.setattr(module, "ODDS", np.array(odds, np.uint64))
        block, table = numbered(text), TypeTable()
        found.append((block.numbers.tolist(), table.take(block).tolist(), list(table.words)))
    assert found[0] == found[1] == found[2]


def test_the_twin_of_the_hash_is_the_kernels():
    for length in (9, 15, 16, 17, 24, 65):
        token = bytes(range(128, 128 + length))
        assert numbered(token).types[0, kernels.KEY] == key_of(token)


def test_tokens_of_one_key_get_numbers_of_their_own():
    words = different_tokens_of_one_key()
    assert len(set(words)) == 9
    text = b" ".join([*words, *words[::-1]])
    block = numbered(text)
    assert len(set(block.types[:, kernels.KEY].tolist())) == 1
    assert_split(block, text, [])
    assert_split(numbered(text, known_before(words[:4])), text, words[:4])


def test_tokens_of_one_key_stay_apart_in_the_table_of_a_corpus():
    words = different_tokens_of_one_key()
    table = TypeTable()
    for part in (words[:5], words[3:], words):
        table.take(numbered(b" ".join(part)))
    assert list(table.words) == words
    assert table.counts.tolist() == [2, 2, 2, 3, 3, 2, 2, 2, 2]


def test_a_short_token_whose_bytes_are_the_key_of_a_long_one_is_another():
    long = next(
        token
        for token in (b"%csixteen.letters" % number for number in range(48, 122))
        if not set(key_of(token).to_bytes(8, "little")) & set(BLANKS)
    )
    short = key_of(long).to_bytes(8, "little")
    for text in (short + b" " + long, long + b" " + short):
        assert_split(numbered(text), text, [])
        assert_split(numbered(text, known_before([long])), text, [long])
        assert_split(numbered(text, known_before([short])), text, [short])


@pytest.mark.parametrize("token", [b"", b"a", b"\0", b"abcdef", b"abcdefg", b"x" * 15, b"x" * 63])
def test_tokens_that_differ_by_nul_bytes_at_their_ends_alone_are_different(token):
    words = [token + b"\0" * nul_bytes for nul_bytes in range(10)][not token :]
    for order in (words, words[::-1]):
        text = b" ".join(order)
        assert_split(numbered(text), text, [])
        assert_split(numbered(text, known_before(words[:3])), text, words[:3])
        table = TypeTable()
        for word in [*order, *order]:
            table.take(numbered(word))
        assert list(table.words) == order
        assert table.counts.tolist() == [2] * len(words)

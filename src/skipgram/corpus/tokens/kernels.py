"""The corpus's compiled parts: tokens to numbers, numbers to other numbers.

A table of types is open addressing: a slot holds a type's number, and the type
has a row (key, start, length, count). The key is one word of 64 bits: the
type's bytes where there are 8 of them or fewer, else a hash of them. Equal
hashes are no proof: longer tokens are compared byte for byte, by where they
start in a text. Frequent types appear early, so their rows lie close together.

Everything compiled is here, but for the registers of kernels/text_registers.py: numba's disk cache
watches one file only. The slow twin is `bytes.split`, in the tests.
"""

from typing import Any

import numpy as np

from skipgram.kernels import text_registers as scanning
from skipgram.kernels.compiling import inlined, kernel

REGISTER = 64
KEY, START_OF, LENGTH, COUNT = range(4)
"""A type's row, of uint64."""
FREE = 0xFFFFFFFF
BASE, START, TOKENS, TYPES, LINES, INSIDE, BEYOND_ASCII = range(7)
"""What `number_text` remembers between its calls, by its place in `state`."""
LINE_END = -1

_FREE = np.uint64(FREE)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_NUMBER_BITS = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_HIGH_BITS = np.uint64(0x8080808080808080)
_ALL_BITS = np.uint64(0xFFFFFFFFFFFFFFFF)
_EIGHT, _LAST_BIT = np.uint64(8), np.uint64(63)
_ONE, _TWO = np.uint64(1), np.uint64(2)
_FEED = 10
_LOOKAHEAD = 6


@inlined
def _key(text: Any, start: int, length: int, odd: Any) -> Any:
    """The bytes of a token that has 1 to 8 of them, or a hash of more."""
    if length <= 8:
        unwanted_bits = np.uint64(64 - 8 * length)
        return scanning.eight_bytes(text, start) & (_ALL_BITS >> unwanted_bits)
    key = np.uint64(length) * _GOLDEN
    for offset in range(0, length - 8, 8):
        key = (key ^ scanning.eight_bytes(text, start + offset)) * odd
        key = (key ^ (key >> _HALF)) * odd
    key = (key ^ scanning.eight_bytes(text, start + length - 8)) * odd
    return (key ^ (key >> _HALF)) * odd


@inlined
def _are_equal(one: Any, start: int, other: Any, other_start: int, length: int) -> bool:
    """Whether two tokens of the same key and length are equal; up to 8 bytes the key says so."""
    if length <= 8:
        return True
    for offset in range(0, length - 8, 8):
        if scanning.eight_bytes(one, start + offset) != scanning.eight_bytes(
            other, other_start + offset
        ):
            return False
    last = scanning.eight_bytes(one, start + length - 8)
    return bool(last == scanning.eight_bytes(other, other_start + length - 8))


@inlined
def _shift(slots: Any) -> Any:
    """What leaves a product its highest bits, which depend on all bits of the key."""
    return np.uint64(64 - scanning.lowest_bit(np.uint64(len(slots))))


@inlined
def _entered(types: Any, number: int, key: Any, start: int, length: int) -> None:
    types[number, KEY] = key
    types[number, START_OF] = np.uint64(start)
    types[number, LENGTH] = np.uint64(length)
    types[number, COUNT] = np.uint64(0)


@kernel(depends_on=(scanning,))
def refill(slots: Any, types: Any, known: int, odds: Any) -> None:
    """Enter the first types, all different, into slots of which there are more than they."""
    mask, shift = len(slots) - 1, _shift(slots)
    slots[:] = FREE
    for number in range(known):
        place = np.int64((types[number, KEY] * odds[0]) >> shift)
        while slots[place] != FREE:
            place = (place + 1) & mask
        slots[place] = number


@kernel(depends_on=(scanning,))
def number_text(
    text: Any,  # uint8: `size` bytes and `blocks.PADDING`
    size: int,
    slots: Any,  # (a power of two,) uint32
    types: Any,  # (room, 4) uint64
    numbers: Any,  # (size // 2 + 1,) int32: room for all tokens
    line_ends: Any,  # (room,) int64
    frequent_text: Any,  # uint8
    frequent: int,
    state: Any,  # (7,) int64, zeros at first, but `TYPES` is `frequent`
    odds: Any,  # (2,) uint64
) -> bool:
    """Number tokens, which the six ASCII blanks separate, by their first appearance.

    The first `frequent` types are there already, and are in another text. A line ends at LF, CR LF,
    or CR; line_ends are the tokens before each. True when the text is done; False when the arrays
    might be too short for the next 64 bytes: make them longer, and call again. (No array is
    replaced in here: counting its references would cost more than the work itself. Places are
    unsigned, or each access would check whether they count from the end.)
    """
    mask, shift = np.uint64(len(slots) - 1), _shift(slots)
    base, start, tokens = state[BASE], state[START], state[TOKENS]
    known, lines = state[TYPES], state[LINES]
    inside, beyond_ascii = np.uint64(state[INSIDE]), np.uint64(state[BEYOND_ASCII])
    most_types = min(len(types), len(slots) // 2) - REGISTER
    most_lines = len(line_ends) - REGISTER
    while base <= size and known <= most_types and lines <= most_lines:
        blanks, feeds, returns, high = scanning.masks(text, base)
        beyond_ascii |= high
        filled = ~blanks
        before = (filled << _ONE) | inside
        begins, ends = filled & ~before, blanks & before
        if returns:
            following = feeds >> _ONE
            if text[base + REGISTER] == _FEED:
                following |= _ONE << _LAST_BIT
            feeds |= returns & ~following
        while feeds:
            bit = np.uint64(scanning.lowest_bit(feeds))
            feeds &= feeds - _ONE
            line_ends[lines] = tokens + scanning.bits_set(ends & ((_TWO << bit) - _ONE))
            lines += 1
        if not inside:
            start = base + scanning.lowest_bit(begins)
            begins &= begins - _ONE
        inside = filled >> _LAST_BIT
        while ends:
            length = base + scanning.lowest_bit(ends) - start
            ends &= ends - _ONE
            key = _key(text, start, length, odds[1])
            place = (key * odds[0]) >> shift
            while True:
                number = np.uint64(slots[place])
                if number == _FREE:
                    number = np.uint64(known)
                    slots[place] = number
                    _entered(types, number, key, start, length)
                    known += 1
                    break
                if types[number, KEY] == key and types[number, LENGTH] == np.uint64(length):
                    known_start = np.int64(types[number, START_OF])
                    if number >= np.uint64(frequent):
                        if _are_equal(text, start, text, known_start, length):
                            break
                    elif _are_equal(text, start, frequent_text, known_start, length):
                        break
                place = (place + _ONE) & mask
            types[number, COUNT] += _ONE
            numbers[np.uint64(tokens)] = number
            tokens += 1
            start = base + scanning.lowest_bit(begins)
            begins &= begins - _ONE
        base += REGISTER
    state[BASE], state[START], state[TOKENS] = base, start, tokens
    state[TYPES], state[LINES] = known, lines
    state[INSIDE], state[BEYOND_ASCII] = np.int64(inside), np.int64(beyond_ascii)
    return bool(base > size)


@kernel(depends_on=(scanning,))
def enter_keys(text: Any, types: Any, odds: Any) -> None:
    """Give types their keys, from where they are in a text."""
    for number in range(len(types)):
        start, length = np.int64(types[number, START_OF]), np.int64(types[number, LENGTH])
        types[number, KEY] = _key(text, start, length, odds[1])


@kernel(depends_on=(scanning,))
def merge(
    text: Any,  # of the block, uint8
    types: Any,  # of the block, (block's types, 4) uint64
    slots: Any,  # of the corpus, (a power of two,) uint32
    known_types: Any,  # of the corpus, (room, 4) uint64
    known: Any,  # int
    known_text: Any,  # of the corpus, uint8, with 8 bytes more than the types need
    text_size: Any,  # int
    places: Any,  # (block's types,) int32, result: each type's number among the known
    odds: Any,  # (2,) uint64
) -> tuple[int, int]:
    """Count a block's types in among those known so far; how many these are, and their bytes."""
    mask, shift = np.uint64(len(slots) - 1), _shift(slots)
    for number in range(len(types) + 3 * _LOOKAHEAD):
        # The table is larger than a cache: ask for a slot early, then for what it points at.
        if number < len(types):
            scanning.prefetch(slots, np.int64((types[number, KEY] * odds[0]) >> shift))
        number -= _LOOKAHEAD
        if 0 <= number < len(types):
            guess = np.int64(slots[np.int64((types[number, KEY] * odds[0]) >> shift)])
            if guess != FREE:
                scanning.prefetch(known_types, guess)
        number -= _LOOKAHEAD
        if 0 <= number < len(types) and types[number, LENGTH] > _EIGHT:
            guess = np.int64(slots[np.int64((types[number, KEY] * odds[0]) >> shift)])
            if guess != FREE:
                scanning.prefetch(known_text, np.int64(known_types[guess, START_OF]))
        number -= _LOOKAHEAD
        if number < 0:
            continue
        key = types[number, KEY]
        start, length = np.int64(types[number, START_OF]), np.int64(types[number, LENGTH])
        place = (key * odds[0]) >> shift
        while True:
            found = np.uint64(slots[place])
            if found == _FREE:
                found = np.uint64(known)
                slots[place] = found
                _entered(known_types, found, key, text_size, length)
                for offset in range(length):
                    known_text[text_size + offset] = text[start + offset]
                text_size += length
                known += 1
                break
            if (
                known_types[found, KEY] == key
                and known_types[found, LENGTH] == types[number, LENGTH]
                and _are_equal(
                    text, start, known_text, np.int64(known_types[found, START_OF]), length
                )
            ):
                break
            place = (place + _ONE) & mask
        known_types[found, COUNT] += types[number, COUNT]
        places[number] = found
    return known, text_size


@kernel(depends_on=(scanning,))
def beyond_ascii(text: Any, types: Any, found: Any) -> int:
    """Find the types with bytes beyond ASCII; how many there are. found: (types,) int64, result."""
    several = 0
    for number in range(len(types)):
        start, length = np.int64(types[number, START_OF]), np.int64(types[number, LENGTH])
        high = types[number, KEY]  # the bytes themselves, up to 8 of them
        if length > 8:
            high = scanning.eight_bytes(text, start + length - 8)
            for offset in range(0, length - 8, 8):
                high |= scanning.eight_bytes(text, start + offset)
        if high & _HIGH_BITS:
            found[several] = number
            several += 1
    return several


@kernel
def pack(text: Any, types: Any, packed: Any) -> None:
    """The types one after the other, each followed by a line feed."""
    at = 0
    for number in range(len(types)):
        start = np.int64(types[number, START_OF])
        for place in range(start, start + np.int64(types[number, LENGTH])):
            packed[at] = text[place]
            at += 1
        packed[at] = _FEED
        at += 1


@kernel
def rewrite(
    numbers: Any,  # (tokens,) int32
    line_ends: Any,  # (lines,) int64
    parts: Any,  # int32: numbers that take the place of number n: parts[part_ends[n-1] : ...[n]]
    part_ends: Any,  # (types,) int64
    new_numbers: Any,  # int32, result, with room
    new_line_ends: Any,  # int64, result, with room
) -> tuple[int, int]:
    """Each number becomes its parts, or nothing if it has none; `LINE_END` ends a line.

    Returns how many numbers and line ends there are now. A line without numbers gets no end, except
    the first, whose end may belong to an earlier line.
    """
    tokens = lines = line = 0
    last_end = -1
    for token in range(len(numbers) + 1):
        while line < len(line_ends) and line_ends[line] == token:
            if tokens != last_end:
                new_line_ends[lines] = last_end = tokens
                lines += 1
            line += 1
        if token == len(numbers):
            break
        number = numbers[token]
        for place in range(0 if number == 0 else part_ends[number - 1], part_ends[number]):
            part = parts[place]
            if part >= 0:
                new_numbers[tokens] = part
                tokens += 1
            elif tokens != last_end:
                new_line_ends[lines] = last_end = tokens
                lines += 1
    return tokens, lines


@kernel
def renumber(
    numbers: Any,  # (tokens,) int32
    line_ends: Any,  # (lines,) int64
    ids_from_1: Any,  # (types,) int32: a number's id plus 1, or 0 if it is left out
    kept: Any,  # (tokens,) int32, result
    kept_line_ends: Any,  # (lines,) int64, result
) -> int:
    """Each number becomes its id or is left out; how many are left."""
    tokens = token = np.uint64(0)
    for line in range(len(line_ends) + 1):
        end = np.uint64(line_ends[line] if line < len(line_ends) else len(numbers))
        while token < end:
            id_from_1 = ids_from_1[np.uint64(numbers[token])]
            kept[tokens] = id_from_1 - 1
            tokens += np.uint64(id_from_1 > 0)
            token += _ONE
        if line < len(line_ends):
            kept_line_ends[line] = tokens
    return int(tokens)

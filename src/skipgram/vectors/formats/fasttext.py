"""fastText's own .bin: words, their composed vectors, and the n-grams for unknown words.

    magic, version        int32, 793712314 and 11 or 12; older files begin with the arguments
    arguments             dim, ws, epoch, minCount, neg, wordNgrams, loss, model, bucket, minn,
                          maxn, lrUpdateRate, int32; t, float64
    dictionary            entries, words, labels, int32; tokens, int64; pruned, int64 (not in
                          older files); an entry: its bytes, 0, count int64, type int8: 0 for
                          words, which come first, 1 for labels
    input matrix          is quantised, int8 (not in older files); rows, columns, int64; float32:
                          a row per word, then a row per bucket
    output matrix         the same, a row per word

Source: fastText 0.9.2, `args.cc`, `dictionary.cc`, `densematrix.cc`.
"""

import struct
from array import array
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.errors import FormatError
from skipgram.untrusted.soundness import require_finite
from skipgram.vectors.formats.byte_reader import BytesOfFile
from skipgram.vectors.formats.row_stream import RowBlock, RowStream
from skipgram.vectors.formats.text_rows import LARGEST_DIM
from skipgram.vectors.subwords.subwords import LONGEST_NGRAM, Subwords

MAGIC = (793712314).to_bytes(4, "little")
_VERSIONS = (11, 12)
_ARGUMENTS = "<12id"
_LONGEST_WORD_BYTES = 1 << 16
_MODELS = {1: "cbow", 2: "skip-gram", 3: "supervised"}
_LOSSES = (1, 2, 3, 4)
_IS_WORD, _IS_LABEL = 0, 1
_END_OF_SENTENCE = "</s>"
"""fastText's own word; since the format has a magic number it has no n-grams."""


class _Arguments(NamedTuple):
    dim: int
    window: int
    epochs: int
    min_count: int
    negatives: int
    word_ngrams: int
    loss: int
    model: int
    buckets: int
    shortest: int
    longest: int
    update_rate: int
    subsample: float

    def are_plausible(self) -> bool:
        return (
            0 < self.dim <= LARGEST_DIM
            and self.model in _MODELS
            and self.loss in _LOSSES
            and self.buckets >= 0
            and 0 <= self.shortest <= LONGEST_NGRAM
            and 0 <= self.longest <= LONGEST_NGRAM
            and self.epochs >= 0
            and self.window >= 0
        )


def looks_like(start: bytes) -> bool:
    """Whether a file that starts like this is fastText's, with or without the magic number."""
    if start.startswith(MAGIC):
        return True
    size = struct.calcsize(_ARGUMENTS)
    return (
        len(start) >= size and _Arguments(*struct.unpack(_ARGUMENTS, start[:size])).are_plausible()
    )


def read(file: BytesOfFile, encoding: str) -> RowStream:
    """The words of a model, with the vectors that fastText itself would print.

    encoding: of its words, and so of the n-grams of unknown words.
    """
    is_new = file.peek(len(MAGIC)) == MAGIC
    if is_new:
        file.exactly(len(MAGIC), "the magic number")
        version = _one(file, "<i", "the version")
        if version not in _VERSIONS:
            known = " and ".join(map(str, _VERSIONS))
            raise FormatError(
                f"{file.name}: fastText's format version {version}; versions {known} are read"
            )
    arguments = _Arguments(*_several(file, _ARGUMENTS, "the arguments"))
    if _MODELS.get(arguments.model) == "supervised":
        raise FormatError(
            f"{file.name}: a supervised fastText model (a text classifier), which is not "
            "read: its vectors were trained to predict labels"
        )
    if not arguments.are_plausible():
        raise FormatError(f"{file.name}: these are not a fastText model's arguments: {arguments}")
    words, counts, labels = _read_dictionary(file, is_new)
    rows = _read_matrix(file, is_new, arguments, len(words))
    require_finite(rows[len(words) :], f"{file.name}, buckets of the input matrix")
    _skip_output(file, is_new, arguments)
    composed = np.empty((len(words), arguments.dim), np.float32)
    if len(words):
        from skipgram.vectors.subwords.kernels import compose

        skips = words.find(_END_OF_SENTENCE) if is_new else -1
        shortest, longest = arguments.shortest, arguments.longest
        compose(words.text, words.ends, skips, rows, shortest, longest, composed)
    return RowStream(
        file.name,
        "fasttext",
        arguments.dim,
        (block for block in [RowBlock(words.text, words.ends, composed, counts)]),
        lambda row: f"{file.name}, word {row + 1}",
        subwords=Subwords(rows[len(words) :], arguments.shortest, arguments.longest, encoding),
        labels=labels,
    )


def _read_dictionary(file: BytesOfFile, is_new: bool) -> tuple[PackedWords, NDArray[np.int64], int]:
    """The words, their counts, and how many labels follow them.

    A word that begins with __label__ is a label, even in an unsupervised model,
    where it has no vector.
    """
    entries, words, labels = _several(file, "<3i", "the dictionary's sizes")
    _one(file, "<q", "the number of tokens")
    pruned = _one(file, "<q", "the number of pruned n-grams") if is_new else -1
    labels = max(labels, 0)  # older files may have −1
    if entries != words + labels or words < 0:
        raise FormatError(
            f"{file.name}: {entries:,} entries of a dictionary, {words:,} words and {labels:,} "
            "labels"
        )
    if pruned > 0:
        raise FormatError(
            f"{file.name}: a quantised fastText model (its n-grams are pruned), which is not read; "
            "use the model it was made from"
        )
    # Not lists, in which an entry of ten bytes takes a hundred.
    text, ends, counts = bytearray(), array("q"), array("q")
    for number in range(entries):
        entry = file.until(b"\0", _LONGEST_WORD_BYTES, f"entry {number + 1} of {entries:,}")
        count, kind = _several(file, "<qb", f"the count of entry {number + 1}")
        if kind != (_IS_WORD if number < words else _IS_LABEL) or count < 0:
            raise FormatError(
                f"{file.name}, byte {file.position:,}: entry {number + 1} of {entries:,} has type "
                f"{kind} and count {count}"
            )
        if kind == _IS_WORD:
            text += entry
            ends.append(len(text))
            counts.append(count)
    packed = PackedWords(np.frombuffer(text, np.uint8), np.frombuffer(ends, np.int64))
    return packed, np.frombuffer(counts, np.int64), labels


def _read_matrix(
    file: BytesOfFile, is_new: bool, arguments: _Arguments, words: int
) -> NDArray[np.float32]:
    _refuse_quantised(file, is_new)
    rows, columns = _several(file, "<2q", "the input matrix's shape")
    if columns != arguments.dim or rows != words + arguments.buckets:
        raise FormatError(
            f"{file.name}: the input matrix has shape ({rows:,}, {columns:,}); {words:,} words, "
            f"{arguments.buckets:,} buckets and {arguments.dim} numbers need another"
        )
    return file.numbers((rows, columns), "<f4", "the input matrix")


def _skip_output(file: BytesOfFile, is_new: bool, arguments: _Arguments) -> None:
    """Read past the output matrix, so that a file that was cut off is noticed."""
    _refuse_quantised(file, is_new)
    rows, columns = _several(file, "<2q", "the output matrix's shape")
    if rows < 0 or columns != arguments.dim:
        raise FormatError(f"{file.name}: the output matrix has shape ({rows:,}, {columns:,})")
    left = 4 * rows * columns
    may_be_whole = file.size is None or file.position + left <= file.size
    while left and may_be_whole:
        piece = file.some(min(left, 1 << 20))
        left -= len(piece)
        may_be_whole = bool(piece)
    if left:
        raise FormatError(
            f"{file.name}, byte {file.position:,}: the file ends inside the output matrix"
        )
    file.require_end()


def _refuse_quantised(file: BytesOfFile, is_new: bool) -> None:
    if is_new and _one(file, "<b", "whether the matrix is quantised"):
        raise FormatError(
            f"{file.name}: a quantised fastText model (.ftz), which is not read; use the model it "
            "was made from"
        )


def _several(file: BytesOfFile, layout: str, what: str) -> tuple[int, ...]:
    return struct.unpack(layout, file.exactly(struct.calcsize(layout), what))


def _one(file: BytesOfFile, layout: str, what: str) -> int:
    return _several(file, layout, what)[0]

"""What is reported about a corpus, while it is read and afterwards."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadingProgress:
    """How far a pass over the corpus has got.

    Bytes are those of its sources on the disk; the total is 0 if a source does not know its size.
    """

    bytes_read: int
    bytes_total: int
    tokens: int = 0
    stage: str = "reading"
    """`reading`; then, over what was read, `joining phrases` and `numbering`"""


@dataclass(frozen=True)
class CorpusSummary:
    """What was read, and all that was dropped, replaced or left out on the way."""

    sources: int
    lines: int
    empty_lines: int
    longest_line: int
    """in tokens; of a tokenizer that knows sentences, the longest sentence"""
    tokens: int
    types: int
    kept_tokens: int
    kept_types: int
    replaced: int
    """sequences that are not UTF-8, replaced or ignored"""
    first_replaced: str
    """source and byte (from 0, in the unpacked text) of the first of them, or empty"""
    sha256: str
    """of the text, unpacked"""
    hidden_files: int = 0
    """in folders, left out"""
    missing_values: int = 0
    """of a table's column, passed over"""
    left_out: int = 0
    """tokens in which the tokenizer found no word, and empty ones"""
    null_bytes: int = 0
    """in the words kept"""
    phrases: int = 0
    """types that were joined of two, pass by pass"""
    joined_tokens: int = 0
    """tokens that phrases saved: two became one"""
    rare_tokens: int = 0
    rare_types: int = 0
    """dropped by min_count"""
    surplus_tokens: int = 0
    surplus_types: int = 0
    """dropped by max_vocabulary"""
    listed_tokens: int = 0
    listed_types: int = 0
    """dropped by drop_words"""
    unseen_words: int = 0
    """of keep_words, never seen"""
    unseen_drop_words: int = 0
    """of drop_words, never seen (or forgotten)"""
    forgotten_tokens: int = 0
    forgotten_types: int = 0
    """dropped because more than max_types were to be counted"""
    count_error: int = 0
    """no count is low by more than this; 0: all are exact"""
    phrase_count_error: int = 0
    """the same, of the counts by which phrases were found"""
    table_bytes: int = 0
    """memory that the table of types took"""
    unknown_tokens: int = 0
    unknown_types: int = 0
    """left out because the vectors that are trained further do not have them"""
    added_types: int = 0
    """words that were added to those of such vectors"""
    compared_types: int = 0
    """the most frequent kept words, looked at for forms; none unless text was split at spaces"""
    form_types: int = 0
    """of these, with punctuation at an end, or that differ from another one by case only"""
    example_of_forms: str = ""
    """some forms of one word, with spaces between"""


@dataclass(frozen=True)
class CacheUsed:
    """An encoded corpus from before is used; its sources are not read."""

    folder: str


@dataclass(frozen=True)
class CountingProgress:
    """Some more pairs of words have been counted."""

    positions: int
    """center words whose windows are done"""
    positions_total: int
    seconds: float

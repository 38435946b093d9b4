"""What is reported about a corpus, while it is read and afterwards."""

from dataclasses import dataclass

from skipgram.errors import in_readers_words
from skipgram.telling.markup import paragraphs
from skipgram.telling.wording import many

_MANY_TYPES = 100_000
_MANY_FORMS = 0.2
"""A share of words with punctuation, or in another case, that prose has and lists of items lack."""
_FEW_WORDS = 50
"""Too few to tell by."""


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

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return paragraphs(corpus_lines(self))


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


def corpus_lines(summary: CorpusSummary) -> list[str]:
    """What was read, kept, dropped and replaced: nothing goes without a count."""
    lines = [_read(summary), _kept(summary), *_forms(summary)]
    if summary.types >= _MANY_TYPES:
        lines.append(
            f"the table of {summary.types:,} different words took "
            f"{summary.table_bytes / 1e6:,.0f} MB, "
            f"{summary.table_bytes / summary.types:,.0f} MB per million"
        )
    surplus, listed, unknown = (
        f"{many(types, 'different word')}{what}, {tokens:,} in all"
        for types, what, tokens in (
            (summary.surplus_types, " beyond the most frequent", summary.surplus_tokens),
            (summary.listed_types, " on the drop list", summary.listed_tokens),
            (summary.unknown_types, " that the vectors do not have", summary.unknown_tokens),
        )
    )
    add_words, max_types = map(in_readers_words, ("[--add-words]", "max_types (--max-types)"))
    details = {
        f"dropped {surplus}": summary.surplus_tokens,
        f"dropped {listed}": summary.listed_tokens,
        f"left out {unknown}; {add_words} adds them": summary.unknown_tokens,
        f"added {many(summary.added_types, 'word')} to those of the vectors": summary.added_types,
        f"invalid UTF-8 sequences: {summary.replaced:,}, the first in "
        f"{summary.first_replaced}": summary.replaced,
        f"forgot rare words, {summary.forgotten_tokens:,} in all, to stay within {max_types}; "
        f"counts are too low by at most {summary.count_error:,}": summary.forgotten_tokens,
        "forgot rare pairs while finding phrases; counts are too low by at most "
        f"{summary.phrase_count_error:,}": summary.phrase_count_error,
        f"joined words into {many(summary.phrases, 'phrase')}; the corpus is "
        f"{many(summary.joined_tokens, 'word')} shorter": summary.phrases,
    }
    lines += [line for line, count in details.items() if count]
    others = {
        "words in the keep list that never occur": summary.unseen_words,
        "words in the drop list that never occur": summary.unseen_drop_words,
        "NUL bytes in words": summary.null_bytes,
        "tokens without a word in them, skipped": summary.left_out,
        "missing values, skipped": summary.missing_values,
        "hidden files and folders, skipped": summary.hidden_files,
    }
    return lines + [f"{what}: {count:,}" for what, count in others.items() if count]


def _read(summary: CorpusSummary) -> str:
    # More words than such lines could have: the tokenizer has parted the lines into sentences.
    is_parted = summary.tokens > summary.lines * summary.longest_line
    longest = "sentence" if is_parted else "line or sentence"
    empty = f", {summary.empty_lines:,} of them empty" if summary.empty_lines else ""
    return (
        f"read {many(summary.tokens, 'word')} in {many(summary.lines, 'line')}{empty}; the "
        f"longest {longest} has {many(summary.longest_line, 'word')}"
    )


def _kept(summary: CorpusSummary) -> str:
    kept = f"kept {many(summary.kept_types, 'different word')}, {summary.kept_tokens:,} in all"
    if not summary.rare_types:
        return f"{kept}; none was too rare"
    return (
        f"{kept}; dropped {many(summary.rare_types, 'rarer one')}, {summary.rare_tokens:,} in all"
    )


def _forms(summary: CorpusSummary) -> list[str]:
    """Advice for prose that was split at spaces."""
    words, forms = summary.compared_types, summary.form_types
    if words < _FEW_WORDS or forms < _MANY_FORMS * words:
        return []
    which = "most frequent " if words < summary.kept_types else ""
    example = f", such as: {summary.example_of_forms}" if summary.example_of_forms else ""
    return [
        f"{forms:,} of the {words:,} {which}words have punctuation attached or differ from "
        f"another by case only{example}",
        in_readers_words("for prose, add [--tokenizer words], which makes one word of them"),
    ]

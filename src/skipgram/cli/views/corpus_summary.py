"""What a corpus came to, line by line."""

from skipgram.cli.views.wording import many
from skipgram.corpus.summary import CorpusSummary

_MANY_TYPES = 100_000
_MANY_FORMS = 0.2
"""A share of words with punctuation, or in another case, that prose has and lists of items lack."""
_FEW_WORDS = 50
"""Too few to tell by."""


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
    details = {
        f"dropped {surplus}": summary.surplus_tokens,
        f"dropped {listed}": summary.listed_tokens,
        f"left out {unknown}; --add-words adds them": summary.unknown_tokens,
        f"added {many(summary.added_types, 'word')} to those of the vectors": summary.added_types,
        f"invalid UTF-8 sequences: {summary.replaced:,}, the first in "
        f"{summary.first_replaced}": summary.replaced,
        f"forgot rare words, {summary.forgotten_tokens:,} in all, to stay within --max-types; "
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
        "for prose, add --tokenizer words, which makes one word of them",
    ]

"""What a corpus came to, line by line."""

from skipgram.corpus.summary import CorpusSummary

_MANY_TYPES = 100_000


def corpus_lines(summary: CorpusSummary) -> list[str]:
    """What was read, kept, dropped and replaced: nothing goes without a count."""
    lines = [
        f"read {summary.tokens:,} words in {summary.lines:,} lines "
        f"(longest {summary.longest_line:,}, empty {summary.empty_lines:,})",
        f"kept {summary.kept_tokens:,} words of {summary.kept_types:,} types; dropped "
        f"{summary.rare_tokens:,} of {summary.rare_types:,} rarer types",
    ]
    if summary.types >= _MANY_TYPES:
        lines.append(
            f"the table of {summary.types:,} types took {summary.table_bytes / 1e6:,.0f} MB, "
            f"{summary.table_bytes / summary.types:,.0f} MB per million"
        )
    details = {
        f"dropped {summary.surplus_tokens:,} words of {summary.surplus_types:,} types beyond "
        "the most frequent": summary.surplus_tokens,
        f"dropped {summary.listed_tokens:,} words of {summary.listed_types:,} types on the "
        "drop list": summary.listed_tokens,
        f"left out {summary.unknown_tokens:,} words of {summary.unknown_types:,} types that "
        "the vectors do not have; --add-words adds them": summary.unknown_tokens,
        f"added {summary.added_types:,} types to the words of the vectors": summary.added_types,
        f"invalid UTF-8 sequences: {summary.replaced:,}, the first in "
        f"{summary.first_replaced}": summary.replaced,
        f"forgot {summary.forgotten_tokens:,} words of rare types to stay within "
        "--max-types; counts are too low by at most "
        f"{summary.count_error:,}": summary.forgotten_tokens,
        "forgot rare pairs while finding phrases; counts are too low by at most "
        f"{summary.phrase_count_error:,}": summary.phrase_count_error,
        f"joined words into {summary.phrases:,} phrases; the corpus is "
        f"{summary.joined_tokens:,} words shorter": summary.phrases,
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

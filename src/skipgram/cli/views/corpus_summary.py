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
            f"{summary.table_bytes / summary.types:,.0f} MB a million"
        )
    if summary.surplus_tokens:
        lines.append(
            f"dropped {summary.surplus_tokens:,} words of {summary.surplus_types:,} types beyond "
            "the most frequent"
        )
    if summary.listed_tokens:
        lines.append(
            f"dropped {summary.listed_tokens:,} words of {summary.listed_types:,} types that were "
            "not wanted"
        )
    if summary.unknown_tokens:
        lines.append(
            f"left out {summary.unknown_tokens:,} words of {summary.unknown_types:,} types that "
            "the vectors do not have; --add-words adds them"
        )
    if summary.added_types:
        lines.append(f"added {summary.added_types:,} types to the words of the vectors")
    if summary.replaced:
        lines.append(
            f"sequences that are not UTF-8: {summary.replaced:,}, the first in "
            f"{summary.first_replaced}"
        )
    if summary.forgotten_tokens:
        lines.append(
            f"forgot {summary.forgotten_tokens:,} words of rare types, to hold no more types than "
            f"asked for; no count is low by more than {summary.count_error:,}"
        )
    if summary.phrase_count_error:
        lines.append(
            "forgot rare pairs while phrases were found; none was counted too low by more than "
            f"{summary.phrase_count_error:,}"
        )
    if summary.phrases:
        lines.append(
            f"joined {summary.phrases:,} phrases, which took up {summary.joined_tokens:,} words"
        )
    others = {
        "words in the keep list that never occur": summary.unseen_words,
        "words in the drop list that never occur": summary.unseen_drop_words,
        "NUL bytes in words": summary.null_bytes,
        "tokens without a word in them, left out": summary.left_out,
        "missing values, passed over": summary.missing_values,
        "hidden files and folders, left out": summary.hidden_files,
    }
    return lines + [f"{what}: {count:,}" for what, count in others.items() if count]

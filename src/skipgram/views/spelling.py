"""What a person likes to know of spelling."""

from skipgram.spelling.explaining import says_something
from skipgram.telling.wording import many, percent
from skipgram.training.events import WordsSpelled


def spelled(event: WordsSpelled) -> str:
    """What n-grams say, and whether it is shown."""
    ngrams = many(event.ngrams, "n-gram")
    if not says_something(event.explained):
        return (
            f"spelling: {ngrams} explain nothing of words that they have not seen, so vectors are "
            "shown without it, and unknown words stay unknown"
        )
    said = (
        f"{ngrams} explain {percent(event.explained)} of the variance of words that they have not "
        "seen"
    )
    without = ""
    if event.words_without:
        without = f"; {many(event.words_without, 'word')} have no n-gram that another word has"
    shown = f"with {event.share:g} of what it says" if event.share else "without it, as asked"
    return f"spelling: {said}; vectors are shown {shown}{without}"

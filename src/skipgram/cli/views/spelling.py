"""What a person likes to know of spelling."""

from skipgram.cli.views.wording import many, percent
from skipgram.training.events import WordsSpelled


def spelled(event: WordsSpelled) -> str:
    """What n-grams say, and whether it is shown."""
    said = (
        f"{many(event.ngrams, 'n-gram')} explain {percent(event.explained)} of the variance of "
        "words that they have not seen"
    )
    if not event.share:
        return f"spelling: {said}, which is too little: vectors are shown without it"
    without = ""
    if event.words_without:
        without = f"; {many(event.words_without, 'word')} have no n-gram that another word has"
    return f"spelling: {said}; vectors are shown with {event.share:g} of what it says{without}"

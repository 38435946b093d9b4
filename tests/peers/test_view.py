"""Who watches a comparison sees whose turn it is, and for how long."""

from skipgram.corpus.summary import ReadingProgress
from skipgram.peers.events import SystemLeftOut, TrainingAdvances, TrainingBegins, TrainingEnds
from skipgram.peers.view import ComparisonView
from skipgram.views.display import Display


class Kept(Display):
    """Keeps what is shown."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.bars: list[tuple[str, float, str]] = []
        self.is_drawn = False

    def say(self, text: str) -> None:
        assert not self.is_drawn
        self.lines.append(text)

    def advance(self, what: str, share: float, detail: str) -> None:
        self.bars.append((what, share, detail))
        self.is_drawn = True

    def finish(self) -> None:
        self.is_drawn = False

    def close(self) -> None:
        self.lines.append("closed")


def test_turns_are_told_as_lines_and_progress_as_a_bar() -> None:
    display = Kept()
    with ComparisonView(display) as view:
        for event in (
            SystemLeftOut("fastText", "not installed: pip install fasttext-community"),
            TrainingBegins("gensim", 3, 1, 2),
            TrainingAdvances("gensim", 0.25, 61.4),
            TrainingEnds("gensim", 244.04, 250),
        ):
            view.observe(event)
    assert display.lines == [
        "fastText is left out; not installed: pip install fasttext-community",
        "training 1 of 2: gensim, seed 3",
        "gensim trained in 244.0 s, 250.0 s with reading",
        "closed",
    ]
    assert display.bars == [("gensim, 1 of 2", 0.25, "61 s")]


def test_reading_is_shown_even_where_nobody_knows_how_much_is_to_come() -> None:
    display = Kept()
    ComparisonView(display).observe(ReadingProgress(2_000_000, 0))
    assert display.bars == [("reading", 0, "2 MB")]

"""Words of Hindi, Arabic and Finnish: split, asked for in other forms, and spelled if unknown.

Without arguments it trains on a few sentences of each language; with them on your own files:

    python examples/many_scripts.py
    python examples/many_scripts.py novel.txt news.txt --ask talo taloissamme
    python examples/many_scripts.py arabic.txt --without-marks --ask كِتَاب

--without-marks takes vowel signs and tatweel out of Arabic before it is split: otherwise a
word with vowel signs and the same word without are two.
"""

import argparse
import io
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import skipgram

MARKS = dict.fromkeys([*range(0x064B, 0x0653), 0x0670, 0x0640])  # vowel signs; tatweel
ENDS = str.maketrans("।॥۔؟", "...?")  # skipgram ends a sentence at . ! and ? only


class Language(NamedTuple):
    name: str
    text: str
    new: str
    """a sentence to split"""
    ask: list[str]
    """words in forms that the text has not: inflected, capitals, another normal form"""
    has_marks: bool = False


HINDI = Language(
    "Hindi",
    """लड़का सुबह स्कूल जाता है। लड़की सुबह स्कूल जाती है।
    लड़का शाम को घर आता है। लड़की शाम को घर आती है।
    माँ बाज़ार से ताज़ा फल लाती है। पिता बाज़ार से ताज़ी सब्ज़ी लाते हैं।
    बच्चे घर में किताब पढ़ते हैं। बच्चे स्कूल में कहानी पढ़ते हैं।
    नदी का पानी ठंडा है। कुएँ का पानी मीठा है।
    किसान खेत में काम करता है। मज़दूर शहर में काम करता है।""",
    "लड़कियाँ किताबें पढ़ती हैं, और चाय पक्\u200dकी है।",  # U+200D joins the halves of a sign
    ["घर", "लड़कियाँ", "बा\u095bार"],  # the last with ज़ as one character
)
ARABIC = Language(
    "Arabic",
    """يذهب الولد إلى المدرسة في الصباح. تذهب البنت إلى المدرسة في الصباح.
    يعود الولد إلى البيت في المساء. تعود البنت إلى البيت في المساء.
    يقرأ الطالب كتابا في المكتبة. تقرأ الطالبة كتابا في المكتبة.
    كَتَبَ الطَّالِبُ رِسَالَةً إلى المعلم. كتب المعلم رسالة إلى الطالب.
    اشترى الأب خبزا من السوق. اشترت الأم تفاحا من السوق.
    الماء في النهر بارد. المـــاء في البئر عذب.""",
    "هل قَرَأَ الطَّالِبُ الكـــتاب؟",
    ["البيت", "الطَّالِبُ", "والبيت"],
    has_marks=True,
)
FINNISH = Language(
    "Finnish",
    """Poika kävelee aamulla kouluun. Tyttö kävelee aamulla kouluun.
    Poika tulee illalla kotiin. Tyttö tulee illalla kotiin.
    Kissa nukkuu talossa. Koira nukkuu talossa.
    Kissa juoksee talosta pihalle. Koira juoksee metsästä pihalle.
    Lapset lukevat kirjaa koulussa. Opettaja lukee kirjaa koulussa.
    Äiti ostaa leipää kaupasta. Isä ostaa maitoa kaupasta.
    Metsässä on hiljaista ja kaunista. Kaupassa on paljon ihmisiä.""",
    "Äitini linja-auto oli talossamme!",
    ["ISÄ", unicodedata.normalize("NFD", "äiti"), "talossamme", "koulusta"],
)


def without_marks(text: str) -> str:
    """Text without the vowel signs and the tatweel of Arabic."""
    return text.translate(MARKS)


def isolated(word: str) -> str:
    """A word that does not turn the line around it, whichever way it is written itself."""
    return f"\u2068{word}\u2069"


def told(words: list[str]) -> str:
    return " | ".join(map(isolated, words))


def answer(vectors: skipgram.WordVectors, word: str) -> str:
    """The neighbours of a word, and in which form they were found."""
    try:
        found = vectors.most_similar(word, k=3)
    except skipgram.UnknownWordError as error:
        return str(error)
    how = ""
    if word in found.read_as:
        how = f" (found as {isolated(found.read_as[word])})"
    elif found.spelled:
        how = " (unknown, by its spelling)"
    near = ", ".join(f"{isolated(other)} {cosine:.2f}" for other, cosine in found)
    return f"{isolated(word)}{how}: {near}"


def show(language: Language) -> None:
    text = without_marks(language.text) if language.has_marks else language.text
    vectors = skipgram.train(
        skipgram.Texts([text.translate(ENDS)] * 100),
        tokenizer="words",
        objective="softmax",
        embedding_dim=20,
        min_count=1,
        subsample=0,
        progress=False,
    )
    print(f"{language.name}, {len(vectors)} words")
    print(f"  split: {told(vectors.tokenize(language.new))}")
    if language.has_marks:
        print(f"  without marks: {told(vectors.tokenize(without_marks(language.new)))}")
    for word in language.ask:
        print(f"  {answer(vectors, without_marks(word) if language.has_marks else word)}")


def lines_of(paths: list[Path], has_marks: bool) -> Iterator[str]:
    for path in paths:
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield (without_marks(line) if has_marks else line).translate(ENDS)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("texts", nargs="*", type=Path, help="files of text, UTF-8")
    parser.add_argument("--ask", nargs="+", default=[], metavar="WORD")
    parser.add_argument("--without-marks", action="store_true", help="for Arabic")
    asked = parser.parse_args()
    if not asked.texts:
        for language in (HINDI, ARABIC, FINNISH):
            show(language)
        return
    lines = lines_of(asked.texts, asked.without_marks)
    vectors = skipgram.train(lines, tokenizer="words", objective="softmax", max_vocabulary=20_000)
    for word in asked.ask or vectors.words[:5]:
        print(answer(vectors, without_marks(word) if asked.without_marks else word))


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for a stream that is not in UTF-8
    main()

"""Make the packed demo corpus from WordNet 3.0's dictionary files.

    apt-get download wordnet-base && dpkg -x wordnet-base_*.deb unpacked
    python tools/make_demo_corpus.py unpacked

One line a synset: its lemmas, then its gloss and its examples, in lower-case
letters and blanks only (an apostrophe joins: "don't" is "dont"). The order is
that of the files, so that the result is the same on every machine. WordNet's
licence is taken along.
"""

import lzma
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE_DATA = Path(__file__).parents[1] / "src/skipgram/corpus/data"
PARTS = ("noun", "verb", "adj", "adv")
_NOT_LETTERS = re.compile("[^a-z]+")
_ADJECTIVE_MARKER = re.compile(r"\((?:a|p|ip)\)$")


def synset_line(record: str) -> str:
    """The words of one line of a data file: `... w_cnt (lemma lex_id)* ... | gloss`."""
    fields, gloss = record.split("|", 1)
    parts = fields.split()
    lemma_count = int(parts[3], 16)
    lemmas = (_ADJECTIVE_MARKER.sub("", lemma) for lemma in parts[4 : 4 + 2 * lemma_count : 2])
    text = f"{' '.join(lemmas)} {gloss}".lower().replace("'", "")
    return _NOT_LETTERS.sub(" ", text).strip()


def synset_lines(dictionary: Path) -> Iterator[str]:
    for part in PARTS:
        for record in (dictionary / f"data.{part}").read_text("ascii").splitlines():
            if not record.startswith("  "):  # the licence, at the head of each file
                yield synset_line(record)


def licence(dictionary: Path) -> str:
    """The licence as it stands at the head of a data file, without its line numbers."""
    head = (dictionary / "data.noun").read_text("ascii").splitlines()[:29]
    return "\n".join(line.strip().partition(" ")[2] for line in head) + "\n"


def main(unpacked: Path) -> None:
    dictionary = unpacked / "usr/share/wordnet"
    lines = list(synset_lines(dictionary))
    PACKAGE_DATA.mkdir(exist_ok=True)
    packed = lzma.compress(("\n".join(lines) + "\n").encode(), preset=9 | lzma.PRESET_EXTREME)
    (PACKAGE_DATA / "wordnet-3.0.txt.xz").write_bytes(packed)
    (PACKAGE_DATA / "LICENSE.wordnet-3.0.txt").write_text(licence(dictionary), encoding="ascii")
    words = sum(len(line.split()) for line in lines)
    print(f"{len(lines):,} lines, {words:,} words, {len(packed):,} bytes packed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

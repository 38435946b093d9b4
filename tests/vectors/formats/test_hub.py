"""The hub's layout: what its folder tells, how its tokenizer splits, and what is refused."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import skipgram
from helpers.handmade_vectors import vectors_of
from helpers.mutations import sample_vectors
from skipgram.errors import FormatError, OutputExistsError
from skipgram.vectors.word_vectors import WordVectors


def assert_equal(found: WordVectors, expected: WordVectors) -> None:
    assert list(found.words) == list(expected.words)
    assert found.matrix.tobytes() == expected.matrix.tobytes()


def trained() -> WordVectors:
    about = {
        "skipgram_version": "9.9",
        "settings": {"model": {"window": 5}, "text": {"tokenizer": "words"}},
        "corpus": {"tokens": 1000, "sha256": "abc"},
    }
    return vectors_of({"sun": [1, 0], "new york": [0, 1], "x\ny": [1, 1]}, about=about)


def test_the_hubs_folder_tells_where_the_vectors_come_from(tmp_path):
    trained().export(tmp_path / "my-vectors", format="hub")
    card = (tmp_path / "my-vectors" / "README.md").read_text()
    assert card.startswith("---\nlibrary_name: model2vec\n")
    for told in (
        "# my-vectors",
        "3 words × 2 numbers",
        "skipgram 9.9",
        "| model | window | 5 |",
        "- tokens: 1000",
    ):
        assert told in card
    loaded = skipgram.load(tmp_path / "my-vectors")
    assert_equal(loaded, trained())
    assert loaded.about == trained().about
    assert loaded.counts.tolist() == trained().counts.tolist()


LETTERS = ("a", "B", "'", "\u2019", ".", "!", "\n", "\r\n", " ", "\t", "\v", "-", "_", "3")
OTHERS = (
    "é",
    "e\u0301",
    "Σ",
    "İ",
    "\x1c",
    "\x85",
    "\xa0",
    "\u200c",
    "क",
    "ी",
    "東",
    "🐈",
    "\ufe0f",
)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(LETTERS + OTHERS), max_size=25).map("".join))
@example("ΟΔΟΣ ΣΑΣ ΑΣ. Σ'Σ ΑΣ'Α")
@example("कΣ Α.Σ Α:Σ Σ. Α\u0301\u0323Σ ΣकΑ")
@pytest.mark.parametrize("tokenizer", ["words", "whitespace"])
def test_the_hubs_tokenizer_splits_a_text_as_the_training_did(tokenizer, text):
    tokenizers = pytest.importorskip("tokenizers")
    about = {"settings": {"text": {"tokenizer": tokenizer}}}
    tokens = vectors_of({"a": [1.0]}, about=about).tokenize(text)
    words = list(dict.fromkeys([*tokens, "a"]))
    vectors = vectors_of({word: [1.0] for word in words}, about=about)
    with tempfile.TemporaryDirectory() as folder:
        vectors.export(Path(folder) / "hub", format="hub")
        theirs = tokenizers.Tokenizer.from_file(str(Path(folder) / "hub" / "tokenizer.json"))
    assert theirs.encode(text).tokens == tokens


def test_a_word_unknown_of_the_vocabulary_itself_stays_one(tmp_path):
    vectors = vectors_of({"a": [1], "[UNK]": [2]})
    vectors.export(tmp_path / "hub", format="hub")
    assert_equal(skipgram.load(tmp_path / "hub"), vectors)


def test_a_folder_with_other_files_is_never_replaced(tmp_path):
    folder = tmp_path / "hub"
    sample_vectors().export(folder, format="hub")
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(OutputExistsError, match=r"holds thesis.txt, which would be lost"):
        sample_vectors().export(folder, format="hub", overwrite=True)
    assert (folder / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("tokenizer.json", "{}", "tokenizer.json: it has no vocabulary of words"),
        ("tokenizer.json", '{"model": {"vocab": {"a": 0, "b": 2}}}', "must be 0, 1, 2"),
        ("tokenizer.json", '{"model": {"vocab": {"a": 0}}}', "1 words in tokenizer.json, 11 rows"),
        (
            "config.json",
            "[]",
            "config.json is not a model's settings: it is not a JSON object",
        ),
        ("model.safetensors", "garbage", "model.safetensors is damaged"),
    ],
)
def test_a_damaged_hub_folder_is_refused(tmp_path, name, content, text):
    sample_vectors().export(tmp_path / "hub", format="hub")
    (tmp_path / "hub" / name).write_text(content)
    with pytest.raises(FormatError) as caught:
        skipgram.load(tmp_path / "hub")
    assert text in str(caught.value)

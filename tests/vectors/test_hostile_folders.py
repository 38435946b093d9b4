"""Native and hub folders whose settings, words or numbers somebody wrote to mislead."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import skipgram
from helpers.command_line import run
from helpers.handmade_vectors import change_settings, some_vectors, vectors_of
from skipgram.errors import FormatError

DEEP = "[" * 1_000_000
HUGE = 10**400
ODD_VALUES: list[Any] = [
    None,
    "x",
    HUGE,
    [[]],
    {"tokens": [], "lines": {}},
    {"undecodable_words": "x", "labels_dropped": [1]},
    [{"loss": HUGE, "objective": HUGE, "seconds": HUGE}],
]


def refusal(folder: Path) -> str:
    with pytest.raises(FormatError) as caught:
        skipgram.load(folder)
    text = str(caught.value)
    assert "\n" not in text
    assert len(text) < 600
    return text


# Settings


@pytest.mark.parametrize(
    "content",
    [
        DEEP,
        '{"a":' * 300_000,
        '{"format": "skipgram vectors", "format_version": ' + "9" * 5000 + "}",
        "\ufeff{}",
        '{"format": "skipgram vectors", "format_version": 2, "shown": "center", "x": \ud800}',
    ],
    ids=["lists", "objects", "a huge number", "a mark", "half a pair"],
)
def test_settings_that_cannot_be_read_are_one_line(folder, content):
    (folder / "settings.json").write_bytes(content.encode(errors="surrogatepass"))
    assert refusal(folder).startswith(f"{folder}/settings.json ")


@pytest.mark.parametrize(
    "name", ["corpus", "settings", "epochs", "sweeps", "read", "skipgram_version", "index", "text"]
)
@pytest.mark.parametrize("value", ODD_VALUES, ids=lambda value: repr(value)[:20])
def test_whatever_the_settings_tell_can_be_shown_written_and_turned(
    folder, monkeypatch, name, value
):
    about = {**json.loads((folder / "settings.json").read_text()), name: value}
    (folder / "settings.json").write_text(json.dumps(about))
    assert run(monkeypatch, "info", folder) == 0
    vectors = skipgram.load(folder)
    vectors.export(folder.parent / "hub", format="hub")
    assert skipgram.load(folder.parent / "hub").about == vectors.about
    assert run(monkeypatch, "convert", folder, folder.parent / "v.txt") == 0
    skipgram.align(vectors, vectors).aligned().save(folder.parent / "aligned")


def test_half_a_surrogate_pair_in_the_settings_reaches_the_card_escaped(tmp_path):
    vectors = some_vectors(about={"corpus": {"sha256": "\ud800"}, "skipgram_version": "\udc00"})
    vectors.export(tmp_path / "hub", format="hub")
    assert r"- sha256: \ud800" in (tmp_path / "hub" / "README.md").read_text()
    assert skipgram.load(tmp_path / "hub").about == vectors.about


# Numbers


def change(file: Path, **tensors: np.ndarray) -> None:
    save_file(load_file(file) | tensors, file)


@pytest.mark.parametrize("name", ["noise", "outside_marginal"])
@pytest.mark.parametrize("number", [np.nan, np.inf, -1.0])
def test_probabilities_that_are_none_are_refused(folder, name, number):
    change(folder / "vocabulary.safetensors", **{name: np.array([0.1] * 6 + [number])})
    assert refusal(folder) == f"{folder}/vocabulary.safetensors: {name}: entry 6 holds {number}"


@pytest.mark.parametrize("number", [np.nan, np.inf, -1.0])
def test_scales_that_are_none_are_refused(folder, number):
    skipgram.load(folder).compact("int8").save(folder, overwrite=True)
    scales = np.array([1, number, 1, 1, 1, 1, 1], np.float32)
    change(folder / "vectors.safetensors", center_scales=scales)
    assert refusal(folder) == f"{folder}/vectors.safetensors: scales: entry 1 holds {number}"


def test_counts_whose_sum_is_beyond_64_bits_are_added_exactly(folder):
    change(folder / "vocabulary.safetensors", counts=np.full(7, 2**63 - 1))
    assert skipgram.load(folder).vocabulary.total == 7 * (2**63 - 1)
    change(folder / "vocabulary.safetensors", counts=np.full(7, -(2**63)))
    assert "below 0" in refusal(folder)


@pytest.mark.parametrize(
    "ends",
    [[2**63 - 1, -(2**63), -1, 8, 10, 12, 14], [2, 4, 6, 8, 10, -(2**63), 14], [-1] * 6 + [14]],
)
def test_ends_of_words_that_wrap_are_refused(folder, ends):
    change_settings(folder, words_crc32=None)
    change(folder / "vocabulary.safetensors", word_ends=np.array(ends))
    assert "word_ends do not divide the 14 bytes of words" in refusal(folder)


@pytest.mark.parametrize("entry", [-1, 2**63 - 1, -(2**63), 7, 1 << 31])
def test_an_index_of_words_that_are_not_there_is_refused(folder, entry):
    change_settings(folder, words_crc32=None)
    file = folder / "vocabulary.safetensors"
    for place in (0, 6):
        index = load_file(file)["word_index"]
        index[place] = entry
        change(file, word_index=index)
        assert "word_index is not an index of the 7 words" in refusal(folder)


# The hub's


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    vectors_of({"a": [1], "b": [2], "[UNK]": [3]}).export(tmp_path / "hub", format="hub")
    return tmp_path / "hub"


def with_vocabulary(hub: Path, text: str) -> Path:
    (hub / "tokenizer.json").write_bytes(
        b'{"model": {"vocab": %s}}' % text.encode(errors="surrogatepass")
    )
    return hub


@pytest.mark.parametrize(
    ("vocabulary", "said"),
    [
        ('{"a": 0, "b": 1, "c": 2.0}', "the id of the word 'c' is 2.0; the ids of its 3 words"),
        ('{"a": false, "b": true, "c": 2}', "the id of the word 'a' is False; the ids of its 3"),
        ('{"a": 0, "b": 1, "c": 1}', "the id of the word 'c' is 1; the ids of its 3 words must"),
        ('{"a": 0, "b": 1, "a": 2}', "the id of the word 'a' is 2; the ids of its 2 words"),
        ('{"a": 0, "b": 1, "c": -1}', "the id of the word 'c' is -1"),
        ('{"a": 0, "b": 1, "c": 1e400}', "the id of the word 'c' is inf"),
        ('{"a": 0, "b": 1, "c": NaN}', "the id of the word 'c' is nan"),
        ('{"a": 0, "b": 1, "c": [2]}', "the id of the word 'c' is [2]"),
        ('{"a": 0, "b": 1, "c": null}', "the id of the word 'c' is None"),
        (f'{{"a": 0, "b": 1, "c": {"9" * 400}}}', "the id of the word 'c' is 999999"),
        ('{"a": 0, "b": 1}', "2 words in tokenizer.json, 3 rows in model.safetensors"),
        (r'{"a": 0, "b": 1, "\ud800": 2}', r"tokenizer.json: the word '\ud800' cannot be written"),
        ('{"a": 0, "b": 1, "": 2}', "tokenizer.json, word 3: the word is empty"),
        ('["a", "b", "c"]', "tokenizer.json: it has no vocabulary of words with their ids"),
        (DEEP, "tokenizer.json is not a tokenizer: "),
        ('{"a":' * 300_000, "tokenizer.json is not a tokenizer: "),
        ('{"a": 0, "b": 1, "\ud800": 2}', "tokenizer.json is not a tokenizer: "),
    ],
)
def test_a_tokenizer_that_misleads_is_refused(hub, vocabulary, said):
    assert said in refusal(with_vocabulary(hub, vocabulary))


def test_a_word_may_hold_any_character(hub):
    with_vocabulary(hub, r'{"a\u0000b": 0, "\n": 1, "\u202e": 2}')
    assert list(skipgram.load(hub).words) == ["a\0b", "\n", "\u202e"]


@pytest.mark.parametrize("counts", [[1, 2], [1, 2, 3, 4], [1, -2, 3]])
def test_counts_that_do_not_fit_are_refused(hub, counts):
    change(hub / "model.safetensors", counts=np.array(counts))
    assert refusal(hub).startswith(f"{hub}/model.safetensors: ")

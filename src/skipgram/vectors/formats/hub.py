"""The Hugging Face hub's layout: a folder that model2vec and sentence-transformers load.

    README.md           the model card: what the vectors are, and how they were trained
    config.json         model_type "model2vec", and this project's own fields
    model.safetensors   embeddings (vocab_size, embedding_dim) float32; counts (vocab_size,) int64
    tokenizer.json      how the training split its text, and each word's id
    modules.json        for sentence-transformers: a static embedding

There a text's embedding is the mean of its known words' vectors. If the
vocabulary has no word [UNK], a row of zeros is added for it at the end. Phrases
are not joined there: the tokenizers library has nothing that could.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, OutputExistsError
from skipgram.system.files import whole_folder
from skipgram.system.paths import require_free
from skipgram.system.tensor_file import Expected, map_tensors, write_tensors
from skipgram.untrusted.opening import read_json
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.rows import CompactRows
from skipgram.vectors.tokenizing import tokenizer_of

CARD, CONFIG, MODEL, TOKENIZER, MODULES = (
    "README.md",
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "modules.json",
)
UNKNOWN = "[UNK]"

_MOST_TOKENIZER_BYTES = 1 << 28
"""It takes some 50 per word."""
_FILES = (CARD, CONFIG, MODEL, TOKENIZER, MODULES)
_TENSORS = {
    "embeddings": Expected((np.float32, np.float16), 2),
    "counts": Expected(np.int64, 1, is_optional=True),
}
_ADDED = "skipgram_added_unknown"
_ABOUT = "skipgram"
_FILLED = r"[^ \t\n\r\x0b\x0c]+"
"""What stands between the six ASCII blanks."""
_RUN = r"[\p{L}\p{N}][\p{L}\p{M}\p{N}\x{200c}\x{200d}]*+"
_WORD = rf"{_RUN}(?:'{_RUN})*+"
"""A word, as corpus/tokens/words.py has it, in the dialect of the tokenizers library."""
_CASED = r"[\p{Lu}\p{Ll}\p{Lt}\x{aa}\x{ba}\x{2160}-\x{217f}\x{24b6}-\x{24e9}]"
_IGNORED = r"[\p{Mn}\p{Me}\p{Cf}\p{Lm}\p{Sk}'.:\x{b7}\x{387}\x{2018}\x{2024}\x{2027}]"
_FINAL_SIGMA = (
    f"(?<={'|'.join(_CASED + _IGNORED * between for between in range(4))})"
    rf"\x{{3a3}}(?!{_IGNORED}*{_CASED})"
)
"""A capital sigma at a word's end: Unicode's Final_Sigma, with up to three signs before it that
have no case. (The library looks back only over a fixed number.)"""
_AS_WORDS = {
    "type": "Sequence",
    "normalizers": [
        {"type": "Replace", "pattern": {"String": "\u2019"}, "content": "'"},
        # The library lower-cases letter by letter, and does not know this one form.
        {"type": "Replace", "pattern": {"Regex": _FINAL_SIGMA}, "content": "\u03c2"},
        {"type": "Lowercase"},
        {"type": "NFC"},
    ],
}
_CORPUS_FACTS = ("tokens", "types", "lines", "sha256")
"""What the card says about the corpus."""


def is_hub_folder(folder: Path) -> bool:
    """Whether a folder has this layout."""
    return all((folder / name).is_file() for name in (CONFIG, MODEL, TOKENIZER))


def save(vectors: Embedding, folder: Path, *, overwrite: bool = False, keeps: bool = False) -> None:
    """Write the folder, whole or not at all, and replace no folder that holds other files.

    With `keeps`, if the place was taken in the meantime it is written beside it.
    """
    replaceable = partial(require_place, folder, overwrite=overwrite)
    if not keeps:
        replaceable()
    words = list(vectors.words)
    rows, counts = vectors.matrix, vectors.counts
    adds_unknown = UNKNOWN not in vectors
    if adds_unknown:
        words.append(UNKNOWN)
        rows = np.concatenate([rows, np.zeros((1, rows.shape[1]), np.float32)])
        counts = np.append(counts, 0)
    tensors: dict[str, NDArray[Any]] = {"embeddings": rows, "counts": counts}
    texts = {
        CARD: _card(vectors, folder.resolve().name),
        CONFIG: _as_json(
            {
                "model_type": "model2vec",
                "architectures": ["StaticModel"],
                "hidden_dim": vectors.embedding_dim,
                "seq_length": 1_000_000,
                "normalize": False,
                _ADDED: adds_unknown,
                _ABOUT: vectors.about,
            }
        ),
        TOKENIZER: _as_json(_tokenizer(words, tokenizer_of(vectors.about) == "words")),
        MODULES: _as_json(
            [
                {
                    "idx": 0,
                    "name": "0",
                    "path": ".",
                    "type": "sentence_transformers.models.StaticEmbedding",
                },
            ]
        ),
    }
    with whole_folder(folder, overwrite=overwrite, keeps=keeps, require_place=replaceable) as new:
        with (new / MODEL).open("wb") as file:
            write_tensors(file, tensors, {"embeddings": np.float32, "counts": np.int64})
        for name, text in texts.items():
            # What vectors say about themselves may contain half a surrogate pair.
            (new / name).write_text(text, encoding="utf-8", errors="backslashreplace")


def require_place(folder: Path, *, overwrite: bool) -> None:
    """Refuse a folder that is taken, and ever to replace other files."""
    require_free(folder, overwrite=overwrite)
    if folder.exists():
        strays = {file.name for file in folder.iterdir()} if folder.is_dir() else {folder.name}
        if strays := strays - set(_FILES):
            raise OutputExistsError(
                f"{folder} holds {min(strays)}, which would be lost; choose another name"
            )


def load(folder: Path) -> Embedding:
    """The words and vectors of such a folder, mapped."""
    if not is_hub_folder(folder):
        raise FormatError(f"{folder} is not a folder with {CONFIG}, {MODEL} and {TOKENIZER}")
    tensors = map_tensors(folder / MODEL, _TENSORS)
    config = read_json(folder / CONFIG, "a model's settings")
    tokenizer = read_json(folder / TOKENIZER, "a tokenizer", most_bytes=_MOST_TOKENIZER_BYTES)
    rows = tensors["embeddings"]
    words = _words_of(tokenizer, folder / TOKENIZER)
    if len(words) != len(rows):
        raise FormatError(
            f"{folder}: {len(words):,} words in {TOKENIZER}, {len(rows):,} rows in {MODEL}"
        )
    counts = tensors.get("counts", np.zeros(len(words), np.int64))
    if len(counts) != len(words):
        raise FormatError(f"{folder / MODEL}: {len(counts):,} counts for {len(words):,} words")
    if config.get(_ADDED) and words and words[-1] == UNKNOWN:
        words, rows, counts = words[:-1], rows[:-1], counts[:-1]
    about = config.get(_ABOUT)
    try:
        packed = PackedWords.of(words)
    except FormatError as error:
        raise FormatError(f"{folder / TOKENIZER}: {error}") from None
    packed.require_filled(lambda number: f"{folder / TOKENIZER}, word {number + 1}")
    vocabulary = Vocabulary(packed, counts)
    vocabulary.require_sound(folder / MODEL)
    return Embedding(
        vocabulary,
        rows if rows.dtype == np.float32 else CompactRows(rows, None),
        about=about if isinstance(about, dict) else {},
    )


def _words_of(tokenizer: dict[str, Any], file: Path) -> list[str]:
    """A tokenizer's words, by id."""
    model = tokenizer.get("model")
    vocabulary = model.get("vocab") if isinstance(model, dict) else None
    if not isinstance(vocabulary, dict) or not vocabulary:
        raise FormatError(f"{file}: it has no vocabulary of words with their ids")
    words = [""] * len(vocabulary)
    is_given = np.zeros(len(words), bool)
    for word, number in vocabulary.items():
        if type(number) is not int or not 0 <= number < len(words) or is_given[number]:
            raise FormatError(
                f"{file}: the id of the word {word!r:.60} is {number!r:.40}; the ids of its "
                f"{len(words):,} words must be 0, 1, 2, ..., each once"
            )
        words[number], is_given[number] = word, True
    return words


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=1) + "\n"


def _tokenizer(words: list[str], splits_words: bool) -> dict[str, Any]:
    """The tokenizers library's description of what the training did to its text."""
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": _AS_WORDS if splits_words else None,
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": _WORD if splits_words else _FILLED},
            "behavior": "Removed",
            "invert": True,
        },
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordLevel",
            "vocab": {word: number for number, word in enumerate(words)},
            "unk_token": UNKNOWN,
        },
    }


def _card(vectors: Embedding, name: str) -> str:
    """The model card, from what the vectors say about themselves."""
    about = vectors.about
    lines = [
        "---",
        "library_name: model2vec",
        "tags: [skip-gram, word2vec, word-embeddings, static-embeddings, model2vec]",
        "---",
        "",
        f"# {name}",
        "",
        f"Word vectors: {len(vectors):,} words × {vectors.embedding_dim} numbers, "
        f"written by skipgram {about.get('skipgram_version', '')}".rstrip()
        + ".",
        "",
        "```python",
        "import skipgram",
        f'vectors = skipgram.load("{name}")',
        f"vectors.most_similar({vectors.words[0]!r})",
        "",
        "from model2vec import StaticModel",
        f'StaticModel.from_pretrained("{name}").encode("some text")  # the mean of its words',
        "```",
    ]
    corpus = about.get("corpus")
    if isinstance(corpus, dict):
        facts = [f"- {key}: {corpus[key]}" for key in _CORPUS_FACTS if key in corpus]
        lines += ["", "## Corpus", "", *facts]
    settings = about.get("settings")
    if isinstance(settings, dict):
        lines += ["", "## Training", "", "| | setting | value |", "|---|---|---|"]
        for section, values in settings.items():
            if isinstance(values, dict):
                lines += [f"| {section} | {key} | {value} |" for key, value in values.items()]
    return "\n".join(lines) + "\n"

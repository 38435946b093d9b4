"""Slow, strict, independent readers of all formats, written from their descriptions alone.

Each takes the bytes of the files by name and gives words and rows, or raises whatever it likes.
"""

import io
import json
import re
import struct
from collections.abc import Mapping

import numpy as np

Files = Mapping[str, bytes]
Read = tuple[list[str], np.ndarray]

NUMBER = re.compile(rb"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\Z")
BLANKS = re.compile(rb"[ \t]+")


def read_text(raw: bytes, *, has_header: bool) -> Read:
    """word2vec's text or GloVe's."""
    lines = without_mark(raw).removesuffix(b"\n").split(b"\n")
    promised = dim = None
    if has_header:
        promised, dim = map(int, lines.pop(0).split())
    words, rows = [], []
    for line in lines:
        fields = BLANKS.split(line.rstrip(b" \t\r"))
        if dim is None:
            dim = 0
            while dim < len(fields) - 1 and NUMBER.match(fields[-1 - dim]):
                dim += 1
        assert dim
        numbers = fields[-dim:]
        assert len(fields) > dim
        assert fields[0]
        assert len(fields) == dim + 1 or not NUMBER.match(fields[-dim - 1])
        assert all(NUMBER.match(number) for number in numbers)
        words.append(word_before(line, dim))
        rows.append([float(number) for number in numbers])
    assert promised in (None, len(rows))
    return decoded(words), finite(rows)


def word_before(line: bytes, dim: int) -> bytes:
    """What stands before the last fields."""
    rest = line.rstrip(b" \t\r")
    for _ in range(dim):
        rest = rest[: max(rest.rfind(b" "), rest.rfind(b"\t"))].rstrip(b" \t")
    return rest


def read_binary(raw: bytes) -> Read:
    """word2vec's binary."""
    header, _, rest = raw.partition(b"\n")
    promised, dim = map(int, header.split())
    assert dim > 0
    assert promised * (4 * dim + 2) <= len(raw) + 1
    words, rows = [], []
    for _ in range(promised):
        word, blank, rest = rest.lstrip(b"\n").partition(b" ")
        assert blank
        rows.append(np.frombuffer(rest[: 4 * dim], "<f4", dim))
        rest = rest[4 * dim :]
        words.append(word)
    assert not rest.strip(b"\n")
    return decoded(words), finite(rows)


def read_fasttext(raw: bytes) -> Read:
    """fastText's .bin, by its own composition of vectors."""
    file = io.BytesIO(raw)

    def take(layout: str) -> tuple[int, ...]:
        return struct.unpack(layout, file.read(struct.calcsize(layout)))

    is_new = raw.startswith(struct.pack("<i", 793712314))
    if is_new:
        assert take("<2i")[1] in (11, 12)
    dim, *_, model, buckets, shortest, longest, _, _ = take("<12id")
    assert model in (1, 2)
    entries, words_count, labels = take("<3i")
    assert words_count >= 0
    assert entries == words_count + max(labels, 0)
    take("<q")
    if is_new:
        assert take("<q")[0] <= 0
    words = []
    for number in range(entries):
        word = b""
        while (byte := file.read(1)) != b"\0":
            assert byte
            word += byte
        count, kind = take("<qb")
        assert kind == (number >= words_count)
        assert count >= 0
        if kind == 0:
            words.append(word)
    matrices = []
    for _ in range(2):
        if is_new:
            assert take("<b") == (0,)
        height, width = take("<2q")
        assert width == dim
        assert 0 <= height * width * 4 <= len(raw)
        matrices.append(
            np.frombuffer(file.read(4 * height * width), "<f4", height * width).reshape(
                height, width
            )
        )
    assert not file.read()
    matrix = matrices[0]
    assert len(matrix) == words_count + buckets
    assert buckets >= 0
    rows = []
    for number, word in enumerate(words):
        parts = [number]
        if buckets and not (is_new and word == b"</s>"):
            parts += [words_count + at % buckets for at in hashes(word, shortest, longest)]
        rows.append(matrix[parts].mean(axis=0, dtype=np.float64))
    return decoded(words), finite(rows)


def hashes(word: bytes, shortest: int, longest: int) -> list[int]:
    """The hash of each n-gram, character by character."""
    marked = re.findall(rb"[\x80-\xbf]*[^\x80-\xbf][\x80-\xbf]*", b"<" + word + b">", re.DOTALL)
    found = []
    for start in range(len(marked)):
        for end in range(start + 1, min(len(marked), start + longest) + 1):
            if end - start < shortest or (end - start == 1 and (start == 0 or end == len(marked))):
                continue
            value = 2166136261
            for byte in b"".join(marked[start:end]):
                value = (value ^ (byte if byte < 128 else byte + 0xFFFFFF00)) * 16777619 % 2**32
            found.append(value)
    return found


def read_lines(raw: bytes) -> list[bytes]:
    lines = without_mark(raw).removesuffix(b"\n").split(b"\n")
    return [line.removesuffix(b"\r") for line in lines]


def read_numpy(files: Files) -> Read:
    matrix = np.load(io.BytesIO(files["vectors.npy"]), allow_pickle=False)
    words = read_lines(files["vectors.words"])
    assert matrix.ndim == 2
    assert matrix.dtype.kind in "fiu"
    assert len(words) == len(matrix)
    return decoded(words), finite(matrix)


def read_projector(files: Files) -> Read:
    rows = [
        [float(number) for number in BLANKS.split(line.rstrip(b" \t\r")) if NUMBER.match(number)]
        for line in without_mark(files["vectors.tsv"]).removesuffix(b"\n").split(b"\n")
    ]
    lines = read_lines(files["vectors.metadata.tsv"])
    cells = [line.split(b"\t") for line in lines]
    if b"\t" in lines[0]:
        cells = cells[1:]
    else:
        assert not any(b"\t" in line for line in lines)
    assert len(cells) == len(rows)
    return decoded([row[0] for row in cells]), finite(rows)


def read_arrow(files: Files) -> Read:
    import pyarrow as pa
    import pyarrow.parquet as pq

    raw = next(iter(files.values()))
    if raw.startswith(b"PAR1"):
        file = pq.ParquetFile(io.BytesIO(raw))
        schema = file.schema_arrow
    else:
        table = pa.ipc.open_file(io.BytesIO(raw)).read_all()
        schema = table.schema
    kinds = [str(kind) for kind in schema.types]
    texts = [at for at, kind in enumerate(kinds) if kind in ("string", "large_string")]
    floats = ("float", "double", "halffloat")
    lists = [
        at
        for at, kind in enumerate(schema.types)
        if "list" in kinds[at] and str(getattr(kind, "value_type", "")) in floats
    ]
    chosen = [schema.names[texts[0]], schema.names[lists[0]]]
    if raw.startswith(b"PAR1"):
        table = file.read(chosen)  # what else is damaged is nobody's business
    table = table.select(chosen)
    table.validate(full=True)
    words = table.column(0).to_pylist()
    return words, finite(table.column(1).to_pylist())


def read_native(files: Files) -> Read:
    from safetensors.numpy import load

    about = json.loads(files["settings.json"])
    vocabulary, vectors = load(files["vocabulary.safetensors"]), load(files["vectors.safetensors"])
    ends = vocabulary["word_ends"].tolist()
    text = vocabulary["words"].tobytes()
    words = [text[start:end].decode() for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    shown = {"sum": ["center", "outside"]}.get(about["shown"], [about["shown"]])
    rows = np.sum([vectors[name] for name in shown], axis=0, dtype=np.float32)
    return words, rows


def spelled(word: str, files: Files) -> np.ndarray | None:
    """What the native folder's n-grams make of an unknown word, or None if it has none of them."""
    from safetensors.numpy import load

    told = json.loads(files["settings.json"])
    table = load(files["spelling.safetensors"])
    ends, text = table["ngram_ends"].tolist(), table["ngrams"].tobytes()
    known = [text[start:end].decode() for start, end in zip([0, *ends], ends, strict=False)]
    shortest, _, longest = told["spelling"]["ngrams"].partition("-")
    marked = f"<{word}>"
    found = {
        marked[at : at + length]
        for length in range(int(shortest), min(int(longest or shortest), len(marked) - 1) + 1)
        for at in range(len(marked) - length + 1)
    }
    rows = [row for row, ngram in zip(table["table"], known, strict=True) if ngram in found]
    if not rows:
        return None
    share = told["spelling"]["share"] if told["shown"] == "spelled" else 0
    return (1 + share) * np.sum(rows, axis=0, dtype=np.float64) / np.sqrt(1 + len(rows))


def read_hub(files: Files) -> Read:
    from safetensors.numpy import load

    vocabulary = json.loads(files["tokenizer.json"])["model"]["vocab"]
    rows = load(files["model.safetensors"])["embeddings"]
    words = sorted(vocabulary, key=vocabulary.__getitem__)
    assert len(words) == len(rows)
    if json.loads(files["config.json"]).get("skipgram_added_unknown") and words[-1] == "[UNK]":
        return words[:-1], rows[:-1]
    return words, rows


def without_mark(raw: bytes) -> bytes:
    return raw.removeprefix("\ufeff".encode())


def decoded(words: list[bytes]) -> list[str]:
    assert all(words)
    return [word.decode(errors="backslashreplace") for word in words]


def finite(rows: object) -> np.ndarray:
    with np.errstate(over="ignore"):
        matrix = np.array(rows).astype(np.float32)
    assert matrix.ndim == 2
    assert np.isfinite(matrix).all()
    return matrix


def read(format: str, files: Files) -> Read:
    """The words and rows of a format's files."""
    first = next(iter(files.values()))
    match format:
        case "word2vec-text" | "glove":
            return read_text(first, has_header=format == "word2vec-text")
        case "word2vec-binary":
            return read_binary(first)
        case "fasttext":
            return read_fasttext(first)
        case "numpy":
            return read_numpy(files)
        case "projector":
            return read_projector(files)
        case "arrow":
            return read_arrow(files)
        case "native":
            return read_native(files)
        case "hub":
            return read_hub(files)
    raise AssertionError(format)

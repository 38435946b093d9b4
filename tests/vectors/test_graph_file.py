"""A hostile index never reaches faiss: each is told in one line, and takes no memory to tell."""

import json
import os
import resource
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import random_vectors
from skipgram.errors import FormatError
from skipgram.vectors.approximate import ABOUT

faiss = pytest.importorskip("faiss")

WORDS, DIM = 400, 6
HEADER_BYTES = 37
"""kind, columns, rows, two dummies, trained, metric"""


@pytest.fixture(scope="module")
def vectors() -> skipgram.WordVectors:
    return random_vectors(1, vocab_size=WORDS, embedding_dim=DIM)


@pytest.fixture
def folder(tmp_path: Path, vectors: skipgram.WordVectors) -> Path:
    vectors.with_index(connectivity=4, threads=1).save(tmp_path / "vectors")
    return tmp_path / "vectors"


@pytest.fixture
def graph(vectors: skipgram.WordVectors) -> Any:
    return vectors.with_index(connectivity=4, threads=1).index.graph


def index_of(folder: Path) -> Path:
    return folder / json.loads((folder / ABOUT).read_text()).get("file", "neighbors.faiss")


def put(folder: Path, content: bytes) -> None:
    """A file that has the right checksum, as whoever writes into the folder can see to."""
    index_of(folder).write_bytes(content)
    about = json.loads((folder / ABOUT).read_text())
    (folder / ABOUT).write_text(json.dumps(about | {"crc32": zlib.crc32(content)}))


def written(graph: Any) -> bytes:
    pieces: list[bytes] = []
    faiss.write_index(
        graph, faiss.PyCallbackIOWriter(lambda piece: pieces.append(bytes(piece)) or len(piece))
    )
    return b"".join(pieces)


def ask(folder: Path) -> None:
    skipgram.load(folder).most_similar("w1", k=5, approximate=True)


def require_refused(folder: Path) -> None:
    with pytest.raises(FormatError, match=r"build it again \(skipgram index\)$") as caught:
        ask(folder)
    assert "\n" not in str(caught.value)


@pytest.fixture
def little_memory() -> Iterator[None]:
    """64 MB more than there is in use, as long as the test takes."""
    status = Path("/proc/self/status").read_text()
    used = int(status.split("VmData:")[1].split()[0]) << 10
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (used + (64 << 20), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_DATA, before)


def changed(name: str, change: Callable[[np.ndarray], None]) -> Callable[[Any], None]:
    def do(graph: Any) -> None:
        vector = getattr(graph.hnsw, name)
        array = faiss.vector_to_array(vector)
        change(array)
        faiss.copy_array_to_vector(array, vector)

    return do


def at(place: int, value: float) -> Callable[[np.ndarray], None]:
    def change(array: np.ndarray) -> None:
        array[place] = value

    return change


def link_above_its_level(graph: Any) -> None:
    """Of a word on two levels: on the upper one it is linked to a word that is on the lower."""
    levels = faiss.vector_to_array(graph.hnsw.levels)
    starts = faiss.vector_to_array(graph.hnsw.offsets)
    upper, lower = int(np.argmax(levels > 1)), int(np.flatnonzero(levels == 1)[-1])
    of_level = int(faiss.vector_to_array(graph.hnsw.cum_nneighbor_per_level)[1])
    changed("neighbors", at(int(starts[upper]) + of_level, lower))(graph)


def row(value: float) -> Callable[[Any], None]:
    def change(graph: Any) -> None:
        kept = faiss.rev_swig_ptr(faiss.downcast_index(graph.storage).get_xb(), WORDS * DIM)
        kept[7] = value

    return change


def sets(**values: int) -> Callable[[Any], None]:
    def change(graph: Any) -> None:
        for name, value in values.items():
            setattr(graph.hnsw, name, value)

    return change


def swap(array: np.ndarray) -> None:
    array[[5, 6]] = array[[6, 5]]


HOSTILE = {
    "a word on no level": changed("levels", at(3, 0)),
    "a word below all levels": changed("levels", at(3, -1)),
    "a word on too many levels": changed("levels", at(3, 2**31 - 1)),
    "links that begin elsewhere": changed("offsets", at(3, 2**63 + 5)),
    "links that begin in another order": changed("offsets", swap),
    "links that end behind the end": changed("offsets", at(-1, 2**40)),
    "a link behind the last word": changed("neighbors", at(9, WORDS)),
    "a link far behind": changed("neighbors", at(9, 2**31 - 1)),
    "a link before the first word": changed("neighbors", at(9, -2)),
    "a link to a word not on its level": link_above_its_level,
    "levels that shrink": changed("cum_nneighbor_per_level", at(1, 0)),
    "levels that begin below nothing": changed("cum_nneighbor_per_level", at(0, -8)),
    "more links than a word can have": changed("cum_nneighbor_per_level", at(-1, 2**30)),
    "no entry": sets(entry_point=-1),
    "an entry that is no word": sets(entry_point=WORDS),
    "an entry on another level": sets(max_level=0),
    "an entry below all levels": sets(max_level=-2),
    "an entry above all levels": sets(max_level=2**31 - 1),
    "nan in a row": row(np.nan),
    "infinity in a row": row(np.inf),
    "a long row": row(3e38),
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_graph_that_leads_out_of_its_arrays_is_refused(folder, graph, hostile):
    hostile(graph)
    put(folder, written(graph))
    require_refused(folder)


def test_efforts_out_of_range_are_not_kept(folder, graph):
    for effort in (2**31 - 1, 0, -1, -(2**31)):
        graph.hnsw.efSearch = graph.hnsw.efConstruction = effort
        put(folder, written(graph))
        ask(folder)


def places_of_lengths(content: bytes) -> list[int]:
    """Where the length of each of the seven arrays stands."""
    places, place = [], HEADER_BYTES
    for width in (8, 4, 4, 8, 4):
        places.append(place)
        place += 8 + width * int.from_bytes(content[place : place + 8], "little")
    return [*places, place + 20 + HEADER_BYTES]


@pytest.mark.parametrize("claim", [0, 1, 2**31, 2**40, 2**62, 2**64 - 1])
def test_a_length_that_is_not_there_is_not_allocated(folder, graph, little_memory, claim):
    content = written(graph)
    for place in places_of_lengths(content):
        put(folder, content[:place] + claim.to_bytes(8, "little") + content[place + 8 :])
        require_refused(folder)


def test_shapes_that_are_not_those_of_the_vectors_are_refused(folder, graph, little_memory):
    content = written(graph)
    second = len(content) - 4 * WORDS * DIM - 8 - HEADER_BYTES
    for header in (0, second):
        for at_, width in ((4, 4), (8, 8)):
            for claim in (0, 1, 2**31 - 1):
                place = header + at_
                other = content[:place] + claim.to_bytes(width, "little") + content[place + width :]
                put(folder, other)
                require_refused(folder)


def test_a_cut_index_and_one_that_goes_on_are_refused(folder, graph):
    content = written(graph)
    for cut in (0, 3, 4, 20, HEADER_BYTES, 500, len(content) // 2, len(content) - 1):
        put(folder, content[:cut])
        require_refused(folder)
    put(folder, content + b"\0")
    require_refused(folder)


def test_other_indexes_of_faiss_are_refused(folder, vectors):
    rows = np.ascontiguousarray(vectors.center, np.float32)
    others = [
        faiss.index_factory(DIM, kind) for kind in ("Flat", "HNSW4", "HNSW4_SQ8", "IDMap,Flat")
    ]
    for other in others:
        other.train(rows)
        if hasattr(other, "id_map"):
            other.add_with_ids(rows, np.arange(WORDS))
        else:
            other.add(rows)
        put(folder, written(other))
        require_refused(folder)


@pytest.mark.parametrize("name", ["the index", "its description"])
@pytest.mark.parametrize("kind", ["zero", "fifo", "folder", "missing", "null"])
def test_what_is_no_file_is_refused(folder, little_memory, name, kind):
    file = index_of(folder) if name == "the index" else folder / ABOUT
    file.unlink()
    if kind == "fifo":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    elif kind in ("zero", "null"):
        file.symlink_to(f"/dev/{kind}")
    if (kind, name) == ("missing", "its description"):
        assert skipgram.load(folder).index is None
        return
    with pytest.raises(FormatError, match=f"^{file} "):
        ask(folder)


@pytest.mark.parametrize(
    "file", ["../x", "/dev/zero", "neighbors.json", 5, None, "neighbors-1.faiss"]
)
def test_a_description_names_nothing_but_an_index_beside_it(folder, file):
    about = json.loads((folder / ABOUT).read_text())
    (folder / ABOUT).write_text(json.dumps(about | {"file": file}))
    with pytest.raises(FormatError, match="does not describe an index; build it again"):
        ask(folder)


DAMAGED_AT_RANDOM = """
import random, sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
import skipgram
from test_graph_file import index_of, put

chance, folder = random.Random(1), Path(sys.argv[1])
content = index_of(folder).read_bytes()
refused = 0
for number in range(600):
    damaged = bytearray(content)
    place = chance.randrange(len(content) if number % 2 else 4000) & ~3
    value = chance.choice([0, 1, -1, -2, 400, 2**31 - 1, -(2**31), chance.randrange(2**31)])
    damaged[place : place + 4] = value.to_bytes(4, "little", signed=True)
    put(folder, bytes(damaged))
    try:
        skipgram.load(folder).most_similar_each(["w1", "w200", "w399"], 9, approximate=True)
    except skipgram.FormatError:
        refused += 1
print(refused)
"""


def test_no_damage_at_random_ends_the_process(folder):
    paths = [Path(__file__).parent, Path(__file__).parents[1]]
    run = [sys.executable, "-c", DAMAGED_AT_RANDOM, folder, *paths]
    done = subprocess.run(run, check=False, capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 300

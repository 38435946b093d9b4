"""The server: its page and its neighbours, for who calls it by its name, whatever is sent."""

import base64
import json
import random
import socket
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest

import skipgram
from helpers.comparison import FLOAT32, assert_close
from helpers.explorer_pages import Page
from helpers.grouped_vectors import QUICK, grouped_vectors
from helpers.served_pages import exchanged, served
from skipgram.errors import SettingsError, SkipgramError
from skipgram.explorer import server
from skipgram.explorer.preparing import mapped_sets
from skipgram.explorer.progress import LayoutNote
from skipgram.explorer.server import Address, Watch

for module in ("openTSNE", "starlette", "uvicorn"):
    pytest.importorskip(module)


@pytest.fixture(autouse=True)
def quick_maps(monkeypatch):
    monkeypatch.setattr(server, "mapped_sets", partial(mapped_sets, settings=QUICK))


@pytest.fixture(scope="module")
def vectors() -> skipgram.WordVectors:
    return grouped_vectors(words=60)


@pytest.fixture(scope="module")
def at(vectors):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(server, "mapped_sets", partial(mapped_sets, settings=QUICK))
        with served(vectors, title="Served") as address:
            until_prepared(address)
            yield address


def get(at: Address, path: str, **headers: str) -> tuple[int, Any, bytes]:
    """The status, the headers and the body."""
    request = urllib.request.Request(at.url + path.removeprefix("/"), headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def until_prepared(at: Address) -> None:
    while b'http-equiv="refresh"' in get(at, "/")[2]:
        time.sleep(0.05)


def neighbors(at: Address, query: str) -> Any:
    status, _, body = get(at, f"/api/neighbors?{query}")
    assert status == 200, body
    return json.loads(body)["neighbors"]


def test_the_page_is_served_with_its_policy(at):
    status, headers, body = get(at, "/")
    assert status == 200
    page = Page(body.decode())
    assert page.about["served"] is True
    assert page.about["title"] == "Served"
    assert page.about["sets"][0]["rows"] == "rows0"
    assert page.policy["connect-src"] == ["'self'"]
    rules = headers["Content-Security-Policy"].split("; ")
    assert "frame-ancestors 'none'" in rules
    assert set(rules) - {"frame-ancestors 'none'"} == {
        " ".join([rule, *allowed]) for rule, allowed in page.policy.items()
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Server"] is None


def test_a_large_set_leaves_its_rows_to_the_server(vectors, monkeypatch):
    monkeypatch.setattr(server, "MOST_BYTES_WITH_ROWS", 100)
    with served(vectors) as at:
        until_prepared(at)
        page = Page(get(at, "/")[2].decode())
        assert page.about["sets"][0]["rows"] is None
        assert "rows0" not in {item.attributes.get("id") for item in page.elements}
        assert len(neighbors(at, "word=w1")) == 15


def test_neighbours_are_those_of_the_vectors(at, vectors):
    for query, asked in (
        ("word=w1&k=5", (["w1"], [], 5)),
        ("plus=w1&plus=w2&minus=w3&k=7", (["w1", "w2"], ["w3"], 7)),
        ("minus=w4&set=0", ([], ["w4"], 15)),
    ):
        found, expected = neighbors(at, query), vectors.most_similar(*asked)
        assert [word for word, _ in found] == [word for word, _ in expected]
        assert_close([cosine for _, cosine in found], [of for _, of in expected], FLOAT32)


def test_cosines_along_a_way_are_those_of_the_vectors(at, vectors):
    status, _, body = get(at, "/api/axis?from=w1&from=w5&to=w2&among=40")
    assert status == 200
    told = json.loads(body)
    assert (told["spelled"], told["read_as"]) == ([], [])
    unit = vectors.unit
    direction = unit[2] - (unit[1] + unit[5]) / 2
    expected = unit[:40] @ direction / np.linalg.norm(direction)
    assert_close(np.frombuffer(base64.b64decode(told["along"]), "<f4"), expected, FLOAT32)


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/api/axis?from=w1x&to=w2", 404, "'w1x' is not among the 60 words; did you mean"),
        ("/api/axis?from=w1&to=%3C/script%3E", 404, "</script>"),
        ("/api/axis?from=w1", 400, "a word or more at both ends"),
        ("/api/axis?from=w1&to=w2&among=x", 400, "among is a whole number"),
        ("/api/axis?from=w1&to=w2&set=1", 400, "set is a whole number from 0 to 0"),
        ("/api/axis?from=w1&to=w1", 422, "there is no way between them"),
        ("/api/axis?from=w1&to=" + "x" * 17_000, 414, "more than 16,384 bytes"),
        ("/api/neighbors?word=w1x", 404, "'w1x' is not among the 60 words; did you mean"),
        ("/api/neighbors?word=%3C/script%3E", 404, "</script>"),
        ("/api/neighbors", 400, "give 1 to 50 words"),
        ("/api/neighbors?word=w1&k=201", 400, "k is a whole number from 1 to 200"),
        ("/api/neighbors?word=w1&set=1", 400, "set is a whole number from 0 to 0"),
        ("/api/neighbors?plus=w1&minus=w1", 422, "add up to zero"),
        ("/api/neighbors?word=" + "x" * 17_000, 414, "more than 16,384 bytes"),
        ("/api/neighbors/?word=w1", 404, "there is nothing here"),
        ("/../../etc/passwd", 404, "there is nothing here"),
        ("/favicon.ico", 404, "there is nothing here"),
    ],
)
def test_what_cannot_be_answered_is_told(at, path, status, told):
    found, headers, body = get(at, path)
    assert found == status
    assert told in json.loads(body)["error"]
    assert b"<" not in body
    assert headers["Content-Type"] == "application/json"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_suggestions_come_with_an_unknown_word(at):
    told = json.loads(get(at, "/api/neighbors?word=w1x")[2])
    assert "w1" in told["suggestions"]
    assert told["unknown"] == ["w1x"]


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "host",
    [
        "evil.com",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.com:{port}",
        "",
        "a b",
        "x" * 5_000,
        "127.0.0.1:{port}\r\nHost: evil.com",
        "[::1",
        "127.0.0.1:{port}@evil.com",
        "2130706433:{port}",
    ],
)
def test_a_request_by_another_name_is_refused(at, host):
    named = host.format(port=at.port).encode()
    answer = exchanged(at, b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n" % named)
    assert status_of(answer) in (400, 421)
    assert b"about" not in answer


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
def test_a_request_by_its_own_name_is_answered(at, name):
    sent = f"GET / HTTP/1.1\r\nHost: {name}:{at.port}\r\nConnection: close\r\n\r\n"
    assert status_of(exchanged(at, sent.encode())) == 200


def test_a_request_without_a_host_is_refused(at):
    assert status_of(exchanged(at, b"GET / HTTP/1.0\r\n\r\n")) == 421
    assert status_of(exchanged(at, b"GET / HTTP/1.1\r\n\r\n")) == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/api/neighbors?word=w1", "/api/axis?from=w1&to=w2"])
def test_only_reading_is_answered(at, method, path):
    sent = f"{method} {path} HTTP/1.1\r\nHost: localhost:{at.port}\r\nConnection: close\r\n\r\n"
    answer = exchanged(at, sent.encode())
    assert status_of(answer) == 405
    assert b"allow: GET, HEAD" in answer


def test_a_head_has_no_body(at):
    sent = f"HEAD / HTTP/1.1\r\nHost: localhost:{at.port}\r\nConnection: close\r\n\r\n"
    answer = exchanged(at, sent.encode())
    assert status_of(answer) == 200
    assert answer.endswith(b"\r\n\r\n")


def test_a_websocket_is_not_opened(at):
    sent = (
        f"GET / HTTP/1.1\r\nHost: localhost:{at.port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n"
    )
    assert b"101 " not in exchanged(at, sent.encode())[:20]


def malformed(draw: random.Random, at: Address) -> bytes:
    """A request of which something is wrong, or all."""
    kind = draw.randrange(4)
    if kind == 0:
        return draw.randbytes(draw.randrange(1, 400))
    letters = [chr(draw.randrange(1, 0x250)) for _ in range(draw.randrange(60))]
    query = "".join(
        draw.choice(["%", "&", "=", "+", "%ff", "%00", quote("".join(letters))]) for _ in range(20)
    )
    names = ("word", "plus", "minus", "k", "set", "from", "to", "among", "x", "")
    path = draw.choice(["neighbors", "axis"])
    if kind == 1:
        query = "&".join(f"{draw.choice(names)}={query}" for _ in range(draw.randrange(80)))
    sent = f"GET /api/{path}?{query} HTTP/1.1\r\nHost: localhost:{at.port}\r\n\r\n".encode()
    if kind == 2:
        changed = bytearray(sent)
        for _ in range(draw.randrange(1, 9)):
            changed[draw.randrange(len(changed))] = draw.randrange(256)
        return bytes(changed)
    if kind == 3:
        return sent[: draw.randrange(len(sent))]
    return sent


def survives(at: Address, requests: int) -> None:
    draw, statuses = random.Random(requests), set()
    for _ in range(requests):
        answer = exchanged(at, malformed(draw, at))
        if answer:
            statuses.add(status_of(answer))
    assert {400, 404} <= statuses
    assert 500 not in statuses
    assert len(neighbors(at, "word=w1")) == 15


@pytest.mark.timeout(120)
def test_a_thousand_malformed_requests_are_survived(at):
    survives(at, 1_000)


@pytest.mark.slow
def test_ten_thousand_malformed_requests_are_survived(at):
    survives(at, 10_000)


def test_one_who_says_nothing_keeps_nobody_else_waiting(at):
    silent = [socket.create_connection((at.host, at.port)) for _ in range(30)]
    try:
        silent[0].sendall(b"GET / HT")
        assert len(neighbors(at, "word=w1")) == 15
    finally:
        for connection in silent:
            connection.close()


def test_the_server_answers_before_the_map_is_made(vectors, monkeypatch):
    import threading

    may_go = threading.Event()

    def waits(*given, observe, **options):
        from skipgram.explorer.progress import LayoutProgress

        observe(LayoutProgress("laying out <the map>", 1_000, 2_000, "steps"))
        assert may_go.wait(20)
        return mapped_sets(*given, settings=QUICK, observe=observe, **options)

    monkeypatch.setattr(server, "mapped_sets", waits)
    with served(vectors) as at:
        while b"1,000 of 2,000 steps" not in (waiting := get(at, "/")[2]):
            time.sleep(0.01)
        assert b"laying out &lt;the map&gt;: 1,000 of 2,000 steps" in waiting
        assert waiting.count(b"<script") == 1, "its own, which looks again"
        status, _, body = get(at, "/api/neighbors?word=w1")
        assert status == 503
        assert "being prepared" in json.loads(body)["error"]
        may_go.set()
        until_prepared(at)
        assert len(neighbors(at, "word=w1")) == 15


def test_a_server_with_nothing_to_serve_ends_with_the_reason(tmp_path):
    with pytest.raises(SkipgramError, match="does not exist"), served(tmp_path / "none"):
        pass
    two = skipgram.WordVectors.from_arrays(["a", "b"], [[1.0], [2.0]])
    with pytest.raises(SkipgramError, match="a map needs 3 words or more"), served(two):
        pass
    zeros = skipgram.WordVectors.from_arrays(["a", "b", "c"], [[0.0]] * 3)
    told = "vectors has 3, 3 of them with a vector of zeros"
    with pytest.raises(SkipgramError, match=told), served(zeros):
        pass
    three = skipgram.WordVectors.from_arrays(["a", "b", "c"], [[1.0], [2.0], [3.0]])
    other = skipgram.WordVectors.from_arrays(["x", "y", "z"], [[1.0], [2.0], [3.0]])
    with pytest.raises(SettingsError, match="have no word in common"), served(three, other):
        pass


def test_a_word_whose_vector_is_zero_is_told_and_is_nobodys_neighbour(vectors):
    rows = vectors.matrix.copy()
    rows[5] = 0
    with served(skipgram.WordVectors.from_arrays(vectors.words, rows, vectors.counts)) as at:
        until_prepared(at)
        status, _, body = get(at, "/api/neighbors?word=w5")
        assert status == 422
        assert "a vector of zeros has no direction" in json.loads(body)["error"]
        assert "w5" not in dict(neighbors(at, "word=w1&k=200"))


def test_vectors_that_are_replaced_while_they_are_served_are_told(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(server, "_SECONDS_BETWEEN_LOOKS", 0)
    grouped_vectors(words=40).save(tmp_path / "vectors")
    seen: list[Any] = []
    with served(tmp_path / "vectors", observe=seen.append) as at:
        until_prepared(at)
        assert len(neighbors(at, "word=w1")) == 15
        grouped_vectors(words=40, seed=9).save(tmp_path / "vectors", overwrite=True)
        for path in ("/", "/api/neighbors?word=w1"):
            status, _, body = get(at, path)
            assert status == 409
            assert "was replaced since it was read; stop the explorer" in json.loads(body)["error"]
    assert len([event for event in seen if isinstance(event, LayoutNote)]) == 1


def test_a_map_that_is_kept_is_no_replacement(tmp_path):
    grouped_vectors(words=40).save(tmp_path / "vectors")
    watch = Watch([tmp_path / "vectors"])
    mapped_sets(server.given_sets(tmp_path / "vectors", None, None), settings=QUICK)
    assert watch() is None


def test_a_removed_file_is_told_and_looked_at_only_now_and_then(tmp_path, monkeypatch):
    file = tmp_path / "vectors.bin"
    file.write_bytes(b"x")
    watch = Watch([file])
    assert watch() is None
    file.unlink()
    assert watch() is None, "it has just looked"
    monkeypatch.setattr(server, "_SECONDS_BETWEEN_LOOKS", 0)
    assert str(watch()).startswith(f"{file} was replaced")

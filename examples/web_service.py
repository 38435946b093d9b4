"""Neighbours of a word as JSON, over HTTP.

    python web_service.py                    # a trial: train a little, ask a few questions, stop
    python web_service.py vectors            # serve a folder that `skipgram train` wrote
    curl 'http://127.0.0.1:8765/neighbors?word=king&k=5'

The vectors are loaded once and shared by all threads. An unknown word is answered by its spelling,
if the vectors can do that, or with suggestions. k, the length of a word and the time that a silent
client may keep a thread are bounded. It listens on this machine only: for others, put it behind a
web server that limits how many requests come at once.
"""

import argparse
import json
import threading
from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import skipgram

MOST_NEIGHBORS = 100
LONGEST_WORD = 100


def answer(vectors: skipgram.WordVectors, target: str) -> tuple[HTTPStatus, dict[str, object]]:
    """Answer a request for this path and query."""
    url = urlsplit(target)
    if url.path != "/neighbors":
        return HTTPStatus.NOT_FOUND, {"error": "try /neighbors?word=king&k=5"}
    try:
        asked = parse_qs(url.query, max_num_fields=10)
    except ValueError:
        return HTTPStatus.BAD_REQUEST, {"error": "too many parameters"}
    word, k = asked.get("word", [""])[0], asked.get("k", ["10"])[0]
    if not 1 <= len(word) <= LONGEST_WORD:
        return HTTPStatus.BAD_REQUEST, {"error": f"word must have 1 to {LONGEST_WORD} characters"}
    if not (k.isdecimal() and len(k) < 10 and 1 <= int(k) <= MOST_NEIGHBORS):
        return HTTPStatus.BAD_REQUEST, {"error": f"k must be from 1 to {MOST_NEIGHBORS}"}
    try:
        found = vectors.most_similar(word, k=int(k))
    except skipgram.UnknownWordError as error:  # It suggests words that are spelled alike.
        return HTTPStatus.NOT_FOUND, {"error": str(error)}
    except skipgram.SkipgramError as error:
        return HTTPStatus.BAD_REQUEST, {"error": str(error)}
    neighbors = [{"word": near.word, "similarity": round(near.similarity, 4)} for near in found]
    read_as = found.read_as.get(word, word)  # "King" as "king", as the training wrote it.
    by_spelling = bool(found.spelled)
    return HTTPStatus.OK, {"word": read_as, "by_spelling": by_spelling, "neighbors": neighbors}


def make_service(vectors: skipgram.WordVectors, port: int) -> ThreadingHTTPServer:
    """Bind the port; port 0 is any free one."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10  # Seconds that a silent client may keep a thread.

        def do_GET(self) -> None:
            status, content = answer(vectors, self.path)
            body = json.dumps(content, ensure_ascii=False).encode() + b"\n"
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    vectors.most_similar(vectors.words[0])  # So the first client need not wait.
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def ask_some(service: ThreadingHTTPServer) -> None:
    """Start the service, ask it a few questions as a client would, and stop it."""
    threading.Thread(target=service.serve_forever).start()
    try:
        for asked in ({"word": "King", "k": 2}, {"word": "unhappyness", "k": 2}, {"word": "zzz"}):
            query = urlencode(asked)
            url = f"http://127.0.0.1:{service.server_port}/neighbors?{query}"
            try:
                with urlopen(url, timeout=10) as response:
                    text = response.read().decode()
            except HTTPError as error:
                text = error.read().decode()
            print(f"{query}: {text}", end="")
    finally:
        service.shutdown()


def trial() -> None:
    """Train on the dictionary's most frequent words, and ask for some of them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "vectors"
        corpus = skipgram.demo_corpus()
        skipgram.train(corpus, path, tokenizer="words", embedding_dim=50, max_vocabulary=3000)
        with make_service(skipgram.load(path), port=0) as service:
            ask_some(service)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("vectors", nargs="?", help="a folder of vectors; without one, a trial")
    parser.add_argument("--port", type=int, default=8765)
    options = parser.parse_args(arguments)
    if not options.vectors:
        return trial()
    try:
        service = make_service(skipgram.load(options.vectors), options.port)
    except (skipgram.SkipgramError, OSError) as error:
        parser.exit(1, f"{error}\n")
    print(f"serving http://127.0.0.1:{service.server_port}/neighbors?word=...", flush=True)
    try:
        service.serve_forever()
    except KeyboardInterrupt:
        service.server_close()


if __name__ == "__main__":
    main()

"""A page without rows asks its server for neighbours, and for nothing else."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from helpers.chromium import NO_WEBGL, PROGRAM, opened_tab
from helpers.explorer_page import served_page
from helpers.explorer_visits import SHORT_NAMES, asked, neighbors_shown, texts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM, reason="needs Chromium (Debian's package: chromium)"),
]


class Server(BaseHTTPRequestHandler):
    page: ClassVar[bytes] = served_page().encode()
    questions: ClassVar[list[dict[str, list[str]]]] = []

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        body, kind = self.page, "text/html"
        if address.path == "/api/neighbors":
            question = parse_qs(address.query)
            self.questions.append(question)
            found: dict[str, object] = {"neighbors": [["queen", 0.75], ["-", 0.5]]}
            if question.get("word") == ["man"]:
                found = {"error": "The server is tired.", "suggestions": []}
            body, kind = json.dumps(found).encode(), "application/json"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    Server.questions.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_neighbors_come_from_the_server(address: str) -> None:
    with opened_tab(*NO_WEBGL) as tab:
        tab.open(address)
        tab.run(SHORT_NAMES)
        asked(tab, "king")
        assert neighbors_shown(tab) == [("queen", 0.75), ("-", 0.5)]
        asked(tab, "king - woman + boy")
        assert Server.questions == [
            {"set": ["0"], "k": ["15"], "word": ["king"]},
            {"set": ["0"], "k": ["15"], "plus": ["king", "boy"], "minus": ["woman"]},
        ]
        asked(tab, "man")
        assert texts(tab, "#tables p") == ["The server is tired."]
        asked(tab, "boy")
        tab.run("app.go({tab: 'axis', from: 'he', to: 'she'})")
        tab.wait("$('#axis-missing').textContent.includes('not in this page')")
        assert {url.split("?")[0] for url in tab.requests} == {address, address + "api/neighbors"}
        assert tab.faults == []

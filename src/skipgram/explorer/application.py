"""What the explorer's server answers: its page, and what that page asks of the vectors.

It answers only who calls it by a name that it expects (`Host`), so that no other site
can reach it by a name of its own that leads to this machine; and it only ever reads.
"""

import base64
import html
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from skipgram.errors import SettingsError, SkipgramError, UnknownWordError
from skipgram.explorer.answers import (
    Asked,
    AskedAlong,
    Found,
    FoundAlong,
    asked_along_in,
    asked_in,
    cosines_along,
    looked_up,
    looked_up_along,
    neighbors_of_each,
    without_vectors,
)
from skipgram.explorer.batches import Batches, BusyError
from skipgram.explorer.layout import ShownWords
from skipgram.explorer.page_file import hostile_json
from skipgram.explorer.template import script_hash

LONGEST_QUERY_BYTES = 1 << 14

_STILL_READING = "the vectors are still being prepared; ask again in a moment"
_POLICY_OF_ANSWERS = "default-src 'none'; frame-ancestors 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# A refresh of an address with a hash, which holds what is to be shown, would load nothing.
_LOOK_AGAIN = "setTimeout(() => location.reload(), 1000)"
_WAITING = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<noscript><meta http-equiv="refresh" content="1"></noscript><script>{_LOOK_AGAIN}</script>
<title>Preparing the map</title></head>
<body><h1>Preparing the map</h1><p role="status">{{}}</p></body></html>
"""
_POLICY_OF_WAITING = f"{_POLICY_OF_ANSWERS}; script-src {script_hash(_LOOK_AGAIN)}"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, eq=False)
class Prepared:
    """What is served once it is ready."""

    page: bytes
    policy: str
    """of the page, but for who may frame it"""
    sets: Sequence[ShownWords]


@dataclass(eq=False)
class Served:
    """What an application knows of its vectors."""

    prepared: "Future[Prepared]"
    is_replaced: Callable[[], str | None]
    """what to say if the vectors' files are not those that were read any more"""
    stage: str = "reading the vectors"
    """what is being done, while it is prepared"""

    def ready(self) -> Prepared | None:
        """What is served, if it is ready."""
        is_there = self.prepared.done() and self.prepared.exception() is None
        return self.prepared.result() if is_there else None


AskedT = TypeVar("AskedT", Asked, AskedAlong)
FoundT = TypeVar("FoundT", Found, FoundAlong)
AnswerT = TypeVar("AnswerT")
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def application(served: Served, is_expected: Callable[[str], bool]) -> Application:
    """The server's application, for those who call it by a host that it expects."""

    def shown(number: int) -> ShownWords:
        return served.prepared.result().sets[number]

    neighbors = _Questions(
        served,
        asked_in,
        looked_up,
        Batches(lambda number, found: neighbors_of_each(shown(number), found)),
        lambda nearest: {"neighbors": nearest},
    )
    along = _Questions(
        served,
        asked_along_in,
        looked_up_along,
        Batches(lambda number, found: [cosines_along(shown(number), one) for one in found]),
        lambda cosines: {"along": base64.b64encode(cosines.tobytes()).decode()},
    )
    routes = [
        Route("/", partial(_page, served)),
        Route("/api/neighbors", neighbors.answered),
        Route("/api/axis", along.answered),
    ]
    refusals = {404: _nothing_there, 405: _only_reading}
    inner = Starlette(routes=routes, exception_handlers=refusals)
    inner.router.redirect_slashes = False
    return _ExpectedHosts(inner, is_expected)


async def _page(served: Served, request: Request) -> Response:
    prepared = served.ready()
    if prepared is None:
        waiting = HTMLResponse(_WAITING.format(html.escape(served.stage)))
        return _with_headers(waiting, _POLICY_OF_WAITING)
    if (told := served.is_replaced()) is not None:
        return _told(409, told)
    policy = f"{prepared.policy}; frame-ancestors 'none'"
    return _with_headers(HTMLResponse(prepared.page), policy)


@dataclass(frozen=True, eq=False)
class _Questions(Generic[AskedT, FoundT, AnswerT]):
    """Questions of one kind: how they are understood, looked up, answered and told."""

    served: Served
    understood: Callable[[Sequence[tuple[str, str]], int], AskedT]
    looked_up: Callable[[Sequence[ShownWords], AskedT], FoundT]
    batches: Batches[FoundT, AnswerT]
    told: Callable[[AnswerT], dict[str, Any]]

    async def answered(self, request: Request) -> Response:
        prepared = self.served.ready()
        if prepared is None:
            return _told(503, _STILL_READING)
        if (replaced := self.served.is_replaced()) is not None:
            return _told(409, replaced)
        if len(request.scope["query_string"]) > LONGEST_QUERY_BYTES:
            return _told(414, f"the question has more than {LONGEST_QUERY_BYTES:,} bytes")
        try:
            asked = self.understood(request.query_params.multi_items(), len(prepared.sets))
            # In a thread: for an unknown word, similar spellings are looked for.
            found = await run_in_threadpool(self.looked_up, prepared.sets, asked)
            answer = await self.batches.ask(asked.set, found)
        except UnknownWordError as error:
            unknown = await run_in_threadpool(without_vectors, prepared.sets, asked)
            return _told(404, str(error), error.suggestions, unknown)
        except SettingsError as error:
            return _told(400, str(error))
        except SkipgramError as error:
            return _told(422, str(error))
        except BusyError:
            return _told(503, "too many questions are waiting; ask again in a moment")
        return _json(200, {**self.told(answer), **found.notes._asdict()})


async def _nothing_there(request: Request, error: Exception) -> Response:
    return _told(404, "there is nothing here; the page is at /")


async def _only_reading(request: Request, error: Exception) -> Response:
    return _told(405, "only GET and HEAD are answered", headers={"Allow": "GET, HEAD"})


def _told(
    status: int,
    message: str,
    suggestions: Sequence[str] = (),
    unknown: Sequence[str] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    answer = _json(
        status, {"error": message, "suggestions": list(suggestions), "unknown": list(unknown)}
    )
    answer.headers.update(headers or {})
    return answer


def _json(status: int, value: Any) -> Response:
    return _with_headers(
        Response(hostile_json(value), status, media_type="application/json"), _POLICY_OF_ANSWERS
    )


def _with_headers(answer: Response, policy: str) -> Response:
    answer.headers.update({**_HEADERS, "Content-Security-Policy": policy})
    return answer


class _ExpectedHosts:
    """Lets requests through that name an expected host, and that host alone."""

    def __init__(self, inner: Application, is_expected: Callable[[str], bool]) -> None:
        self._inner = inner
        self._is_expected = is_expected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # a WebSocket, say, which nothing here answers
            await send({"type": "websocket.close", "code": 1008})
            return
        named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(named) == 1 and self._is_expected(named[0]):
            await self._inner(scope, receive, send)
            return
        refusal = _told(421, "this server is not called so; use the address that it told")
        await refusal(scope, receive, send)

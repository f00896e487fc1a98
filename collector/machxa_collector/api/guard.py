"""Bound and harden every request and answer, whatever the route."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from machxa_collector.api import bounds
from machxa_collector.api.problems import problem
from machxa_collector.api.uploads import Room, Uploads

logger = logging.getLogger(__name__)

_SPENDS = "/sign-in"
_RETRY_SECONDS = "10"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HEADERS_ENCRYPTED = {**_HEADERS, "Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


class Guard:
    """Refuse foreign host names and large bodies; add the security headers."""

    def __init__(self, app: ASGIApp, *, loopback_only: bool) -> None:
        self._app = app
        self._loopback_only = loopback_only
        self._uploads = Uploads()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on within bounds."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        begun: list[bool] = []
        fixed = _HEADERS_ENCRYPTED if scope.get("scheme") == "https" else _HEADERS
        # answered as GET without its body (RFC 9110, 9.3.2): monitors ask so; but previews must not use up a link
        is_head = scope["method"] == "HEAD" and scope["path"] != _SPENDS

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(True)
                headers = MutableHeaders(scope=message)
                for name, value in fixed.items():
                    headers.setdefault(name, value)
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        try:
            asked = {**scope, "method": "GET"} if is_head else scope
            await self._bounded(asked, Headers(scope=scope), receive, hardened)
        except Exception:
            logger.exception("defect while answering %s %r", scope["method"], scope["path"])
            if begun:
                raise
            await problem(500, "a defect of ours; it is in the log")(scope, receive, hardened)

    async def _bounded(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        """Pass on a request that keeps within its bounds."""
        if (refusal := self._refused(scope, headers)) is not None:
            await problem(*refusal)(scope, receive, send)
            return
        claimed = headers.get("content-length")
        async with self._uploads.room(scope, claimed) as room:
            if room is None:
                answer = problem(503, "several files are being taken in; try again in a moment")
                answer.headers["Retry-After"] = _RETRY_SECONDS
                await answer(scope, receive, send)
                return
            body = await _read(receive, claimed or "0", room)
            if body is None:
                await problem(413, f"a request holds at most {room.most_bytes} bytes")(scope, receive, send)
                return
            told = {**scope, bounds.CUT: room.cut} if body.is_cut else scope
            await self._app(told, _replay(body.content, receive), send)

    def _refused(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Return status and reason for a request that no route may see, None for one that may go on."""
        if self._loopback_only and not bounds.is_loopback_name(headers.get("host", "")):
            # a page elsewhere whose name was rebound to 127.0.0.1 would read this computer's state
            return 421, "this server answers to loopback names only"
        if len(scope["path"]) + len(scope["query_string"]) > bounds.MAX_TARGET_BYTES:
            return 414, f"an address holds at most {bounds.MAX_TARGET_BYTES} bytes"
        if sum(len(name) + len(value) for name, value in scope["headers"]) > bounds.MAX_HEADER_BYTES:
            return 431, f"headers hold at most {bounds.MAX_HEADER_BYTES} bytes"
        if not bounds.is_own_change(scope["method"], headers):
            return 403, "changes are not taken from another site"
        return None


@dataclass(frozen=True, slots=True)
class _Body:
    content: bytes
    is_cut: bool = False


async def _read(receive: Receive, claimed: str, room: Room) -> _Body | None:
    """Return the whole body, or its head where the room has it so; None when it is over the bound or was cut off."""
    most_bytes = room.most_bytes + room.drained
    if not claimed.isdecimal() or int(claimed[:12]) > most_bytes:
        return None
    body, seen, is_cut, more = bytearray(), 0, False, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        some = message.get("body", b"")
        seen += len(some)
        if seen > most_bytes:
            return None
        if not is_cut:
            body += some
        if not is_cut and seen > room.most_bytes:
            is_cut = True
            del body[bounds.MAX_BODY_BYTES :]
        more = message.get("more_body", False)
    return _Body(bytes(body), is_cut)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed

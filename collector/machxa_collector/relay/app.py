"""Serve the form to everybody who has a unit's link, and what waits to the centre, on two ports."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from machxa_collector.registry.reports import KEY, MOST_TEXT, Category, Symptom, clean
from machxa_collector.relay import page
from machxa_collector.relay.outbox import Full, Outbox, Signed
from machxa_collector.relay.secret import Secret

MOST_BODY_BYTES = 8 * 1024
MOST_PULLED = 100
_KEYS_BODY_BYTES = 16 * 1024
_FIELDS = frozenset({"key", "category", "symptom", "text"})
_HEADERS = {
    "Content-Security-Policy": page.POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=31536000",
}


@dataclass(frozen=True, slots=True)
class Relay:
    """Hold what the relay is: its secret, its reports, its clock, and the port on which the centre asks."""

    secret: Secret
    outbox: Outbox
    now_ms: Callable[[], int]
    centre_port: int


def create_app(relay: Relay) -> Starlette:
    """Return the application; what is for the centre does not exist on the public port, and the other way round."""

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[*_for_everybody(relay), *_for_the_centre(relay), Route("/healthz", alive)])


def _for_everybody(relay: Relay) -> list[Route]:
    async def form(request: Request) -> Response:
        unit = _unit(relay, request)
        return _html(page.unknown(), 404) if unit is None else _html(page.form(unit, secrets.token_urlsafe(24)))

    async def send(request: Request) -> Response:
        unit = _unit(relay, request)
        if unit is None:
            return _html(page.unknown(), 404)
        body = await _body(request, MOST_BODY_BYTES)
        if body is None:
            return _html(page.refused(), 413)
        signed = _signed(relay, unit, body, request.headers.get("idempotency-key"))
        if signed is None:
            return _html(page.refused(), 422)
        try:
            await run_in_threadpool(relay.outbox.put, signed)
        except Full:
            return _html(page.full(), 503)
        return _html(page.taken(signed.key[:8].upper()))

    return [Route("/b/{link}", form, methods=["GET"]), Route("/b/{link}", send, methods=["POST"])]


def _for_the_centre(relay: Relay) -> list[Route]:
    async def pending(request: Request) -> Response:
        if not _is_centre(relay, request, b""):
            return PlainTextResponse("not found", 404)
        waiting = await run_in_threadpool(relay.outbox.waiting, MOST_PULLED)
        told = [{"body": base64.b64encode(one.body).decode("ascii"), "signature": one.signature} for one in waiting]
        return JSONResponse({"reports": told})

    async def acknowledged(request: Request) -> Response:
        body = await _body(request, _KEYS_BODY_BYTES)
        if body is None or not _is_centre(relay, request, body):
            return PlainTextResponse("not found", 404)
        await run_in_threadpool(relay.outbox.erase, [str(key) for key in json.loads(body)["keys"]])
        return Response(status_code=204)

    return [
        Route("/pending", pending, methods=["GET"]),
        Route("/acknowledged", acknowledged, methods=["POST"]),
    ]


def _unit(relay: Relay, request: Request) -> str | None:
    """Return the unit of the link, None on the centre's port or for a link that is none."""
    return None if _port(request) == relay.centre_port else relay.secret.unit_of(request.path_params["link"])


def _is_centre(relay: Relay, request: Request, body: bytes) -> bool:
    """Return whether the centre asks; everybody else is told that there is nothing."""
    stamp = request.headers.get("x-machxa-stamp", "")
    now = relay.now_ms() // 1000
    on_its_port = _port(request) == relay.centre_port
    return on_its_port and relay.secret.is_stamped(stamp, request.method, request.url.path, body, now)


def _port(request: Request) -> int | None:
    server = request.scope.get("server")
    return None if server is None else server[1]


async def _body(request: Request, most_bytes: int) -> bytes | None:
    """Return a body, None when it is too large or was cut off."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most_bytes:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)


def _signed(relay: Relay, unit: str, body: bytes, header_key: str | None) -> Signed | None:
    """Return the report of a form, signed; None when it is none."""
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True, max_num_fields=8)
        if not fields.keys() <= _FIELDS or any(len(values) != 1 for values in fields.values()):
            return None
        category = Category(fields["category"][0])
        told = fields.get("symptom", [""])[0]
        symptom = Symptom(told) if told else None
    except (ValueError, KeyError):
        return None
    key = header_key or fields.get("key", [""])[0]
    text = clean(fields.get("text", [""])[0])
    if KEY.fullmatch(key) is None or len(text) > MOST_TEXT:
        return None
    report = {
        "key": key,
        "unit": unit,
        "category": category.value,
        "symptom": None if symptom is None else symptom.value,
        "text": text,
        "at": relay.now_ms(),
    }
    whole = json.dumps(report, ensure_ascii=False).encode()
    return Signed(key, unit, whole, relay.secret.sign(whole))


def _html(text: str, status: int = 200) -> Response:
    return HTMLResponse(text, status, headers=_HEADERS)

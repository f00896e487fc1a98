"""Post Alertmanager's JSON; no redirect is followed and little of the answer is read."""

from __future__ import annotations

import json
import ssl
from http.client import HTTPException
from urllib.parse import urlsplit

from machxa_collector import outward_http
from machxa_collector.notify.ways.carrying import WAIT_SECONDS, Letter, NotDelivered, tls_context
from machxa_collector.notify.ways.settings import BadChannel, Webhook
from machxa_collector.outward import INSIDE, Allowed

_PORTS = {"http": 80, "https": 443}
_GOOD = range(200, 300)
_OURS = frozenset({400, 404, 405, 410, 413, 415, 422})  # the same body would be refused again


def check(settings: Webhook, allowed: Allowed) -> None:
    """Refuse an address that is inside and not allowed, as far as it says so itself; raises BadChannel."""
    parts = urlsplit(settings.url)
    if allowed.refuses(parts.hostname or "", parts.port or _PORTS[parts.scheme]):
        raise BadChannel(INSIDE)


def send(settings: Webhook, letter: Letter, allowed: Allowed, wait_seconds: float = WAIT_SECONDS) -> None:
    """Post a letter's body; raises NotDelivered. 5xx, 429 and the like are tried again, as Alertmanager does."""
    parts = urlsplit(settings.url)
    host, path = parts.hostname or "", parts.path or "/"
    connection = (
        outward_http.https(host, parts.port, wait_seconds, allowed, tls_context(settings.ca))
        if parts.scheme == "https"
        else outward_http.http(host, parts.port, wait_seconds, allowed)
    )
    headers = {"Content-Type": "application/json", "User-Agent": "machxa", "Idempotency-Key": letter.key}
    if settings.token is not None:
        headers["Authorization"] = f"Bearer {settings.token}"
    try:
        target = f"{path}?{parts.query}" if parts.query else path
        connection.request("POST", target, json.dumps(dict(letter.body), ensure_ascii=False).encode(), headers)
        status = connection.getresponse().status
    except (OSError, HTTPException, ValueError) as exc:
        raise NotDelivered(_said(exc, wait_seconds)) from exc
    finally:
        connection.close()
    if status not in _GOOD:
        raise NotDelivered(f"the receiver answered {status}", is_final=status in _OURS)


def _said(exc: Exception, waited: float) -> str:
    if isinstance(exc, ssl.SSLCertVerificationError):
        return f"the receiver's certificate is refused: {exc.verify_message}"
    if isinstance(exc, outward_http.InnerAddressError):
        return str(exc)
    if isinstance(exc, TimeoutError):
        return f"the receiver did not answer within {waited:g} s"
    return f"{type(exc).__name__}: {exc}"[:200]

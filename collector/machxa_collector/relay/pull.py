"""Fetch reports from a relay, hand them to the collector, and only then let the relay forget them."""

from __future__ import annotations

import base64
import http.client
import json
import logging
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

from machxa_collector.registry.reports import KEY
from machxa_collector.relay.secret import Secret

logger = logging.getLogger(__name__)

SECONDS = 10.0
_MOST_BYTES = 1024 * 1024
_NEVER = frozenset({400, 404, 409, 422})  # the collector will not take this report, however often it is sent


class Unreachable(Exception):
    """Say that relay or collector cannot be reached or cannot do it now; try again later."""


@dataclass(frozen=True, slots=True)
class Pull:
    """Hold both ends: the relay's address for the centre, and the collector's address with a token of its."""

    relay: str
    secret: Secret
    collector: str
    token: str
    now: Callable[[], float]
    tls: ssl.SSLContext | None = None
    refused: list[str] = field(default_factory=list)

    def once(self) -> int:
        """Bring over what waits, once; return how many reports the relay may forget. Raises Unreachable."""
        waiting = _listed(self._relay("GET", "/pending"))
        done = [key for told, signature in waiting if (key := self._bring(told, signature)) is not None]
        if done:
            self._relay("POST", "/acknowledged", json.dumps({"keys": done}).encode())
        return len(done)

    def _bring(self, body: bytes, signature: str) -> str | None:
        """Hand over one report; return its key once the collector has it or never takes it, None for no report."""
        report = _report(body) if self.secret.is_signed(body, signature) else None
        if report is None:
            logger.error("the relay gave what is no report signed by it; it is left there")
            return None
        key = str(report.pop("key"))
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        sent = json.dumps({**report, "source": "relay"}).encode()
        request = urllib.request.Request(f"{self.collector}/api/v1/reports", sent, headers)  # noqa: S310 - http(s), checked
        try:
            _ask(request, self.tls)
        except urllib.error.HTTPError as exc:
            if exc.code not in _NEVER:
                raise Unreachable(f"the collector answered {exc.code}") from exc
            logger.error("the collector refused report %r for good: %d", key, exc.code)  # noqa: TRY400 - no defect of ours
            self.refused.append(key)
        return key

    def _relay(self, method: str, path: str, body: bytes = b"") -> bytes:
        stamp = self.secret.stamp(method, path, body, int(self.now()))
        request = urllib.request.Request(  # noqa: S310 - http(s), checked
            f"{self.relay}{path}", body or None, {"X-Machxa-Stamp": stamp}, method=method
        )
        try:
            return _ask(request, self.tls)
        except urllib.error.HTTPError as exc:
            raise Unreachable(f"the relay answered {exc.code}: is the secret the same, are both clocks right?") from exc


def _listed(answer: bytes) -> tuple[tuple[bytes, str], ...]:
    """Return bodies and signatures of a relay's answer; raises Unreachable for one that is none."""
    try:
        told = json.loads(answer)["reports"]
        return tuple((base64.b64decode(str(one["body"]), validate=True), str(one["signature"])) for one in told)
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        raise Unreachable("the relay's answer is no list of reports: is this its address for the centre?") from exc


def _report(body: bytes) -> dict[str, object] | None:
    """Return a report with the key by which it counts once, None for what is none: a relay may be in wrong hands."""
    try:
        report = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(report, dict) or KEY.fullmatch(str(report.get("key"))) is None:
        return None
    return report


def _ask(request: urllib.request.Request, tls: ssl.SSLContext | None) -> bytes:
    """Return an answer's body; raises HTTPError as it is, Unreachable for everything else."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=tls))
    try:
        with direct.open(request, timeout=SECONDS) as answer:
            body: bytes = answer.read(_MOST_BYTES)
            return body
    except urllib.error.HTTPError:
        raise
    except (OSError, http.client.HTTPException) as exc:
        raise Unreachable(f"{request.host}: {exc}") from exc

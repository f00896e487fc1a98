"""Ask the collector one thing over HTTP, going direct, and notice on which stage of the way it fails.

Runs in a short-lived child only: an HTTP client would stay in the memory of the agent for good.
"""

from __future__ import annotations

import email.utils
import http.client
import json
import socket
import ssl
import time
import urllib.request
from dataclasses import dataclass
from typing import Dict, Mapping, Optional
from urllib.parse import urlsplit

from machxa_agent.diagnosis import Stage, Trouble, of_answer, of_error, of_times
from machxa_agent.diagnosis_words import Kind

TIMEOUT_SECONDS = 30.0
_CONNECT_SECONDS = 10.0
_ANSWER_BYTES = 65536


class Failed(Exception):
    """Say what was in the way."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.kind.value)
        self.trouble = trouble


@dataclass(frozen=True)
class Reply:
    """Hold an answer: status, JSON body, and by how many seconds our clock is ahead of the server's, if it told."""

    status: int
    body: Dict[str, object]
    ahead_s: Optional[float]


@dataclass(frozen=True)
class Server:
    """Say whom to ask: an http or https address, and what to trust, None for http."""

    url: str
    trust: Optional[ssl.SSLContext] = None

    @property
    def host(self) -> str:
        """Return the name or address."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """Return the port."""
        return urlsplit(self.url).port or (80 if self.trust is None else 443)


def ask(server: Server, path: str, body: Optional[Dict[str, object]] = None) -> Reply:
    """GET a path, or POST a JSON body to it; raises Failed for anything but a success of the collector's."""
    try:
        plain = _connected(server)
    except _StageError as exc:
        raise _failed(server, of_error(exc.stage, exc.cause), str(exc.cause)) from exc.cause
    try:
        link = plain if server.trust is None else _encrypted(server, plain)
        return _answered(server, link, path, body)
    except _StageError as exc:
        raise _failed(server, of_error(exc.stage, exc.cause), str(exc.cause)) from exc.cause
    finally:
        plain.close()


class _StageError(Exception):
    def __init__(self, stage: Stage, cause: Exception) -> None:
        super().__init__(stage.value)
        self.stage = stage
        self.cause = cause


def _connected(server: Server) -> socket.socket:
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise _StageError(Stage.NAME, exc) from exc
    failed: Optional[OSError] = None
    for family, kind, protocol, _, address in found[:4]:
        link = socket.socket(family, kind, protocol)
        link.settimeout(_CONNECT_SECONDS)
        try:
            link.connect(address)
        except OSError as exc:
            link.close()
            failed = exc
        else:
            link.settimeout(TIMEOUT_SECONDS)
            return link
    raise _StageError(Stage.CONNECT, failed or OSError("no address"))


def _encrypted(server: Server, plain: socket.socket) -> socket.socket:
    assert server.trust is not None  # noqa: S101 - the caller's condition
    plain.settimeout(_CONNECT_SECONDS)
    try:
        link = server.trust.wrap_socket(plain, server_hostname=server.host)
    except (OSError, ValueError) as exc:
        raise _StageError(Stage.HANDSHAKE, exc) from exc
    link.settimeout(TIMEOUT_SECONDS)
    return link


def _answered(server: Server, link: socket.socket, path: str, body: Optional[Dict[str, object]]) -> Reply:
    shown = link.getpeercert() if isinstance(link, ssl.SSLSocket) else None
    asking = http.client.HTTPConnection(server.host, server.port)
    asking.sock = link
    content = None if body is None else json.dumps(body)
    headers = {"Accept": "application/json", "Content-Type": "application/json", "Connection": "close"}
    try:
        asking.request("GET" if body is None else "POST", path, content, headers)
        answer = asking.getresponse()
        raw = answer.read(_ANSWER_BYTES)
    except (OSError, ValueError, http.client.HTTPException) as exc:
        raise _StageError(Stage.ANSWER, exc if isinstance(exc, OSError) else ConnectionError(str(exc))) from exc
    centre_s = _seconds(answer.getheader("Date"))
    told = _json(raw)
    kind = of_answer(answer.status, answer.getheader("Content-Type") or "", is_ours=told is not None)
    if kind is None:
        kind = _times(shown, centre_s)
    if kind is not None or told is None:
        raise _failed(server, kind or Kind.OTHER_SERVER, f"HTTP {answer.status}")
    return Reply(answer.status, told, None if centre_s is None else time.time() - centre_s)


def _times(shown: Optional[Mapping[str, object]], centre_s: Optional[float]) -> Optional[Kind]:
    """Return what is wrong with the times of a certificate that was checked; one that was not tells none."""
    times = [(shown or {}).get(name) for name in ("notBefore", "notAfter")]
    if not all(isinstance(one, str) for one in times):
        return None
    begins, ends = (float(ssl.cert_time_to_seconds(str(one))) for one in times)
    return of_times(begins, ends, centre_s)


def _seconds(date: Optional[str]) -> Optional[float]:
    try:
        return email.utils.parsedate_to_datetime(date or "").timestamp()
    except (TypeError, ValueError, IndexError):
        return None


def _json(raw: bytes) -> Optional[Dict[str, object]]:
    try:
        body = json.loads(raw.decode("utf-8"))
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _failed(server: Server, kind: Kind, detail: str) -> Failed:
    scheme = "http" if server.trust is None else "https"
    proxy = urllib.request.getproxies().get(scheme)
    is_loopback = server.host == "localhost" or server.host.startswith("127.") or server.host == "::1"
    return Failed(Trouble(kind, server.host, server.port, detail, None if is_loopback else proxy))

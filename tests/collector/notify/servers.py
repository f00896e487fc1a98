"""Run a real mail server and a real receiver of webhooks on loopback, each on a port of its own."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from machxa_collector.outward import Allowed, read_inner
from tests.collector import pki

HERE = Allowed((read_inner("127.0.0.1"),))
USER, PASSWORD = "machxa", "a password of the mail server"


@dataclass
class Mailbox:
    """Take mail, and refuse addresses that begin with refused (550) or busy (451)."""

    got: list[EmailMessage] = field(default_factory=list)
    tried: int = 0
    port: int = 0
    ca: str = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: object, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.tried += 1
        if address.startswith("refused"):
            return "550 no such mailbox"
        if address.startswith("busy"):
            return "451 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.got.append(message_from_bytes(content, policy=default))
        return "250 OK"


@contextmanager
def mail_server(folder: Path, security: str) -> Iterator[Mailbox]:
    """Run a server with starttls, tls or none; it asks for USER and PASSWORD where it speaks TLS."""
    files = pki.written(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)
    box = Mailbox(ca=files.ca.read_text())
    told: dict[str, Any] = {"hostname": "127.0.0.1"}
    if security != "none":
        told |= {"authenticator": _knows, "auth_required": True, "auth_require_tls": security == "starttls"}
    if security == "starttls":
        told |= {"tls_context": context, "require_starttls": True}
    loop = asyncio.new_event_loop()
    made = loop.create_server(
        lambda: SMTP(box, loop=loop, **told), "127.0.0.1", 0, ssl=context if security == "tls" else None
    )
    server = loop.run_until_complete(made)
    box.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def _knows(_server: object, _session: object, _envelope: object, _mechanism: str, given: object) -> AuthResult:
    assert isinstance(given, LoginPassword)
    fits = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=fits, handled=False)


@dataclass
class Receiver:
    """Take webhooks, and answer with the statuses given, the last for ever."""

    statuses: list[int] = field(default_factory=lambda: [200])
    got: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    url: str = ""
    ca: str = ""


@contextmanager
def receiver(folder: Path | None = None) -> Iterator[Receiver]:
    """Run a receiver, encrypted where a folder for its certificate is given."""
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.got.append((dict(self.headers), body))
            status = told.statuses[0] if len(told.statuses) == 1 else told.statuses.pop(0)
            self.send_response(status)
            self.send_header("Location", told.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_told: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if folder is not None:
        files = pki.written(folder)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(files.certificate, files.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        told.ca = files.ca.read_text()
    told.url = f"{'http' if folder is None else 'https'}://127.0.0.1:{server.server_address[1]}/hook?group=1"
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""Serve the API over TLS on loopback, as a web front with the centre's certificate does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from machxa_collector.registry import certificates
from machxa_collector.registry.certificates import Authority

_START_SECONDS = 20.0


@contextmanager
def serving(app: FastAPI, authority: Authority, folder: Path) -> Iterator[str]:
    """Serve until the context ends; give the address."""
    key, certificate = certificates.issue_server(authority, ["127.0.0.1"], datetime.now(UTC), 30)
    (folder / "front.key").write_bytes(key)
    (folder / "front.pem").write_bytes(certificate)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, ssl_keyfile=str(folder / "front.key"), ssl_certfile=folder / "front.pem", log_level="error"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        assert time.monotonic() < deadline, "the front did not start in time"
        time.sleep(0.02)
    try:
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_START_SECONDS)

"""Do what the relay's commands say."""

from __future__ import annotations

import argparse
import logging
import os
import random
import secrets
import socket
import ssl
import sys
import time
from pathlib import Path

import uvicorn

from machxa_collector.registry.reports import UNIT
from machxa_collector.relay.app import Relay, create_app
from machxa_collector.relay.outbox import Outbox
from machxa_collector.relay.pull import Pull, Unreachable
from machxa_collector.relay.secret import KEY_BYTES, BadSecret, Secret, new_secret, read_secret

logger = logging.getLogger(__name__)

_LONGEST_WAIT_SECONDS = 300.0
_MOST_CONNECTIONS = 128


def run(options: argparse.Namespace) -> int:
    """Run one command; return its exit status."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        return _ACTS[options.act](options)
    except (OSError, BadSecret) as exc:
        print(f"machxa relay: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _new_secret(options: argparse.Namespace) -> int:
    """Make the file that relay and centre share."""
    file = os.open(options.secret_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as out:
        out.write(new_secret(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)))
    print(f"đã ghi (written) {options.secret_file}: chép sang máy chuyển tiếp (copy it to the relay)")
    return 0


def _links(options: argparse.Namespace) -> int:
    """Print the links of units."""
    secret = _secret(options.secret_file)
    wrong = [unit for unit in options.units if UNIT.fullmatch(unit) is None]
    if wrong:
        print(f"machxa relay: {wrong[0]!r} is no code of a unit", file=sys.stderr)
        return 2
    for unit in options.units:
        print(f"{unit} {options.url}/b/{secret.link(unit)}")
    return 0


def _serve(options: argparse.Namespace) -> int:
    """Serve both ports until told to stop."""
    relay = Relay(
        _secret(options.secret_file),
        Outbox(options.data / "relay.db"),
        lambda: time.time_ns() // 1_000_000,
        options.centre_port,
    )
    listening = [socket.create_server((options.host, port)) for port in (options.port, options.centre_port)]
    config = uvicorn.Config(
        create_app(relay),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        limit_concurrency=_MOST_CONNECTIONS,
    )
    uvicorn.Server(config).run(sockets=listening)
    return 0


def _pull(options: argparse.Namespace) -> int:
    """Fetch again and again; waits longer, with jitter, while something is out of reach."""
    for url in (options.relay, options.collector):
        if not url.startswith(("https://", "http://")):
            print(f"machxa relay: {url!r}, expected http:// or https://", file=sys.stderr)
            return 2
    tls = ssl.create_default_context(cafile=options.relay_ca)
    token = options.token_file.read_text(encoding="ascii").strip()
    pull = Pull(options.relay, _secret(options.secret_file), options.collector, token, time.time, tls)
    wait = options.every
    while True:
        try:
            if (brought := pull.once()) > 0:
                logger.info("%d reports brought over", brought)
            wait = options.every
        except Unreachable as exc:
            logger.warning("%s; again in about %.0f s", exc, wait)
            if options.once:
                return 1
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
        if options.once:
            return 0
        time.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311 - chance, not a secret


def _secret(path: Path) -> Secret:
    return read_secret(path.read_text(encoding="ascii"))


_ACTS = {"new-secret": _new_secret, "links": _links, "serve": _serve, "pull": _pull}

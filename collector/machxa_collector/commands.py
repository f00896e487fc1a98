"""Do what the commands say; loaded only when one of them runs."""

from __future__ import annotations

import argparse
import logging
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext

from sqlalchemy import Engine

from machxa_collector import broker as brokers
from machxa_collector import children, serve
from machxa_collector.api.deps import BrokerAddress
from machxa_collector.pages import pages
from machxa_collector.registry.tokens import ENROL_MS, SIGN_IN_MS, Purpose
from machxa_collector.store import access
from machxa_collector.store.engine import open_store

logger = logging.getLogger(__name__)

_START_SECONDS = 30.0
_LIVELY = "sample_seconds = 10\nbatch_seconds = 10\n"  # on loopback bytes cost nothing, and the page lives at once


def up(options: argparse.Namespace) -> int:
    """Run everything for this computer, until Ctrl-C."""
    with _collector(options) as (store, broker):
        base = f"http://{options.host}:{options.port}"
        if not _answers(base):
            return _fail(f"the pages do not answer on {base} after {_START_SECONDS:.0f} s")
        link = access.add_token(store, Purpose.SIGN_IN, serve.now_ms(), lives_ms=SIGN_IN_MS, uses=1)
        agent = _start_agent(options, store, base)
        print(f"\n  Mạch Xã: {base}/\n  Đăng nhập một lần (one-time sign-in, 1 h): {base}/sign-in?token={link}")
        print(f"  Dữ liệu (data): {options.data.resolve()}   broker: {broker.host}:{broker.port}")
        print("  Ctrl-C để dừng (to stop)\n", flush=True)
        try:
            _wait(agent)
        finally:
            children.stop(agent)
    return 0


def run_serve(options: argparse.Namespace) -> int:
    """Run the collector alone, until Ctrl-C."""
    with _collector(options):
        _wait(None)
    return 0


def token(options: argparse.Namespace) -> int:
    """Print a new token."""
    purpose = Purpose(options.purpose)
    lives = {Purpose.ENROL: ENROL_MS, Purpose.SIGN_IN: SIGN_IN_MS, Purpose.API: None}[purpose]
    uses = {Purpose.ENROL: options.uses, Purpose.SIGN_IN: 1, Purpose.API: None}[purpose]
    store = open_store(serve.store_path(options.data))
    print(access.add_token(store, purpose, serve.now_ms(), lives_ms=lives, uses=uses))
    return 0


@contextmanager
def _collector(options: argparse.Namespace) -> Iterator[tuple[Engine, BrokerAddress]]:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, _interrupted)
    with ExitStack() as stack:
        try:
            given = brokers.from_url(options.broker) if options.broker else None
        except brokers.BadBrokerError as exc:
            sys.exit(_fail(str(exc)))
        if not _is_free(options.host, options.port):
            sys.exit(_fail(f"port {options.port} on {options.host} is taken; another one: --port N"))
        broker = stack.enter_context(nullcontext(given) if given else brokers.embedded(options.data / "collector"))
        place = serve.Place(options.data, options.host, options.port)
        yield stack.enter_context(serve.running(place, broker, pages)), broker


def _start_agent(options: argparse.Namespace, store: Engine, base: str) -> subprocess.Popen[bytes]:
    """Start this computer's agent; it enrols by the real path with a token that works once."""
    secret = access.add_token(store, Purpose.ENROL, serve.now_ms(), lives_ms=ENROL_MS, uses=1, note="this computer")
    kept = options.data / "agent"
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = kept / "token"
    file.touch(mode=0o600)
    file.write_text(secret)
    config = kept / "agent.toml"
    config.write_text(_LIVELY, encoding="utf-8")
    command = ["-m", "machxa_agent.main", "run", "--data", str(kept), "--config", str(config), "--enrol-url", base]
    return children.start([sys.executable, *command, "--enrol-token-file", str(file)])


def _wait(agent: subprocess.Popen[bytes] | None) -> None:
    """Wait for Ctrl-C; say it once when the agent ends by itself."""
    told = False
    try:
        while True:
            time.sleep(1)
            if agent is not None and agent.poll() is not None and not told:
                told = True
                logger.error("this computer's agent ended with status %s; the pages go on", agent.returncode)
    except KeyboardInterrupt:
        print("\n  Đang dừng (stopping) ...", flush=True)


def _interrupted(_signal: int, _frame: object) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _answers(base: str) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{base}/healthz", timeout=1).close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _fail(reason: str) -> int:
    print(f"machxa: {reason}", file=sys.stderr)
    return 1

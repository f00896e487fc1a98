"""Run mosquitto as a child that dies with its parent, and tell it what changed."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from machxa_collector import children
from machxa_collector.mosquitto import config
from machxa_collector.mosquitto.config import Listening

logger = logging.getLogger(__name__)

LOG = "mosquitto.log"
_LOOPBACK = "127.0.0.1"
_START_SECONDS = 5.0
_LOOK_SECONDS = 0.01


class NoBrokerError(Exception):
    """Say in a sentence why mosquitto does not run here; another broker may."""


def find() -> str | None:
    """Return mosquitto's path, None when it is not installed (Debian keeps it in /usr/sbin, outside users' paths)."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")


class Mosquitto:
    """Hold the running broker."""

    def __init__(self, begin: Callable[[], subprocess.Popen[bytes]], folder: Path, listening: Listening) -> None:
        """Start it; begin is remembered, since it starts again when it ended by itself."""
        self._begin = begin
        self._folder = folder
        self.listening = listening
        self._kept = children.Kept("mosquitto", self._start, time.monotonic())

    def look(self) -> None:
        """Start it again on its ports when it ended by itself."""
        self._kept.look(time.monotonic())

    def reload(self, certificates: Mapping[str, bytes]) -> None:
        """Take up new certificates: the server's, or another list of what is revoked.

        mosquitto reads both again at SIGHUP, for connections from then on. OpenSSL keeps the older of two lists
        with the same "last update", which counts whole seconds: the second of two revocations within one second
        must say a later one.
        """
        write_certificates(self._folder, certificates)
        self.child.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """End it for good."""
        self._kept.stop()

    def _start(self) -> subprocess.Popen[bytes]:
        self.child = self._begin()
        return self.child


@contextmanager
def running(
    program: str, folder: Path, certificates: Mapping[str, bytes], listening: Listening, secret: tuple[str, bytes]
) -> Iterator[Mosquitto]:
    """Run mosquitto with the shipped configuration; raises NoBrokerError when it does not listen within five seconds.

    secret is the collector's password and the salt it is hashed with, both random.
    """
    log = folder / LOG
    conf = config.write(folder, listening, *secret)
    write_certificates(folder, certificates)
    log.unlink(missing_ok=True)
    mosquitto = Mosquitto(
        lambda: children.start([program, "-c", str(conf)], log, {"OPENSSL_CONF": str(folder / config.OPENSSL)}),
        folder,
        listening,
    )
    try:
        _await_listening(mosquitto, log)
        yield mosquitto
    finally:
        mosquitto.stop()


def write_certificates(folder: Path, certificates: Mapping[str, bytes]) -> None:
    """Write PEM files under the names the configuration has for them."""
    if unknown := sorted(set(certificates) - set(config.CERTIFICATES)):
        raise ValueError(f"certificates are {unknown!r}, expected some of {config.CERTIFICATES!r}")
    for name, pem in certificates.items():
        config.write_private(folder / name, pem)


def free_ports(agents: int, centre: int) -> Listening:
    """Return two loopback ports nobody listens on now: the ones asked for where they are free."""
    with socket.socket() as first, socket.socket() as second:
        return Listening(_bound(first, agents), _bound(second, centre))


def _bound(probe: socket.socket, port: int) -> int:
    if os.name == "posix":  # a connection that ended a moment ago takes no port; elsewhere two could listen on one
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((_LOOPBACK, port))
    except OSError:
        probe.bind((_LOOPBACK, 0))
    bound: int = probe.getsockname()[1]
    return bound


def _await_listening(mosquitto: Mosquitto, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    for port in (mosquitto.listening.agents, mosquitto.listening.centre):
        while not _listens(port):
            if mosquitto.child.poll() is not None or time.monotonic() > deadline:
                raise NoBrokerError(f"mosquitto does not listen on port {port}: {_last_line(log)!r}")
            time.sleep(_LOOK_SECONDS)


def _listens(port: int) -> bool:
    try:
        socket.create_connection((_LOOPBACK, port), 1).close()
    except OSError:
        return False
    return True


def _last_line(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else "it said nothing"

"""Start a mosquitto of our own on loopback, for benches and tests; it ends with the context."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_START_SECONDS = 10.0


def find() -> str | None:
    """Return mosquitto's path, None when it is not installed (Debian keeps it in /usr/sbin)."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    """Return a loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(folder: Path, port: int, extra: str = "") -> subprocess.Popen[bytes]:
    """Start mosquitto with its defaults on a loopback port, and wait until it listens."""
    program = find()
    if program is None:
        raise FileNotFoundError("mosquitto is not installed: apt-get install mosquitto")
    config = folder / f"mosquitto-{port}.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n{extra}\n")
    process = subprocess.Popen([program, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.02)
        else:
            return process
    process.kill()
    raise TimeoutError(f"mosquitto did not listen on port {port} within {_START_SECONDS:.0f} s")


@contextmanager
def running(folder: Path, extra: str = "") -> Iterator[int]:
    """Run mosquitto for a while; give its port."""
    port = free_port()
    process = start(folder, port, extra)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(10)

"""Restart the broker as shipped under thousands of agents with certificates, and measure how they come back."""

from __future__ import annotations

import argparse
import functools
import json
import resource
import socket
import ssl
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from machxa_fleet import mosquitto, secured, stage
from machxa_fleet.counting import CountingProxy
from machxa_fleet.herd import Herd, listens
from machxa_fleet.secured import Secured
from machxa_fleet.simulated import Credentials

_FIRST_PER_SECOND = 150  # agents that come the first time
_MOST_SECONDS = 300.0
_SPARE_DESCRIPTORS = 200
_LOOK_SECONDS = 0.1


def main(arguments: list[str]) -> int:
    """Run the bench and print it; with ``--json`` as one JSON line."""
    parser = argparse.ArgumentParser(prog="machxa bench herd", description=__doc__)
    parser.add_argument("--agents", type=int, default=3321)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if mosquitto.find() is None:
        print("bench herd needs mosquitto: apt-get install mosquitto", file=sys.stderr)
        return 2
    _raise_descriptors(2 * options.agents + _SPARE_DESCRIPTORS)
    with tempfile.TemporaryDirectory(prefix="machxa-bench-") as made:
        folder = Path(made)
        with secured.running(folder / "broker") as broker:
            collecting = functools.partial(
                stage.collecting,
                folder,
                broker.mosquitto.listening.centre,
                "--broker-password-file",
                str(broker.password),
            )
            with collecting() as running:
                given = running.enrol(options.agents)
            with collecting():  # it tells from its first connection on over how long so many shall come back
                result = _run(broker, given)
    print(json.dumps(result) if options.json else "\n".join(f"{name:34} {value}" for name, value in result.items()))
    return 0 if result["connected"] == options.agents and not result["refused"] else 1


def _run(broker: Secured, given: list[Credentials]) -> dict[str, Any]:
    one = _reconnect(broker, given[0])
    address = ("127.0.0.1", broker.mosquitto.listening.agents)
    gone = _Gone(broker, address)
    herd = Herd(given, broker.context, address, gone.is_away)
    started = time.monotonic()
    herd.call(len(given) / _FIRST_PER_SECOND)
    herd.read()
    _until_all(herd, gone)
    first = time.monotonic() - started
    memory = gone.memory_bytes
    herd.read()
    tried = herd.counts.tried
    gone.kill()
    killed = time.monotonic()
    _until_all(herd, gone)
    back = [one.connected_at for one in herd.members if one.connected_at is not None]
    counts = herd.counts
    result = {
        "bench": "herd",
        "agents": len(given),
        "connected": herd.connected(),
        "first_connected_in_seconds": round(first, 1),
        "broker_away_seconds": round(gone.back_at - killed, 1),
        "back_after_seconds": round(max(back) - gone.back_at, 1),
        "acknowledged_after_seconds": round(time.monotonic() - gone.back_at, 1),
        "unacknowledged": herd.waiting(),
        "attempts": counts.tried - tried,
        "tried_while_away": counts.away,
        "refused": counts.refused,
        "reasons": counts.reasons,
        "broker_memory_mb": round(memory / 1e6, 1),
        "broker_memory_most_mb": round(gone.most_bytes / 1e6, 1),
        **one,
    }
    herd.close()
    return result


def _until_all(herd: Herd, gone: _Gone) -> None:
    """Turn until everybody is connected and every record acknowledged."""
    end = time.monotonic() + _MOST_SECONDS
    while time.monotonic() < end:
        herd.turn()
        gone.look()
        if gone.is_due() and herd.connected() == len(herd.members) and not herd.waiting():
            return


class _Gone:
    """Kill the broker, let it start again as its keeper does, and measure its memory."""

    def __init__(self, broker: Secured, address: tuple[str, int]) -> None:
        self._broker = broker
        self._address = address
        self._away = False
        self._look_at = 0.0
        self.back_at = 0.0
        self.memory_bytes = self.most_bytes = 0

    def is_away(self) -> bool:
        return self._away

    def is_due(self) -> bool:
        """Return whether it is worth asking now: asking thousands costs."""
        return time.monotonic() >= self._look_at - _LOOK_SECONDS / 2 and not self._away

    def kill(self) -> None:
        self._away = True
        self._broker.mosquitto.child.kill()

    def look(self) -> None:
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + _LOOK_SECONDS
        self._broker.mosquitto.look()
        if self._away and listens(self._address):
            self._away, self.back_at = False, now
        try:
            self.memory_bytes = psutil.Process(self._broker.mosquitto.child.pid).memory_info().rss
        except psutil.NoSuchProcess:
            return
        self.most_bytes = max(self.most_bytes, self.memory_bytes)


@dataclass(frozen=True, slots=True)
class _Bytes:
    up: int
    down: int


def _reconnect(broker: Secured, given: Credentials) -> dict[str, Any]:
    """Return what one reconnect costs in bytes of TCP payload: the handshake, and until a record is acknowledged."""
    proxy = CountingProxy(broker.mosquitto.listening.agents)
    context = broker.context(given.agent)
    address = ("127.0.0.1", proxy.port)
    with context.wrap_socket(socket.create_connection(address), server_hostname="127.0.0.1") as bare:
        version = bare.version()
        bare.settimeout(1.0)
        _silence(bare)
        handshake = _Bytes(proxy.up, proxy.down)
    herd = Herd([given], lambda _: context, address, lambda: False)
    proxy.up = proxy.down = 0
    herd.call(0.0)
    herd.read()
    end = time.monotonic() + _MOST_SECONDS
    while (not herd.connected() or herd.waiting()) and time.monotonic() < end:
        herd.turn()
    herd.close()
    proxy.stop()
    return {
        "tls": version,
        "handshake_bytes_up": handshake.up,
        "handshake_bytes_down": handshake.down,
        "reconnect_bytes_up": proxy.up,
        "reconnect_bytes_down": proxy.down,
    }


def _silence(bare: ssl.SSLSocket) -> None:
    """Take in what the broker sends after the handshake: its session tickets."""
    try:
        bare.recv(1)
    except TimeoutError:
        return


def _raise_descriptors(wanted: int) -> None:
    """Allow a socket for each agent, here and in the broker that we start, as far as this user may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard)), hard))

"""Bring a broker for evaluation: iotcore on loopback, as a child that dies with its parent."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from machxa_collector.api.deps import BrokerAddress
from machxa_collector.failure import CannotRunError

if TYPE_CHECKING:
    from iotcore import Broker

logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
USUAL_PORT = 1883
_CONFIG = """\
id = 0

[router]
id = 0
max_connections = 10010
max_outgoing_packet_count = 200
max_segment_size = 16777216
max_segment_count = 4

[v5.1]
name = "machxa"
listen = "{host}:{port}"
next_connection_delay_ms = 1

[v5.1.connections]
connection_timeout_ms = 60000
max_payload_size = 262144
max_inflight_count = 100
"""


class Embedded:
    """Hold the running embedded broker."""

    def __init__(self, broker: Broker, address: BrokerAddress) -> None:
        self._broker = broker
        self.address = address

    def look(self) -> None:
        """Start it again on its port when it ended by itself; try again at the next look when that fails."""
        if self._broker.is_running:
            return
        logger.error("the embedded broker ended; it starts again")
        try:
            self._broker.start()
        except (OSError, RuntimeError) as exc:
            logger.error("the embedded broker does not start: %s", exc)  # noqa: TRY400 - the cause is the sentence


@contextmanager
def embedded(folder: Path) -> Iterator[Embedded]:
    """Run the embedded broker, its configuration written to a folder.

    iotcore is rumqttd inside: MQTT 5 is had only through a configuration file, and it keeps its log in
    memory, here at most 64 MB.
    """
    from iotcore import Broker  # noqa: PLC0415 - 14 MB that a collector with a broker of its own never loads

    port = _free_port()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = folder / "broker.toml"
    config.write_text(_CONFIG.format(host=LOOPBACK, port=port), encoding="utf-8")
    with Broker(config_path=str(config)) as running:
        yield Embedded(running, BrokerAddress(LOOPBACK, port))


def from_url(url: str, password: Path | None = None) -> BrokerAddress:
    """Return the address in a URL such as mqtt://127.0.0.1:1883; password is a file that holds the collector's.

    Until certificates come with Trust, plain MQTT is refused outside loopback.
    """
    parts = urlsplit(url)
    if parts.scheme != "mqtt" or parts.hostname is None:
        raise CannotRunError(
            f"broker {url!r}, cần có dạng mqtt://HOST:PORT", f"broker {url!r}, expected mqtt://HOST:PORT"
        )
    if not _is_loopback(parts.hostname):
        raise CannotRunError(
            f"broker {url!r} không ở trên máy này: không dùng MQTT không mã hóa ra ngoài máy",
            f"broker {url!r} is not on loopback: plain MQTT is refused outside this computer",
        )
    try:
        port = parts.port or USUAL_PORT
    except ValueError as exc:
        raise CannotRunError(f"broker {url!r}: cổng không hợp lệ", f"broker {url!r}: {exc}") from exc
    return BrokerAddress(parts.hostname, port, password=password)


def _is_loopback(host: str) -> bool:
    """Return whether a host is this computer for certain: a name such as 127.example.org is somebody else's."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _free_port() -> int:
    """Return the usual port when nobody listens there, another free one else."""
    for port in (USUAL_PORT, 0):
        with socket.socket() as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            free: int = probe.getsockname()[1]
            return free
    raise CannotRunError("không còn cổng trống trên máy này", "no free port on loopback")

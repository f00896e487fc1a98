"""Bring a broker: the operator's own, mosquitto, or iotcore for evaluation; the last two die with their parent."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from machxa_collector.api.deps import BrokerAddress
from machxa_collector.authority import KeptAuthority
from machxa_collector.failure import CannotRunError
from machxa_collector.mosquitto import beside
from machxa_collector.mosquitto.child import NoBrokerError
from machxa_collector.mosquitto.folder import KeptFolder

if TYPE_CHECKING:
    from iotcore import Broker

logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
USUAL_PORT = 1883
_MOST_PATHS = 6  # of agents to the broker
_PORTS = {"mqtt": USUAL_PORT, "mqtts": 8883}
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


class Running(Protocol):
    """Be a broker that a collector may use."""

    @property
    def address(self) -> BrokerAddress:
        """Return how the collector and how agents reach it."""

    def look(self) -> None:
        """See to it that it runs."""

    def told(self, agents: Sequence[str], revoked: bytes) -> None:
        """Refuse whom a new list of revoked certificates names, and disconnect these agents; raises OSError."""


class Own:
    """Hold the operator's own broker, which is theirs to look after."""

    def __init__(self, address: BrokerAddress) -> None:
        """Take its address."""
        self.address = address

    def look(self) -> None:
        """Leave it alone."""

    def told(self, agents: Sequence[str], revoked: bytes) -> None:
        """Tell nobody: the operator points their broker to the list."""


class Embedded:
    """Hold the running embedded broker."""

    def __init__(self, broker: Broker, address: BrokerAddress) -> None:
        self._broker = broker
        self.address = address

    def told(self, agents: Sequence[str], revoked: bytes) -> None:
        """Tell nobody: it is on loopback and knows no certificates; the intake alone hears no revoked agent."""

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
def mosquitto_or_embedded(folder: Path, authority: Callable[[], KeptAuthority]) -> Iterator[Running]:
    """Run mosquitto where it is installed and starts, the embedded broker else."""
    with ExitStack() as stack:
        try:
            broker: Running = stack.enter_context(beside.running(folder / "mosquitto", authority()))
        except (NoBrokerError, OSError) as exc:
            logger.info("dùng broker đi kèm (the embedded broker serves): %s", exc)
            broker = stack.enter_context(embedded(folder))
        yield broker


@contextmanager
def mosquitto(folder: Path, authority: Callable[[], KeptAuthority]) -> Iterator[Running]:
    """Run mosquitto; raises CannotRunError with the reason."""
    with ExitStack() as stack:
        try:
            yield stack.enter_context(beside.running(folder / "mosquitto", authority()))
        except NoBrokerError as exc:
            raise CannotRunError(f"mosquitto không chạy được: {exc}", f"mosquitto cannot run: {exc}") from exc


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


def kept(folder: Path, address: BrokerAddress, authority: KeptAuthority) -> Running:
    """Return the operator's own mosquitto whose files we keep in a folder; raises CannotRunError with the reason."""
    if address.told_host is None:
        raise CannotRunError(
            "--broker-folder cần --agents-broker mqtts://HOST:PORT: tên mà tác tử dùng, cho chứng thư của broker",
            "--broker-folder needs --agents-broker mqtts://HOST:PORT: the name agents use, for its certificate",
        )
    try:
        return KeptFolder(folder, address, authority, lambda: datetime.now(UTC))
    except OSError as exc:
        raise CannotRunError(
            f"không ghi được vào thư mục của broker {folder}: {exc.strerror}",
            f"the broker's folder {folder} cannot be written: {exc.strerror}",
        ) from exc


@dataclass(frozen=True, slots=True)
class Proof:
    """Hold the files with which the collector proves itself to a broker: a password, or over TLS a certificate and key.

    ca is whom it trusts there, needed for mqtts://.
    """

    password: Path | None = None
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


NO_PROOF = Proof()


def from_url(url: str, proof: Proof = NO_PROOF) -> BrokerAddress:
    """Return the address in a URL such as mqtts://mx.example:8883, or mqtt://127.0.0.1:1883 on this computer.

    Raises CannotRunError: plain MQTT is refused outside loopback, TLS without an authority to trust.
    """
    host, port, tls = _parts(url)
    if not tls and not _is_loopback(host):
        raise CannotRunError(
            f"broker {url!r} không ở trên máy này: không dùng MQTT không mã hóa ra ngoài máy, hãy dùng mqtts://",
            f"broker {url!r} is not on loopback: plain MQTT is refused outside this computer, use mqtts://",
        )
    if tls and proof.ca is None:
        raise CannotRunError(
            f"broker {url!r} cần --broker-ca FILE: chứng thư của nơi cấp mà ta tin",
            f"broker {url!r} needs --broker-ca FILE: the authority that is trusted there",
        )
    if not tls:
        return BrokerAddress(host, port, password=proof.password)
    return BrokerAddress(
        host, port, tls=True, ca=proof.ca, certificate=proof.certificate, key=proof.key, password=proof.password
    )


def told(address: BrokerAddress, url: str | None, paths: Sequence[str] = ()) -> BrokerAddress:
    """Return the address with what agents are told in place of it; None: the same. Raises CannotRunError.

    paths are ways to it, NAME=HOST[:PORT], the preferred one first.
    """
    if len(paths) > _MOST_PATHS:
        raise CannotRunError(
            f"--agents-path: nhiều nhất {_MOST_PATHS} đường", f"--agents-path: {_MOST_PATHS} ways at most"
        )
    if url is not None:
        host, port, tls = _parts(url)
        address = replace(address, told_host=host, told_port=port, tls=tls)
    return replace(address, told_paths=tuple(_path(one, tls=address.tls) for one in paths))


def _path(written: str, *, tls: bool) -> tuple[str, str, int]:
    name, equals, where = written.partition("=")
    if not equals or re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", name) is None:
        raise CannotRunError(
            f"--agents-path {written!r}, cần có dạng TEN=HOST:PORT",
            f"--agents-path {written!r}, expected NAME=HOST:PORT",
        )
    host, port, _ = _parts(f"{'mqtts' if tls else 'mqtt'}://{where}")
    return name, host, port


def _parts(url: str) -> tuple[str, int, bool]:
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or parts.hostname is None:
        raise CannotRunError(
            f"broker {url!r}, cần có dạng mqtts://HOST:PORT", f"broker {url!r}, expected mqtts://HOST:PORT"
        )
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError as exc:
        raise CannotRunError(f"broker {url!r}: cổng không hợp lệ", f"broker {url!r}: {exc}") from exc
    return parts.hostname, port, parts.scheme == "mqtts"


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

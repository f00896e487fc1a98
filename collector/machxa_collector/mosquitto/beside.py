"""Keep a mosquitto beside the collector supplied: certificates in time, and revoked agents out at once."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from machxa_collector.api.deps import BrokerAddress
from machxa_collector.authority import KeptAuthority
from machxa_collector.intake.address import BrokerAddress as IntakeBroker
from machxa_collector.intake.takeover import disconnect
from machxa_collector.mosquitto import child, config
from machxa_collector.mosquitto.config import Listening
from machxa_collector.registry.certificates import CLIENT_DAYS

logger = logging.getLogger(__name__)

AGENTS_PORT, CENTRE_PORT = 8883, 1883
_LOOPBACK = "127.0.0.1"
_NAMES = (_LOOPBACK, "localhost")
_RENEW_SECONDS = CLIENT_DAYS * 86_400 * 2 / 3
_AGAIN_SECONDS = 3600.0
_SALT_BYTES = 12
_PORT = re.compile(r"^listener (\d+)", re.MULTILINE)


class Beside:
    """Hold our own mosquitto on loopback."""

    def __init__(
        self,
        mosquitto: child.Mosquitto,
        authority: KeptAuthority,
        password: Path,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look after a broker that runs with a new certificate."""
        self._mosquitto = mosquitto
        self._authority = authority
        self._monotonic = monotonic
        self._renew_at = monotonic() + _RENEW_SECONDS
        agents, centre = mosquitto.listening.agents, mosquitto.listening.centre
        self.address = BrokerAddress(
            _LOOPBACK, centre, tls=True, told_host=_LOOPBACK, told_port=agents, password=password
        )

    def look(self) -> None:
        """Start it again when it ended, renew its certificate when that is due."""
        self._mosquitto.look()
        if self._monotonic() >= self._renew_at:
            self._renew_at = self._monotonic() + _AGAIN_SECONDS
            try:
                self._mosquitto.reload(_server(self._authority))
            except OSError as exc:
                logger.warning("the broker's certificate could not be renewed now: %s", exc.strerror)
            else:
                self._renew_at = self._monotonic() + _RENEW_SECONDS

    def told(self, agents: Sequence[str], revoked: bytes) -> None:
        """Refuse what a new list names, and end these agents' connections; raises OSError.

        mosquitto takes up the list before it hears the newcomer that ends the old connection: it is one thread,
        and the signal is there first. So the agent cannot come back in between.
        """
        self._mosquitto.reload({"revoked.pem": revoked})
        disconnect(IntakeBroker(self.address.host, self.address.port, password=self.address.password), agents)


@contextmanager
def running(folder: Path, authority: KeptAuthority) -> Iterator[Beside]:
    """Run mosquitto with everything it needs in a folder; raises NoBrokerError when it cannot."""
    program = child.find()
    if program is None:
        raise child.NoBrokerError("mosquitto is not installed")
    if not authority.revoked.exists():
        authority.list_revoked(())
    certificates = {
        "ca.pem": authority.certificate.read_bytes(),
        "revoked.pem": authority.revoked.read_bytes(),
        **_server(authority),
    }
    secret = secrets.token_urlsafe(), secrets.token_bytes(_SALT_BYTES)
    with child.running(program, folder, certificates, _ports(folder), secret) as mosquitto:
        logger.info("mosquitto listens on %s:%d for agents", _LOOPBACK, mosquitto.listening.agents)
        yield Beside(mosquitto, authority, folder / config.PASSWORD)


def _server(authority: KeptAuthority) -> dict[str, bytes]:
    key, pem = authority.server(_NAMES)
    return {"server.key": key, "server.pem": pem}


def _ports(folder: Path) -> Listening:
    """Return the ports of the last run where they are still free: agents remember where they were sent."""
    try:
        last = _PORT.findall((folder / "mosquitto.conf").read_text(encoding="utf-8"))
    except OSError:
        last = []
    agents, centre = map(int, last) if len(last) == 2 else (AGENTS_PORT, CENTRE_PORT)  # noqa: PLR2004 - its listeners
    return child.free_ports(agents, centre)

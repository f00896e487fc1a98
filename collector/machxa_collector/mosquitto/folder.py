"""Keep what a mosquitto of the operator's reads in a folder: certificates in time, the list of the revoked, passwords.

mosquitto belongs to the system here, so nobody of ours may send it a signal: the system watches the folder and lets
it take up what is new (deploy/mosquitto/machxa-broker-reload.path).
"""

from __future__ import annotations

import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from machxa_collector.api.deps import BrokerAddress
from machxa_collector.authority import KeptAuthority
from machxa_collector.intake.address import USER
from machxa_collector.intake.address import BrokerAddress as IntakeBroker
from machxa_collector.intake.takeover import disconnect
from machxa_collector.mosquitto import config
from machxa_collector.registry.certificates import described, is_issued_by

logger = logging.getLogger(__name__)

_READ_BY_GROUP = 0o640
_SALT_BYTES = 12
_LOOK_SECONDS = 3600.0
_AGAIN_SECONDS = (2.0, 10.0)  # after a new list: until then the system has let mosquitto take it up, even a busy one
_RENEW_AT = 2 / 3


class KeptFolder:
    """Look after the folder of a mosquitto that somebody else runs on this computer."""

    def __init__(
        self,
        folder: Path,
        address: BrokerAddress,
        authority: KeptAuthority,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Write what is missing; raises OSError. The broker's certificate is for the host that agents are told."""
        self._folder = folder
        self._authority = authority
        self._now, self._monotonic = now, monotonic
        self._name = address.told_host or address.host
        self._look_at = monotonic() + _LOOK_SECONDS
        self._again: deque[tuple[float, str]] = deque()  # told comes from another thread than look
        self.address = replace(address, password=folder / config.PASSWORD)
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        self._write("ca.pem", authority.certificate.read_bytes())
        self._write("revoked.pem", authority.revoked.read_bytes() if authority.revoked.exists() else self._nobody())
        self._write_passwords()
        self._renew()

    def look(self) -> None:
        """Renew the certificate when it is due, and end again what a revoked agent may have opened meanwhile."""
        now = self._monotonic()
        if now >= self._look_at:
            self._look_at = now + _LOOK_SECONDS
            try:
                self._renew()
            except OSError as exc:
                logger.warning("the broker's certificate could not be renewed now: %s", exc.strerror)
        while self._again and self._again[0][0] <= now:
            agent = self._again.popleft()[1]
            try:
                self._disconnect([agent])
            except OSError as exc:  # with the broker away nobody is connected, and it comes back with the new list
                logger.info("agent %s could not be disconnected again: %s", agent, exc)

    def told(self, agents: Sequence[str], revoked: bytes) -> None:
        """Write the new list and end these agents' connections, now and when the list is in force; raises OSError."""
        self._write("revoked.pem", revoked)
        self._disconnect(agents)
        now = self._monotonic()
        self._again.extend((now + seconds, agent) for seconds in _AGAIN_SECONDS for agent in agents)

    def _disconnect(self, agents: Sequence[str]) -> None:
        disconnect(IntakeBroker(self.address.host, self.address.port, password=self.address.password), agents)

    def _nobody(self) -> bytes:
        return self._authority.list_revoked(())

    def _renew(self) -> None:
        """Write a new key and certificate when there is none, two thirds have passed, or name or authority changed."""
        shown = self._folder / "server.pem"
        if shown.exists() and (self._folder / "server.key").exists():
            told = described(shown.read_bytes())
            renew_at = told.not_before + (told.not_after - told.not_before) * _RENEW_AT
            is_ours = is_issued_by(shown.read_bytes(), self._authority.authority)
            if is_ours and told.name == self._name and self._now() < renew_at:
                return
        names = dict.fromkeys((self._name, "127.0.0.1", "localhost"))
        key, certificate = self._authority.server(list(names))
        self._write("server.key", key)
        self._write("server.pem", certificate)

    def _write_passwords(self) -> None:
        plain, hashed = self._folder / config.PASSWORD, self._folder / config.HASHED
        if plain.exists() and hashed.exists():
            return
        password = secrets.token_urlsafe()
        line = config.password_line(USER, password, secrets.token_bytes(_SALT_BYTES))
        config.write_private(plain, password.encode() + b"\n")
        self._write(config.HASHED, line.encode())

    def _write(self, name: str, content: bytes) -> None:
        path = self._folder / name
        if path.exists() and path.read_bytes() == content:
            return  # a change wakes the system
        config.write_private(path, content, _READ_BY_GROUP)

"""Run mosquitto as it is shipped, with an authority made for the occasion that vouches for any agent."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from machxa_collector.intake.address import BrokerAddress
from machxa_collector.intake.takeover import disconnect
from machxa_collector.mosquitto import child, config
from machxa_collector.registry import certificates
from machxa_collector.registry.certificates import Authority, Revoked

_DAYS = 30
_SALT_BYTES = 12


@dataclass
class Secured:
    """Hold the running broker, its authority and what was revoked."""

    folder: Path
    authority: Authority
    mosquitto: child.Mosquitto
    revoked: list[Revoked] = field(default_factory=list)
    issued: dict[str, int] = field(default_factory=dict)  # agent -> serial number of its certificate

    @property
    def password(self) -> Path:
        """Return the file with the collector's password."""
        return self.folder / config.PASSWORD

    @property
    def centre(self) -> BrokerAddress:
        """Return where the collector connects."""
        return BrokerAddress("127.0.0.1", self.mosquitto.listening.centre, password=self.password)

    def context(self, agent: str, signed_by: Authority | None = None) -> ssl.SSLContext:
        """Return what an agent connects with: it trusts our authority and shows a new certificate of its own.

        signed_by is another authority for an impostor.
        """
        key, pem = certificates.new_client(signed_by or self.authority, agent, _now(), _DAYS)
        if signed_by is None:
            self.issued[agent] = certificates.described(pem).serial
        shown = self.folder / "shown.pem"
        config.write_private(shown, key + pem)
        context = self.anonymous()
        context.load_cert_chain(shown)
        shown.unlink()
        return context

    def anonymous(self) -> ssl.SSLContext:
        """Return a context that trusts our authority and shows nothing."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.authority.certificate_pem.decode())
        return context

    def revoke(self, agents: Sequence[str]) -> None:
        """Refuse these agents' certificates from now on and end their connections."""
        self.revoked += [Revoked(self.issued[agent], _now()) for agent in agents]
        later = _now() + timedelta(seconds=len(self.revoked))  # no two lists of one second
        self.mosquitto.reload({"revoked.pem": certificates.revocation_list(self.authority, self.revoked, later, _DAYS)})
        disconnect(self.centre, agents)


@contextmanager
def running(folder: Path, listening: config.Listening | None = None) -> Iterator[Secured]:
    """Run mosquitto with the shipped configuration; raises FileNotFoundError when it is not installed."""
    program = child.find()
    if program is None:
        raise FileNotFoundError("mosquitto is not installed: apt-get install mosquitto")
    authority = certificates.new_authority("Mach Xa", _now())
    secret = secrets.token_urlsafe(), secrets.token_bytes(_SALT_BYTES)
    ports = listening or child.free_ports(0, 0)
    with child.running(program, folder, _made_by(authority), ports, secret) as mosquitto:
        yield Secured(folder, authority, mosquitto)


def other_authority() -> Authority:
    """Return an authority of the same name that nobody trusts."""
    return certificates.new_authority("Mach Xa", _now())


def _made_by(authority: Authority) -> dict[str, bytes]:
    key, pem = certificates.issue_server(authority, ["127.0.0.1", "localhost"], _now(), _DAYS)
    return {
        "ca.pem": authority.certificate_pem,
        "server.pem": pem,
        "server.key": key,
        "revoked.pem": certificates.revocation_list(authority, (), _now(), _DAYS),
    }


def _now() -> datetime:
    return datetime.now(UTC)

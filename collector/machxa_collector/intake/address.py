"""Say where the broker listens and how the collector proves itself there."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

USER = "centre"  # under which a broker knows the collector


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Hold the broker's host and port; ca, certificate and key are PEM files, all None for plain MQTT on loopback.

    password is a file that holds the collector's, None where the broker asks for none.
    """

    host: str
    port: int
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    password: Path | None = None


def encryption(broker: BrokerAddress) -> ssl.SSLContext:
    """Return a context that trusts the address's authority alone and shows its certificate; raises OSError.

    The broker's name and the certificates' times are checked: the centre's clock is kept right.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=broker.ca)
    if broker.certificate is not None:
        context.load_cert_chain(broker.certificate, broker.key)
    return context


def password_of(broker: BrokerAddress) -> str | None:
    """Return the collector's password, None where there is none; raises OSError."""
    return None if broker.password is None else broker.password.read_text(encoding="utf-8").strip()

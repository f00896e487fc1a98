"""Hold what a channel carries, and how it says that it could not."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

from machxa_collector.notify.ways.settings import BadChannel

WAIT_SECONDS = 10.0  # for one answer of the other side


class NotDelivered(Exception):
    """Say why a message did not go; is_final: not for the channel's sake, so another try would not help."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """Hold a file that goes with an e-mail; media is its type, such as "application/pdf"."""

    name: str
    media: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Hold one message ready to go: key names it for ever, body is for a webhook, to and files are for e-mail."""

    key: str
    subject: str
    text: str
    brief: str
    made_at: int
    to: tuple[str, ...] = ()
    body: Mapping[str, object] = field(default_factory=dict)
    files: tuple[Attached, ...] = ()


def tls_context(ca: str | None) -> ssl.SSLContext:
    """Return what checks the other side's certificate and name; raises NotDelivered for a CA that cannot be read."""
    try:
        return ssl.create_default_context(cadata=ca)
    except (ssl.SSLError, ValueError) as exc:
        raise NotDelivered(f"the channel's own CA cannot be read: {exc}") from exc


def check_ca(ca: str | None) -> None:
    """Refuse certificates that cannot be read; raises BadChannel."""
    try:
        tls_context(ca)
    except NotDelivered as exc:
        raise BadChannel(str(exc)) from exc

"""Hold what relay and centre share, sign reports and requests with it, and make the links of units. Pure.

A secret is text: "relay HEX", then a line "link VERSION HEX" for each version of the links' key, newest last. To put
all links out of force, add a line and remove the old one; units then need new links.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from machxa_collector.registry.reports import UNIT

KEY_BYTES = 32
SKEW_SECONDS = 600  # between the relay's clock and the centre's
_LINK_BYTES = 10  # 80 bits: 16 letters that somebody can type
_LINK = re.compile(rf"({UNIT.pattern})\.(\d{{1,3}})\.([A-Z2-7]{{16}})", re.ASCII)
_STAMP = re.compile(r"(\d{1,12}):([0-9a-f]{64})", re.ASCII)


class BadSecret(ValueError):
    """Say that a text is no secret of a relay."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Hold the relay's key, and the keys of links by version."""

    relay: bytes
    links: Mapping[int, bytes]

    def link(self, unit: str) -> str:
        """Return a unit's link, under the newest key."""
        version = max(self.links)
        return f"{unit}.{version}.{_mac_of_link(self.links[version], unit, version)}"

    def unit_of(self, link: str) -> str | None:
        """Return the unit of a link, None for one that is not ours or no longer in force."""
        found = _LINK.fullmatch(link.upper())
        if found is None:
            return None
        unit, version, mac = found[1], int(found[2]), found[3]
        key = self.links.get(version, b"")
        good = hmac.compare_digest(_mac_of_link(key or self.relay, unit, version), mac)
        return unit if good and key else None

    def sign(self, body: bytes) -> str:
        """Return the signature of a report."""
        return _mac(self.relay, b"report", body)

    def is_signed(self, body: bytes, signature: str) -> bool:
        """Return whether a report bears the relay's signature."""
        return hmac.compare_digest(self.sign(body).encode(), signature.encode("utf-8", "replace"))

    def stamp(self, method: str, path: str, body: bytes, now: int) -> str:
        """Return what the centre sends with a request to show that it comes from it, now; in seconds since 1970."""
        return f"{now}:{_mac(self.relay, f'request {method} {path} {now}'.encode(), body)}"

    def is_stamped(self, stamp: str, method: str, path: str, body: bytes, now: int) -> bool:
        """Return whether a request comes from the centre, of these minutes."""
        found = _STAMP.fullmatch(stamp)
        if found is None or abs(int(found[1]) - now) > SKEW_SECONDS:
            return False
        return hmac.compare_digest(self.stamp(method, path, body, int(found[1])), stamp)


def new_secret(relay: bytes, link: bytes) -> str:
    """Return the text of a secret with two new keys."""
    return f"relay {relay.hex()}\nlink 1 {link.hex()}\n"


def read_secret(text: str) -> Secret:
    """Return the secret of a text; raises BadSecret."""
    relay, links = b"", {}
    for line in text.splitlines():
        parts = line.split()
        if len(parts) == 2 and parts[0] == "relay":  # noqa: PLR2004 - a word and a key
            relay = _key(parts[1])
        elif len(parts) == 3 and parts[0] == "link" and parts[1].isdecimal() and int(parts[1]) < 1000:  # noqa: PLR2004
            links[int(parts[1])] = _key(parts[2])
        elif parts:
            raise BadSecret("expected lines: relay HEX, link VERSION HEX")
    if not relay or not links:
        raise BadSecret("expected a line: relay HEX, and at least one: link VERSION HEX")
    return Secret(relay, links)


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise BadSecret(f"expected keys of {2 * KEY_BYTES} hex digits")
    return key


def _mac_of_link(key: bytes, unit: str, version: int) -> str:
    made = hmac.digest(key, f"link {unit} {version}".encode(), "sha256")[:_LINK_BYTES]
    return base64.b32encode(made).decode("ascii")


def _mac(key: bytes, purpose: bytes, body: bytes) -> str:
    return hmac.new(key, purpose + b"\0" + body, hashlib.sha256).hexdigest()

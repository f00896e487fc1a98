"""Make and read what lets people report without an account: a unit's links and its typed code, addresses. Pure.

Each is a MAC (HMAC-SHA256) under a key derived from the one that seals secrets, so nothing of it lies in the database.
A unit's gate has a version: with the next one all its links and its code are out of force.
"""

from __future__ import annotations

import base64
import hmac
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from machxa_collector.registry.reports import UNIT

HOUR_MS = 3_600_000
MOST_VERSION = 65_535
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike; 31 letters, a prime, for the check letter
CODE_LETTERS = 12  # four name the unit, seven are secret (34 bits), one checks the others

_FORM = 1
_MAC_BYTES = 12
_HEAD_BYTES = 9  # form, unit (3), version (2), hour of the end (3)
_ID_BYTES = 16
_UNIT_LETTERS, _SECRET_LETTERS = 4, 7
_GROUP = 4
_PURPOSE = b"machxa report gate"
_COMMUNES, _PROVINCES = 100_000, 100
_TEXT = re.compile(r"[A-Za-z0-9_-]{20,80}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Hold what a unit's link says; until is its end in hours since 1970 UTC, device the asset it stands on, if any."""

    unit: str
    version: int
    until: int
    device: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Hold what somebody typed as a code: the unit it names, and its secret part, which may be wrong."""

    unit: str
    secret: str


@dataclass(frozen=True, slots=True, repr=False)
class GateKeys:
    """Hold the derived keys, newest first: the first signs, each proves."""

    keys: tuple[bytes, ...]

    def link(self, link: Link) -> str:
        """Return a link as it stands in an address; raises ValueError for a unit or device that none can name."""
        device = b"" if link.device is None else uuid.UUID(link.device).bytes
        head = bytes((_FORM,)) + _number(link.unit).to_bytes(3, "big") + link.version.to_bytes(2, "big")
        body = head + link.until.to_bytes(3, "big") + device
        return _text(body + self._mac(self.keys[0], b"link", body))

    def read_link(self, text: str) -> Link | None:
        """Return what a link says, None for one that we did not sign; whether it is in force is the caller's to ask."""
        raw = _bytes(text)
        body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        if not self._proves(b"link", body, mac) or len(body) not in (_HEAD_BYTES, _HEAD_BYTES + _ID_BYTES):
            return None
        unit = _unit(int.from_bytes(body[1:4], "big"))
        if body[0] != _FORM or unit is None:
            return None
        device = str(uuid.UUID(bytes=body[_HEAD_BYTES:])) if len(body) > _HEAD_BYTES else None
        version, until = int.from_bytes(body[4:6], "big"), int.from_bytes(body[6:9], "big")
        return Link(unit=unit, version=version, until=until, device=device)

    def code(self, unit: str, version: int) -> str:
        """Return a unit's code in groups of four letters, as people read and type it."""
        said = _letters(_number(unit), _UNIT_LETTERS) + self._secret(self.keys[0], unit, version)
        whole = said + _check(said)
        return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))

    def is_code(self, typed: Typed, version: int) -> bool:
        """Return whether a typed secret is the unit's, in the same time whatever is wrong with it."""
        good = False
        for key in self.keys:
            good |= hmac.compare_digest(self._secret(key, typed.unit, version), typed.secret)
        return good

    def report(self, report_id: str) -> str:
        """Return the part of a report's address that nobody can guess."""
        body = uuid.UUID(report_id).bytes
        return _text(body + self._mac(self.keys[0], b"report", body))

    def read_report(self, text: str) -> str | None:
        """Return the id of the report that an address names, None for one that we did not make."""
        raw = _bytes(text)
        body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        if not self._proves(b"report", body, mac) or len(body) != _ID_BYTES:
            return None
        return str(uuid.UUID(bytes=body))

    def _secret(self, key: bytes, unit: str, version: int) -> str:
        made = self._mac(key, b"code", f"{unit} {version}".encode())
        return _letters(int.from_bytes(made, "big") % len(ALPHABET) ** _SECRET_LETTERS, _SECRET_LETTERS)

    def _proves(self, purpose: bytes, body: bytes, mac: bytes) -> bool:
        good = False
        for key in self.keys:
            good |= hmac.compare_digest(self._mac(key, purpose, body), mac)
        return good

    @staticmethod
    def _mac(key: bytes, purpose: bytes, body: bytes) -> bytes:
        return hmac.digest(key, purpose + b"\0" + body, "sha256")[:_MAC_BYTES]


def gate_keys(seals: Sequence[bytes]) -> GateKeys:
    """Return the keys of links and codes that belong to the keys that seal secrets, newest first."""
    return GateKeys(tuple(hmac.digest(one, _PURPOSE, "sha256") for one in seals))


def read_code(text: str) -> Typed | None:
    """Return what was typed as a code; None when it can be none: a letter is wrong, missing or in another place."""
    letters = re.sub(r"[\s.–-]+", "", text[:60]).upper()
    if len(letters) != CODE_LETTERS or any(one not in ALPHABET for one in letters):
        return None
    if _check(letters[:-1]) != letters[-1]:
        return None
    unit = _unit(_value(letters[:_UNIT_LETTERS]))
    return None if unit is None else Typed(unit=unit, secret=letters[_UNIT_LETTERS:-1])


def _number(unit: str) -> int:
    """Return the number that stands for a unit: a commune's code, behind them provinces and their centres."""
    if UNIT.fullmatch(unit) is None:
        raise ValueError(f"{unit!r} is no code of a unit")
    if unit.endswith("-HCC"):
        return _COMMUNES + _PROVINCES + int(unit[:2])
    return int(unit) if len(unit) > 2 else _COMMUNES + int(unit)  # noqa: PLR2004 - a province's two digits


def _unit(number: int) -> str | None:
    if number < _COMMUNES:
        return f"{number:05}"
    province = number - _COMMUNES
    if province < _PROVINCES:
        return f"{province:02}"
    return f"{province - _PROVINCES:02}-HCC" if province < 2 * _PROVINCES else None


def _letters(value: int, count: int) -> str:
    found = ""
    for _ in range(count):
        value, digit = divmod(value, len(ALPHABET))
        found = ALPHABET[digit] + found
    return found


def _value(letters: str) -> int:
    value = 0
    for one in letters:
        value = value * len(ALPHABET) + ALPHABET.index(one)
    return value


def _check(letters: str) -> str:
    """Return the letter that shows any one wrong letter and any two that changed places: weights modulo a prime."""
    total = sum((at + 1) * ALPHABET.index(one) for at, one in enumerate(letters))
    return ALPHABET[total % len(ALPHABET)]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    """Return the bytes of a text of ours, none for another or for one that is written in a second way."""
    if _TEXT.fullmatch(text) is None:
        return b""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
    return raw if _text(raw) == text else b""

"""Replace in a recording what names this one device, its place and its people, and look that nothing is left. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import replace
from typing import Dict, Iterable, List, Mapping, Sequence, Tuple

from machxa_agent.discovery.secrets_of import LEAST_CHARACTERS, LEFT_OUT, Kind, find, is_in_place
from machxa_agent.discovery.snmprec import ADDRESS, NUMBERS, OCTETS, Row
from machxa_agent.snmp.answers import Oid

_HIGHEST = 0x10FFFF  # of letters; greater numbers in an OID are part of no secret
_BRANCH = 8  # numbers that name an OID's branch: what stands there is a standard's
_UPPER, _LOWER = b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"abcdefghjkmnpqrstuvwxyz"
_TEST_NETS = ((192, 0, 2), (198, 51, 100), (203, 0, 113))  # RFC 5737


def anonymous(
    rows: Sequence[Row], key: bytes, known: Iterable[bytes] = (), keep: Iterable[str] = ()
) -> Tuple[List[Row], List[str]]:
    """Return the rows with every secret replaced, and what is still left of any (empty when all is well).

    The same value is replaced by the same one everywhere, in text, as octets, in hexadecimal and in OIDs; key makes
    the replacements of two recordings differ, and nobody who has no key can try names until one fits.
    """
    kept = [row for row in rows if not any(row.name[: len(one)] == one for one in LEFT_OUT)]
    secrets = find(kept, known, keep)
    swap = _Swap(secrets, key)
    words = " ".join(keep).lower().encode()
    changed = [_changed(row, swap, key, words) for row in kept]
    return changed, leaks(changed, secrets)


def leaks(rows: Iterable[Row], secrets: Mapping[bytes, Kind]) -> List[str]:
    """Return where a secret can still be read: OIDs of rows, in no way the secret itself."""
    forms = [form.lower() for secret, kind in secrets.items() for form in _forms(secret, kind)]
    arcs = [secret.decode("latin-1") for secret in secrets]
    numbers = {secret for secret in secrets if secret.isdigit()}
    found = []
    for row in rows:
        content, letters = row.content.lower(), _letters(row.name)
        is_text = row.tag in (OCTETS, ADDRESS)
        is_left = any(form in content for form in forms) if is_text else _digits(row) in numbers
        if is_left or any(letters.find(one, _BRANCH) >= 0 for one in arcs):
            found.append(".".join(map(str, row.name)))
    return found


class _Swap:
    """Replace every form of every secret in one pass, the longest first: a serial may stand within a name."""

    def __init__(self, secrets: Mapping[bytes, Kind], key: bytes) -> None:
        self._by_form: Dict[bytes, bytes] = {}
        self._arcs: List[Tuple[str, bytes]] = []
        for secret, kind in secrets.items():
            swap = _replacement(secret, kind, key)
            self._arcs.append((secret.decode("latin-1"), swap))
            self._by_form.update(zip((one.lower() for one in _forms(secret, kind)), _forms(swap, kind)))
        longest = sorted(self._by_form, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, longest)) or rb"(?!)", re.IGNORECASE)

    def content(self, raw: bytes) -> bytes:
        """Return octets without secrets."""
        return self._pattern.sub(lambda match: self._by_form.get(match.group(0).lower(), b""), raw)

    def number(self, row: Row) -> bytes:
        """Return a number's octets; a serial number may be one (Infortrend)."""
        swap = self._by_form.get(_digits(row))
        return row.content if swap is None else (int(swap) % 2**31).to_bytes(4, "big")

    def name(self, name: Oid) -> Oid:
        """Return an OID without secrets in its index, where tables have addresses and names."""
        letters = _letters(name)
        for secret, swap in self._arcs:
            at = letters.find(secret, _BRANCH)
            if at >= 0:
                name = (*name[:at], *swap, *name[at + len(secret) :])
        return name


def _forms(secret: bytes, kind: Kind) -> Tuple[bytes, ...]:
    """Return the ways a secret may be written, in the same order for a secret and its replacement."""
    if kind is Kind.TEXT:
        return (secret,)
    if kind is Kind.ADDRESS:
        return (secret, ".".join(map(str, secret)).encode())
    digits = secret.hex()
    pairs = [digits[at : at + 2] for at in range(0, 12, 2)]
    dots = ".".join(digits[at : at + 4] for at in range(0, 12, 4))
    return (secret, *(one.encode() for one in (":".join(pairs), "-".join(pairs), dots, " ".join(pairs), digits)))


def _replacement(secret: bytes, kind: Kind, key: bytes) -> bytes:
    """Return what stands for a secret: as long, letters for letters, digits for digits; addresses for examples."""
    stream = _stream(secret, key, len(secret))
    if kind is Kind.MAC:
        return b"\x02" + stream[:5]  # locally administered
    if kind is Kind.ADDRESS:
        return bytes((*_TEST_NETS[stream[0] % 3], 1 + stream[1] % 254))
    return bytes(_like(byte, other) for byte, other in zip(secret, stream))


def _like(byte: int, other: int) -> int:
    if 0x30 <= byte <= 0x39:  # noqa: PLR2004 - digits
        return 0x30 + other % 10
    if 0x41 <= byte <= 0x5A:  # noqa: PLR2004 - capitals
        return _UPPER[other % len(_UPPER)]
    if 0x61 <= byte <= 0x7A or byte >= 0x80:  # noqa: PLR2004 - small letters, and the bytes of any other letter
        return _LOWER[other % len(_LOWER)]
    return byte


def _stream(secret: bytes, key: bytes, length: int) -> bytes:
    out, block = b"", 0
    while len(out) < max(length, 8):
        out += hmac.new(key, secret.lower() + bytes([block]), hashlib.sha256).digest()
        block += 1
    return out


def _changed(row: Row, swap: _Swap, key: bytes, words: bytes) -> Row:
    if row.tag not in (OCTETS, ADDRESS):
        return replace(row, name=swap.name(row.name), content=swap.number(row))
    content = swap.content(row.content)
    short = row.content.strip(b" \0\r\n")
    if is_in_place(row.name) and 0 < len(short) < LEAST_CHARACTERS and short.lower() not in words:
        content = _replacement(row.content, Kind.TEXT, key)
    return replace(row, name=swap.name(row.name), content=content)


def _digits(row: Row) -> bytes:
    """Return a number as its digits, nothing for what is none."""
    return b"%d" % int.from_bytes(row.content, "big") if row.tag in NUMBERS else b""


def _letters(name: Oid) -> str:
    """Return an OID with a letter for each number, so that looking for a secret in it is looking for a text."""
    return "".join(chr(min(number, _HIGHEST)) for number in name)

"""Ask for a time-stamp and read what comes: RFC 3161 over HTTP. Pure.

The thirty-two bytes that are stamped are chance, not a digest of anything, so no library of digests is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from machxa_agent.checks.der import INTEGER, NULL, OID, SEQUENCE, NotDer, part, parts, value

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
IMPRINT_BYTES = 32
_SHA256 = bytes.fromhex("608648016503040201")  # 2.16.840.1.101.3.4.2.1
_GRANTED = (0, 1)  # granted, grantedWithMods
_OCTETS = 0x04


@dataclass(frozen=True)
class Stamped:
    """Hold PKIStatus, and whether a token came that stamps what was asked for."""

    status: int
    is_ours: bool

    @property
    def is_granted(self) -> bool:
        """Return whether the server stamps."""
        return self.status in _GRANTED and self.is_ours


def query(imprint: bytes) -> bytes:
    """Return a TimeStampReq for an imprint of SHA-256's size, without a nonce: the imprint is itself chance."""
    algorithm = value(SEQUENCE, value(OID, _SHA256) + value(NULL, b""))
    return value(SEQUENCE, value(INTEGER, b"\x01") + value(SEQUENCE, algorithm + value(_OCTETS, imprint)))


def reply(raw: bytes, imprint: bytes) -> Optional[Stamped]:
    """Return what a TimeStampResp says, None where the bytes are none.

    The token's signature is not checked: that a stamp is made, and of what was asked, is what is asked here.
    """
    try:
        whole = part(raw)
        found = parts(whole.content)
        status = parts(found[0].content)[0]
        if whole.tag != SEQUENCE or found[0].tag != SEQUENCE or status.tag != INTEGER or len(status.content) != 1:
            return None
        return Stamped(status.content[0], len(found) > 1 and found[1].tag == SEQUENCE and imprint in found[1].content)
    except (NotDer, IndexError):
        return None

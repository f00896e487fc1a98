"""Prove who wrote a payload: HMAC-SHA256 over topic, a zero byte and payload, cut to 128 bits (RFC 2104 section 5).

It travels as the MQTT 5 user property ``mac`` in unpadded base64url. Flipped bytes and a broker's
mistake in its access list otherwise pass.
"""

from __future__ import annotations

import hmac
from binascii import b2a_base64

PROPERTY = "mac"
MAC_CHARACTERS = 22


def sign(key: bytes, topic: str, payload: bytes) -> str:
    """Return the MAC of a payload on a topic; key is the agent's own, from enrolment."""
    whole = hmac.digest(key, topic.encode() + b"\0" + payload, "sha256")
    return b2a_base64(whole[:16], newline=False)[:MAC_CHARACTERS].translate(_URL_SAFE).decode()


def verify(key: bytes, topic: str, payload: bytes, claimed: str) -> bool:
    """Return whether the claimed MAC fits, in a time that tells nothing about it."""
    return hmac.compare_digest(sign(key, topic, payload).encode(), claimed.encode("utf-8", "replace"))


_URL_SAFE = bytes.maketrans(b"+/", b"-_")

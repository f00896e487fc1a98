"""Make the keys of the simulated agents, in the fleet's process and in the store, from one secret. Pure."""

from __future__ import annotations

import hmac


def key_of(secret: bytes, agent: str) -> bytes:
    """Return the key of an agent's MAC."""
    return hmac.digest(secret, agent.encode(), "sha256")

"""Make the keys of the simulated agents, in the fleet's process and in the store, from one secret. Pure."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path


def key_of(secret: bytes, agent: str) -> bytes:
    """Return the key of an agent's MAC."""
    return hmac.digest(secret, agent.encode(), "sha256")


def secret_of(data: Path) -> bytes:
    """Return the secret of a demonstration's agents, of which it needs none: they are nobody's computers."""
    return hashlib.sha256(str(data.resolve()).encode()).digest()

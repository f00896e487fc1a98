"""Tell one installed system from another by its own id, hashed: systemd asks not to show it as it is."""

from __future__ import annotations

import hashlib
from typing import Optional

_SALT = b"machxa:"
_CHARACTERS = 32


def hashed(told: str) -> Optional[str]:
    """Return the hash of a system's id in 32 hex digits, None where it has none (machine-id(5), MachineGuid)."""
    word = told.strip().lower()
    if not word or word == "uninitialized":
        return None
    return hashlib.sha256(_SALT + word.encode("utf-8", "replace")).hexdigest()[:_CHARACTERS]

"""Make and check secrets that are hashed at rest: enrolment and API tokens, sign-in links, sessions. Pure."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from enum import Enum

_SECRET_BYTES = 32

ENROL_MS = 24 * 3_600_000
SIGN_IN_MS = 3_600_000
SESSION_MS = 12 * 3_600_000


class Purpose(Enum):
    """Say what a token opens."""

    ENROL = "enrol"
    API = "api"
    SIGN_IN = "sign-in"


@dataclass(frozen=True, slots=True)
class Token:
    """Hold a token's rights: expires_at in ms since 1970 UTC or never, uses_left or without limit."""

    purpose: Purpose
    expires_at: int | None
    uses_left: int | None


def new_secret() -> str:
    """Return a secret of 256 random bits, safe in a URL and behind an option: it never begins like one."""
    while (secret := secrets.token_urlsafe(_SECRET_BYTES)).startswith("-"):
        pass
    return secret


def hashed(secret: str) -> bytes:
    """Return what is kept of a secret. It has 256 random bits: no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def is_good(token: Token | None, purpose: Purpose, now_ms: int) -> bool:
    """Return whether a token opens what it is shown for."""
    return (
        token is not None
        and token.purpose is purpose
        and (token.expires_at is None or now_ms < token.expires_at)
        and (token.uses_left is None or token.uses_left > 0)
    )

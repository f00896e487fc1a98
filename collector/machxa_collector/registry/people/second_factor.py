"""Check one-time codes of an authenticator (TOTP, RFC 6238) and the recovery codes for its loss."""

from __future__ import annotations

import base64
import hashlib
import hmac

from pyotp import TOTP

SECRET_BYTES = 20  # RFC 4226, section 4: 160 bits are recommended
RECOVERY_CODES = 10
RECOVERY_BYTES = 15  # 120 bits: a fast hash is enough above 112 (OWASP ASVS 5.0, 6.5.2)

_STEP_SECONDS = 30
_DRIFT_STEPS = 1  # phones' clocks differ by some seconds
_GROUP = 4


def secret_text(secret: bytes) -> str:
    """Return a secret as people type it into an authenticator (base32)."""
    return base64.b32encode(secret).decode()


def address(secret: bytes, login: str) -> str:
    """Return the otpauth address that the QR code holds."""
    return TOTP(secret_text(secret)).provisioning_uri(name=login, issuer_name="Mạch Xã")


def step_of(secret: bytes, code: str, now_ms: int) -> int | None:
    """Return which time step a code belongs to, None when to none that counts now; each step is used once."""
    given = "".join(code.split())
    if not (given.isascii() and given.isdecimal()):
        return None
    authenticator = TOTP(secret_text(secret))
    now = now_ms // 1000 // _STEP_SECONDS
    steps = range(now - _DRIFT_STEPS, now + _DRIFT_STEPS + 1)
    return next((one for one in steps if hmac.compare_digest(authenticator.generate_otp(one), given)), None)


def recovery_text(random: bytes) -> str:
    """Return a recovery code as it is printed: six groups of four letters and digits."""
    text = base64.b32encode(random).decode().lower()
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def recovery_hash(code: str) -> bytes:
    """Return what is kept of a recovery code, however it is written."""
    letters = "".join(sign for sign in code.lower() if sign.isalnum())
    return hashlib.sha256(letters.encode("utf-8", "replace")).digest()


def looks_like_recovery(code: str) -> bool:
    """Return whether somebody typed a recovery code in the place of a code of six digits."""
    return sum(map(str.isalnum, code)) == RECOVERY_BYTES * 8 // 5

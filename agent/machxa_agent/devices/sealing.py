"""Seal what opens devices, and open it in a child process that ends: ``python -m machxa_agent.devices.sealing``.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce, bound to the device's key. This is the one module that loads
``cryptography`` for it; the agent itself never does. What to open comes through standard input, the secrets go to
standard output, and neither is logged.
"""

from __future__ import annotations

import json
import os
import sys
from typing import List, Optional, Sequence, Tuple

from machxa_wire.policy import to_base64

KEY_BYTES = 32
_NONCE_BYTES, _TAG_BYTES = 12, 16
_PURPOSE = b"machxa device credential 1\0"  # what is sealed for anything else opens nothing here
_TIMEOUT_SECONDS = 30
_MISSING = 4

Sealed = Tuple[str, bytes]  # a device's key, and what is sealed for it


class CannotOpenError(Exception):
    """Say why nothing can be opened; the devices concerned are not asked."""


def seal(key: bytes, device: str, secret: bytes) -> bytes:
    """Return a secret sealed for one device; raises ModuleNotFoundError without cryptography."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - loaded by a command alone

    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, _PURPOSE + device.encode("utf-8"))


def opened(key: bytes, sealed: Sequence[Sealed]) -> List[Optional[bytes]]:
    """Return the secrets in a child's answer, None for each that does not open; raises CannotOpenError."""
    import subprocess  # noqa: PLC0415 - loaded where something is sealed

    question = json.dumps([key.hex(), [[device, blob.hex()] for device, blob in sealed]]).encode("ascii")
    command = [sys.executable, "-m", "machxa_agent.devices.sealing"]
    try:
        child = subprocess.run(  # noqa: S603 - our own module, no argument from outside
            command, input=question, stdout=subprocess.PIPE, timeout=_TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise CannotOpenError(f"the opening process did not answer: {type(exc).__name__}") from None
    if child.returncode == _MISSING:
        raise CannotOpenError("cryptography is not installed: pip install 'machxa[gateway]'")
    if child.returncode != 0:
        raise CannotOpenError(f"the opening process ended with status {child.returncode}")
    answer = json.loads(child.stdout.decode("ascii"))
    return [None if one is None else bytes.fromhex(one) for one in answer]


def open_sealed(key: bytes, device: str, blob: bytes) -> Optional[bytes]:
    """Return a secret, None where it was sealed for another device, with another key, or was altered."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    if len(blob) < _NONCE_BYTES + _TAG_BYTES:
        return None
    try:
        return AESGCM(key).decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], _PURPOSE + device.encode("utf-8"))
    except (InvalidTag, ValueError):
        return None


def written(blob: bytes) -> str:
    """Return what is sealed as text for a file."""
    return to_base64(blob)


def main() -> int:
    """Answer the one question on standard input, in the child."""
    key, sealed = json.loads(sys.stdin.buffer.read().decode("ascii"))
    try:
        found = [open_sealed(bytes.fromhex(key), device, bytes.fromhex(blob)) for device, blob in sealed]
    except ModuleNotFoundError:
        return _MISSING
    sys.stdout.write(json.dumps([None if one is None else one.hex() for one in found]))
    return 0


if __name__ == "__main__":
    sys.exit(main())

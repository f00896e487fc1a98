"""Check a policy's signature in a child process, which alone loads ``cryptography``.

It is the only program of the agent's running life: this module, with this Python, its question on standard input.
No word of a message chooses what is run.
"""

# ruff: noqa: PLC0415 - what only the child needs is loaded there

from __future__ import annotations

import json
import sys

from machxa_wire.policy import SignedPolicy

_TIMEOUT_SECONDS = 30
_GOOD, _BAD, _MISSING = 0, 3, 4


class CannotCheckError(Exception):
    """Say why nothing is known of a signature; the policy is refused for now."""


def is_signed(policy: SignedPolicy) -> bool:
    """Return whether a policy is signed with the key it names; raises CannotCheckError."""
    import subprocess

    question = json.dumps([one.hex() for one in (policy.key, policy.signature, policy.message)]).encode("ascii")
    command = [sys.executable, "-m", "machxa_agent.signature"]
    try:
        child = subprocess.run(  # noqa: S603 - our own module, no argument from outside
            command, input=question, stdout=subprocess.DEVNULL, timeout=_TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise CannotCheckError(f"the checking process did not answer: {exc}") from exc
    if child.returncode == _MISSING:
        raise CannotCheckError("cryptography is not installed: pip install 'machxa[enrol]'")
    if child.returncode not in (_GOOD, _BAD):
        raise CannotCheckError(f"the checking process ended with status {child.returncode}")
    return child.returncode == _GOOD


def _check(question: bytes) -> int:
    """Return the exit status that tells whether the signature is good, in the child."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return _MISSING
    key, signature, message = (bytes.fromhex(one) for one in json.loads(question.decode("ascii")))
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return _BAD
    return _GOOD


if __name__ == "__main__":
    sys.exit(_check(sys.stdin.buffer.read()))

"""Make, sign and check policies. Signing happens on a computer that is no server and on no network. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from machxa_wire.policy import KEY_BYTES, SignedPolicy, from_base64, read_policy, to_base64, write_policy
from machxa_wire.refusal import Refused
from machxa_wire.text import to_text

_KNOWN = frozenset({"version", "hosts", "checks", "catalogue", "bounds", "next_key"})
_BOUNDS = frozenset({"sample_seconds", "batch_seconds", "cpu_seconds_per_hour", "memory_mb", "mb_per_day"})


class BadPolicy(ValueError):
    """Say why a policy or a key cannot be used; whoever wrote it mends it."""


def new_key(passphrase: bytes | None) -> tuple[bytes, str]:
    """Return a new private key (PEM, encrypted under a passphrase if one is given) and its public key in base64url."""
    key = Ed25519PrivateKey.generate()
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    return pem, to_base64(key.public_key().public_bytes_raw())


def sign(body: Mapping[str, object], key_pem: bytes, passphrase: bytes | None) -> SignedPolicy:
    """Return a policy, written by hand as TOML, signed; raises BadPolicy for a word it does not know, too."""
    bounds = body.get("bounds", {})
    unknown = set(body) - _KNOWN | (set(bounds) - _BOUNDS if isinstance(bounds, Mapping) else set())
    if unknown:
        raise BadPolicy(f"{min(unknown)!r} is unknown, expected one of {', '.join(sorted(_KNOWN | _BOUNDS))}")
    try:
        text = write_policy(read_policy(to_text(dict(body)).decode()))
        key = load_pem_private_key(key_pem, passphrase)
    except Refused as exc:
        raise BadPolicy(exc.detail) from exc
    except (ValueError, TypeError) as exc:  # no PEM, a wrong or missing passphrase, a date in the TOML
        raise BadPolicy(str(exc)) from exc
    if not isinstance(key, Ed25519PrivateKey):
        raise BadPolicy("the key is none of Ed25519: machxa policy new-key FILE")
    unsigned = SignedPolicy(text, key.public_key().public_bytes_raw(), b"")
    return replace(unsigned, signature=key.sign(unsigned.message))


def is_signed(policy: SignedPolicy) -> bool:
    """Return whether a policy is signed with the key it names."""
    try:
        Ed25519PublicKey.from_public_bytes(policy.key).verify(policy.signature, policy.message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key(text: str) -> str:
    """Return a public key's text, checked; raises BadPolicy."""
    try:
        return to_base64(from_base64(text.strip(), "the public key", KEY_BYTES))
    except Refused as exc:
        raise BadPolicy(exc.detail) from exc

"""Seal secrets for the database with a key that is not in it: AES-256-GCM (NIST SP 800-38D).

A sealed secret is a form byte, the key's id, a nonce of 12 random bytes, and what AES-GCM gives. The context, such
as "totp/alice", is bound in: a sealed secret that somebody moves to another row does not open there.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_FORM = 1
_HEAD_BYTES = 2
_NONCE_BYTES = 12
_TAG_BYTES = 16
SEALED_MORE_BYTES = _HEAD_BYTES + _NONCE_BYTES + _TAG_BYTES  # than the secret has
_ID_PURPOSE = b"machxa seal key\0"


class BadSeal(ValueError):
    """Say why a sealed secret does not open: another key, another place, or changed bytes. Its holder sets it anew."""


def new_key() -> bytes:
    """Return a random key."""
    return secrets.token_bytes(KEY_BYTES)


def key_id(key: bytes) -> int:
    """Return the byte that names a key in what it sealed; it tells nothing of the key."""
    return hashlib.sha256(_ID_PURPOSE + key).digest()[0]


def key_id_of(sealed: bytes) -> int:
    """Return the id of the key that sealed this; raises BadSeal."""
    if len(sealed) < _HEAD_BYTES + _NONCE_BYTES + _TAG_BYTES or sealed[0] != _FORM:
        raise BadSeal(f"{len(sealed)} bytes are no sealed secret of form {_FORM}")
    return sealed[1]


def seal(key: bytes, plaintext: bytes, context: str) -> bytes:
    """Return a secret sealed under a key of 32 bytes for the place that context names; raises ValueError."""
    head = bytes((_FORM, key_id(key)))
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return head + nonce + AESGCM(_checked(key)).encrypt(nonce, plaintext, head + context.encode())


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """Return the secret; raises BadSeal."""
    if key_id_of(sealed) != key_id(key):
        raise BadSeal(f"sealed with key {sealed[1]:02x}, this is key {key_id(key):02x}")
    head, rest = sealed[:_HEAD_BYTES], sealed[_HEAD_BYTES:]
    try:
        return AESGCM(_checked(key)).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], head + context.encode())
    except InvalidTag as exc:
        raise BadSeal(f"the seal of {context!r} is broken, or was made for another place") from exc


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """Hold the keys of one collector, newest first: the first seals, each opens what it sealed."""

    keys: tuple[bytes, ...]

    def seal(self, plaintext: bytes, context: str) -> bytes:
        """Return a secret sealed with the newest key."""
        return seal(self.keys[0], plaintext, context)

    def unseal(self, sealed: bytes, context: str) -> bytes:
        """Return the secret; raises BadSeal."""
        named = key_id_of(sealed)
        fitting = [key for key in self.keys if key_id(key) == named]
        for key in fitting[:-1]:  # two keys may share an id of one byte
            try:
                return unseal(key, sealed, context)
            except BadSeal:
                continue
        if not fitting:
            raise BadSeal(f"sealed with key {named:02x}, which this collector does not have")
        return unseal(fitting[-1], sealed, context)


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a sealing key has {KEY_BYTES} bytes, got {len(key)}")
    return key

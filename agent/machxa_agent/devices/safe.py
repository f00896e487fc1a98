"""Keep which devices were added by hand, and what opens them, sealed, in the agent's folder.

``devices.json`` holds devices as they are and secrets sealed; ``devices.key``, for this user alone, is what they are
sealed with. The key keeps secrets out of backups and copies of the file; whoever may read both is the agent itself.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Tuple

from machxa_agent.config import BadConfigError
from machxa_agent.devices.entry import Entry, Secret, entry
from machxa_agent.devices.sealing import KEY_BYTES, CannotOpenError, opened, seal, written
from machxa_agent.identity import write_durably
from machxa_agent.snmp.target import Credentials

_FILE, _KEY = "devices.json", "devices.key"
_LEAST_V3 = 8  # characters of a key, RFC 3414 section 11.2
_MOST_SECRET = 128


@dataclass(frozen=True)
class Kept:
    """Hold the file: devices that were added by hand, and sealed secrets by the device's key."""

    entries: Tuple[Entry, ...] = ()
    sealed: Mapping[str, bytes] = field(default_factory=dict)


class Safe:
    """Read and write one agent's devices and their secrets."""

    def __init__(self, folder: Path) -> None:
        """Use the agent's folder, which only the agent may read."""
        self.path, self._key = folder / _FILE, folder / _KEY

    def read(self) -> Kept:
        """Return what is kept, nothing where there is no file; raises BadConfigError."""
        try:
            body = json.loads(self.path.read_text(encoding="utf-8"))
            entries = tuple(entry(one, may_loop=True) for one in body["devices"])
            sealed = {str(key): _unwritten(one) for key, one in body["secrets"].items()}
        except FileNotFoundError:
            return Kept()
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
            raise BadConfigError(f"{self.path} cannot be read: {type(exc).__name__}: {exc}") from exc
        return Kept(entries, sealed)

    def write(self, kept: Kept) -> None:
        """Keep devices and sealed secrets."""
        body = {
            "devices": [_entry_body(one) for one in kept.entries],
            "secrets": {key: written(one) for key, one in sorted(kept.sealed.items())},
        }
        write_durably(self.path, json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8"))

    def seal(self, device: str, secret: Secret) -> bytes:
        """Return a secret sealed with this agent's key, which is made when there is none."""
        return seal(self._key_of(make=True), device, _secret_body(secret))

    def secrets(self, kept: Kept) -> Dict[str, Secret]:
        """Return the secrets that open, by the device's key; starts a child; raises CannotOpenError."""
        if not kept.sealed:
            return {}
        names = sorted(kept.sealed)
        plain = opened(self._key_of(make=False), [(name, kept.sealed[name]) for name in names])
        found = {name: secret_of(one) for name, one in zip(names, plain) if one is not None}
        return {name: secret for name, secret in found.items() if secret is not None}

    def _key_of(self, *, make: bool) -> bytes:
        try:
            key = self._key.read_bytes()
        except OSError as exc:
            if not make:
                raise CannotOpenError(f"{self._key} cannot be read: {exc.strerror}") from exc
            key = os.urandom(KEY_BYTES)
            write_durably(self._key, key)
        if len(key) != KEY_BYTES:
            raise CannotOpenError(f"{self._key} has {len(key)} bytes, expected {KEY_BYTES}")
        return key


def secret_of(plain: bytes) -> Optional[Secret]:
    """Return the secret that was sealed, None for what is none."""
    try:
        body = json.loads(plain.decode("utf-8"))
        if "community" in body:
            return community(str(body["community"]))
        return version3(str(body["user"]), str(body["auth_key"]), str(body["priv_key"]))
    except (ValueError, KeyError, TypeError):
        return None


def community(text: str) -> Secret:
    """Return a community; raises ValueError, which never holds it."""
    if not 0 < len(text) <= _MOST_SECRET:
        raise ValueError(f"a community has {len(text)} characters, expected 1 to {_MOST_SECRET}")
    return Secret(text, None)


def version3(user: str, auth_key: str, priv_key: str) -> Secret:
    """Return what version 3 wants; raises ValueError, which never holds it."""
    for name, text, least in (("user", user, 1), ("auth_key", auth_key, _LEAST_V3), ("priv_key", priv_key, _LEAST_V3)):
        if not least <= len(text) <= _MOST_SECRET:
            raise ValueError(f"{name} has {len(text)} characters, expected {least} to {_MOST_SECRET}")
    return Secret(None, Credentials(user, auth_key, priv_key))


def _secret_body(secret: Secret) -> bytes:
    if secret.credentials is None:
        return json.dumps({"community": secret.community}).encode("utf-8")
    one = secret.credentials
    return json.dumps({"user": one.user, "auth_key": one.auth_key, "priv_key": one.priv_key}).encode("utf-8")


def _entry_body(one: Entry) -> Dict[str, object]:
    body: Dict[str, object] = {"key": one.key, "host": one.host, "port": one.port, "ipp_port": one.ipp_port}
    return body if one.version is None else {**body, "version": one.version}


def _unwritten(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def without(kept: Kept, key: str) -> Kept:
    """Return what is kept without one device and its secret."""
    entries: List[Entry] = [one for one in kept.entries if one.key != key]
    return Kept(tuple(entries), {name: one for name, one in kept.sealed.items() if name != key})

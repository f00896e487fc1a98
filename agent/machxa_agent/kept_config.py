"""Keep the last good configuration on the disk, what is on trial, and which key signs policies."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, Optional, TypeVar

from machxa_agent.identity import write_durably
from machxa_wire.downward import decode_settings
from machxa_wire.encode import encode_settings
from machxa_wire.policy import KEY_BYTES, SignedPolicy, decode_policy, encode_policy_plain, from_base64, to_base64
from machxa_wire.records import Settings
from machxa_wire.refusal import Refused

logger = logging.getLogger(__name__)

_Read = TypeVar("_Read")


@dataclass
class Notes:
    """Remember over restarts what is on trial, such as "settings 7", and how often what failed."""

    trying: Dict[str, str] = field(default_factory=dict)
    failures: Dict[str, int] = field(default_factory=dict)


class KeptConfig:
    """Read and write the files of one agent's folder. What cannot be written holds until the next start."""

    def __init__(self, folder: Path) -> None:
        """Use a folder that only the agent may write."""
        self._settings, self._policy = folder / "settings.json", folder / "policy.json"
        self._notes, self._key, self._agent = folder / "trial.json", folder / "policy.key", folder / "agent.json"

    def settings(self) -> Optional[Settings]:
        """Return the last good settings, None before any."""
        return _read(self._settings, decode_settings)

    def policy(self) -> Optional[SignedPolicy]:
        """Return the last good policy, None before any. Its signature was checked before it was kept."""
        return _read(self._policy, decode_policy)

    def notes(self) -> Notes:
        """Return what was on trial, and failures."""
        return _read(self._notes, _notes_in) or Notes()

    def keep_settings(self, settings: Settings) -> None:
        """Keep good settings."""
        _write(self._settings, encode_settings(settings))

    def keep_policy(self, policy: SignedPolicy) -> None:
        """Keep a good policy."""
        _write(self._policy, encode_policy_plain(policy))

    def keep_notes(self, notes: Notes) -> None:
        """Keep what is on trial."""
        _write(self._notes, json.dumps({"trying": notes.trying, "failures": notes.failures}).encode("ascii"))

    def key(self, configured: Optional[str] = None) -> Optional[bytes]:
        """Return the key that signs policies for this agent, None when it knows none; raises Refused.

        A key in the configuration file wins. Else the first enrolment that told one has pinned it for good: a
        centre taken over later cannot name another.
        """
        if configured is not None:
            return from_base64(configured, "policy_key", KEY_BYTES)
        pinned = _read(self._key, lambda content: from_base64(content.decode("ascii"), "policy_key", KEY_BYTES))
        if pinned is None and not self._key.exists():
            pinned = _read(self._agent, _key_in)
            if pinned is not None:
                _write(self._key, to_base64(pinned).encode("ascii"))
        return pinned


def _key_in(content: bytes) -> Optional[bytes]:
    told = json.loads(content.decode("utf-8")).get("policy_key")
    return None if told is None else from_base64(told, "policy_key", KEY_BYTES)


def _notes_in(content: bytes) -> Notes:
    body = json.loads(content.decode("ascii"))
    return Notes(dict(body["trying"]), {str(name): int(count) for name, count in body["failures"].items()})


def _read(path: Path, parse: Callable[[bytes], _Read]) -> Optional[_Read]:
    try:
        return parse(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, Refused, ValueError, KeyError, TypeError, AttributeError) as exc:
        logger.warning("%s is not used: %s", path, exc)
        return None


def _write(path: Path, content: bytes) -> None:
    try:
        write_durably(path, content)
    except OSError as exc:
        logger.warning("%s could not be kept, it holds until the next start: %s", path, exc)

"""Keep the collector's settings: the newest good ones, over restarts."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Optional

from machxa_agent.identity import write_durably
from machxa_wire.downward import decode_settings
from machxa_wire.encode import encode_settings
from machxa_wire.records import Settings
from machxa_wire.refusal import Refused

logger = logging.getLogger(__name__)


class SettingsFile:
    """Hold the settings in force."""

    def __init__(self, path: Path, default: Settings) -> None:
        """Read what was kept, if it is good; until any came, default is in force."""
        self._default = default
        self._path = path
        self._kept = _read(path)

    @property
    def current(self) -> Settings:
        """Return the settings in force."""
        return self._kept or self._default

    def offer(self, payload: bytes) -> bool:
        """Take newer, good settings and keep them; return whether they were taken. Raises Refused for bad ones."""
        offered = decode_settings(payload)
        if self._kept is not None and offered.version <= self._kept.version:
            return False
        self._kept = offered
        try:
            write_durably(self._path, encode_settings(offered))
        except OSError as exc:
            logger.warning("settings %d are in force but could not be kept: %s", offered.version, exc)
        return True


def _read(path: Path) -> Optional[Settings]:
    try:
        return decode_settings(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, Refused) as exc:
        logger.warning("settings in %s are not used: %s", path, exc)
        return None

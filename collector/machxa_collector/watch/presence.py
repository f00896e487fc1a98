"""Name what is known of an asset being here. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """Say whether an asset is here."""

    UP = "up"
    OFF = "off"  # its user said so: a good-bye
    ASLEEP = "asleep"
    LOST = "lost"  # silent without a good-bye
    UNKNOWN = "unknown"  # never heard, or the one that would tell is silent itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Give a state and since when it is true, milliseconds since 1970 UTC; since None: it was always so."""

    state: State
    since: int | None = None

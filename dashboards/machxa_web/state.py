"""Judge what may be said about an asset's state. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from machxa_web.reader import Presence

QUIET = timedelta(minutes=16)  # three batches of 300 s and a minute: silent for longer is not "running"


class State(Enum):
    """Name the states the foundation can prove; whether a system serves people well is not among them."""

    ON = "on"
    OFF = "off"
    LOST = "lost"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Hold a state and the moment it became true, None when that is not known."""

    state: State
    since: datetime | None


def standing(presence: Presence | None, last_seen: datetime | None, now: datetime) -> Standing:
    """Return what may be said: an agent that said no good-bye and has been silent for long is lost, never running."""
    state = State.UNKNOWN if presence is None else _STATES.get(presence.state, State.UNKNOWN)
    if state in {State.ON, State.UNKNOWN} and last_seen is not None and now - last_seen > QUIET:
        return Standing(state=State.LOST, since=last_seen)
    return Standing(state=state, since=None if presence is None else presence.since)


_STATES = {"on": State.ON, "off": State.OFF, "lost": State.LOST}

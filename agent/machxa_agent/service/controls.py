"""Decide what a control of Windows' service manager means for the agent. Pure.

Microsoft Learn: "LPHANDLER_FUNCTION_EX", "WM_POWERBROADCAST", "WM_WTSSESSION_CHANGE". Nothing of a session is kept but
when the last log-off was, and nothing of it is sent.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Optional, Tuple

STOP, SHUTDOWN, POWER_EVENT, SESSION_CHANGE, PRESHUTDOWN = 0x1, 0x5, 0xD, 0xE, 0xF  # SERVICE_CONTROL_*
SUSPEND, RESUME_SUSPEND, RESUME_AUTOMATIC = 0x4, 0x7, 0x12  # PBT_APM*
LOG_ON, LOG_OFF = 0x5, 0x6  # WTS_SESSION_LOGON, WTS_SESSION_LOGOFF

# Fast Startup logs everybody off and hibernates at once; a computer that falls asleep by itself takes minutes.
_LOGGED_OFF_SECONDS = 60.0


class Verb(enum.Enum):
    """Name what the agent shall do."""

    STOP = "stop"
    SLEEP = "sleep"
    WAKE = "wake"


@dataclass(frozen=True)
class Act:
    """Order something of the agent.

    word is the good-bye's reason ("stop", "shutdown"), or the kind of sleep: "shutdown" where Fast Startup shuts down
    by hibernating, else "sleep", whatever kind it is: Windows does not tell a service. The event log does afterwards.
    """

    verb: Verb
    word: str = ""


@dataclass(frozen=True)
class State:
    """Hold what was heard: when the last log-off was (monotonic seconds, None for none), if it sleeps, if it ends."""

    logged_off_at: Optional[float] = None
    is_asleep: bool = False
    is_ending: bool = False


def heard(state: State, code: int, kind: int, now: float) -> Tuple[State, Optional[Act]]:
    """Return the state after a control, and what to do: nothing for one that changes nothing.

    code is SERVICE_CONTROL_*, kind its event type, now monotonic seconds. Once it ends nothing else counts.
    """
    if state.is_ending:
        return state, None
    if code in _REASONS:
        return replace(state, is_ending=True), Act(Verb.STOP, _REASONS[code])
    if code == SESSION_CHANGE and kind in (LOG_ON, LOG_OFF):
        return replace(state, logged_off_at=now if kind == LOG_OFF else None), None
    if code == POWER_EVENT and kind == SUSPEND and not state.is_asleep:
        is_off = state.logged_off_at is not None and 0 <= now - state.logged_off_at <= _LOGGED_OFF_SECONDS
        return replace(state, is_asleep=True), Act(Verb.SLEEP, "shutdown" if is_off else "sleep")
    if code == POWER_EVENT and kind in (RESUME_AUTOMATIC, RESUME_SUSPEND) and state.is_asleep:
        return State(), Act(Verb.WAKE)
    return state, None


_REASONS = {STOP: "stop", SHUTDOWN: "shutdown", PRESHUTDOWN: "shutdown"}

"""Tell how grave an incident is: a port that the impact model fills; until then by layer and hours. F5."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.incident import Why
from machxa_collector.incidents.words import Cause, Hush

_WEAK_MS = 1_200_000  # Wi-Fi comes and goes
BLOCKED_MS = 900_000  # F5: a stage of a whole unit blocked for so long in session
_WHOLE = frozenset({Cause.LINE, Cause.POWER, Cause.POWER_OR_LINE, Cause.LAN, Cause.PROVIDER, Cause.PROVIDER_AREA})
_SYSTEM = frozenset({Cause.PROVINCIAL_SYSTEM, Cause.NATIONAL_SYSTEM})
_SOFT = frozenset({"slow", "intermittent", "degraded", "saturated", "tslcd_down", "weak", "partial", "portal"})
_SMALL = frozenset({"toner_low", "warning", "silent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Give what is known of an incident's effect.

    worked_ms: how long it has lasted in working time of its first unit. in_session_ms: how long the session has run
    that runs there now, None outside. began_working: it began in a session. counter: the device is one at which
    dossiers are taken. takes_dossiers: receiving or issuing stops without this system. waiting: people were reported
    waiting. unstable: it comes and goes. until: the moment that is asked about, its end if it is over. spell_at:
    when it last came. why: its reasons with their figures. hush: what was announced.
    """

    id: str
    cause: Cause
    state: str
    subject: str
    units: tuple[str, ...]
    started_at: int
    worked_ms: int
    in_session_ms: int | None
    began_working: bool
    counter: bool
    takes_dossiers: bool
    waiting: bool
    unstable: bool
    until: int
    spell_at: int
    why: tuple[Why, ...] = ()
    hush: Hush | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Give a severity with what to say of it; is_known: the effect on dossiers is known, so no guess stands beside."""

    severity: Severity
    why: tuple[Why, ...] = ()
    is_known: bool = False


Judgement = Callable[[Effect], Weight]


def by_layer(effect: Effect) -> Weight:
    """Return the severity by layer and working hours, outside sessions at most P3 (F5)."""
    level = _uncapped(effect)
    settled = effect.in_session_ms is not None and (effect.began_working or effect.in_session_ms >= BLOCKED_MS)
    return Weight(severity=level if settled else _lower(level, Severity.P3))


def _uncapped(effect: Effect) -> Severity:
    is_passing = effect.state == "weak" and (effect.unstable or effect.worked_ms < _WEAK_MS)
    if effect.state in _SMALL or is_passing:
        return Severity.P4
    if effect.cause in _SYSTEM:
        return _of_system(effect)
    if effect.state in _SOFT:
        return Severity.P3
    if effect.cause in _WHOLE:
        return Severity.P1 if effect.worked_ms >= BLOCKED_MS else Severity.P2
    at_counter = effect.cause is Cause.DEVICE and effect.counter and effect.waiting
    return Severity.P2 if at_counter or effect.cause is Cause.CENTRE else Severity.P3


def _of_system(effect: Effect) -> Severity:
    if effect.state in _SOFT:
        return Severity.P2 if effect.takes_dossiers else Severity.P3
    if effect.takes_dossiers and effect.worked_ms >= BLOCKED_MS:
        return Severity.P1
    return Severity.P2


def _lower(one: Severity, other: Severity) -> Severity:
    return one if one.value >= other.value else other


def worse(one: Severity, other: Severity) -> Severity:
    """Return the graver of two."""
    return one if one.value <= other.value else other

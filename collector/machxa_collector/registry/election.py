"""Choose which agent watches for its unit, which stands by, and which of the two is on duty. Pure; times in ms.

A role changes only where there is reason: it goes when its holder is gone, pinned away or silent for long, or when
another is plainly better after a day. Duty changes with every silence of the gateway: docs/decisions/028-election.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from machxa_wire.roles import GATEWAY, PC, STANDBY

TENURE_MS = 24 * 3_600_000  # before a better one may take a role
LONG_SILENT_MS = 48 * 3_600_000  # of the holder, while others are on
BOTH_SILENT_MS = 10 * 60_000  # of gateway and standby, while another is on
HAND_BACK_MS = 2 * 60_000  # a gateway is back before its standby leaves duty
PLAINLY = 0.2  # of working time, by which another is on more
_LEAST_ATTENDANCE = 20  # quarters of an hour of working time; fewer say nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Hold what is known of one agent of a unit; None is not known.

    on_ratio is the share of the unit's working time of late weeks in which it was on. is_asked: whoever enrolled it
    named it gateway. pin is the role a person gave it. state and since are its presence ("on", "off", "lost"); heard_at
    is when a record of it last came. An ordinary computer is missed a quarter of an hour after it went: until then it
    seems to be on.
    """

    agent: str
    is_wired: bool | None = None
    is_portable: bool | None = None
    on_ratio: float | None = None
    has_snmp: bool | None = None
    version: str = ""
    is_asked: bool = False
    pin: str | None = None
    state: str | None = None
    since: int = 0
    heard_at: int = 0

    @property
    def is_on(self) -> bool:
        """Return whether it is connected now."""
        return self.state == "on"

    def is_heard(self, since: int) -> bool:
        """Return whether it is connected, and came or said something after a moment."""
        return self.is_on and max(self.since, self.heard_at) > since


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Hold who has a unit's roles now, and since when."""

    gateway: str | None = None
    standby: str | None = None
    since: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Name a unit's gateway and standby, None where there is nobody; reasons by agent, for people."""

    gateway: str | None = None
    standby: str | None = None
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def of_facts(facts: Mapping[str, object]) -> tuple[bool | None, bool | None]:
    """Return whether an inventory shows a cable in use, and a battery; None where it does not say."""
    networks = facts.get("networks")
    listed = networks if isinstance(networks, list) else []
    up = [one for one in listed if isinstance(one, dict) and one.get("status") == "up"]
    kinds = {kind for one in up if isinstance(kind := one.get("type"), str)}
    return ("ethernet" in kinds if kinds else None), (bool(facts.get("batteries")) if facts else None)


def on_ratio(on: int, of: int) -> float | None:
    """Return the share of working time, None where too little of it was seen."""
    return on / of if of >= _LEAST_ATTENDANCE else None


def elect(candidates: Sequence[Candidate], held: Held, now: int) -> Choice:
    """Return who shall have the roles."""
    those = {one.agent: one for one in candidates if one.pin != PC}
    if not those:
        return Choice()
    is_dark = _is_dark(those, held, now)
    those = {agent: replace(one, state=_unsure(one, those, held)) for agent, one in those.items()} if is_dark else those
    gateway = _chosen(those, held.gateway, GATEWAY, held, now, is_dark=is_dark)
    rest = {agent: one for agent, one in those.items() if agent != gateway}
    before = held.standby if held.standby != gateway else held.gateway
    standby = _chosen(rest, before, STANDBY, held, now, is_dark=is_dark) if rest else None
    chosen = [one for one in (gateway, standby) if one is not None]
    return Choice(gateway=gateway, standby=standby, reasons={one: reasons(those[one]) for one in chosen})


def is_due(candidates: Sequence[Candidate], held: Held, now: int) -> bool:
    """Return whether something calls for an election now, by what is cheap to know: who is there, pins, presence."""
    those = {one.agent: one for one in candidates if one.pin != PC}
    wanted = min(len(those), 2)
    if sum(one in those for one in (held.gateway, held.standby) if one is not None) < wanted:
        return True
    if {one for one in (held.gateway, held.standby) if one is not None} - set(those):
        return True
    pinned = {one.agent: one.pin for one in those.values() if one.pin is not None}
    roles = {held.gateway: GATEWAY, held.standby: STANDBY}
    return _is_dark(those, held, now) or any(roles.get(agent) != pin for agent, pin in pinned.items())


def on_duty(gateway: Candidate | None, standby: Candidate | None, now_on_duty: str, now: int) -> str:
    """Return which role does the unit's work: the gateway's, or the standby's while the gateway is silent.

    A gateway that came back waits for two minutes; then the standby leaves, in the same moment.
    """
    if standby is None or gateway is None:
        return GATEWAY
    if gateway.is_on == standby.is_on and not gateway.is_on:
        return now_on_duty  # nobody could hear it
    if not gateway.is_on:
        return STANDBY
    if not standby.is_on or now_on_duty == GATEWAY:
        return GATEWAY
    return GATEWAY if now - gateway.since >= HAND_BACK_MS else STANDBY


def reasons(one: Candidate) -> tuple[str, ...]:
    """Return what speaks for and against an agent, in fixed words."""
    words = [f"pinned_{one.pin}"] if one.pin is not None else []
    words += _word(one.has_snmp, "snmp", "no_snmp") + _word(one.is_wired, "wired", "wireless")
    words += _word(one.is_portable, "portable", "desktop")
    words += [] if one.on_ratio is None else [f"on_{round(100 * one.on_ratio)}_percent"]
    words += ["asked"] if one.is_asked else []
    return tuple([*words, f"version_{one.version}"] if one.version else words)


def _chosen(
    those: Mapping[str, Candidate], holder: str | None, role: str, held: Held, now: int, *, is_dark: bool
) -> str:
    """Return who takes a role: its holder unless there is reason, else the best."""
    current = those.get(holder) if holder is not None else None
    is_silent = current is None or (not current.is_on and now - current.since >= LONG_SILENT_MS)
    best = max(those.values(), key=lambda one: _rank(one, role, prefers_on=is_dark or is_silent))
    if current is None or best.agent == current.agent:
        return best.agent
    if (best.pin == role) != (current.pin == role):
        return best.agent if best.pin == role else current.agent
    if best.is_on and (is_silent or (is_dark and not current.is_on)):
        return best.agent
    is_plain = best.is_on and now - held.since >= TENURE_MS and _is_plainly_better(best, current)
    return best.agent if is_plain else current.agent


def _is_dark(those: Mapping[str, Candidate], held: Held, now: int) -> bool:
    """Return whether both holders are silent while another of the unit is on, and was heard since they fell silent."""
    holders = _holders(those, held)
    silent = all(not one.is_on and now - one.since >= BOTH_SILENT_MS for one in holders)
    return bool(holders) and silent and any(one.is_heard(_silent_since(holders)) for one in those.values())


def _holders(those: Mapping[str, Candidate], held: Held) -> list[Candidate]:
    return [those[one] for one in (held.gateway, held.standby) if one is not None and one in those]


def _silent_since(holders: Sequence[Candidate]) -> int:
    return max(one.since for one in holders)


def _unsure(one: Candidate, those: Mapping[str, Candidate], held: Held) -> str | None:
    """Return its presence in a unit whose holders fell silent: who was not heard since may have gone with them."""
    return None if one.is_on and not one.is_heard(_silent_since(_holders(those, held))) else one.state


def _is_plainly_better(one: Candidate, other: Candidate) -> bool:
    if (one.has_snmp, other.has_snmp) == (True, False) or (one.is_wired, other.is_wired) == (True, False):
        return True
    if (one.has_snmp, other.has_snmp) == (False, True) or (one.is_wired, other.is_wired) == (False, True):
        return False
    known = one.on_ratio is not None and other.on_ratio is not None
    return known and (one.on_ratio or 0.0) - (other.on_ratio or 0.0) >= PLAINLY


def _rank(one: Candidate, role: str, *, prefers_on: bool) -> tuple[object, ...]:
    return (
        one.pin == role,
        one.pin is None or one.pin == role,  # who is pinned to the other role is for that one
        one.is_on if prefers_on else True,
        _known(one.has_snmp),
        _known(one.is_wired),
        -_known(one.is_portable),
        int(10 * one.on_ratio) if one.on_ratio is not None else 5,
        one.is_asked,
        one.is_on,
        tuple(int(part) if part.isdecimal() else 0 for part in one.version.split(".")),
        hashlib.sha256(one.agent.encode()).digest(),
    )


def _known(fact: bool | None) -> int:  # noqa: FBT001 - a fact, not a flag
    return 1 if fact is None else 2 * fact


def _word(fact: bool | None, yes: str, no: str) -> list[str]:  # noqa: FBT001 - a fact, not a flag
    return [] if fact is None else [yes if fact else no]

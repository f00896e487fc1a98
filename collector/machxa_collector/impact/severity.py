"""F5: tell how grave an incident is by its effect on one unit, and when it is worth waking somebody. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from machxa_collector.impact.explained import Explained, Input, named
from machxa_collector.impact.model import Thresholds


class Severity(Enum):
    """Name the levels; P4 goes into the digest alone."""

    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4


class Rule(Enum):
    """Name the rule that decided."""

    BLOCKED = "blocked"  # no dossier of the unit is received, or none issued
    OVERDUE = "overdue"  # dossiers become overdue that would not be late without it
    SHARE = "share"  # of the unit's daily flow
    NO_EFFECT = "no_effect"
    NOT_KNOWN = "not_known"  # what is known does not decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Give what is known: held dossiers, the unit's daily flow, working time that receiving or issuing is blocked.

    newly_overdue is None when there are no dossier rows. began_in_session: it began while the office worked;
    open_in_session: how long it has been open since the last opening (None: no session runs now).
    """

    held: Explained
    daily_flow: Explained
    blocked: timedelta
    newly_overdue: int | None
    began_in_session: bool
    open_in_session: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Give the level, the rule that gave it, whether the hour capped it at P3, and the inputs; level None: not known.

    at_least is the level that what is known amounts to.
    """

    level: Severity | None
    at_least: Severity
    rule: Rule
    capped: bool
    inputs: tuple[Input, ...]


def judge(effect: Effect, limits: Thresholds) -> Judged:
    """Return the severity of an incident for a unit."""
    level, rule = _uncapped(effect, limits)
    sure = level
    if rule is Rule.NOT_KNOWN:
        sure = _by_share(effect.held.at_least, effect.daily_flow.figure, limits)
    waking = timedelta(minutes=limits.blocked_minutes)
    open_for = effect.open_in_session
    asleep = open_for is None or (not effect.began_in_session and open_for < waking)
    capped = asleep and sure in (Severity.P1, Severity.P2)
    held = Severity.P3 if capped else sure
    decided = rule is not Rule.NOT_KNOWN or sure is Severity.P1
    return Judged(
        level=held if decided else None,
        at_least=held,
        rule=rule,
        capped=capped,
        inputs=named(
            {
                "held": effect.held,
                "daily_flow": effect.daily_flow,
                "blocked_minutes": effect.blocked / timedelta(minutes=1),
                "newly_overdue": effect.newly_overdue,
                "open_in_session_minutes": None
                if effect.open_in_session is None
                else effect.open_in_session / timedelta(minutes=1),
                "p1_ratio": limits.p1_ratio,
                "p2_ratio": limits.p2_ratio,
                "p3_ratio": limits.p3_ratio,
            }
        ),
    )


def notify_from(start: datetime, limits: Thresholds, *, remote: bool) -> datetime:
    """Return from when an incident that is still open is notified; remote: on 4G or an island."""
    return start + timedelta(minutes=limits.hold_down_remote_minutes if remote else limits.hold_down_minutes)


def _uncapped(effect: Effect, limits: Thresholds) -> tuple[Severity, Rule]:
    if effect.blocked >= timedelta(minutes=limits.blocked_minutes):
        return Severity.P1, Rule.BLOCKED
    if effect.newly_overdue:
        return Severity.P1, Rule.OVERDUE
    if effect.held.figure == 0:
        return Severity.P4, Rule.NO_EFFECT
    if effect.held.figure is None or not effect.daily_flow.figure:
        return Severity.P4, Rule.NOT_KNOWN
    return _by_share(effect.held.figure, effect.daily_flow.figure, limits), Rule.SHARE


def _by_share(held: float | None, daily: float | None, limits: Thresholds) -> Severity:
    if held is None or not daily:
        return Severity.P4
    for level, ratio in (
        (Severity.P1, limits.p1_ratio),
        (Severity.P2, limits.p2_ratio),
        (Severity.P3, limits.p3_ratio),
    ):
        if held >= ratio * daily:
            return level
    return Severity.P4

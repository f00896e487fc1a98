"""Make incidents and recipients for the tests of notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.notify.happening import Happening, Kind, Recipient
from machxa_collector.notify.wishes import Wishes
from machxa_collector.registry.people.territory import EVERYWHERE, Territory

VIET_NAM = timezone(timedelta(hours=7))
LINE = Incident(
    id="aa" * 8,
    cause=Cause.LINE,
    layer=Layer.WAN,
    subject="29374",
    state="down",
    units=("29374",),
    started_at=0,
    noticed_at=0,
    ended_at=None,
    severity=Severity.P2,
    confidence=0.9,
    witnesses=3,
    evidence=(),
    children=0,
    first_cause=None,
    reports=0,
    suppressed_by=None,
    why=(),
)


def at(clock: str, day: int = 10) -> int:
    """Return a moment of March 2026 in Viet Nam, a Tuesday by default, in ms since 1970 UTC."""
    hour, minute = map(int, clock.split(":"))
    return round(datetime(2026, 3, day, hour, minute, tzinfo=VIET_NAM).timestamp() * 1000)


def incident(number: int = 1, severity: Severity = Severity.P2, **more: object) -> Incident:
    """Return an incident of its own id, which began at nine."""
    given = {"started_at": at("09:00"), "noticed_at": at("09:01"), **more}
    return replace(LINE, id=f"{number:016x}", severity=severity, **given)  # type: ignore[arg-type]


def opened(one: Incident, when: int, kind: Kind = Kind.OPENED) -> Happening:
    """Return what is told of it."""
    return Happening(kind=kind, incident=one, at=when)


def person(name: str = "p", wishes: Wishes | None = None, territory: Territory = EVERYWHERE) -> Recipient:
    """Return somebody who is told in-app."""
    return Recipient(id=f"person/{name}", wishes=wishes or Wishes(), territory=territory)

"""Put incidents, counts and dossiers of Vĩnh Long into a store, for the tests of what outages do to dossiers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from sqlalchemy import Engine

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.incident import Evidence, Incident, Why
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.store import incidents
from machxa_collector.store.dossiers.words import Kind, ms_of
from tests.collector.dossiers.kept import count, row, source, taken_in

HERE = timezone(timedelta(hours=7))
CHAU_THANH, OTHER, HA_NOI = "29374", "29398", "00004"
THURSDAY = date(2026, 11, 26)


def at(hour: int, minute: int = 0, day: int = 26) -> int:
    """Return a moment of November 2026 in ms."""
    return ms_of(datetime(2026, 11, day, hour, minute, tzinfo=HERE))


SOFTWARE = Incident(
    id="ab" * 8,
    cause=Cause.PROVINCIAL_SYSTEM,
    layer=Layer.PROVINCE,
    subject="dossier",
    state="down",
    units=(HA_NOI, CHAU_THANH, OTHER),
    started_at=at(8),
    noticed_at=at(8, 2),
    ended_at=at(9),
    severity=Severity.P1,
    confidence=0.93,
    witnesses=3,
    evidence=(Evidence(kind="down", source=CHAU_THANH, at=at(8)), Evidence(kind="down", source=OTHER, at=at(8, 1))),
    children=0,
    first_cause=None,
    reports=1,
    suppressed_by=None,
    why=(Why(code="system_down", figures={"bad": 3, "of": 3, "providers": 2}),),
)


def put_software_down(store: Engine) -> None:
    """Let the province's dossier software be down from eight to nine on Thursday 26/11/2026."""
    incidents.save(store, [SOFTWARE])


def put_counts(store: Engine, received: int = 75) -> None:
    """Let Châu Thành take so many civil-status dossiers a day, ten an hour, in the eight weeks before."""
    first = date(2026, 9, 28)
    days = [first + timedelta(days=n) for n in range(59)]
    working = [(day - date(1970, 1, 1)).days for day in days if day.weekday() < 5 and day != date(2026, 11, 24)]
    values = [count(day, received, unit=CHAU_THANH, online=0) for day in working]
    taken_in(store, source(store, "dem"), values, kind=Kind.COUNTS, name="c", as_of=at(7, 30))


def put_late(store: Engine, as_of: int | None = None) -> None:
    """Let Châu Thành have three dossiers: two recorded late on Thursday, one open; known until a quarter to ten."""
    values = [
        row("A-1", at(7, 30), due_at=at(8, 30), released_at=at(9, 30), done_at=at(9, 15), unit=CHAU_THANH),
        row("A-2", at(14, 0, 25), due_at=at(16, 0, 25), released_at=at(8, 30), unit=CHAU_THANH),
        row("A-3", at(7, 45), due_at=at(10, 30), unit=CHAU_THANH),
    ]
    taken_in(store, source(store, "tinh"), values, name="r", as_of=as_of or at(9, 45))


def put_past(store: Engine) -> None:
    """Let the software be down since half past nine, five times before for two hours, and dossiers take four hours."""
    past = [
        replace(SOFTWARE, id=f"{n:016x}", started_at=at(8, day=n + 9), ended_at=at(10, day=n + 9)) for n in range(5)
    ]
    incidents.save(store, [*past, replace(SOFTWARE, id="cd" * 8, started_at=at(9, 30), ended_at=None)])
    done = [row(f"D-{n:02}", at(7, 30, 25), released_at=at(13, 30, 25), unit=CHAU_THANH) for n in range(20)]
    taken_in(store, source(store, "cu"), done, name="d", as_of=at(7, 0))

"""Hold what is owed to people: notices that nobody was told yet, what got graver, and what was decided about each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, insert, or_, select, update

from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Told
from machxa_collector.store.incidents import incident_of
from machxa_collector.store.tables import incident_notices, incidents, notify_lines

LATER, DROPPED = "later", "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Hold a notice that nobody was told yet; at: when it was due, ms since 1970 UTC."""

    incident: Incident
    told: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTold:
    """Hold an open incident that people were told of: when, and how grave it was then (1 to 4, None: not kept)."""

    incident: Incident
    told_at: int
    severity: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold what becomes of one thing to tell for one recipient; message is the one that carries it."""

    recipient: str
    incident: str
    told: str
    at: int
    way: str
    why: str
    message: int | None = None


def told_at(store: Engine, incident: str) -> list[tuple[str, int]]:
    """Return what was told of an incident and when (ms), the first first; what nobody was told yet is left out."""
    columns = incident_notices.c
    query = select(columns.told, columns.passed_at).where(columns.incident == incident, columns.passed_at.is_not(None))
    with store.connect() as connection:
        return [(row.told, row.passed_at) for row in connection.execute(query.order_by(columns.passed_at))]


def owed(store: Engine, most: int, over_since: int) -> list[Owed]:
    """Return the oldest notices that nobody was told yet; an end only of what has been over since a moment (ms)."""
    columns, end = incident_notices.c, Told.ENDED.value
    query = select(incidents.c.body, columns.told, columns.at).join(incidents, incidents.c.id == columns.incident)
    query = query.where(columns.passed_at.is_(None), or_(columns.told != end, incidents.c.ended_at <= over_since))
    query = query.order_by(columns.at, columns.incident, columns.told).limit(most)
    found = []
    with store.connect() as connection:
        for body, told, at in connection.execute(query):
            incident = incident_of(body)
            due = max(at, incident.ended_at or at) if told == end else at  # it may have come again since it was noted
            found.append(Owed(incident=incident, told=told, at=due))
    return found


def open_ones(store: Engine) -> list[OpenTold]:
    """Return what is open and was passed on."""
    columns = incident_notices.c
    query = select(incidents.c.body, columns.passed_at, columns.severity)
    query = query.join(incidents, incidents.c.id == columns.incident)
    query = query.where(
        columns.told == Told.OPENED.value, columns.passed_at.is_not(None), incidents.c.ended_at.is_(None)
    )
    with store.connect() as connection:
        return [
            OpenTold(incident=incident_of(body), told_at=at, severity=severity)
            for body, at, severity in connection.execute(query.where(incidents.c.merged_into.is_(None)))
        ]


def passed(connection: Connection, incident: str, told: str, now: int) -> None:
    """Write down that a notice is passed on."""
    its = (incident_notices.c.incident == incident, incident_notices.c.told == told)
    connection.execute(update(incident_notices).where(*its).values(passed_at=now))


def graver(connection: Connection, incident: str, severity: int) -> None:
    """Write down how grave an incident is that people were told of."""
    its = (incident_notices.c.incident == incident, incident_notices.c.told == Told.OPENED.value)
    connection.execute(update(incident_notices).where(*its).values(severity=severity))


def lines_of(store: Engine, ids: Collection[str]) -> Mapping[tuple[str, str], tuple[Line, ...]]:
    """Return what was decided about incidents, by recipient and incident, oldest first."""
    columns = notify_lines.c
    found: dict[tuple[str, str], tuple[Line, ...]] = {}
    with store.connect() as connection:
        query = select(notify_lines).where(columns.incident.in_(sorted(ids))).order_by(columns.pk)
        for row in connection.execute(query).mappings():
            line = _line(dict(row))
            found[line.recipient, line.incident] = (*found.get((line.recipient, line.incident), ()), line)
    return found


def waiting(store: Engine) -> Mapping[str, Sequence[Line]]:
    """Return what waits for a digest, by recipient, oldest first."""
    columns = notify_lines.c
    query = select(notify_lines).where(columns.way == LATER, columns.message.is_(None)).order_by(columns.pk)
    found: dict[str, list[Line]] = {}
    with store.connect() as connection:
        for row in connection.execute(query).mappings():
            line = _line(dict(row))
            found.setdefault(line.recipient, []).append(line)
    return found


def waits(store: Engine, recipient: str) -> int:
    """Return how many things wait for a recipient's digest."""
    columns = notify_lines.c
    query = select(func.count()).where(columns.recipient == recipient, columns.way == LATER, columns.message.is_(None))
    with store.connect() as connection:
        return int(connection.execute(query).scalar_one())


def add_lines(connection: Connection, lines: Iterable[Line]) -> None:
    """Write down what becomes of things; each recipient, incident and thing told comes once."""
    rows = [
        {
            "recipient": one.recipient,
            "incident": one.incident,
            "told": one.told,
            "at": one.at,
            "way": one.way,
            "why": one.why,
            "message": one.message,
        }
        for one in lines
    ]
    if rows:
        connection.execute(insert(notify_lines), rows)


def digested(connection: Connection, recipient: str, message: int) -> None:
    """Write down that all that waited for a recipient went into a message."""
    columns = notify_lines.c
    its = (columns.recipient == recipient, columns.way == LATER, columns.message.is_(None))
    connection.execute(update(notify_lines).where(*its).values(message=message))


def set_aside(connection: Connection, recipient: str, why: str) -> int:
    """Write down that what waits for a recipient is not told, and why, in a fixed word; return how much."""
    columns = notify_lines.c
    its = (columns.recipient == recipient, columns.way == LATER, columns.message.is_(None))
    return connection.execute(update(notify_lines).where(*its).values(way=DROPPED, why=why)).rowcount


def bodies(store: Engine, ids: Collection[str]) -> Mapping[str, Incident]:
    """Return incidents as they are now."""
    found: dict[str, Incident] = {}
    wanted = sorted(ids)
    with store.connect() as connection:
        for start in range(0, len(wanted), 500):
            query = select(incidents.c.id, incidents.c.body).where(incidents.c.id.in_(wanted[start : start + 500]))
            found |= {id_: incident_of(body) for id_, body in connection.execute(query)}
    return found


def _line(row: Mapping[str, object]) -> Line:
    return Line(**{name: value for name, value in row.items() if name != "pk"})  # type: ignore[arg-type]  # the table's own

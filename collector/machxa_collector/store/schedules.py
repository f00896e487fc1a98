"""Keep who gets which report by itself, and what became of each period; a period is made once for a schedule."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, RowMapping, Select, delete, func, insert, select, update

from machxa_collector.store.tables import notify_messages, report_runs, report_schedules
from machxa_collector.store.upsert import upsert

MADE, WAITING, FAILED = "made", "waiting", "failed"
MOST = 1000  # schedules of a centre
MOST_OWN = 50  # of one recipient
KEPT_MS = 400 * 86_400_000
_its, _run = report_schedules.c, report_runs.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Hold one: recipient gets the report of a kind about a unit (a province: about each watched unit of it).

    minute: time of day in Viet Nam. attach: files go with an e-mail where they are small enough, else a link alone.
    since: what was due before is not sent. Times in ms since 1970 UTC.
    """

    pk: int
    recipient: str
    kind: str
    unit: str
    minute: int
    attach: bool
    paused: bool
    since: int
    made_at: int
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Hold what became of a schedule's period; error is why it was not made, or why its message did not go.

    state: made, waiting (tried again at next_at) or failed. sent: the message's own state (waiting, sent, failed,
    shown), None before there is one, or when it is forgotten.
    """

    schedule: int
    period: str
    due_at: int
    state: str
    tries: int
    next_at: int
    made_at: int | None
    message: int | None
    documents: int
    error: str | None
    sent: str | None = None
    sent_at: int | None = None


def every(store: Engine, recipient: str | None = None) -> Sequence[Schedule]:
    """Return all schedules, or those of one recipient, in the order they were made."""
    query = select(report_schedules).order_by(_its.pk).limit(MOST)
    if recipient is not None:
        query = query.where(_its.recipient == recipient)
    with store.connect() as connection:
        return [_schedule(row) for row in connection.execute(query).mappings()]


def one(store: Engine, pk: int) -> Schedule | None:
    """Return a schedule by its number."""
    with store.connect() as connection:
        row = connection.execute(select(report_schedules).where(_its.pk == pk)).mappings().first()
    return None if row is None else _schedule(row)


def add(connection: Connection, new: Schedule) -> int:
    """Keep a schedule (its pk is not looked at), none of whose recipient, kind and unit is there; return its number."""
    values = {name: getattr(new, name) for name in Schedule.__slots__ if name != "pk"}
    return int(connection.execute(insert(report_schedules).values(values).returning(_its.pk)).scalar_one())


def is_there(store: Engine, recipient: str, kind: str, unit: str) -> bool:
    """Return whether somebody gets a report already."""
    query = select(_its.pk).where(_its.recipient == recipient, _its.kind == kind, _its.unit == unit)
    with store.connect() as connection:
        return connection.execute(query).first() is not None


def count(store: Engine) -> Mapping[str, int]:
    """Return how many schedules each recipient has."""
    with store.connect() as connection:
        found = connection.execute(select(_its.recipient, func.count()).group_by(_its.recipient))
        return {str(who): int(number) for who, number in found}


def pause(connection: Connection, pk: int, since: int, *, paused: bool) -> None:
    """Hold a schedule, or let it go on with what becomes due after since."""
    connection.execute(update(report_schedules).where(_its.pk == pk).values(paused=paused, since=since))


def remove(connection: Connection, pk: int) -> None:
    """Forget a schedule with what became of it; what was sent stays."""
    connection.execute(delete(report_runs).where(_run.schedule == pk))
    connection.execute(delete(report_schedules).where(_its.pk == pk))


def run_of(store: Engine, schedule: int, period: str) -> Run | None:
    """Return what became of a period, None while nobody looked at it."""
    query = _joined().where(_run.schedule == schedule, _run.period == period)
    with store.connect() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else _to_run(row)


def newest(store: Engine, schedules: Collection[int]) -> Mapping[int, Run]:
    """Return the newest run of each schedule that has one."""
    last = select(func.max(_run.pk)).where(_run.schedule.in_(sorted(schedules))).group_by(_run.schedule)
    with store.connect() as connection:
        rows = connection.execute(_joined().where(_run.pk.in_(last))).mappings()
        return {row["schedule"]: _to_run(row) for row in rows}


def last(store: Engine, schedule: int, most: int) -> Sequence[Run]:
    """Return the newest runs of a schedule, the newest first."""
    query = _joined().where(_run.schedule == schedule).order_by(_run.pk.desc()).limit(most)
    with store.connect() as connection:
        return [_to_run(row) for row in connection.execute(query).mappings()]


def put(connection: Connection, run: Run) -> None:
    """Write down what became of a period."""
    values = {name: getattr(run, name) for name in _KEPT}
    upsert(connection, report_runs, {"schedule": run.schedule, "period": run.period}, values)


def prune(connection: Connection, now: int) -> None:
    """Forget runs that are too old."""
    connection.execute(delete(report_runs).where(_run.due_at < now - KEPT_MS))


def _joined() -> Select[tuple[object, ...]]:
    messages = notify_messages.c
    return select(
        report_runs, messages.state.label("sent"), messages.sent_at.label("sent_at"), messages.error.label("unsent")
    ).select_from(report_runs.outerjoin(notify_messages, messages.pk == _run.message))


def _schedule(row: RowMapping) -> Schedule:
    return Schedule(**row)


def _to_run(row: RowMapping) -> Run:
    told = {name: row[name] for name in ("schedule", "period", *_KEPT, "sent", "sent_at")}
    return Run(**{**told, "error": row["error"] or row["unsent"]})


_KEPT = ("due_at", "state", "tries", "next_at", "made_at", "message", "documents", "error")

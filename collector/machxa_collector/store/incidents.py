"""Keep incidents as they were last judged, whether they were told, and what people did about them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, delete, exists, false, insert, or_, select, true

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.acts import Act, ActKind
from machxa_collector.incidents.incident import Evidence, Incident, Notice, Why
from machxa_collector.incidents.words import Cause, Hush, Layer
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store import audit
from machxa_collector.store.record_rows import parts
from machxa_collector.store.tables import incident_acts, incident_notices, incident_units, incidents
from machxa_collector.store.upsert import upsert

KEPT_MS = 1096 * 86_400_000  # three years: dossiers are explained, and providers billed, by the year
_AT_ONCE = 500
_WEAK = ("degraded", "saturated", "intermittent")
_WEAK_FOR_MS, _MOST_WEAK = 300_000, 1000
NOWHERE = "?"  # in the place of a unit: what stands in none yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Choose incidents: is_open None is both; those noticed since a moment; of one unit; of one cause."""

    is_open: bool | None = None
    since: int | None = None
    unit: str | None = None
    cause: str | None = None


def save(store: Engine, changed: Iterable[Incident]) -> None:
    """Write incidents as they are now, all or none."""
    with store.begin() as connection:
        for one in changed:
            _save(connection, one)


def still_open(store: Engine) -> list[Incident]:
    """Return all that had not ended when they were last saved."""
    with store.connect() as connection:
        found = connection.execute(select(incidents.c.body).where(incidents.c.ended_at.is_(None))).scalars()
        return [incident_of(body) for body in found]


def page(
    store: Engine, territory: Territory, wanted: Wanted, after: tuple[int, str] | None, most: int
) -> list[Incident]:
    """Return up to most incidents of a territory, newest first, that nothing else explains; after is a page's last."""
    columns = incidents.c
    where = [columns.merged_into.is_(None), _within(territory)]
    if wanted.is_open is not None:
        where.append(columns.ended_at.is_(None) if wanted.is_open else columns.ended_at.is_not(None))
    if wanted.since is not None:
        where.append(columns.noticed_at >= wanted.since)
    if wanted.cause is not None:
        where.append(columns.cause == wanted.cause)
    if wanted.unit is not None:  # whose units an incident touches besides is not told by asking for them either
        is_theirs = territory.units is None or wanted.unit in territory.units
        where.append(_of_units([wanted.unit]) if is_theirs else false())
    if after is not None:
        at, id_ = after
        where.append(or_(columns.noticed_at < at, and_(columns.noticed_at == at, columns.id < id_)))
    query = select(columns.body).where(*where).order_by(columns.noticed_at.desc(), columns.id.desc()).limit(most)
    with store.connect() as connection:
        return [incident_of(body) for body in connection.execute(query).scalars()]


def one(store: Engine, territory: Territory, incident_id: str) -> Incident | None:
    """Return an incident, None when there is none of this id in the territory."""
    query = select(incidents.c.body).where(incidents.c.id == incident_id, _within(territory))
    with store.connect() as connection:
        body = connection.execute(query).scalar()
    return None if body is None else incident_of(body)


def many(store: Engine, ids: Collection[str]) -> dict[str, Incident]:
    """Return incidents by their ids, whosever they are; an id of none is left out."""
    with store.connect() as connection:
        found = (
            bodies(connection, select(incidents.c.body).where(incidents.c.id.in_(some))) for some in parts(sorted(ids))
        )
        return {one.id: one for some in found for one in some}


def children(store: Engine, territory: Territory, incident_id: str) -> list[Incident]:
    """Return those of a territory that an incident explains, the newest first."""
    query = select(incidents.c.body).where(incidents.c.merged_into == incident_id, _within(territory))
    with store.connect() as connection:
        found = connection.execute(query.order_by(incidents.c.noticed_at.desc()).limit(200)).scalars()
        return [incident_of(body) for body in found]


def weak_lines(store: Engine, units: Collection[str], now_ms: int) -> frozenset[str]:
    """Return those units whose line loses packets, is slow or stutters now, or did until a few minutes ago."""
    columns = incidents.c
    lately = or_(columns.ended_at.is_(None), columns.ended_at > now_ms - _WEAK_FOR_MS)
    query = select(columns.body).where(columns.subject.in_(sorted(units)), columns.cause == Cause.LINE.value, lately)
    with store.connect() as connection:
        found = [incident_of(body) for body in connection.execute(query.limit(_MOST_WEAK)).scalars()]
    return frozenset(one.subject for one in found if one.state in _WEAK)


def of_systems(store: Engine, territory: Territory, systems: Collection[str], since: int, most: int) -> list[Incident]:
    """Return what a territory had of some systems since a moment, the newest first; what another explains is left out.

    The cause is the system's own: what only looks like it at a site stands under the site's line or devices.
    """
    columns = incidents.c
    query = select(columns.body).where(
        columns.subject.in_(sorted(systems)),
        columns.merged_into.is_(None),
        or_(columns.ended_at.is_(None), columns.ended_at > since),
        _within(territory),
    )
    with store.connect() as connection:
        return bodies(connection, query.order_by(columns.started_at.desc(), columns.id).limit(most))


def unstable(
    store: Engine, territory: Territory, since: int, fewest: int
) -> Mapping[tuple[str, str, str], tuple[int, tuple[str, ...]]]:
    """Return what came at least so often since a moment, by cause, subject and state: spells, and its units."""
    columns = incidents.c
    query = select(columns.body).where(columns.noticed_at >= since, columns.merged_into.is_(None), _within(territory))
    with store.connect() as connection:
        found = bodies(connection, query.order_by(columns.noticed_at.desc()).limit(_MOST_WEAK * 5))
    told: dict[tuple[str, str, str], tuple[int, tuple[str, ...]]] = {}
    for one in found:
        key = (one.cause.value, one.subject, one.state)
        told[key] = (told.get(key, (0, ()))[0] + one.spells, one.units)
    often = sorted((item for item in told.items() if item[1][0] >= fewest), key=lambda item: -item[1][0])
    return dict(often[:200])


def prune(store: Engine, now_ms: int) -> int:
    """Delete what ended long ago, with what people did about it; return how many incidents."""
    columns = incidents.c
    old = select(columns.id).where(columns.ended_at < now_ms - KEPT_MS).limit(_AT_ONCE)
    with store.begin() as connection:
        ids = list(connection.execute(old).scalars())
        for table in (incident_acts, incident_notices, incident_units):
            connection.execute(delete(table).where(table.c.incident.in_(ids)))
        return connection.execute(delete(incidents).where(columns.id.in_(ids))).rowcount


def add_act(store: Engine, incident_id: str, act: Act, entry: Entry) -> None:
    """Write down what somebody did, and the audit trail's entry with it."""
    row = {"incident": incident_id, "at": act.at, "actor": act.actor, "kind": act.kind.value}
    with store.begin() as connection:
        connection.execute(insert(incident_acts).values({**row, "detail": json.dumps(dict(act.detail))}))
        audit.record(connection, entry)


def acts_of(store: Engine, ids: Collection[str]) -> Mapping[str, tuple[Act, ...]]:
    """Return what people did about incidents, oldest first."""
    columns = incident_acts.c
    query = select(columns.incident, columns.at, columns.actor, columns.kind, columns.detail)
    found: dict[str, list[Act]] = {}
    with store.connect() as connection:
        for row in connection.execute(query.where(columns.incident.in_(sorted(ids))).order_by(columns.pk)):
            act = Act(at=row.at, actor=row.actor, kind=ActKind(row.kind), detail=json.loads(row.detail))
            found.setdefault(row.incident, []).append(act)
    return {key: tuple(acts) for key, acts in found.items()}


def note_told(store: Engine, notice: Notice, *, is_past: bool = False) -> bool:
    """Write down that something is told now; return False when it was told before, whoever judged then.

    Until it is passed on it stands as owed (store.told); is_past: it is only noted, nobody needs to know any more.
    """
    columns = incident_notices.c
    known = select(columns.at).where(columns.incident == notice.incident, columns.told == notice.told.value)
    row = {"incident": notice.incident, "told": notice.told.value, "at": notice.at, "severity": notice.severity.value}
    with store.begin() as connection:
        if connection.execute(known).first() is not None:
            return False
        connection.execute(insert(incident_notices).values({**row, "passed_at": notice.at if is_past else None}))
        return True


def bodies(connection: Connection, query: Select[Any]) -> list[Incident]:
    """Return the incidents whose bodies a query gives."""
    return [incident_of(body) for body in connection.execute(query).scalars()]


def body_of(incident: Incident) -> dict[str, Any]:
    """Return an incident as a JSON object; times in ms, names of enums as their words."""
    body = asdict(incident)
    for name in ("cause", "layer", "first_cause", "suppressed_by"):
        body[name] = None if body[name] is None else body[name].value
    body["severity"] = incident.severity.name
    return body


def _save(connection: Connection, one: Incident) -> None:
    values = {
        "cause": one.cause.value,
        "layer": one.layer.value,
        "subject": one.subject,
        "severity": one.severity.value,
        "started_at": one.started_at,
        "noticed_at": one.noticed_at,
        "ended_at": one.ended_at,
        "merged_into": one.merged_into,
        "body": json.dumps(body_of(one), ensure_ascii=False),
    }
    upsert(connection, incidents, {"id": one.id}, values)
    its = incident_units.c
    known = set(connection.execute(select(its.unit).where(its.incident == one.id)).scalars())
    gone, new = known.difference(one.units), sorted(set(one.units) - known)
    if gone:
        connection.execute(delete(incident_units).where(its.incident == one.id, its.unit.in_(sorted(gone))))
    if new:
        connection.execute(insert(incident_units), [{"incident": one.id, "unit": unit} for unit in new])


def incident_of(text: str) -> Incident:
    """Return an incident from the JSON of its row."""
    body = json.loads(text)
    first, hush = body.pop("first_cause"), body.pop("suppressed_by")
    return Incident(
        **{
            **body,
            "cause": Cause(body["cause"]),
            "layer": Layer(body["layer"]),
            "severity": Severity[body["severity"]],
            "units": tuple(body["units"]),
            "evidence": tuple(Evidence(**sign) for sign in body["evidence"]),
            "why": tuple(Why(**why) for why in body["why"]),
            "first_cause": None if first is None else Cause(first),
            "suppressed_by": None if hush is None else Hush(hush),
        }
    )


def _within(territory: Territory) -> ColumnElement[bool]:
    """Return the condition that an incident touches a territory; what touches no unit is everybody's who sees all."""
    if territory.units is None:
        return true()
    return _of_units([*sorted(territory.units), *((NOWHERE,) if territory.with_nowhere else ())])


def _of_units(units: Collection[str]) -> ColumnElement[bool]:
    its = incident_units.c
    return exists(select(its.unit).where(its.incident == incidents.c.id, its.unit.in_(units)))

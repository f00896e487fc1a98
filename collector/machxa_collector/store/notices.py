"""Give what the board of notices needs of the store: agents with their units, and how far their reports are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Engine, Row, select

from machxa_collector.intake.rows import KnownAgent
from machxa_collector.registry.calling import ORDER
from machxa_collector.store import known_agents
from machxa_collector.store.enrolment import CANARY_ROLE
from machxa_collector.store.reports import FIXED
from machxa_collector.store.tables import agents, assets, human_reports
from machxa_collector.store.tables import contacts as t_contacts
from machxa_collector.store.watched import signature
from machxa_wire.notices import MAX_LINK, MAX_REPORTS, Progress

_KEPT_MS = 7 * 86_400_000  # so long a report is told of
_LINKED_MS = 86_400_000  # so long a photograph may still help
_MOST_LINKS = 3  # of an agent's newest reports: each is 100 bytes on its line


class StoredAgents:
    """Give the agents in force that can be told something."""

    def __init__(self, engine: Engine) -> None:
        """Take the store; nothing is read yet."""
        self._engine = engine

    def signature(self) -> object:
        """Return what changes whenever an agent may stand elsewhere."""
        return signature(self._engine)

    def units(self) -> dict[str, str | None]:
        """Return the unit of each one's asset by its id, None for none; no key is opened for it."""
        query = select(agents.c.id, assets.c.unit).select_from(_PLACED).where(*_TOLD).order_by(agents.c.pk)
        with self._engine.connect() as connection:
            return {id_: None if unit is None else sys.intern(unit) for id_, unit in connection.execute(query)}

    def known(self, ids: Sequence[str]) -> Iterator[KnownAgent]:
        """Yield those of some that are in force, with their keys."""
        return known_agents.named(self._engine, ids, *_TOLD)


class Reported(NamedTuple):
    """Name an incident to which reports belong, and the unit they came from, None for none."""

    incident: str
    unit: str | None


class Far(NamedTuple):
    """Say how far it is: a state of the window's, who has it, until when (ms since 1970 UTC); "" and None: unsaid."""

    state: str
    contact: str = ""
    until: int | None = None


FarOf = Callable[[Collection[Reported]], Mapping[Reported, Far]]


def progress(
    engine: Engine, now_ms: int, page_of: Callable[[str], str] = lambda _report: "", far_of: FarOf = lambda _: {}
) -> dict[str, list[Progress]]:
    """Return, by agent, how far the reports are that came from it within a week, the newest first.

    A report that its reporter called over is done; else it is as far as what it belongs to, by far_of; else received:
    it is here, and nobody has said more. page_of gives the address of a report's page by its id, empty for none; the
    newest three of a day are told theirs.
    """
    columns = human_reports.c
    query = select(*(columns[one] for one in ("agent", "key", "state", "id", "received_at", "incident", "unit")))
    query = query.where(columns.agent.is_not(None), columns.received_at > now_ms - _KEPT_MS)
    newest: dict[str, list[Row[Any]]] = {}
    with engine.connect() as connection:
        for row in connection.execute(query.order_by(columns.received_at.desc(), columns.id)):
            told = newest.setdefault(row.agent, [])
            if len(told) < MAX_REPORTS:
                told.append(row)
    reported = {Reported(row.incident, row.unit) for rows in newest.values() for row in rows if row.incident}
    far = far_of(reported) if reported else {}

    def one(number: int, row: Row[Any]) -> Progress:
        is_linked = number < _MOST_LINKS and row.received_at > now_ms - _LINKED_MS
        link = page_of(row.id) if is_linked else ""
        its = _DONE if row.state == FIXED else far.get(Reported(row.incident, row.unit), _RECEIVED)
        id_ = row.key.partition(":")[2]
        return Progress(id_, its.state, its.contact, its.until, link if len(link) <= MAX_LINK else "")

    return {agent: [one(number, row) for number, row in enumerate(rows)] for agent, rows in newest.items()}


def contacts(engine: Engine) -> list[tuple[str, dict[str, object]]]:
    """Return the contacts whom people may call, each with its id: unit, role, position, name and phone."""
    columns = t_contacts.c
    query = select(columns.id, *(columns[one] for one in ("unit", "role", "position", "name", "phone")))
    with engine.connect() as connection:
        rows = connection.execute(query.where(columns.role.in_(sorted(ORDER)))).mappings()
        return [(row["id"], {**row}) for row in rows]


_RECEIVED, _DONE = Far("received"), Far("done")
_PLACED = agents.outerjoin(assets, assets.c.id == agents.c.asset_id)
_TOLD = (agents.c.revoked_at.is_(None), agents.c.unsigned.is_(False), agents.c.role != CANARY_ROLE)

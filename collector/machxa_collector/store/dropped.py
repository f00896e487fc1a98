"""Keep what people reported at a computer, in the transaction that keeps its agent's event."""

from __future__ import annotations

import hashlib
import json
import logging
import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from machxa_collector.intake.rows import EventRow
from machxa_collector.registry.reports import EVENT, FIXED, Dropped, Source, dropped, fixed
from machxa_collector.store import reports
from machxa_collector.store.reports import UNVERIFIED
from machxa_collector.store.tables import agents, assets, human_reports

logger = logging.getLogger(__name__)

MOST_A_DAY = 200  # of one agent; the agent itself takes 20 an hour
_DAY_MS = 86_400_000
_NUMBER_DIGITS = 8  # of an id: what the window and the pages show


def keep_dropped(connection: Connection, events: Iterable[EventRow]) -> None:
    """Keep the reports among events, each once by its agent and its id; what is none stays an event and no more."""
    for row in events:
        if row.name == EVENT and row.kind == "event":
            told = dropped(json.loads(row.attributes))
            if told is None:
                logger.warning("record %d of stream %d says %s and is no report", row.seq, row.stream_pk, EVENT)
            else:
                _keep(connection, row, told)
        elif row.name == FIXED and row.kind == "event":
            _end(connection, row, fixed(json.loads(row.attributes)))


def _keep(connection: Connection, row: EventRow, told: Dropped) -> None:
    query = select(agents.c.id, assets.c.unit).select_from(agents.outerjoin(assets, assets.c.id == agents.c.asset_id))
    agent, unit = connection.execute(query.where(agents.c.pk == row.agent_pk)).one()
    key, columns = f"{agent}:{told.id}", human_reports.c  # no Idempotency-Key holds a colon
    if connection.execute(select(columns.id).where(columns.key == key)).first() is not None:
        return
    if _today(connection, agent, unit, row.received_at) >= MOST_A_DAY:
        logger.warning("agent %s sent more than %d reports within a day; the rest are events alone", agent, MOST_A_DAY)
        return
    try:
        with connection.begin_nested():  # another collector may keep it at the same moment
            connection.execute(insert(human_reports).values(_values(row, told, (agent, unit, key))))
    except IntegrityError:
        if connection.execute(select(columns.id).where(columns.key == key)).first() is None:
            raise


def _end(connection: Connection, row: EventRow, id_: str | None) -> None:
    """Note that a report's trouble is over: of the same agent alone, whoever stands by it, as its page does."""
    if id_ is None:
        logger.warning("record %d of stream %d says %s and names no report", row.seq, row.stream_pk, FIXED)
        return
    agent = connection.execute(select(agents.c.id).where(agents.c.pk == row.agent_pk)).scalar_one()
    columns = human_reports.c
    connection.execute(update(human_reports).where(columns.key == f"{agent}:{id_}").values(state=reports.FIXED))


def _id_of(told: str) -> str:
    """Return an id that nobody can guess or choose and that begins as the window's: people speak of one number."""
    return str(uuid.UUID(hex=told[:_NUMBER_DIGITS] + uuid.uuid4().hex[_NUMBER_DIGITS:]))


def _today(connection: Connection, agent: str, unit: str | None, now_ms: int) -> int:
    columns = human_reports.c
    where = (columns.unit == unit) if unit is not None else columns.unit.is_(None)
    count = select(func.count()).select_from(human_reports).where(where, columns.agent == agent)
    return int(connection.execute(count.where(columns.received_at > now_ms - _DAY_MS)).scalar_one())


def _values(row: EventRow, told: Dropped, whence: tuple[str, str | None, str]) -> Mapping[str, object]:
    agent, unit, key = whence
    return {
        "id": _id_of(told.id),
        "key": key,
        "digest": hashlib.sha256(row.attributes.encode()).digest(),
        "unit": unit,
        "category": told.category.value,
        "symptom": None if told.symptom is None else told.symptom.value,
        "text": told.text,
        "at": row.at - told.told_seconds * 1000,
        "received_at": row.received_at,
        "source": Source.AGENT.value,
        "reporter": f"agent/{agent}",
        "state": UNVERIFIED,
        "agent": agent,
        "device": told.device,
        "system": told.system,
        "stages": told.stages,
        "waiting": told.waiting,
        "began_at": None if told.began_seconds is None else row.at - told.began_seconds * 1000,
        "incident": told.incident,
    }

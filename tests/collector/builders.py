"""Build agents and reports as they arrive, for the tests of store and API."""

from __future__ import annotations

from dataclasses import dataclass

from httpx import Response
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, func, select

from machxa_collector.intake.admit import Arrival
from machxa_collector.intake.meters import Meters
from machxa_collector.intake.pipeline import Outgoing, Pipeline
from machxa_collector.intake.rows import ReportRow, Rows
from machxa_collector.registry.enrolment import Asked
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import access, enrolment, tables
from machxa_collector.store.intake import SqlIntakeStore
from machxa_wire.encode import encode
from machxa_wire.mac import sign
from machxa_wire.records import Place, Record, Samples, Series, Stamp
from machxa_wire.topics import Address

BOOT = "0badcafe.1"
STREAM = "00112233445566ff"
DAY_MS = 86_400_000
DAY = 20_000  # 2024-10-04
MIDNIGHT = DAY * DAY_MS
UPTIME = Series("system.uptime")
TEMPERATURE = Series("hw.temperature", (("hw.id", "cpu"),), 1, 1000)

Columns = tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Hold an enrolled agent."""

    pk: int
    id: str
    shard: str
    key: bytes
    asset: str


def enrol(engine: Engine, hostname: str = "may-tinh-01", now_ms: int = MIDNIGHT) -> Known:
    """Enrol an agent by the real path."""
    token = access.add_token(engine, Purpose.ENROL, now_ms, lives_ms=60_000, uses=1)
    grant = enrolment.Grant(now_ms, b"k" * 32, unsigned)
    given = enrolment.enrol(engine, token, Asked(hostname=hostname), grant, here=True)
    assert isinstance(given, enrolment.Enrolled)
    with engine.connect() as connection:
        columns = tables.agents.c
        pk, asset = connection.execute(select(columns.pk, columns.asset_id).where(columns.id == given.agent)).one()
    return Known(pk, given.agent, given.shard, given.key, asset)


def unsigned(_request: bytes, _agent: str) -> bytes:
    """Stand where the authority signs, for agents that ask for no certificate."""
    raise AssertionError("nobody asked for a certificate")


def samples(
    seq: int, time: int, at: tuple[int, ...], columns: Columns, series: tuple[Series, ...] = (UPTIME,)
) -> Samples:
    """Return a samples record of the test stream."""
    return Samples(Place(STREAM, seq), Stamp(BOOT, time, 1000), at, series, columns)


def arrival(agent: Known, record: Record) -> Arrival:
    """Return a record as the broker delivers it."""
    topic, payload = Address(agent.id, agent.shard).up, encode(record)
    return Arrival(topic, payload, sign(agent.key, topic, payload))


def pipeline(engine: Engine, now_ms: int) -> Pipeline:
    """Return the intake's pipeline at a fixed time."""
    return Pipeline(SqlIntakeStore(engine), Meters(CollectorRegistry()), lambda: now_ms)


def take(engine: Engine, agent: Known, *records: Record, now_ms: int = MIDNIGHT) -> list[Outgoing]:
    """Commit records by the real path."""
    return pipeline(engine, now_ms).process([arrival(agent, record) for record in records])


def put(store: Engine, agent: Known, *records: Samples, shift_ms: int = 0, mark: int = 0) -> None:
    """Commit reports at corrected times, as the intake does once it has judged their clocks."""
    intake = SqlIntakeStore(store)
    opened = intake.open_stream(agent.pk, STREAM, MIDNIGHT)
    rows = Rows(at=MIDNIGHT)
    for record in records:
        assert record.place is not None
        first = record.stamp.time + shift_ms
        last = first + record.at[-1] * 1000
        row = (opened.pk, record.place.seq, agent.pk, last, first, last, mark, shift_ms, encode(record))
        rows.reports.append(ReportRow(*row))
    intake.commit(rows)


def reports_left(store: Engine) -> int:
    """Return how many reports are packed into no chunk yet."""
    with store.connect() as connection:
        return connection.execute(select(func.count()).select_from(tables.reports)).scalar_one()


def assert_problem(answer: Response, status: int) -> None:
    """Demand a problem document of this status (RFC 9457)."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert sorted(body) == ["detail", "status", "title", "type"]
    assert body["status"] == status

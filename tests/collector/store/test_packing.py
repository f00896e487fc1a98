"""Packing loses nothing, doubles nothing and stops for nobody, whatever it finds."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, event, insert, select

from machxa_collector.intake.admit import Arrival
from machxa_collector.intake.rows import ReportRow, Rows
from machxa_collector.store import samples, tables
from machxa_collector.store.compaction import GRACE_MS, KEPT_DAYS, Compacted, compact, retain
from machxa_collector.store.intake import SqlIntakeStore
from machxa_collector.store.queries import ledger, list_quarantine
from machxa_collector.store.samples import RAW, Curve
from machxa_wire.encode import encode_plain
from machxa_wire.mac import sign
from machxa_wire.records import Facts, Place, Stamp
from machxa_wire.topics import Address
from tests.collector.builders import (
    DAY,
    DAY_MS,
    MIDNIGHT,
    STREAM,
    TEMPERATURE,
    UPTIME,
    Known,
    enrol,
    pipeline,
    put,
    reports_left,
    take,
)
from tests.collector.builders import samples as batch

CLOSED = MIDNIGHT + DAY_MS + GRACE_MS
WHOLE_DAY = (MIDNIGHT, MIDNIGHT + DAY_MS)
SERIES = (UPTIME, TEMPERATURE)


def test_a_run_killed_before_its_commit_loses_nothing_and_doubles_nothing(
    place: str, store: Engine, agent: Known
) -> None:
    put(store, agent, batch(1, MIDNIGHT, (0, 60), ((1, 2),)))
    code = f"""
from machxa_collector.store.compaction import compact
from machxa_collector.store.engine import open_store
compact(open_store({place!r}), {CLOSED})
"""
    environment = {"MACHXA_CRASH": "in_compaction_before_commit", "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", code], env=environment, timeout=60, check=False)
    left = reports_left(store)

    done = compact(store, CLOSED)

    assert killed.returncode != 0
    assert (left, done) == (1, Compacted(1, 1))
    assert samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, RAW)[0].columns == {"": (1, 2)}


def test_a_day_of_many_reports_is_packed_in_several_steps(store: Engine, agent: Known) -> None:
    put(store, agent, *(batch(n + 1, MIDNIGHT + n * 60_000, (0,), ((n,),)) for n in range(700)))

    done = compact(store, CLOSED)

    (curve,) = samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, RAW)
    assert (done.reports, reports_left(store)) == (700, 0)
    assert curve.columns[""] == tuple(range(700))


def test_agents_with_nothing_to_pack_are_not_asked_one_by_one(store: Engine, agent: Known) -> None:
    for number in range(20):
        enrol(store, f"idle-{number}")
    put(store, agent, batch(1, MIDNIGHT + DAY_MS, (0,), ((1,),)))  # of the open day
    asked: list[str] = []
    event.listen(store, "before_cursor_execute", lambda *told: asked.append(told[2]))

    done = compact(store, CLOSED)

    assert (done, reports_left(store)) == (Compacted(0, 0), 1)
    assert len([one for one in asked if "FROM reports" in one]) <= 2  # who has any, and the one left above


def test_a_report_that_only_the_wire_itself_can_read_is_read_and_packed(store: Engine, agent: Known) -> None:
    odd = encode_plain(batch(1, MIDNIGHT, (0, 0, 60), ((1, 7, 2),)))[:-1] + b',"unknown":"\\ud800"}'
    topic = Address(agent.id, agent.shard).up
    pipeline(store, MIDNIGHT).process([Arrival(topic, odd, sign(agent.key, topic, odd))])
    before = samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, RAW)

    done = compact(store, CLOSED)

    assert done == Compacted(1, 1)
    assert before == (Curve((), (MIDNIGHT, MIDNIGHT + 60_000), {"": (1, 2)}),)
    assert samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, RAW) == before


def test_a_stored_report_that_nobody_can_read_is_set_aside_and_stops_no_other(store: Engine, agent: Known) -> None:
    put(store, agent, batch(1, MIDNIGHT, (0,), ((1,),)))
    intake = SqlIntakeStore(store)
    stream = intake.open_stream(agent.pk, STREAM, MIDNIGHT).pk
    damaged = ReportRow(stream, 2, agent.pk, MIDNIGHT, MIDNIGHT, MIDNIGHT, 0, 0, b"\x00damaged")
    intake.commit(Rows(at=MIDNIGHT, reports=[damaged]))

    shown = samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, RAW)
    done = compact(store, CLOSED)

    ((at, _, told, reason, detail, size),) = list_quarantine(store, 10)
    assert [curve.columns for curve in shown] == [{"": (1,)}]
    assert done == Compacted(2, 1)
    assert (at, told, reason, size) == (CLOSED, agent.id, "internal", 8)
    assert detail.startswith("stored report: json")


def test_a_damaged_day_of_one_agent_keeps_no_other_from_being_packed(store: Engine, agent: Known) -> None:
    other = enrol(store, "may-tinh-02")
    put(store, agent, batch(1, MIDNIGHT, (0,), ((1,),)))
    put(store, other, batch(1, MIDNIGHT, (0,), ((1,),)))
    with store.begin() as connection:
        connection.execute(insert(tables.chunks).values(agent_pk=agent.pk, resolution=RAW, day=DAY, blob=b"damaged"))

    done = compact(store, CLOSED)

    assert (done, reports_left(store)) == (Compacted(1, 1), 1)


def test_the_books_of_a_stream_outlive_the_packing(store: Engine, agent: Known) -> None:
    take(store, agent, batch(1, MIDNIGHT, (0,), ((1,),)), batch(3, MIDNIGHT + 60_000, (0,), ((1,),)))
    before = ledger(store, agent.id)

    compact(store, CLOSED)

    assert ledger(store, agent.id) == before
    assert before is not None
    assert (before[0].received, before[0].missing) == (2, ((2, 2),))


def test_each_resolution_is_forgotten_after_its_own_time(store: Engine, agent: Known) -> None:
    put(store, agent, batch(1, MIDNIGHT, (0,), ((1,),)))
    compact(store, CLOSED)
    last_raw_day = MIDNIGHT + KEPT_DAYS[RAW] * DAY_MS

    kept = retain(store, last_raw_day)
    forgotten = retain(store, last_raw_day + DAY_MS)

    assert (kept, forgotten) == (0, 1)
    assert samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, RAW) == ()
    assert samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, 300)[0].columns["last"] == (1,)
    assert retain(store, MIDNIGHT + (KEPT_DAYS[3600] + 1) * DAY_MS) == 2


def test_what_a_wrong_clock_dated_before_its_agent_was_enrolled_is_not_forgotten_for_its_age(
    store: Engine, agent: Known
) -> None:
    dead_battery = MIDNIGHT - 14 * 365 * DAY_MS
    put(store, agent, batch(1, dead_battery, (0,), ((1,),)))
    compact(store, CLOSED)

    assert retain(store, CLOSED) == 0

    span = (dead_battery, dead_battery + DAY_MS)
    assert samples.read(store, agent.pk, "system.uptime", span, RAW)[0].columns == {"": (1,)}


def test_facts_that_only_repeat_are_forgotten_but_the_first_and_the_newest(store: Engine, agent: Known) -> None:
    other = enrol(store, "may-tinh-02")
    for day, model in enumerate(["A", "A", "A", "B", "A", "A", "A"]):
        stamp = Stamp("0badcafe.1", MIDNIGHT + day * DAY_MS, 0)
        for one in (agent, other):
            told = Facts(Place(STREAM, day + 1), stamp, {"bios": {"smodel": model}})
            take(store, one, told, now_ms=MIDNIGHT + day * DAY_MS)

    retain(store, MIDNIGHT)
    retain(store, MIDNIGHT)

    with store.connect() as connection:
        columns = tables.facts.c
        query = select(columns.seq).where(columns.agent_pk == agent.pk).order_by(columns.seq)
        assert connection.execute(query).scalars().all() == [1, 4, 5, 7]


def test_what_is_read_while_a_day_is_packed_is_whole(store: Engine, agent: Known) -> None:
    put(store, agent, *(batch(n + 1, MIDNIGHT + n * 60_000, (0,), ((n,),)) for n in range(1400)))
    expected = samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, RAW)

    with ThreadPoolExecutor(1) as pool:
        packing = pool.submit(compact, store, CLOSED)
        answers = [samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, RAW)]
        while not packing.done():
            answers.append(samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, RAW))

    assert packing.result() == Compacted(1400, 5)
    assert all(answer == expected for answer in answers)
    assert len(answers) > 1

"""A boot whose hello nobody took in is asked for it, and its times are placed from then on."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine, select

from machxa_collector.intake.clock import Mark
from machxa_collector.store import tables
from machxa_wire.downward import decode_ack
from machxa_wire.records import Event, Hello, Place, Stamp
from tests.collector.builders import BOOT, MIDNIGHT, STREAM, Known, samples, take

STAMP = Stamp(BOOT, MIDNIGHT, 1000)


def test_a_hello_that_died_with_its_intake_is_asked_for_until_it_comes(store: Engine, agent: Known) -> None:
    before = Event(Place(STREAM, 1), replace(STAMP, boot="0badcafe.0"), "system.boot", {})
    hello = Hello(STAMP, STREAM, 3, 0, 0, "pc", {}, None)
    second, third, fourth = (samples(seq, MIDNIGHT, (0,), ((seq,),)) for seq in (2, 3, 4))

    told = [take(store, agent, one)[0] for one in (before, second, third, hello, fourth)]

    assert [decode_ack(one.payload).hello for one in told] == ["0badcafe.0", BOOT, BOOT, None, None]
    with store.connect() as connection:
        marks = connection.execute(select(tables.reports.c.mark).order_by(tables.reports.c.seq)).scalars().all()
    assert list(marks) == [Mark.UNVERIFIED, Mark.UNVERIFIED, Mark.TRUSTED]


def test_a_hello_among_the_records_of_its_boot_answers_before_it_is_asked_for(store: Engine, agent: Known) -> None:
    hello = Hello(STAMP, STREAM, 1, 0, 0, "pc", {}, None)

    told = take(store, agent, samples(1, MIDNIGHT, (0,), ((1,),)), hello)

    assert decode_ack(told[0].payload).hello is None

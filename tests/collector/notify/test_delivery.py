"""A channel's thread outlives what fails in it, and its waits are told by no clock that somebody may set."""

from __future__ import annotations

import threading

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from machxa_collector.notify.delivery import Delivery
from machxa_collector.notify.ways.carrying import Letter, NotDelivered
from machxa_collector.notify.ways.settings import Settings
from machxa_collector.store import channels
from tests.collector.notify.centre import SEALS, Centre, Post
from tests.collector.notify.incidents import incident

HOOK = {"url": "https://sms.example.vn/hook/s3cret"}


def owing(centre: Centre) -> None:
    centre.channel("sms", "webhook", HOOK, {"scope": "nation"})
    centre.note(incident())
    centre.composer.turn(centre.now)


def test_a_defect_while_the_store_cannot_ends_no_thread(centre: Centre) -> None:
    def fails(_settings: Settings, _letter: Letter) -> None:
        event.listen(centre.store, "before_cursor_execute", locked)
        raise ZeroDivisionError

    def locked(*_said: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    owing(centre)
    centre.send = fails
    centre.delivery.drain("sms")
    event.remove(centre.store, "before_cursor_execute", locked)

    assert centre.count("machxa_notify_defects_total") == 1
    centre.send = post = Post()
    centre.now += 30_000
    centre.delivery.drain("sms")
    assert len(post.sent) == 1


def test_a_message_is_stuck_by_time_that_passed_and_not_by_the_clock(centre: Centre) -> None:
    moment, sending, over = [0.0], threading.Event(), threading.Event()

    def hangs(_settings: Settings, _letter: Letter) -> None:
        sending.set()
        over.wait(20.0)

    owing(centre)
    delivery = Delivery(centre.store, SEALS, lambda: centre.now, centre.meters, hangs, lambda: 0.0, lambda: moment[0])
    errors = []
    try:
        delivery.look()
        assert sending.wait(20.0)
        for clock_ms, seconds in ((86_400_000, 1.0), (-172_800_000, 121.0)):
            centre.now += clock_ms
            moment[0] = seconds
            delivery.look()
            known = channels.one(centre.store, "sms")
            assert known is not None
            errors.append(known.error)
    finally:
        over.set()
        for thread in threading.enumerate():
            if thread.name == "notify sms":
                thread.join(20.0)

    assert errors == [None, "a message is stuck: the other side answers drop by drop"]


def test_a_clock_that_was_set_back_holds_up_no_message_and_no_channel(centre: Centre) -> None:
    sent = threading.Event()
    owing(centre)
    centre.send = Post(fault=NotDelivered("down"))
    centre.delivery.one("sms")
    centre.now -= 86_400_000
    centre.send = lambda _settings, _letter: sent.set()

    centre.delivery.look()
    for thread in threading.enumerate():
        if thread.name == "notify sms":
            thread.join(20.0)

    assert sent.is_set()

"""What a channel does not take is tried again, bounded, counted, and told by another way; a dead one is an incident."""

from __future__ import annotations

from dataclasses import replace

import pytest

from machxa_collector.incidents.words import Cause
from machxa_collector.judging.driver import Judging
from machxa_collector.notify.ways.carrying import NotDelivered
from machxa_collector.store import channels, outbox, tables
from machxa_collector.store.registry import LiveRegistry
from tests.collector.notify.centre import SEALS, Centre, Post
from tests.collector.notify.incidents import at, incident

MAIL = {"host": "mail.tinh.gov.vn", "sender": "machxa@tinh.gov.vn"}
HOOK = {"url": "https://sms.example.vn/hook/s3cret"}


def test_a_channel_that_fails_is_left_alone_longer_each_time_and_gives_up_in_the_end(centre: Centre) -> None:
    centre.send = post = Post(fault=NotDelivered("the server did not answer within 10 s"))
    centre.channel("sms", "webhook", HOOK, {"scope": "nation"})
    centre.note(incident())
    centre.composer.turn(centre.now)
    pauses = []
    for _ in range(4):
        centre.delivery.one("sms")
        known = channels.one(centre.store, "sms")
        assert known is not None
        pauses.append((known.next_at - centre.now) // 1000)
        centre.now = known.next_at
    assert pauses == [15, 30, 60, 120]

    for _ in range(20):
        centre.now += 7_200_000
        centre.delivery.one("sms")

    [message] = centre.mine("channel/sms")
    assert (message.state, message.tries) == ("failed", 12)
    assert centre.count("machxa_notify_failed_total", channel="sms", final="yes") == 1
    assert post.sent == []


def test_a_message_that_is_refused_for_itself_is_given_up_and_the_channel_lives(centre: Centre) -> None:
    centre.send = Post(fault=NotDelivered("every address refused with [550]", is_final=True))
    centre.channel("mail", "email", MAIL)
    centre.wish("mail", "gone@tinh.gov.vn")
    centre.note(incident())
    centre.turn("09:05")

    known = channels.one(centre.store, "mail")
    assert known is not None
    assert (known.failures, [one.error for one in centre.mine()]) == (0, ["every address refused with [550]"])


def test_yesterday_s_messages_are_not_sent_when_a_channel_is_back(centre: Centre) -> None:
    centre.send = post = Post()
    centre.channel("sms", "webhook", HOOK, {"scope": "nation"})
    centre.note(incident())
    centre.composer.turn(centre.now)
    centre.now = at("09:06", 11)
    centre.delivery.one("sms")

    assert post.sent == []
    assert [one.error for one in centre.mine("channel/sms")] == ["too_old"]


def test_the_outbox_of_a_channel_is_bounded_and_what_does_not_fit_is_still_shown(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_WAITING", 2)
    centre.send = Post(fault=NotDelivered("down"))
    centre.channel("sms", "webhook", HOOK)
    centre.wish("sms")
    for number in range(1, 5):
        centre.note(incident(number))
        centre.composer.turn(centre.now + number)

    assert [(one.state, one.error) for one in centre.mine()][-2:] == [("failed", "outbox_full")] * 2
    assert outbox.depths(centre.store) == {"sms": 2}


def test_a_dead_channel_is_told_by_another_way_and_delivers_again(centre: Centre) -> None:
    centre.send = post = Post(fault=NotDelivered("down"))
    centre.channel("sms", "webhook", HOOK, {"scope": "nation"})
    centre.note(incident())
    began = centre.now
    centre.composer.turn(centre.now)
    for _ in range(8):
        centre.delivery.one("sms")
        centre.now += 120_000
    assert centre.delivery.dead() == {"sms": began}

    dead = incident(7, subject="channel/sms", state="undelivered", cause=Cause.UNKNOWN, units=("?",))
    centre.note(dead)
    centre.composer.turn(centre.now)
    assert centre.subjects()[-1] == "[P2] Kênh thông báo không gửi được: sms (09:00)"
    assert [(one.channel, one.state) for one in centre.mine("channel/sms")][-1] == (None, "shown")

    post.fault = None
    centre.now += 3_600_000
    centre.turn()
    assert centre.delivery.dead() == {}
    assert len(post.sent) == 1


def test_a_stopped_channel_is_no_incident_and_settings_that_do_not_open_are_one(centre: Centre) -> None:
    centre.channel("sms", "webhook", HOOK, {"scope": "nation"})
    centre.note(incident())
    centre.composer.turn(centre.now)
    with centre.store.begin() as connection:
        connection.execute(tables.notify_channels.update().values(sealed=b"nothing that opens"))
    for _ in range(8):
        centre.delivery.one("sms")
        centre.now += 120_000
    assert set(centre.delivery.dead()) == {"sms"}

    known = channels.one(centre.store, "sms")
    assert known is not None
    assert known.error == "the channel's settings cannot be opened: set them again"
    with centre.store.begin() as connection:
        channels.put(connection, SEALS, replace(known, enabled=False), HOOK)
    assert centre.delivery.dead() == {}


def test_a_dead_channel_becomes_an_incident_of_the_judgement_and_others_are_told(centre: Centre) -> None:
    centre.send = Post(fault=NotDelivered("down"))
    centre.channel("sms", "webhook", HOOK, {"scope": "nation"})
    live = LiveRegistry(centre.store)
    judging = Judging(centre.store, live, lambda: centre.now, monotonic=lambda: centre.now / 1000)
    judging.undelivered = centre.delivery.dead
    centre.note(incident())
    for clock in ("09:05", "09:06", "09:08", "09:16", "09:17", "09:23"):
        centre.turn(clock)
        judging.turn()
    centre.turn("09:24")

    [first, dead] = centre.subjects()
    assert first == "[P2] Mất đường truyền: Xã Châu Thành (09:00)"
    assert dead == "[P3] Kênh thông báo không gửi được: sms (09:05)"
    assert [one.channel for one in centre.mine("channel/sms")] == ["sms", None]

    centre.send = Post()
    for clock in ("09:50", "10:10"):
        centre.turn(clock)
        judging.turn()
    centre.turn("10:11")
    assert centre.subjects()[-1].startswith("[Xong] Kênh thông báo không gửi được: sms (09:05 - ")

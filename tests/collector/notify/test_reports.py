"""Reports come by themselves once a period, through a real mail server, with their files or a link; nothing is lost."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from sqlalchemy import event

from machxa_collector.effects.facts import Facts
from machxa_collector.notify import report_making
from machxa_collector.notify.reports import Reporter
from machxa_collector.notify.ways.carrying import NotDelivered
from machxa_collector.registry.people import Reach, Role, Scope
from machxa_collector.store import people, schedules
from machxa_collector.store.people import NewPerson
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.store.schedules import Run, Schedule
from tests.collector.notify.centre import Centre, Post
from tests.collector.notify.incidents import at
from tests.collector.notify.servers import mail_server
from tests.collector.notify.test_ways import email

UNIT, PROVINCE = "29374", "86"
MONDAY, FIRST = "07:30", 2  # of March 2026: a Monday, and the first working day of the month


def person(centre: Centre, scope: Scope, id_: str = "lan") -> str:
    new = NewPerson(login=id_, name=id_, roles=frozenset({Role.LEADER}), scope=scope)
    with centre.store.begin() as connection:
        people.add(connection, id_, new, "test", centre.now)
    return f"person/{id_}"


def one_unit(*codes: str) -> Scope:
    return Scope(reach=Reach.COMMUNE, codes=frozenset(codes))


def schedule(centre: Centre, who: str, kind: str = "monthly", unit: str = UNIT, *, paused: bool = False) -> int:
    since = at("08:00", 1)
    new = Schedule(
        pk=0, recipient=who, kind=kind, unit=unit, minute=450, attach=True, paused=paused, since=since, made_at=since,
        made_by="test",
    )  # fmt: skip
    with centre.store.begin() as connection:
        return schedules.add(connection, new)


@pytest.fixture
def reporter(centre: Centre) -> Reporter:
    live = LiveRegistry(centre.store)
    return Reporter(live, Facts(live, lambda: centre.now), lambda: centre.now, centre.meters)


def turn(centre: Centre, reporter: Reporter, clock: str, day: int) -> None:
    centre.now = at(clock, day)
    reporter.turn()
    centre.turn()


def run(centre: Centre, pk: int) -> Run:
    return schedules.last(centre.store, pk, 1)[0]


def test_a_leader_s_sheet_comes_by_mail_with_its_file_once_on_the_first_working_day(
    centre: Centre, reporter: Reporter, tmp_path: Path
) -> None:
    who = person(centre, one_unit(UNIT))
    pk = schedule(centre, who)
    with mail_server(tmp_path, "starttls") as box:
        centre.channel("thu", "email", email(box, "starttls"))
        centre.wish("thu", "lan@xa.gov.vn", who)
        turn(centre, reporter, "07:29", FIRST)
        before = len(box.got)
        for clock in ("07:30", "07:31", "16:00"):
            turn(centre, reporter, clock, FIRST)

    assert (before, len(box.got)) == (0, 1)
    mail = box.got[0]
    assert mail["Subject"] == "Phiếu tháng 02/2026: Xã Châu Thành"
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "phieu-thang-2026-02-29374.docx"
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(file.get_content())).paragraphs)
    assert "PHIẾU THÁNG CỦA THỦ TRƯỞNG ĐƠN VỊ" in text
    body = mail.get_body()
    assert body is not None
    assert "/api/v1/outputs/1.html" in body.get_content()
    done = run(centre, pk)
    assert (done.state, done.sent, done.documents, done.period) == ("made", "sent", 1, "2026-02")


def test_what_was_made_is_known_by_one_question_and_is_not_made_again_after_the_clock_was_set_back(
    centre: Centre, reporter: Reporter
) -> None:
    pks = [schedule(centre, person(centre, one_unit(UNIT), f"lan{number}")) for number in range(4)]
    turn(centre, reporter, MONDAY, FIRST)
    asked: list[str] = []
    event.listen(centre.store, "before_cursor_execute", lambda *told: asked.append(told[2]))
    reporter.turn()
    questions = sum("report_runs" in one for one in asked)
    (made,) = schedules.last(centre.store, pks[0], 9)
    with centre.store.begin() as connection:  # an older period that was looked at later
        schedules.put(connection, replace(made, period="2025-12"))

    reporter.turn()

    assert (questions, made.state, made.tries) == (1, schedules.MADE, 1)
    assert [(one.period, one.tries) for one in schedules.last(centre.store, pks[0], 9)] == [
        ("2025-12", 1),
        (made.period, 1),
    ]


def test_after_three_weeks_down_one_brief_comes_and_names_the_weeks_left_out(
    centre: Centre, reporter: Reporter
) -> None:
    who = person(centre, Scope(reach=Reach.PROVINCE, codes=frozenset({PROVINCE})))
    pk = schedule(centre, who, "brief", PROVINCE)

    turn(centre, reporter, "09:00", 25)
    turn(centre, reporter, "10:00", 25)

    (message,) = centre.mine(who)
    told = message.body["vi"]
    assert isinstance(told, dict)
    assert told["subject"] == "Bản tin tuần từ 16/03 đến 22/03/2026: Tỉnh Vĩnh Long"
    assert "3 kỳ trước không gửi vì trung tâm không chạy lúc đến hạn (2026-W09, 2026-W10, 2026-W11)" in told["text"]
    assert (run(centre, pk).sent, message.channel) == ("shown", None)


def test_what_the_mail_server_refuses_for_now_is_tried_again_for_a_week_and_goes_once(
    centre: Centre, reporter: Reporter
) -> None:
    who = person(centre, one_unit(UNIT))
    pk = schedule(centre, who)
    centre.channel("thu", "email", {"host": "mail.tinh.gov.vn", "sender": "machxa@tinh.gov.vn"})
    centre.wish("thu", "lan@xa.gov.vn", who)
    post = Post(fault=NotDelivered("the server did not answer within 10 s"))
    centre.send = post
    for day in range(FIRST, FIRST + 5):
        turn(centre, reporter, "07:30", day)
    waiting = run(centre, pk)

    post.fault = None
    turn(centre, reporter, "08:30", FIRST + 5)
    turn(centre, reporter, "09:30", FIRST + 5)

    assert (waiting.sent, waiting.error) == ("waiting", "the server did not answer within 10 s")
    assert [len(letter.files) for letter in post.sent] == [1]
    assert run(centre, pk).sent == "sent"


def test_a_defect_while_making_is_seen_and_tried_again_later(
    centre: Centre, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = schedule(centre, person(centre, one_unit(UNIT)))
    with monkeypatch.context() as broken:
        broken.setitem(report_making._OF_MONTH, "monthly", None)
        turn(centre, reporter, "07:30", FIRST)
        turn(centre, reporter, "07:31", FIRST)
    failed = run(centre, pk)

    turn(centre, reporter, "07:40", FIRST)

    assert (failed.state, failed.error, failed.tries) == ("waiting", "defect", 1)
    assert (run(centre, pk).state, run(centre, pk).error) == ("made", None)


@pytest.mark.parametrize(
    ("scope", "kind", "unit", "error"),
    [
        (one_unit("29398"), "monthly", UNIT, "not_allowed"),
        (Scope(reach=Reach.PROVINCE, codes=frozenset({PROVINCE})), "monthly", PROVINCE, "no_units"),
    ],
    ids=["may not see the unit any more", "nothing is watched in the province"],
)
def test_what_cannot_be_made_says_why_and_is_not_tried_again(
    centre: Centre, reporter: Reporter, scope: Scope, kind: str, unit: str, error: str
) -> None:
    pk = schedule(centre, person(centre, scope), kind, unit)

    turn(centre, reporter, "07:30", FIRST)
    turn(centre, reporter, "16:30", FIRST)

    assert (run(centre, pk).state, run(centre, pk).error, run(centre, pk).tries) == ("failed", error, 1)


def test_what_is_held_comes_not_and_what_was_due_meanwhile_is_not_made_up_for(
    centre: Centre, reporter: Reporter
) -> None:
    who = person(centre, one_unit(UNIT))
    pk = schedule(centre, who, paused=True)
    turn(centre, reporter, "07:30", FIRST)

    with centre.store.begin() as connection:
        schedules.pause(connection, pk, at("12:00", FIRST), paused=False)
    turn(centre, reporter, "12:01", FIRST)

    assert schedules.last(centre.store, pk, 5) == []
    assert centre.mine(who) == []


def test_too_large_files_are_linked_to(centre: Centre, reporter: Reporter, monkeypatch: pytest.MonkeyPatch) -> None:
    who = person(centre, one_unit(UNIT))
    schedule(centre, who)
    centre.channel("thu", "email", {"host": "mail.tinh.gov.vn", "sender": "machxa@tinh.gov.vn"})
    centre.wish("thu", "lan@xa.gov.vn", who)
    centre.send = post = Post()
    monkeypatch.setattr(report_making, "MOST_BYTES", 1000)

    turn(centre, reporter, "07:30", FIRST)

    (letter,) = post.sent
    assert letter.files == ()
    assert "quá lớn hoặc quá nhiều" in letter.text

"""One notice for one cause to each who may see it, as they wish, kept in the store until it is passed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.acts import Act, ActKind
from machxa_collector.incidents.words import Cause, Told
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.units import Unit, Units
from machxa_collector.store import channels, incidents, outbox, tables
from tests.collector.notify.centre import LINK, Centre, Post, over
from tests.collector.notify.incidents import at, incident

MAIL = {"host": "mail.tinh.gov.vn", "sender": "machxa@tinh.gov.vn"}
HOOK = {"url": "https://sms.example.vn/hook/s3cret"}
P1, P2, P3, P4 = Severity


def test_an_incident_is_told_once_and_its_end_once_whatever_is_judged_again(centre: Centre) -> None:
    one = incident()
    assert [centre.note(one), centre.note(one)] == [True, False]
    centre.turn("09:05")
    centre.turn("09:06")
    centre.note(over(one, "09:40"), Told.ENDED)
    centre.turn("09:52")
    centre.note(over(one, "09:40"), Told.ENDED)
    centre.turn("09:55")

    assert centre.subjects() == [
        "[P2] Mất đường truyền: Xã Châu Thành (09:00)",
        "[Xong] Mất đường truyền: Xã Châu Thành (09:00 - 09:40)",
    ]


def test_what_comes_again_within_minutes_was_never_called_over(centre: Centre) -> None:
    one = incident()
    centre.note(one)
    centre.turn("09:05")
    centre.note(over(one, "09:40"), Told.ENDED)
    centre.turn("09:45")
    incidents.save(centre.store, [replace(one, spells=2)])
    centre.turn("12:00")
    assert len(centre.mine()) == 1

    incidents.save(centre.store, [replace(over(one, "12:30"), spells=2)])
    centre.turn("12:45")

    assert centre.subjects()[1:] == ["[Xong] Mất đường truyền: Xã Châu Thành (09:00 - 12:30)"]


def test_what_was_noted_before_a_kill_is_told_after_the_next_start(centre: Centre) -> None:
    centre.note(incident())

    after = Centre(centre.store, centre.known)
    after.turn("09:10")

    assert len(after.mine()) == 1


def test_a_revised_cause_is_an_update_of_the_same_incident(centre: Centre) -> None:
    one = incident(cause=Cause.POWER_OR_LINE)
    centre.note(one)
    centre.turn("09:05")
    centre.note(replace(one, cause=Cause.POWER, first_cause=Cause.POWER_OR_LINE), Told.REVISED)
    centre.turn("09:30")

    assert centre.subjects()[1] == "[P2, rõ nguyên nhân] Mất điện: Xã Châu Thành (09:00)"


def test_who_asks_for_p1_alone_hears_of_an_incident_once_it_has_grown(centre: Centre) -> None:
    centre.wish(None, least="P1")
    one = incident()
    centre.note(one)
    centre.turn("09:05")
    assert centre.mine() == []

    incidents.save(centre.store, [replace(one, severity=P1)])
    centre.turn("09:20")
    centre.turn("09:25")

    assert centre.subjects() == ["[P1, nặng hơn] Mất đường truyền: Xã Châu Thành (09:00)"]


def test_small_things_come_in_one_digest_as_they_are_by_then(centre: Centre) -> None:
    many = [incident(number, P4) for number in range(1, 4)]
    for one in many:
        centre.note(one)
    centre.turn("09:05")
    centre.note(over(many[0], "10:00"), Told.ENDED)
    centre.turn("10:11")
    assert centre.mine() == []

    centre.turn("16:31")
    centre.turn("17:00")

    [digest] = centre.mine()
    assert (digest.kind, centre.subjects()) == ("digest", ["Tổng hợp: 3 sự cố, nặng nhất P4"])
    assert "(Xong)" in str(digest.body["vi"])


def test_over_the_budget_everything_else_comes_joined_and_the_last_message_says_so(centre: Centre) -> None:
    for number in range(1, 11):
        centre.note(incident(number))
        centre.turn(f"09:{number + 10}")
    assert len(centre.mine()) == 8
    assert "phần còn lại gộp vào tin tổng hợp lúc 16:30" in str(centre.mine()[-1].body["vi"])

    centre.turn("16:30")

    assert centre.subjects()[-1] == "Tổng hợp: 2 sự cố, nặng nhất P2"
    assert centre.count("machxa_notify_decided_total", way="later", why="budget") == 2


def test_what_somebody_closed_or_merged_tells_nothing_more(centre: Centre) -> None:
    one = incident()
    centre.note(one)
    centre.turn("09:05")
    act = Act(at=centre.now, actor="lan", kind=ActKind.MERGE, detail={"into": "bb" * 8})
    incidents.add_act(centre.store, one.id, act, Entry(at=centre.now, actor="lan", action="incident.merge"))
    centre.note(replace(one, cause=Cause.POWER), Told.REVISED)
    centre.turn("09:10")

    assert len(centre.mine()) == 1
    assert centre.count("machxa_notify_decided_total", way="dropped", why="merged") == 1


def test_a_person_s_mail_goes_to_their_own_sealed_address(centre: Centre) -> None:
    centre.send = post = Post()
    centre.channel("mail", "email", MAIL)
    centre.wish("mail", "lan@tinh.gov.vn", language="en")
    centre.note(incident())
    centre.turn("09:05")

    [letter] = post.sent
    assert (letter.to, letter.subject) == (("lan@tinh.gov.vn",), "[P2] Line down: Xã Châu Thành (09:00)")
    with centre.store.connect() as connection:
        row = connection.execute(select(tables.notify_wishes)).one()
        kept = connection.execute(select(tables.notify_channels.c.sealed)).scalar_one()
    assert b"lan@" not in row.address
    assert b"mail.tinh" not in kept
    assert [one.state for one in centre.mine()] == ["sent"]


def test_who_chose_mail_without_an_address_is_told_in_app(centre: Centre) -> None:
    centre.channel("mail", "email", MAIL)
    centre.wish("mail")
    centre.note(incident())
    centre.turn("09:05")

    assert [(one.channel, one.state) for one in centre.mine()] == [(None, "shown")]


def test_a_group_behind_a_webhook_is_told_of_its_territory_in_alertmanager_s_words(centre: Centre) -> None:
    centre.send = post = Post()
    centre.channel("sms", "webhook", HOOK, {"scope": "29374", "quiet": None, "budget": 200})
    centre.note(incident())
    centre.note(incident(2, units=("29398",), subject="29398"))
    centre.turn("09:05")

    [letter] = post.sent
    assert [one["labels"]["units"] for one in letter.body["alerts"]] == ["29374"]  # type: ignore[attr-defined] # JSON
    assert (letter.body["status"], letter.body["receiver"]) == ("firing", "sms")


def test_whoever_sees_one_unit_of_an_incident_is_told_that_there_are_others_and_not_which(centre: Centre) -> None:
    centre.send = post = Post()
    centre.channel("sms", "webhook", HOOK, {"scope": "29374", "quiet": None})
    centre.note(incident(cause=Cause.PROVIDER, subject="VNPT", units=("29374", "29398", "29401")))
    centre.turn("09:05")

    [letter] = post.sent
    assert letter.subject == "[P2] Nhà mạng có sự cố diện rộng: VNPT, Xã Châu Thành, 2 đơn vị khác (09:00)"
    assert "29398" not in str(letter.body)


def test_old_messages_and_decisions_are_forgotten(centre: Centre) -> None:
    centre.note(incident())
    centre.turn("09:05")
    later = centre.now + outbox.KEPT_MS + 1

    assert outbox.prune(centre.store, centre.now) == 0
    assert outbox.prune(centre.store, later) == 1
    with centre.store.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.notify_lines)).scalar_one() == 0


def test_what_is_read_is_read_and_others_messages_are_theirs(centre: Centre) -> None:
    centre.note(incident())
    centre.turn("09:05")
    [message] = centre.mine()

    with centre.store.begin() as connection:
        assert outbox.read(connection, "person/other", message.pk, centre.now) == 0
        assert outbox.read(connection, LINK, message.pk, centre.now) == 1
    assert outbox.unread(centre.store, LINK) == 0


def test_an_escalation_tells_the_next_once_until_somebody_acknowledges(centre: Centre) -> None:
    centre.channel("chief", "webhook", HOOK, {"scope": "nation", "least": "P1", "least_digest": "P1"})
    centre.send = post = Post()
    with centre.store.begin() as connection:
        steps = [{"after_minutes": 15, "to": ["channel/chief"]}, {"after_minutes": 60, "to": ["channel/chief"]}]
        channels.set_policy(connection, {"escalation": {"least": "P2", "steps": steps}})
    one = incident()
    centre.note(one)
    for clock in ("09:05", "09:19", "09:20", "09:21"):
        centre.turn(clock)
    act = Act(at=centre.now, actor="lan", kind=ActKind.ACKNOWLEDGE)
    incidents.add_act(centre.store, one.id, act, Entry(at=centre.now, actor="lan", action="incident.acknowledge"))
    centre.turn("10:30")

    assert [letter.subject for letter in post.sent] == ["[P2, chưa ai nhận] Mất đường truyền: Xã Châu Thành (09:00)"]


class Broken:
    """Stand for a registry that fails for one unit."""

    def __init__(self, units: Units) -> None:
        self.units = units

    def history(self, code: str) -> Sequence[Unit]:
        if code == "99999":
            raise KeyError(code)
        return self.units.history(code)

    def unit(self, code: str, day: date) -> Unit | None:
        return self.units.unit(code, day)


@pytest.mark.parametrize(
    ("units", "since", "expected"),
    [
        (("29374",), at("09:05") - 20_000, "(0:01 giờ làm việc)"),
        (("29374",), at("03:00"), "(1:35 giờ làm việc)"),
        (("?",), at("09:00"), "10/03/2026"),  # nobody knows when it works
    ],
)
def test_working_time_is_told_where_it_is_known(
    centre: Centre, units: tuple[str, ...], since: int, expected: str
) -> None:
    centre.note(incident(1, P1, units=units, started_at=since))
    centre.turn("09:05")

    told = str(centre.mine()[0].body["vi"]["text"])  # type: ignore[index] # JSON of ours
    assert next(row for row in told.splitlines() if row.startswith("Từ")).endswith(expected)


def test_a_moment_that_no_calendar_has_is_told_as_unknown(centre: Centre) -> None:
    centre.note(incident(1, started_at=10**17))
    centre.turn("09:05")

    assert centre.subjects() == ["[P2] Mất đường truyền: Xã Châu Thành (?)"]


def test_what_cannot_be_written_is_set_aside_and_the_others_are_told(centre: Centre) -> None:
    centre.known = replace(centre.known, units=Broken(centre.known.units))  # type: ignore[arg-type] # a defect of ours
    centre.note(incident(1, units=("99999",)))
    centre.note(incident(2))
    centre.note(incident(3, P4, units=("99999",)))
    centre.turn("09:05")
    centre.turn("09:06")
    centre.turn("16:31")

    assert [one.body["incidents"] for one in centre.mine()] == [[incident(2).id]]
    assert centre.count("machxa_notify_decided_total", way="dropped", why="defect") == 2


def test_a_step_to_somebody_who_is_gone_is_counted_once(centre: Centre) -> None:
    with centre.store.begin() as connection:
        steps = [{"after_minutes": 1, "to": ["person/gone"]}]
        channels.set_policy(connection, {"escalation": {"least": "P2", "steps": steps}})
    centre.note(incident())
    for clock in ("09:05", "09:10", "09:15"):
        centre.turn(clock)

    assert centre.count("machxa_notify_nobody_total") == 1

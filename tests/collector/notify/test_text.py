"""Notices say what, where, since when, what it does, what to do next, who has it, and where to look."""

from __future__ import annotations

from dataclasses import replace

import pytest

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.acts import Handling
from machxa_collector.incidents.words import Cause
from machxa_collector.notify import text, words
from machxa_collector.notify.alertmanager import alert, payload
from machxa_collector.notify.happening import Happening, Kind
from machxa_collector.notify.text import MOST_SUBJECT, Line
from tests.collector.notify.incidents import at, incident

NAMES = {"29374": ("Xã Bình Minh", "Xã Bình Minh"), "dossier": ("Phần mềm một cửa", "The one-stop software")}
BASE = "https://machxa.example.vn"
OPEN = Happening(kind=Kind.OPENED, incident=incident(), at=at("09:05"))


def said(happening: Happening, tongue: int = 0, worked: int = 65) -> text.Texts:
    return text.single(Line(happening=happening, worked_minutes=worked), NAMES.get, BASE, tongue)


def test_it_is_whole_in_vietnamese() -> None:
    found = said(OPEN)

    assert found.subject == "[P2] Mất đường truyền: Xã Bình Minh (09:00)"
    assert found.text.splitlines() == [
        "Mất đường truyền.",
        "Nơi: Xã Bình Minh",
        "Từ: 09:00 10/03/2026 (1:05 giờ làm việc)",
        "Ảnh hưởng: Đơn vị không vào được phần mềm qua mạng.",
        "Việc cần làm: Xem đèn của bộ định tuyến; gọi nhà mạng và ghi số phiếu vào sự cố.",
        "Người xử lý: chưa có ai nhận",
        "Xem: https://machxa.example.vn/incidents/0000000000000001",
    ]


def test_it_is_whole_in_english_with_who_has_it_and_the_promise() -> None:
    handling = Handling(owner="lan.it", until=at("10:30"), overruled=Cause.POWER)
    found = said(replace(OPEN, handling=handling, kind=Kind.REVISED), 1, 0)

    assert found.subject == "[P2, cause now known] Power cut: Xã Bình Minh (09:00)"
    assert found.text.splitlines()[2] == "Since: 09:00 10/03/2026 (outside working hours so far)"
    assert found.text.splitlines()[5] == "In hand: lan.it, promised by 10:30 10/03"


def test_its_end_says_from_when_to_when_and_asks_for_nothing() -> None:
    over = incident(ended_at=at("09:40"))

    found = said(replace(OPEN, kind=Kind.ENDED, incident=over))

    assert found.subject == "[Xong] Mất đường truyền: Xã Bình Minh (09:00 - 09:40)"
    assert "Việc cần làm" not in found.text


def test_what_leaves_the_state_s_network_names_no_device_and_no_person() -> None:
    device = incident(cause=Cause.DEVICE, subject="serial-7", units=("29374",))
    happening = replace(OPEN, incident=device, handling=Handling(owner="lan.it"))

    found = said(happening)

    assert found.brief == (
        "[P2] Xã Bình Minh: có sự cố (00000000).\nXem: https://machxa.example.vn/incidents/0000000000000001"
    )
    assert "serial-7" in found.text


def test_hostile_names_stay_in_one_line_and_the_subject_short() -> None:
    system = incident(cause=Cause.PROVINCIAL_SYSTEM, subject="x\r\nBcc: a@b " + "y" * 500, units=("29374",) * 90)

    found = said(replace(OPEN, incident=system))

    assert len(found.subject) <= MOST_SUBJECT
    assert "\n" not in found.subject
    assert "90 đơn vị" in found.text


def test_a_digest_lists_the_gravest_first_and_counts_what_does_not_fit() -> None:
    many = [
        Line(happening=replace(OPEN, incident=incident(n, Severity.P4)), worked_minutes=0)
        for n in range(text.MOST_LINES + 3)
    ]
    worst = Line(happening=replace(OPEN, incident=incident(99, Severity.P1)), worked_minutes=0)

    found = text.several([*many, worst], NAMES.get, BASE, 0, is_digest=True)

    assert found.subject == "Tổng hợp: 44 sự cố, nặng nhất P1"
    assert found.text.splitlines()[0].startswith("- [P1] Mất đường truyền: Xã Bình Minh")
    assert "và 4 sự cố khác trên trang" in found.text


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_its_words_in_both_languages(cause: Cause) -> None:
    for table in (words.CAUSES, words.EFFECTS, words.STEPS):
        assert all(table[cause])


def test_a_receiver_of_alertmanager_s_json_knows_an_incident_again_when_it_ends() -> None:
    over = replace(OPEN, kind=Kind.ENDED, incident=incident(ended_at=at("09:40")))
    firing, resolved = (alert(Line(happening=one, worked_minutes=0), NAMES.get, BASE, 1) for one in (OPEN, over))

    first, last = payload("sms", [firing], 0, BASE), payload("sms", [resolved], 0, BASE)

    assert (firing["status"], resolved["status"]) == ("firing", "resolved")
    assert firing["fingerprint"] == resolved["fingerprint"]
    assert first["groupKey"] == last["groupKey"]
    assert firing["labels"] == resolved["labels"]
    assert (firing["startsAt"], firing["endsAt"]) == ("2026-03-10T02:00:00.000Z", "0001-01-01T00:00:00Z")
    assert resolved["endsAt"] == "2026-03-10T02:40:00.000Z"
    assert set(first) == {
        "version",
        "groupKey",
        "truncatedAlerts",
        "status",
        "receiver",
        "groupLabels",
        "commonLabels",
        "commonAnnotations",
        "externalURL",
        "alerts",
    }
    assert first["version"] == "4"

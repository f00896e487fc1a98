"""Three taps report a fault; what is on the screen follows from what was tapped and what the agent shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.probes import PROBES
from machxa_agent.report import pictures, sending, terminal, words
from machxa_agent.report.model import Act, Page, State, kept, over, tap, told
from machxa_agent.report.parts import Button, Code, Listing, Row, Step, Text
from machxa_agent.report.screens import clock, screen
from machxa_agent.report.shown import Sent, Shown
from machxa_agent.report.told import CATEGORIES, STAGES, SYMPTOMS, WAITING, Told, event, from_file, to_file
from machxa_agent.report.words import said as said_words
from machxa_wire.notices import Notice, Notices, Progress
from machxa_wire.records import Sample, Series

NOW = datetime(2026, 3, 2, 9, 20, tzinfo=timezone(timedelta(hours=7)))
NOW_MS = int(NOW.timestamp() * 1000)
ID = "ab" * 16
SLOW = Notice(
    "i-87", "Phần mềm một cửa chậm ở 87 xã", "One-stop software is slow", NOW_MS - 900_000, NOW_MS + 4_200_000
)
SHOWN = Shown(NOW_MS, device="quay-2", connected=True)
PRINTER = State(page=Page.MORE, category="printer", symptom="error")


def texts(state: State, shown: Shown | None = SHOWN) -> list[str]:
    return [one.words for one in screen(state, shown, NOW).parts if isinstance(one, Text)]


def buttons(state: State, shown: Shown | None = SHOWN) -> list[Button]:
    page = screen(state, shown, NOW)
    return [button for part in page.parts if isinstance(part, Row) for button in part.buttons] + list(page.foot)


def test_three_taps_are_a_report() -> None:
    state = State()
    for act, value in ((Act.CATEGORY, "printer"), (Act.SYMPTOM, "error")):
        assert (act, value) in [(one.act, one.value) for one in buttons(state)]
        state = tap(state, act, value)

    assert Act.SEND in [one.act for one in buttons(state)]
    assert told(state, "", NOW) == Told("printer", "error", NOW_MS, began_minutes=0)


def test_more_can_be_said_and_unsaid() -> None:
    state = PRINTER
    taps = [
        (Act.BEGAN, "30"),
        (Act.WAITING, "1-5"),
        (Act.WAITING, "6-20"),
        (Act.STAGE, "sign"),
        (Act.STAGE, "issue"),
        (Act.STAGE, "sign"),
        (Act.PAPER, ""),
    ]
    for act, value in taps:
        state = tap(state, act, value)

    assert told(state, " Kẹt\tgiấy ", NOW) == Told(
        "printer", "error", NOW_MS, 30, "6-20", ("issue",), note="Kẹt giấy", paper=True
    )
    chosen = {(one.act, one.value) for one in buttons(state) if one.chosen}
    assert chosen == {(Act.BEGAN, "30"), (Act.WAITING, "6-20"), (Act.STAGE, "issue"), (Act.PAPER, "")}


@pytest.mark.parametrize(("hour", "minutes"), [(9, 140), (7, 60), (5, 60), (23, 980)])
def test_this_morning_is_since_seven_and_never_less_than_an_hour(hour: int, minutes: int) -> None:
    state = tap(PRINTER, Act.BEGAN, "morning")

    assert told(state, "", NOW.replace(hour=hour)).began_minutes == minutes


@pytest.mark.parametrize("link", ["", "https://mx.tinh.example/report/s/abc"])
def test_a_report_that_the_centre_has_leads_to_its_page_for_a_photograph(link: str) -> None:
    shown = replace(SHOWN, notices=Notices(NOW_MS, reports=(Progress(ID, "received", link=link),)))

    parts = screen(State(page=Page.AFTER, category="printer", id=ID), shown, NOW).parts

    assert [one.address for one in parts if isinstance(one, Code)] == ([link] if link else [])


def test_what_is_known_stands_before_the_question_and_one_tap_says_me_too() -> None:
    shown = replace(SHOWN, notices=Notices(NOW_MS - 60_000, (SLOW,)))

    assert texts(State(), shown)[:2] == [
        "Đã biết: (theo trung tâm lúc 09:19)",
        "Phần mềm một cửa chậm ở 87 xã (từ 09:05, dự kiến xong 10:30)",
    ]
    button = next(one for one in buttons(State(), shown) if one.act is Act.ME_TOO)
    report = told(tap(State(), button.act, button.value), "", NOW)
    assert (report.incident, report.category, report.symptom, report.began_minutes) == ("i-87", "other", None, None)


@pytest.mark.parametrize(
    ("sent", "progress", "first"),
    [
        (None, None, ("Đã lưu trên máy, sẽ tự gửi khi có mạng", "Chưa ai ngoài máy này thấy.")),
        (
            Sent(ID, 1, "printer", "s", 1),
            None,
            ("Đã lưu trên máy, sẽ tự gửi khi có mạng", "Chưa ai ngoài máy này thấy."),
        ),
        (Sent(ID, 1, "printer", "s", 1, "sent"), None, ("Đã gửi", "Trung tâm đã có.")),
        (Sent(ID, 1, "printer", "s", 1, "sent"), Progress(ID, "received"), ("Đã nhận", "Trung tâm đã có.")),
        (Sent(ID, 1, "printer", "s", 1, "sent"), Progress(ID, "handling"), ("Đang xử lý", "Số: ABABABAB")),
        (Sent(ID, 1, "printer", "s", 1, "unknown"), None, ("Không rõ", "Bộ nhớ của máy này bị hỏng")),
    ],
    ids=["not yet taken", "no line", "acknowledged", "with the centre", "in somebody's hands", "a damaged outbox"],
)
def test_afterwards_it_says_how_far_the_report_is(
    sent: Sent | None, progress: Progress | None, first: tuple[str, str]
) -> None:
    notices = Notices(1, reports=() if progress is None else (progress,), hotline="1022")
    shown = replace(SHOWN, reports=() if sent is None else (sent,), notices=notices)

    told_ = texts(kept(PRINTER, ID), shown)

    assert (told_[0], told_[1][: len(first[1])]) == first
    assert "Số: ABABABAB" in told_
    assert "Cần gấp, gọi: 1022" in told_
    steps = [one.words for one in screen(kept(PRINTER, ID), shown, NOW).parts if isinstance(one, Step)]
    assert steps[0] == "1. Xem giấy, mực, nắp máy in"


def test_a_report_that_could_not_be_kept_is_never_called_kept() -> None:
    assert texts(kept(PRINTER, "")) == [
        "Chưa lưu được gì trên máy này, trung tâm chưa biết. Bấm Quay lại và gửi lần nữa, hoặc gọi người phụ trách."
    ]


@pytest.mark.parametrize(
    ("shown", "first"),
    [
        (None, "Phần mềm Mạch Xã trên máy này không chạy"),
        (replace(SHOWN, written_at=NOW_MS - 901_000), "Phần mềm Mạch Xã trên máy này không chạy"),
        (replace(SHOWN, connected=False), "Chưa có kết nối tới trung tâm"),
        (SHOWN, "Cái gì hỏng?"),
    ],
    ids=["never ran", "not now", "no line", "well"],
)
def test_the_first_page_says_when_reports_have_to_wait(shown: Shown | None, first: str) -> None:
    assert texts(State(), shown)[0].startswith(first)


def test_every_page_can_be_drawn_in_both_languages_whatever_is_shown() -> None:
    full = replace(
        SHOWN,
        notices=Notices(NOW_MS, (replace(SLOW, words_en=""),), (Progress(ID, "done", "Anh Tâm", 2**53 - 1),), "1022"),
        reports=(Sent(ID, 2**53 - 1, "other", "s", 1, "unknown"),),
    )
    for language in words.LANGUAGES:
        for page in Page:
            for shown in (None, SHOWN, full):
                assert screen(State(language, page, id=ID), shown, NOW).foot


def test_the_tables_of_words_name_what_a_report_can_hold() -> None:
    assert tuple(words.CATEGORIES) == CATEGORIES == pictures.NAMES[: len(CATEGORIES)]
    assert tuple(words.SYMPTOMS) == SYMPTOMS
    assert tuple(words.WAITING) == WAITING
    assert tuple(words.STAGES) == STAGES


def test_what_is_sent_is_said_in_plain_words_for_every_probe() -> None:
    missing = [probe.name for probe in PROBES if probe.name not in sending.PROBES]

    assert missing == [], "say in machxa_agent/report/sending.py what they measure, in Vietnamese and English"


def test_what_is_sent_is_listed_as_it_is_sent() -> None:
    newest = (
        Sample(Series("system.cpu.time", (("cpu.mode", "user"),), 1, 100), 1234),
        Sample(Series("hw.temperature"), None),
    )
    shown = replace(SHOWN, probes=("cpu", "later"), checks=("dvcqg",), software=("firefox",), newest=newest)

    listing = next(one for one in screen(State(page=Page.SENDS), shown, NOW).parts if isinstance(one, Listing))

    for line in (
        "  - Phím gõ",
        "  - Bộ xử lý bận bao nhiêu",
        "  - later",
        "  firefox",
        "  dvcqg",
        "  system.cpu.time {cpu.mode=user} = 12.34 s",
        "  hw.temperature = - Cel",
    ):
        assert line in listing.lines


@pytest.mark.parametrize("words_", sending.NEVER, ids=[one[1] for one in sending.NEVER])
def test_what_is_never_collected_stands_in_the_notice_to_staff(words_: tuple[str, str]) -> None:
    notice = (Path(__file__).parents[3] / "docs/thong-bao-giam-sat-thiet-bi.md").read_text(encoding="utf-8").lower()

    assert words_[0].split(",")[0].split(":")[0].lower().replace("lệnh chạy chương trình từ xa", "lệnh từ xa") in (
        " ".join(notice.split())
    )


def test_a_time_of_another_day_has_its_day() -> None:
    assert (clock(NOW_MS, NOW), clock(NOW_MS - 86_400_000, NOW), clock(2**53, NOW)) == ("09:20", "09:20 01/03", "?")


@given(st.lists(st.tuples(st.sampled_from(list(Act)), st.integers(0, 30))))
def test_no_taps_lead_to_a_page_that_cannot_be_drawn_or_a_report_that_is_refused(taps: list[tuple[Act, int]]) -> None:
    state = State()
    for act, number in taps:
        offered = [one for one in buttons(state) if one.act is act]
        if offered:
            state = tap(state, act, offered[number % len(offered)].value)
        report = told(state, "x", NOW)
        assert from_file(to_file(report)) == report


def test_without_tk_the_terminal_asks(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    answers = iter(["0", "x", "²", "2", "4", "Kẹt giấy"])
    said: list[str] = []

    status = terminal.run(tmp_path, "vi", lambda _question: next(answers), said.append, lambda: NOW)

    (path,) = (tmp_path / "drop").iterdir()
    assert from_file(path.read_bytes()) == Told("printer", "error", NOW_MS, 0, note="Kẹt giấy")
    assert status == 0
    assert "Đã lưu trên máy, sẽ tự gửi khi có mạng" in said


def test_the_terminal_says_when_nothing_could_be_kept(tmp_path: Path) -> None:
    said: list[str] = []

    assert terminal.run(tmp_path / "none", "en", lambda _question: "1", said.append, lambda: NOW) == 1
    assert said[-1] == said_words("after_failed", "en")


def test_every_step_of_help_has_a_picture_and_one_tap_says_it_works_again() -> None:
    drawn = {picture for steps in words.HELP.values() for picture, _ in steps}
    state = kept(State(category="printer"), ID)
    steps = [one for one in screen(state, SHOWN, NOW).parts if isinstance(one, Step)]

    assert drawn <= set(pictures.NAMES)
    assert [len(one) for one in words.HELP.values()] == [3] * len(words.HELP)
    assert [one.picture for one in steps] == ["paper", "cable", "power"]
    assert Act.FIXED in [one.act for one in buttons(state)]
    state = tap(state, Act.FIXED)
    assert Act.FIXED not in [one.act for one in buttons(state)]
    assert "Đã ghi: dùng lại được. Báo cáo vẫn được tính" in texts(state)


def test_what_could_not_be_kept_cannot_be_over() -> None:
    state = kept(State(category="printer"), "")

    assert Act.FIXED not in [one.act for one in buttons(state)]
    assert not tap(state, Act.FIXED).is_fixed


def test_the_word_that_it_is_over_survives_the_file() -> None:
    said_over = over(kept(State(category="printer"), ID), NOW)

    assert from_file(to_file(said_over)) == said_over
    assert event("cd" * 16, said_over, NOW_MS + 5_000, "quay-2") == ("human.report.fixed", {"id": ID, "told_s": 5})

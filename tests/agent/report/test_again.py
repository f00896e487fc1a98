"""What is broken again is told again in the window, line or no line: a report that follows from the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from machxa_agent.report import drop, shown
from machxa_agent.report.model import Act, Page, State, reopened, tap
from machxa_agent.report.parts import Listing, Row, Text
from machxa_agent.report.screens import screen
from machxa_agent.report.shown import Sent, Shown
from machxa_agent.report.told import Told
from machxa_wire.notices import Notices, Progress
from machxa_wire.records import Event
from machxa_wire.reports import again_of
from tests.agent.outboxes import Maker, records
from tests.agent.report.desks import TOLD, Bench

NOW = datetime(2026, 3, 2, 9, 20, tzinfo=timezone(timedelta(hours=7)))
NOW_MS = int(NOW.timestamp() * 1000)
DAY_MS = 86_400_000
ID, OTHER = "ab" * 16, "cd" * 16
SENT = Sent(ID, NOW_MS - 60_000, "printer", "s", 1, "sent", "error")
MINE = State(page=Page.MINE)


def of(*reports: Sent, progress: tuple[Progress, ...] = ()) -> Shown:
    return Shown(NOW_MS, connected=False, reports=reports, notices=Notices(1, reports=progress))


def offered(state: State, shown_: Shown) -> list[tuple[Act, str]]:
    rows = [one for one in screen(state, shown_, NOW).parts if isinstance(one, Row)]
    return [(button.act, button.value) for row in rows for button in row.buttons]


def lines(state: State, shown_: Shown) -> tuple[str, ...]:
    return next(one for one in screen(state, shown_, NOW).parts if isinstance(one, Listing)).lines


@pytest.mark.parametrize(
    ("shown_", "state", "acts"),
    [
        pytest.param(of(SENT), MINE, [(Act.FIXED, ID)], id="not over"),
        pytest.param(of(replace(SENT, is_over=True)), MINE, [(Act.REOPEN, ID)], id="over, as was said here"),
        pytest.param(of(SENT), tap(MINE, Act.FIXED, ID), [(Act.REOPEN, ID)], id="over, as was said a moment ago"),
        pytest.param(of(SENT, progress=(Progress(ID, "done"),)), MINE, [(Act.REOPEN, ID)], id="over, the centre says"),
        pytest.param(of(SENT, progress=(Progress(ID, "handling"),)), MINE, [(Act.FIXED, ID)], id="in hands"),
        pytest.param(of(replace(SENT, at=NOW_MS - 8 * DAY_MS)), MINE, [], id="long ago"),
        pytest.param(of(replace(SENT, id="")), MINE, [], id="no id of ours"),
        pytest.param(
            of(replace(SENT, is_over=True), replace(SENT, id=again_of(ID))), MINE, [(Act.FIXED, again_of(ID))],
            id="told again already",
        ),
        pytest.param(
            of(*(replace(SENT, id=f"{n:032x}") for n in range(9))), MINE, [(Act.FIXED, f"{n:032x}") for n in (8, 7, 6)],
            id="many",
        ),
    ],
)  # fmt: skip
def test_what_can_be_said_of_a_report_follows_from_how_far_it_is(
    shown_: Shown, state: State, acts: list[tuple[Act, str]]
) -> None:
    assert offered(state, shown_) == acts


def test_the_list_says_of_each_report_its_number_and_what_was_said_since() -> None:
    again = replace(SENT, id=again_of(ID), at=NOW_MS, state="waiting")

    assert lines(MINE, of(replace(SENT, is_over=True), again)) == (
        f"09:20  Máy in: Chờ mạng. Số: {again_of(ID)[:8].upper()}",
        "09:19  Máy in: Dùng lại được, đã báo lại. Số: ABABABAB",
    )
    assert lines(MINE, of()) == ("Chưa có báo cáo nào từ máy này. Bấm Quay lại rồi chọn cái gì hỏng.",)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_told_again_is_the_same_trouble_now_and_its_page_says_so(language: str) -> None:
    state, told = reopened(State(language, Page.MINE, over=(ID,)), SENT, NOW)
    after = replace(state, page=Page.AFTER, id=again_of(ID))
    words = [one.words for one in screen(after, of(SENT), NOW).parts if isinstance(one, Text)]
    lost = [one.words for one in screen(replace(after, id=""), of(SENT), NOW).parts if isinstance(one, Text)]

    assert told == Told("printer", "error", NOW_MS)
    assert {"vi": "Báo lại của số ABABABAB", "en": "Tells number ABABABAB again"}[language] in words
    assert {"vi": "báo cáo vẫn như cũ", "en": "the report is as it was"}[language] in lost[0]


def test_an_id_that_follows_is_one_for_one_and_none_of_another() -> None:
    ids = [ID, OTHER, again_of(ID), again_of(OTHER), again_of(again_of(ID))]

    assert len(set(ids)) == 5
    assert (
        again_of(ID) == "442f790f09cc4a350d6c41810b63ae08"
    )  # to be kept: agents and collectors of other releases reckon it, too


def test_without_a_line_it_waits_in_the_outbox_behind_the_first_and_pressed_twice_is_one(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Maker(tmp_path, on_disk=True))
    first = bench.put()
    bench.look()
    bench.put(Told("printer", None, TOLD.at, fixes=first))
    bench.look()
    over = [(one.id, one.is_over, one.symptom) for one in shown.read(bench.window).reports]
    for _ in range(2):
        id_ = drop.put(bench.drop, TOLD, again_of(first))
        bench._date(bench.drop / f"{id_}.json")
        bench.look()
    bench.start()  # a restart forgets nothing

    names = [(one.name, one.attributes["id"]) for one in records(bench.outbox) if isinstance(one, Event)]
    again = ("human.report", again_of(first))
    assert over == [(first, True, "error")]
    assert names == [("human.report", first), ("human.report.fixed", first), again, again]  # counted once by its id
    assert [(one.id, one.is_over) for one in shown.read(bench.window).reports] == [
        (first, True),
        (again_of(first), False),
    ]


def test_a_word_that_could_not_be_kept_is_said_and_the_button_stays() -> None:
    lost = replace(MINE, is_lost=True)
    words = [one.words for one in screen(lost, of(SENT), NOW).parts if isinstance(one, Text)]

    assert any(one.startswith("Điều vừa bấm chưa lưu được") for one in words)
    assert offered(lost, of(SENT)) == [(Act.FIXED, ID)]
    assert not tap(lost, Act.FIXED, ID).is_lost

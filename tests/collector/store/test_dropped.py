"""What people tell at a computer becomes a report of its agent's unit, once, whatever the agent is."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, update

from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.reports import dropped
from machxa_collector.store import dropped as store_dropped
from machxa_collector.store import following, notices, reports, tables
from machxa_collector.store.notices import Far, Reported
from machxa_wire.notices import Progress
from machxa_wire.records import Event, Place, Scalar, Stamp
from machxa_wire.reports import again_of
from tests.collector.builders import MIDNIGHT, STREAM, Known, enrol, take

EVERYWHERE = Territory(units=None, with_nowhere=True)
TOLD: dict[str, Scalar] = {
    "id": "ab" * 16,
    "category": "printer",
    "symptom": "error",
    "system": None,
    "stage": "receive_direct,issue",
    "waiting": "6-20",
    "device": "Máy in quầy 2",
    "note": " Kẹt giấy\u202e ",
    "incident": "i-87",
    "paper": False,
    "told_s": 60,
    "began_s": 960,
}


def told(seq: int, **change: Scalar) -> Event:
    return Event(Place(STREAM, seq), Stamp("0badcafe.1", MIDNIGHT, 1000), "human.report", {**TOLD, **change})


def kept(store: Engine) -> list[dict[str, object]]:
    return [{**asdict(one), "id": ""} for one in reports.newest(store, EVERYWHERE, None, 1000)]


def test_a_report_at_a_computer_is_kept_with_its_unit_and_its_times(store: Engine, agent: Known) -> None:
    with store.begin() as connection:
        connection.execute(update(tables.assets).values(unit="86"))

    take(store, agent, told(1), now_ms=MIDNIGHT + 5_000)

    assert kept(store) == [
        {
            "id": "",
            "unit": "86",
            "category": "printer",
            "symptom": "error",
            "text": "Kẹt giấy",
            "at": MIDNIGHT - 60_000,
            "received_at": MIDNIGHT + 5_000,
            "source": "agent",
            "reporter": f"agent/{agent.id}",
            "state": "unverified",
            "agent": agent.id,
            "device": "Máy in quầy 2",
            "system": None,
            "stages": "receive_direct,issue",
            "waiting": "6-20",
            "began_at": MIDNIGHT - 960_000,
            "incident": "i-87",
            "confirmed_at": None,
            "confirmed_by": None,
        }
    ]


def test_it_counts_once_however_often_its_agent_takes_it_from_the_folder(store: Engine, agent: Known) -> None:
    take(store, agent, told(1), told(2))
    take(store, agent, told(3), told(4, id="cd" * 16))

    assert len(kept(store)) == 2


def test_an_agent_in_no_unit_is_heard_by_those_who_see_beyond_units(store: Engine, agent: Known) -> None:
    take(store, agent, told(1))

    assert [one["unit"] for one in kept(store)] == [None]
    assert reports.newest(store, Territory(units=frozenset({"86"}), with_nowhere=False), None, 10) == ()


def test_one_agent_cannot_fill_the_desk(store: Engine, agent: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_dropped, "MOST_A_DAY", 3)

    take(store, agent, *(told(seq, id=f"{seq:032x}") for seq in range(1, 10)))
    take(store, agent, told(10, id=f"{10:032x}"), now_ms=MIDNIGHT + 86_400_001)

    assert len(kept(store)) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"id": "../" * 8},
        {"id": None},
        {"category": "weather"},
        {"symptom": 7},
        {"waiting": "many"},
        {"stage": "a;b"},
        {"system": "x" * 41},
        {"note": 1},
        {"told_s": -1},
        {"told_s": 1.5},
        {"began_s": True},
        {"incident": "<b>"},
    ],
)
def test_what_is_no_report_stays_an_event_and_stops_nothing(
    store: Engine, agent: Known, change: dict[str, Scalar]
) -> None:
    take(store, agent, told(1, **change), told(2))

    assert len(kept(store)) == 1


@given(
    st.dictionaries(st.sampled_from(sorted(TOLD)), st.none() | st.text() | st.integers() | st.floats() | st.booleans())
)
def test_no_attributes_raise(attributes: dict[str, Scalar]) -> None:
    assert dropped(attributes) is None or isinstance(attributes.get("id"), str)


def test_the_window_is_told_that_its_reports_are_here_and_how_far_they_are(store: Engine, agent: Known) -> None:
    take(store, agent, told(1), now_ms=MIDNIGHT - 1000)
    take(store, agent, told(2, id="cd" * 16, incident=None))
    take(store, agent, told(3, id="ef" * 16, incident="i-88"), now_ms=MIDNIGHT + 1000)
    over = Event(Place(STREAM, 4), Stamp("0badcafe.1", MIDNIGHT, 2000), "human.report.fixed", {"id": "ef" * 16})
    take(store, agent, over)

    far = {Reported("i-87", None): Far("handling", "Tổ CNTT tỉnh, 1022", MIDNIGHT + 5)}
    found = notices.progress(store, MIDNIGHT, far_of=lambda asked: {one: far[one] for one in asked if one in far})

    handled = Progress("ab" * 16, "handling", "Tổ CNTT tỉnh, 1022", MIDNIGHT + 5)
    assert found == {agent.id: [Progress("ef" * 16, "done"), Progress("cd" * 16, "received"), handled]}
    assert notices.progress(store, MIDNIGHT + 7 * 86_400_000 + 1000) == {}


def test_the_newest_reports_of_a_day_are_told_their_pages_and_no_page_that_is_too_long(
    store: Engine, agent: Known
) -> None:
    for number in range(5):
        take(store, agent, told(number + 1, id=f"{number:02x}" * 16), now_ms=MIDNIGHT + number)

    found = notices.progress(store, MIDNIGHT + 10, lambda report: f"https://mx.tinh.example/report/s/{report}")
    links = [one.link for one in found[agent.id]]
    ids = [one.id for one in reports.newest(store, EVERYWHERE, None, 1000)]

    assert [link.rpartition("/")[2] in ids for link in links] == [True, True, True, False, False]
    assert {one.link for one in notices.progress(store, MIDNIGHT + 86_400_010, lambda _: "https://a")[agent.id]} == {""}
    assert {one.link for one in notices.progress(store, MIDNIGHT, lambda _: "https://" + "a" * 200)[agent.id]} == {""}


def test_agents_are_told_in_their_unit_and_revoked_ones_nothing(store: Engine, agent: Known) -> None:
    other = enrol(store, "may-tinh-02")
    with store.begin() as connection:
        connection.execute(update(tables.assets).where(tables.assets.c.id == agent.asset).values(unit="86"))

    told = notices.StoredAgents(store)

    before = told.units(), told.signature()
    with store.begin() as connection:
        connection.execute(update(tables.agents).where(tables.agents.c.id == other.id).values(revoked_at=1))

    assert before[0] == {agent.id: "86", other.id: None}
    assert told.units() == {agent.id: "86"}
    assert told.signature() != before[1]
    assert [(one.id, one.key) for one in told.known([agent.id, other.id, "nobody"])] == [(agent.id, agent.key)]


def test_a_report_whose_reporter_says_it_is_over_counts_on_as_fixed(store: Engine, agent: Known) -> None:
    other = enrol(store, "0002")

    take(store, agent, told(1), now_ms=MIDNIGHT)
    over = Event(Place(STREAM, 1), Stamp("0badcafe.1", MIDNIGHT, 2000), "human.report.fixed", {"id": TOLD["id"]})
    take(store, other, over, now_ms=MIDNIGHT + 1)
    before = [one["state"] for one in kept(store)]
    take(store, agent, replace(over, place=Place(STREAM, 2)), now_ms=MIDNIGHT + 2)
    take(store, agent, replace(over, place=Place(STREAM, 3), attributes={"id": "x"}), now_ms=MIDNIGHT + 3)

    assert before == ["unverified"]
    assert [one["state"] for one in kept(store)] == ["fixed"]


def test_it_is_over_too_where_somebody_stands_by_it(store: Engine, agent: Known) -> None:
    take(store, agent, told(1), now_ms=MIDNIGHT)
    with store.begin() as connection:
        connection.execute(update(tables.human_reports).values(state=reports.CONFIRMED, confirmed_by="measured"))
    over = Event(Place(STREAM, 2), Stamp("0badcafe.1", MIDNIGHT, 2000), "human.report.fixed", {"id": TOLD["id"]})

    take(store, agent, over, now_ms=MIDNIGHT + 1)

    assert [(one["state"], one["confirmed_by"]) for one in kept(store)] == [("fixed", "measured")]


def test_what_is_broken_again_is_a_report_of_its_own_to_which_the_first_ones_page_leads(
    store: Engine, agent: Known
) -> None:
    first = str(TOLD["id"])
    take(store, agent, told(1), told(2, id=again_of(first)), told(3, id=again_of(first)))
    newest = {one.id[:8]: one.id for one in reports.newest(store, EVERYWHERE, None, 9)}

    assert sorted(newest) == sorted([first[:8], again_of(first)[:8]])  # the number that the window shows
    assert following.again(store, newest[first[:8]]) == following.by_id(store, newest[again_of(first)[:8]])
    assert following.again(store, newest[again_of(first)[:8]]) is None
    assert following.again(store, "nobody") is None

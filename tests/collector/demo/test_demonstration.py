"""A demonstration is the same at every start, keeps to a folder of its own, and lets time pass as asked."""

from __future__ import annotations

import argparse
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from machxa_collector.demo import books, folder, frames
from machxa_collector.demo.choosing import plan_of
from machxa_collector.demo.clock import Clock
from machxa_collector.demo.equipment import assets_of, mac_of
from machxa_collector.demo.plan import PCS, PRINTERS, Plan
from machxa_collector.demo.script import scenario_of
from machxa_collector.demo.speech import spoken
from machxa_collector.drill.calendars import calendars_of, sessions_of
from machxa_collector.drill.fleet import communes
from machxa_collector.failure import CannotRunError
from machxa_collector.main import main
from machxa_collector.registry.reports import dropped
from machxa_fleet.drill.reading import read_scenario
from machxa_fleet.drill.world import World
from machxa_wire.records import Event, Facts, Hello


def asked(**more: object) -> argparse.Namespace:
    return argparse.Namespace(
        **{"province": "86", "communes": 2, "day": None, "at": "07:20", "days": 1, "speed": 60.0, **more}
    )


def made(**more: object) -> Plan:
    return plan_of(asked(**more), datetime(2026, 11, 27, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        pytest.param("2026-11-27T03:00+00:00", date(2026, 11, 27), id="a Friday is played itself"),
        pytest.param("2026-11-29T03:00+00:00", date(2026, 11, 27), id="on a Sunday the Friday before"),
        pytest.param("2026-11-24T03:00+00:00", date(2026, 11, 23), id="on a holiday the day before"),
        pytest.param("2026-11-26T18:00+00:00", date(2026, 11, 27), id="a day begins at midnight here"),
    ],
)
def test_the_newest_working_day_is_played(now: str, day: date) -> None:
    assert plan_of(asked(), datetime.fromisoformat(now)).day == day


@pytest.mark.parametrize(
    "wrong",
    [{"province": "00"}, {"communes": 500}, {"day": "tomorrow"}, {"at": "noon"}],
    ids=lambda one: next(iter(one)),
)
def test_what_cannot_be_played_is_refused_in_both_languages(wrong: dict[str, object]) -> None:
    with pytest.raises(CannotRunError, match=r".+ \(.+\)"):
        made(**wrong)


def test_time_passes_as_much_faster_as_asked_and_stands_still_at_speed_nought() -> None:
    moment = 10.0
    fast, still = (Clock(1_000, speed, lambda: moment) for speed in (60, 0))

    moment = 12.5

    assert (fast.now_ms(), fast.seconds_until(271_000), still.now_ms()) == (151_000, 2.0, 1_000)
    assert still.seconds_until(2_000) == float("inf")


def test_a_folder_that_holds_anything_else_is_never_written_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "collector").mkdir()
    (tmp_path / "collector" / "machxa.db").write_bytes(b"real")

    status = main(["demo", "--data", str(tmp_path), "--anew", "--communes", "1"])

    assert status == 1
    assert "is no demonstration's" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["collector"]
    assert (tmp_path / "collector" / "machxa.db").read_bytes() == b"real"


@pytest.mark.parametrize("command", ["up", "serve"])
def test_a_real_collector_does_not_run_on_a_demonstration(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.note(tmp_path, made(), 5)

    assert main([command, "--data", str(tmp_path)]) == 1
    assert "is a demonstration's" in capsys.readouterr().err


def test_a_demonstration_goes_on_where_it_was_left_and_begins_anew_when_half_filled_or_asked(tmp_path: Path) -> None:
    plan = made(communes=3)
    folder.note(tmp_path, plan, 1_234)

    going_on = folder.begun(tmp_path, 60.0, anew=False)
    anew = folder.begun(tmp_path, 60.0, anew=True)
    folder.note(tmp_path, plan, None)
    half = folder.begun(tmp_path, 60.0, anew=False)

    assert going_on == folder.Begun(plan, 1_234)
    assert (anew, half) == (None, None)


def test_clearing_takes_only_what_a_demonstration_wrote(tmp_path: Path) -> None:
    folder.note(tmp_path, made(), 1)
    (tmp_path / "collector").mkdir()
    (tmp_path / "mine.txt").write_text("mine")

    folder.clear(tmp_path)

    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_no_two_devices_share_an_address_or_a_code() -> None:
    units = communes()["86"]
    macs = [mac_of(unit, f"pc{number}") for unit in units for number in range(1, PCS + 1)]
    rows = [row for unit in units for row in assets_of(unit, date(2026, 11, 27))]

    assert len(set(macs)) == len(macs) == 124 * PCS
    assert len({row["code"] for row in rows}) == len({row["serial"] for row in rows}) == len(rows)
    assert len(rows) == 124 * (PCS + PRINTERS + 4)


def test_the_announced_power_cut_of_the_books_is_the_scripts_own() -> None:
    plan = made(communes=6)
    (row,) = books.planned(plan)
    events = scenario_of(plan)["events"]
    assert isinstance(events, list)
    (told,) = [one for one in events if "maintenance" in one]
    zero = round(plan.zero.timestamp() * 1000)

    assert row["unit"] == told["maintenance"]["unit"]
    assert (row["starts_at"], row["ends_at"]) == (zero + told["at"] * 60_000, zero + told["until"] * 60_000)


def test_agents_say_what_they_are_first_and_number_the_rest_behind_it() -> None:
    scenario = read_scenario(json.loads(json.dumps(scenario_of(made()))), communes())
    world = World(scenario, sessions_of(calendars_of(scenario.calendar, "86", tuple(scenario.units))))
    numbers: dict[str, list[int]] = {}
    reports, devices = [], set()
    for one in spoken(world):
        if one.at > world.truth.start + 140 * 60_000:
            break
        if isinstance(one.record, Facts):
            devices.add(one.record.device)
        if isinstance(one.record, Event) and one.record.name == "human.report":
            reports.append(dropped(one.record.attributes))
        place = None if isinstance(one.record, Hello) else getattr(one.record, "place", None)
        if place is not None:
            numbers.setdefault(one.agent, []).append(place.seq)

    assert len(numbers) == 2 * PCS
    assert all(those == list(range(1, len(those) + 1)) for those in numbers.values())
    assert len(reports) >= 4
    assert None not in reports
    assert len(devices) == 1 + 2 * (PRINTERS + 1)


def test_frames_come_out_as_they_went_in_and_a_fleet_that_ended_is_noticed() -> None:
    told = [frames.Frame(5, "mx/1/00/a/up", "mac", b"{}"), frames.Frame(6, "mx/1/00/a/presence", "", b"")]
    pipe = io.BytesIO()
    for one in told:
        frames.write(pipe, one)
    cut = pipe.getvalue()
    frames.end(pipe)

    assert list(frames.read(io.BytesIO(pipe.getvalue()))) == told
    with pytest.raises(EOFError):
        list(frames.read(io.BytesIO(cut)))


def test_the_provinces_support_can_be_called_and_each_communes_contact_is_nobody() -> None:
    plan = made()

    first, *others = books.contacts(plan)

    assert (first["unit"], first["role"], first["phone"]) == ("86", "province", "0000 000 086")
    assert {(one["unit"], one["role"]) for one in others} == {(unit, "it") for unit in plan.communes}

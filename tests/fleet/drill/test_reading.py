"""What a scenario may say, and how it is refused where it may not."""

from __future__ import annotations

from datetime import date

import pytest

from machxa_fleet.drill.fields import Bad
from machxa_fleet.drill.reading import read_scenario
from machxa_fleet.drill.scenario import Extra

_COMMUNES = {"86": ("28756", "28757", "28758", "29410", "29836")}


def _told(**more: object) -> dict[str, object]:
    base: dict[str, object] = {
        "start": "2026-03-10T07:00:00+07:00",
        "minutes": 60,
        "province": "86",
        "units": {"default": {"count": 2, "pcs": 4}, "29410": {"provider": "Viettel"}},
    }
    return {**base, **more}


def test_units_are_those_named_anywhere_and_so_many_others_in_code_order() -> None:
    events = [{"at": 1, "until": 2, "fault": "power_cut", "unit": "28757"}]

    units = read_scenario(_told(events=events), _COMMUNES).units

    assert list(units) == ["28756", "28757", "28758", "29410"]
    assert [units["29410"].provider, units["29410"].pcs, units["28757"].pcs] == ["Viettel", 4, 4]


def test_the_calendar_takes_days_as_people_write_them() -> None:
    calendar = {
        "office": ["07:00-11:00"],
        "extra": [
            "2026-03-14",
            "2026-03-15 08:00-10:00",
            {"date": "2026-03-21", "hours": ["07:30-11:30"], "unit": "29410"},
        ],
        "holidays": ["2026-03-12", "2026-03-17/2026-03-18"],
    }

    read = read_scenario(_told(calendar=calendar), _COMMUNES).calendar

    assert read.extra == (
        Extra(day=date(2026, 3, 14), hours=("07:00-11:00",)),
        Extra(day=date(2026, 3, 15), hours=("08:00-10:00",)),
        Extra(day=date(2026, 3, 21), hours=("07:30-11:30",), units=("29410",)),
    )
    assert read.holidays == (date(2026, 3, 12), date(2026, 3, 17), date(2026, 3, 18))


def test_who_runs_a_system_may_be_told_by_its_fault() -> None:
    events = [{"at": 1, "fault": "system_down", "system": "documents", "owner": "national"}]

    assert read_scenario(_told(events=events), _COMMUNES).owners == {"documents": "national"}


@pytest.mark.parametrize("of", ["line_down", {"fault": "line_down", "unit": "29410"}])
def test_what_flaps_is_told_by_name_or_whole(of: object) -> None:
    event = {"at": 1, "until": 9, "fault": "flap", "of": of, "unit": "29410", "period_s": 120}
    if isinstance(of, dict):
        del event["unit"]

    (fault,) = read_scenario(_told(events=[event]), _COMMUNES).faults

    assert (fault.kind, fault.unit, fault.at, fault.until, fault.period_s) == ("line_down", "29410", 1, 9, 120)


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"province": "99"}, "scenario.province"),
        ({"start": "2026-03-10T07:00:00"}, "with its zone"),
        ({"start": "tomorrow"}, "scenario.start"),
        ({"minutes": 0}, "scenario.minutes"),
        ({"minutes": float("nan")}, "scenario.minutes"),
        ({"minutes": True}, "scenario.minutes"),
        ({"mintes": 5}, "unknown 'mintes'"),
        ({"units": {}}, "units: none"),
        ({"units": {"default": {"count": 9}}}, "the province has 5"),
        ({"units": {"00001": {}}}, "'00001' is no commune"),
        ({"units": {"29410": {"pcs": 9999}}}, "units.29410.pcs"),
        ({"systems": ["dossier", "dossier"]}, "each once"),
        ({"calendar": {"office": ["11:30-07:30"]}}, "calendar.office"),
        ({"calendar": {"holidays": ["12/3/2026"]}}, "is no day"),
        ({"events": [{"at": 1, "fault": "meteor", "unit": "29410"}]}, "events[0].fault"),
        ({"events": [{"at": 1, "fault": "power_cut"}]}, "power_cut needs 'unit'"),
        ({"events": [{"at": 9, "until": 3, "fault": "power_cut", "unit": "29410"}]}, "events[0].until"),
        ({"events": [{"at": 61, "fault": "power_cut", "unit": "29410"}]}, "events[0].at"),
        ({"events": [{"at": 1, "fault": "pc_dead", "unit": "29410", "asset": "pc9"}]}, "has no 'pc9'"),
        ({"events": [{"at": 1, "fault": "printer_fault", "unit": "29410", "asset": "pc1"}]}, "is of a printer"),
        ({"events": [{"at": 1, "fault": "system_down", "system": "moon"}]}, "'moon'"),
        ({"events": [{"at": 1, "fault": "provider_down", "provider": "FPT"}]}, "no unit's provider"),
        ({"events": [{"at": 1, "until": 2, "maintenance": {}}]}, "names no unit"),
        ({"events": [{"at": 1, "report": {"unit": "00001"}}]}, "no unit of the scenario"),
        ({"events": ["power_cut"]}, "expected an object"),
        ({"events": [{"at": 1, "fault": "power_cut", "unit": "29410", "loudness": 3}]}, "unknown 'loudness'"),
        ({"minutes": 44640, "units": {"default": {"count": 5, "pcs": 200}}}, "PC-minutes"),
    ],
)
def test_a_scenario_that_is_none_is_refused_at_its_place(more: dict[str, object], place: str) -> None:
    with pytest.raises(Bad) as refused:
        read_scenario(_told(**more), _COMMUNES)

    assert place in str(refused.value)

from __future__ import annotations

from pathlib import Path

import pytest

from machxa_agent import portable
from machxa_agent.probes import battery, temperature
from machxa_agent.probes.probe import Remembered
from machxa_wire.records import Sample, Series


def _celsius(hw_id: str, location: str, millidegrees: int | None) -> Sample:
    labels = (("hw.id", hw_id), ("hw.sensor_location", location)) if location else (("hw.id", hw_id),)
    return Sample(Series("hw.temperature", labels, 1, 1000), millidegrees)


def _charge(hw_id: str, percent: int) -> Sample:
    return Sample(Series("hw.battery.charge", (("hw.id", hw_id),), 1, 100), percent)


def _left(hw_id: str, seconds: int | None) -> Sample:
    return Sample(Series("hw.battery.time_left", (("hw.id", hw_id),)), seconds)


def _state(hw_id: str, state: str, value: int | None) -> Sample:
    return Sample(Series("hw.status", (("hw.id", hw_id), ("hw.state", state), ("hw.type", "battery"))), value)


def test_a_package_stands_for_its_cores_and_a_sensor_that_is_silent_is_not_measured(desktop: Path) -> None:
    samples = temperature.linux(str(desktop / "sys"))()

    assert samples == (
        _celsius("acpitz/temp1", "", 27800),
        _celsius("coretemp/temp1", "Package id 0", 41000),
        _celsius("nvme/temp1", "Composite", 35850),
        _celsius("nvme#2/temp1", "Composite", None),
    )


def test_thermal_zones_serve_where_no_chip_is_known(laptop: Path) -> None:
    assert temperature.linux(str(laptop / "sys"))() == (_celsius("thermal_zone0", "acpitz", 47000),)


def test_a_computer_without_sensors_or_batteries_has_no_such_samples(tmp_path: Path) -> None:
    assert temperature.linux(str(tmp_path))() == ()
    assert battery.linux(str(tmp_path))() == ()


def test_a_discharging_battery_tells_its_charge_and_time_and_a_mouse_does_not_count(laptop: Path) -> None:
    samples = battery.linux(str(laptop / "sys"))()

    assert samples == (
        _charge("BAT0", 40),
        _left("BAT0", 7200),
        _state("BAT0", "charging", 0),
        _state("BAT0", "discharging", 1),
    )


@pytest.mark.parametrize(
    ("uevent", "left", "charging", "discharging"),
    [
        pytest.param("STATUS=Full", None, 0, 0, id="full"),
        pytest.param("STATUS=Charging", None, 1, 0, id="charging"),
        pytest.param("STATUS=Unknown", None, None, None, id="driver that does not know"),
        pytest.param("STATUS=Discharging", None, 0, 1, id="rate not known"),
        pytest.param("STATUS=Discharging\nTIME_TO_EMPTY_NOW=600", 600, 0, 1, id="time of the kernel's own"),
        pytest.param("STATUS=Discharging\nCHARGE_NOW=2000\nCURRENT_NOW=-1000", 7200, 0, 1, id="negative current"),
    ],
)
def test_a_battery_says_what_it_knows(
    uevent: str, left: int | None, charging: int | None, discharging: int | None
) -> None:
    text = "".join(f"POWER_SUPPLY_{line}\n" for line in ("CAPACITY=50", *uevent.splitlines())).encode()

    samples = battery.from_uevent("BAT1", text)

    assert samples == (
        _charge("BAT1", 50),
        _left("BAT1", left),
        _state("BAT1", "charging", charging),
        _state("BAT1", "discharging", discharging),
    )


@pytest.mark.parametrize(
    ("read", "samples"),
    [
        pytest.param(None, (), id="no battery"),
        pytest.param(
            portable.Battery(percent=87, seconds_left=5400, plugged=False),
            (_charge("battery", 87), _left("battery", 5400), _state("battery", "discharging", 1)),
            id="on battery",
        ),
        pytest.param(
            portable.Battery(percent=100, seconds_left=-2, plugged=True),
            (_charge("battery", 100), _left("battery", None), _state("battery", "discharging", 0)),
            id="on the mains",
        ),
    ],
)
def test_windows_tells_charge_and_whether_the_mains_feed_it(
    read: portable.Battery | None, samples: tuple[Sample, ...]
) -> None:
    assert battery.from_battery(read) == samples


def test_what_is_remembered_is_looked_up_again_once_it_is_old() -> None:
    times = iter((0.0, 599.0, 600.0))
    found = iter(("first", "second"))
    remembered = Remembered(lambda: next(found), 600.0, lambda: next(times))

    assert [remembered.get(), remembered.get(), remembered.get()] == ["first", "first", "second"]

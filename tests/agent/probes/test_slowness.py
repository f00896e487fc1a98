from __future__ import annotations

from pathlib import Path

import pytest

from machxa_agent import portable
from machxa_agent.probes import pressure, slow, throttle
from machxa_agent.probes.slow import Load
from machxa_wire.records import Sample, Series

_UP = 7200.0


def _stall(resource: str, kind: str, microseconds: int) -> Sample:
    labels = (("machxa.stall", kind), ("resource", resource))
    return Sample(Series("machxa.pressure.stall_time", labels, 1, 1_000_000), microseconds)


def _load(at: float, disk_ms: int, pages: int | None, *, up: float = _UP, is_queue: bool = False) -> Load:
    return Load(at, up + at, {"sda": disk_ms}, pages, is_queue)


def _slow(cause: str, seconds: int) -> Sample:
    return Sample(Series("machxa.slow.time", (("machxa.slow.cause", cause),)), seconds)


def test_stalls_are_the_kernels_microseconds_since_boot(host: Path) -> None:
    assert pressure.linux(str(host / "linux-laptop/proc"))() == (
        _stall("memory", "some", 81234567),
        _stall("memory", "full", 61234001),
        _stall("io", "some", 912345678),
        _stall("io", "full", 712345000),
    )


def test_a_kernel_without_pressure_has_no_such_samples(tmp_path: Path) -> None:
    assert pressure.linux(str(tmp_path))() == ()


def test_throttling_is_counted_once_for_a_package_however_many_processors_it_has(host: Path) -> None:
    hardware = (("hw.id", "package 0"),)

    assert throttle.linux(str(host / "linux-laptop/sys"))() == (
        Sample(Series("machxa.cpu.throttle.count", hardware), 1318),
        Sample(Series("machxa.cpu.throttle.time", hardware, 1, 1000), 9214),
    )
    assert throttle.from_counts("0", b"3\n", b"") == (Sample(Series("machxa.cpu.throttle.count", hardware), 3),)


@pytest.mark.parametrize(
    ("before", "now", "causes"),
    [
        pytest.param(_load(0, 0, 0), _load(60, 48_001, 0), ("disk",), id="disk just over the limit"),
        pytest.param(_load(0, 0, 0), _load(60, 48_000, 0), (), id="disk at the limit"),
        pytest.param(_load(0, 0, 0), _load(60, 0, 12_001), ("paging",), id="paging"),
        pytest.param(_load(0, 0, 0), _load(60, 60_000, 90_000), ("disk", "paging"), id="both"),
        pytest.param(_load(0, 0, None), _load(60, 0, None), (), id="no swap in the kernel"),
        pytest.param(_load(0, 0, 0, is_queue=True), _load(60, 100_000, 0, is_queue=True), (), id="a short queue"),
        pytest.param(_load(0, 0, 0, is_queue=True), _load(60, 120_001, 0, is_queue=True), ("disk",), id="a queue"),
        pytest.param(_load(0, 0, 0, up=1799), _load(60, 60_000, 0, up=1799), None, id="first half hour after boot"),
        pytest.param(_load(0, 0, 0), _load(601, 600_000, 0), None, id="asleep in between"),
        pytest.param(_load(0, 0, 0), _load(5, 5_000, 0), None, id="no minute"),
        pytest.param(_load(0, 9, 0), _load(60, 0, 0), None, id="the counter fell"),
        pytest.param(_load(0, 0, 9), _load(60, 0, 0), None, id="the pages fell"),
    ],
)
def test_a_minute_is_slow_when_it_paged_heavily_or_a_disk_was_busy(
    before: Load, now: Load, causes: tuple[str, ...] | None
) -> None:
    assert slow.causes(before, now) == causes


def test_slow_time_adds_up_and_says_how_much_was_judged() -> None:
    loads = iter([_load(0, 0, 0), _load(60, 60_000, 0), _load(120, 60_000, 0)])
    measured = slow.SlowTime(lambda: next(loads))

    readings = [measured.read() for _ in range(3)]

    assert readings == [
        (_slow("judged", 0), _slow("disk", 0), _slow("paging", 0)),
        (_slow("judged", 60), _slow("disk", 60), _slow("paging", 0)),
        (_slow("judged", 120), _slow("disk", 60), _slow("paging", 0)),
    ]


def test_the_load_comes_from_proc_and_on_windows_from_the_operations_time(desktop: Path) -> None:
    load = slow.linux(str(desktop / "proc"), lambda: 5.0)()

    assert (load.at, load.is_queue, set(load.disk_ms)) == (5.0, False, {"sda", "nvme0n1"})
    disk = portable.DiskCounters("PhysicalDrive0", 1, 2, 3, 4, 500, 700)
    assert slow.from_counters((disk,), 5.0, 9.0) == Load(5.0, 9.0, {"PhysicalDrive0": 1200}, None, is_queue=True)

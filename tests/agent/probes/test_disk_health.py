from __future__ import annotations

import json
from pathlib import Path

import pytest

from machxa_agent.child import NoAnswerError, answer
from machxa_agent.probes import smart
from machxa_wire.records import Sample, Series


def _status(disk: str, value: int) -> Sample:
    labels = (("hw.id", disk), ("hw.state", "predicted_failure"), ("hw.type", "physical_disk"))
    return Sample(Series("hw.status", labels), value)


def _left(disk: str, percent: int) -> Sample:
    labels = (("hw.id", disk), ("hw.physical_disk.state", "remaining"))
    return Sample(Series("hw.physical_disk.endurance_utilization", labels, 1, 100), percent)


def _count(disk: str, name: str, count: int) -> Sample:
    labels = (("hw.id", disk), ("hw.physical_disk.smart_attribute", name))
    return Sample(Series("hw.physical_disk.smart", labels), count)


def test_a_hard_disk_tells_its_bad_sectors_before_it_says_that_it_fails(host: Path) -> None:
    samples = smart.from_smartctl("sda", json.loads((host / "linux-laptop/smartctl-sda.json").read_bytes()))

    assert samples == (
        _status("sda", 0),
        _count("sda", "interface_crc_errors", 2),
        _count("sda", "offline_uncorrectable_sectors", 0),
        _count("sda", "pending_sectors", 8),
        _count("sda", "power_on_hours", 21337),
        _count("sda", "reallocated_sectors", 24),
        _count("sda", "spin_retries", 0),
    )


def test_an_nvme_disk_beyond_its_life_fails_and_has_nothing_left(host: Path) -> None:
    samples = smart.from_smartctl("nvme0n1", json.loads((host / "linux-office/smartctl-nvme0n1.json").read_bytes()))

    assert samples == (
        _status("nvme0n1", 1),
        _left("nvme0n1", 0),
        _count("nvme0n1", "available_spare", 61),
        _count("nvme0n1", "media_errors", 12),
        _count("nvme0n1", "power_on_hours", 9120),
        _count("nvme0n1", "unsafe_shutdowns", 233),
    )


def test_an_attribute_counts_as_life_only_under_its_own_name_and_a_packed_count_is_left_out(host: Path) -> None:
    samples = smart.from_smartctl("sda", json.loads((host / "linux-office/smartctl-sda.json").read_bytes()))

    assert samples == (_status("sda", 0), _left("sda", 83), _count("sda", "power_on_hours", 14008))


@pytest.mark.parametrize("name", ["linux-laptop/smartctl-asleep.json", "linux-office/smartctl-refused.json"])
def test_a_disk_that_sleeps_or_cannot_be_asked_has_no_samples(host: Path, name: str) -> None:
    assert smart.from_smartctl("sda", json.loads((host / name).read_bytes())) == ()


def test_windows_disks_tell_health_wear_and_errors_and_one_of_unknown_health_tells_nothing(host: Path) -> None:
    samples = smart.from_physical_disks(json.loads((host / "windows-10/physical-disks.json").read_bytes()))

    assert samples == (
        _status("PhysicalDrive0", 1),
        _count("PhysicalDrive0", "power_on_hours", 31022),
        _count("PhysicalDrive0", "uncorrected_read_errors", 17),
        _count("PhysicalDrive0", "uncorrected_write_errors", 0),
        _status("PhysicalDrive1", 0),
        _left("PhysicalDrive1", 91),
    )


@pytest.mark.parametrize(
    ("life_time", "pre_eol", "samples"),
    [
        pytest.param(b"0x03 0x02\n", b"0x01\n", (_status("mmcblk0", 0), _left("mmcblk0", 70)), id="a third used"),
        pytest.param(b"0x0b 0x0b\n", b"0x03\n", (_status("mmcblk0", 1), _left("mmcblk0", 0)), id="beyond its life"),
        pytest.param(b"0x00 0x00\n", b"0x00\n", (), id="a card that does not tell"),
        pytest.param(b"", b"", (), id="an old kernel"),
    ],
)
def test_an_emmc_tells_its_life_in_tenths(life_time: bytes, pre_eol: bytes, samples: tuple[Sample, ...]) -> None:
    assert smart.from_emmc("mmcblk0", life_time, pre_eol) == samples


def test_each_built_in_disk_is_asked_by_its_name_and_a_stick_is_not(tmp_path: Path) -> None:
    usb = tmp_path / "sys/devices/pci0/usb1/block/sdb"
    for one in (tmp_path / "sys/block/sda", tmp_path / "sys/block/loop0", usb):
        one.mkdir(parents=True)
    (tmp_path / "sys/block/sdb").symlink_to(usb)
    program = tmp_path / "smartctl"
    program.touch()
    asked: list[list[str]] = []

    def ask(command: list[str]) -> bytes:
        asked.append(command)
        return b'{"smart_status":{"passed":true}}'

    samples = smart.linux(str(tmp_path / "sys"), (str(program),), ask)()

    assert samples == (_status("sda", 0),)
    assert [(one[0], one[-1]) for one in asked] == [(str(program), "/dev/sda")]


def test_an_answer_left_by_root_within_a_day_is_read_and_an_older_one_is_not(host: Path, tmp_path: Path) -> None:
    (tmp_path / "sys/block/sda").mkdir(parents=True)
    (tmp_path / "left").mkdir()
    left = tmp_path / "left/sda.json"
    left.write_bytes((host / "linux-office/smartctl-sda.json").read_bytes())
    at = left.stat().st_mtime
    folders = (str(tmp_path / "sys"), (), None, str(tmp_path / "left"))

    fresh = smart.linux(*folders, lambda: at + 86_400)()
    old = smart.linux(*folders, lambda: at + 86_401)()

    assert fresh == (_status("sda", 0), _left("sda", 83), _count("sda", "power_on_hours", 14008))
    assert old == ()


def test_without_smartctl_nothing_is_asked(tmp_path: Path) -> None:
    (tmp_path / "block/sda").mkdir(parents=True)

    assert smart.linux(str(tmp_path), ())() == ()


def test_a_program_that_says_too_much_takes_too_long_or_is_not_there_is_named() -> None:
    with pytest.raises(NoAnswerError, match="sleep was ended after 0 s"):
        answer(("/bin/sleep", "60"), 0.2)
    with pytest.raises(NoAnswerError, match="yes was ended after 1000 bytes"):
        answer(("/usr/bin/yes",), 20.0, 1000)
    with pytest.raises(NoAnswerError, match="/nonexistent cannot be started"):
        answer(("/nonexistent",), 20.0)

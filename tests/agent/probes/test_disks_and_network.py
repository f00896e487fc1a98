from __future__ import annotations

import os
from pathlib import Path

import pytest

from machxa_agent import portable
from machxa_agent.probes import disk, filesystem, network
from machxa_agent.probes.filesystem import Mount
from machxa_agent.probes.network import Link
from machxa_wire.records import Sample, Series


def _space(mount: Mount, state: str, blocks: int | None) -> Sample:
    labels = (
        ("system.device", mount.device),
        ("system.filesystem.mountpoint", mount.mountpoint),
        ("system.filesystem.state", state),
    )
    return Sample(Series("system.filesystem.usage", labels, mount.block_bytes), blocks)


def _disk(name: str, device: str, direction: str, value: int, multiplier: int = 1) -> Sample:
    return Sample(Series(name, (("disk.io.direction", direction), ("system.device", device)), multiplier), value)


def _disk_time(device: str, direction: str, milliseconds: int) -> Sample:
    labels = (("disk.io.direction", direction), ("system.device", device))
    return Sample(Series("system.disk.operation_time", labels, 1, 1000), milliseconds)


def _net(name: str, interface: str, direction: str, value: int) -> Sample:
    return Sample(Series(name, (("network.interface.name", interface), ("network.io.direction", direction))), value)


def test_only_local_file_systems_count_each_once_and_no_persons_stick(desktop: Path) -> None:
    mounts = filesystem.from_mountinfo((desktop / "proc/self/mountinfo").read_bytes())

    assert mounts == (
        Mount("/dev/sda2", "/", "ext4"),
        Mount("/dev/sda1", "/boot/efi", "vfat"),
        Mount("/dev/sda3", "/srv/ho so", "xfs"),
    )


def test_an_overlay_counts_as_the_root_of_a_container_and_files_mounted_into_it_do_not() -> None:
    mounts = filesystem.from_mountinfo(
        b"600 500 0:50 / / rw - overlay overlay rw\n"
        b"601 600 8:1 /var/lib/docker/containers/x/hosts /etc/hosts rw - ext4 /dev/sda1 rw\n"
    )

    assert mounts == (Mount("overlay", "/", "overlay"),)


def test_subvolumes_of_one_device_count_once_at_the_shortest_path() -> None:
    mounts = filesystem.from_mountinfo(
        b"40 1 0:33 /@home /home rw - btrfs /dev/sda2 rw\n40 1 0:33 /@ / rw - btrfs /dev/sda2 rw\n"
    )

    assert mounts == (Mount("/dev/sda2", "/", "btrfs"),)


def test_the_running_systems_space_equals_what_statvfs_says(tmp_path: Path) -> None:
    (tmp_path / "self").mkdir()
    (tmp_path / "self/mountinfo").write_text("28 1 8:2 / / rw - ext4 /dev/root rw\n")
    read = filesystem.linux(str(tmp_path))

    samples = read()

    space = os.statvfs("/")
    assert [sample.series.multiplier for sample in samples] == [space.f_frsize, space.f_frsize]
    assert samples[1].value == pytest.approx(space.f_bavail, rel=0.05)


def test_a_file_system_that_went_away_is_not_measured_rather_than_measured_as_its_parent() -> None:
    mount = Mount("/dev/sdb1", "/srv", "ext4", 7, 4096)

    assert filesystem.usage(mount, None, None) == (_space(mount, "used", None), _space(mount, "free", None))


def test_windows_volumes_are_counted_in_sectors() -> None:
    volume = portable.Volume("C:\\", "C:\\", "NTFS")

    samples = filesystem.from_usage(volume, portable.Usage(used=53_687_091_200, free=10_737_418_240))

    mount = Mount("C:\\", "C:\\", "NTFS")
    assert samples == (_space(mount, "used", 104857600), _space(mount, "free", 20971520))


def test_whole_disks_count_not_partitions_loops_mapped_ones_or_the_cd(desktop: Path) -> None:
    samples = disk.linux(str(desktop / "proc"))()

    assert samples[:7] == (
        _disk("system.disk.io", "sda", "read", 4120934, 512),
        _disk("system.disk.io", "sda", "write", 2210466, 512),
        _disk("system.disk.operations", "sda", "read", 71203),
        _disk("system.disk.operations", "sda", "write", 60112),
        _disk_time("sda", "read", 51233),
        _disk_time("sda", "write", 301222),
        Sample(Series("system.disk.io_time", (("system.device", "sda"),), 1, 1000), 120344),
    )
    assert {dict(sample.series.labels)["system.device"] for sample in samples} == {"sda", "nvme0n1"}


def test_windows_disks_have_no_busy_time() -> None:
    samples = disk.from_counters((portable.DiskCounters("PhysicalDrive0", 301, 122, 5_120_000, 1_024_000, 900, 80),))

    assert samples == (
        _disk("system.disk.io", "PhysicalDrive0", "read", 10000, 512),
        _disk("system.disk.io", "PhysicalDrive0", "write", 2000, 512),
        _disk("system.disk.operations", "PhysicalDrive0", "read", 301),
        _disk("system.disk.operations", "PhysicalDrive0", "write", 122),
        _disk_time("PhysicalDrive0", "read", 900),
        _disk_time("PhysicalDrive0", "write", 80),
    )


def test_the_disks_measured_are_bounded() -> None:
    text = "".join(f"   8  {n} sd{chr(97 + n)} 1 0 8 1 1 0 8 1 0 1 2\n" for n in range(26)).encode()

    assert len(disk.from_diskstats(text)) == 8 * 7


def test_cards_count_with_their_link_and_inner_interfaces_do_not(desktop: Path) -> None:
    samples = network.linux(str(desktop / "proc"), str(desktop / "sys"))()

    wired, wireless = (("hw.id", "enp3s0"),), (("hw.id", "wlp2s0"),)
    assert samples[:8] == (
        _net("system.network.io", "enp3s0", "receive", 912340011),
        _net("system.network.io", "enp3s0", "transmit", 51230144),
        _net("system.network.errors", "enp3s0", "receive", 2),
        _net("system.network.errors", "enp3s0", "transmit", 1),
        _net("system.network.packet.dropped", "enp3s0", "receive", 17),
        _net("system.network.packet.dropped", "enp3s0", "transmit", 3),
        Sample(Series("hw.network.up", wired), 1),
        Sample(Series("hw.network.bandwidth.limit", wired, 125000), 1000),
    )
    assert samples[14:] == (
        Sample(Series("hw.network.up", wireless), 0),
        Sample(Series("hw.network.bandwidth.limit", wireless, 125000), None),
    )


@pytest.mark.parametrize(
    ("operstate", "speed", "link"),
    [
        pytest.param(b"up\n", b"100\n", Link(is_up=True, megabits=100), id="up"),
        pytest.param(b"up\n", b"-1\n", Link(is_up=True, megabits=None), id="virtual card without a speed"),
        pytest.param(b"down\n", b"", Link(is_up=False, megabits=None), id="cable out, no speed to read"),
        pytest.param(b"unknown\n", b"", Link(is_up=None, megabits=None), id="driver that does not tell"),
    ],
)
def test_a_link_is_what_its_driver_tells(operstate: bytes, speed: bytes, link: Link) -> None:
    assert network.link_of(operstate, speed) == link


def test_windows_interfaces_count_with_their_link_and_inner_ones_do_not() -> None:
    inner = (0, 0, 0, 0, 0, 0)
    samples = network.from_interfaces(
        (
            portable.Interface("Ethernet", 1000, 200, 1, 2, 3, 4, is_up=True, megabits=100),
            portable.Interface("Local Area Connection* 1", *inner, is_up=False, megabits=0),
            portable.Interface("Loopback Pseudo-Interface 1", *inner, is_up=True, megabits=1073),
            portable.Interface("vEthernet (Default Switch)", *inner, is_up=True, megabits=10000),
        )
    )

    assert [sample.value for sample in samples] == [1000, 200, 1, 2, 3, 4, 1, 100]

"""Full disks and power cuts under outbox and store: nothing acknowledged is lost (F02, F03, F04, F05, F17)."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from machxa_fleet import mosquitto
from tests.faults.rig import Rig

pytestmark = pytest.mark.faults

SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN
NO_LOG_FLUSH = 2  # EXT4_GOING_FLAGS_NOLOGFLUSH: what was not flushed is lost, later I/O fails


def needs(*programs: str) -> None:
    """Skip where a disk cannot be made."""
    if mosquitto.find() is None:
        pytest.skip("mosquitto is not installed")
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("mounting a file system needs root")
    for program in programs:
        if shutil.which(program, path=os.environ["PATH"] + ":/sbin:/usr/sbin") is None:
            pytest.skip(f"{program} is not installed")


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a small file system of its own."""
    needs("mount")
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=False)
    if made.returncode:
        pytest.skip("this machine lets nobody mount a tmpfs")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


class LoopDisk:
    """Hold an ext4 in a file, whose power can be cut."""

    def __init__(self, folder: Path) -> None:
        self.image, self.mounted = folder / "disk.img", folder / "disk"
        self.mounted.mkdir()
        with self.image.open("wb") as image:
            image.truncate(128 * 1024 * 1024)
        subprocess.run(["mkfs.ext4", "-q", "-F", str(self.image)], check=True)
        self.mount()

    def mount(self) -> None:
        """Mount it; what was not on the platter is gone."""
        if subprocess.run(["mount", "-o", "loop", str(self.image), str(self.mounted)], check=False).returncode:
            pytest.skip("this machine lets nobody mount a loop device")

    def cut_power(self) -> None:
        """Lose everything that was not flushed; later I/O fails."""
        import fcntl  # noqa: PLC0415 - Linux only, as the loop device is

        opened = os.open(self.mounted, os.O_RDONLY)
        try:
            fcntl.ioctl(opened, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(opened)

    def unmount(self) -> None:
        """Unmount it."""
        subprocess.run(["umount", "-l", str(self.mounted)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[LoopDisk]:
    """Return a disk whose power can be cut."""
    needs("mkfs.ext4", "mount")
    made = LoopDisk(tmp_path)
    yield made
    with suppress(subprocess.CalledProcessError):
        made.unmount()


def power_cut(rig: Rig, disk: LoopDisk, part: str) -> None:
    """Cut the power under a part: stopped first, since the cut races with a flush in flight."""
    rig.pause(part)
    disk.cut_power()
    rig.kill(part)
    disk.unmount()
    disk.mount()


def test_power_cuts_under_the_outbox_lose_at_most_the_reading_in_doubt(
    tmp_path: Path, disk: LoopDisk, rounds: int
) -> None:
    rig = Rig(tmp_path, agent_data=disk.mounted / "agent")
    try:
        rig.start()
        rig.until_arrived()
        for _ in range(rounds):
            rig.kill("collector")
            rig.until_served(4)
            power_cut(rig, disk, "agent")
            rig.start_agent()
            rig.start_collector()
            rig.until_arrived()
        assert rig.prove().declared_lost == 0
    finally:
        rig.stop()


def test_power_cuts_under_the_store_lose_nothing(tmp_path: Path, disk: LoopDisk, rounds: int) -> None:
    rig = Rig(tmp_path, collector_data=disk.mounted / "data")
    try:
        rig.start()
        rig.until_arrived()
        for _ in range(rounds):
            rig.until_served(4)
            power_cut(rig, disk, "collector")
            rig.start_collector()
            rig.until_arrived()
        assert rig.prove().lost == ()
    finally:
        rig.stop()


def fill(folder: Path) -> Path:
    """Fill a disk to its last byte."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    return filler


def test_a_full_disk_under_the_store_stops_acknowledgements_and_nothing_else(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 24) as folder:
        rig = Rig(tmp_path, collector_data=folder / "data")
        try:
            rig.start()
            rig.until_arrived()
            filler = fill(folder)
            rig.until_served(10)
            assert rig.processes["collector"].poll() is None
            assert rig.get("/api/v1/assets")["assets"]
            filler.unlink()

            assert rig.prove().lost == ()
        finally:
            rig.stop()


def test_a_full_disk_under_the_outbox_holds_readings_in_memory(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 8) as folder:
        rig = Rig(tmp_path, agent_data=folder / "agent")
        try:
            rig.start()
            rig.until_arrived()
            rig.kill("collector")
            filler = fill(folder)
            rig.until_served(8)
            assert rig.processes["agent"].poll() is None
            filler.unlink()
            rig.start_collector()

            assert rig.prove().lost == ()
        finally:
            rig.stop()

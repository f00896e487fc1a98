"""Measure how full the local file systems are."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, replace
from typing import Callable, List, Optional, Tuple

from machxa_agent import portable
from machxa_agent.probes.probe import Probe, Remembered, label, read_bytes
from machxa_wire.records import Sample, Series

_MOST = 8  # file systems; a PC has two or three
_LIST_SECONDS = 600.0  # mounts change seldom, and listing them costs more than measuring them
_SECTOR = 512


@dataclass(frozen=True)
class Mount:
    """Name one mounted local file system, and the file system's number and block size when it was listed."""

    device: str
    mountpoint: str
    kind: str
    number: int = 0
    block_bytes: int = _SECTOR


def from_mountinfo(text: bytes) -> Tuple[Mount, ...]:
    """Return the local file systems worth watching, one mount of each, ordered by mount point.

    Left out: networks' (they can hang), the kernel's own, images (squashfs, loop devices), what a person
    plugged in (the path holds a user's name), parts of a file system mounted again elsewhere. An overlay counts
    only as the root of a container.
    proc_pid_mountinfo(5).
    """
    found: List[Mount] = []
    for line in text.decode("utf-8", "replace").splitlines():
        left, _, right = line.partition(" - ")
        root, mountpoint = (_plain(path) for path in left.split(" ")[3:5])
        kind, device = right.split(" ")[:2]
        if _is_worth(kind, device, mountpoint) and (mountpoint == "/" or root == "/" or kind == "btrfs"):
            found.append(Mount(_plain(device), mountpoint, kind))
    found.sort(key=lambda mount: (len(mount.mountpoint), mount.mountpoint))
    first_of = {mount.device: mount for mount in reversed(found)}  # bind mounts and subvolumes share a device
    return tuple(sorted(first_of.values(), key=lambda mount: mount.mountpoint))[:_MOST]


def usage(mount: Mount, used: Optional[int], free: Optional[int]) -> Tuple[Sample, ...]:
    """Return used and free space from counts of the file system's own blocks, None when they could not be had.

    free is what ordinary users may still take: used and free add up to less than the whole by what is reserved.
    """
    where = (("system.device", label(mount.device)), ("system.filesystem.mountpoint", label(mount.mountpoint)))
    return tuple(
        Sample(
            Series("system.filesystem.usage", (*where, ("system.filesystem.state", state)), mount.block_bytes), count
        )
        for state, count in (("used", used), ("free", free))
    )


def linux(proc: str = "/proc") -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of the mounts that ``proc`` lists."""
    mounts = Remembered(lambda: _counted(from_mountinfo(read_bytes(proc + "/self/mountinfo"))), _LIST_SECONDS)

    def read() -> Tuple[Sample, ...]:
        samples: Tuple[Sample, ...] = ()
        for mount in mounts.get():
            space = _space(mount.mountpoint)
            if space is not None and space.f_fsid == mount.number:
                samples += usage(mount, space.f_blocks - space.f_bfree, space.f_bavail)
            else:  # unmounted: what stands there now is another file system
                samples += usage(mount, None, None)
                mounts.forget()
        return samples

    return read


def elsewhere() -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of the volumes psutil lists, in sectors."""
    volumes = Remembered(portable.volumes, _LIST_SECONDS)

    def read() -> Tuple[Sample, ...]:
        samples: Tuple[Sample, ...] = ()
        for volume in volumes.get()[:_MOST]:
            samples += from_usage(volume, portable.usage(volume.mountpoint))
        return samples

    return read


def from_usage(volume: portable.Volume, space: portable.Usage) -> Tuple[Sample, ...]:
    """Return used and free space from psutil's bytes, which are whole sectors."""
    mount = Mount(volume.device, volume.mountpoint, volume.filesystem)
    return usage(mount, space.used // _SECTOR, space.free // _SECTOR)


def _counted(mounts: Tuple[Mount, ...]) -> Tuple[Mount, ...]:
    """Return the mounts that can be reached, with what tells them from what replaces them."""
    spaces = ((mount, _space(mount.mountpoint)) for mount in mounts)
    return tuple(replace(mount, number=space.f_fsid, block_bytes=space.f_frsize) for mount, space in spaces if space)


def _space(mountpoint: str) -> Optional[os.statvfs_result]:
    """Return the space of the file system at a path, None when it cannot be reached."""
    try:
        return os.statvfs(mountpoint)
    except OSError:
        return None


def _is_worth(kind: str, device: str, mountpoint: str) -> bool:
    if kind == "overlay":
        return mountpoint == "/"
    if kind not in _LOCAL or device.startswith("/dev/loop"):
        return False
    return not mountpoint.startswith(_PERSONAL)


def _plain(escaped: str) -> str:
    """Return a path as it is: the kernel writes space, tab, newline and backslash in octal."""
    return _OCTAL.sub(lambda found: chr(int(found.group(1), 8)), escaped)


_OCTAL = re.compile(r"\\([0-7]{3})")
_PERSONAL = ("/media/", "/run/media/", "/home/")
_LOCAL = frozenset(
    (
        *("bcachefs", "btrfs", "exfat", "ext2", "ext3", "ext4", "f2fs", "fuseblk", "jffs2", "jfs", "msdos", "nilfs2"),
        *("ntfs", "ntfs3", "reiserfs", "ubifs", "vfat", "xfs", "zfs"),
    )
)

PROBE = Probe("filesystem", linux() if sys.platform == "linux" else elsewhere())

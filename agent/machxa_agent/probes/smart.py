"""Measure the signs that a disk will fail: what it says of itself, asked four times a day."""

# ruff: noqa: PLC0415 - json and what starts a child are loaded where a disk can be asked

from __future__ import annotations

import os
import re
import sys
import time
from typing import Callable, Dict, List, Mapping, Optional, Tuple

from machxa_agent.probes.probe import Probe, label, read_bytes
from machxa_wire.records import Sample, Series

_MOST = 8  # disks
_DISK_SECONDS = 20.0
_TIMEOUT_SECONDS = 50.0
_PERCENT = 100
_DISK = re.compile(r"sd[a-z]+|nvme[0-9]+n[0-9]+")
_EMMC = re.compile(r"mmcblk[0-9]+")
_SMARTCTL = ("/usr/sbin/smartctl", "/sbin/smartctl", "/usr/local/sbin/smartctl", "/usr/bin/smartctl")
_ARGUMENTS = ("--json=c", "--health", "--attributes", "--info", "--nocheck=standby,0")  # a sleeping disk stays asleep
_LEFT = "/run/machxa-smart"  # where a timer of root's leaves answers: deploy/smart
_FRESH_SECONDS = 86400.0
_PLAUSIBLE = 2**32  # some Seagate disks pack more than a count into a raw value

# Microsoft Learn: MSFT_PhysicalDisk, MSFT_StorageReliabilityCounter. Constant: nothing is put into it.
SCRIPT = (
    "ConvertTo-Json -Compress -InputObject @(Get-PhysicalDisk|Where-Object{$_.BusType -ne 'USB'}|ForEach-Object{"
    "$c=$_|Get-StorageReliabilityCounter;[pscustomobject]@{DeviceId=$_.DeviceId;"
    "HealthStatus=[int]$_.CimInstanceProperties['HealthStatus'].Value;"
    "OperationalStatus=@($_.CimInstanceProperties['OperationalStatus'].Value);Wear=$c.Wear;"
    "PowerOnHours=$c.PowerOnHours;Temperature=$c.Temperature;"
    "ReadErrorsUncorrected=$c.ReadErrorsUncorrected;WriteErrorsUncorrected=$c.WriteErrorsUncorrected}})"
)


def from_smartctl(disk: str, said: Mapping[str, object]) -> Tuple[Sample, ...]:
    """Return a disk's signs from smartctl's JSON (7.0 and later); none from one that sleeps or cannot be asked.

    Counts are raw values of ATA attributes 5, 10, 187, 197, 198 and 199, or of the NVMe health log.
    """
    passed = _within(said, "smart_status").get("passed")
    counts = {**_ata_counts(said), **_nvme_counts(said)}
    hours = _whole(_within(said, "power_on_time").get("hours"))
    if hours is not None:
        counts["power_on_hours"] = hours
    failing = None if not isinstance(passed, bool) else int(not passed or bool(counts.pop("critical_warning", 0)))
    counts.pop("critical_warning", None)
    return _signs(disk, failing, _endurance(said), counts)


def from_physical_disks(disks: object) -> Tuple[Sample, ...]:
    """Return the disks' signs from Get-PhysicalDisk with its reliability counters, as JSON.

    HealthStatus is 0 healthy, 1 warning, 2 unhealthy; OperationalStatus 5 is a predicted failure. Wear is what is used
    up, in per cent; a hard disk's 0 says nothing.
    """
    samples: List[Sample] = []
    for one in disks[:_MOST] if isinstance(disks, list) else ():
        if not isinstance(one, dict):
            continue
        health, states = _whole(one.get("HealthStatus")), one.get("OperationalStatus")
        predicted = isinstance(states, list) and _PREDICTED in states
        failing = None if health not in (0, 1, 2) else int(health > 0 or predicted)
        counts = {name: _whole(one.get(key)) for name, key in _WINDOWS_COUNTS}
        worn = _whole(one.get("Wear"))
        left = _PERCENT - worn if worn is not None and 0 < worn <= _PERCENT else None
        known = {name: count for name, count in counts.items() if count is not None}
        samples += _signs("PhysicalDrive" + str(one.get("DeviceId", "")), failing, left, known)
    return tuple(samples)


def from_emmc(disk: str, life_time: bytes, pre_eol: bytes) -> Tuple[Sample, ...]:
    """Return an eMMC's signs from its files in /sys: life used in steps of a tenth, spare blocks (JESD84-B51)."""
    tenths = [int(one, 16) for one in life_time.split()]
    used = max((one for one in tenths if 0 < one <= _TENTHS), default=None)
    spare = int(pre_eol, 16) if pre_eol.strip() else 0
    failing = None if spare not in (1, 2, 3) else int(spare == 3)  # noqa: PLR2004 - normal, warning, urgent
    return _signs(disk, failing, None if used is None else max(0, _PERCENT - 10 * used), {})


def linux(
    sys_root: str = "/sys",
    programs: Tuple[str, ...] = _SMARTCTL,
    ask: Optional[Callable[[List[str]], bytes]] = None,
    left: str = _LEFT,
    clock: Callable[[], float] = time.time,
) -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of the disks below ``sys_root``: by answers left within a day, else by smartctl.

    Without smartctl, or without the right to ask disks, none answers.
    """

    def read() -> Tuple[Sample, ...]:
        folder = sys_root + "/block"
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []  # noqa: PTH112, PTH208 - one call each
        program = next((one for one in programs if os.path.exists(one)), None)  # noqa: PTH110
        samples: List[Sample] = []
        for name in [one for one in names if _is_built_in(f"{folder}/{one}")][:_MOST]:
            if _EMMC.fullmatch(name):
                device = f"{folder}/{name}/device/"
                samples += from_emmc(name, _said(device + "life_time"), _said(device + "pre_eol_info"))
                continue
            answer = _left(f"{left}/{name}.json", clock())
            if not answer and program is not None:
                answer = _asked([program, *_ARGUMENTS, "/dev/" + name], ask)
            samples += from_smartctl(name, _object(answer))
        return tuple(samples)

    return read


def _left(path: str, now: float) -> bytes:
    """Return an answer that was left not long ago, nothing otherwise."""
    try:
        return read_bytes(path) if 0 <= now - os.stat(path).st_mtime <= _FRESH_SECONDS else b""  # noqa: PTH116 - one call
    except OSError:
        return b""


def _asked(command: List[str], ask: Optional[Callable[[List[str]], bytes]]) -> bytes:
    from machxa_agent.child import answer

    return answer(command, _DISK_SECONDS) if ask is None else ask(command)


def _object(text: bytes) -> Mapping[str, object]:
    import json

    said = json.loads(text) if text.strip() else {}
    return said if isinstance(said, dict) else {}


def _windows() -> Tuple[Sample, ...]:
    import json

    from machxa_agent.child import powershell

    text = powershell(SCRIPT, _TIMEOUT_SECONDS)
    return from_physical_disks(json.loads(text.decode("utf-8-sig"))) if text.strip() else ()


def _is_built_in(path: str) -> bool:
    name = path.rpartition("/")[2]
    return bool(_DISK.fullmatch(name) or _EMMC.fullmatch(name)) and "/usb" not in os.path.realpath(path)


def _said(path: str) -> bytes:
    try:
        return read_bytes(path)
    except OSError:
        return b""


def _ata_counts(said: Mapping[str, object]) -> Dict[str, int]:
    return {_ATA[number]: count for number, count, _ in _attributes(said) if number in _ATA and count < _PLAUSIBLE}


def _nvme_counts(said: Mapping[str, object]) -> Dict[str, int]:
    log = _within(said, "nvme_smart_health_information_log")
    pairs = ((name, _whole(log.get(name))) for name in _NVME)
    return {name: count for name, count in pairs if count is not None}


def _endurance(said: Mapping[str, object]) -> Optional[int]:
    """Return the life left in per cent, None for a hard disk and for an SSD that does not tell; may be over: then 0."""
    used = _whole(_within(said, "endurance_used").get("current_percent"))
    if used is None:
        used = _whole(_within(said, "nvme_smart_health_information_log").get("percentage_used"))
    if used is not None:
        return max(0, _PERCENT - used)
    lives = [value for number, _, value in _attributes(said) if number in _LIFE and value is not None]
    return lives[0] if lives and 0 <= lives[0] <= _PERCENT else None


def _attributes(said: Mapping[str, object]) -> List[Tuple[int, int, Optional[int]]]:
    """Return number, raw value and normalized life of each ATA attribute; life is None where the name is another."""
    table = _within(said, "ata_smart_attributes").get("table")
    found = []
    for one in table if isinstance(table, list) else ():
        number, raw = (
            (_whole(one.get("id")), _whole(_within(one, "raw").get("value"))) if isinstance(one, dict) else (None, None)
        )
        if number is not None and raw is not None:
            is_life = _LIFE.get(number) == one.get("name")
            found.append((number, raw, _whole(one.get("value")) if is_life else None))
    return found


def _signs(disk: str, failing: Optional[int], left: Optional[int], counts: Mapping[str, int]) -> Tuple[Sample, ...]:
    hardware = ("hw.id", label(disk))
    samples: List[Sample] = []
    if failing is not None:
        state = (hardware, ("hw.state", "predicted_failure"), ("hw.type", "physical_disk"))
        samples.append(Sample(Series("hw.status", state), failing))
    if left is not None:
        remaining = (hardware, ("hw.physical_disk.state", "remaining"))
        samples.append(Sample(Series("hw.physical_disk.endurance_utilization", remaining, 1, _PERCENT), left))
    samples += (
        Sample(Series("hw.physical_disk.smart", (hardware, ("hw.physical_disk.smart_attribute", name))), count)
        for name, count in sorted(counts.items())
    )
    return tuple(samples)


def _within(outer: Mapping[str, object], key: str) -> Mapping[str, object]:
    inner = outer.get(key)
    return inner if isinstance(inner, dict) else {}


def _whole(value: object) -> Optional[int]:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


_PREDICTED = 5
_TENTHS = 11  # 1 to 10 are tenths used, 11 is beyond
_ATA = {
    5: "reallocated_sectors",
    10: "spin_retries",
    187: "uncorrectable_errors",
    197: "pending_sectors",
    198: "offline_uncorrectable_sectors",
    199: "interface_crc_errors",
}
_NVME = ("available_spare", "critical_warning", "media_errors", "unsafe_shutdowns")
# Names of smartmontools' drivedb; the normalized value counts down from 100. Samsung, Crucial, Kingston, Intel.
_LIFE = {
    177: "Wear_Leveling_Count",
    202: "Percent_Lifetime_Remain",
    231: "SSD_Life_Left",
    233: "Media_Wearout_Indicator",
}
_WINDOWS_COUNTS = (
    ("power_on_hours", "PowerOnHours"),
    ("uncorrected_read_errors", "ReadErrorsUncorrected"),
    ("uncorrected_write_errors", "WriteErrorsUncorrected"),
)

PROBE = Probe("smart", linux() if sys.platform == "linux" else _windows, every=360, after=5, is_slow=True)

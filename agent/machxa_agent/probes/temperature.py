"""Measure temperatures: dust and dead fans show here first."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List, Optional, Pattern, Tuple

from machxa_agent.probes.probe import Probe, Remembered, label, read_bytes
from machxa_wire.records import Sample, Series

_MOST = 8  # sensors
_WALK_SECONDS = 3600.0  # the walk costs a hundred times the reading, and sensors are soldered on
_CHIP = re.compile(r"hwmon([0-9]+)")
_ZONE = re.compile(r"thermal_zone([0-9]+)")
_INPUT = re.compile(r"temp([0-9]+)_input")
_MILLIDEGREES = 1000


@dataclass(frozen=True)
class Sensor:
    """Name a sensor: its file, an id that survives a restart, and what it sits on ("" when the driver is silent)."""

    path: str
    name: str
    location: str


def from_input(sensor: Sensor, text: Optional[bytes]) -> Sample:
    """Return a temperature in millidegrees, None when the sensor did not answer this time."""
    labels = [("hw.id", label(sensor.name))]
    if sensor.location:
        labels.append(("hw.sensor_location", label(sensor.location)))
    return Sample(Series("hw.temperature", tuple(labels), 1, _MILLIDEGREES), None if text is None else int(text))


def sensors(sys_root: str = "/sys") -> Tuple[Sensor, ...]:
    """Return the sensors worth watching: a processor's package stands for its cores; thermal zones only if alone."""
    classes = Path(sys_root, "class")
    found = _hwmon(classes / "hwmon") or _zones(classes / "thermal")
    return tuple(one for one in found if not one.location.startswith("Core "))[:_MOST]


def linux(sys_root: str = "/sys") -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of the sensors below ``sys_root``."""
    remembered = Remembered(lambda: sensors(sys_root), _WALK_SECONDS)
    return lambda: tuple(from_input(one, _content(one.path)) for one in remembered.get())


def _hwmon(folder: Path) -> List[Sensor]:
    """Walk the chips; two of one name (two disks) are told apart by their order. kernel's hwmon/sysfs-interface."""
    found: List[Sensor] = []
    seen: List[str] = []
    for chip_folder in _numbered(folder, _CHIP):
        chip = _words(chip_folder / "name") or "unnamed"
        seen.append(chip)
        ordinal = "" if seen.count(chip) == 1 else f"#{seen.count(chip)}"
        for path in _numbered(chip_folder, _INPUT):
            stem = path.name[: -len("_input")]
            found.append(Sensor(str(path), f"{chip}{ordinal}/{stem}", _words(chip_folder / (stem + "_label"))))
    return found


def _zones(folder: Path) -> List[Sensor]:
    return [Sensor(str(zone / "temp"), zone.name, _words(zone / "type")) for zone in _numbered(folder, _ZONE)]


def _numbered(folder: Path, pattern: Pattern[str]) -> List[Path]:
    """Return the paths whose names fit, in the order of their numbers; none when there is no folder."""
    if not folder.is_dir():
        return []
    fits = sorted(
        (int(fit.group(1)), path) for path in folder.iterdir() for fit in [pattern.fullmatch(path.name)] if fit
    )
    return [path for _, path in fits]


def _content(path: str) -> Optional[bytes]:
    """Return a sensor's file, None when it does not answer: a disk asleep, a chip of a switched-off port."""
    try:
        return read_bytes(path) or None
    except OSError:
        return None


def _words(path: Path) -> str:
    return (_content(str(path)) or b"").decode("utf-8", "replace").strip()


# psutil reads no temperature on Windows, where only the maker's own driver can.
PROBE = Probe("temperature", linux() if sys.platform == "linux" else tuple)

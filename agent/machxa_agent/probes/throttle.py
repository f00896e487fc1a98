"""Measure how often the processor had to slow down because it was too hot: dust, a dead fan, dried paste."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Callable, Dict, List, Tuple

from machxa_agent.probes.probe import Probe, Remembered, label, read_bytes
from machxa_wire.records import Sample, Series

_LIST_SECONDS = 86400.0  # processors are soldered or socketed
_MOST = 4  # packages
_CPU = re.compile(r"cpu([0-9]+)")


def from_counts(package: str, count: bytes, milliseconds: bytes) -> Tuple[Sample, ...]:
    """Return a package's throttle events since boot and the time they lasted; kernels before 5.5 count no time."""
    hardware = (("hw.id", label("package " + package)),)
    samples: List[Sample] = []
    if count.strip().isdigit():
        samples.append(Sample(Series("machxa.cpu.throttle.count", hardware), int(count)))
    if milliseconds.strip().isdigit():
        samples.append(Sample(Series("machxa.cpu.throttle.time", hardware, 1, 1000), int(milliseconds)))
    return tuple(samples)


def packages(sys_root: str = "/sys") -> Tuple[Tuple[str, str], ...]:
    """Return each package's number and the folder of its first processor; none on AMD and ARM, which do not count."""
    found: Dict[str, str] = {}
    folder = Path(sys_root, "devices/system/cpu")
    numbered = sorted(
        (int(fit.group(1)), one)
        for one in (folder.iterdir() if folder.is_dir() else ())
        for fit in [_CPU.fullmatch(one.name)]
        if fit
    )
    for _, one in numbered:
        if (one / "thermal_throttle/package_throttle_count").exists():
            found.setdefault(_said(str(one / "topology/physical_package_id")).decode().strip() or "0", str(one))
    return tuple(found.items())[:_MOST]


def linux(sys_root: str = "/sys") -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of the packages below ``sys_root``."""
    remembered = Remembered(lambda: packages(sys_root), _LIST_SECONDS)

    def read() -> Tuple[Sample, ...]:
        samples: List[Sample] = []
        for package, folder in remembered.get():
            stem = folder + "/thermal_throttle/package_throttle_"
            samples += from_counts(package, _said(stem + "count"), _said(stem + "total_time_ms"))
        return tuple(samples)

    return read


def _said(path: str) -> bytes:
    try:
        return read_bytes(path)
    except OSError:
        return b""


# Windows tells it in its event log only (Kernel-Processor-Power 37), and there mostly for another reason.
PROBE = Probe("throttle", linux() if sys.platform == "linux" else tuple, every=15, after=3)

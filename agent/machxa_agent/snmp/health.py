"""Tell how loaded and how warm a device is, and what its disks hold. Standard and makers' MIBs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

from machxa_agent.snmp import mib
from machxa_agent.snmp.answers import Answers, Oid, dotted, oid

_RAM: Oid = oid("1.3.6.1.2.1.25.2.1.2")  # hrStorageRam
_DISKS = (oid("1.3.6.1.2.1.25.2.1.4"), oid("1.3.6.1.2.1.25.2.1.9"))  # fixed disk, network disk
_UCD_TOTAL, _UCD_FREE = "1.3.6.1.4.1.2021.4.5.0", "1.3.6.1.4.1.2021.4.6.0"
_UCD_BUFFER, _UCD_CACHED = "1.3.6.1.4.1.2021.4.14.0", "1.3.6.1.4.1.2021.4.15.0"
_UCD_IDLE = "1.3.6.1.4.1.2021.11.11.0"  # ssCpuIdle
_CPU_SCALARS = (
    "1.3.6.1.4.1.12356.101.4.1.3.0",  # fgSysCpuUsage
    "1.3.6.1.4.1.9.6.1.101.1.8.0",  # rlCpuUtilDuringLast5Minutes
    "1.3.6.1.4.1.11.2.14.11.5.1.9.6.1.0",  # hpSwitchCpuStat
    "1.3.6.1.4.1.890.1.15.3.2.4.0",  # zyxel
    "1.3.6.1.4.1.4881.1.1.10.2.36.1.1.2.0",  # Ruijie, 1 minute
    "1.3.6.1.4.1.52642.1.1.10.2.36.1.1.2.0",
)
_CPU_COLUMNS = (
    "1.3.6.1.4.1.9.9.109.1.1.1.1.8",  # cpmCPUTotal5minRev
    "1.3.6.1.4.1.2011.5.25.31.1.1.1.1.5",  # hwEntityCpuUsage
    "1.3.6.1.4.1.25506.2.6.1.1.1.1.6",  # hh3cEntityExtCpuUsage
    "1.3.6.1.4.1.11863.6.4.1.1.1.1.3",  # tpSysMonitorCpu1Minute
    "1.3.6.1.4.1.2636.3.1.13.1.8",  # jnxOperatingCPU
)
_MEMORY_COLUMNS = (
    "1.3.6.1.4.1.2011.5.25.31.1.1.1.1.7",  # hwEntityMemUsage
    "1.3.6.1.4.1.25506.2.6.1.1.1.1.8",  # hh3cEntityExtMemUsage
    "1.3.6.1.4.1.11863.6.4.1.2.1.1.2",  # tpSysMonitorMemoryUtilization
    "1.3.6.1.4.1.2636.3.1.13.1.11",  # jnxOperatingBuffer
)
_MEMORY_SCALARS = ("1.3.6.1.4.1.12356.101.4.1.4.0", "1.3.6.1.4.1.890.1.15.3.2.5.0")  # fgSysMemUsage, Zyxel
_SENSOR_TYPE, _SENSOR_SCALE = "1.3.6.1.2.1.99.1.1.1.1", "1.3.6.1.2.1.99.1.1.1.2"
_SENSOR_PRECISION, _SENSOR_VALUE = "1.3.6.1.2.1.99.1.1.1.3", "1.3.6.1.2.1.99.1.1.1.4"
_CELSIUS = 8  # EntitySensorDataType celsius(8)
_TEMPERATURES = ("1.3.6.1.4.1.6574.1.2.0", "1.3.6.1.4.1.14988.1.1.3.11.0", "1.3.6.1.4.1.24681.1.3.6.0")
_POE_BUDGET, _POE_USED = "1.3.6.1.2.1.105.1.3.1.1.2", "1.3.6.1.2.1.105.1.3.1.1.4"  # watts
_DISK_NAMES, _DISK_STATES = "1.3.6.1.4.1.6574.2.1.1.2", "1.3.6.1.4.1.6574.2.1.1.5"  # synoDisk
_DISK_WORDS = {1: "normal", 2: "initialized", 3: "not initialized", 4: "system partition failed", 5: "crashed"}
_QNAP_DISKS, _QNAP_STATES = "1.3.6.1.4.1.24681.1.2.11.1.2", "1.3.6.1.4.1.24681.1.2.11.1.4"
_QNAP_WORDS = {0: "normal", -5: "not present", -6: "invalid", -9: "error"}
_RAID_NAMES, _RAID_STATES = "1.3.6.1.4.1.6574.3.1.1.2", "1.3.6.1.4.1.6574.3.1.1.3"  # synoRaid
_RAID_WORDS = {1: "normal", 2: "repairing", 3: "migrating", 4: "expanding", 7: "syncing", 11: "degraded", 12: "crashed"}
SCALARS = (*_CPU_SCALARS, *_MEMORY_SCALARS, *_TEMPERATURES, _UCD_TOTAL, _UCD_FREE, _UCD_BUFFER, _UCD_CACHED, _UCD_IDLE)
MAKERS_COLUMNS = (*_CPU_COLUMNS, *_MEMORY_COLUMNS)
HOST_COLUMNS = (
    mib.HR_PROCESSOR_LOAD,
    mib.HR_STORAGE_TYPE,
    mib.HR_STORAGE_DESCR,
    mib.HR_STORAGE_UNITS,
    mib.HR_STORAGE_SIZE,
    mib.HR_STORAGE_USED,
)
SENSOR_COLUMNS = (_SENSOR_TYPE, _SENSOR_SCALE, _SENSOR_PRECISION, _SENSOR_VALUE)
POE_COLUMNS = (_POE_BUDGET, _POE_USED)
DISK_COLUMNS = (_DISK_NAMES, _DISK_STATES, _RAID_NAMES, _RAID_STATES, _QNAP_DISKS, _QNAP_STATES)
_WHOLE = 100
_COLDEST, _HOTTEST = -60.0, 200.0


@dataclass(frozen=True)
class Volume:
    """Hold a disk volume, in bytes."""

    name: str
    size_bytes: int
    used_bytes: int


@dataclass(frozen=True)
class Disk:
    """Hold a disk or a disk group and its state; None where the state has no known word."""

    name: str
    state: Optional[str]


@dataclass(frozen=True)
class Health:
    """Hold load, memory, warmth, PoE and disks; None or empty for what the device did not say."""

    cpu_ratio: Optional[float]
    memory_ratio: Optional[float]
    temperatures_celsius: Tuple[Tuple[str, float], ...]
    poe_budget_watts: Optional[int]
    poe_used_watts: Optional[int]
    volumes: Tuple[Volume, ...]
    disks: Tuple[Disk, ...]


def health(answers: Answers) -> Health:
    """Return how the device is."""
    budget, used = answers.numbers(_POE_BUDGET).values(), answers.numbers(_POE_USED).values()
    return Health(
        cpu_ratio=_cpu(answers),
        memory_ratio=_memory(answers),
        temperatures_celsius=_temperatures(answers),
        poe_budget_watts=sum(budget) if budget and min(budget) >= 0 else None,
        poe_used_watts=sum(used) if used and min(used) >= 0 else None,
        volumes=_volumes(answers),
        disks=_disks(answers, _DISK_NAMES, _DISK_STATES, _DISK_WORDS)
        + _disks(answers, _RAID_NAMES, _RAID_STATES, _RAID_WORDS)
        + _disks(answers, _QNAP_DISKS, _QNAP_STATES, _QNAP_WORDS),
    )


def _cpu(answers: Answers) -> Optional[float]:
    loads = _percents(list(answers.numbers(mib.HR_PROCESSOR_LOAD).values()))
    if loads:
        return sum(loads) / len(loads) / _WHOLE
    named = _percents([answers.number(at) for at in _CPU_SCALARS])
    if named:
        return named[0] / _WHOLE
    for column in _CPU_COLUMNS:
        rows = [one for one in _percents(list(answers.numbers(column).values())) if one > 0]
        if rows:
            return max(rows) / _WHOLE
    idle = _percents([answers.number(_UCD_IDLE)])
    return (_WHOLE - idle[0]) / _WHOLE if idle else None


def _memory(answers: Answers) -> Optional[float]:
    named = _percents([answers.number(at) for at in _MEMORY_SCALARS])
    if named:
        return named[0] / _WHOLE
    for column in _MEMORY_COLUMNS:
        rows = [one for one in _percents(list(answers.numbers(column).values())) if one > 0]
        if rows:
            return max(rows) / _WHOLE
    linux = _linux_memory(answers)
    if linux is not None:
        return linux
    return next((used / size for _, size, used in _storages(answers, (_RAM,)) if 0 < size >= used), None)


def _linux_memory(answers: Answers) -> Optional[float]:
    """Return the share that programs hold: what Linux caches in is free for the asking."""
    total, free = answers.number(_UCD_TOTAL), answers.number(_UCD_FREE)
    if total is None or free is None or total <= 0:
        return None
    used = total - free - (answers.number(_UCD_BUFFER) or 0) - (answers.number(_UCD_CACHED) or 0)
    return used / total if 0 <= used <= total else None


def _percents(values: List[Optional[int]]) -> List[int]:
    return [one for one in values if one is not None and 0 <= one <= _WHOLE]


def _storages(answers: Answers, kinds: Tuple[Oid, ...]) -> List[Tuple[Oid, int, int]]:
    """Return index, size and used bytes of hrStorageTable's rows of some kinds."""
    units, sizes = answers.numbers(mib.HR_STORAGE_UNITS), answers.numbers(mib.HR_STORAGE_SIZE)
    used = answers.numbers(mib.HR_STORAGE_USED)
    types = answers.rows(mib.HR_STORAGE_TYPE)
    return [
        (row, sizes[row] * units[row], used[row] * units[row])
        for row in sorted(sizes)
        if types.get(row) in kinds and units.get(row, 0) > 0 and sizes[row] >= 0 and used.get(row, -1) >= 0
    ]


def _volumes(answers: Answers) -> Tuple[Volume, ...]:
    names = answers.texts(mib.HR_STORAGE_DESCR)
    rows = _storages(answers, _DISKS)
    return tuple(Volume(names[row], size, used) for row, size, used in rows if row in names and 0 < size >= used)


def _disks(answers: Answers, names: str, states: str, words: Dict[int, str]) -> Tuple[Disk, ...]:
    told = answers.numbers(states)
    return tuple(Disk(name, words.get(told.get(row, -1000))) for row, name in sorted(answers.texts(names).items()))


def _temperatures(answers: Answers) -> Tuple[Tuple[str, float], ...]:
    """Return the sensors of ENTITY-SENSOR-MIB that tell degrees, and the makers' own."""
    found: List[Tuple[str, float]] = []
    scales, precisions = answers.numbers(_SENSOR_SCALE), answers.numbers(_SENSOR_PRECISION)
    values, names = answers.numbers(_SENSOR_VALUE), answers.texts(mib.ENT_NAME)
    for row, kind in sorted(answers.numbers(_SENSOR_TYPE).items()):
        scale, precision = scales.get(row, 9), precisions.get(row, 0)
        if kind == _CELSIUS and row in values and 0 < scale < 18 and -9 < precision < 10:  # noqa: PLR2004 - the MIB's ranges
            found.append((names.get(row) or dotted(row), values[row] * 10.0 ** (3 * (scale - 9) - precision)))
    named = [("system", float(value)) for value in (answers.number(at) for at in _TEMPERATURES) if value]
    return tuple((name, warm) for name, warm in (*found, *named) if _COLDEST < warm < _HOTTEST)

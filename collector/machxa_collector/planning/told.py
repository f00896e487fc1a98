"""Turn what the registry and an inventory body say of an asset into what planning is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from machxa_collector.planning.facts import Asset, System
from machxa_collector.planning.history import NO_HISTORY, History
from machxa_collector.planning.mending import Repair, mended
from machxa_collector.planning.words import Item, Owner
from machxa_collector.registry.units.fold import fold

_ITEMS: Mapping[str, Item] = {
    **dict.fromkeys(("computer", "laptop", "tablet"), Item.PC),
    **dict.fromkeys(("router", "switch", "access_point", "firewall", "modem"), Item.NETWORK),
    "printer": Item.PRINTER,
    "copier": Item.COPIER,
    "multifunction": Item.COPIER,  # the dearest of its functions (QĐ 15/2025)
    "scanner": Item.SCANNER,
    "shredder": Item.SHREDDER,
    "phone": Item.PHONE,
    "ups": Item.UPS,
}
_OWNERS = {"party": Owner.PARTY, "front": Owner.FRONT, "police": Owner.POLICE, "province": Owner.PROVINCE}
_OWNERS |= {"other": Owner.OTHER}
_WORKS = {"in_use": True, "spare": True, "broken": False, "repair": False, "missing": False}  # draft: nobody has said
CERTIFICATE_TAG = "in phôi giấy chứng nhận"
_LONG_TERM = ("LTSC", "LTSB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """Hold what the registry says of an asset, in its own words; None: nobody said."""

    id: str
    unit: str
    kind: str
    name: str
    code: str | None
    serial: str | None
    status: str
    tags: tuple[str, ...]
    owner: str | None
    budget: str | None
    acquired_on: date | None
    acquired_year: int | None
    acquired_source: str | None
    cost_vnd: int | None
    firmware_on: date | None
    is_heard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Hold what the newest readings say: the least share free of its volumes, and how its disks are.

    crashes are of one week, so at least as many in 90 days; endurance_left_ratio the least, sectors the most of a disk.
    """

    disk_free_ratio: float | None = None
    is_prefail: bool | None = None
    endurance_left_ratio: float | None = None
    sectors: int | None = None
    crashes: int | None = None


NOTHING = Measured()


def asset_of(
    booked: Booked,
    body: Mapping[str, object] | None,
    measured: Measured = NOTHING,
    history: History = NO_HISTORY,
    repaired: tuple[Sequence[Repair], date] = ((), date.min),
) -> Asset:
    """Return an asset as planning sees it. A draft that its agent is heard from works; of others nobody knows.

    A year without a day counts from its last day, so that nothing is older than the books say. An estimate bounds the
    age like the firmware's day. repaired: what was entered of its repairs, and the day on which that is counted. A
    failure that was mended is often an incident, too: the greater number of both counts, never their sum.
    """
    fixed = mended(*repaired)
    told = {} if body is None else body
    on, estimated = _acquired(booked)
    firmware = [day for day in (booked.firmware_on, estimated) if day is not None]
    works = _WORKS.get(booked.status)
    windows11 = _mapping(_mapping(told.get("hardware")).get("windows11"))
    item = _ITEMS.get(booked.kind, Item.OTHER)
    least, most = _crashes(measured.crashes, history)
    return Asset(
        id=booked.id,
        unit=booked.unit,
        item=item,
        owner=_OWNERS.get(booked.owner or "", Owner.STATE),
        name=booked.name,
        code=booked.code,
        serial=booked.serial,
        functions=_functions(booked, item),
        works=True if works is None and booked.is_heard else works,
        acquired_on=on,
        firmware_on=max(firmware, default=None),
        cost_vnd=booked.cost_vnd or None,
        funding=booked.budget,
        system=_system(_mapping(told.get("operatingsystem"))),
        windows11=_flag(windows11.get("ready")),
        cores=_number(_first(told, "cpus").get("core")),
        processor_listed=_listed(windows11),
        memory_mb=_memory(told),
        is_spinning=_spins(_rows(told, "storages")),
        disk_free_ratio=measured.disk_free_ratio,
        is_prefail=measured.is_prefail,
        endurance_left_ratio=measured.endurance_left_ratio,
        bad_sectors=measured.sectors,
        crashes_least=least,
        crashes_most=most,
        crashes=least if least == most else None,
        repairs=fixed.of_quarter,
        failures=_most(history.failures, fixed.of_year),
        watched_years=history.watched_years,
        repair_vnd=fixed.estimate_vnd,
        is_repairable=fixed.is_repairable,
        mending=tuple(repaired[0]),
        downtime_hours=history.downtime_hours,
        history=history,
        programs=tuple((str(row.get("name", "")), str(row.get("version", ""))) for row in _rows(told, "softwares")),
    )


def _most(one: int | None, other: int | None) -> int | None:
    return max((each for each in (one, other) if each is not None), default=None)


def _crashes(of_week: int | None, history: History) -> tuple[int | None, int | None]:
    """Return how many blue screens there were in 90 days at least and at most; what was counted is no less than was."""
    least = max((one for one in (of_week, history.crashes_least) if one is not None), default=None)
    if history.crashes_most is None:
        return least, None
    return least or 0, max(least or 0, history.crashes_most)


def _acquired(booked: Booked) -> tuple[date | None, date | None]:
    """Return the book's day and an estimated one."""
    year = None if booked.acquired_year is None else date(booked.acquired_year, 12, 31)
    day = booked.acquired_on or year
    if booked.acquired_source == "unknown":
        return None, None
    return (None, day) if booked.acquired_source == "estimated" else (day, None)


def _functions(booked: Booked, item: Item) -> tuple[Item, ...]:
    functions = [Item.PRINTER, Item.SCANNER] if booked.kind == "multifunction" else []
    if item in (Item.PRINTER, Item.COPIER) and fold(CERTIFICATE_TAG) in {fold(tag) for tag in booked.tags}:
        functions.append(Item.CERTIFICATE_PRINTER)
    return tuple(functions)


def _system(told: Mapping[str, object]) -> System | None:
    name, version = str(told.get("name", "")), str(told.get("version", ""))
    if name != "Windows":
        return System(product=name.lower(), version=version) if name and version else None
    words = str(told.get("full_name", "")).replace("Microsoft ", "").split()
    edition, channel = str(told.get("edition", "")), told.get("support_channel")
    if len(words) < 2:  # noqa: PLR2004 - "Windows" and its release
        return None
    is_long = channel in _LONG_TERM
    return System(
        product="windows",
        release=words[1],
        version=str(told.get("build", "")).partition(".")[0] if is_long else version,
        enterprise=edition.startswith(("Enterprise", "Education", "IoTEnterprise")),
        iot=edition.startswith("IoT"),
        long_term=is_long,
        server=channel == "server",
    )


def _listed(windows11: Mapping[str, object]) -> bool | None:
    missing, open_ = windows11.get("missing"), windows11.get("unknown")
    if not windows11 or (isinstance(open_, list) and "processor" in open_):
        return None
    return not (isinstance(missing, list) and "processor" in missing)


def _memory(told: Mapping[str, object]) -> int | None:
    modules = [_number(row.get("capacity")) for row in _rows(told, "memories")]
    whole = sum(one for one in modules if one is not None)
    return whole or _number(_mapping(told.get("hardware")).get("memory"))


def _spins(storages: Sequence[Mapping[str, object]]) -> bool | None:
    """Return whether every disk spins; with disks of both kinds, or of no said kind, nobody knows which is slow."""
    kinds = {
        "SSD" if str(row.get("name", "")).startswith(("nvme", "mmcblk")) else str(row.get("type", ""))
        for row in storages
    }
    return {frozenset({"HDD"}): True, frozenset({"SSD"}): False}.get(frozenset(kinds))


def least_free(volumes: Iterable[tuple[float, float]]) -> float | None:
    """Return the least share free of volumes given as free and used; those of no size are left out."""
    shares = [free / (free + used) for free, used in volumes if free + used > 0]
    return min(shares, default=None)


def _number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value > 0 else None
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 10 else None  # noqa: PLR2004 - no such memory


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _rows(told: Mapping[str, object], name: str) -> Sequence[Mapping[str, object]]:
    rows = told.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _first(told: Mapping[str, object], name: str) -> Mapping[str, object]:
    return next(iter(_rows(told, name)), {})

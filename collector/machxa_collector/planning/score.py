"""F12: tell how outdated an asset is, as an interval over what is not known, with its parts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from machxa_collector.planning.facts import Asset
from machxa_collector.planning.figure import Figure, Told, Unit, between, exact
from machxa_collector.planning.history import METHODS
from machxa_collector.planning.rules import Rules
from machxa_collector.planning.support import support_of
from machxa_collector.planning.wear import lives_on, years_between
from machxa_collector.planning.words import Band, Item

_MOST = 100.0
_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Hold a score with its parts by name; completeness is the settled share of all points, 0 to 1.

    must_replace_disk: the disk is about to fail, whatever the score. can_update: a newer system is free.
    conflicting: the book's day of purchase cannot be, the firmware is older than it allows; both are in the score.
    """

    total: Figure
    parts: tuple[tuple[str, Figure], ...]
    completeness: float
    band: Band
    must_replace_disk: bool
    can_update: bool
    conflicting: bool

    @property
    def reasons(self) -> tuple[tuple[str, Figure], ...]:
        """Return the three parts that certainly add most, the greatest first; what may add nothing is none."""
        sure = [(name, part) for name, part in self.parts if part.low]
        return tuple(sorted(sure, key=lambda one: (-(one[1].low or 0), one[0]))[:_REASONS])


def score(asset: Asset, rules: Rules, today: date) -> Scored:
    """Return the score of an asset: of a PC all parts, of another device age and reliability, brought to 100."""
    support, can_update = _support(asset, rules, today)
    age, conflicting = _age(asset, rules, today)
    parts: list[tuple[str, Figure]] = [("age", age), ("reliability", _reliability(asset, rules))]
    most = rules.score.age_most + rules.score.reliability_most
    if asset.item is Item.PC:
        parts = [
            ("support", support),
            ("cpu", _cpu(asset, rules)),
            ("memory", _memory(asset, rules)),
            ("disk", _disk(asset, rules)),
            *parts,
        ]
        most += rules.score.support_ended + rules.score.cpu_most + rules.score.memory_most + _disk_most(rules)
    low = sum(part.low or 0.0 for _, part in parts)
    high = sum(part.high or 0.0 for _, part in parts)
    factor = 1.0 if asset.item is Item.PC else _MOST / most
    total = between(min(_MOST, low * factor), min(_MOST, high * factor), Unit.POINTS, "F12", dict(parts))
    return Scored(
        total=total,
        parts=tuple(parts),
        completeness=1 - (high - low) / most,
        band=band_of(total, rules),
        must_replace_disk=asset.is_prefail is True,
        can_update=can_update and asset.item is Item.PC,
        conflicting=conflicting,
    )


def band_of(total: Figure, rules: Rules) -> Band:
    """Return the band an interval lies in, SURVEY when it crosses an edge."""
    edges = rules.score
    bands = [
        (edges.band_replace, Band.REPLACE),
        (edges.band_plan, Band.PLAN),
        (edges.band_upgrade, Band.UPGRADE),
        (0.0, Band.KEEP),
    ]
    ends = [next(band for edge, band in bands if (end or 0.0) >= edge) for end in (total.low, total.high)]
    return ends[0] if ends[0] is ends[1] else Band.SURVEY


def _support(asset: Asset, rules: Rules, today: date) -> tuple[Figure, bool]:
    most, paid = rules.score.support_ended, rules.score.support_paid
    system = asset.system
    support = None if system is None else support_of(system)
    told: dict[str, Told] = {
        "system": None if system is None else f"{system.product} {system.release} {system.version}"
    }
    if support is None:
        return between(0, most, Unit.POINTS, "F12.support", told), False
    told |= {"ends_on": support.ends_on, "paid_until": support.paid_until, "windows11": asset.windows11}
    if today <= support.ends_on:
        return exact(0, Unit.POINTS, "F12.support", told), False
    ended = paid if support.paid_until is not None and today <= support.paid_until else most
    ready = {"yes": True, "no": False, "windows11": asset.windows11}[support.free_update]
    if ready is None:
        return between(0, ended, Unit.POINTS, "F12.support", told), False
    return exact(0 if ready else ended, Unit.POINTS, "F12.support", told), ready


def _cpu(asset: Asset, rules: Rules) -> Figure:
    rows = sorted(rules.score.cpu, key=lambda row: -row.cores)
    listed = (True, False) if asset.processor_listed is None else (asset.processor_listed,)
    cores = [row.cores for row in rows] if asset.cores is None else [max(1, asset.cores)]
    points = [
        next(row.points for row in rows if row.listed is one and number >= row.cores)
        for one in listed
        for number in cores
    ]
    told: dict[str, Told] = {"listed": asset.processor_listed, "cores": asset.cores}
    return _limited(points, rules.score.cpu_most, "F12.cpu", told)


def _memory(asset: Asset, rules: Rules) -> Figure:
    most, full, none = rules.score.memory_most, rules.score.memory_full_mb, rules.score.memory_none_mb
    told: dict[str, Told] = {"memory_mb": asset.memory_mb}
    if asset.memory_mb is None:
        return between(0, most, Unit.POINTS, "F12.memory", told)
    share = (none - asset.memory_mb) / (none - full)
    return exact(most * min(1.0, max(0.0, share)), Unit.POINTS, "F12.memory", told)


def _disk(asset: Asset, rules: Rules) -> Figure:
    is_full = None if asset.disk_free_ratio is None else asset.disk_free_ratio < rules.score.disk_free_ratio
    signs = (
        (asset.is_spinning, rules.score.disk_spinning),
        (is_full, rules.score.disk_full),
        (asset.is_prefail, rules.score.disk_prefail),
    )
    told: dict[str, Told] = {
        "is_spinning": asset.is_spinning,
        "free_ratio": asset.disk_free_ratio,
        "is_prefail": asset.is_prefail,
    }
    low = sum(points for is_so, points in signs if is_so)
    high = sum(points for is_so, points in signs if is_so is not False)
    return between(low, high, Unit.POINTS, "F12.disk", told)


def _disk_most(rules: Rules) -> float:
    return rules.score.disk_spinning + rules.score.disk_full + rules.score.disk_prefail


def _age(asset: Asset, rules: Rules, today: date) -> tuple[Figure, bool]:
    """Return the points of age; firmware bounds it from below: it may be renewed, and is older than its purchase."""
    lives = [row.years for row in lives_on(asset.item, rules, today)]
    told: dict[str, Told] = {"acquired_on": asset.acquired_on, "firmware_on": asset.firmware_on}
    told |= {f"life_{number}": years for number, years in enumerate(lives, 1)}
    floor = 0.0
    if asset.firmware_on is not None:
        floor = max(0.0, years_between(asset.firmware_on, today) - rules.score.firmware_lead_years)
    book = None if asset.acquired_on is None else years_between(asset.acquired_on, today)
    if not lives or book is None:
        low = 0.0 if not lives else min(_age_points(floor, years, rules) for years in lives)
        return between(low, rules.score.age_most, Unit.POINTS, "F12.age", told), False
    points = [_age_points(age, years, rules) for age in (book, max(book, floor)) for years in lives]
    return between(min(points), max(points), Unit.POINTS, "F12.age", told), book < max(0.0, floor)


def _age_points(age_years: float, life_years: float, rules: Rules) -> float:
    lives, at_life, most = age_years / life_years, rules.score.age_life, rules.score.age_most
    if lives <= 1:
        return at_life * max(0.0, lives)
    return min(most, at_life + (most - at_life) * (lives - 1) / (rules.score.age_most_lives - 1))


def _reliability(asset: Asset, rules: Rules) -> Figure:
    most, each = rules.score.reliability_most, rules.score.reliability_each
    told: dict[str, Told] = {"crashes": asset.crashes, "repairs": asset.repairs}
    least, highest = _crashes(asset)
    if asset.item is Item.PC and asset.crashes is None:
        told |= {"crashes_least": asset.crashes_least, "crashes_most": asset.crashes_most}
    if asset.crashes_most is not None:
        told["crashes_method"] = METHODS["crashes"]
    low = min(most, each * (least + (asset.repairs or 0)))
    high = most if highest is None or asset.repairs is None else min(most, each * (highest + asset.repairs))
    return between(low, high, Unit.POINTS, "F12.reliability", told)


def _crashes(asset: Asset) -> tuple[int, int | None]:
    """Return the least and the most; printers and scanners tell of none, and none counts."""
    if asset.item is not Item.PC:
        return 0, 0
    if asset.crashes is not None:
        return asset.crashes, asset.crashes
    least = asset.crashes_least or 0
    return least, None if asset.crashes_most is None else max(least, asset.crashes_most)


def _limited(points: Iterable[float], most: float, rule: str, told: dict[str, Told]) -> Figure:
    each = [min(most, one) for one in points]
    return between(min(each), max(each), Unit.POINTS, rule, told)

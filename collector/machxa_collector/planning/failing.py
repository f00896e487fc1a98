"""Tell the signs that a device is about to fail, or to stand still, each with the method that found it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from machxa_collector.planning.facts import Asset
from machxa_collector.planning.figure import Figure, Missing, Told, Unit, exact, unknown
from machxa_collector.planning.history import METHODS as TROUBLE_METHODS
from machxa_collector.planning.rules import Rules

METHODS: Mapping[str, str] = {
    "disk_prefail": "the disk's own verdict (SMART, or eMMC's pre-EOL word)",
    "disk_worn": "endurance left, as the disk tells it",
    "disk_sectors": "sectors reallocated, pending or not to be read (SMART 5, 197, 198)",
    "crashes": "blue screens of 90 days, at least: counters of weeks that do not overlap; power cuts do not count",
    "days_to_full": "median of the slopes between all pairs of days of use (Theil-Sen), over what is free",
    "alerts_per_thousand_pages": "alerts, paper and toner aside, over pages printed meanwhile, by the page counter",
    "toner_days": "median slope of the level since it last rose, over what is left",
}
_HIGHEST_POINTS = 120  # pairs grow with the square


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Hold one sign; method is how it was found, in words; sure: the device says so itself."""

    name: str
    figure: Figure
    method: str
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Hold what was measured of a device; None or empty: not measured. days and levels are (day, value) in order.

    free_bytes are what is free on the fullest volume, day by day; toner is each supply's share left, by its name.
    """

    is_prefail: bool | None = None
    endurance_left_ratio: float | None = None
    sectors: int | None = None
    crashes: int | None = None
    free_bytes: Sequence[tuple[float, float]] = ()
    alerts: int | None = None
    pages: int | None = None
    toner: Mapping[str, Sequence[tuple[float, float]]] | None = None


def watched_of(asset: Asset) -> Watched:
    """Return of an asset what signs are told by."""
    return Watched(
        is_prefail=asset.is_prefail,
        endurance_left_ratio=asset.endurance_left_ratio,
        sectors=asset.bad_sectors,
        crashes=asset.crashes_least if asset.crashes is None else asset.crashes,
        free_bytes=asset.history.free_bytes,
        alerts=asset.history.alerts,
        pages=asset.history.pages,
        toner=asset.history.toner,
    )


def signs(watched: Watched, rules: Rules) -> tuple[Sign, ...]:
    """Return the signs of failing; what was not measured gives none."""
    limits, found = rules.signs, []
    if watched.is_prefail:
        found.append(_sign("disk_prefail", 1, Unit.COUNT, {}, sure=True))
    left = watched.endurance_left_ratio
    if left is not None and left <= limits.endurance_left_ratio:
        found.append(_sign("disk_worn", left, Unit.RATIO, {"limit": limits.endurance_left_ratio}, sure=True))
    if watched.sectors is not None and watched.sectors >= limits.sectors:
        found.append(_sign("disk_sectors", watched.sectors, Unit.COUNT, {"limit": limits.sectors}, sure=True))
    if watched.crashes is not None and watched.crashes >= limits.crashes:
        found.append(_sign("crashes", watched.crashes, Unit.COUNT, {"limit": limits.crashes}, sure=False))
    full = days_left(watched.free_bytes, limits.fit_days)
    if full is not None and full <= limits.full_days:
        found.append(_sign("days_to_full", full, Unit.DAYS, {"points": len(watched.free_bytes)}, sure=False))
    return (*found, *_of_printer(watched, rules))


def days_left(levels: Sequence[tuple[float, float]], fit_days: float) -> float | None:
    """Return in how many days a level that falls is 0, None where it does not fall or was watched too shortly."""
    if len(levels) < 3 or levels[-1][0] - levels[0][0] < fit_days:  # noqa: PLR2004 - two points fit any line
        return None
    step = max(1, len(levels) // _HIGHEST_POINTS)
    kept = levels[::step]
    slopes = sorted(
        (later[1] - sooner[1]) / (later[0] - sooner[0])
        for number, later in enumerate(kept)
        for sooner in kept[:number]
        if later[0] > sooner[0]
    )
    if not slopes:
        return None
    middle = len(slopes) // 2
    slope = slopes[middle] if len(slopes) % 2 else (slopes[middle - 1] + slopes[middle]) / 2
    return max(0.0, levels[-1][1] / -slope) if slope < 0 else None


def since_refill(levels: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """Return the levels since one last rose."""
    start = next((at for at in range(len(levels) - 1, 0, -1) if levels[at][1] > levels[at - 1][1]), 0)
    return levels[start:]


def troubles_of(asset: Asset) -> tuple[Figure, Figure]:
    """Return the failures and the working hours a device was down in 12 months, or as long as it was watched."""
    told: dict[str, Told] = {"watched_years": asset.watched_years}
    found = []
    for name, value, unit in (
        ("failures", asset.failures, Unit.COUNT),
        ("downtime", asset.downtime_hours, Unit.HOURS),
    ):
        inputs = {**told, "method": TROUBLE_METHODS[name]}
        missing = Missing.NO_FACT
        found.append(unknown(missing, unit, name, inputs) if value is None else exact(value, unit, name, inputs))
    return found[0], found[1]


def failure_rate(failures: int, device_years: float, rules: Rules) -> Figure:
    """F13: return failures a device and year; both counts are its inputs."""
    prior = rules.failure
    told: dict[str, Told] = {
        "failures": failures,
        "device_years": device_years,
        "alpha": prior.alpha,
        "beta": prior.beta,
    }
    return exact((prior.alpha + failures) / (prior.beta + device_years), Unit.PER_YEAR, "F13", told)


def age_band(age_years: float | None, rules: Rules) -> str:
    """Return the age band of F13: "0-3", "3-5", ..., "7+", or "unknown"."""
    if age_years is None:
        return "unknown"
    edges = [0.0, *sorted(rules.failure.age_bands)]
    low = max((edge for edge in edges if edge <= age_years), default=0.0)
    high = min((edge for edge in edges if edge > age_years), default=None)
    return f"{low:g}+" if high is None else f"{low:g}-{high:g}"


def _of_printer(watched: Watched, rules: Rules) -> Sequence[Sign]:
    limits, found = rules.signs, []
    if watched.alerts is not None and watched.pages is not None and watched.pages >= limits.pages_least:
        rate = 1000 * watched.alerts / watched.pages
        if rate >= limits.alerts_per_thousand_pages:
            told: dict[str, Told] = {"alerts": watched.alerts, "pages": watched.pages}
            found.append(_sign("alerts_per_thousand_pages", rate, Unit.PER_THOUSAND_PAGES, told, sure=False))
    for supply, levels in sorted((watched.toner or {}).items()):
        left = days_left(since_refill(levels), min(limits.fit_days, limits.toner_days))
        if left is not None and left <= limits.toner_days:
            found.append(_sign("toner_days", left, Unit.DAYS, {"supply": supply, "points": len(levels)}, sure=False))
    return found


def _sign(name: str, value: float, unit: Unit, told: Mapping[str, Told], *, sure: bool) -> Sign:
    figure = exact(value, unit, name, {**told, "method": METHODS[name]})
    return Sign(name=name, figure=figure, method=METHODS[name], sure=sure)

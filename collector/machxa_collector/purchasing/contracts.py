"""List lines under contract with what was measured of them, as far as a territory goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from machxa_collector.availability import Asked, Hours, Report, midnight, report_of
from machxa_collector.incidents.served import By
from machxa_collector.planning.line_figures import Measured, measured_of, proposal
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.records import KINDS, Record
from machxa_collector.store import line_tests
from machxa_collector.store.records_read import every
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.watch.availability import Count

View = dict[str, object]
_MINUTE_MS = 60_000


def contracts(live: LiveRegistry, territory: Territory, first: date, last: date, now_ms: int) -> list[View]:
    """Return each line with its contract, p10 and p50, availability in service hours, outage minutes and a proposal.

    Of a line that nobody watches nothing is said; raises TooWide.
    """
    report = report_of(live, territory, Asked(by=By.PROVIDER, first=first, last=last, hours=Hours.ACTUAL), now_ms)
    lines = [
        (one.id, one.record)
        for one in every(live.store, KINDS["lines"])
        if territory.units is None or one.record["unit"] in territory.units
    ]
    told = Tested(live, territory, first, last, [record for _, record in lines])
    minutes = _minutes(report, {str(record["provider"]) for _, record in lines})
    views = [_view(live, report, key, record, told.of(record), minutes) for key, record in lines]
    return sorted(views, key=lambda one: (str(one["provider"]), str(one["unit"]), str(one["name"])))


class Tested:
    """Tell what tests measured of lines over days, both included."""

    def __init__(
        self, live: LiveRegistry, territory: Territory, first: date, last: date, lines: Sequence[Record]
    ) -> None:
        """Read the tests of a territory at once; lines are all its lines, to tell those that are their kind's only."""
        end = midnight(last + timedelta(days=1)) - 1
        self._tests = line_tests.measured(live.store, territory, midnight(first), end)
        counts = Counter((str(line["unit"]), str(line["kind"])) for line in lines)
        self._alone = {key for key, count in counts.items() if count == 1}

    def of(self, line: Record) -> Measured:
        """Return what was measured under a line's name, or under its kind where its unit has one such line."""
        unit, name, kind = (str(line[field]) for field in ("unit", "name", "kind"))
        for (where, said), speeds in self._tests.items():
            if where == unit and said.casefold() == name.casefold():
                return measured_of(speeds)
        return measured_of(self._tests.get((unit, kind), ()) if (unit, kind) in self._alone else ())


def _minutes(report: Report, providers: set[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the outages and their minutes by provider and unit, within the days."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for provider in providers:
        told = report.inputs(provider)
        for unit, mark in () if told is None else told.marks:
            if mark.count is Count.DOWN:
                start = max(mark.outage.start, report.served.period[0])
                end = min(mark.outage.end, report.served.period[1])
                number, sum_ = found.get((provider, unit), (0, 0))
                found[provider, unit] = (number + 1, sum_ + max(0, round((end - start) / _MINUTE_MS)))
    return found


def _view(
    live: LiveRegistry,
    report: Report,
    key: str,
    line: Record,
    tested: Measured,
    minutes: Mapping[tuple[str, str], tuple[int, int]],
) -> View:
    unit, provider = str(line["unit"]), str(line["provider"])
    is_watched = unit in report.since and report.providers.get(unit) == provider
    share = report.share_at(provider, unit).available_ratio if is_watched else None
    outages = minutes.get((provider, unit), (0, 0)) if is_watched else (None, None)
    down, price, expires = line["down_mbps"], line["price_vnd_per_month"], line["expires_on"]
    contract = float(down) if isinstance(down, (int, float)) else None
    advised = proposal(tested, contract, share)
    history = live.current().units.history(unit)
    return {
        "id": key,
        "unit": unit,
        "unit_name": history[-1].full_name if history else unit,
        "name": str(line["name"]),
        "kind": str(line["kind"]),
        "provider": provider,
        "contract": None if line["contract"] is None else str(line["contract"]),
        "down_mbps": contract,
        "price_vnd": price if isinstance(price, int) else None,
        "expires_on": expires if isinstance(expires, date) else None,
        "p10_bps": tested.p10_bps,
        "p50_bps": tested.p50_bps,
        "tests": tested.tests,
        "share": share,
        "outages": outages[0],
        "outage_minutes": outages[1],
        "advice": advised.advice,
        "why": advised.why,
    }

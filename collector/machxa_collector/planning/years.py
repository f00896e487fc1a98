"""Tell how many devices of each class come to their end in each of the next five years. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from machxa_collector.planning import spoken
from machxa_collector.planning.province import Needs
from machxa_collector.planning.support import support_of
from machxa_collector.planning.tables import TOTAL, Row, Table, headings, sum_row, times
from machxa_collector.planning.wear import lives_on
from machxa_collector.planning.words import Action, Item, Owner
from machxa_collector.registry.sheets.showing import Look, said_in
from machxa_collector.registry.speech import Language

_YEARS = 5

_FIVE = headings(
    ("Năm", Look.NUMBER, 8),
    ("Loại", Look.TEXT, 28),
    ("Số lượng, đời dài nhất", Look.NUMBER, 12),
    ("Số lượng, đời ngắn nhất", Look.NUMBER, 12),
    ("Đơn giá", Look.MONEY, 14),
    ("Thành tiền, đời dài nhất", Look.MONEY, 18),
    ("Thành tiền, đời ngắn nhất", Look.MONEY, 18),
    ("Ghi chú", Look.TEXT, 40),
)


def five_years(needs: Needs, language: Language = Language.VIETNAMESE) -> Table:
    """Return how many of each class end in each of the next years: of their useful life, or their system's support.

    Twice: by the longest life the province may choose, and by the shortest. These are two calendars, no bounds of a
    year: what ends early by the one ends late by the other. What ended before counts in the first year; what has no day
    of purchase counts nowhere, and is told.
    """
    first = needs.basis.today.year + 1
    counts: dict[tuple[int, Item], list[int]] = {}
    unknown: dict[Item, int] = {}
    for unit in needs.units:
        for one in unit.judged:
            if one.asset.owner is not Owner.STATE:
                continue
            support = None if one.asset.system is None else support_of(one.asset.system)
            no_way = support is not None and support.free_update == "no"
            ends = _end_years(
                one.asset.acquired_on,
                [row.years for row in lives_on(one.asset.item, needs.basis.rules, needs.basis.today)],
            )
            if support is not None and no_way:
                ends = [min(year, support.ends_on.year) for year in ends] or [support.ends_on.year]
            if not ends:
                unknown[one.asset.item] = unknown.get(one.asset.item, 0) + 1
                continue
            for which, year in ((0, max(ends)), (1, min(ends))):
                at = max(year, first)
                if at < first + _YEARS:
                    counts.setdefault((at, one.asset.item), [0, 0])[which] += 1
    rows: list[Row] = []
    lacking = language.say("{count} thiết bị chưa rõ năm sử dụng")
    for (year, item), (longest, shortest) in sorted(counts.items(), key=lambda one: (one[0][0], one[0][1].value)):
        price = needs.basis.prices.price(item, Action.BUY)
        vnd = None if price is None else price.vnd
        rows.append(
            (
                year,
                language.say(spoken.ITEMS[item]),
                longest,
                shortest,
                vnd,
                None if vnd is None else times(len(rows), 2, 4, longest * vnd),
                None if vnd is None else times(len(rows), 3, 4, shortest * vnd),
                lacking.format(count=unknown[item]) if item in unknown else None,
            )
        )
    total = sum_row(rows, (2, 3, 5, 6), len(_FIVE), language.say(TOTAL))
    return Table(name=language.say("Năm năm"), headings=said_in(_FIVE, language), rows=(*rows, total))


def item_of_row(row: Row) -> Item:
    """Return the class that a row of the table is of."""
    return next(item for item in Item if spoken.ITEMS[item] == row[1])


def _end_years(start: date | None, lives: Sequence[float]) -> list[int]:
    return [] if start is None else [start.year + int(years) for years in lives]

"""Group what is bought into packages, tell how each may be bought, flag split ones, give the year's deadlines. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from machxa_collector.planning.rules import Rules, valid
from machxa_collector.planning.words import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Hold what one owner buys of like things from one source; bought_on None: not yet."""

    owner: str
    commodity: str
    source: str
    vnd: int
    bought_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Say how a package may be bought: "alone", "direct" or "bidding", None without a rule.

    rule is the dated row, source the text it stands in.
    """

    way: str | None
    rule: str | None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Flag packages of one owner, thing and year whose sum needs another way than each by itself."""

    owner: str
    commodity: str
    year: int
    packages: int
    vnd: int
    way: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Hold a deadline of a year."""

    on: date
    what: str
    source: str
    confidence: str


def commodity_of(item: Item, rules: Rules) -> str:
    """Return the group of like things a class is bought with."""
    return next((row.name for row in rules.commodity if item in row.items), item.value)


def method(vnd: int, rules: Rules, day: date) -> Method:
    """Return how a sum may be spent on a day."""
    rows = valid(rules.procurement, day)
    if not rows:
        return Method(way=None, rule=None)
    row = max(rows, key=lambda one: one.valid_from or date.min)
    way = "alone" if vnd <= row.alone_vnd else "direct" if vnd <= row.direct_vnd else "bidding"
    return Method(way=way, rule=row.id, source=row.source)


def splits(packages: Iterable[Package], rules: Rules, day: date) -> tuple[Split, ...]:
    """Return the purchases that were cut into parts, each of which could go an easier way than the whole."""
    whole: dict[tuple[str, str, int], list[Package]] = {}
    for package in packages:
        year = (package.bought_on or day).year
        whole.setdefault((package.owner, package.commodity, year), []).append(package)
    found = []
    for (owner, commodity, year), parts in sorted(whole.items()):
        total = sum(part.vnd for part in parts)
        together = method(total, rules, day)
        ways = {method(part.vnd, rules, part.bought_on or day).way for part in parts}
        if len(parts) > 1 and together.way is not None and together.rule is not None and together.way not in ways:
            found.append(
                Split(
                    owner=owner,
                    commodity=commodity,
                    year=year,
                    packages=len(parts),
                    vnd=total,
                    way=together.way,
                    rule=together.rule,
                )
            )
    return tuple(found)


def deadlines(province: str, year: int, rules: Rules) -> Sequence[Due]:
    """Return a year's deadlines of a province; one that entered none of its own sees only those for everybody."""
    rows = [row for row in rules.deadline if row.province in ("", province)]
    dues = [
        Due(
            on=date(year, row.month, min(row.day, monthrange(year, row.month)[1])),
            what=row.what,
            source=row.source,
            confidence=row.confidence,
        )
        for row in rows
    ]
    return sorted(dues, key=lambda due: (due.on, due.what))

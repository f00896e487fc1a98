"""Hold the province's approved prices and what they stand on. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from machxa_collector.planning.rules import Rules
from machxa_collector.planning.words import Action, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Hold an approved price in đồng with the quotations it stands on; action: what is paid for."""

    item: Item
    vnd: int
    source: str
    action: Action = Action.BUY
    approved_on: date | None = None
    quotations: tuple[str, ...] = ()


class PriceTable:
    """Give the price of an item and action; replacing costs what buying does. version names the table."""

    def __init__(self, rows: tuple[Price, ...] = (), version: str = "") -> None:
        """Keep the rows; of two for one thing the later approved counts."""
        self.version = version
        self.rows = rows
        ordered = sorted(rows, key=lambda row: row.approved_on or date.min)
        self._by_use = {(row.item, row.action): row for row in ordered}

    def price(self, item: Item, action: Action) -> Price | None:
        """Return the approved price, None where the province approved none."""
        return self._by_use.get((item, Action.BUY if action is Action.REPLACE else action))


def exceeds(price_vnd: int, max_price_vnd: int | None, rules: Rules, approved_by: str = "") -> bool:
    """Return whether a price is above the norm's; approved_by "head" or "province": within what each may add."""
    if max_price_vnd is None:
        return False
    more = {"head": rules.ceiling.head_ratio, "province": rules.ceiling.province_ratio}.get(approved_by, 0.0)
    return price_vnd > max_price_vnd * (1 + more)

"""Say what the books hold of an asset, with the source of each day and cost."""

from __future__ import annotations

from datetime import date

from machxa_collector.registry.records.purchase import book_class, cost, purchase
from machxa_collector.store.asset_list import AssetRow

View = dict[str, object]


def book_view(row: AssetRow, today: date, *, with_costs: bool) -> View:
    """Return what the books say; money is None for who may not see it."""
    said = {**row.book, "kind": row.kind}
    came, paid = purchase(said, row.bios_on, today), cost(said)
    return {
        "acquired_on": _day(came.on),
        "acquired_year": came.year,
        "acquired_source": came.source.value,
        "cost_vnd": paid.vnd if with_costs else None,
        "cost_source": paid.source.value if with_costs else "unknown",
        "book_value_vnd": said["book_value_vnd"] if with_costs else None,
        "book_class": book_class(said),
        **{name: said[name] for name in ("norm_row", "budget", "owner", "supplier", "pages")},
        "warranty_until": _day(said["warranty_until"]),
        "pages_on": _day(said["pages_on"]),
    }


def _day(value: object) -> str | None:
    return value.isoformat() if isinstance(value, date) else None

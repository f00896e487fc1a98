"""List the lines of a plan as somebody filters them, and open one down to its inputs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from machxa_collector.planning.failing import troubles_of
from machxa_collector.planning.figure import as_tree
from machxa_collector.planning.line_rows import LineRow, line_rows
from machxa_collector.planning.outcome import Settled
from machxa_collector.planning.overrides import override_tree
from machxa_collector.planning.words import Answer
from machxa_collector.purchasing.evidence import parts_of
from machxa_collector.purchasing.shown import Shown

View = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Hold what of a list is asked for; empty or None: all.

    confidence: the least share of facts known, in per cent. norm: "within" or "above". paid: "paid", "cut" or "waiting"
    (for a price, a norm or a decision). last: "yes" or "no", whether last year's plan had it.
    """

    item: str = ""
    unit: str = ""
    source: str = ""
    year: int | None = None
    action: str = ""
    band: str = ""
    confidence: int | None = None
    norm: str = ""
    paid: str = ""
    last: str = ""


def filters_of(asked: Mapping[str, str]) -> Filters:
    """Return filters as an address says them; what is no number filters nothing."""

    def whole(name: str) -> int | None:
        text = asked[name]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None  # noqa: PLR2004 - a year

    return Filters(
        item=asked["item"],
        unit=asked["unit"],
        source=asked["source"],
        year=whole("year"),
        action=asked["action"],
        band=asked["band"],
        confidence=whole("confidence"),
        norm=asked["norm"],
        paid=asked["paid"],
        last=asked["last"],
    )


def lines_view(one: Shown, asked: Filters, start: int, most: int, before: frozenset[str] | None) -> View:
    """Return up to most lines, in the plan's order: paid ones first, the floor before the rest.

    before: the lines of last year's plan, None where none is kept.
    """
    fitting = [each for each in one.lines if _fits(each, asked, before)]
    shown = fitting[start : start + most]
    numbers = {id(each): number for number, each in enumerate(one.lines, 1)}
    rows = [_row(row, numbers[id(each)]) for each, row in zip(shown, line_rows(shown, one.outcome), strict=True)]
    return {
        "total": len(fitting),
        "vnd": sum(each.line.vnd or 0 for each in fitting),
        "no_price": sum(each.line.vnd is None for each in fitting),
        "start": start,
        "next": start + most if len(fitting) > start + most else None,
        "sources": sorted({each.source for each in one.lines if each.source is not None}),
        "years": sorted({_year(each) or 0 for each in one.lines} - {0}),
        "knows_last": before is not None,
        "rows": rows,
    }


def line_view(one: Shown, line: str) -> View | None:
    """Return a line with all that stands behind it, None where the plan has none of this id."""
    for number, each in enumerate(one.lines, 1):
        if each.line.id == line:
            row = next(line_rows([each], one.outcome))
            told: View = {"asset": None, **parts_of(one.outcome, each)}
            if each.judged is not None:
                failures, downtime = troubles_of(each.judged.asset)
                told |= {"failures": as_tree(failures), "downtime": as_tree(downtime)}
            return {"row": _row(row, number), "parts": told}
    return None


def _row(row: LineRow, number: int) -> View:
    view = asdict(row)
    view |= {"number": number, "item": row.item.value, "action": row.action.value, "beyond": list(row.beyond)}
    view["disposal"] = None if row.disposal is None else row.disposal.value
    view["decided"] = None if row.decided is None else override_tree(row.decided)
    view["can_dispose"] = row.disposal is Answer.YES
    return view


def _fits(one: Settled, asked: Filters, before: frozenset[str] | None) -> bool:
    line, judged = one.line, one.judged
    wanted: Mapping[str, tuple[str, str]] = {
        "item": (asked.item, line.item.value),
        "unit": (asked.unit, line.unit),
        "source": (asked.source, one.source or ""),
        "action": (asked.action, line.action.value),
        "band": (asked.band, "" if judged is None else judged.scored.band.value),
        "norm": (asked.norm, "above" if "beyond_norm" in (line.refused, *line.beyond) else "within"),
        "paid": (asked.paid, _state(one)),
        "last": (asked.last, "" if before is None else "yes" if line.id in before else "no"),
    }
    if any(want not in ("", is_) for want, is_ in wanted.values()):
        return False
    if asked.year is not None and _year(one) != asked.year:
        return False
    known = None if judged is None else judged.scored.completeness
    return asked.confidence is None or (known is not None and known * 100 >= asked.confidence)


def _state(one: Settled) -> str:
    if one.source is not None:
        return "paid"
    return "cut" if one.left_out == "cut" else "waiting"


def _year(one: Settled) -> int | None:
    on = None if one.judged is None else one.judged.asset.acquired_on
    return None if on is None else on.year

"""Put together what each page shows: typed values in, ready values out. No HTML here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from machxa_web import charts, reader
from machxa_web.device.charts import COMPUTERS, draw_device
from machxa_web.device.supplies import Supply, supplies_of
from machxa_web.languages import Language, Unit
from machxa_web.plain import plain
from machxa_web.proof import Proof, proof
from machxa_web.reader import Asset, Metric, Newest, Reader, SeriesPoints
from machxa_web.sheet import Fact, facts_of
from machxa_web.state import Standing, standing

_RAW = 2  # fields of a raw point; a roll-up bucket has more
_SAME_READING = 1.0  # seconds within which two times name one reading
_QUIET, _QUIET_LONG = 960, 7500  # seconds without a reading that a chart shows as a hole; of hourly values
MOST_NEWEST = 80  # rows of "every newest value"; a PC has about 60


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetRow:
    """Hold one row of the list of assets."""

    asset: Asset
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Hold what decides whether an asset's page has changed; cheap to read."""

    asset: Asset
    standing: Standing
    proof: Proof | None
    window: tuple[datetime, datetime]
    span: charts.Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetPage:
    """Hold one asset's page; chart_json is what the browser draws."""

    head: Head
    drawn: charts.Drawn
    chart_json: dict[str, object]
    memory_bytes: float | None
    facts: tuple[Fact, ...]
    newest: tuple[Newest, ...]
    newest_left_out: int
    supplies: tuple[Supply, ...] = ()


def rows(assets: tuple[Asset, ...], now: datetime) -> tuple[AssetRow, ...]:
    """Return the rows of a list of assets."""
    return tuple(AssetRow(asset=one, standing=standing(one.presence, one.last_seen, now)) for one in assets)


def head(source: Reader, asset_id: str, span: charts.Span, now: datetime) -> Head | None:
    """Return the changing part of an asset's page, None when there is no such asset."""
    asset = reader.asset(source, asset_id)
    if asset is None:
        return None
    books = reader.ledger(source, asset.agent.id) if asset.agent else None
    return Head(
        asset=asset,
        standing=standing(asset.presence, asset.last_seen, now),
        proof=proof(books),
        window=span.window(now),
        span=span,
    )


def asset_page(source: Reader, top: Head, language: Language) -> AssetPage:
    """Return everything an asset's page shows."""
    asset, (start, end) = top.asset, top.window

    def read(name: str) -> Metric:
        stored = reader.metric(source, asset.id, name, start, end, top.span.step)
        return with_newest(stored, [one for one in asset.newest if one.name == name], start)

    memory_bytes = next((one.value for one in asset.newest if one.name == "system.memory.limit"), None)
    is_computer = asset.agent is not None or asset.kind in COMPUTERS
    if not is_computer:
        body = asset.facts.body if asset.facts else {}
        drawn = draw_device(asset.kind, read, (start, end), body)
    else:
        drawn = charts.draw(read, start, end, memory_bytes, by_day=top.span.is_long)
    return AssetPage(
        head=top,
        drawn=drawn,
        chart_json={
            chart.key: _chart_json(chart, language, top.span, is_computer=is_computer) for chart in drawn.charts
        },
        memory_bytes=memory_bytes,
        facts=facts_of(asset.facts.body) if asset.facts else (),
        newest=asset.newest[:MOST_NEWEST],
        newest_left_out=max(0, len(asset.newest) - MOST_NEWEST),
        supplies=supplies_of(asset.facts.body if asset.facts else {}, asset.newest),
    )


def with_newest(metric: Metric, newest: Sequence[Newest], start: datetime) -> Metric:
    """Return a metric with the newest readings added where they are later than raw readings, or the only ones.

    An agent tells its newest state as it connects; its first batch follows minutes later. Beside a roll-up a single
    reading has no place: its bucket holds it already.
    """
    points = {tuple(sorted(one.labels.items())): one.points for one in metric.series}
    for one in newest:
        key = tuple(sorted(one.labels.items()))
        if one.at is not None and one.at >= start and _is_later(one.at.timestamp(), points.get(key, ())):
            points[key] = (*points.get(key, ()), (one.at.timestamp(), one.value))
    return Metric(series=tuple(SeriesPoints(labels=dict(key), points=found) for key, found in points.items()))


def _is_later(at: float, known: tuple[tuple[float | None, ...], ...]) -> bool:
    if not known:
        return True
    return len(known[-1]) == _RAW and at >= (known[-1][0] or 0) + _SAME_READING


def labels_text(labels: Mapping[str, str]) -> str:
    """Return labels as one harmless line."""
    return plain(", ".join(f"{name}={value}" for name, value in sorted(labels.items())))


def _chart_json(chart: charts.Chart, language: Language, span: charts.Span, *, is_computer: bool) -> dict[str, object]:
    """Return a chart as the browser takes it: times as first value and steps, values to three digits."""
    whole = [round(time) for time in chart.times]
    steps = [whole[0], *(later - earlier for earlier, later in pairwise(whole))] if whole else []
    return {
        "unit": chart.unit.value,
        "top": chart.top,
        "daily": span.is_long and is_computer,
        "quiet": _QUIET_LONG if span.is_long else _QUIET,
        "x": [round(chart.start), round(chart.end)],
        "t": steps,
        "lines": [
            {
                "label": line.name or language.catalogue.gettext(line.word),
                "v": [_drawn(value, chart.unit) for value in line.values],
            }
            for line in chart.lines
        ],
    }


def _drawn(value: float | None, unit: Unit) -> float | None:
    """Return a value as precise as a chart's pixels."""
    if value is None:
        return None
    rounded = round(value, 3) if unit is Unit.RATIO else float(f"{value:.4g}")
    return int(rounded) if rounded.is_integer() else rounded


def script_json(value: object) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.translate({ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"})

"""Turn the hours of work systems into the API's shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from machxa_collector.api.answers import iso
from machxa_collector.checks.catalogue import System
from machxa_collector.incidents.hours import HOUR_MS
from machxa_collector.incidents.incident import Incident
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.strips.groups import Group, Numbers
from machxa_collector.strips.strip import Cell

CSV_TITLES = (
    "Giờ", "Điểm được giám sát", "Điểm hoạt động tốt", "Điểm chậm", "Điểm treo hoặc lỗi", "Lượt kiểm tra", "Lượt chậm",
    "Lượt không đạt",
)  # fmt: skip


def system_view(one: System, cells: Sequence[Cell], troubles: Sequence[Incident]) -> dict[str, object]:
    """Return one system's hours."""
    names = {"id": one.id, "vi": one.vi, "en": one.en, "owner": one.owner.value}
    return {**names, "cells": [list(cell) for cell in cells], "incidents": [_incident(each) for each in troubles]}


def group_views(
    groups: Sequence[Group], strips: Sequence[Sequence[Cell]], totals: Sequence[Numbers]
) -> list[dict[str, object]]:
    """Return groups of sites."""
    return [
        {
            "id": group.id,
            "name": group.name,
            "sites": len(group.units),
            "cells": [list(cell) for cell in cells],
            "results": total.results,
            "slow": total.slow,
            "failed": total.failed,
        }
        for group, cells, total in zip(groups, strips, totals, strict=True)
    ]


def csv_rows(span: range, cells: Sequence[Cell], numbers: Sequence[Numbers]) -> Iterator[list[str]]:
    """Yield a row for each hour, the oldest first; the hour is Việt Nam's."""
    for hour, cell, number in zip(span, cells, numbers, strict=True):
        began = datetime.fromtimestamp(hour * HOUR_MS / 1000, UTC).astimezone(LOCAL)
        yield [f"{began:%d/%m/%Y %H:%M}", *map(str, cell), *map(str, number)]


def _incident(one: Incident) -> dict[str, object]:
    return {
        "id": one.id,
        "cause": one.cause.value,
        "state": one.state,
        "severity": one.severity.name,
        "confidence": one.confidence,
        "started_at": iso(one.started_at),
        "ended_at": iso(one.ended_at),
    }

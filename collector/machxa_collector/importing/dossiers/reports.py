"""Tell what a file comes to as plain JSON: for the preview, and for the history of imports."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_collector.importing.dossiers.loading import Loaded
from machxa_collector.registry.records import Told
from machxa_collector.registry.sheets import Problem
from machxa_collector.registry.sheets.layout import sample_text
from machxa_collector.store.dossiers.merging import Merged

Report = dict[str, object]

_MOST_NOTICED = 100


def report_of(found: Loaded, told: Merged | None) -> Report:
    """Return what a file comes to; told: what became, or would become, of its rows."""
    merged, noticed = told or Merged(), found.noticed
    return {
        "rows": found.rows,
        "bad": found.bad,
        "left_out": found.left_out,
        "new": merged.new,
        "replaced": merged.replaced,
        "same": merged.same,
        "older": merged.older,
        "sheet": found.sheet,
        "sheets": list(found.sheets),
        "heading_row": found.layout.heading_row,
        "columns": [{"heading": one.heading, "field": one.field} for one in found.layout.columns],
        "missing": list(found.missing),
        "problems": [_remark(one) for one in found.problems],
        "sample": [
            [sample_text(row.cells[one.place]) if one.place < len(row.cells) else "" for one in found.layout.columns]
            for row in found.sample
        ],
        "unknown_units": [list(pair) for pair in noticed.unknown_units.most_common(_MOST_NOTICED)],
        "groups": {text: group.value for text, group in list(noticed.groups.items())[:_MOST_NOTICED]},
        "guessed": sorted(noticed.guessed)[:_MOST_NOTICED],
        "unknown_statuses": sorted(noticed.unknown_statuses)[:_MOST_NOTICED],
        "before": None,
        "detail": None,
    }


def with_detail(report: Mapping[str, object], told: Told) -> Report:
    """Return a report that says why nothing was taken in."""
    return {**report, "detail": {"vi": told.vi, "en": told.en}}


def _remark(problem: Problem) -> Report:
    return {
        "row": problem.row,
        "column": problem.column,
        "field": problem.field,
        "vi": problem.told.vi,
        "en": problem.told.en,
    }

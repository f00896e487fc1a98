"""Show how systems, providers' lines, units and devices served in service hours, and what each figure is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response

from machxa_collector.api import availability_shapes as shapes
from machxa_collector.api.access import permission, request_territory
from machxa_collector.api.answers import answer, cursor_of, iso, key_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.tongue import AskedLanguage
from machxa_collector.api.units import today
from machxa_collector.availability import MOST_DAYS, Asked, Inputs, Report, Row, TooWide, report_of
from machxa_collector.incidents.served import By
from machxa_collector.registry.calendar import FIRST_YEAR, LAST_YEAR
from machxa_collector.registry.people.territory import Territory, province_of
from machxa_collector.sheets.write import write_csv
from machxa_collector.watch.availability import Share

router = APIRouter(prefix="/api/v1")
_reads = Depends(permission("incidents.read"))
_MOST_INPUTS = 1000
_MOST_ROWS = 5000  # of a file


@router.get("/availability", response_model=shapes.AvailabilityShape, dependencies=[_reads])
def availability(request: Request, asked: Annotated[shapes.ListQuery, Query()]) -> Response:
    """Give the share of service hours in which each served, over one's territory.

    province and unit keep to a part of it.
    """
    report = _report(request, asked)
    rows = report.rows(str(key_of(asked.cursor, (str,))[0]) if asked.cursor else "", asked.limit + 1)
    following = cursor_of([rows[asked.limit - 1].id]) if len(rows) > asked.limit else None
    views = [row_view(row) for row in rows[: asked.limit]]
    return answer(request, {**head_view(report), "rows": views, "next": following})


@router.get("/availability/inputs", response_model=shapes.InputsShape, dependencies=[_reads])
def inputs(request: Request, asked: Annotated[shapes.InputsQuery, Query()]) -> Response:
    """Give what one figure of the report is made of."""
    found = _report(request, asked).inputs(asked.subject)
    if found is None:
        raise HTTPException(404, "nothing of this name is counted here")
    return answer(request, inputs_view(found, asked.by))


@router.get("/availability.csv", response_class=Response, dependencies=[_reads])
def availability_file(
    request: Request, asked: Annotated[shapes.ReportQuery, Query()], language: AskedLanguage
) -> Response:
    """Give the report as a CSV file, times in seconds; of more than 5,000 rows the first ones."""
    report = _report(request, asked)
    views = [row_view(row) for row in report.rows("", _MOST_ROWS)]
    rows = [["" if view[name] is None else str(view[name]) for name in _TITLES] for view in views]
    titles = [*map(language.say, _TITLES.values())]
    name = f"availability-{asked.by.value}-{report.asked.first}-{report.asked.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(b"".join(write_csv(titles, rows)), media_type="text/csv; charset=utf-8", headers=headers)


_TITLES = {  # of the file's columns, by what the report calls them
    "id": "Mã",
    "name": "Tên",
    "unit": "Mã đơn vị",
    "units": "Số đơn vị",
    "service_seconds": "Giờ phục vụ (giây)",
    "maintenance_seconds": "Bảo trì (giây)",
    "up_seconds": "Phục vụ tốt (giây)",
    "degraded_seconds": "Phục vụ yếu (giây)",
    "down_seconds": "Ngừng phục vụ (giây)",
    "unknown_seconds": "Chưa rõ (giây)",
    "off_seconds": "Tắt máy (giây)",
    "outages": "Số lần gián đoạn",
    "longest_seconds": "Lần dài nhất (giây)",
    "available_ratio": "Tỷ lệ phục vụ (0 đến 1)",
    "known_ratio": "Tỷ lệ biết chắc (0 đến 1)",
}


def head_view(report: Report) -> dict[str, object]:
    """Return what a report is of."""
    asked = report.asked
    days = {"first": asked.first.isoformat(), "last": asked.last.isoformat()}
    return {"by": asked.by.value, **days, "hours": asked.hours.value, "left_out": report.left_out}


def row_view(row: Row) -> dict[str, object]:
    """Return one row."""
    return {"id": row.id, "name": row.name, "unit": row.unit, "units": row.units, **_share_view(row.share)}


def inputs_view(found: Inputs, by: By) -> dict[str, object]:
    """Return what a figure is made of; of a device no times."""
    marks, spells = ((), ()) if by is By.DEVICE else (found.marks[:_MOST_INPUTS], found.planned[:_MOST_INPUTS])
    return {
        **row_view(found.row),
        "days": [
            {
                "day": day.isoformat(),
                "available_ratio": _ratio(one.available_ratio),
                "known_ratio": _ratio(one.known_ratio),
            }
            for day, one in found.days
        ],
        "incidents": [
            {
                "unit": unit,
                "incident": mark.outage.id,
                "cause": mark.outage.cause.value,
                "state": mark.outage.state,
                "started_at": iso(mark.outage.start),
                "ended_at": iso(mark.outage.end),
                "counts": mark.count.value,
            }
            for unit, mark in marks
        ],
        "planned": [{"unit": unit, "starts_at": iso(start), "ends_at": iso(end)} for unit, (start, end) in spells],
    }


def _share_view(share: Share) -> dict[str, object]:
    return {
        "service_seconds": share.service_ms // 1000,
        "maintenance_seconds": share.maintenance_ms // 1000,
        "up_seconds": share.up_ms // 1000,
        "degraded_seconds": share.degraded_ms // 1000,
        "down_seconds": share.down_ms // 1000,
        "unknown_seconds": share.unknown_ms // 1000,
        "off_seconds": share.off_ms // 1000,
        "outages": share.outages,
        "longest_seconds": share.longest_ms // 1000,
        "available_ratio": _ratio(share.available_ratio),
        "known_ratio": _ratio(share.known_ratio),
    }


def _ratio(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _report(request: Request, query: shapes.ReportQuery) -> Report:
    """Return the report of who asks; answers 400 for days that no report has."""
    deps: Deps = request.app.state.deps
    last = query.until or today(deps)
    first = query.since or last.replace(day=1)
    is_known = FIRST_YEAR <= first.year <= last.year <= LAST_YEAR
    if not is_known or not timedelta(0) <= last - first < timedelta(MOST_DAYS):
        raise HTTPException(400, f"from and to are days in order, at most {MOST_DAYS} of them")
    territory = request_territory(request)
    if query.province is not None:
        territory = _of_province(deps, territory, query.province)
    asked = Asked(by=query.by, first=first, last=last, hours=query.hours, unit=query.unit)
    try:
        return report_of(deps.live, territory, asked, deps.now_ms())
    except TooWide as exc:
        raise HTTPException(400, str(exc)) from exc


def _of_province(deps: Deps, territory: Territory, province: str) -> Territory:
    units = deps.live.current().units
    inside = frozenset(code for code in units.codes if code == province or province_of(units, code) == province)
    kept = inside if territory.units is None else inside & territory.units
    return replace(territory, units=kept, with_nowhere=False)

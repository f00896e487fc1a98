"""Lay out, for each line provider, what its lines were contracted for and when they failed: one sheet for the bill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from machxa_collector.availability import Asked, Hours, Report, report_of
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.served import By, Mark
from machxa_collector.planning.line_figures import MBPS
from machxa_collector.planning.tables import Row, Table, headings, sum_row
from machxa_collector.purchasing.contracts import Tested
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.records import KINDS, Record
from machxa_collector.registry.sheets.showing import Look, said_in
from machxa_collector.registry.speech import Language
from machxa_collector.store import incidents
from machxa_collector.store.records_read import every
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.watch.availability import Count

_MINUTE_MS, _HOUR_MS = 60_000, 3_600_000
_STATES = {Count.DOWN: "mất liên lạc", Count.DEGRADED: "kém chất lượng", Count.UNKNOWN: "chưa rõ"}
_SUMMARY = headings(
    ("Nhà mạng", Look.TEXT, 24),
    ("Số đơn vị", Look.NUMBER, 10),
    ("Giờ phục vụ", Look.NUMBER, 12),
    ("Giờ mất liên lạc", Look.NUMBER, 12),
    ("Giờ kém chất lượng", Look.NUMBER, 12),
    ("Giờ không có số liệu", Look.NUMBER, 12),
    ("Tỷ lệ sẵn sàng trong giờ phục vụ", Look.NUMBER, 14),
    ("Số lần gián đoạn", Look.NUMBER, 12),
    ("Giá hợp đồng tháng", Look.MONEY, 18),
)
_SHEET = headings(
    ("Xã/phường", Look.TEXT, 24),
    ("Kênh", Look.TEXT, 20),
    ("Số hợp đồng", Look.TEXT, 18),
    ("Băng thông xuống theo hợp đồng (Mbit/s)", Look.NUMBER, 14),
    ("Băng thông lên theo hợp đồng (Mbit/s)", Look.NUMBER, 14),
    ("Đo được, p10 (Mbit/s)", Look.NUMBER, 12),
    ("Đo được, p50 (Mbit/s)", Look.NUMBER, 12),
    ("Số lần đo", Look.NUMBER, 8),
    ("Giá tháng", Look.MONEY, 14),
    ("Hết hạn", Look.DATE, 12),
    ("Bắt đầu", Look.MOMENT, 18),
    ("Kết thúc", Look.MOMENT, 18),
    ("Số phút", Look.NUMBER, 10),
    ("Tình trạng", Look.TEXT, 18),
    ("Số nhân chứng", Look.NUMBER, 10),
    ("Độ tin cậy", Look.NUMBER, 10),
    ("Mã sự cố", Look.TEXT, 34),
)
_STATE = [one.text for one in _SHEET].index("Tình trạng")


def provider_tables(
    live: LiveRegistry,
    territory: Territory,
    first: date,
    last: date,
    now_ms: int,
    language: Language = Language.VIETNAMESE,
) -> tuple[Table, ...]:
    """Return a summary and one sheet for each provider, of outages that touch the days; raises TooWide.

    Measured bandwidth is of the gateway's tests on packed days; empty where there was none. A line without an outage,
    or that nobody watches, has a row without times.
    """
    report = report_of(live, territory, Asked(by=By.PROVIDER, first=first, last=last, hours=Hours.ACTUAL), now_ms)
    lines = _lines(live, territory)
    told = Tested(live, territory, first, last, [line for each in lines.values() for line in each])
    subjects = sorted({row.id for row in report.rows("", len(report.since) + 1)} | lines.keys())
    sheets = [_sheet(live, territory, report, lines.get(subject, ()), told, subject) for subject in subjects]
    summary = tuple(_summed(report, subject, lines.get(subject, ())) for subject in subjects)
    summed = Table(name=language.say("Nhà mạng"), headings=said_in(_SUMMARY, language), rows=summary)
    return (summed, *(_in(one, language) for one in sheets))


def _in(sheet: Table, language: Language) -> Table:
    """Return a provider's sheet in a language: of its cells only states and the total's label are words of ours."""
    *rows, total = (list(row) for row in sheet.rows)
    for row, place in (*((row, _STATE) for row in rows), (total, 1)):
        cell = row[place]
        row[place] = language.say(cell) if isinstance(cell, str) else cell
    return Table(name=sheet.name, headings=said_in(sheet.headings, language), rows=(*rows, total))


def _lines(live: LiveRegistry, territory: Territory) -> Mapping[str, Sequence[Record]]:
    found: dict[str, list[Record]] = {}
    for one in every(live.store, KINDS["lines"]):
        if territory.units is None or one.record["unit"] in territory.units:
            found.setdefault(str(one.record["provider"]), []).append(one.record)
    return found


def _summed(report: Report, subject: str, lines: Sequence[Record]) -> Row:
    found = report.inputs(subject)
    prices = [price for line in lines if isinstance(price := line["price_vnd_per_month"], int)]
    if found is None:  # nobody watches where its lines end
        return (subject, len({line["unit"] for line in lines}), *[None] * 6, sum(prices) if prices else None)
    share = found.row.share
    watched = share.up_ms + share.degraded_ms + share.down_ms
    return (
        subject,
        found.row.units,
        _hours(share.service_ms),
        _hours(share.down_ms),
        _hours(share.degraded_ms),
        _hours(share.unknown_ms),
        round((share.up_ms + share.degraded_ms) / watched, 5) if watched else None,
        share.outages,
        sum(prices) if prices else None,
    )


def _sheet(
    live: LiveRegistry, territory: Territory, report: Report, lines: Sequence[Record], told: Tested, subject: str
) -> Table:
    found = report.inputs(subject)
    by_unit: dict[str, list[Mark]] = {}
    for unit, mark in () if found is None else found.marks:
        if mark.count in _STATES:
            by_unit.setdefault(unit, []).append(mark)
    rows: list[Row] = []
    for line in sorted(lines, key=lambda one: (str(one["unit"]), str(one["name"]))):
        marks = by_unit.pop(str(line["unit"]), [])
        rows += _rows(live, territory, report, line, told, marks)
    total = sum_row(rows, (12,), len(_SHEET))
    return Table(name=subject, headings=_SHEET, rows=(*rows, total))


def _rows(
    live: LiveRegistry, territory: Territory, report: Report, line: Record, told: Tested, marks: Sequence[Mark]
) -> Iterator[Row]:
    measured = told.of(line)
    history = live.current().units.history(str(line["unit"]))
    about = (
        history[-1].full_name if history else str(line["unit"]),
        _cell(line, "name"),
        _cell(line, "contract"),
        _number(line, "down_mbps"),
        _number(line, "up_mbps"),
        _mbps(measured.p10_bps),
        _mbps(measured.p50_bps),
        measured.tests or None,
        _number(line, "price_vnd_per_month"),
        line["expires_on"] if isinstance(line["expires_on"], date) else None,
    )
    if not marks:
        yield (*about, *[None] * 7)
    for mark in marks:
        start = max(mark.outage.start, report.served.period[0])
        end = min(mark.outage.end, report.served.period[1])
        known: Incident | None = incidents.one(live.store, territory, mark.outage.id)
        yield (
            *about,
            _moment(start),
            _moment(end),
            max(0, round((end - start) / _MINUTE_MS)),
            _STATES[mark.count],
            None if known is None else known.witnesses,
            None if known is None else round(known.confidence, 2),
            mark.outage.id,
        )


def _cell(line: Record, name: str) -> str | None:
    value = line[name]
    return value if isinstance(value, str) else None


def _number(line: Record, name: str) -> int | float | None:
    value = line[name]
    return value if isinstance(value, (int, float)) else None


def _mbps(bps: float | None) -> float | None:
    return None if bps is None else round(bps / MBPS, 2)


def _hours(ms: int) -> float:
    return round(ms / _HOUR_MS, 2)


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC).astimezone(LOCAL).replace(tzinfo=None)

"""Write the Grafana dashboards: ``python tools/grafana_dashboards.py`` (``--check``: only say whether they are up to date).

The tables below are what a person edits; ``dashboards/grafana/*.json`` are made from them. All panels ask one source:
what scrapes the collector's ``/metrics`` and takes its copies (deploy/grafana). Samples stand there as
``machxa_`` + the metric's name with underscores (machxa_collector.sinks.lines).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "dashboards" / "grafana"
_SOURCE = {"type": "prometheus", "uid": "${source}"}
_WIDTH, _HEIGHT = 24, 8
_SCHEMA = 41  # Grafana 11.6


@dataclass(frozen=True, slots=True)
class Panel:
    """Describe a panel: Vietnamese title with the English one, its kind, unit, and expressions with legends."""

    title: str
    kind: str  # stat, timeseries, table, bargauge
    unit: str
    queries: tuple[tuple[str, str], ...]
    width: int = 12
    note: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """Describe a dashboard; variables: name, label and the query that lists its values."""

    uid: str
    title: str
    panels: tuple[Panel, ...]
    variables: tuple[tuple[str, str, str], ...] = ()
    since: str = "now-24h"


_UNIT = ("unit", "Xã / unit", "label_values(machxa_unit_agents, unit)")
_PROVIDER = ("provider", "Nhà mạng / provider", "label_values(machxa_unit_lines, provider)")
_OF = 'unit=~"$unit"'
_BY_PROVIDER = 'on (unit, machxa_line) group_left (provider) machxa_unit_lines{provider=~"$provider"}'
_LOST = f"rate(machxa_machxa_line_packets_lost{{{_OF}}}[30m])"
_SENT = f"rate(machxa_machxa_line_packets{{{_OF}}}[30m])"
_LINE_UP = f"max by (unit, machxa_line) (machxa_machxa_line_up{{{_OF}}})"

BOARDS = (
    Board(
        "machxa-province",
        "Mạch Xã: toàn tỉnh / province",
        (
            Panel("Máy đang chạy / agents on", "stat", "short", (('sum(machxa_unit_agents{state="on"})', ""),), 6),
            Panel("Mất liên lạc / lost", "stat", "short", (('sum(machxa_unit_agents{state="lost"}) or vector(0)', ""),), 6),
            Panel("Xã không ai lên / units with nobody on", "stat", "short", (("machxa:units_with_nobody_on or vector(0)", ""),), 6),
            Panel("Sự cố đang mở / open incidents", "stat", "short", (("sum(machxa_unit_incidents) or vector(0)", ""),), 6),
            Panel("Sự cố theo mức / by severity", "timeseries", "short", (("sum by (severity) (machxa_unit_incidents)", "{{severity}}"),)),
            Panel("Sự cố theo nguyên nhân / by cause", "timeseries", "short", (("sum by (cause) (machxa_unit_incidents)", "{{cause}}"),)),
            Panel("Máy theo trạng thái / agents by state", "timeseries", "short", (("sum by (state) (machxa_unit_agents)", "{{state}}"),)),
            Panel("Xã nhiều sự cố nhất / most incidents", "table", "short", (("topk(20, sum by (unit) (machxa_unit_incidents))", "{{unit}}"),)),
            Panel("Xã nhiều máy mất liên lạc nhất / most lost", "table", "short",
                  (('topk(20, sum by (unit) (machxa_unit_agents{state="lost"}))', "{{unit}}"),)),
            Panel("Hệ thống không dùng được / failing checks", "timeseries", "percentunit",
                  (("1 - avg by (check) (machxa_machxa_check_success)", "{{check}}"),)),
        ),
    ),
    Board(
        "machxa-commune",
        "Mạch Xã: một xã / commune",
        (
            Panel("Máy / agents", "stat", "short", ((f"sum by (state) (machxa_unit_agents{{{_OF}}})", "{{state}}"),), 8),
            Panel("Sự cố đang mở / open incidents", "stat", "short",
                  ((f"sum by (cause, severity) (machxa_unit_incidents{{{_OF}}})", "{{severity}} {{cause}}"),), 8),
            Panel("Đường truyền / lines", "stat", "short", ((_LINE_UP, "{{machxa_line}}"),), 8, "1: thông / up, 0: đứt / down"),
            Panel("Bộ xử lý / processor busy", "timeseries", "percentunit",
                  (((f'1 - sum by (agent) (rate(machxa_system_cpu_time{{{_OF},cpu_mode="idle"}}[15m])) / '
                    f"sum by (agent) (rate(machxa_system_cpu_time{{{_OF}}}[15m]))"), "{{agent}}"),)),
            Panel("Bộ nhớ đã dùng / memory used", "timeseries", "percentunit",
                  (((f'sum by (agent) (machxa_system_memory_usage{{{_OF},system_memory_state="used"}}) / '
                    f"sum by (agent) (machxa_system_memory_limit{{{_OF}}})"), "{{agent}}"),)),
            Panel("Đĩa còn trống / disk free", "table", "bytes",
                  ((f'bottomk(20, machxa_system_filesystem_usage{{{_OF},system_filesystem_state="free"}})',
                    "{{agent}} {{system_filesystem_mountpoint}}"),)),
            Panel("Nhiệt độ / temperature", "timeseries", "celsius", ((f"max by (agent) (machxa_hw_temperature{{{_OF}}})", "{{agent}}"),)),
            Panel("Các hệ thống, thời gian mở / systems, time to open", "timeseries", "s",
                  ((f'avg by (check) (machxa_machxa_check_duration{{{_OF},phase="total"}})', "{{check}}"),)),
            Panel("Độ trễ đường truyền / round trip", "timeseries", "s",
                  ((f"max by (machxa_line, machxa_line_target) (machxa_machxa_line_rtt{{{_OF}}})", "{{machxa_line}} {{machxa_line_target}}"),)),
            Panel("Thiết bị trả lời / devices answer", "table", "short", ((f"machxa_machxa_device_up{{{_OF}}}", "{{device}}"),)),
            Panel("Thiết bị cắm vào máy / attached devices", "table", "short",
                  ((f"sum by (hw_type) (machxa_machxa_device_count{{{_OF}}})", "{{hw_type}}"),)),
        ),
        (_UNIT,),
    ),
    Board(
        "machxa-lines",
        "Mạch Xã: đường truyền và cam kết nhà mạng / lines and provider SLA",
        (
            Panel("Thông theo nhà mạng / up by provider", "stat", "percentunit",
                  ((f"avg by (provider) (avg_over_time(machxa_machxa_line_up{{{_OF}}}[$__range]) * {_BY_PROVIDER})", "{{provider}}"),), 24,
                  "Mọi giờ, không trừ giờ đã báo trước; theo giờ làm việc: trang /availability. / All hours; in service hours: /availability."),
            Panel("Thông của từng xã, kém nhất / worst units", "table", "percentunit",
                  ((f"bottomk(20, avg by (unit, machxa_line) (avg_over_time(machxa_machxa_line_up{{{_OF}}}[$__range])))", "{{unit}} {{machxa_line}}"),)),
            Panel("Mất gói, kém nhất / worst loss", "table", "percentunit",
                  ((f"topk(20, sum by (unit, machxa_line) ({_LOST}) / sum by (unit, machxa_line) ({_SENT}))", "{{unit}} {{machxa_line}}"),)),
            Panel("Độ trễ theo nhà mạng / round trip by provider", "timeseries", "s",
                  ((f"quantile by (provider) (0.95, max by (unit, machxa_line) (machxa_machxa_line_rtt{{{_OF}}}) * {_BY_PROVIDER})", "{{provider}} p95"),)),
            Panel("Rung / jitter", "timeseries", "s",
                  ((f"quantile by (machxa_line) (0.95, machxa_machxa_line_jitter{{{_OF}}})", "{{machxa_line}} p95"),)),
            Panel("Hỏng ở đâu / faults", "timeseries", "short",
                  ((f"sum by (machxa_line_fault) (machxa_machxa_line_fault{{{_OF}}})", "{{machxa_line_fault}}"),)),
            Panel("DNS", "timeseries", "s",
                  ((f"quantile by (machxa_line) (0.95, machxa_machxa_line_dns_duration{{{_OF}}})", "{{machxa_line}} p95"),)),
            Panel("Tốc độ đo được / throughput", "table", "Bps",
                  ((f"bottomk(20, max by (unit, machxa_line) (last_over_time(machxa_machxa_line_throughput{{{_OF}}}[7d])))", "{{unit}} {{machxa_line}}"),)),
            Panel("Đang đứt / down now", "table", "short", ((f"{_LINE_UP} == 0", "{{unit}} {{machxa_line}}"),)),
        ),
        (_UNIT, _PROVIDER),
        "now-30d",
    ),
    Board(
        "machxa-printers",
        "Mạch Xã: máy in và vật tư / printers and supplies",
        (
            Panel("Vật tư sắp hết / supplies running low", "table", "percentunit",
                  ((f"sort(bottomk(30, min by (unit, device, supply) (machxa_machxa_printer_supply{{{_OF}}})))", "{{unit}} {{device}} {{supply}}"),), 24,
                  "Máy in không nói bằng số thì không có ở đây. / A printer that tells no number is not here."),
            Panel("Trang in mỗi ngày / pages a day", "timeseries", "short",
                  ((f"sum by (unit) (increase(machxa_machxa_printer_pages{{{_OF}}}[1d]))", "{{unit}}"),)),
            Panel("In nhiều nhất 30 ngày / most pages in 30 days", "table", "short",
                  ((f"topk(20, sum by (unit, device) (increase(machxa_machxa_printer_pages{{{_OF}}}[30d])))", "{{unit}} {{device}}"),)),
            Panel("Lệnh in kẹt quá 5 phút / stuck jobs", "timeseries", "short",
                  ((f'sum by (unit) (machxa_machxa_printer_jobs{{{_OF},machxa_job_state="stuck"}})', "{{unit}}"),)),
            Panel("Không trả lời / do not answer", "table", "short", ((f"machxa_machxa_device_up{{{_OF}}} == 0", "{{unit}} {{device}}"),)),
        ),
        (_UNIT,),
        "now-7d",
    ),
    Board(
        "machxa-delivery",
        "Mạch Xã: máy trạm và việc nhận tin / agents and delivery",
        (
            Panel("Nối tới broker / connected", "stat", "short", (("machxa_intake_connected", ""),), 6),
            Panel("Tin thử từ đầu đến cuối / canary", "stat", "s", (("machxa_intake_canary_age_seconds", ""),), 6, "-1: chưa có / not yet"),
            Panel("Kho không nhận / store away", "stat", "short", (("machxa_intake_store_unavailable", ""),), 6),
            Panel("Kênh báo tin chết / dead channels", "stat", "short", (("sum(machxa_notify_channel_dead) or vector(0)", ""),), 6),
            Panel("Bản ghi mỗi giây / records a second", "timeseries", "reqps",
                  (("rate(machxa_intake_accepted_total[5m])", "nhận / accepted"), ("rate(machxa_intake_duplicates_total[5m])", "đã có / duplicates"))),
            Panel("Ghi xuống kho / commit", "timeseries", "s",
                  (("histogram_quantile(0.99, sum by (le) (rate(machxa_intake_commit_seconds_bucket[5m])))", "p99"),)),
            Panel("Bị từ chối / refused", "timeseries", "short", (("sum by (reason) (increase(machxa_intake_refused_total[1h]))", "{{reason}}"),)),
            Panel("Kho chép sang chậm bao lâu / lag of sinks", "timeseries", "s", (("machxa_sink_lag_seconds", "{{sink}}"),)),
            Panel("Tin báo chờ gửi / messages waiting", "timeseries", "short", (("machxa_notify_waiting", "{{channel}}"),)),
            Panel("Gửi hỏng / tries that failed", "timeseries", "short", (("sum by (channel) (increase(machxa_notify_failed_total[1h]))", "{{channel}}"),)),
            Panel("Trung tâm: bộ xử lý / collector's processor", "timeseries", "percentunit", (("rate(process_cpu_seconds_total[5m])", "{{job}}"),)),
            Panel("Trung tâm: bộ nhớ / collector's memory", "timeseries", "bytes", (("process_resident_memory_bytes", "{{job}}"),)),
            Panel("Máy gửi nhiều nhất / agents that send most", "table", "Bps",
                  (("topk(20, rate(machxa_machxa_agent_sent[6h]))", "{{unit}} {{agent}}"),)),
            Panel("Đồng hồ sai nhất / clocks most wrong", "table", "s", (("topk(20, abs(machxa_machxa_clock_offset))", "{{unit}} {{agent}}"),)),
            Panel("Phép đo hỏng / probes that fail", "table", "short",
                  (("count by (probe) (machxa_machxa_probe_success == 0)", "{{probe}}"),)),
        ),
    ),
)  # fmt: skip


def dashboard(board: Board) -> dict[str, Any]:
    """Return a dashboard as Grafana keeps it."""
    source = {
        "name": "source",
        "type": "datasource",
        "label": "Nguồn / source",
        "query": "prometheus",
        "regex": "",
        "hide": 0,
    }
    variables = [
        {
            "name": name, "type": "query", "label": label, "datasource": _SOURCE,
            "query": {"query": query, "refId": name}, "refresh": 2, "multi": True, "includeAll": True, "allValue": ".*",
            "sort": 1, "hide": 0, "current": {"text": ["All"], "value": ["$__all"]},
        }
        for name, label, query in board.variables
    ]  # fmt: skip
    return {
        "uid": board.uid, "title": board.title, "tags": ["machxa"], "timezone": "browser", "editable": True,
        "graphTooltip": 1, "refresh": "1m", "schemaVersion": _SCHEMA, "version": 1,
        "time": {"from": board.since, "to": "now"}, "templating": {"list": [source, *variables]},
        "panels": list(_panels(board.panels)),
    }  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Write or check the files; return 1 when one is not as it should be."""
    stale = []
    for board in BOARDS:
        file, text = FOLDER / f"{board.uid}.json", json.dumps(dashboard(board), ensure_ascii=False, indent=1) + "\n"
        if "--check" not in arguments:
            file.write_text(text, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            stale.append(file.name)
    if stale:
        sys.stderr.write(f"not as tools/grafana_dashboards.py makes them: {', '.join(stale)}\n")
    return int(bool(stale))


def _panels(panels: Sequence[Panel]) -> list[dict[str, Any]]:
    made, x, y, number = [], 0, 0, 0
    for number, panel in enumerate(panels, start=1):
        if x + panel.width > _WIDTH:
            x, y = 0, y + _HEIGHT
        made.append(_panel(panel, number, {"h": _HEIGHT, "w": panel.width, "x": x, "y": y}))
        x += panel.width
    return made


def _panel(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    is_now = panel.kind in ("stat", "table")
    targets = [
        {
            "refId": chr(ord("A") + at), "datasource": _SOURCE, "expr": expression, "legendFormat": legend or "__auto",
            "instant": is_now, "range": not is_now, "format": "table" if panel.kind == "table" else "time_series",
        }
        for at, (expression, legend) in enumerate(panel.queries)
    ]  # fmt: skip
    made: dict[str, Any] = {
        "id": number, "type": panel.kind, "title": panel.title, "datasource": _SOURCE, "gridPos": place,
        "targets": targets, "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []}, "options": {},
    }  # fmt: skip
    if panel.note:
        made["description"] = panel.note
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

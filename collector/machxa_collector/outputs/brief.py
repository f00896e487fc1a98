"""Build the weekly page for the province's leaders: what stood still, what it cost, what to decide. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from machxa_collector.effects.asking import IncidentImpact
from machxa_collector.effects.outages import moment
from machxa_collector.effects.words import CAUSES, LAYERS, STATES
from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.incident import Incident
from machxa_collector.outputs.blocks import Cell, Facts, Signature, Table, Text, moment_text, rounded, said
from machxa_collector.outputs.heads import Body, Office
from machxa_collector.outputs.slip import figure

WORST = 5
_DECISIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Hold a province's week: incidents, those of the week before, the dearest of them reckoned, and what is open.

    not_reckoned: incidents whose cost was not reckoned, being of less severity and reach. red: dossiers taken on paper
    that wait to be typed in for over a working day. cut_off: units in which an incident of P1 or P2 is open.
    """

    monday: date
    units: int
    incidents: Sequence[Incident]
    before: Sequence[Incident]
    dearest: Sequence[IncidentImpact]
    not_reckoned: int
    cut_off: int
    red: int


def brief(office: Office, week: Week, basis: str) -> Body:
    """Return the page."""
    last = week.monday + timedelta(days=6)
    open_ones = sum(one.ended_at is None for one in week.incidents)
    return Body(
        kind="brief",
        symbol="BC",
        title="Bản tin tuần về hạ tầng và hồ sơ",
        subtitle=f"{office.full}, từ {week.monday:%d/%m/%Y} đến {last:%d/%m/%Y}",
        blocks=(
            Facts(
                rows=(
                    ("Số đơn vị", week.units),
                    ("Đơn vị đang có sự cố mức P1, P2", week.cut_off),
                    ("Sự cố chưa kết thúc", open_ones),
                    ("Hồ sơ trên giấy quá một ngày làm việc chưa nhập", week.red),
                )
            ),
            Table(
                name="Sự cố theo mức",
                headings=("Mức", "Tuần này", "Tuần trước", "Tăng, giảm"),
                rows=tuple(_level(level, week) for level in Severity),
            ),
            Table(
                name="Nguyên nhân tốn hồ sơ nhất",
                headings=("Nguyên nhân", "Đối tượng", "Bắt đầu", "Số đơn vị", "Hồ sơ bị giữ", "Hồ sơ x giờ"),
                rows=tuple(_dear(one) for one in week.dearest[:WORST]),
            ),
            Text(
                text=f"Tính cho {len(week.dearest)} sự cố nặng và rộng nhất; {week.not_reckoned} sự cố khác chưa tính."
            ),
            Text(text="Ba việc đề nghị quyết định", is_heading=True),
            *(Text(text=f"{number}. " + "." * 90) for number in range(1, _DECISIONS + 1)),
        ),
        signatures=(Signature(role="NGƯỜI LẬP"), Signature(role="LÃNH ĐẠO ĐƠN VỊ")),
        receivers=("Lãnh đạo UBND tỉnh", "Lưu: VT"),
        basis=basis,
    )


def _level(level: Severity, week: Week) -> tuple[Cell, ...]:
    now, then = (sum(one.severity is level for one in some) for some in (week.incidents, week.before))
    return level.name, now, then, f"{now - then:+d}"


def _dear(one: IncidentImpact) -> tuple[Cell, ...]:
    incident = one.incident
    state = STATES.get(incident.state, incident.state)
    return (
        f"{CAUSES[incident.cause.value]}, {state} ({LAYERS[incident.layer.value]})",
        said(incident.subject, 60),
        moment_text(moment(incident.started_at)),
        len(incident.units),
        figure(one.share),
        _cost(one),
    )


def _cost(one: IncidentImpact) -> Cell:
    """Return the joint dossier-hours of its units, shared as the held dossiers are."""
    joint, share = one.held.figure, one.share.figure
    if one.dossier_hours.figure is None or joint is None or share is None:
        return figure(one.dossier_hours)
    return rounded(one.dossier_hours.figure * share / joint if joint else 0.0)

"""Build the confirmation of an incident in a unit, with its witnesses and what it did to dossiers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from machxa_collector.effects.asking import UnitImpact
from machxa_collector.effects.outages import moment
from machxa_collector.effects.words import CAUSES, GROUPS, LAYERS, STAGES, STATES
from machxa_collector.impact import Explained, Group, Stage
from machxa_collector.incidents.acts import Handling
from machxa_collector.incidents.incident import Incident
from machxa_collector.outputs.blocks import (
    NOT_KNOWN,
    Cell,
    Facts,
    Signature,
    Table,
    Text,
    lines,
    moment_text,
    rounded,
    said,
)
from machxa_collector.outputs.heads import Body, Office

_MOST_SIGNS = 50
Names = Mapping[str, str]
_SIGNS = {"report": "người dùng báo", "cut": "mất kết nối", "vanished": "mất khỏi mạng nội bộ", "alive": "vẫn chạy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Give the audit trail's newest entry as the document was made: its number and digest."""

    seq: int
    digest: str


def slip(
    office: Office, incident: Incident, handling: Handling, impact: UnitImpact, names: Names, chain: Chain, basis: str
) -> Body:
    """Return the confirmation slip of an incident in one unit; names says what codes and ids are called."""
    return Body(
        kind="slip",
        symbol="PXN",
        title="Phiếu xác nhận sự cố",
        subtitle=f"Sự cố {incident.id} tại {office.full}",
        blocks=(
            Facts(rows=tuple(incident_rows(incident, handling, impact, names))),
            Text(text="Ảnh hưởng đến hồ sơ", is_heading=True),
            Facts(rows=tuple(effect_rows(incident, impact))),
            signs_table(incident, names),
            *((_tickets(handling),) if handling.tickets else ()),
            Text(
                text="Phiếu này do hệ thống giám sát lập từ số liệu đo, làm chứng cứ; không tự gia hạn thời hạn "
                "giải quyết. "
                f"Nhật ký kiểm toán tại thời điểm lập: mục {chain.seq}, mã băm {chain.digest}."
            ),
        ),
        signatures=(Signature(role="ĐẠI DIỆN ĐƠN VỊ"), Signature(role="ĐƠN VỊ PHỤ TRÁCH CNTT CỦA TỈNH")),
        receivers=("Như trên", "Lưu: VT"),
        basis=basis,
    )


def incident_rows(incident: Incident, handling: Handling, impact: UnitImpact, names: Names) -> list[tuple[str, Cell]]:
    """Return what an incident was, on each clock."""
    mine = next((one for one in impact.outages if one.outage.id == incident.id), None)
    cause = handling.overruled or incident.cause
    rows: list[tuple[str, Cell]] = [
        ("Nguyên nhân", CAUSES[cause.value]),
        ("Lớp nguyên nhân", LAYERS[incident.layer.value]),
        ("Đối tượng", said(names.get(incident.subject, incident.subject), 100)),
        ("Tình trạng", STATES.get(incident.state, incident.state)),
        ("Độ tin cậy (0 đến 1)", rounded(incident.confidence)),
        ("Số nơi, thiết bị cùng ghi nhận", incident.witnesses),
        ("Số nhà mạng cùng ghi nhận", _providers(incident)),
        ("Số báo cáo của người dùng", incident.reports),
        ("Bắt đầu", moment_text(moment(incident.started_at))),
        ("Kết thúc", "đang tiếp diễn" if incident.ended_at is None else moment_text(moment(incident.ended_at))),
        ("Kéo dài theo đồng hồ (giờ)", NOT_KNOWN if mine is None else rounded(mine.clock_hours)),
        ("Trong giờ hành chính (giờ)", NOT_KNOWN if mine is None else rounded(mine.official_hours)),
        (
            "Trong giờ làm việc, kể cả buổi làm thêm đã công bố (giờ)",
            NOT_KNOWN if mine is None else rounded(mine.actual_hours),
        ),
    ]
    if handling.overruled is not None:
        rows.append(("Nguyên nhân do người xác định lại, lý do", said(handling.overruled_because or "")))
    if handling.acknowledged_by is not None:
        rows.append(("Người nhận xử lý", said(handling.acknowledged_by, 100)))
    return rows


def effect_rows(incident: Incident, impact: UnitImpact) -> list[tuple[str, Cell]]:
    """Return what an incident did to a unit's dossiers."""
    held = impact.held
    share = held.shares.get(incident.id)
    stopped = _places(impact, lambda left: left == 0)
    slowed = _places(impact, lambda left: 0 < left < 1)
    return [
        ("Khâu bị dừng", lines(stopped)),
        ("Khâu bị chậm", lines(slowed)),
        ("Hồ sơ bị giữ do sự cố này", 0.0 if share is None else figure(share)),
        ("Hồ sơ bị giữ do mọi sự cố cùng lúc", figure(held.held)),
        ("Tổn thất (hồ sơ x giờ)", figure(held.dossier_hours)),
        ("Thời gian làm bù (giờ làm việc)", figure(held.catch_up)),
        ("Làm bù xong", moment_text(impact.caught_up) or NOT_KNOWN),
        ("Hồ sơ một ngày của đơn vị", figure(impact.daily)),
        (
            "Chuyển sang giấy",
            lines(f"{moment_text(one.start)} đến {moment_text(one.end) or 'nay'}" for one in impact.papers),
        ),
    ]


def signs_table(incident: Incident, names: Names) -> Table:
    """Return the witnesses of an incident."""
    rows = [
        (
            _SIGNS.get(sign.kind, STATES.get(sign.kind, said(sign.kind, 60))),
            said(names.get(sign.source, sign.source), 60),
            moment_text(moment(sign.at)),
        )
        for sign in incident.evidence[:_MOST_SIGNS]
    ]
    return Table(name="Chứng cứ", headings=("Dấu hiệu", "Nơi ghi nhận", "Thời điểm"), rows=tuple(rows))


def figure(one: Explained) -> Cell:
    """Return a figure as it is printed; what is not known says so, with what it is at least."""
    if one.figure is not None:
        return rounded(one.figure)
    least = one.at_least
    return NOT_KNOWN if not least else f"{NOT_KNOWN}, ít nhất {least:.1f}".replace(".", ",")


def _places(impact: UnitImpact, chosen: Callable[[float], bool]) -> list[str]:
    """Return the stages whose factor is chosen, each once; the groups where it is not so in all of them."""
    every: dict[Stage, set[Group]] = {}
    hit: dict[Stage, set[Group]] = {}
    for one in impact.stages:
        every.setdefault(one.stage, set()).add(one.stream[0])
        if one.factor.figure is not None and chosen(one.factor.figure):
            hit.setdefault(one.stage, set()).add(one.stream[0])
    return [
        STAGES[stage.value]
        if groups == every[stage]
        else f"{STAGES[stage.value]} ({', '.join(GROUPS[group.value] for group in Group if group in groups)})"
        for stage, groups in hit.items()
    ]


def _providers(incident: Incident) -> Cell:
    found = next((why.figures["providers"] for why in incident.why if "providers" in why.figures), None)
    return NOT_KNOWN if found is None else found


def _tickets(handling: Handling) -> Table:
    rows = tuple((said(number, 100), said(whose, 100)) for number, whose in handling.tickets)
    return Table(name="Phiếu báo nhà cung cấp", headings=("Số phiếu", "Nơi nhận"), rows=rows)

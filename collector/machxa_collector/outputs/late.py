"""Build the reports of a unit's late dossiers: fairly explained, recorded late, and the annex of one dossier. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from machxa_collector.effects.outages import moment
from machxa_collector.effects.overdue import Month, Told
from machxa_collector.effects.words import CAUSES, CONFIDENCE, GROUPS, LAYERS, STATES
from machxa_collector.impact import Explanation
from machxa_collector.incidents.incident import Incident
from machxa_collector.outputs.blocks import NOT_KNOWN, Cell, Facts, Signature, Table, Text, moment_text, rounded, said
from machxa_collector.outputs.heads import Body, Office
from machxa_collector.outputs.slip import figure
from machxa_collector.registry.calendar import LOCAL

PARTS = (
    ("k1_direct", "K1 Hạ tầng: sự cố trực tiếp"),
    ("k1_queue", "K1 Hạ tầng: ùn lại sau sự cố"),
    ("k2_recorded_late", "K2 Làm xong đúng hạn, ghi nhận muộn"),
    ("k3_waiting", "K3 Chờ người dân hoặc cơ quan khác"),
    ("k4_staff", "K4 Nhân sự và quy trình"),
    ("k5_no_evidence", "K5 Không đủ chứng cứ"),
)
_UNSURE = (
    "Kết quả tách giờ trễ là đề xuất để người có thẩm quyền xem và ký; không ghi ngược vào hệ thống hồ sơ. "
    "Tổng K1 đến K5 bằng số giờ trễ."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Give one day of a unit: hours of working time in which something was wrong, and declared extra hours."""

    day: date
    outage_hours: float
    extra_hours: float


def fair(office: Office, month: Month, days: Sequence[Day], basis: str) -> Body:
    """Return the fair-overdue report of a unit and month."""
    splits = [one.explanation for one in month.told]
    late = sum(one.late.figure or 0.0 for one in splits)
    rows = [
        (name, rounded(summed(splits, part)), rounded(100 * summed(splits, part) / late if late else None, 1))
        for part, name in PARTS
    ]
    rows.append(("Tổng số giờ trễ (giờ hành chính)", rounded(late), 100.0 if late else None))
    words = Counter(one.confidence.value for one in splits)
    recorded = Counter(one.row.ended.astimezone(LOCAL).date() for one in month.told if one.row.ended is not None)
    return Body(
        kind="fair",
        symbol="BC",
        title="Báo cáo hồ sơ quá hạn có xét nguyên nhân",
        subtitle=f"{office.full}, tháng {month.first:%m/%Y}",
        blocks=(
            Facts(
                rows=(
                    ("Số hồ sơ kết thúc trong tháng", month.ended),
                    ("Số hồ sơ trễ", len(month.told)),
                    *((f"Độ tin cậy {CONFIDENCE[word]} (số hồ sơ)", count) for word, count in sorted(words.items())),
                    *((("Lưu ý", "chỉ liệt kê những hồ sơ đầu tiên"),) if month.is_cut else ()),
                )
            ),
            Text(text=_UNSURE),
            Table(name="Số giờ trễ theo nguyên nhân", headings=("Nguyên nhân", "Số giờ", "%"), rows=tuple(rows)),
            Table(
                name="Hồ sơ trễ và giờ gián đoạn theo ngày",
                headings=("Ngày", "Hồ sơ ghi nhận trễ", "Giờ làm việc có sự cố"),
                rows=tuple(
                    (f"{one.day:%d/%m/%Y}", recorded.get(one.day, 0), rounded(one.outage_hours))
                    for one in days
                    if one.outage_hours or one.day in recorded
                ),
            ),
            _list(month.told),
            incidents_table(month.incidents),
        ),
        signatures=(Signature(role="NGƯỜI LẬP"), Signature(role="THỦ TRƯỞNG ĐƠN VỊ")),
        receivers=("Như trên", "Lưu: VT"),
        basis=basis,
    )


def recorded(
    office: Office, month: Month, days: Sequence[Day], catch_up_hours: Mapping[str, float | None], basis: str
) -> Body:
    """Return the report of late records and declared extra sessions; catch_up_hours by incident, None: not known."""
    extra = sum(one.extra_hours for one in days)
    each = list(catch_up_hours.values())
    caught = None if None in each else sum(hours or 0.0 for hours in each)
    share = None if not extra or caught is None else min(1.0, caught / extra)
    splits = [one.explanation for one in month.told]
    return Body(
        kind="recorded",
        symbol="BC",
        title="Báo cáo ghi nhận muộn và làm thêm giờ",
        subtitle=f"{office.full}, tháng {month.first:%m/%Y}",
        blocks=(
            Facts(
                rows=(
                    (
                        "Khoảng cách giữa lúc làm xong và lúc ghi nhận, trung vị (giờ hành chính)",
                        figure(month.gap.median),
                    ),
                    (
                        "Tỷ lệ ghi nhận muộn của hồ sơ làm xong trong buổi làm thêm (0 đến 1)",
                        figure(month.gap.late_in_extra),
                    ),
                    ("Số giờ trễ do ghi nhận muộn (K2)", rounded(summed(splits, "k2_recorded_late"))),
                    ("Giờ làm thêm đã công bố", rounded(extra)),
                    ("Giờ làm thêm thực tế", "không đo theo người; chỉ tính buổi đã công bố"),
                    ("Giờ làm bù sau sự cố", NOT_KNOWN if caught is None else rounded(caught)),
                    ("Phần giờ làm thêm do làm bù (0 đến 1)", NOT_KNOWN if share is None else rounded(share)),
                    ("Phần còn lại do tải thường xuyên (0 đến 1)", NOT_KNOWN if share is None else rounded(1 - share)),
                )
            ),
            Table(
                name="Buổi làm thêm đã công bố",
                headings=("Ngày", "Số giờ"),
                rows=tuple((f"{one.day:%d/%m/%Y}", rounded(one.extra_hours)) for one in days if one.extra_hours),
            ),
            Table(
                name="Giờ làm bù theo sự cố",
                headings=("Sự cố", "Giờ làm việc"),
                rows=tuple(
                    (key, NOT_KNOWN if hours is None else rounded(hours)) for key, hours in catch_up_hours.items()
                ),
            ),
        ),
        signatures=(Signature(role="NGƯỜI LẬP"), Signature(role="THỦ TRƯỞNG ĐƠN VỊ")),
        receivers=("Như trên", "Lưu: VT"),
        basis=basis,
    )


def annex(office: Office, told: Told, incidents: Sequence[Incident], basis: str) -> Body:
    """Return the evidence that goes with the letter of apology (Mẫu 04) of one dossier."""
    row, split = told.row, told.explanation
    weighed = [one for one in incidents if one.id in told.incidents]
    causes = tuple((LAYERS[cause.value], rounded(hours)) for cause, hours in split.by_cause.items())
    return Body(
        kind="annex",
        symbol="PL",
        title="Phụ lục chứng cứ",
        subtitle="Kèm theo Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết (Mẫu 04)",
        blocks=(
            Facts(
                rows=(
                    ("Đơn vị", office.full),
                    ("Mã hồ sơ", said(row.number, 64)),
                    ("Nhóm thủ tục", GROUPS[row.group.value]),
                    ("Tiếp nhận", moment_text(row.received)),
                    ("Hẹn trả", moment_text(row.must_end)),
                    ("Làm xong thực tế", moment_text(row.done) or NOT_KNOWN),
                    ("Hệ thống ghi nhận xong", moment_text(row.ended) or "chưa xong"),
                    ("Số giờ trễ (giờ hành chính)", figure(split.late)),
                    ("Số giờ trễ (kể cả buổi làm thêm)", figure(split.late_actual)),
                    ("Độ tin cậy", CONFIDENCE[split.confidence.value]),
                )
            ),
            Table(
                name="Tách giờ trễ",
                headings=("Nguyên nhân", "Số giờ"),
                rows=tuple((name, figure(getattr(split, part))) for part, name in PARTS),
            ),
            *((Table(name="Sự cố trực tiếp theo lớp", headings=("Lớp", "Số giờ"), rows=causes),) if causes else ()),
            incidents_table(weighed),
            Text(text=f"{_UNSURE} Phụ lục này là chứng cứ, không tự gia hạn thời hạn giải quyết."),
        ),
        signatures=(Signature(role="NGƯỜI LẬP"), Signature(role="THỦ TRƯỞNG ĐƠN VỊ")),
        basis=basis,
    )


def incidents_table(incidents: Sequence[Incident]) -> Table:
    """Return incidents with when they lasted."""
    return Table(
        name="Sự cố được xét",
        headings=("Mã", "Nguyên nhân", "Tình trạng", "Bắt đầu", "Kết thúc", "Độ tin cậy"),
        rows=tuple(
            (
                one.id,
                CAUSES[one.cause.value],
                STATES.get(one.state, one.state),
                moment_text(moment(one.started_at)),
                "đang tiếp diễn" if one.ended_at is None else moment_text(moment(one.ended_at)),
                rounded(one.confidence),
            )
            for one in incidents
        ),
    )


def _list(told: Sequence[Told]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for number, one in enumerate(told, start=1):
        split = one.explanation
        figures = [rounded(getattr(split, part).figure) for part, _ in PARTS]
        confidence = CONFIDENCE[split.confidence.value]
        rows.append(
            (
                number,
                said(one.row.number, 64),
                GROUPS[one.row.group.value],
                rounded(split.late.figure),
                *figures,
                confidence,
            )
        )
    short = ("K1 trực tiếp", "K1 ùn lại", "K2", "K3", "K4", "K5")
    headings = ("STT", "Mã hồ sơ", "Nhóm", "Giờ trễ", *short, "Tin cậy")
    return Table(name="Danh sách hồ sơ trễ", headings=headings, rows=tuple(rows))


def summed(splits: Sequence[Explanation], part: str) -> float:
    """Return the hours of one part over all dossiers."""
    return sum(float(getattr(one, part).figure or 0.0) for one in splits)

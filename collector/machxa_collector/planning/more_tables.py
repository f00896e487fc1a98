"""Lay out what stands beside a plan: five years, transfers, the communes' form, disposal, what all rests on. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from machxa_collector.planning import spoken
from machxa_collector.planning.needs import UnitNeeds
from machxa_collector.planning.outcome import Outcome, packages, settled, split_flags
from machxa_collector.planning.procurement import deadlines, method
from machxa_collector.planning.province import Needs
from machxa_collector.planning.rules import valid
from machxa_collector.planning.seal import sha256_of
from machxa_collector.planning.support import table_version
from machxa_collector.planning.tables import Row, Table, headings, sum_row
from machxa_collector.planning.words import Action, Answer, Item
from machxa_collector.planning.years import five_years
from machxa_collector.registry.sheets.showing import Look


def more_tables(outcome: Outcome) -> tuple[Table, ...]:
    """Return the sheets that stand beside a plan."""
    return (
        five_years(outcome.needs),
        reallocation(outcome.needs),
        commune_form(outcome.needs),
        disposals(outcome.needs),
        _packages(outcome),
        _basis(outcome),
    )


_REALLOCATION = headings(
    ("STT", Look.NUMBER, 6),
    ("Mã tài sản", Look.TEXT, 38),
    ("Loại", Look.TEXT, 28),
    ("Đơn vị thừa", Look.TEXT, 24),
    ("Đơn vị thiếu", Look.TEXT, 24),
    ("Khoảng cách (km)", Look.NUMBER, 12),
    ("Tiết kiệm", Look.MONEY, 16),
    ("Quy tắc", Look.TEXT, 36),
)


def reallocation(needs: Needs) -> Table:
    """Return the transfers between communes, with what each saves."""
    names = {unit.commune.code: unit.commune.name or unit.commune.code for unit in needs.units}
    rows: list[Row] = [
        (
            at,
            one.asset,
            spoken.ITEMS[one.item],
            names[one.giver],
            names[one.taker],
            None if one.km is None else round(one.km, 1),
            one.saves_vnd,
            spoken.rule(one.rule),
        )
        for at, one in enumerate(needs.transfers, 1)
    ]
    return Table(name="Điều chuyển", headings=_REALLOCATION, rows=(*rows, sum_row(rows, (6,), len(_REALLOCATION))))


_FORM_ITEMS = (Item.PC, Item.PRINTER, Item.SCANNER)
_FORM_OTHERS = (
    "Bộ họp trực tuyến",
    "Phần mềm bản quyền",
    "Tường lửa",
    "Switch",
    "Wifi",
    "Kênh Internet",
    "Kênh TSLCD",
    "Âm thanh ánh sáng",
    "Camera",
    "Màn hình LED",
    "Thiết bị CNTT khác",
)
_FORM = headings(
    ("STT", Look.NUMBER, 6),
    ("Xã/phường", Look.TEXT, 24),
    ("Tổng số cán bộ, công chức", Look.NUMBER, 12),
    *(
        (f"{spoken.ITEMS[item]}: {what}", look, 14)
        for item in _FORM_ITEMS
        for what, look in (
            ("định mức", Look.NUMBER),
            ("hiện có", Look.NUMBER),
            ("nhu cầu", Look.NUMBER),
            ("thành tiền", Look.MONEY),
        )
    ),
    *((name, Look.NUMBER, 12) for name in _FORM_OTHERS),
)


def commune_form(needs: Needs) -> Table:
    """Return the communes' IT-needs form filled; what no norm and no inventory tells is left to the commune."""
    rows: list[Row] = []
    for unit in needs.units:
        staff = unit.commune.staff
        cells: list[object] = [
            len(rows) + 1,
            unit.commune.name or unit.commune.code,
            sum(staff.values()) if staff else None,
        ]
        for item in _FORM_ITEMS:
            gap = next((gap for gap in unit.gaps if gap.item is item), None)
            price = needs.basis.prices.price(item, Action.BUY)
            need = None if gap is None or gap.lacking.low is None else max(0, round(gap.lacking.low))
            norm = None if gap is None or gap.expected.low is None else round(gap.expected.low)
            vnd = None if need is None or price is None else need * price.vnd
            cells += [norm, None if gap is None else gap.have, need, vnd]
        rows.append((*cells, *[None] * len(_FORM_OTHERS)))  # type: ignore[arg-type] # numbers and texts
    places = range(2, 3 + 4 * len(_FORM_ITEMS))
    return Table(name="Nhu cầu CNTT cấp xã", headings=_FORM, rows=(*rows, sum_row(rows, list(places), len(_FORM))))


_DISPOSAL = headings(
    ("STT", Look.NUMBER, 6),
    ("Đơn vị", Look.TEXT, 24),
    ("Tên tài sản", Look.TEXT, 30),
    ("Mã tài sản", Look.TEXT, 24),
    ("Số lượng", Look.NUMBER, 8),
    ("Nguyên giá", Look.MONEY, 16),
    ("Giá trị còn lại, thấp nhất", Look.MONEY, 16),
    ("Giá trị còn lại, cao nhất", Look.MONEY, 16),
    ("Lý do thanh lý", Look.TEXT, 36),
    ("Căn cứ", Look.TEXT, 36),
)


def disposals(needs: Needs) -> Table:
    """Return what form 01/TSC-XLTS asks of the assets whose disposal is proposed, or comes with a replacement."""
    rule, rows = needs.basis.rules.disposal, list[Row]()
    for unit in needs.units:
        for one in unit.judged:
            case = one.advice.disposal
            if one.advice.action not in (Action.DISPOSE, Action.REPLACE) or case.eligible is not Answer.YES:
                continue
            low, high = case.book_value.low, case.book_value.high
            rows.append(
                (
                    len(rows) + 1,
                    unit.commune.name or unit.commune.code,
                    case.name,
                    one.asset.code,
                    case.quantity,
                    case.cost_vnd,
                    None if low is None else round(low),
                    None if high is None else round(high),
                    spoken.reason(case.reason),
                    rule.source,
                )
            )
    return Table(name="Thanh lý 01-TSC-XLTS", headings=_DISPOSAL, rows=(*rows, sum_row(rows, (4, 5), len(_DISPOSAL))))


_PACKAGES = headings(
    ("Chủ ngân sách", Look.TEXT, 24),
    ("Nhóm hàng", Look.TEXT, 36),
    ("Nguồn", Look.TEXT, 20),
    ("Giá trị", Look.MONEY, 18),
    ("Hình thức được phép", Look.TEXT, 28),
    ("Căn cứ", Look.TEXT, 36),
    ("Cảnh báo chia gói", Look.TEXT, 40),
)


def _packages(outcome: Outcome) -> Table:
    basis = outcome.needs.basis
    flags = {(one.owner, one.commodity): one for one in split_flags(outcome)}
    rows: list[Row] = []
    for one in packages(outcome):
        way, flag = method(one.vnd, basis.rules, basis.today), flags.get((one.owner, one.commodity))
        told = None if flag is None else f"{flag.packages} gói, tổng {flag.vnd} đồng: {spoken.WAYS[flag.way]}"
        rows.append((one.owner, one.commodity, one.source, one.vnd, spoken.WAYS[way.way], way.source, told))
    return Table(name="Gói mua sắm", headings=_PACKAGES, rows=(*rows, sum_row(rows, (3,), len(_PACKAGES))))


_BASIS = headings(("Nội dung", Look.TEXT, 36), ("Giá trị", Look.TEXT, 60), ("Căn cứ", Look.TEXT, 60))


def _basis(outcome: Outcome) -> Table:
    basis, plan = outcome.needs.basis, outcome.plan
    province = next((unit.commune.province for unit in outcome.needs.units), "")
    rows: list[Row] = [
        ("Phương án", outcome.name, outcome.stamp),
        ("Mã băm của kế hoạch (SHA-256)", sha256_of(outcome, tuple(settled(outcome))), None),
        ("Ngày số liệu", basis.today, None),
        ("Quy tắc", basis.rules.version, basis.rules.source),
        ("Hết hỗ trợ hệ điều hành", table_version(), "endoflife.date, Microsoft Learn"),
        ("Bảng giá", basis.prices.version or "chưa có", None),
        *(("Hạn mức " + one.name, one.vnd, spoken.allowed(one)) for one in outcome.ceilings.shared()),
        ("Hạn mức " + outcome.ceilings.own_source, sum(outcome.ceilings.own_vnd.values()), None),
        *(
            (("Tối thiểu cho mỗi 1.000 hồ sơ một năm (đồng)", outcome.ceilings.minimum_per_1000, None),)
            if outcome.ceilings.minimum_per_1000 is not None
            else ()
        ),
        ("Mức tối thiểu đạt", f"{plan.floor}/{plan.floor_of} đơn vị", None),
        ("Giờ-hồ sơ giảm mỗi năm", round(plan.hours), basis.rules.value.source),
        ("Giờ-hồ sơ còn mất mỗi năm", round(plan.still_lost), None),
        (
            "Cách phương án tốt nhất có thể",
            None if plan.gap is None else round(plan.gap, 4),
            "cận trên nới lỏng tuyến tính",
        ),
    ]
    rows += [
        (f"Định mức {row.id}", _norm(row.titles, row.per_staff), row.source)
        for row in valid(basis.rules.norm, basis.today)
    ]
    rows += [
        (f"Thời gian sử dụng {row.id}", f"{row.years:g} năm, {row.rate:.2%}", row.source)
        for row in valid(basis.rules.life, basis.today)
    ]
    rows += [
        (
            f"Đơn giá {spoken.ITEMS[row.item]} ({spoken.ACTIONS[row.action]})",
            row.vnd,
            "; ".join((row.source, *row.quotations)),
        )
        for row in basis.prices.rows
    ]
    rows += [(f"Mốc: {due.what}", due.on, due.source) for due in deadlines(province, basis.today.year + 1, basis.rules)]
    rows += [
        (f"Khóa {lock.line}", "đưa vào" if lock.way == "in" else "loại ra", lock.reason)
        for lock in outcome.locks.values()
    ]
    rows += [(f"Điều chỉnh {one.override.line}", one.override.on, spoken.decision(one)) for one in outcome.overrides]
    return Table(name="Căn cứ", headings=_BASIS, rows=tuple(rows))


def _norm(titles: Sequence[object], per_staff: int) -> str:
    return f"{len(titles)} nhóm chức danh, 1 cho {per_staff} người" if titles else "theo đơn vị, quầy"


def coverage(units: Sequence[UnitNeeds]) -> dict[str, float | None]:
    """Return the shares of assets with a known score, purchase day and cost, None without any asset."""
    judged = [one for unit in units for one in unit.judged]
    if not judged:
        return {"scored": None, "dated": None, "priced": None}
    total = len(judged)
    return {
        "scored": sum(one.scored.completeness >= 0.6 for one in judged) / total,  # noqa: PLR2004 - as the advice asks
        "dated": sum(one.asset.acquired_on is not None for one in judged) / total,
        "priced": sum(one.asset.cost_vnd is not None for one in judged) / total,
    }

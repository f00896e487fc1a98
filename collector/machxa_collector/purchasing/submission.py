"""Write a plan as the submission (tờ trình) that finance signs; nothing in it that the plan does not say. Pure."""

from __future__ import annotations

from machxa_collector.outputs.blocks import Cell, Document, Facts, Signature, Table, Text
from machxa_collector.outputs.heads import Body, Office, document
from machxa_collector.planning import tables as laid
from machxa_collector.planning.ceilings import Source
from machxa_collector.planning.more_tables import coverage
from machxa_collector.planning.outcome import Outcome, settled, split_flags, waiting
from machxa_collector.planning.seal import sha256_of
from machxa_collector.planning.spoken import allowed, decision
from machxa_collector.registry.records import Cell as SheetCell
from machxa_collector.registry.sheets.formula import Formula

_SHOWN = (0, 1, 2, 3, 8, 9, 10, 11)  # of the summary's columns: a page is narrow


def submission(office: Office, found: Outcome) -> Document:
    """Return the submission of a plan, to be numbered and signed."""
    basis, plan, ceilings = found.needs.basis, found.plan, found.ceilings
    year = basis.today.year + 1
    summary = laid.summary(found, tuple(settled(found)))
    rows = tuple(tuple(_cell(row[place]) for place in _SHOWN) for row in summary.rows)
    paid = [one for one in settled(found) if one.source is not None]
    known = coverage(found.needs.units)
    shared = zip(ceilings.shared(), plan.by_source, strict=True)
    blocks: list[Text | Facts | Table] = [
        Text(text="1. Kinh phí", is_heading=True),
        Facts(
            rows=(
                ("Phương án", found.name or "theo hạn mức"),
                *(row for one, paid in shared for row in _source(one, paid)),
                (f"Hạn mức {ceilings.own_source} (đồng)", sum(ceilings.own_vnd.values())),
                (f"Đề nghị bố trí {ceilings.own_source} (đồng)", plan.own_vnd),
                ("Số thiết bị mua, thay, nâng cấp, sửa", len(paid)),
                ("Điều chuyển trước khi mua (chiếc)", len(found.needs.transfers)),
            )
        ),
        Text(text="2. Nhu cầu theo loại thiết bị", is_heading=True),
        Table(name="Tổng hợp", headings=tuple(summary.headings[place].text for place in _SHOWN), rows=rows),
        Text(text="3. Kết quả dự kiến", is_heading=True),
        Facts(
            rows=(
                ("Giờ-hồ sơ giảm mất mỗi năm (ước tính)", round(plan.hours)),
                ("Giờ-hồ sơ còn mất mỗi năm (ước tính)", round(plan.still_lost)),
                ("Đơn vị được bố trí mức tối thiểu", f"{plan.floor}/{plan.floor_of}"),
                ("Đơn vị chờ định mức hoặc đơn giá", waiting(found.needs)),
                ("Cách phương án tốt nhất có thể", None if plan.gap is None else f"{plan.gap:.2%}".replace(".", ",")),
                ("Cảnh báo chia gói", len(split_flags(found))),
            )
        ),
        Text(text="4. Mức đầy đủ của số liệu", is_heading=True),
        Facts(
            rows=(
                ("Thiết bị đủ số liệu để chấm điểm", _percent(known["scored"])),
                ("Thiết bị có ngày đưa vào sử dụng", _percent(known["dated"])),
                ("Thiết bị có nguyên giá", _percent(known["priced"])),
            )
        ),
    ]
    if found.overrides:
        blocks.append(Text(text="5. Điều chỉnh theo quyết định", is_heading=True))
        blocks.append(Facts(rows=tuple((one.override.line, decision(one)) for one in found.overrides)))
    seal = sha256_of(found, tuple(settled(found)))
    rests = f"Quy tắc {basis.rules.version}; {found.stamp}; số liệu ngày {basis.today:%d/%m/%Y}; mã băm {seal}."
    body = Body(
        kind="submission",
        symbol="TTr",
        title="Tờ trình",
        subtitle=f"Về kế hoạch mua sắm, sửa chữa thiết bị công nghệ thông tin năm {year}",
        blocks=blocks,
        signatures=(
            Signature(role="NGƯỜI LẬP BIỂU"),
            Signature(role="THỦ TRƯỞNG ĐƠN VỊ", how="(Ký tên, đóng dấu)"),
        ),
        receivers=("Như trên", "Lưu: VT"),
        basis=f"Căn cứ: {basis.rules.source}. {rests}",
    )
    return document(office, body, basis.today)


def _source(one: Source, paid: int) -> tuple[tuple[str, Cell], ...]:
    rows: tuple[tuple[str, Cell], ...] = (
        (f"Hạn mức {one.name} (đồng)", one.vnd),
        (f"Đề nghị bố trí {one.name} (đồng)", paid),
    )
    only = allowed(one)
    return rows if only is None else (*rows, (one.name, only))


def _cell(cell: SheetCell | Formula) -> Cell:
    value = cell.value if isinstance(cell, Formula) else cell
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.0%}"

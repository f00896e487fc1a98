"""Build the ledger of dossiers taken on paper, in the columns in which it is taken in again. Pure."""

from __future__ import annotations

from datetime import datetime

from machxa_collector.effects.outages import moment
from machxa_collector.effects.paper import Ledger
from machxa_collector.effects.words import GROUPS, STAGES
from machxa_collector.outputs.blocks import Cell, Facts, Signature, Table, moment_text, said
from machxa_collector.outputs.heads import Body, Office
from machxa_collector.outputs.slip import figure


def book(office: Office, ledger: Ledger, now: datetime, basis: str) -> Body:
    """Return the ledger as a book of dossiers (Mẫu 07); rows in red wait to be typed in for over a working day."""
    spell = ledger.spell
    ended = "đang tiếp diễn" if spell.ended_at is None else moment_text(moment(spell.ended_at))
    rows: list[tuple[Cell, ...]] = [
        (
            number,
            line.number,
            GROUPS[line.group],
            moment_text(moment(line.received_at)),
            "; ".join(STAGES[stage] for stage in line.stages),
            "" if line.entered_at is None else moment_text(moment(line.entered_at)),
            line.dossier or "",
        )
        for number, line in enumerate(ledger.lines, start=1)
    ]
    red = tuple(place for place, line in enumerate(ledger.lines) if line.number in ledger.red)
    return Body(
        kind="ledger",
        symbol="STD",
        title="Sổ theo dõi hồ sơ tiếp nhận trên giấy",
        subtitle=f"{office.full} (theo Mẫu 07)",
        blocks=(
            Facts(
                rows=(
                    ("Bắt đầu làm trên giấy", moment_text(moment(spell.started_at))),
                    ("Kết thúc", ended),
                    ("Lý do", said(spell.reason, 500)),
                    ("Người công bố", said(spell.declared_by, 100)),
                    ("Số hồ sơ", len(ledger.lines)),
                    ("Còn phải nhập phần mềm", ledger.left),
                    ("Quá một ngày làm việc chưa nhập (dòng in đậm có dấu !)", len(ledger.red)),
                    ("Dự kiến số giờ làm việc để nhập xong", figure(ledger.reentry)),
                    ("Tính đến", moment_text(now)),
                )
            ),
            Table(
                name="Hồ sơ",
                headings=(
                    "STT",
                    "Số trên giấy",
                    "Nhóm thủ tục",
                    "Thời điểm tiếp nhận",
                    "Khâu đã làm trên giấy",
                    "Thời điểm nhập phần mềm",
                    "Mã hồ sơ trên phần mềm",
                ),
                rows=tuple(rows),
                red=red,
            ),
        ),
        signatures=(Signature(role="NGƯỜI LẬP SỔ"), Signature(role="THỦ TRƯỞNG ĐƠN VỊ", how="(Ký, đóng dấu)")),
        basis=basis,
    )

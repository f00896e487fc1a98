"""Build the one A4 a month for a unit's leader: readiness, why dossiers were late, outages, what was promised. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from machxa_collector.effects.outages import moment
from machxa_collector.effects.overdue import Month
from machxa_collector.effects.words import CAUSES, STATES
from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.incident import Incident
from machxa_collector.outputs.blocks import NOT_KNOWN, Cell, Facts, Signature, Table, moment_text, rounded, said
from machxa_collector.outputs.heads import Body, Office
from machxa_collector.outputs.late import PARTS, summed

MOST_SHOWN = 6  # outages, and promises: with more the sheet would not stay one A4


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Give how ready a unit was in its working hours of a month (F17), None: not known of any hour.

    hours: working hours looked at; unsure_hours: those of which it is not known, and which are left out of the share.
    """

    share: float | None
    hours: float
    unsure_hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Give an incident of the unit: working hours it took, dossiers held (Cell: a figure or words), its slip's number.

    slip is None where nobody had a slip made.
    """

    incident: Incident
    working_hours: float
    held: Cell
    slip: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Give what somebody promised of an incident: until when, and when it ended; again: promised anew later."""

    incident: Incident
    by: str
    until: datetime
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Hold a unit's month as of a moment; outages and promises are those shown, the others are counted."""

    month: Month
    now: datetime
    ready: Ready
    outages: Sequence[Outage]
    outages_in_all: int
    grave: int
    promises: Sequence[Promise]
    promises_in_all: int
    on_paper: int


def monthly(office: Office, sheet: Sheet, basis: str) -> Body:
    """Return the sheet."""
    month = sheet.month
    return Body(
        kind="monthly",
        symbol="BC",
        title="Phiếu tháng của thủ trưởng đơn vị",
        subtitle=f"{office.full}, tháng {month.first:%m/%Y}",
        blocks=(
            Facts(
                rows=(
                    ("Mức sẵn sàng phục vụ trong giờ làm việc (0 đến 100)", _ready(sheet.ready)),
                    ("Giờ làm việc được xét; trong đó chưa rõ", _hours(sheet.ready)),
                    ("Sự cố trong tháng; trong đó mức P1, P2", f"{sheet.outages_in_all}; {sheet.grave}"),
                    ("Hồ sơ kết thúc; trong đó trễ", f"{month.ended}; {len(month.told)}{'+' if month.is_cut else ''}"),
                    ("Hồ sơ làm trên giấy chưa nhập", sheet.on_paper),
                )
            ),
            _late(month),
            _outages(sheet),
            _promises(sheet),
        ),
        signatures=(Signature(role="NGƯỜI LẬP"), Signature(role="THỦ TRƯỞNG ĐƠN VỊ")),
        receivers=("Như trên", "Lưu: VT"),
        basis=basis,
    )


def kept(promise: Promise, now: datetime) -> str:
    """Say in Vietnamese whether a promise was kept, as of a moment."""
    ended = None if promise.incident.ended_at is None else moment(promise.incident.ended_at)
    if ended is not None and ended <= promise.until:
        return "đúng hẹn"
    if promise.again:
        return "đã hẹn lại"
    if ended is not None:
        return f"muộn {_long(ended - promise.until)}"
    return "chưa đến hẹn" if now <= promise.until else f"quá hẹn {_long(now - promise.until)}, chưa xong"


def first_of_last_month(today: date) -> date:
    """Return the first day of the month before a day's."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def _ready(ready: Ready) -> Cell:
    return NOT_KNOWN if ready.share is None else rounded(100 * ready.share, 1)


def _hours(ready: Ready) -> str:
    return f"{ready.hours:.1f} giờ; {ready.unsure_hours:.1f} giờ".replace(".", ",")


def _late(month: Month) -> Table:
    splits = [one.explanation for one in month.told]
    late = sum(one.late.figure or 0.0 for one in splits)
    parts = [(name, summed(splits, part)) for part, name in PARTS]
    rows = [(name, rounded(hours), rounded(100 * hours / late if late else None, 1)) for name, hours in parts]
    rows.append(("Tổng số giờ trễ (giờ hành chính)", rounded(late), 100.0 if late else None))
    return Table(
        name="Vì sao hồ sơ trễ (đề xuất để người có thẩm quyền xem và ký)",
        headings=("Nguyên nhân", "Số giờ", "%"),
        rows=tuple(rows),
    )


def _outages(sheet: Sheet) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            moment_text(moment(one.incident.started_at)),
            f"{CAUSES[one.incident.cause.value]}, {STATES.get(one.incident.state, one.incident.state)}",
            one.incident.severity.name,
            rounded(one.working_hours, 1),
            one.held,
            "chưa lập" if one.slip is None else f"số {one.slip}",
        )
        for one in sheet.outages
    ]
    headings = ("Bắt đầu", "Nguyên nhân", "Mức", "Giờ làm việc", "Hồ sơ bị giữ", "Phiếu xác nhận")
    name = "Sự cố và phiếu xác nhận" + _of(len(sheet.outages), sheet.outages_in_all, "nặng và dài nhất")
    return Table(name=name, headings=headings, rows=tuple(rows))


def _promises(sheet: Sheet) -> Table:
    rows: list[tuple[Cell, ...]] = []
    red = []
    for number, one in enumerate(sheet.promises):
        words = kept(one, sheet.now)
        if words.startswith(("muộn", "quá hẹn")):
            red.append(number)
        cause = CAUSES[one.incident.cause.value]
        began = moment_text(moment(one.incident.started_at))
        rows.append((f"{cause}, từ {began}", said(one.by, 60), moment_text(one.until), words))
    headings = ("Sự cố", "Người hẹn", "Hẹn xong lúc", "Kết quả")
    name = "Tỉnh đã hẹn" + _of(len(sheet.promises), sheet.promises_in_all, "mới nhất")
    return Table(name=name, headings=headings, rows=tuple(rows), red=tuple(red))


def _of(shown: int, whole: int, which: str) -> str:
    return f" ({shown} trong {whole}, {which})" if shown < whole else ""


def _long(length: timedelta) -> str:
    hours = length / timedelta(hours=1)
    return (
        f"{hours:.1f} giờ".replace(".", ",")
        if hours < _DAY_HOURS
        else f"{hours / _DAY_HOURS:.1f} ngày".replace(".", ",")
    )


def is_grave(incident: Incident) -> bool:
    """Return whether an incident stopped much."""
    return incident.severity in (Severity.P1, Severity.P2)


_DAY_HOURS = 24

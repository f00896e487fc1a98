"""Write the message that brings a report, in Vietnamese and English. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from machxa_collector.notify.periods import Every, after, key_of
from machxa_collector.notify.text import Texts
from machxa_collector.notify.words import Both
from machxa_collector.registry.calendar import LOCAL

OUTPUTS, OWN_PAGE = "/outputs", "/notices/schedules"
_MOST_LINKS, _MOST_MISSED = 40, 8
_KB = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Name a document of a report: its number (None in a preview: none is kept), hash, and size as it would be sent."""

    document: int | None
    unit: str
    sha256: str
    name: str
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Hold what a message brings. about is what the unit is called; attached: the files go with it.

    too_large: they were wanted and did not fit. missed: first days of periods that nobody was sent.
    """

    kind: str
    every: Every
    first: date
    about: str
    files: Sequence[File]
    attached: bool
    too_large: bool
    missed: Sequence[date]
    at: datetime
    base: str


def texts(one: Brought, tongue: int) -> Texts:
    """Return the message; tongue 0 for Vietnamese, 1 for English."""
    subject = f"{NAMES[one.kind][tongue]} {_period(one.every, one.first, tongue)}: {one.about}"
    rows = [f"{subject}.", _W["made"][tongue].format(at=f"{one.at.astimezone(LOCAL):%H:%M %d/%m/%Y}")]
    if one.attached:
        names = ", ".join(f"{file.name} ({(file.size_bytes or 0) / _KB:.0f} kB)" for file in one.files)
        rows.append(f"{_W['files'][tongue]}: {names}")
    elif one.too_large:
        rows.append(_W["too_large"][tongue])
    rows += [f"{_W['see'][tongue]}: {one.base}{_path(file)}  SHA-256 {file.sha256}" for file in one.files[:_MOST_LINKS]]
    if len(one.files) > _MOST_LINKS:
        rows.append(_W["more"][tongue].format(count=len(one.files) - _MOST_LINKS, page=one.base + OUTPUTS))
    if one.missed:
        shown = ", ".join(key_of(one.every, day) for day in one.missed[-_MOST_MISSED:])
        rows.append(_W["missed"][tongue].format(count=len(one.missed), periods=shown))
    rows.append(f"{_W['stop'][tongue]}: {one.base}{OWN_PAGE}")
    return Texts(subject=subject, text="\n".join(rows), brief=f"{subject}. {_W['see'][tongue]}: {one.base}{OUTPUTS}")


def _path(file: File) -> str:
    return OUTPUTS if file.document is None else f"/api/v1/outputs/{file.document}.html"


def _period(every: Every, first: date, tongue: int) -> str:
    if every is Every.MONTH:
        return f"{first:%m/%Y}"
    last = after(every, first) - timedelta(days=1)
    return _W["week"][tongue].format(first=f"{first:%d/%m}", last=f"{last:%d/%m/%Y}")


NAMES: Mapping[str, Both] = {
    "brief": ("Bản tin tuần", "Weekly brief"),
    "monthly": ("Phiếu tháng", "Monthly sheet"),
    "fair": ("Báo cáo hồ sơ quá hạn tháng", "Late dossiers of"),
    "recorded": ("Báo cáo ghi nhận muộn tháng", "Late records of"),
}
_W: Mapping[str, Both] = {
    "week": ("từ {first} đến {last}", "from {first} to {last}"),
    "made": (
        "Lập lúc {at} từ số liệu đo; chưa có số, chưa ký.",
        "Made at {at} from what was measured; not numbered, not signed.",
    ),
    "files": ("Tệp kèm", "Attached"),
    "too_large": (
        "Các tệp quá lớn hoặc quá nhiều để gửi kèm: mở trên trang.",
        "The files are too large or too many to be attached: open them on the pages.",
    ),
    "see": ("Xem, in", "See, print"),
    "more": ("và {count} văn bản khác: {page}", "and {count} more: {page}"),
    "missed": (
        "{count} kỳ trước không gửi vì trung tâm không chạy lúc đến hạn ({periods}); lập trên trang Văn bản nếu cần.",
        "{count} earlier ones were not sent, as the centre stood still ({periods}); the page Documents makes them.",
    ),
    "stop": ("Tạm dừng hoặc thôi nhận", "Pause or stop these"),
}

"""Judge a whole record: what its fields say together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from machxa_collector.registry.calendar.rows import (
    BadCalendar,
    ClosedHours,
    Confidence,
    DayOff,
    ExtraHours,
    MakeUpDay,
    Row,
    Session,
    Source,
    WeekHours,
)
from machxa_collector.registry.records.fields import Record, Told
from machxa_collector.registry.records.unit_kinds import WEEKDAYS

_SESSION = re.compile(r"(\d{1,2}) ?[:hg] ?(\d{2}) ?[-–] ?(\d{1,2}) ?[:hg] ?(\d{2})", re.IGNORECASE)  # 7h30 too
_MOST_MINUTE = 59
_UNIT_CODE = {
    "province": re.compile(r"\d{2}"),
    "commune": re.compile(r"\d{5}"),
    "centre": re.compile(r"\d{2}-[A-Z0-9]{1,7}"),
}
_MOST_OF_A_DAY_MS = 86_400_000


def faults(kind: str, record: Record) -> tuple[Told, ...]:
    """Return what is wrong with a record whose fields are right one by one; none when it can be kept."""
    return _CHECKS.get(kind, _nothing)(record)


def calendar_row(record: Record) -> Row:
    """Return a calendar record as a row of the calendars; raises BadCalendar with the reason."""
    first, last, rule = record["valid_from"], record["valid_to"], record["rule"]
    if not isinstance(first, date) or not (last is None or isinstance(last, date)):
        raise BadCalendar("a row has no first day")
    source = Source(reference=str(record["source"]), confidence=Confidence(record["confidence"]))
    weekdays, sessions = _weekdays(record), _sessions(record)
    name = str(record["name"] or record["source"])
    match rule:
        case "week":
            return WeekHours(valid_from=first, valid_to=last, weekdays=weekdays, sessions=sessions, source=source)
        case "off":
            return DayOff(valid_from=first, valid_to=last or first, name=name, source=source)
        case "make_up":
            if len(weekdays) != 1:
                raise BadCalendar(
                    f"a make-up day has {len(weekdays)} weekdays, expected the one whose hours it works",
                    f"ngày làm bù ghi {len(weekdays)} thứ, cần đúng một thứ mà nó làm theo giờ",
                )
            return MakeUpDay(day=first, weekday=min(weekdays), name=name, source=source)
        case "closed":
            return ClosedHours(valid_from=first, valid_to=last or first, hours=sessions, source=source)
        case "extra":
            days = weekdays or None
            return ExtraHours(
                valid_from=first,
                valid_to=last if days else last or first,
                weekdays=days,
                sessions=sessions,
                source=source,
            )
        case _:
            raise BadCalendar(f"rule is {rule!r}")


def _weekdays(record: Record) -> frozenset[int]:
    names = record["weekdays"]
    if not isinstance(names, tuple):
        raise BadCalendar("weekdays are no list")
    for name in names:
        if name not in WEEKDAYS:
            raise BadCalendar(f"weekday {name!r}, expected {', '.join(WEEKDAYS)}")
    return frozenset(map(WEEKDAYS.index, names))


def _sessions(record: Record) -> tuple[Session, ...]:
    texts = record["sessions"]
    if not isinstance(texts, tuple):
        raise BadCalendar("sessions are no list")
    sessions = []
    for text in texts:
        told = _SESSION.fullmatch(text)
        if told is None or int(told[2]) > _MOST_MINUTE or int(told[4]) > _MOST_MINUTE:
            raise BadCalendar(
                f"session {text!r}, expected such as 07:30-11:30", f"buổi {text!r}, cần ghi như 07:30-11:30"
            )
        hours = [int(part) for part in told.groups()]
        sessions.append(Session(hours[0] * 3600 + hours[1] * 60, hours[2] * 3600 + hours[3] * 60))
    return tuple(sessions)


def _calendars(record: Record) -> tuple[Told, ...]:
    try:
        row = calendar_row(record)
    except BadCalendar as exc:
        return (Told(vi=exc.vi or f"dòng lịch không dùng được: {exc}", en=str(exc)),)
    if isinstance(row, (ClosedHours, ExtraHours)) and not record["sessions"]:
        return (Told(vi="chưa ghi buổi nào", en="names no session"),)
    if isinstance(row, WeekHours) and not record["weekdays"]:
        return (Told(vi="chưa ghi thứ nào", en="names no weekday"),)
    return ()


def _units(record: Record) -> tuple[Told, ...]:
    kind, code, parent, kind_of = record["kind"], str(record["code"]), record["parent"], record["type"]
    found = []
    if not _UNIT_CODE[str(kind)].fullmatch(code):
        found.append(Told(vi=f"mã {code!r} không hợp với cấp", en=f"code {code!r} does not fit the tier {kind}"))
    if (kind == "province") == (parent is not None):
        found.append(
            Told(
                vi="chỉ xã và trung tâm thuộc một tỉnh", en="communes and centres lie in a province, a province in none"
            )
        )
    if (kind == "centre") == (kind_of is not None):
        found.append(
            Told(
                vi="loại hình: tỉnh và xã phải có, trung tâm không",
                en="provinces and communes have a type, centres have none",
            )
        )
    return (*found, *_order(record, "valid_from", "valid_to", strict=True))


def _lines(record: Record) -> tuple[Told, ...]:
    return _order(record, "valid_from", "expires_on", strict=False)


def _planned(record: Record) -> tuple[Told, ...]:
    if record["weekdays"]:
        start, end = record["starts_at"], record["ends_at"]
        if isinstance(start, int) and isinstance(end, int) and end - start > _MOST_OF_A_DAY_MS:
            return (Told(vi="lần lặp lại dài hơn một ngày", en="what comes again lasts longer than a day"),)
    elif record["repeats_to"] is not None:
        return (Told(vi="lặp đến ngày nào mà chưa ghi các thứ", en="comes again until a day, on no weekday"),)
    return _order(record, "starts_at", "ends_at", strict=True)


def _repairs(record: Record) -> tuple[Told, ...]:
    assets = record["assets"]
    if isinstance(assets, tuple) and len(assets) > 1:
        return (Told(vi="mỗi lần sửa là của một thiết bị", en="a repair is of one asset"),)
    if record["state"] == "estimate" and record["cost_vnd"] is None:
        return (Told(vi="dự toán cần chi phí", en="an estimate needs its cost"),)
    return ()


def _contacts(record: Record) -> tuple[Told, ...]:
    if record["phone"] is None and record["email"] is None:
        return (Told(vi="cần điện thoại hoặc thư điện tử", en="needs a phone number or an e-mail address"),)
    if record["email"] is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(record["email"])):
        return (Told(vi=f"{record['email']!r} không phải thư điện tử", en=f"{record['email']!r} is no e-mail address"),)
    return ()


def _order(record: Record, first: str, last: str, *, strict: bool) -> tuple[Told, ...]:
    one, other = record[first], record[last]
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return ()
    wrong = other < one or (strict and other == one)  # type: ignore[operator] # both are of the fields' one form
    return (Told(vi="kết thúc trước khi bắt đầu", en="ends before it begins"),) if wrong else ()


def _nothing(_record: Record) -> tuple[Told, ...]:
    return ()


_CHECKS: Mapping[str, Callable[[Record], tuple[Told, ...]]] = {
    "units": _units,
    "calendars": _calendars,
    "lines": _lines,
    "contacts": _contacts,
    "planned": _planned,
    "repairs": _repairs,
}

"""Write notices in Vietnamese and English: what, where, since when, what it does, what to do, who has it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from machxa_collector.incidents.incident import Incident
from machxa_collector.notify import words
from machxa_collector.notify.happening import Happening, Kind
from machxa_collector.notify.words import Both

MOST_SUBJECT = 110
MOST_LINES = 40  # of a digest; the rest is counted
_NAMED_UNITS = 3
_MOST_NAME = 80
_HERE = timezone(timedelta(hours=7))
_MINUTE_MS = 60_000
_HOUR = 60
_LAST_MS = 253_402_300_800_000  # no calendar has the year 10000

NameOf = Callable[[str], Both | None]
"""Return what a unit, asset or system is called in both languages, None for what has no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Hold one message in one language; brief is what may leave the state's network: no names of people or devices."""

    subject: str
    text: str
    brief: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold one incident of a message: what is told of it last, and its working minutes until now or its end.

    worked_minutes None: nobody entered when its units work. Its units are those that the reader may see; others counts
    those that are not named.
    """

    happening: Happening
    worked_minutes: int | None
    others: int = 0


def single(line: Line, name_of: NameOf, base: str, tongue: int) -> Texts:
    """Return the message of one happening; base is the address of the pages, tongue 0 for Vietnamese, 1 for English."""
    happening, one = line.happening, line.happening.incident
    cause, effect, step = _said(happening)
    where = _where(line, name_of, tongue)
    head = words.HEADS[happening.kind.value][tongue]
    mark = f"[{head}]" if happening.kind is Kind.ENDED else f"[{', '.join(filter(None, (one.severity.name, head)))}]"
    subject = _cut(f"{mark} {cause[tongue]}: {where} ({_span(one, short=True)})", MOST_SUBJECT)
    rows = [
        f"{cause[tongue]}{_state(one, tongue)}.",
        f"{_W['where'][tongue]}: {where}",
        f"{_W['since'][tongue]}: {_span(one, short=False)}{_worked(line, tongue)}",
    ]
    if happening.kind is not Kind.ENDED:
        rows += [f"{_W['effect'][tongue]}: {effect[tongue]}", f"{_W['next'][tongue]}: {step[tongue]}"]
    rows += [f"{_W['hand'][tongue]}: {_hand(happening, tongue)}", _link(base, one.id, tongue)]
    outside = _where(line, name_of, tongue, outside=True)
    brief = _cut(f"{mark} {outside}: {_W['fault'][tongue]} ({one.id[:8]}).\n{_link(base, one.id, tongue)}", 900)
    return Texts(subject=subject, text="\n".join(rows), brief=brief)


def several(lines: Sequence[Line], name_of: NameOf, base: str, tongue: int, *, is_digest: bool) -> Texts:
    """Return one message of several happenings, the gravest first; what does not fit is counted."""
    ordered = sorted(lines, key=lambda one: (one.happening.incident.severity.value, one.happening.incident.started_at))
    kind = "digest" if is_digest else "joined"
    subject = _W[kind][tongue].format(count=len(lines), worst=ordered[0].happening.incident.severity.name)
    rows = [_row(one, name_of, tongue) for one in ordered[:MOST_LINES]]
    if len(ordered) > MOST_LINES:
        rows.append(_W["more"][tongue].format(count=len(ordered) - MOST_LINES))
    text = "\n".join([*rows, "", _link(base, None, tongue)])
    brief = f"{subject}.\n{_link(base, None, tongue)}"
    return Texts(subject=_cut(subject, MOST_SUBJECT), text=text, brief=brief)


def test(channel: str, tongue: int) -> Texts:
    """Return the message that tries a channel."""
    subject, text = _W["test"][tongue], _W["tested"][tongue].format(channel=channel)
    return Texts(subject=subject, text=text, brief=text)


def held_back(count: int, at: int, tongue: int) -> str:
    """Return the sentence that says that the day's budget is used up, and until when the rest waits."""
    return _W["budget"][tongue].format(count=count, at=_clock(at, "%H:%M"))


def _row(line: Line, name_of: NameOf, tongue: int) -> str:
    happening, one = line.happening, line.happening.incident
    cause, _, _ = _said(happening)
    head = words.HEADS[happening.kind.value][tongue]
    return (
        f"- [{one.severity.name}] {cause[tongue]}{_state(one, tongue)}: {_where(line, name_of, tongue)}, "
        f"{_span(one, short=False)}{f' ({head})' if head else ''}"
    )


def _said(happening: Happening) -> tuple[Both, Both, Both]:
    one = happening.incident
    if one.state == "undelivered":
        return words.UNDELIVERED["cause"], words.UNDELIVERED["effect"], words.UNDELIVERED["step"]
    cause = happening.handling.overruled or one.cause
    return words.CAUSES[cause], words.EFFECTS[cause], words.STEPS[cause]


def _state(one: Incident, tongue: int) -> str:
    known = words.STATES.get(one.state)
    return "" if known is None or one.state == "undelivered" else f" ({known[tongue]})"


def _where(line: Line, name_of: NameOf, tongue: int, *, outside: bool = False) -> str:
    """Return the places; outside leaves out what the subject is."""
    one = line.happening.incident
    named = [_named(unit, name_of, tongue) for unit in one.units[:_NAMED_UNITS] if unit not in ("", "?")]
    if len(one.units) > _NAMED_UNITS:
        named = [_W["units"][tongue].format(count=len(one.units) + line.others)]
    elif line.others:
        named.append(_W["others"][tongue].format(count=line.others))
    if not outside and one.subject not in one.units and one.subject != "centre":
        subject = one.subject.rpartition("/")[2] if one.state == "undelivered" else _named(one.subject, name_of, tongue)
        named = [subject, *named]
    return ", ".join(named) or _W["centre"][tongue]


def _named(code: str, name_of: NameOf, tongue: int) -> str:
    found = name_of(code)
    plain = " ".join((code if found is None else found[tongue]).split())
    return _cut(plain, _MOST_NAME)


def _span(one: Incident, *, short: bool) -> str:
    pattern = "%H:%M" if short else "%H:%M %d/%m/%Y"
    since = _clock(one.started_at, pattern)
    return since if one.ended_at is None else f"{since} - {_clock(one.ended_at, '%H:%M' if short else '%H:%M %d/%m')}"


def _worked(line: Line, tongue: int) -> str:
    if line.worked_minutes is None:
        return ""
    if line.worked_minutes <= 0:
        return f" ({_W['off'][tongue]})"
    hours, minutes = divmod(line.worked_minutes, _HOUR)
    return f" ({_W['worked'][tongue].format(span=f'{hours}:{minutes:02d}')})"


def _hand(happening: Happening, tongue: int) -> str:
    handling = happening.handling
    who = handling.owner or handling.acknowledged_by
    if who is None:
        return _W["nobody"][tongue]
    promise = "" if handling.until is None else _W["promise"][tongue].format(at=_clock(handling.until, "%H:%M %d/%m"))
    return _cut(" ".join(who.split()), _MOST_NAME) + promise


def _link(base: str, incident: str | None, tongue: int) -> str:
    path = "/notices" if incident is None else f"/incidents/{incident}"
    return f"{_W['see'][tongue]}: {base}{path}"


def _clock(at: int, pattern: str) -> str:
    if not 0 <= at < _LAST_MS:
        return "?"
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(_HERE).strftime(pattern)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


_W: Mapping[str, Both] = {
    "where": ("Nơi", "Where"),
    "since": ("Từ", "Since"),
    "effect": ("Ảnh hưởng", "Effect"),
    "next": ("Việc cần làm", "Next"),
    "hand": ("Người xử lý", "In hand"),
    "nobody": ("chưa có ai nhận", "nobody yet"),
    "promise": (", hẹn xong {at}", ", promised by {at}"),
    "off": ("chưa vào giờ làm việc", "outside working hours so far"),
    "worked": ("{span} giờ làm việc", "{span} working hours"),
    "units": ("{count} đơn vị", "{count} units"),
    "others": ("{count} đơn vị khác", "{count} other units"),
    "centre": ("trung tâm giám sát", "the centre"),
    "fault": ("có sự cố", "has an incident"),
    "see": ("Xem", "See"),
    "digest": ("Tổng hợp: {count} sự cố, nặng nhất {worst}", "Digest: {count} incidents, gravest {worst}"),
    "joined": ("{count} sự cố, nặng nhất {worst}", "{count} incidents, gravest {worst}"),
    "more": ("và {count} sự cố khác trên trang", "and {count} more on the pages"),
    "test": ("Mạch Xã: gửi thử", "Mạch Xã: test"),
    "tested": (
        "Đây là tin gửi thử của kênh {channel}. Không có sự cố.",
        "This is a test of the channel {channel}. Nothing is wrong.",
    ),
    "budget": (
        "Đã gửi {count} tin trong ngày; phần còn lại gộp vào tin tổng hợp lúc {at}.",
        "{count} messages went today; the rest comes joined at {at}.",
    ),
}

"""Say in a unit's own words what is known to be wrong there, for the people at its computers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.acts import Handling
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause
from machxa_wire.notices import MAX_NOTICES, MAX_SYSTEMS, MAX_WORDS, Notice, Notices

Names = Mapping[str, tuple[str, str]]  # a system's id, and its names in Vietnamese and English

_SAID: Mapping[Cause, tuple[str, str]] = {
    Cause.LAN: ("Mạng nội bộ của đơn vị đang có sự cố.", "The network inside the office has a fault."),
    Cause.LINE: ("Đường truyền của đơn vị đang có sự cố.", "The line of this unit has a fault."),
    Cause.PROVIDER: ("Nhà mạng {subject} đang có sự cố diện rộng.", "The provider {subject} has a wide outage."),
    Cause.PROVIDER_AREA: (
        "Nhà mạng {subject} đang có sự cố trong khu vực.",
        "The provider {subject} has an outage in this area.",
    ),
    Cause.PROVINCIAL_SYSTEM: ("{system} đang có sự cố, ở phía tỉnh.", "{system} has a fault, on the province’s side."),
    Cause.NATIONAL_SYSTEM: (
        "{system} đang có sự cố, ở phía trung ương.",
        "{system} has a fault, on the nation’s side.",
    ),
    Cause.POWER: ("Đơn vị vừa mất điện.", "This unit lost its power."),
    Cause.POWER_OR_LINE: ("Đơn vị mất điện hoặc mất đường truyền.", "This unit lost its power or its line."),
}  # what is not here concerns one device, or nobody at a computer
_STATES: Mapping[str, tuple[str, str]] = {
    "slow": (" Đang chậm.", " It is slow."),
    "hang": (" Đang treo.", " It hangs."),
    "intermittent": (" Lúc được lúc không.", " It fails now and then."),
}
_KNOWN = ("Tỉnh đã biết.", "The province knows.")
_LEAST = Severity.P3


def boards(
    open_ones: Iterable[Incident], handled: Mapping[str, Handling], names: Names, now_ms: int
) -> dict[str, Notices]:
    """Return what each unit is told: open incidents that concern all its people, the gravest and oldest first.

    One that is hushed by planned maintenance is told too: people see that it is down. One that somebody closed is not.
    """
    told: dict[str, list[tuple[int, int, Notice]]] = {}
    for one in open_ones:
        handling = handled.get(one.id, Handling())
        cause = handling.overruled or one.cause
        if one.ended_at is not None or cause not in _SAID or one.severity.value > _LEAST.value or handling.is_closed:
            continue
        notice = _notice(one, cause, handling, names)
        for unit in one.units:
            told.setdefault(unit, []).append((one.severity.value, one.started_at, notice))
    return {
        unit: Notices(now_ms, tuple(notice for _, _, notice in sorted(found, key=lambda n: n[:2])[:MAX_NOTICES]))
        for unit, found in told.items()
    }


def _notice(one: Incident, cause: Cause, handling: Handling, names: Names) -> Notice:
    is_system = cause in (Cause.PROVINCIAL_SYSTEM, Cause.NATIONAL_SYSTEM)
    system = names.get(one.subject, (one.subject, one.subject))
    words = [
        (said.format(subject=one.subject, system=system[tongue]) + _STATES.get(one.state, ("", ""))[tongue])
        for tongue, said in enumerate(_SAID[cause])
    ]
    vi, en = (f"{text} {known}"[:MAX_WORDS] for text, known in zip(words, _KNOWN, strict=True))
    systems = (one.subject,) if is_system else ()
    return Notice(one.id, vi, en, one.started_at, handling.until, systems[:MAX_SYSTEMS])

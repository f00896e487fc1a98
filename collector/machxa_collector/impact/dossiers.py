"""Say what is known of dossiers: rows without any person's data, and counts per unit, field and day. Pure.

Daily counts for the flow come from both: where a source counts a unit's day itself, its rows are not counted again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from machxa_collector.impact.counts import DayCount
from machxa_collector.impact.words import Group


class Status(Enum):
    """Say where a dossier stands; an export's own words are mapped to these, and None is not known."""

    PROCESSING = "processing"
    WAITING = "waiting"  # for the applicant or another body
    RELEASED = "released"  # done, not handed over
    FINISHED = "finished"  # handed over
    STOPPED = "stopped"  # refused, withdrawn or cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRow:
    """Hold what is known of one dossier; moments are aware, None: not told or not yet.

    number: the dossier's, or its hash where the source keeps hashes. due: as first promised, extended: as promised
    later. released: when the software says the processing ended (what lateness is judged by, domain.md 3.2);
    finished: when it was handed over; done: when the work truly ended, where a source tells that apart (F8).
    as_of: until when the file knows anything that told or last changed it; how old a source's rows are says SourceAge.
    """

    source: str
    number: str
    unit: str
    group: Group
    received: datetime
    due: datetime | None
    extended: datetime | None
    released: datetime | None
    finished: datetime | None
    done: datetime | None
    online: bool | None
    status: Status | None
    as_of: datetime | None

    @property
    def must_end(self) -> datetime | None:
        """Return the moment by which it is to be done: the extended one where there is one."""
        return self.extended or self.due

    @property
    def ended(self) -> datetime | None:
        """Return when processing ended as recorded: released, or handed over where no release is told."""
        return self.released or self.finished

    @property
    def is_open(self) -> bool:
        """Return whether work on it goes on: neither ended nor stopped."""
        return self.ended is None and self.status not in (Status.STOPPED, Status.RELEASED, Status.FINISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierCount:
    """Hold one source's figures of a unit, field of procedures and day; None where the file does not tell.

    field is the source's own name of it. early and on_time, late: of what was released that day; open_in_time,
    open_late, paused, waiting: of what stood there at the day's end.
    """

    source: str
    unit: str
    field: str
    group: Group
    day: date
    received: int
    online: int | None = None
    released: int | None = None
    early: int | None = None
    on_time: int | None = None
    late: int | None = None
    open_in_time: int | None = None
    open_late: int | None = None
    paused: int | None = None
    waiting: int | None = None
    saturday: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAge:
    """Say how old a source's figures are.

    as_of: until when they know anything (None: nothing was taken in); first_day, last_day: what came on these days is
    there entirely. tried, good: when it was last asked by the timetable, and with success. failures: in a row.
    """

    source: str
    name: str
    province: str | None
    as_of: datetime | None
    taken_in: datetime | None
    first_day: date | None
    last_day: date | None
    tried: datetime | None
    good: datetime | None
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Give one source's count of one day: its own, or made of its rows."""

    source: str
    count: DayCount


Days = tuple[date, date]  # first and last, both whole


def day_counts(
    counted: Iterable[Counted], of_rows: Iterable[Counted], whole: Iterable[tuple[str, str, Days]]
) -> tuple[DayCount, ...]:
    """Return the counts that flow is learnt from, over all sources.

    Of a unit's day that a source counts itself, a group it leaves out had none. Rows count on the days that whole
    names for their source and unit, since a file of one unit tells nothing of another; there a group that a unit has at
    all, but not on this day, had none.
    """
    own = _filled(counted)
    told = {(one.source, one.count.unit, one.count.day) for one in own}
    spans: dict[tuple[str, str], set[date]] = defaultdict(set)
    for source, unit, (first, last) in whole:
        spans[source, unit].update(first + timedelta(days=number) for number in range((last - first).days + 1))
    made = [
        one
        for one in _spread(of_rows, spans)
        if (one.source, one.count.unit, one.count.day) not in told
        and one.count.day in spans[one.source, one.count.unit]
    ]
    return tuple(_summed([*own, *made]))


def _filled(counted: Iterable[Counted]) -> list[Counted]:
    """Return counts with those of 0 that a source leaves out: groups that the unit has on other days."""
    found = list(counted)
    groups: dict[tuple[str, str], set[Group]] = defaultdict(set)
    days: dict[tuple[str, str], dict[date, set[Group]]] = defaultdict(dict)
    for one in found:
        place = one.source, one.count.unit
        groups[place].add(one.count.group)
        days[place].setdefault(one.count.day, set()).add(one.count.group)
    for place, its in days.items():
        for day, there in its.items():
            found += [_none(*place, group, day) for group in groups[place] - there]
    return found


def _spread(of_rows: Iterable[Counted], spans: dict[tuple[str, str], set[date]]) -> list[Counted]:
    """Return counts made of rows with those of 0 on the whole days of their source and unit."""
    found = list(of_rows)
    there: dict[tuple[str, str, Group], set[date]] = defaultdict(set)
    for one in found:
        there[one.source, one.count.unit, one.count.group].add(one.count.day)
    for (source, unit, group), days in there.items():
        found += [_none(source, unit, group, day) for day in spans[source, unit] - days]
    return found


def _none(source: str, unit: str, group: Group, day: date) -> Counted:
    return Counted(source=source, count=DayCount(unit=unit, group=group, day=day, received=0))


def _summed(counted: Iterable[Counted]) -> Iterator[DayCount]:
    """Give one count per unit, group and day; what one part does not tell is not known of the sum."""
    parts: dict[tuple[str, Group, date], list[DayCount]] = defaultdict(list)
    for one in counted:
        parts[one.count.unit, one.count.group, one.count.day].append(one.count)
    for (unit, group, day), some in sorted(parts.items(), key=lambda pair: (pair[0][0], pair[0][1].value, pair[0][2])):
        yield DayCount(
            unit=unit,
            group=group,
            day=day,
            received=sum(one.received for one in some),
            online=_total(one.online for one in some if one.received),
            finished=_total(one.finished for one in some if one.received or one.finished),
        )


def _total(numbers: Iterable[int | None]) -> int | None:
    """Return a sum, None when a part is not known or there is none."""
    some = list(numbers)
    return None if not some or None in some else sum(number or 0 for number in some)

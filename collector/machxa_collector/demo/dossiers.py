"""Make up what a dossier system would have told of some weeks: counts of each day, and dossiers under way. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from machxa_collector.demo.chance import chance_of
from machxa_collector.demo.plan import HERE, Plan

WEEKS = 6
_FIELDS = (("Hộ tịch", 0.3), ("Chứng thực", 0.38), ("Đất đai", 0.14), ("Xây dựng", 0.05), ("Bảo trợ xã hội", 0.13))
_DAYS_ALLOWED = {"Hộ tịch": 2, "Chứng thực": 1, "Đất đai": 15, "Xây dựng": 12, "Bảo trợ xã hội": 7}
_UNDER_WAY = 18  # of a commune
_CLOCK = "%d/%m/%Y %H:%M:%S"

Worked = Callable[[str, date], bool]


def counts(plan: Plan, worked: Worked) -> bytes:
    """Return the counts of each commune, field and working day as CSV."""
    return _csv(("unit", "field", "date", "received", "online", "released", "on_time", "late"), _counts(plan, worked))


def under_way(plan: Plan, worked: Worked) -> bytes:
    """Return the dossiers that are under way, some of them due on the scripted day, as CSV."""
    titles = ("number", "unit", "field", "received", "due", "released", "online", "status")
    return _csv(titles, _under_way(plan, worked))


def _counts(plan: Plan, worked: Worked) -> Iterator[tuple[object, ...]]:
    for unit in plan.communes:
        chance = chance_of(plan.seed, unit, "counts")
        size = 40 + 140 * chance.random()
        for back in range(7 * WEEKS, 0, -1):
            day = plan.day - timedelta(days=back)
            if not worked(unit, day):
                continue
            monday = 1.25 if day.weekday() == 0 else 1.0
            for field, share in _FIELDS:
                received = max(0, round(chance.gauss(size * share * monday, (size * share) ** 0.5)))
                released = max(0, received - chance.choice((0, 0, 1)))
                late = sum(chance.random() < 0.02 for _ in range(released))  # noqa: PLR2004 - chance
                online = round(received * 0.6)
                yield unit, field, f"{day:%d/%m/%Y}", received, online, released, released - late, late


def _under_way(plan: Plan, worked: Worked) -> Iterator[tuple[object, ...]]:
    for unit in plan.communes:
        chance = chance_of(plan.seed, unit, "rows")
        for number in range(1, _UNDER_WAY + 1):
            field = chance.choices([name for name, _ in _FIELDS], [share for _, share in _FIELDS])[0]
            allowed = _DAYS_ALLOWED[field]
            due_day = plan.day if number % 3 == 0 else plan.day + timedelta(days=chance.randint(1, allowed))
            begun = due_day - timedelta(days=allowed + 2)
            while not worked(unit, begun):
                begun -= timedelta(days=1)
            received = datetime.combine(begun, time(8, 0), HERE) + timedelta(minutes=chance.randint(0, 180))
            due = datetime.combine(due_day, time(16, 30) if number % 2 else time(11, 0), HERE)
            status = chance.choice(("Đang xử lý", "Đang xử lý", "Mới tiếp nhận"))
            code = f"TRINHDIEN-{unit}-{number:04d}"
            yield (code, unit, field, f"{received:{_CLOCK}}", f"{due:{_CLOCK}}", "", chance.choice(("1", "0")), status)


def _csv(titles: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows(rows)
    return out.getvalue().encode()

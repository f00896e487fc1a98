"""Write what the package ``holidays`` knows of Vietnam as the collector's list of days.

``python -m tests.collector.registry.calendar.from_package`` after an upgrade of the package prints what belongs in
``package_days.csv``; the difference is reviewed like code.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from datetime import datetime

from holidays.countries.vietnam import Vietnam

from machxa_collector.registry.calendar import FIRST_YEAR, LAST_YEAR

_SWAPPED = re.compile(r"thay cho ngày (\d\d/\d\d/\d{4})")  # in the name of a day off whose work is made up that day
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def package_days() -> str:
    """Return the list as CSV: the date, the weekday whose hours are worked (empty when the day is off), the name."""
    off = _vietnam()
    rows = [(day, "", name) for day, name in off.items()]
    for day, name in off.items():
        swapped = _SWAPPED.search(name)
        if swapped:
            worked = datetime.strptime(swapped[1], "%d/%m/%Y").date()  # noqa: DTZ007 - a date only
            rows.append((worked, _WEEKDAYS[day.weekday()], f"Làm bù cho ngày {day:%d/%m/%Y}"))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("date", "like", "name"))
    writer.writerows(sorted(rows))
    return text.getvalue()


def swapped_days_without_a_pair() -> set[str]:
    """Return worked weekend days of the package that none of its days off names: the list would lack them."""
    written = {line.split(",")[0] for line in package_days().splitlines() if line.split(",")[1]}
    return {str(day) for day in _vietnam().weekend_workdays} - written


def _vietnam() -> Vietnam:
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return Vietnam(years=years, language="vi")  # type: ignore[no-untyped-call] # the package annotates no **kwargs


if __name__ == "__main__":
    sys.stdout.write(package_days())

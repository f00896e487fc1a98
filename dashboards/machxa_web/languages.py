"""Speak Vietnamese and English: catalogues read at start, and dates and numbers as people here write them."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.dates import format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

DEFAULT = "vi"
CODES = ("vi", "en")
LOCALE_FOLDER = Path(__file__).parent / "locale"
VIET_NAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no summer time since 1975; needs no tz database

_SECOND = timedelta(seconds=1)


class Unit(Enum):
    """Name what a value counts, so that server and browser write it alike."""

    RATIO = "ratio"
    BYTES = "bytes"
    BYTES_PER_SECOND = "bytes/s"
    BITS_PER_SECOND = "bits/s"
    CELSIUS = "celsius"
    COUNT = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Hold one language: code is its BCP 47 tag."""

    code: str
    catalogue: gettext.NullTranslations

    def number(self, value: float, digits: int = 1) -> str:
        """Return a number with at most so many decimals, in this language's notation."""
        return format_decimal(value, format="#,##0." + "#" * digits, locale=self.code)

    def amount(self, value: float | None, unit: Unit) -> str:
        """Return a value with its unit, "–" when it is unknown."""
        if value is None:
            return "–"
        if unit is Unit.RATIO:
            return format_percent(value, format="#,##0.#%" if value < _TENTH else "#,##0%", locale=self.code)
        if unit is Unit.COUNT:
            return self.number(value)
        if unit is Unit.CELSIUS:
            return self.number(value) + " °C"
        step, names = _SCALES[unit]
        power = 0
        while abs(value) >= step and power < len(names) - 1:
            value, power = value / step, power + 1
        return f"{self.number(value, 0 if abs(value) >= _HUNDRED else 1)} {names[power]}"

    def money(self, vnd: float) -> str:
        """Return đồng as people say them: "15,5 triệu đồng"; below a million whole đồng. Files hold every đồng."""
        if abs(vnd) < _MILLION:
            return self.number(vnd, 0) + (" đồng" if self.code == DEFAULT else " VND")
        return self.number(vnd / _MILLION) + (" triệu đồng" if self.code == DEFAULT else " million VND")

    def moment(self, when: datetime | None) -> str:
        """Return dd/mm/yyyy HH:MM:SS in Vietnamese time, "–" when unknown."""
        return "–" if when is None else when.astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M:%S")

    def clock(self, when: datetime, today: datetime) -> str:
        """Return the hour of a moment today, and the date too on another day (of Viet Nam)."""
        here = when.astimezone(VIET_NAM)
        same = here.date() == today.astimezone(VIET_NAM).date()
        return here.strftime("%H:%M:%S" if same else "%d/%m/%Y %H:%M:%S")

    def minute(self, when: datetime, today: datetime) -> str:
        """Return a moment like clock does, to the minute."""
        return self.clock(when, today).rpartition(":")[0]

    def age(self, when: datetime, now: datetime) -> str:
        """Return how long ago something was, such as "42 giây trước"; a moment ahead of now counts as now."""
        passed = max(now - when, _SECOND)
        return format_timedelta(-passed, granularity="second", add_direction=True, threshold=1.5, locale=self.code)


def msg(text: str) -> str:
    """Mark a message of a table for the catalogues; it is translated where it is shown."""
    return text


def load_languages(folder: Path = LOCALE_FOLDER) -> Mapping[str, Language]:
    """Return every language by its code; raises OSError when a catalogue is missing."""
    return {code: Language(code=code, catalogue=_catalogue(folder, code)) for code in CODES}


def date_of(epoch_seconds: float) -> datetime:
    """Return a moment as an aware time."""
    return datetime.fromtimestamp(epoch_seconds, UTC)


@lru_cache(maxsize=8)
def _catalogue(folder: Path, code: str) -> gettext.GNUTranslations:
    """Read a .po file without a compile step, once for all the pages: it takes a twentieth of a second and some MB."""
    with (folder / code / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=code, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


_TENTH = 0.1
_HUNDRED = 100
_MILLION = 1_000_000
_BYTES = ("B", "KB", "MB", "GB", "TB")  # of 1024, as Windows shows them
_SCALES = {
    Unit.BYTES: (1024, _BYTES),
    Unit.BYTES_PER_SECOND: (1024, tuple(name + "/s" for name in _BYTES)),
    Unit.BITS_PER_SECOND: (1000, ("bit/s", "kbit/s", "Mbit/s", "Gbit/s")),
}

"""Read days, months and moments as people in Việt Nam write them, and as a browser's own fields send them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from machxa_web.admin.desk import Trouble
from machxa_web.languages import VIET_NAM

_DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
_MOMENTS = ("%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")
_MONTHS = ("%m/%Y", "%m-%Y", "%Y-%m")


def day_of(text: str, undone: tuple[str, str] = ("", "")) -> date:
    """Return a day written as 30/11/2026, or as a browser's field sends it (2026-11-30).

    Raises Trouble, which says with undone, in Vietnamese and English, what did not happen.
    """
    found = _read(text, _DAYS)
    if found is None:
        vi, en = (f"; {said}" if said else "" for said in undone)
        how = f"ngày cần ghi như 30/11/2026{vi}", f"the day is written day/month/year, such as 30/11/2026{en}"
        raise Trouble(422, *how)
    return found.date()


def month_of(text: str) -> date:
    """Return the first day of a month written as 11/2026, or as pages' own addresses do (2026-11); raises Trouble."""
    found = _read(text, _MONTHS)
    if found is None:
        raise Trouble(422, "tháng cần ghi như 11/2026", "the month is written month/year, such as 11/2026")
    return found.date()


def moment_of(text: str) -> int:
    """Return a moment of Việt Nam, written as 30/11/2026 08:15 or as a browser sends it, in ms since 1970 UTC.

    Raises Trouble.
    """
    found = _read(text, _MOMENTS)
    if found is None:
        raise Trouble(
            422,
            "chưa rõ giờ, cần ghi như 30/11/2026 08:15; chưa ghi gì",
            "the time is not clear, write it such as 30/11/2026 08:15; nothing was written",
        )
    return round(found.replace(tzinfo=VIET_NAM).timestamp() * 1000)


def with_iso_days(said: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return what an address says with these days as the API takes them; an empty one stays; raises Trouble."""
    return {name: day_of(text).isoformat() if name in names and text else text for name, text in said.items()}


def _read(text: str, forms: tuple[str, ...]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(" ".join(text.replace(",", " ").split()), form)  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None

"""Tell from an asset's repairs what F12, F13 and F15 ask: how many, what the next costs, whether it can be. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_QUARTER, _YEAR = timedelta(days=90), timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Hold one entry: state is "done", "estimate" or "beyond" (repair); vnd None: nobody said."""

    on: date
    state: str
    what: str
    vnd: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """Hold what repairs tell of an asset; None: nobody entered anything.

    of_quarter and of_year count those done in 90 days and in 12 months. estimate_vnd: the newest estimate that no
    repair followed. is_repairable False: it was found beyond repair, and nothing was done since.
    """

    of_quarter: int | None = None
    of_year: int | None = None
    estimate_vnd: int | None = None
    is_repairable: bool | None = None


NOT_TOLD = Mended()


def mended(told: Sequence[Repair], today: date) -> Mended:
    """Return what an asset's entries tell; who enters its repairs enters all of them."""
    known = sorted((one for one in told if one.on <= today), key=lambda one: one.on)
    if not known:
        return NOT_TOLD
    done = [one.on for one in known if one.state == "done"]
    last = max(done, default=date.min)
    since = [one for one in known if one.on > last or (one.on == last and one.state == "beyond")]
    estimates = [one.vnd for one in since if one.state == "estimate" and one.vnd is not None]
    judged = [one.state for one in since]
    return Mended(
        of_quarter=sum(today - on <= _QUARTER for on in done),
        of_year=sum(today - on <= _YEAR for on in done),
        estimate_vnd=estimates[-1] if estimates else None,
        is_repairable=None if not judged else judged[-1] != "beyond",
    )

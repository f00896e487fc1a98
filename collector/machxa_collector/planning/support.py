"""Tell until when systems, office suites and browsers get security updates, by the dated table. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from machxa_collector.planning.facts import System
from machxa_collector.registry.learnt import learnt

FreeUpdate = Literal["yes", "windows11", "no"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Say until when a system is supported; paid_until: by a paid extension."""

    ends_on: date
    paid_until: date | None
    free_update: FreeUpdate


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Name a program whose support ended, or ends, on a day."""

    program: str
    version: str
    ends_on: date


class _System(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    product: str
    release: str = ""
    version: str = ""
    home: date
    enterprise: date | None = None
    paid_until: date | None = None
    free_update: FreeUpdate


class _LongTerm(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    build: str
    enterprise: date
    iot: date | None = None


class _Office(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    version: str
    ends_on: date


class _Browser(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    name: str
    major: int
    ends_on: date
    exactly: bool = False


@learnt
class _Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    version: str
    source: str
    system: list[_System]
    long_term: list[_LongTerm]
    office: list[_Office]
    browser: list[_Browser]


def support_of(system: System) -> Support | None:
    """Return until when a system is supported, None where the table does not know it: nothing is guessed."""
    table = _table()
    if system.server:
        return None
    if system.long_term:
        build = next((row for row in table.long_term if row.build == system.version), None)
        day = None if build is None else build.iot if system.iot else build.enterprise
        return None if day is None else Support(ends_on=day, paid_until=None, free_update="no")
    for row in table.system:
        same = row.product == system.product and row.release == system.release
        if same and row.version in ("", system.version):
            windows = row.product == "windows"
            day = row.enterprise if windows and system.enterprise else row.home
            return None if day is None else Support(ends_on=day, paid_until=row.paid_until, free_update=row.free_update)
    return None


def programs_ending(programs: tuple[tuple[str, str], ...]) -> tuple[Ended, ...]:
    """Return when office suites and browsers of an inventory end; what the table does not know is left out."""
    found = []
    for name, version in programs:
        office = _OFFICE.search(name)
        if office:
            found += [
                Ended(program=name, version=version, ends_on=row.ends_on)
                for row in _table().office
                if row.version == office.group(1)
            ]
        else:
            found += [Ended(program=name, version=version, ends_on=day) for day in _browser(name, version)]
    return tuple(found)


def table_version() -> str:
    """Return the table's version, the day its sources were read."""
    return _table().version


def _browser(name: str, version: str) -> list[date]:
    family = next((word for pattern, word in _BROWSERS if pattern.search(name)), None)
    major = version.partition(".")[0]
    if family is None or not major.isdecimal() or len(major) > 4:  # noqa: PLR2004 - no browser has more digits
        return []
    rows = [row for row in _table().browser if row.name == family]
    return [row.ends_on for row in rows if (int(major) == row.major if row.exactly else int(major) <= row.major)][:1]


@cache
def _table() -> _Table:
    text = resources.files("machxa_collector.planning").joinpath("support.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _Table)


_OFFICE = re.compile(r"\boffice\b.*\b(20(?:10|13|16|19|21|24))\b", re.IGNORECASE)
_BROWSERS = (
    (re.compile(r"\bgoogle[ -]chrome", re.IGNORECASE), "chrome"),
    (re.compile(r"\bmicrosoft[ -]edge", re.IGNORECASE), "edge"),
    (re.compile(r"firefox.*esr|esr.*firefox", re.IGNORECASE), "firefox"),
)

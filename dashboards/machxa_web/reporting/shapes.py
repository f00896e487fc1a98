"""Hold what the report form, a report's page and a clerk's page read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Hold a contact as the registry publishes it; None: not given."""

    position: str
    name: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Hold an open incident in the unit's words; until: when it is expected to be over, None: nobody has said.

    device names the unit's own device that has it, None for what concerns all.
    """

    id: str
    vi: str
    en: str
    since: datetime
    until: datetime | None = None
    is_handled: bool = False
    system: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Hold what a link opens: the form of a unit. is_account: a colleague is signed in, so it counts at once."""

    unit: str
    name: str
    device: str | None = None
    known: tuple[Known, ...] = ()
    hotline: Contact | None = None
    is_account: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Hold how far a report is. step: received, handling or done; handler: as published, None: none named.

    is_measured: what was measured shows the same. is_fixed: its reporter says that it is over. again: the address of
    the report that says it is not.
    """

    address: str
    number: str
    unit: str
    what: str
    how: str | None
    at: datetime
    step: str
    is_confirmed: bool
    is_measured: bool
    is_fixed: bool
    has_photo: bool
    handler: Contact | None = None
    until: datetime | None = None
    hotline: Contact | None = None
    again: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Name a unit."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Hold a line of the list of reports; address: its page, incident: what it belongs to, None for nothing.

    agent: whose report window it came from. step: received, handling or done.
    """

    id: str
    address: str
    number: str
    what: str
    how: str | None
    at: datetime
    state: str
    is_mine: bool
    is_confirmed: bool
    incident: str | None
    source: str = ""
    agent: str | None = None
    step: str = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Hold a day of the calendar: its kind, the hours that count, and those that the unit declared besides."""

    day: date
    kind: str
    hours: tuple[str, ...]
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Hold an extra session of the unit; batch takes it back, None where that is the registry's business."""

    day: date
    hours: str
    reason: str
    batch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Hold a time on paper that still has lines to type in; red of them for more than a working day."""

    id: int
    since: datetime
    is_over: bool
    left: int
    red: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Hold what was counted last; count None: never."""

    item: str
    count: int | None = None
    at: datetime | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MyUnit:
    """Hold a clerk's page; unit None: several, of which one is to be chosen."""

    units: tuple[Unit, ...]
    unit: Unit | None = None
    link: str | None = None
    reports: tuple[Report, ...] = ()
    days: tuple[Day, ...] = ()
    declared: tuple[Declared, ...] = ()
    papers: tuple[Paper, ...] = ()
    stock: tuple[Stock, ...] = ()
    may_report: bool = False
    may_declare: bool = False
    may_link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """Hold what a poster says: the address in its QR code, the code to type, until when the address holds."""

    unit: str
    name: str
    address: str
    short: str
    code: str
    until: date
    device: str | None = None
    hotline: Contact | None = None

"""Build the documents of a report as of now, and keep them as they are given out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from machxa_collector.effects.facts import Facts
from machxa_collector.notify.periods import Every, IsWorking
from machxa_collector.notify.report_text import File
from machxa_collector.outputs import issuing
from machxa_collector.outputs.blocks import Document, content_of, document_of, sha256_of
from machxa_collector.outputs.monthly_gathering import monthly_of
from machxa_collector.outputs.word import write_docx
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.calendar import LOCAL, Calendars, OutsideCalendar, UnknownUnit
from machxa_collector.registry.people import Reach, Scope
from machxa_collector.registry.people.territory import territory_of
from machxa_collector.registry.units import Kind
from machxa_collector.store import availability, documents
from machxa_collector.store.schedules import Schedule

EVERY: Mapping[str, Every] = {"brief": Every.WEEK, "monthly": Every.MONTH, "fair": Every.MONTH, "recorded": Every.MONTH}
MOST_FILES, MOST_BYTES = 5, 4_000_000  # of one e-mail; many servers take 10 MB, and base64 adds a third
_NAMES: Mapping[str, str] = {
    "brief": "ban-tin-tuan",
    "monthly": "phieu-thang",
    "fair": "ho-so-qua-han",
    "recorded": "ghi-nhan-muon",
}
_OFFICE_DAYS = 5


class NoReport(Exception):
    """Say in a fixed word why there is no report: not_allowed, no_units, no_unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """Hold a document of a report before it is kept."""

    unit: str
    subject: str
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Hold the files of a report; fits: few and small enough to go with an e-mail."""

    files: Sequence[File]
    fits: bool


def is_working(calendars: Calendars, unit: str) -> IsWorking:
    """Return what tells whether a unit has office hours on a day; for one nobody knows, from Monday to Friday."""

    def works(day: date) -> bool:
        try:
            return bool(calendars.plan(unit, day).official)
        except (UnknownUnit, OutsideCalendar):
            return day.weekday() < _OFFICE_DAYS

    return works


def made(facts: Facts, one: Schedule, first: date, most: int | None = None) -> Sequence[Built]:
    """Build a report on the period that begins on a day, most of its documents at most (None: all); raises NoReport."""
    units = facts.live.current().units
    history = units.history(one.unit)
    if not history:
        raise NoReport("no_unit")
    is_province = history[0].kind is Kind.PROVINCE
    if one.kind == "brief":
        if not is_province:
            raise NoReport("no_unit")
        return [Built(unit=one.unit, subject=first.isoformat(), document=issuing.brief_of(facts, one.unit, first))]
    codes = _watched(facts, one.unit) if is_province else [one.unit]
    if not codes:
        raise NoReport("no_units")
    build = _OF_MONTH[one.kind]
    return [Built(unit=code, subject=f"{first:%Y-%m}", document=build(facts, code, first)) for code in codes[:most]]


def keep(store: Engine, built: Sequence[Built], one: Schedule, now: int, actor: str) -> Made:
    """Keep documents as they are given out, with an entry of the audit trail each."""
    files = []
    for each in built:
        content = content_of(each.document)
        sha256 = sha256_of(content)
        detail = {"unit": each.unit, "about": each.subject, "sha256": sha256, "to": one.recipient}
        entry = Entry(
            at=now, actor=actor, action="outputs.issue", origin="schedule", subject=f"outputs/{one.kind}", detail=detail
        )
        pk = documents.keep(store, entry, one.kind, each.unit, each.subject, sha256, content)
        files.append(File(document=pk, unit=each.unit, sha256=sha256, name=_name(one.kind, each)))
    return _sized(store, files)


def sketched(built: Sequence[Built], one: Schedule, now: int, actor: str) -> Made:
    """Return what would be sent, without keeping anything."""
    files = []
    at = _local(now)
    for each in built:
        sha256 = sha256_of(content_of(each.document))
        size = len(write_docx(each.document, sha256, actor, at)) if len(built) <= MOST_FILES else None
        files.append(File(document=None, unit=each.unit, sha256=sha256, name=_name(one.kind, each), size_bytes=size))
    return Made(files=files, fits=_fit(files))


def attachment(store: Engine, pk: int) -> bytes | None:
    """Return a kept document as DOCX, None when it is gone."""
    found = documents.one(store, pk)
    if found is None:
        return None
    return write_docx(document_of(found.content), found.sha256, found.made_by, _local(found.made_at))


def _sized(store: Engine, files: Sequence[File]) -> Made:
    if len(files) > MOST_FILES:
        return Made(files=files, fits=False)
    sized = [replace(file, size_bytes=len(attachment(store, file.document) or b"")) for file in files if file.document]
    return Made(files=sized, fits=_fit(sized))


def _fit(files: Sequence[File]) -> bool:
    return len(files) <= MOST_FILES and sum(file.size_bytes or 0 for file in files) <= MOST_BYTES


def _watched(facts: Facts, province: str) -> list[str]:
    """Return the communes of a province in which something is watched."""
    units, today = facts.live.current().units, facts.today()
    territory = territory_of(Scope(reach=Reach.PROVINCE, codes=frozenset({province})), units)
    children = {one.code for one in units.children(province, today)}
    return sorted(children & set(availability.watched_since(facts.store, territory)))


def _name(kind: str, each: Built) -> str:
    return f"{_NAMES[kind]}-{each.subject}-{each.unit}.docx"


def _local(at: int) -> datetime:
    return datetime.fromtimestamp(at // 1000, UTC).astimezone(LOCAL).replace(tzinfo=None)


_OF_MONTH: Mapping[str, Callable[[Facts, str, date], Document]] = {
    "fair": issuing.fair_of,
    "recorded": issuing.recorded_of,
    "monthly": monthly_of,
}

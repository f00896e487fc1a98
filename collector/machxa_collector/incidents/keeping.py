"""Say what must outlive a restart of the collector, as plain values, and make cases of it again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.book import Book
from machxa_collector.incidents.case import Case
from machxa_collector.incidents.darkness import Dark
from machxa_collector.incidents.finding import Finding, Key
from machxa_collector.incidents.site import SiteWatch
from machxa_collector.incidents.system import SystemWatch
from machxa_collector.incidents.words import Cause, Hush, Told

_DARK = ("dark", "down")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCase:
    """Hold one case; scope is what found it, parent the id of the case that explains it."""

    id: str
    scope: Key
    finding: Finding
    started_at: int
    noticed_at: int
    shown_at: int
    ended_at: int | None
    first_cause: Cause | None
    severity: Severity
    hush: Hush | None
    parent: str | None
    hidden: bool
    owed: bool
    spells: int
    reports: tuple[str, ...]
    waiting: bool
    told: tuple[Told, ...]
    told_cause: Cause | None
    is_weighed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Hold cases, units' habits (evenings that ended with the breaker), and what systems usually take.

    usual is by system and province: mean seconds and how many pages, for each hour of the day.
    """

    cases: tuple[KeptCase, ...] = ()
    habits: Mapping[str, int] = field(default_factory=dict)
    usual: Mapping[tuple[str, str], tuple[tuple[float, int], ...]] = field(default_factory=dict)


def kept_of(book: Book, sites: Mapping[str, SiteWatch], systems: Mapping[tuple[str, str], SystemWatch]) -> Kept:
    """Return what must outlive a restart; ended cases among it, as long as they can come again or be revised."""
    scopes = book.scopes()
    return Kept(
        cases=tuple(_kept_case(case, scopes.get(case.key, ())) for case in book),
        habits={unit: site.habit for unit, site in sites.items() if site.habit},
        usual={key: watch.usual.hours() for key, watch in systems.items()},
    )


def restore(
    kept: Kept, book: Book, sites: Mapping[str, SiteWatch], systems: Mapping[tuple[str, str], SystemWatch]
) -> None:
    """Take up again what was kept; sites that were dark are taken to be so until somebody is heard."""
    book.adopt(_cases_of(kept.cases))
    for unit, habit in kept.habits.items():
        if unit in sites:
            sites[unit].habit = habit
    for key, hours in kept.usual.items():
        if key in systems:
            systems[key].usual.restore(hours)
    for case in book.open_cases():
        if case.key[0] == "site" and case.key[1] in sites and case.finding.state in _DARK:
            dark = Dark(case.started_at, presumed=False, witnesses=case.finding.witnesses)
            sites[case.key[1]].begin_dark(dark)


def _kept_case(case: Case, scope: Key) -> KeptCase:
    """Return a case as it is kept."""
    return KeptCase(
        id=case.id,
        scope=scope,
        finding=case.finding,
        started_at=case.started_at,
        noticed_at=case.noticed_at,
        shown_at=case.shown_at,
        ended_at=case.ended_at,
        first_cause=case.first_cause,
        severity=case.severity,
        hush=case.hush,
        parent=None if case.parent is None else case.parent.id,
        hidden=case.hidden,
        owed=case.owed,
        spells=case.spells,
        reports=tuple(sorted(case.reports)),
        waiting=case.waiting,
        told=tuple(sorted(case.told, key=lambda one: one.value)),
        told_cause=case.told_cause,
        is_weighed=case.is_weighed,
    )


def _cases_of(kept: Iterable[KeptCase]) -> list[tuple[Key, Case]]:
    """Return cases as they were, each with its scope; one whose parent was not kept stands alone."""
    pairs = [(one, _case(one)) for one in kept]
    by_id = {case.id: case for _, case in pairs}
    for one, case in pairs:
        case.parent = by_id.get(one.parent or "")
    return [(one.scope, case) for one, case in pairs]


def _case(kept: KeptCase) -> Case:
    case = Case(kept.finding, kept.noticed_at)
    case.id = kept.id
    case.started_at, case.shown_at, case.ended_at = kept.started_at, kept.shown_at, kept.ended_at
    case.first_cause, case.severity, case.hush = kept.first_cause, kept.severity, kept.hush
    case.hidden, case.owed, case.spells = kept.hidden, kept.owed, kept.spells
    case.reports, case.waiting = set(kept.reports), kept.waiting
    case.told, case.told_cause = set(kept.told), kept.told_cause
    case.is_weighed = kept.is_weighed
    return case

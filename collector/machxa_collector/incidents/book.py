"""Keep the incidents: open, carry on, end, join and revise them from what the rules find; tell each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from machxa_collector.incidents.case import Case
from machxa_collector.incidents.finding import Clear, Finding, Found, Key
from machxa_collector.incidents.incident import Notice
from machxa_collector.incidents.words import Told

AGAIN_MS = 660_000  # what comes again so soon is the same incident
_UNSTABLE_MS = 1_800_000  # and once it did, for so long
_KEPT_MS = 40 * 86_400_000  # after its end
_ROUND_MS = 10_000


class Book:
    """Hold all cases. weigh sets a case's severity and hush at a moment; times are milliseconds since 1970 UTC."""

    def __init__(self, weigh: Callable[[Case, int], None], hold_ms: Callable[[Case], int]) -> None:
        """Begin empty."""
        self._weigh = weigh
        self._hold_ms = hold_ms
        self._newest: dict[Key, Case] = {}
        self._cases: dict[str, Case] = {}
        self._open: dict[Key, set[Key]] = {}  # by the scope whose rules found them
        self._lively: dict[str, Case] = {}  # open, or with something left to tell
        self._touched: dict[str, Case] = {}  # since the last time anything was told
        self._round_at = 0
        self.settled_at = 0  # before it nothing ends: after a restart not all was heard yet
        self._notices: list[Notice] = []

    def __iter__(self) -> Iterator[Case]:
        """Yield all cases in the order they were opened."""
        return iter(tuple(self._cases.values()))

    def newest(self, key: Key) -> Case | None:
        """Return the last case of a key."""
        return self._newest.get(key)

    def open(self, key: Key) -> Case | None:
        """Return the case of a key while it is open."""
        case = self._newest.get(key)
        return case if case is not None and case.ended_at is None else None

    def has_open(self, scopes: Iterable[Key]) -> bool:
        """Tell whether anything that one of these scopes found is open."""
        return any(scope in self._open for scope in scopes)

    def open_cases(self) -> list[Case]:
        """Return all that are open."""
        return [case for case in self._lively.values() if case.ended_at is None]

    def reconcile(self, scope: Key, found: Found, now: int) -> list[Case]:
        """Take all that a scope's rules find now; return the cases that were opened or came again."""
        if now < self.settled_at:
            found = replace(found, held=found.held | self._open.get(scope, set()))
        fresh = [case for finding in found.bad if (case := self._take(finding, now)) is not None]
        keys = {finding.key for finding in found.bad}
        known = self._open.get(scope, set())
        well = {clear.key: clear for clear in found.well}
        for key in known - keys - found.held:
            self._end(key, well.get(key, Clear(key=key, at=now)), now)
        left = keys | (known & found.held)
        if left:
            self._open[scope] = left
        else:
            self._open.pop(scope, None)
        return fresh

    def revise(self, finding: Finding, ended_at: int | None, now: int) -> Case:
        """Take what is known better of a case that may be over; one that was never seen comes in as ended."""
        case = self._newest.get(finding.key)
        if case is None or (case.ended_at is not None and finding.since > case.ended_at):
            case = self._enter(finding, now)
        else:
            case.take(finding)
        if ended_at is not None:
            case.ended_at = max(ended_at, case.started_at)
            case.hidden = self._is_blip(case)
        self._touch(case)
        self._weigh(case, now)
        return case

    def attach(self, child: Case, parent: Case) -> None:
        """Let one case explain another that was seen on its own."""
        if child.root is parent or parent.root is child:
            return
        child.parent = parent
        parent.reports |= child.reports
        parent.waiting = parent.waiting or child.waiting
        if child.noticed_at <= parent.noticed_at and parent.first_cause is None:
            first = child.first_cause or child.finding.cause
            parent.first_cause = first if first is not parent.finding.cause else None
        parent.precede(child.noticed_at)
        if Told.OPENED in child.told and Told.OPENED not in parent.told:
            parent.told.add(Told.OPENED)
            parent.told_cause = child.told_cause

    def attach_silent(self, child: Case, parent: Case) -> None:
        """Let a case explain a part of itself: what was thought of the part is no first cause of the whole."""
        if child.root is not parent.root:
            child.parent = parent
            parent.reports |= child.reports

    def detach(self, child: Case, now: int) -> None:
        """Let a case stand on its own again; what was told of it was told as another."""
        lasted = (child.ended_at or now) - child.started_at
        if child.parent is not None and Told.OPENED in child.root.told and lasted >= self._hold_ms(child):
            child.owed = True
        child.parent = None
        self._touch(child)

    def tell(self, now: int) -> None:
        """Weigh what is open and put down the notices that are due; between two rounds only what changed."""
        is_round = now - self._round_at >= _ROUND_MS
        cases = tuple(self._lively.values()) if is_round else tuple(self._touched.values())
        self._touched = {}
        if is_round:
            self._round_at = now
        for case in cases:
            if case.ended_at is None:
                self._weigh(case, now)
            self._tell(case, now)
            if case.ended_at is not None and now - case.ended_at > _again_ms(case):
                self._lively.pop(case.id, None)

    def take_notices(self) -> tuple[Notice, ...]:
        """Return the notices put down since the last call."""
        taken, self._notices = tuple(self._notices), []
        return taken

    def forget(self, now: int) -> None:
        """Drop what ended long ago."""
        for case in tuple(self._cases.values()):
            if case.ended_at is not None and now - case.ended_at > _KEPT_MS:
                del self._cases[case.id]
                if self._newest.get(case.key) is case:
                    del self._newest[case.key]

    def adopt(self, cases: Iterable[tuple[Key, Case]]) -> None:
        """Take over cases kept from before a restart, each with the scope that found it."""
        for scope, case in cases:
            self._newest[case.key] = case
            self._cases[case.id] = case
            self._touch(case)
            if case.ended_at is None:
                self._open.setdefault(scope, set()).add(case.key)

    def scopes(self) -> dict[Key, Key]:
        """Return the scope of each key that is open."""
        return {key: scope for scope, keys in self._open.items() for key in keys}

    def _take(self, finding: Finding, now: int) -> Case | None:
        case = self._newest.get(finding.key)
        if case is not None and case.ended_at is None:
            case.take(finding)
            return None
        if case is not None and case.ended_at is not None and finding.since - case.ended_at < _again_ms(case):
            if finding.since < case.started_at:
                return None
            case.reopen(finding, now)
        else:
            case = self._enter(finding, now)
        self._touch(case)
        self._weigh(case, now)
        return case

    def _touch(self, case: Case) -> None:
        self._lively[case.id] = self._touched[case.id] = case

    def _enter(self, finding: Finding, now: int) -> Case:
        case = Case(finding, now)
        self._newest[finding.key] = case
        self._cases[case.id] = case
        return case

    def _end(self, key: Key, clear: Clear, now: int) -> None:
        case = self._newest.get(key)
        if case is None or case.ended_at is not None:
            return
        self._weigh(case, now)
        self._touch(case)
        case.ended_at = max(min(clear.at, now), case.started_at)
        case.hidden = self._is_blip(case)

    @staticmethod
    def _is_blip(case: Case) -> bool:
        lasted = (case.ended_at or case.started_at) - (case.started_at if case.spells == 1 else case.shown_at)
        return lasted < case.finding.blip_ms and not case.unstable and Told.OPENED not in case.told

    def _tell(self, case: Case, now: int) -> None:
        if case.parent is not None or case.hidden or case.hush is not None:
            return
        if Told.OPENED not in case.told:
            if case.owed or (case.ended_at is None and now >= case.noticed_at + self._hold_ms(case)):
                self._put(case, Told.OPENED, now)
            return
        if case.told_cause is not case.finding.cause:
            self._put(case, Told.REVISED, now)
        is_over = case.ended_at is not None and (case.spells == 1 or now - case.ended_at > _again_ms(case) - 60_000)
        if is_over and Told.ENDED not in case.told:
            self._put(case, Told.ENDED, now)

    def _put(self, case: Case, told: Told, now: int) -> None:
        case.told.add(told)
        case.told_cause = case.finding.cause
        self._notices.append(Notice(at=now, incident=case.id, told=told, severity=case.severity))


def _again_ms(case: Case) -> int:
    return AGAIN_MS if case.spells == 1 else _UNSTABLE_MS

"""Feed the judgement with what was committed, let time pass for it, and keep what it comes to.

What is judged is never asked back: the store keeps all that was heard for some days, so the judgement begins anew from
it at every start, and whenever the registry says that something else is watched. What was told is told once for ever.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.incidents.fleet import Fleet, System
from machxa_collector.incidents.incident import Incident, Notice
from machxa_collector.incidents.judge import Judge
from machxa_collector.incidents.rules import Rules
from machxa_collector.incidents.severity import Judgement, by_layer
from machxa_collector.incidents.words import Told
from machxa_collector.intake.rows import Rows
from machxa_collector.judging import committed, people
from machxa_collector.judging.ears import Ears
from machxa_collector.judging.fleet import fleet_of
from machxa_collector.judging.hours import HourKeeper
from machxa_collector.judging.saving import save_all
from machxa_collector.judging.sparing import spared
from machxa_collector.judging.standing import stood
from machxa_collector.judging.state import Overview, State
from machxa_collector.registry.calendar import Calendars
from machxa_collector.registry.reports import EVENT, dropped
from machxa_collector.store import following, heard, incidents, watched
from machxa_collector.store.dropped import MOST_A_DAY
from machxa_collector.store.heard import Said
from machxa_collector.store.registry import LiveRegistry
from machxa_wire.downward import decode_presence
from machxa_wire.records import Event
from machxa_wire.refusal import Refused

logger = logging.getLogger(__name__)

TICK_MS = 5_000
_AGAIN_MS = 60_000  # of a judgement begun anew: so often time passes for it
_BACK_MS = 86_400_000
_LOOK_MS = 15_000  # between two looks at what the registry watches
_SET_BACK_MS = 60_000  # of the centre's clock; less is waited for
_MOST_QUEUED = 20_000  # commits; beyond it everything is read from the store again
_REST = 10  # times as long as a beginning took, until the next

Teller = Callable[[Sequence[tuple[Notice, Incident]]], None]
Looker = Callable[[Sequence[Incident]], None]


class Judging:
    """Run the judgement; ``committed`` may be called from any thread, all else happens in ``run``."""

    def __init__(
        self,
        store: Engine,
        live: LiveRegistry,
        now_ms: Callable[[], int],
        systems: Callable[[], tuple[System, ...]] = tuple,
        rules: Rules | None = None,
        *,
        connected: Callable[[], bool] = lambda: True,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the store and the registry; systems gives the catalogue as it is now, connected whether we hear."""
        self._store, self._live, self._now_ms, self._systems = store, live, now_ms, systems
        self._rules = rules or Rules()
        self._queue: deque[Rows] = deque()
        self._awake, self._stopped = threading.Event(), False
        self._lost = True  # nothing was read yet
        self._judge: Judge | None = None
        self._fleet: Fleet | None = None
        self._calendars: Calendars | None = None
        self._signature: object = None
        self._names: dict[int, str] = {}
        self._saved: dict[str, Incident] = {}
        self._reports = people.Reports(store)
        self._heard_until = self._doubtful = 0  # of what was queued during a beginning, some was read from the store
        self._reported: dict[int, tuple[int, int]] = {}  # how many reports of people came by an agent in a day
        self._ticked_at, self._looked_at, self._rests_until = 0, 0, 0.0
        self._ears, self._monotonic, self._read_until = Ears(connected), monotonic, 0
        self._hours = HourKeeper(store, monotonic)
        self._overview, self.state = Overview(), State()
        self.tell: list[Teller] = []
        self.look: list[Looker] = []
        self.severity: Judgement = by_layer  # how grave an incident is
        self.latest: Callable[[], int] | None = None  # up to when several intakes' commits can be read; None: one tells
        self.undelivered: Callable[[], Mapping[str, int]] = dict  # since when each channel to people is dead

    def committed(self, rows: Rows) -> None:
        """Take what one commit has written; never waits."""
        if len(self._queue) >= _MOST_QUEUED:
            self._lost = True
            self._queue.clear()
        self._queue.append(rows)
        self._awake.set()

    def stop(self) -> None:
        """Make run return."""
        self._stopped = True
        self._awake.set()

    def run(self) -> None:
        """Judge until stopped; a store that cannot now is asked again, a defect begins the judgement anew."""
        while not self._stopped:
            try:
                self.turn()
            except SQLAlchemyError as exc:
                logger.warning("the judgement waits for the store: %s", str(exc)[:200])
                self._lost = True
                time.sleep(1.0)
            except Exception:
                logger.exception("the judgement met a defect and begins anew")
                self._lost = True
                time.sleep(5.0)
            self._awake.wait(1.0)
            self._awake.clear()

    def turn(self) -> None:
        """Take what has come and let time pass once."""
        now = self._now_ms()
        was_set_back = now < self._ticked_at - _SET_BACK_MS  # what was heard until then would seem to be of tomorrow
        if self._lost or was_set_back or self._is_outdated(now):
            self._begin()
        judge = self._judge
        assert judge is not None  # noqa: S101 - begun above
        self._read_on(judge)
        while self._queue:
            rows = self._queue.popleft()
            was_read = self._doubtful > 0 and rows.at <= self._heard_until
            self._doubtful = max(0, self._doubtful - 1)
            if not was_read:  # never asked of what came later: the centre's clock may have been set back
                for said in heard.of_rows(rows):
                    self._hear(judge, said)
        if now - self._ticked_at < TICK_MS:
            return
        self._ticked_at = now
        self._ears.listen(judge, now)
        for report in self._reports.new(now):
            judge.report(report)
        for report in self._reports.confirmed():
            judge.confirm(report)
        judge.undelivered(self.undelivered())
        judge.tick(now)
        self._keep(judge)
        self._hours.look(judge.voting.hours, now)
        self._told(judge, judge.take_notifications())
        self.state = self._overview.look(judge, self.watched(), now)

    def _read_on(self, judge: Judge) -> None:
        """Hear what several intakes have committed since last read."""
        until = self.latest() if self.latest else 0
        for said in heard.since(self._store, self._read_until + 1, until) if until > self._read_until else ():
            self._hear(judge, said)
        self._read_until = until

    def _is_outdated(self, now: int) -> bool:
        """Return whether something else is watched than was when the judgement began, looked at now and then."""
        if now - self._looked_at < _LOOK_MS or self._monotonic() < self._rests_until:
            return False
        self._looked_at = now
        signature = self._signed()
        if signature == self._signature:
            return False
        self._signature = signature
        registry = self._live.current()
        if registry.calendars is not self._calendars:
            return True
        return fleet_of(self._store, registry, self._systems(), now) != self._fleet

    def _signed(self) -> object:
        return (watched.signature(self._store), self._systems())

    def _begin(self) -> None:
        """Judge anew all that the store still has of the last day."""
        began = self._monotonic()
        self._signature = self._signed()
        self._lost = False
        self._queue.clear()
        self._heard_until, self._reported = 0, {}
        now = self._looked_at = self._now_ms()
        registry = self._live.current()
        self._fleet = fleet_of(self._store, registry, self._systems(), now)
        self._names = watched.names(self._store)
        self._calendars = registry.calendars
        judge = Judge(self._fleet, self._rules, registry.calendars, self.severity)
        judge.voting.baselines = self._overview.baselines  # weeks of them outlive another registry
        self._reports.begin(now - _BACK_MS)
        notices: list[Notice] = []
        ticked = 0
        until = self._read_until = now if self.latest is None else self.latest()
        for said in stood(self._store, now - _BACK_MS):
            self._hear(judge, said)
        for said in heard.since(self._store, now - _BACK_MS, until):
            if said.received_at - ticked > _AGAIN_MS:
                ticked = said.received_at
                for report in self._reports.new(ticked):
                    judge.report(report)
                judge.tick(ticked)
                notices += judge.take_notifications()
                self._hours.look(judge.voting.hours, ticked)
            self._hear(judge, said)
            self._heard_until = said.received_at
        self._doubtful = len(self._queue)
        judge.undelivered(self.undelivered())
        judge.tick(now)
        notices += judge.take_notifications()
        self._judge, self._ticked_at = judge, now
        known = {one.id for one in (*judge.incidents(), *judge.absorbed())}
        self._saved = {one.id: one for one in incidents.still_open(self._store) if one.id in known}
        self._keep(judge)
        self._hours.keep(judge.voting.hours, now)
        self._end_unseen(known, now)
        self._told(judge, notices, after_a_beginning=True)
        took = self._monotonic() - began
        self._rests_until = self._monotonic() + _REST * took
        logger.info("judging %d units and %d assets; begun in %.1f s", *self.watched(), took)

    def watched(self) -> tuple[int, int]:
        """Return how many units and assets are watched."""
        return (0, 0) if self._fleet is None else (len(self._fleet.sites), len(self._fleet.assets))

    def _hear(self, judge: Judge, said: Said) -> None:
        agent = self._names.get(said.agent_pk)
        if agent is None:
            return  # the canary, or enrolled since: then the judgement begins anew
        try:
            record = decode_presence(said.payload) if said.is_presence else committed.record(said.payload)
        except Refused as refused:
            logger.warning("what was committed of agent %s cannot be read: %s", agent, refused)
            return
        if isinstance(record, Event) and record.name == EVENT and not self._is_report(said, record):
            return
        judge.hear(agent, record, said.received_at)

    def _is_report(self, said: Said, event: Event) -> bool:
        """Return whether it is a report as the store keeps it, and none too many of its agent's day."""
        day = said.received_at // _BACK_MS
        known, count = self._reported.get(said.agent_pk, (day, 0))
        count = count if known == day else 0
        if count >= MOST_A_DAY or dropped(event.attributes) is None:
            return False
        self._reported[said.agent_pk] = (day, count + 1)
        return True

    def _keep(self, judge: Judge) -> None:
        current = {one.id: one for one in (*judge.incidents(), *judge.absorbed())}
        changed = [one for one in current.values() if self._saved.get(one.id) != one]
        if changed:
            save_all(self._store, changed, judge.guard, self._now_ms())
        self._saved = current
        if joined := judge.take_joined():
            following.belong(self._store, joined, self._now_ms())
        open_ones = [one for one in judge.incidents() if one.ended_at is None]
        for look in self.look:
            spared(look, open_ones)

    def _end_unseen(self, known: set[str], now: int) -> None:
        """End what stood open before and is not found again: what it was seen by is out of reach by now."""
        unseen = [one for one in incidents.still_open(self._store) if one.id not in known]
        if unseen:
            incidents.save(self._store, [people.ended(one, now) for one in unseen])

    def _told(self, judge: Judge, notices: Sequence[Notice], *, after_a_beginning: bool = False) -> None:
        """Pass on what was never told; what opened and was over while nobody judged is noted and not told."""
        current = {one.id: one for one in judge.incidents()}
        fresh, opened = [], set()
        for notice in notices:
            incident = current.get(notice.incident)
            if incident is None:
                continue
            is_opening = notice.told is Told.OPENED
            is_over = incident.ended_at is not None or not is_opening
            # what opened in the past is told once, as it is by now
            is_past = after_a_beginning and is_over and (is_opening or notice.incident in opened)
            if not incidents.note_told(self._store, notice, is_past=is_past):
                continue
            if is_opening:
                opened.add(notice.incident)
            if not is_past:
                fresh.append((notice, incident))
        for tell in self.tell if fresh else ():
            spared(tell, fresh)

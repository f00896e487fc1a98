"""Feed the judgement with what was committed, let time pass for it, and keep what it comes to.

What is judged is never asked back: the store keeps all that was heard for some days, so the judgement begins anew from
it at every start. When the registry says that something else is watched, it goes on with what stays and hears again of
what is new alone; another catalogue, calendar or provider begins it anew. What was told is told once for ever.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.incidents.fleet import Fleet, System
from machxa_collector.incidents.incident import Incident, Notice
from machxa_collector.incidents.judge import Judge
from machxa_collector.incidents.rules import Rules
from machxa_collector.incidents.severity import Judgement, by_layer
from machxa_collector.incidents.words import Told
from machxa_collector.intake.rows import Rows
from machxa_collector.judging import people
from machxa_collector.judging.ears import Ears
from machxa_collector.judging.fleet import fleet_of
from machxa_collector.judging.hours import HourKeeper
from machxa_collector.judging.listening import DAY_MS, Listening
from machxa_collector.judging.past import RECENT_MS, dwelt_on
from machxa_collector.judging.saving import save_all
from machxa_collector.judging.sparing import spared
from machxa_collector.judging.standing import stood
from machxa_collector.judging.state import Overview, State
from machxa_collector.registry.calendar import Calendars
from machxa_collector.store import following, heard, incidents, watched
from machxa_collector.store.heard import Older
from machxa_collector.store.registry import LiveRegistry

logger = logging.getLogger(__name__)

TICK_MS = 5_000
_AGAIN_MS = 60_000  # of a judgement begun anew: so often time passes for it
_BACK_MS = DAY_MS
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
        self._listening = Listening()
        self._saved: dict[str, Incident] = {}
        self._reports = people.Reports(store)
        self._heard_until = self._doubtful = 0  # of what was queued during a beginning, some was read from the store
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
        if self._lost or was_set_back or self._judge is None:
            self._begin()
        elif (fleet := self._other_fleet(now)) is not None:
            self._carry_on(self._judge, fleet, now)
        judge = self._judge
        assert judge is not None  # noqa: S101 - begun above
        self._read_on(judge)
        while self._queue:
            rows = self._queue.popleft()
            was_read = self._doubtful > 0 and rows.at <= self._heard_until
            self._doubtful = max(0, self._doubtful - 1)
            if not was_read:  # never asked of what came later: the centre's clock may have been set back
                for said in heard.of_rows(rows):
                    self._listening.tell(judge.hear, said)
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
            self._listening.tell(judge.hear, said)
        self._read_until = until

    def _other_fleet(self, now: int) -> Fleet | None:
        """Return what is watched now if it is another than was, looked at now and then; None: the same."""
        if now - self._looked_at < _LOOK_MS or self._monotonic() < self._rests_until:
            return None
        self._looked_at = now
        signature = self._signed()
        if signature == self._signature:
            return None
        self._signature = signature
        registry = self._live.current()
        fleet = fleet_of(self._store, registry, self._systems(), now)
        return fleet if fleet != self._fleet or registry.calendars is not self._calendars else None

    def _carry_on(self, judge: Judge, fleet: Fleet, now: int) -> None:
        """Judge on with what stays, and hear of what is new all that the store still has of the last day."""
        began = self._monotonic()
        is_same_time = self._live.current().calendars is self._calendars
        joined = judge.carry_on(fleet) if is_same_time else None
        if joined is None:
            self._begin()
            return
        self._fleet, self._listening.names = fleet, watched.names(self._store)
        asked = {pk for pk, agent in self._listening.names.items() if agent in joined.ask}
        hear = partial(judge.hear_past, joined)
        for said in stood(self._store, now - _BACK_MS, asked) if asked else ():
            self._listening.tell(hear, said)
        for said in heard.others(self._store, now - _BACK_MS, now + 1, asked) if asked else ():
            self._listening.tell(hear, said)
        self._rest(began)
        logger.info("judging %d units and %d assets; %d are new", *self.watched(), len(joined.assets))

    def _signed(self) -> object:
        return (watched.signature(self._store), self._systems())

    def _begin(self) -> None:
        """Judge anew all that the store still has of the last day."""
        began = self._monotonic()
        self._signature = self._signed()
        self._lost = False
        self._queue.clear()
        self._heard_until = 0
        now = self._looked_at = self._now_ms()
        registry = self._live.current()
        self._fleet = fleet_of(self._store, registry, self._systems(), now)
        self._listening.begin(watched.names(self._store))
        self._calendars = registry.calendars
        judge = Judge(self._fleet, self._rules, registry.calendars, self.severity)
        judge.voting.baselines = self._overview.baselines  # weeks of them outlive another registry
        self._reports.begin(now - _BACK_MS)
        notices: list[Notice] = []
        ticked = 0
        until = self._read_until = now if self.latest is None else self.latest()
        for said in stood(self._store, now - _BACK_MS):
            self._listening.tell(judge.hear, said)
        was_open = incidents.still_open(self._store)
        dwelt = dwelt_on(self._store, self._fleet, now - _BACK_MS, until, was_open)
        of = frozenset(pk for pk, agent in self._listening.names.items() if agent in dwelt)
        for said in heard.since(self._store, now - _BACK_MS, until, Older(now - RECENT_MS, of)):
            while said.received_at - ticked > _AGAIN_MS:
                ticked = min(ticked + _AGAIN_MS, said.received_at) if ticked else said.received_at
                for report in self._reports.new(ticked):
                    judge.report(report)
                judge.tick(ticked)
                notices += judge.take_notifications()
                self._hours.look(judge.voting.hours, ticked)
            self._listening.tell(judge.hear, said)
            self._heard_until = said.received_at
        self._doubtful = len(self._queue)
        judge.undelivered(self.undelivered())
        judge.tick(now)
        notices += judge.take_notifications()
        self._judge, self._ticked_at = judge, now
        known = {one.id for one in (*judge.incidents(), *judge.absorbed())}
        self._saved = {one.id: one for one in was_open if one.id in known}
        self._keep(judge)
        self._hours.keep(judge.voting.hours, now)
        self._end_unseen(known, now)
        self._told(judge, notices, after_a_beginning=True)
        self.state = self._overview.look(judge, self.watched(), now)  # a demonstration's time may stand still from here
        logger.info("judging %d units and %d assets; begun in %.1f s", *self.watched(), self._rest(began))

    def _rest(self, began: float) -> float:
        """Leave others the time that is theirs before the registry is looked at again; return what was taken."""
        took = self._monotonic() - began
        self._rests_until = self._monotonic() + _REST * took
        return took

    def watched(self) -> tuple[int, int]:
        """Return how many units and assets are watched."""
        return (0, 0) if self._fleet is None else (len(self._fleet.sites), len(self._fleet.assets))

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

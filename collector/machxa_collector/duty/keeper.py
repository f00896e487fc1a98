"""Keep the board of the duty desk fresh: read and reckoned in one thread, shown by any number without asking again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.duty.board import Board, Grades
from machxa_collector.duty.figures import Figures, figures, places_of
from machxa_collector.duty.making import Read, as_said, made, outages_of
from machxa_collector.duty.reckoning import Reckoned, Reckoning
from machxa_collector.effects.facts import Facts
from machxa_collector.effects.outages import Known
from machxa_collector.impact import Outage, Unit
from machxa_collector.impact.flow import FlowProfile, Learnt
from machxa_collector.impact.readiness import Readiness, readiness_opened
from machxa_collector.impact.seasons import NO_SEASONS
from machxa_collector.incidents.acts import Handling, handling_of
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.worktime import WorkTime
from machxa_collector.registry.calendar import Calendars
from machxa_collector.store import duty as stored
from machxa_collector.store.incidents import acts_of
from machxa_collector.store.record_rows import parts
from machxa_collector.store.reports import unlinked
from machxa_collector.store.systems import effective
from machxa_collector.store.unit_presence import heard_everywhere

logger = logging.getLogger(__name__)

FRESH_SECONDS = 10.0  # between two looks while somebody is looking
STALE_SECONDS = 30.0  # nobody is shown an older board without a wait for a fresh one
IDLE_SECONDS = 300.0  # and while nobody is: the hour's figures are kept all the same
_ASKED_SECONDS = 120.0
_RECKON_SECONDS = 30.0
_REST = 4  # times as long as a look took, until the next
_HOUR_MS = 3_600_000
_WEEK_HOURS = 168
_REPORTS_MS, _MOST_REPORTS = 86_400_000, 500


class Keeper:
    """Answer with the newest board. run keeps it fresh; where nobody runs it, who asks waits for a fresh one."""

    def __init__(
        self,
        facts: Facts,
        now_ms: Callable[[], int],
        monotonic: Callable[[], float] = time.monotonic,
        wait_seconds: float = 3.0,
    ) -> None:
        """Take what the store knows; nothing is read before the first question.

        wait_seconds: how long somebody waits at most for a fresh board.
        """
        self._wait_seconds = wait_seconds
        self._facts, self._now_ms, self._monotonic = facts, now_ms, monotonic
        self._lock = threading.Lock()
        self._awake, self._shown = threading.Event(), threading.Condition()
        self._looks = self._looks_shown = 0
        self._stopped = self._runs = self._is_kept = self._is_wanted = False
        self._reckoning = Reckoning(facts)
        self._reckoned: Mapping[str, Reckoned] = {}
        self._reckoned_at: int | None = None
        self._board: Board | None = None
        self._asked_at = float("-inf")
        self._looked_at = self._reckoned_when = float("-inf")
        self._rests_until = 0.0
        self._hour: int | None = None
        self._ready: tuple[Readiness, FlowProfile] | None = None
        self._time: tuple[Calendars, WorkTime] | None = None
        self.grades = Grades()
        self._before: tuple[int, Mapping[str, Figures]] | None = None

    def board(self) -> Board:
        """Return the newest board: some ten seconds old, or as old as the store has been busy.

        The first who looks after a while waits for a fresh one.
        """
        self._asked_at = self._monotonic()
        board = self._board
        if board is not None and self._runs:
            if self._age() >= FRESH_SECONDS:
                if self._age() >= STALE_SECONDS:
                    return self._next() or board
                self._awake.set()
            return board
        with self._lock:
            if self._board is not None and self._runs:
                return self._board
            return self._look(reckons=not self._runs)[0]

    def _next(self) -> Board | None:
        """Return what the next look shows first, or after a while what there is."""
        with self._shown:
            following = self._looks + 1
            self._is_wanted = True
            self._awake.set()
            self._shown.wait_for(lambda: self._looks_shown >= following, self._wait_seconds)
        return self._board

    def shown_while_kept(self) -> None:
        """Show the board at hand from now on, for measuring: a look is taken by `again` alone."""
        self._runs = True

    def again(self) -> None:
        """Take a new look before the next answer: somebody has just done something about what is shown.

        What dossiers wait for is left to whoever keeps the board: a province's trouble takes that a while.
        """
        with self._lock:
            self._look(reckons=not self._is_kept)

    def before(self) -> Mapping[str, Figures]:
        """Return what the strip showed at this hour a week ago, by place; empty: nobody looked then."""
        hour = self._now_ms() // _HOUR_MS - _WEEK_HOURS
        known = self._before
        if known is None or known[0] != hour:
            told = stored.hours(self._facts.store, hour)
            known = self._before = hour, {place: Figures.told(one) for place, one in told.items()}
        return known[1]

    def take_grades(self, grades: Grades) -> None:
        """Show what was reckoned elsewhere from the next look on."""
        self.grades = grades
        self._awake.set()

    def stop(self) -> None:
        """Make run return."""
        self._stopped = True
        self._awake.set()

    def run(self, settled: Callable[[], None] = lambda: None) -> None:
        """Keep the board fresh until stopped; a store that cannot now is asked again, a defect is told and outlived.

        settled is called once, when the first whole board stands.
        """
        self._runs = self._is_kept = True
        is_settled = False
        while not self._stopped:
            if self._is_due() and (self._is_wanted or self._monotonic() >= self._rests_until):
                self._is_wanted = False
                began = self._monotonic()
                try:
                    self._turn()
                    self._keep_hour()
                    if not is_settled and self._reckoned_at is not None:
                        settled()
                        is_settled = True
                except SQLAlchemyError as exc:
                    logger.warning("the duty desk waits for the store: %s", str(exc)[:200])
                except Exception:
                    logger.exception("the duty desk met a defect and shows what it had")
                if self._reckoned_at is not None:
                    self._rests_until = self._monotonic() + _REST * (self._monotonic() - began)
            self._awake.wait(2.0)
            self._awake.clear()

    def _age(self) -> float:
        return self._monotonic() - self._looked_at

    def _is_due(self) -> bool:
        if self._board is None or self._board.reckoned_at is None:
            return True
        is_asked = self._monotonic() - self._asked_at < _ASKED_SECONDS
        return self._age() >= (FRESH_SECONDS if is_asked else IDLE_SECONDS)

    def _turn(self) -> None:
        """Show what is so now; then reckon dossiers, now and then and whenever other incidents stand, and show that."""
        with self._lock:
            before = self._board
            board, outages = self._look(reckons=False)
        is_due = self._monotonic() - self._reckoned_when >= _RECKON_SECONDS
        if before is not None and (is_due or _incidents(board) != _incidents(before)):
            now = self._now_ms()
            found = dict(self._reckoning.turn(outages, now))
            with self._lock:
                self._keep(found, now)
                self._look(reckons=False)

    def _look(self, *, reckons: bool) -> tuple[Board, Sequence[Outage]]:
        """Read what is so now, and show it."""
        with self._shown:
            self._looks += 1
            number = self._looks
        now, store = self._now_ms(), self._facts.store
        found = stored.open_ones(store)
        said: dict[str, Handling] = {}
        for some in parts([one.id for one in found]):
            said |= {key: handling_of(acts) for key, acts in acts_of(store, some).items()}
        standing = list(as_said((one, said.get(one.id, Handling())) for one in found))
        known = self._facts.known_of({one.subject for one, _ in standing})
        outages = outages_of(standing, known)
        if reckons:
            self._keep(dict(self._reckoning.turn(outages, now)), now)
        has_flows = reckons or self._board is not None  # the first board is shown at once; what is dear follows
        board = self._made(now, standing, known, outages, has_flows=has_flows)
        with self._shown:
            self._board, self._looked_at, self._looks_shown = board, self._monotonic(), number
            self._shown.notify_all()
        return board, outages

    def _keep(self, found: Mapping[str, Reckoned], now: int) -> None:
        self._reckoned, self._reckoned_at, self._reckoned_when = found, now, self._monotonic()

    def _made(
        self,
        now: int,
        standing: Sequence[tuple[Incident, Handling]],
        known: Known,
        outages: Sequence[Outage],
        *,
        has_flows: bool,
    ) -> Board:
        registry, store = self._facts.live.current(), self._facts.store
        return made(
            Read(
                now_ms=now,
                units=registry.units,
                calendars=registry.calendars,
                heard=heard_everywhere(store),
                whole=self._whole()[0],
                flow=self._whole()[1],
                time=self._time_of(registry.calendars),
                incidents=standing,
                providers=stored.providers(store),
                reports=unlinked(store, now - _REPORTS_MS, _MOST_REPORTS),
                names=stored.names(store, {one.subject for one, _ in standing}),
                systems={one.id: (one.vi, one.en) for one in effective(store).systems},
                grades=self.grades,
                reached=frozenset().union(*(one.units for one in outages)),
                reckoned=self._reckoned,
                reckoned_at=self._reckoned_at,
                has_dossiers=self._facts.dossiers.version() > 0,
                model=self._facts.model(),
                flows=self._facts.flows() if has_flows else {},
                known=known,
            )
        )

    def _time_of(self, calendars: Calendars) -> WorkTime:
        if self._time is None or self._time[0] is not calendars:
            self._time = calendars, WorkTime(calendars)
        return self._time[1]

    def _whole(self) -> tuple[Readiness, FlowProfile]:
        """Return the readiness of a unit in which nothing is wrong: the same of all."""
        if self._ready is None:
            flow = FlowProfile(unit="", own=Learnt(), province=Learnt(), seasons=NO_SEASONS, model=self._facts.model())
            self._ready = readiness_opened(Unit(code="", flow=flow), (), self._facts.model()), flow
        return self._ready

    def _keep_hour(self) -> None:
        """Keep what the strip shows once an hour, for each province with agents and for the nation."""
        board, hour = self._board, self._now_ms() // _HOUR_MS
        if board is None or self._hour == hour:
            return
        told = {place: figures(board, units).kept() for place, units in places_of(board).items()}
        stored.keep_hour(self._facts.store, hour, told)
        self._hour = hour


def _incidents(board: Board) -> frozenset[str]:
    return frozenset(row.incident.id for row in board.rows)

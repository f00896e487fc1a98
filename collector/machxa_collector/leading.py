"""Do what one collector alone may do: judge, tell people, copy, pack, elect; alone, or while we lead the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from machxa_collector import elections, rollout, threads, upkeep
from machxa_collector.api.deps import Deps
from machxa_collector.checks.watched import watched
from machxa_collector.effects.severity import HeldSeverity
from machxa_collector.heartbeat import Heartbeat
from machxa_collector.importing.dossiers import arriving as dossiers
from machxa_collector.intake.rows import Rows
from machxa_collector.intake.turn import Turn
from machxa_collector.judging.driver import Judging
from machxa_collector.judging.known import follow
from machxa_collector.judging.state import State
from machxa_collector.notify.driver import Notifier
from machxa_collector.notify.meters import NotifyMeters
from machxa_collector.notify.reports import Reporter
from machxa_collector.outlook import Outlook
from machxa_collector.registry.gates import gate_keys
from machxa_collector.registry.people.territory import province_of
from machxa_collector.sinks import starting as sinks
from machxa_collector.sinks.config import Sink
from machxa_collector.sinks.meters import SinkMeters
from machxa_collector.store.configured import StoredAgents
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.store.systems import effective
from machxa_collector.store.turns import fenced, latest

STOP_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Hold what the work is done with; is_shared: other collectors' intakes commit to the same store.

    sinks, dossiers and heartbeat are as the operator named them.
    """

    deps: Deps
    turn: Turn
    outlook: Outlook
    registry: CollectorRegistry
    sinks: tuple[Sink, ...] = ()
    dossiers: Path | None = None
    heartbeat: str | None = None
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class _Work:
    """Hold one thing that runs in a thread until it is stopped."""

    name: str
    run: Callable[[], None]
    stop: Callable[[], None]


class Leading:
    """Begin the work, and end it; each beginning is with parts of its own, since what ended never goes on."""

    def __init__(self, office: Office) -> None:
        """Begin nothing yet; raises CannotRunError for a file of the operator's that is wrong."""
        self._office = office
        self._notify_meters, self._sink_meters = NotifyMeters(office.registry), SinkMeters(office.registry)
        self._works: list[_Work] = []
        self._threads: list[threading.Thread] = []
        self.judging: Judging | None = None
        dossiers.made(office.dossiers, office.deps.live, office.deps.seals, office.deps.imports, office.deps.now_ms)

    def judged(self) -> State:
        """Return what was judged last, what an empty judgement has where another one leads."""
        return State() if self.judging is None else self.judging.state

    def committed(self, rows: Rows) -> None:
        """Let the judgement hear what our own intake has written, where it is the only one."""
        if self.judging is not None:
            self.judging.committed(rows)

    def begin(self, term: int | None = None) -> None:
        """Begin; all that is written is of a term, where there are terms."""
        store = self._office.deps.store
        self._works = self._made(store if term is None else fenced(store, term))
        self._threads = [threads.start(one.name, one.run) for one in self._works]

    def stop(self) -> None:
        """Ask all to end."""
        self._office.turn.owe()
        self.judging = None
        for one in self._works:
            one.stop()

    def end(self, deadline: float | None = None) -> None:
        """End; one that waits for a locked store is left behind: it has told nobody what it held.

        deadline is by the monotonic clock, None: a moment from now.
        """
        self.stop()
        until = time.monotonic() + STOP_SECONDS if deadline is None else deadline
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._works, self._threads = [], []

    def follow(self, term: int | None) -> None:
        """Lead for a term, or no more."""
        if term is None:
            self.end()
        else:
            self.begin(term)

    def _made(self, store: Engine) -> list[_Work]:
        office, deps, turn, now_ms = self._office, self._office.deps, self._office.turn, self._office.deps.now_ms
        live = deps.live if store is deps.store else LiveRegistry(store)
        spreading = rollouts(store, turn, now_ms)
        electing = elections.Elections(store, turn, lambda: live.current().calendars, now_ms)
        notifier = Notifier(store, live.current, deps.seals, now_ms, self._notify_meters, deps.send)
        reporter = Reporter(live, deps.facts, now_ms, self._notify_meters)
        judging = self._judging(store, live, notifier)
        board = follow(
            judging,
            turn,
            store,
            now_ms,
            token_of=lambda report: gate_keys(deps.seals.keys).report(report),
            province_of=lambda unit: province_of(live.current().units, unit),
        )
        turn.owe(spreading.publish, electing.publish, board.again)
        arriving = dossiers.made(office.dossiers, live, deps.seals, deps.imports, now_ms)
        beating = Heartbeat(office.heartbeat, lambda: all(one.ok for one in deps.readiness().values()))
        stopped = threading.Event()
        self.judging = judging
        return [
            _Work("upkeep", lambda: upkeep.run(store, now_ms, stopped), stopped.set),
            _Work("rollouts", spreading.run, spreading.stop),
            _Work("elections", electing.run, electing.stop),
            _Work("judging", judging.run, judging.stop),
            _Work("notify", notifier.run, notifier.stop),
            _Work("reports", reporter.run, reporter.stop),
            _Work("dossiers", arriving.run, arriving.stop),
            _Work("heartbeat", beating.run, beating.stop),
            *(_Work(f"sink {one.name}", one.run, one.stop) for one in self._copying(store, live)),
        ]

    def _judging(self, store: Engine, live: LiveRegistry, notifier: Notifier) -> Judging:
        office, now_ms = self._office, self._office.deps.now_ms
        hears = office.outlook.beside(lambda: office.turn.connected)
        judging = Judging(store, live, now_ms, lambda: watched(effective(store)), connected=hears)
        judging.latest = (lambda: latest(store)) if office.is_shared else None
        judging.severity = HeldSeverity(office.deps.facts)
        judging.tell.append(notifier.hear)
        judging.undelivered = notifier.dead
        return judging

    def _copying(self, store: Engine, live: LiveRegistry) -> Sequence[sinks.Copies]:
        """Return what copies to each sink, and where how far it is known.

        One of several collectors that was started without any forgets none: it may have been started so by mistake.
        """
        office = self._office
        if office.is_shared and not office.sinks:
            return ()
        return sinks.made(office.sinks, store, self._sink_meters, office.deps.now_ms, lambda: live.current().units)


def rollouts(store: Engine, turn: Turn, now_ms: Callable[[], int]) -> rollout.Rollouts:
    """Return what publishes settings and policies to all agents but the centre's own."""
    return rollout.Rollouts(store, turn, StoredAgents(store), now_ms)

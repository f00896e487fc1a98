"""Copy reports to one server in a thread of its own: a dead server costs its lag and nothing else."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.sinks.enriching import Enrich, More, plain
from machxa_collector.sinks.influx import Server, SinkError
from machxa_collector.sinks.lines import lines
from machxa_collector.sinks.meters import SinkMeters
from machxa_collector.sinks.place import Place
from machxa_collector.store import sinks
from machxa_collector.store.sinks import Report

logger = logging.getLogger(__name__)

EVERY_SECONDS = 10.0
LOOK_SECONDS = 30.0  # between two questions whether the server began anew; less than is sent again
_MOST_WAIT_SECONDS = 300.0
_REPORTS_AT_ONCE = 300
_NOTHING = More()


class Copying:
    """Hold one sink; ``turn`` copies what there is, ``run`` does so until stopped."""

    def __init__(
        self,
        name: str,
        server: Server,
        store: Engine,
        meters: SinkMeters,
        now_ms: Callable[[], int],
        monotonic: Callable[[], float] = time.monotonic,
        enrich: Enrich = plain,
    ) -> None:
        """Begin where the sink was safe last; enrich says what else stands on each report's lines."""
        self.name, self._server, self._store, self._meters = name, server, store, meters
        self._now_ms, self._monotonic, self._enrich = now_ms, monotonic, enrich
        self._place: Place | None = None
        self._started: float | None = None
        self._looked_at = float("-inf")
        self._fault = ""
        self._stopped = threading.Event()

    def run(self) -> None:
        """Copy until stopped; what fails is tried again, ever later, up to five minutes."""
        wait = EVERY_SECONDS
        while not self._stopped.wait(wait):
            try:
                is_well = self.turn()
            except SQLAlchemyError as exc:
                logger.warning("sink %s waits for the store: %s", self.name, str(exc)[:200])
                is_well = False
            except Exception:
                logger.exception("sink %s met a defect; it is tried again", self.name)
                is_well = False
            wait = EVERY_SECONDS if is_well else min(2 * wait, _MOST_WAIT_SECONDS)

    def stop(self) -> None:
        """Make ``run`` return."""
        self._stopped.set()

    def turn(self) -> bool:
        """Copy all that came since; return whether the server took it."""
        place = self._place
        if place is None:
            place = self._place = Place.at(sinks.place_of(self._store, self.name))
            sinks.keep_place(self._store, self.name, place.safe, self._now_ms())  # packing waits for it from now on
        is_well = True
        while is_well and not self._stopped.is_set():
            self._look(place)
            self._settle(place)  # a backlog takes hours: what is safe of it stays so when the server fails in between
            found = sinks.following(self._store, place.sent, self._now_ms(), _REPORTS_AT_ONCE)
            self._meters.lag.labels(self.name).set(self._lag(found))
            if not found:
                break
            is_well = self._send(place, found)
        return is_well

    def _settle(self, place: Place) -> None:
        if place.settle(self._monotonic()):
            sinks.keep_place(self._store, self.name, place.safe, self._now_ms())

    def _look(self, place: Place) -> None:
        """Send again what is not safe yet when the server began anew since the last look."""
        now = self._monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        started = self._server.started_at()
        if started is not None and self._started is not None and started != self._started:
            logger.warning("sink %s began anew: what it took in the last minutes is sent again", self.name)
            self._go_back(place)
        self._started = self._started if started is None else started

    def _send(self, place: Place, found: tuple[Report, ...]) -> bool:
        """Write reports; those that the server will never take are counted and left, one by one."""
        try:
            self._write(found)
        except SinkError as exc:
            if exc.is_refused and len(found) > 1:
                middle = len(found) // 2
                return self._send(place, found[:middle]) and self._send(place, found[middle:])
            self._failed(exc)
            if not exc.is_refused:
                self._go_back(place)
                return False
            self._meters.refused.labels(self.name).inc()
        else:
            if self._fault:
                logger.info("sink %s takes again", self.name)
            self._fault = ""
        place.took(found[-1].cursor, self._monotonic())
        return True

    def _write(self, found: tuple[Report, ...]) -> None:
        said: list[str] = []
        more = self._enrich(found)
        for one in found:
            if one.chunk is not None:
                tags = {"agent": one.agent, "unit": one.unit or "", "role": one.role}
                own = more.get(one.agent, _NOTHING)
                said += lines(one.chunk, tags | own.agent, own.devices)
        if said:
            self._server.write(said)
            self._meters.lines.labels(self.name).inc(len(said))

    def _go_back(self, place: Place) -> None:
        if place.sent != place.safe:
            self._meters.again.labels(self.name).inc()
        place.again()

    def _failed(self, exc: SinkError) -> None:
        self._meters.failures.labels(self.name).inc()
        if str(exc) != self._fault:
            self._fault = str(exc)
            logger.warning("sink %s does not take what was measured: %s", self.name, exc)

    def _lag(self, found: tuple[Report, ...]) -> float:
        return max(0.0, (self._now_ms() - found[0].cursor.received_at) / 1000) if found else 0.0

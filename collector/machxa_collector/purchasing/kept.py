"""Keep what was read and planned at hand for a few minutes, and show of it what somebody may see."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from machxa_collector import threads
from machxa_collector.planning.budget import greedy
from machxa_collector.planning.ceilings import Ceilings, Source
from machxa_collector.planning.chosen import by_source
from machxa_collector.planning.outcome import Outcome
from machxa_collector.planning.province import Needs, next_money, options
from machxa_collector.purchasing.papers import Scenario
from machxa_collector.purchasing.planned import outcome
from machxa_collector.purchasing.shown import Shown, shown
from machxa_collector.purchasing.situation import Situation, scenario, situation
from machxa_collector.registry.people.territory import EVERYWHERE, Territory
from machxa_collector.store import models, planning
from machxa_collector.store.registry import LiveRegistry

_KEPT_MS = 300_000
_MOST_PLANS = 12
_MOST_UNITS = 64
_SHOWN_MS = 3_600_000  # what is shown while a newer one is made
_MOST_MAKING = 4
_PATIENCE_S = 2.0  # a page rather tells that a plan is being made than stand still

logger = logging.getLogger(__name__)


class Unmade(Exception):
    """Say that a plan could not be made; the text is of the fault, for the log and whoever mends it."""


class Busy(Exception):
    """Say that as many plans are being made as may be; asking again later helps."""


Asked = tuple[str, int | None]  # a scenario's name, and another shared ceiling


class Plans:
    """Answer with what was read at most five minutes ago, sooner when a paper or the assumptions changed.

    Everything is planned for the whole centre, since a shared ceiling is shared: who sees less sees of the same plan.
    A page never waits for a plan: it is made beside, once for all who ask, and what was made of the same papers within
    the hour is shown meanwhile.
    """

    def __init__(self, live: LiveRegistry, now_ms: Callable[[], int]) -> None:
        """Take the registry; nothing is read before the first question."""
        self._live, self._now_ms = live, now_ms
        self._lock, self._starting = threading.Lock(), threading.Lock()
        self._read: tuple[int, str, Situation] | None = None
        self._needs: Needs | None = None
        self._plans: dict[Asked, Outcome] = {}
        self._shown: dict[Asked, Shown] = {}
        self._making: dict[Asked, threading.Event] = {}
        self._failed: dict[Asked, str] = {}
        self._units: dict[str, tuple[int, str, Needs]] = {}

    def needs(self) -> Needs:
        """Return the needs of all communes, without any scenario's locks."""
        with self._lock:
            return self._assessed()

    def situation(self) -> Situation:
        """Return what was read."""
        with self._lock:
            return self._situation()

    def of_unit(self, code: str) -> Needs:
        """Return the needs of one commune before transfers, read for it alone where nothing newer is at hand."""
        now, stamp = self._now_ms(), self._stamp()
        territory = Territory(units=frozenset({code}), with_nowhere=False)
        with self._lock:
            said, whole = self._read, self._needs
            if said is not None and whole is not None and said[1] == stamp and 0 <= now - said[0] < _KEPT_MS:
                return needs_seen(whole, territory)
            kept = self._units.get(code)
        if kept is not None and kept[1] == stamp and 0 <= now - kept[0] < _KEPT_MS:
            return kept[2]
        found = situation(self._live.store, self._live.current(), territory, now).needs()
        with self._lock:
            if len(self._units) >= _MOST_UNITS:
                self._units.clear()
            self._units[code] = (now, stamp, found)
        return found

    def plan(self, name: str, ceiling_vnd: int | None = None) -> Outcome | None:
        """Return a saved scenario's plan, with another shared ceiling where one is given; None: no such scenario.

        Without a name the plan has no own money and no locks.
        """
        made = self._made(name, ceiling_vnd)
        return None if made is None else made[0]

    def _made(self, name: str, ceiling_vnd: int | None) -> tuple[Outcome, int, str] | None:
        """Return a plan with the moment and the stamp of what was read for it."""
        with self._lock:
            said = self._situation()
            read_at, stamp = (0, "") if self._read is None else self._read[:2]
            known = self._plans.get((name, ceiling_vnd))
            if known is not None:
                return known, read_at, stamp
            asked = Scenario(name="", ceilings=Ceilings(shared_vnd=0), locks={})
            if name:
                kept = scenario(self._live.store, name)
                if kept is None:
                    return None
                asked = kept
            if ceiling_vnd is not None:
                asked = replace(asked, ceilings=replace(asked.ceilings, shared_vnd=ceiling_vnd))
            found = self._planned(asked, said)
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            self._plans[name, ceiling_vnd] = found
            return found, read_at, stamp

    def shown(self, name: str, ceiling_vnd: int | None = None, patience_s: float = _PATIENCE_S) -> Shown | None:
        """Return a plan ready to be shown, None while it is being made; patience_s: how long to wait for it.

        What papers changed under is made anew; what is older than five minutes is shown while a newer one is made.
        Raises Unmade where the last try ended in a fault, and Busy where too many are being made.
        """
        asked = (name, ceiling_vnd)
        ready = self._ready(asked)
        if ready is None or not self._is_fresh(ready.read_at):
            made = self._begin(asked)
            if ready is None:
                made.wait(patience_s)
                ready = self._ready(asked)
                failed = self._failed.pop(asked, None) if made.is_set() else None
                if failed is not None and ready is None:
                    raise Unmade(failed)
        return ready

    def _ready(self, asked: Asked) -> Shown | None:
        known = self._shown.get(asked)
        if known is None or known.papers != self._stamp():
            return None
        return known if 0 <= self._now_ms() - known.read_at < _SHOWN_MS else None

    def _is_fresh(self, read_at: int) -> bool:
        return 0 <= self._now_ms() - read_at < _KEPT_MS

    def _begin(self, asked: Asked) -> threading.Event:
        """Make a plan in a thread of its own unless somebody does already."""
        with self._starting:
            making = self._making.get(asked)
            if making is not None:
                return making
            if len(self._making) >= _MOST_MAKING:
                raise Busy
            made = self._making[asked] = threading.Event()
        threads.start("planning", lambda: self._make(asked, made))
        return made

    def _make(self, asked: Asked, made: threading.Event) -> None:
        try:
            found = self._made(*asked)
            if found is not None:
                if len(self._shown) >= _MOST_PLANS:
                    self._shown.clear()
                self._shown[asked] = shown(*found)
        except Exception as exc:  # one plan that cannot be made ends neither the collector nor other plans
            logger.exception("the plan %r could not be made", asked)
            if len(self._failed) >= _MOST_PLANS:  # nobody came again for these
                self._failed.clear()
            self._failed[asked] = f"{type(exc).__name__}: {exc}"
        finally:
            with self._starting:
                self._making.pop(asked, None)
            made.set()

    def _planned(self, asked: Scenario, said: Situation) -> Outcome:
        if asked.locks or asked.overrides:
            return outcome(said, asked)
        needs = self._assessed()
        all_ = options(needs, asked.ceilings)
        plan = greedy(all_, asked.ceilings)
        more = next_money(all_, asked.ceilings, plan)
        return Outcome(
            name=asked.name,
            needs=needs,
            options=all_,
            ceilings=asked.ceilings,
            plan=plan,
            more=more,
            locks={},
            stamp=said.stamp,
        )

    def _assessed(self) -> Needs:
        said = self._situation()
        if self._needs is None:
            self._needs = said.needs()
        return self._needs

    def _situation(self) -> Situation:
        now, store, stamp = self._now_ms(), self._live.store, self._stamp()
        if self._read is None or self._read[1] != stamp or not 0 <= now - self._read[0] < _KEPT_MS:
            self._read = (now, stamp, situation(store, self._live.current(), EVERYWHERE, now))
            self._needs, self._plans = None, {}
        return self._read[2]

    def _stamp(self) -> str:
        """Return what changes with any paper or assumption."""
        return f"{planning.stamp(self._live.store)}/{models.newest_number(self._live.store)}"


def part_of(one: Shown, territory: Territory) -> Shown:
    """Return of a plan that is shown what a territory may see, with its own hash."""
    if territory.units is None:
        return one
    return shown(seen_from(one.outcome, territory), one.read_at, one.papers)


def seen_from(found: Outcome, territory: Territory) -> Outcome:
    """Return of a plan what a territory may see: its units with their lines; sums are of what is seen."""
    if territory.units is None:
        return found
    seen = territory.units
    needs = needs_seen(found.needs, territory)
    kept = [at for at, one in enumerate(found.options) if one.unit in seen]
    chosen = tuple(one for one in found.plan.chosen if one.unit in seen)
    hours = sum(one.bundle.hours for one in chosen)
    own = {unit: vnd for unit, vnd in found.ceilings.own_vnd.items() if unit in seen}
    floors = [found.options[at].unit for at in kept if not found.options[at].bundles[0].has_floor]
    return replace(
        found,
        needs=needs,
        options=tuple(found.options[at] for at in kept),
        ceilings=replace(
            found.ceilings, own_vnd=own, further=tuple(_seen(one, seen) for one in found.ceilings.further)
        ),
        plan=replace(
            found.plan,
            chosen=chosen,
            hours=hours,
            own_vnd=sum(one.own_vnd for one in chosen),
            shared_vnd=sum(one.shared_vnd for one in chosen),
            by_source=by_source(chosen, found.ceilings),
            floor=sum(one.bundle.has_floor for one in chosen if one.unit in floors),
            floor_of=len(floors),
            floor_bound=float(len(floors)),
            bound=None,
            gap=None,
            still_lost=sum(found.options[at].lost for at in kept) - hours,
        ),
        more=replace(found.more, lines=tuple(one for one in found.more.lines if one.unit in seen)),
        overrides=tuple(one for one in found.overrides if one.unit in seen),
        locks={line: lock for line, lock in found.locks.items() if _is_of(line, needs)},
    )


def _seen(source: Source, units: frozenset[str]) -> Source:
    """Return a source without the names of units that are not seen."""
    return source if source.units is None else replace(source, units=source.units & units)


def needs_seen(needs: Needs, territory: Territory) -> Needs:
    """Return of needs what a territory may see; a transfer, where both ends lie in it."""
    if territory.units is None:
        return needs
    return replace(
        needs,
        units=tuple(one for one in needs.units if one.commune.code in territory.units),
        transfers=tuple(one for one in needs.transfers if {one.giver, one.taker} <= territory.units),
    )


def _is_of(line: str, needs: Needs) -> bool:
    return any(one.id == line for unit in needs.units for one in unit.lines)

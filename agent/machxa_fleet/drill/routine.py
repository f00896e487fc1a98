"""Make what an agent says of its own accord while it runs: starts, readings, checks, sleep and good-bye."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from zlib import crc32

from machxa_fleet.drill.checking import PHASES, Checker, Outcome
from machxa_fleet.drill.lives import Life, is_clean
from machxa_fleet.drill.place import Pc, Place
from machxa_fleet.drill.readings import Readings
from machxa_fleet.drill.said import Said, SaidBye, SaidEvent, SaidSamples
from machxa_wire.records import Series

BATCH_MS = 300_000
_START_MS = 15_000  # from the system's start to the agent's first reading
_PC_SYSTEMS = 2
_WELL = ("ok", "unknown")
_LEAST_PAUSE_MS, _PAUSES = 10_000, 26
_WAITING_ROOM_MS = 1_000  # between the last reading and the good-bye

_Run = tuple[int, str, Outcome]


class Routine:
    """Be one agent's day: a lazy sequence of what it makes, in order."""

    def __init__(
        self, pc: Pc, place: Place, systems: tuple[str, ...], checker: Checker, begin: int, chance: Random
    ) -> None:
        """Take the PC, what it checks, and when the world begins."""
        self._begin = begin
        self._pc = pc
        self._readings = Readings(pc, place, chance)
        self._checker = checker
        self._systems = systems
        self._states: dict[str, str] = {}
        self._doubts: dict[str, int] = {}
        self._watches_all = pc.role == "gateway"
        self._phase = chance.random()
        self._number = int(pc.asset[2:])
        self._series = {name: _series(name) for name in systems}

    def said(self) -> Iterator[Said]:
        """Yield what the agent makes, in the order it makes it."""
        kept: list[Said] = []  # read before the machine went, made a record of when it is back
        for life in self._pc.lives:
            yield from self._began(life)
            yield from (_made_later(one, life.start + _START_MS) for one in kept)
            kept = []
            at = life.start + _START_MS
            self._readings.began()
            while at < life.end:
                until = min(at + BATCH_MS, life.end)
                runs: list[_Run] = []
                yield from self._checked(life, at, until, runs)
                is_cut = until == life.end and not is_clean(life.ended)
                made = min(until, life.end - 2 * _WAITING_ROOM_MS)
                batch = [*self._readings.batch(life, at, until, made), *self._results(life, runs, made)]
                if is_cut:
                    kept = batch
                else:
                    yield from batch
                at = until
            yield from _ended(life)

    def _began(self, life: Life) -> Iterator[Said]:
        if life.start <= self._begin:
            return  # it ran before anybody looked
        if life.woke:
            yield SaidEvent(life.start + 1000, life.start, life, "system.wake", {"kind": "sleep", "at": life.start})
        elif life.evidence is not None:
            attributes = {"boot": str(life.boot), "ended": life.evidence, "ended_at": life.ended_at}
            yield SaidEvent(life.start + _START_MS, life.start, life, "system.boot", attributes)
            self._states, self._doubts = {}, {}  # an agent that starts does not know what it said before

    def _slots(self, at: int, until: int) -> Iterator[tuple[int, str]]:
        """Yield which checks start when, between two moments: a gateway's spread over five minutes, a PC's over ten."""
        names = self._systems
        if not names:
            return
        if self._watches_all:
            every, mine = BATCH_MS, names
        else:
            every = 2 * BATCH_MS
            other = names[1 + self._number % (len(names) - 1)] if len(names) > 1 else None
            mine = (names[0], other)[:_PC_SYSTEMS] if other else names[:1]
        step = every / len(mine)
        zero = round(self._phase * every)
        for turn in range((at - zero) // every, (until - zero) // every + 1):
            for number, name in enumerate(mine):
                moment = zero + turn * every + round(number * step)
                if at <= moment < until:
                    yield moment, name

    def _checked(self, life: Life, at: int, until: int, runs: list[_Run]) -> Iterator[Said]:
        found: list[SaidEvent] = []
        for moment, name in self._slots(at, until):
            found += self._tried(life, moment, name, runs)
        runs.sort(key=lambda run: run[0])
        yield from sorted(found, key=lambda one: one.made)

    def _tried(self, life: Life, moment: int, name: str, runs: list[_Run]) -> Iterator[SaidEvent]:
        """Yield what a check's turn makes known, if anything.

        As the agent does: what fails is told after a second failing try, as of the first. After a state that was well
        the second try comes within a minute, after one that failed already it is the next in turn.
        """
        outcome = self._checker.run(name, moment)
        if moment + outcome.took_ms >= life.end:
            return  # the machine went meanwhile
        runs.append((moment, name, outcome))
        was, doubt = self._states.get(name), self._doubts.pop(name, None)
        if outcome.state == was:
            return
        if outcome.state not in _WELL and doubt is None:
            self._doubts[name] = moment
            if was is None or was in _WELL:
                yield from self._tried(life, moment + outcome.took_ms + self._pause_ms(name), name, runs)
            return
        since = moment if doubt is None or outcome.state in _WELL else doubt
        self._states[name] = outcome.state
        attributes = {"check": name, "system": name, "state": outcome.state, "was": was}
        if outcome.phase is not None:
            attributes |= {"phase": outcome.phase, "reason": outcome.reason}
        yield SaidEvent(moment + outcome.took_ms, since, life, "check.state", attributes)

    def _pause_ms(self, name: str) -> int:
        return _LEAST_PAUSE_MS + 1000 * (crc32(f"{self._pc.agent}/{name}".encode()) % _PAUSES)

    def _results(self, life: Life, runs: list[_Run], made: int) -> Iterator[Said]:
        """Yield one batch of a batch's checks: a column each, a row for each run."""
        if not runs:
            return
        first = runs[0][0]
        names = tuple(dict.fromkeys(name for _, name, _ in runs))
        series = tuple(one for name in names for one in self._series[name])
        columns = []
        for name in names:
            mine = [outcome if checked == name else None for _, checked, outcome in runs]
            columns += [tuple(None if one is None else one.durations[n] for one in mine) for n in range(len(PHASES))]
            columns.append(tuple(None if one is None else int(one.state == "ok") for one in mine))
        at = tuple((moment - first) // 1000 for moment, _, _ in runs)
        made = max(made, runs[-1][0] + runs[-1][2].took_ms)  # a second try may end after its batch
        yield SaidSamples(made, first, life, at, series, tuple(columns))


def _series(check: str) -> tuple[Series, ...]:
    labels = ("check", check)
    durations = tuple(Series("machxa.check.duration", (labels, ("phase", phase)), 1, 1000) for phase in PHASES)
    return (*durations, Series("machxa.check.success", (labels,)))


def _ended(life: Life) -> Iterator[Said]:
    if is_clean(life.ended):
        yield SaidBye(life.end - _WAITING_ROOM_MS, life.end - _WAITING_ROOM_MS, life, life.ended)
    elif life.ended == "sleep":
        at = life.end - _WAITING_ROOM_MS
        yield SaidEvent(at, at, life, "system.sleep", {"kind": "sleep", "at": at})


def _made_later(one: Said, made: int) -> Said:
    if isinstance(one, SaidSamples):
        return SaidSamples(made, one.true_at, one.life, one.at, one.series, one.columns)
    return one

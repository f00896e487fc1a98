"""Run the probes once per cycle so that none harms another: each under its own guard, timing and deadline."""

from __future__ import annotations

import logging
import queue
import threading
import time
from typing import Callable, Dict, Iterable, List, Mapping, Optional, Tuple

from machxa_agent import threads
from machxa_agent.outcome import Outcome, hanging, judgement, reading
from machxa_agent.probes.probe import Probe
from machxa_agent.slow_probes import SlowProbes
from machxa_wire.records import Sample, Scalar, Series

logger = logging.getLogger(__name__)

_MOST_EVENTS = 20  # of one probe
_JUDGED_EVERY = 60  # cycles
_MOST_TURNS = 20  # of one reading
_REASON_CHARACTERS = 200

Tell = Callable[[str, Mapping[str, Scalar], float], None]  # the last: how long ago, in seconds


class ProbeRunner:
    """Read every probe once per cycle, in a thread of their own.

    A probe that raises gives success 0 and None for each quantity it gave before; that is logged once per change.
    One that does not return within deadline_seconds is left behind with its thread, is not started again until it
    has returned, and a new thread reads the rest: at most one stuck thread per probe. Slow probes are read beside the
    cycle and judged in the cycle that finds them back. Use from one thread only.
    """

    def __init__(
        self,
        probes: Tuple[Probe, ...],
        clock: Callable[[], float] = time.monotonic,
        deadline_seconds: float = 10.0,
        spawn: threads.Spawn = threads.start,
        slow_deadline_seconds: float = 60.0,
        tell: Optional[Tell] = None,
        may_read: Callable[[str], bool] = lambda _name: True,
    ) -> None:
        """Prepare; tell takes what probes found to turn, and their own failures and recoveries, as events.

        may_read tells by a probe's name whether it is read in this cycle.
        """
        self._probes = probes
        self._slow = SlowProbes(clock, slow_deadline_seconds, spawn)
        self._clock = clock
        self._deadline_seconds = deadline_seconds
        self._spawn = spawn
        self._worker: Optional[_Worker] = None
        self._stuck: Dict[str, _Turn] = {}
        self._given: Dict[str, Tuple[Series, ...]] = {}
        self._errors: Dict[str, str] = {}
        self._tell_event = tell
        self._may_read = may_read
        self._events: Dict[str, int] = {}
        self._cycles = 0
        self._judged: Dict[str, Tuple[bool, int]] = {}  # whether it failed when it was told last, and in which cycle

    def cycle(self) -> Tuple[Sample, ...]:
        """Return this cycle's samples: each probe's, in their order, then the success and duration of some.

        Those of a probe are told at its first reading, while it fails, when it works again, and else once an hour at
        one cycle a minute: said each time they are an eighth of all that is sent. machxa.probe.duration is whole
        milliseconds, None while the probe hangs.
        """
        due = [probe for probe in self._probes if probe.is_due(self._cycles) and self._may_read(probe.name)]
        self._cycles += 1
        read = self._read([probe for probe in due if not probe.is_slow])
        read += self._slow.outcomes([probe for probe in due if probe.is_slow])
        outcomes = {one.probe.name: one for one in read}
        measured: List[Sample] = []
        judged: List[Sample] = []
        for outcome in (outcomes[probe.name] for probe in self._probes if probe.name in outcomes):
            self._tell(outcome)
            self._tell_turns(outcome)
            measured += self._samples(outcome)
            if self._is_to_judge(outcome):
                judged += judgement(outcome)
        return (*measured, *judged)

    def close(self) -> None:
        """End the reading thread once it is idle; stuck ones end when their probe returns."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def _read(self, probes: Iterable[Probe]) -> List[Outcome]:
        self._stuck = {name: turn for name, turn in self._stuck.items() if not turn.returned.is_set()}
        outcomes = [hanging(probe) for probe in probes if probe.name in self._stuck]
        waiting = [probe for probe in probes if probe.name not in self._stuck]
        while waiting:
            if self._worker is None:
                self._worker = _Worker(self._clock, self._spawn)
            turn = self._worker.take(tuple(waiting))
            read = turn.wait(self._deadline_seconds)
            outcomes += read
            waiting = waiting[len(read) :]
            if waiting:  # the first of them hangs
                stuck = waiting.pop(0)
                outcomes.append(hanging(stuck))
                self._stuck[stuck.name] = turn
                self._worker = None
        return outcomes

    def _samples(self, outcome: Outcome) -> Tuple[Sample, ...]:
        """Return what was measured; after an error, what was measured before as not measured this time."""
        name = outcome.probe.name
        if outcome.error is not None:
            return tuple(Sample(series, None) for series in self._given.get(name, ()))
        self._given[name] = tuple(sample.series for sample in outcome.samples)
        return outcome.samples

    def _is_to_judge(self, outcome: Outcome) -> bool:
        name, failed = outcome.probe.name, outcome.error is not None
        was_failed, cycle = self._judged.get(name, (True, -_JUDGED_EVERY))
        if not failed and not was_failed and self._cycles - cycle < _JUDGED_EVERY:
            return False
        self._judged[name] = (failed, self._cycles)
        return True

    def _tell(self, outcome: Outcome) -> None:
        """Tell of a probe that begins to fail, fails otherwise, or works again; never the same twice."""
        name, error = outcome.probe.name, outcome.error
        kind = type(error).__name__ if error else ""
        if kind == self._errors.get(name, ""):
            return
        self._errors[name] = kind
        if error is None:
            logger.info("probe %s measures again", name)
        else:
            logger.warning("probe %s measures nothing: %s: %s", name, kind, error, exc_info=error)
        self._events[name] = told = self._events.get(name, 0) + 1
        if self._tell_event is not None and told <= _MOST_EVENTS:  # one that comes and goes is told by its samples
            reason = None if error is None else f"{kind}: {error}"[:_REASON_CHARACTERS]
            self._tell_event("machxa.probe.state", {"probe": name, "works": error is None, "reason": reason}, 0.0)

    def _tell_turns(self, outcome: Outcome) -> None:
        """Tell what a probe found to have changed; what it says of that is its own, and no other probe's harm."""
        turned = outcome.probe.turned
        if turned is None or self._tell_event is None or outcome.seconds is None:
            return
        try:
            for one in turned()[:_MOST_TURNS]:
                self._tell_event(one.name, one.attributes, one.ago_seconds)
        except Exception:
            logger.exception("transitions of probe %s are not told", outcome.probe.name)


class _Turn:
    """Hold one cycle's probes between the thread that reads them and the one that waits."""

    def __init__(self, probes: Tuple[Probe, ...], clock: Callable[[], float]) -> None:
        self._probes = probes
        self._clock = clock
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._outcomes: List[Outcome] = []
        self._started = clock()
        self._is_abandoned = False
        self.returned = threading.Event()  # set when an abandoned probe has come back

    def work(self) -> bool:
        """Read the probes; return whether the thread is still wanted."""
        self._started = self._clock()
        for probe in self._probes:
            outcome = reading(probe, self._clock)
            with self._lock:
                if self._is_abandoned:
                    self.returned.set()
                    return False
                self._outcomes.append(outcome)
                self._started = self._clock()  # together, so that the next one is never taken for the late one
        self._done.set()
        return True

    def wait(self, deadline_seconds: float) -> List[Outcome]:
        """Return the outcomes, fewer than there are probes when one outlasts its deadline: the turn is abandoned."""
        while not self._done.wait(max(0.0, self._started + deadline_seconds - self._clock())):
            with self._lock:
                is_late = self._clock() - self._started >= deadline_seconds
                if is_late and len(self._outcomes) < len(self._probes):
                    self._is_abandoned = True
                    break
        return self._outcomes


class _Worker:
    """Run turns in a thread until one is abandoned."""

    def __init__(self, clock: Callable[[], float], spawn: threads.Spawn) -> None:
        self._clock = clock
        self._turns: queue.SimpleQueue[Optional[_Turn]] = queue.SimpleQueue()
        spawn(self._run, "probes")

    def take(self, probes: Tuple[Probe, ...]) -> _Turn:
        turn = _Turn(probes, self._clock)
        self._turns.put(turn)
        return turn

    def end(self) -> None:
        self._turns.put(None)

    def _run(self) -> None:
        turn = self._turns.get()
        while turn is not None and turn.work():
            turn = self._turns.get()

"""Run the policy's checks when they are due, two at a time, and keep what came of them for the next reading."""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable, Dict, List, Mapping, NamedTuple, Optional, Tuple

from machxa_agent import threads
from machxa_agent.checks.course import Change, Course, first_pause, second_pause
from machxa_agent.checks.judge import is_like_a_portal, judge
from machxa_agent.checks.spending import GATEWAY_BYTES, PC_BYTES, Spending
from machxa_agent.checks.verdict import PHASES, State, Stop, Tried, Verdict
from machxa_agent.schedule import next_on_grid
from machxa_wire.catalogue import ANCHOR, Check, runs, seconds_between
from machxa_wire.policy import Policy
from machxa_wire.records import Sample, Scalar, Series, Stamp

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 2
_STUCK_SECONDS = 120.0  # a resolver may block a thread long after the check's own bounds
_LOOK_SECONDS = 15.0  # until another policy or role holds; a check that ends is looked after at once
_ANCHOR_SECONDS = 60.0  # it is asked anew when a suspicion is older
_CLOCK_SECONDS = 300.0  # by which this clock may be wrong before certificates' dates are not judged
_MILLISECONDS = 1000

Ask = Callable[[Check, Tuple[str, ...]], Tried]
Tell = Callable[[str, Mapping[str, Scalar], Stamp], None]


class Around(NamedTuple):
    """Hold what checks see of the agent: who it is, its clocks, and who takes its events.

    role is "gateway" while it does a gateway's work; it may change from one look to the next. ahead_seconds is how far
    this clock is ahead of the centre's, None where nobody told; day names the local day.
    """

    agent: str
    role: Callable[[], str]
    stamp: Callable[[], Stamp]
    tell: Tell
    ahead_seconds: Callable[[], Optional[float]]
    day: Callable[[], str] = lambda: time.strftime("%Y-%m-%d")
    monotonic: Callable[[], float] = time.monotonic
    spawn: threads.Spawn = threads.start


class Watch:
    """Hold the checks of one agent. look may be called by one thread, the rest by any."""

    def __init__(self, policy: Callable[[], Policy], ask: Ask, around: Around) -> None:
        """Prepare; policy is asked at every look, so that another one holds at once."""
        self._policy, self._ask, self._around = policy, ask, around
        self.spending = Spending(PC_BYTES)
        self._known: Optional[Policy] = None
        self._role = ""
        self._lines: Dict[str, _Line] = {}
        self._out: Dict[str, float] = {}
        self._given_up: Dict[str, float] = {}
        self._samples: List[Sample] = []
        self._portal: Optional[Tuple[bool, float]] = None
        self._is_throttled = False
        self._lock = threading.RLock()
        self._stirred = threading.Event()

    def run(self) -> None:
        """Run checks until the process ends."""
        while True:
            try:
                wait = self.look()
            except Exception:  # nothing in a policy or a result may end the checks for good
                logger.exception("checks broke; they are tried again")
                wait = _LOOK_SECONDS
            self._stirred.wait(wait)
            self._stirred.clear()

    def look(self) -> float:
        """Start what is due while there is room; return how many seconds to wait before the next look."""
        policy, role, now = self._policy(), self._around.role(), self._around.monotonic()
        with self._lock:
            if policy is not self._known or role != self._role:
                self._take(policy, role, now)
            self._give_up(now)
            due = sorted((one for one in self._lines.values() if one.next_at <= now), key=lambda one: one.next_at)
            for line in due:
                if len(self._out) >= MOST_AT_ONCE:
                    return _LOOK_SECONDS  # a check that ends stirs
                self._start(line, policy, now)
            self._tell_limit()
            following = min((one.next_at for one in self._lines.values()), default=now + _LOOK_SECONDS)
            return max(0.05, min(_LOOK_SECONDS, following - now))

    def samples(self) -> Tuple[Sample, ...]:
        """Return what was measured since the last call, and the account of bytes; nothing before any check is known."""
        with self._lock:
            found, self._samples = self._samples, []
            if not self._lines:
                return ()
            spending = self.spending
            return (
                *found,
                Sample(Series("machxa.checks.bytes"), spending.total_bytes),
                Sample(Series("machxa.checks.skipped"), spending.skipped),
            )

    def results(self) -> Dict[str, object]:
        """Return the last result of each check in a few words, for ``status``."""
        with self._lock:
            told = {line.check.id: line.words for line in self._lines.values() if line.words}
            if not told:
                return {}
            return {**told, "bytes_today": self.spending.used_bytes, "bytes_a_day": self.spending.day_bytes}

    def _take(self, policy: Policy, role: str, now: float) -> None:
        """Go over to a policy and a role; a check that is the same in both goes on as it was."""
        around, self._known, self._role, before = self._around, policy, role, self._lines
        self._lines = {}
        self.spending.day_bytes = GATEWAY_BYTES if role == "gateway" else PC_BYTES
        for check in policy.catalogue:
            if check.id in policy.checks and runs(check, role):
                old = before.get(check.id)
                if old is None or old.check != check:
                    pause = first_pause(around.agent, check.id, seconds_between(check, role))
                    old = _Line(check, now + pause)
                self._lines[check.id] = old

    def _start(self, line: _Line, policy: Policy, now: float) -> None:
        check, around = line.check, self._around
        line.next_at = next_on_grid(line.began, self._seconds(check), now)
        if check.id in self._out or check.id in self._given_up:
            return
        if not self.spending.may_spend(check.id, around.day()):
            return
        self._out[check.id] = now
        started = around.stamp()
        try:
            around.spawn(lambda: self._run_one(line, policy.hosts, started, now), "check " + check.id)
        except RuntimeError:  # no more threads just now; it never began, so it is not waited for
            del self._out[check.id]
            raise

    def _run_one(self, line: _Line, hosts: Tuple[str, ...], started: Stamp, began: float) -> None:
        tried: Optional[Tried] = None
        try:
            tried = self._ask(line.check, hosts)
        except Exception:  # one check must never end the others
            logger.exception("check %s broke", line.check.id)
        with self._lock:
            check = line.check.id
            if self._out.get(check) == began:
                del self._out[check]
                self._took(line, tried or Tried("dns", Stop.STUCK), started)
            else:  # it was given up meanwhile, and told
                self._given_up.pop(check, None)
        self._stirred.set()

    def _give_up(self, now: float) -> None:
        """Leave a check behind that does not come back; it is not started again before it does."""
        for check, began in list(self._out.items()):
            if now - began >= _STUCK_SECONDS:
                del self._out[check]
                self._given_up[check] = began
                line = self._lines.get(check)
                if line is not None:
                    self._took(line, Tried("dns", Stop.STUCK), self._around.stamp())

    def _took(self, line: _Line, tried: Tried, started: Stamp) -> None:
        check, around = line.check, self._around
        now = around.monotonic()
        self.spending.spent(check.id, tried.traffic_bytes, around.day())
        ahead = around.ahead_seconds()
        is_wrong = ahead is not None and abs(ahead) > _CLOCK_SECONDS
        verdict = judge(check, tried, portal=self._is_portal(now), is_clock_wrong=is_wrong)
        if check.kind == ANCHOR and verdict.state in (State.OK, State.PORTAL):
            self._portal = (verdict.state is State.PORTAL, now)
        self._samples = (self._samples + list(samples_of(check.id, tried, verdict)))[-2000:]
        line.words = words_of(tried, verdict)
        change, again = line.course.took(verdict, started)
        if change is not None:
            around.tell("check.state", attributes(check, change, tried), change.since)
        if again:
            line.next_at = now + second_pause(around.agent, check.id)
            if is_like_a_portal(verdict):
                self._ask_anchor(now)

    def _ask_anchor(self, now: float) -> None:
        for line in self._lines.values():
            is_recent = self._portal is not None and now - self._portal[1] < _ANCHOR_SECONDS
            if line.check.kind == ANCHOR and not is_recent:
                line.next_at = min(line.next_at, now)

    def _is_portal(self, now: float) -> Optional[bool]:
        anchors = [one.check for one in self._lines.values() if one.check.kind == ANCHOR]
        if self._portal is None or not anchors:
            return None
        lives = 2 * seconds_between(anchors[0], self._role)
        return self._portal[0] if now - self._portal[1] <= lives else None

    def _seconds(self, check: Check) -> float:
        return seconds_between(check, self._role) * self._stretch()

    def _stretch(self) -> float:
        return self.spending.stretch(
            (one.check.id, seconds_between(one.check, self._role)) for one in self._lines.values()
        )

    def _tell_limit(self) -> None:
        most = 1.1 if self._is_throttled else 1.2  # told once, not at every change of a page's size
        is_throttled = self._stretch() > most or not self.spending.has_room(self._around.day())
        if is_throttled != self._is_throttled:
            self._is_throttled = is_throttled
            told: Dict[str, Scalar] = {
                "limit": "bytes",
                "part": "checks",
                "state": "throttled" if is_throttled else "normal",
                "used_bytes": self.spending.used_bytes,
                "day_bytes": self.spending.day_bytes,
            }
            self._around.tell("machxa.limits", told, self._around.stamp())


class _Line:
    """Hold one check, when it is due, and how it goes."""

    def __init__(self, check: Check, first_at: float) -> None:
        self.check, self.began, self.next_at = check, first_at, first_at
        self.course, self.words = Course(), ""


def samples_of(check: str, tried: Tried, verdict: Verdict) -> Tuple[Sample, ...]:
    """Return the samples of one try: the phases that were measured, in milliseconds, and whether it was well."""
    named = (("check", check),)
    found = [
        Sample(
            Series("machxa.check.duration", (*named, ("phase", phase)), 1, _MILLISECONDS), round(took * _MILLISECONDS)
        )
        for phase, took in ((one, tried.seconds.get(one)) for one in PHASES)
        if took is not None
    ]
    if verdict.state is not State.UNKNOWN:
        found.append(Sample(Series("machxa.check.success", named), int(verdict.state is State.OK)))
    if tried.days_left is not None:
        found.append(Sample(Series("machxa.tls.days_left", named), tried.days_left))
    return tuple(found)


def attributes(check: Check, change: Change, tried: Tried) -> Mapping[str, Scalar]:
    """Return what is told of a transition."""
    verdict = change.verdict
    told: Dict[str, Scalar] = {
        "check": check.id,
        "system": check.system,
        "state": verdict.state.value,
        "reason": verdict.reason,
        "phase": verdict.phase,
        "was": None if change.was is None else change.was.value,
    }
    if tried.status is not None:
        told["http_status"] = tried.status
    if tried.redirect is not None:
        told["redirect"] = tried.redirect
    return told


def words_of(tried: Tried, verdict: Verdict) -> str:
    """Return a result in a few words."""
    why = f" ({verdict.phase}: {verdict.reason})" if verdict.reason else ""
    return f"{verdict.state.value}{why}, {tried.seconds.get('total', 0.0):.2f} s"

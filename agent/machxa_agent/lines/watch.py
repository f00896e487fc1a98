"""Watch the configured lines in one thread: four packets a minute to each host, the rest once a minute or less."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable, Dict, Optional, Sequence, Tuple

from machxa_agent import ping
from machxa_agent.lines import budget, dns, download, hop, igd, ssdp, together
from machxa_agent.lines.line import Line, Target
from machxa_agent.lines.state import FIRST_HOP, Counted, State
from machxa_agent.lines.transitions import Change, Transitions, judge
from machxa_agent.ping import Way
from machxa_agent.probes.probe import read_bytes
from machxa_wire.records import Sample

logger = logging.getLogger(__name__)
_ROUND_SECONDS = 15.0
_MINUTE = 4  # rounds
_ROUTER_MINUTES = 5  # between two questions to a router
_SEARCH_MINUTES = 60  # between two searches for one that was not found
_TIMEOUT_SECONDS = 3.0  # a packet over a satellite or a line that is full takes more than one
_TEST_SECONDS = 10.0
_AGAIN = 4  # packets more, at once, before a host that answered is called silent
_SYSTEM = "/sys/class/net"


class Reach:
    """Ask the network, each question once; tests put others in place of these."""

    def __init__(self, seconds: float = _TIMEOUT_SECONDS) -> None:
        """Prepare to wait so long for each answer."""
        self.may_ping = ping.may_ping()
        self._seconds = seconds

    def pings(self, targets: Sequence[Target], way: Way) -> Sequence[Optional[float]]:
        """Return the round trip to each in seconds, asked at once."""
        return together.pings(targets, way, self._seconds, by_icmp=self.may_ping)

    def hop(self, towards: str, way: Way) -> Optional[float]:
        """Return the round trip to the first hop behind the gateway."""
        found = hop.hop(towards, 2, self._seconds, way)
        return None if found is None else found[1]

    def resolve(self, server: str, name: str, way: Way) -> Optional[float]:
        """Return how long a DNS server takes; that it knows no such name is an answer."""
        return dns.ask(server, name, self._seconds, way)[1]

    def router(self, way: Way) -> Optional[igd.Control]:
        """Return where the router's counters are asked for."""
        return ssdp.find(3.0, way)

    def count(self, at: igd.Control, way: Way) -> Tuple[Optional[int], Optional[int]]:
        """Return the router's counters."""
        return ssdp.counters(at, way)

    def interface(self, name: str) -> Optional[Tuple[int, int]]:
        """Return an interface's own bytes, received and sent; None where they cannot be read."""
        try:
            received, sent = (read_bytes(f"{_SYSTEM}/{name}/statistics/{way}_bytes") for way in ("rx", "tx"))
            return int(received), int(sent)
        except (OSError, ValueError):
            return None

    def source(self, host: str, way: Way) -> Optional[str]:
        """Return the address from which packets to a host leave; nothing is sent."""
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
                ping.leave_by(link, way)
                link.connect((host, 9))
                return str(link.getsockname()[0])
        except OSError:
            return None

    def fetch(self, url: str, most_bytes: int, way: Way) -> download.Fetched:
        """Return how fast a file comes."""
        return download.fetch(url, most_bytes, _TEST_SECONDS, way)


class Watcher:
    """Watch lines: ``round`` every quarter of a minute, ``samples`` whenever they are wanted."""

    def __init__(
        self,
        lines: Sequence[Line],
        spent_file: Path,
        reach: Reach,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc).astimezone(),
    ) -> None:
        self._states = tuple(State(line) for line in lines)
        self._transitions = {line.name: Transitions() for line in lines}
        self._spent_file, self._spent = spent_file, _read(spent_file)
        self._reach, self._monotonic, self._now = reach, monotonic, now
        self._routers: Dict[str, Tuple[float, Optional[igd.Control]]] = {}
        self._rounds = 0
        self.may_test = True  # throughput: one of a unit's agents does, else it would cost twice
        self._broken: Dict[str, str] = {}  # by line, what is told once
        for state in self._states:
            state.tested_bytes = self._spent.get(state.line.name, budget.Spent()).used_bytes

    def samples(self) -> Tuple[Sample, ...]:
        """Return what is known of all lines."""
        return tuple(sample for state in self._states for sample in state.samples())

    def round(self) -> None:
        """Ask everything that is due; nothing that is asked can end the watching."""
        for state in self._states:
            self._guarded(state)
        self._rounds += 1

    def changes(self) -> Tuple[Tuple[str, Change], ...]:
        """Return the transitions that the last round settled, by line."""
        now, found = self._monotonic(), []
        for state in self._states:
            name = state.line.name
            known = self._transitions[name]
            change = known.take(judge(state.judged_by, known.state), now)
            found += [(name, change)] if change is not None else []
        return tuple(found)

    def run(self, over: threading.Event, told: Callable[[str, Change, float], None] = lambda *_: None) -> None:
        """Watch until it is over; told hears of each line's transitions, with the seconds since they became true."""
        waits = 0.0
        while not over.wait(waits):
            began = self._monotonic()
            self.round()
            for name, change in self.changes():
                told(name, change, self._monotonic() - change.at)
            waits = max(1.0, _ROUND_SECONDS - (self._monotonic() - began))

    def _guarded(self, state: State) -> None:
        try:
            self._packets(state)
            if self._rounds % _MINUTE == 0:
                self._minute(state, self._rounds // _MINUTE)
        except Exception as exc:  # one line must never end the watching of the other
            if self._broken.get(state.line.name) != repr(exc):
                self._broken[state.line.name] = repr(exc)
                logger.exception("watching line %s broke; it is tried again", state.line.name)

    def _packets(self, state: State) -> None:
        line = state.line
        answered = {name for name, one in state.tallies.items() if one.answers_at_all}
        for target, trip in zip(line.targets, self._reach.pings(line.targets, line.way)):
            state.pinged(target.name, trip)
        doubtful = [
            one for one in line.targets if one.name in answered and state.tallies[one.name].answers_at_all is False
        ]
        again = doubtful * _AGAIN  # on a line that loses packets four in a row are lost now and then
        for target, trip in zip(again, self._reach.pings(again, line.way)):
            state.pinged(target.name, trip)
        if line.first_hop_towards is not None:
            state.pinged(FIRST_HOP, self._reach.hop(line.first_hop_towards, line.way))

    def _minute(self, state: State, minute: int) -> None:
        line = state.line
        if line.resolver is not None:
            state.resolved(self._reach.resolve(line.resolver, line.resolved, line.way))
        if line.way.interface is not None:
            told = self._reach.interface(line.way.interface)
            state.counted_here(None if told is None else Counted(self._monotonic(), *told))
        if line.asks_router and minute % _ROUTER_MINUTES == 0:
            self._ask_router(state)
        if line.province is not None:
            used = self._reach.source(line.province.host, ping.ANY)
            state.is_used = None if used is None else used == self._reach.source(line.province.host, line.way)
        if line.test is not None and self.may_test:
            self._test(state)

    def _ask_router(self, state: State) -> None:
        line, now = state.line, self._monotonic()
        looked, router = self._routers.get(line.name, (None, None))
        if router is None and (looked is None or now - looked >= _SEARCH_MINUTES * 60):
            router = self._reach.router(line.way)
            self._routers[line.name] = (now, router)
        if router is None:
            return
        received, sent = self._reach.count(router, line.way)
        if received is None or sent is None:
            del self._routers[line.name]  # it may have another address or path after a restart: searched for next time
        else:
            state.counted_by_router(Counted(self._monotonic(), received, sent))

    def _test(self, state: State) -> None:
        test, name = state.line.test, state.line.name
        if test is None:
            return
        spent, now = self._spent.get(name, budget.Spent()), self._now()
        if budget.may_test(test, spent, now, state.busy_bytes_per_second) is not budget.Answer.NOW:
            return
        spent = budget.begun(test, spent, now)
        self._keep(name, spent)
        fetched = self._reach.fetch(test.url, test.test_bytes, state.line.way)
        spent = budget.settled(test, spent, fetched.got_bytes)
        self._keep(name, spent)
        state.bytes_per_second, state.tested_bytes = fetched.bytes_per_second, spent.used_bytes

    def _keep(self, name: str, spent: budget.Spent) -> None:
        """Write the account before and after each test; raises OSError, and then nothing is tested."""
        self._spent[name] = spent
        new = self._spent_file.with_suffix(".new")
        new.write_text(json.dumps({one: asdict(kept) for one, kept in self._spent.items()}), encoding="utf-8")
        os.replace(new, self._spent_file)  # noqa: PTH105 - one step, on Windows too


def _read(path: Path) -> Dict[str, budget.Spent]:
    """Return the accounts by line; a damaged file is none, and costs at most one more month's bytes."""
    if not path.exists():
        return {}
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        return {
            str(name): budget.Spent(str(one["month"]), int(one["used_bytes"]), str(one["last"]))
            for name, one in body.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        logger.warning("%s cannot be read, throughput tests begin anew: %s", path, exc)
        return {}

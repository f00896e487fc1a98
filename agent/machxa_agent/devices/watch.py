"""Watch a commune's devices from the running gateway: poll them in turn, and tell samples, facts and transitions."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Callable, Dict, Mapping, Optional, Protocol, Tuple

from machxa_agent import threads
from machxa_agent.devices.counted import Counted
from machxa_agent.devices.entry import Entry
from machxa_agent.devices.inventory import digest, inventory
from machxa_agent.devices.measured import absent, measured
from machxa_agent.devices.rounds import EVERY_SECONDS, Rounds
from machxa_agent.devices.state import UNREACHABLE, UNREADABLE, Condition, State, condition
from machxa_agent.snmp.device import Device
from machxa_agent.snmp.profiles import DeviceKind
from machxa_agent.snmp.walk import Complaint
from machxa_wire.records import Sample, Scalar

logger = logging.getLogger(__name__)

_AGAIN_SECONDS = 60.0  # a device that was silent once is asked again before it is told
_DAY_SECONDS = 24 * 3600.0
_SNMP_EVERY = 12  # polls: a printer that answers IPP alone is asked over SNMP once an hour
_IPP = "ipp"


class Answered(Protocol):
    """What came of one question, see machxa_agent.devices.asking."""

    @property
    def device(self) -> Device:
        """Return what the device is and how it is."""

    @property
    def via(self) -> str:
        """Return how it was asked."""

    @property
    def uuid(self) -> Optional[str]:
        """Return the UUID it told."""

    @property
    def complaints(self) -> Tuple[Complaint, ...]:
        """Return what it did that devices must not do."""


class Locked(Exception):
    """The device wants credentials that cannot be opened here."""


class Ask(Protocol):
    """Ask a device: what came of it, None for no answer; raises Locked."""

    def __call__(self, entry: Entry, known: Optional[DeviceKind], *, snmp_first: bool) -> Optional[Answered]:
        """Ask once."""


Tell = Callable[[str, Mapping[str, Scalar]], None]
TellFacts = Callable[[str, Mapping[str, object]], None]


@dataclass
class _Known:
    """Hold what is known of one device; one thread at a time touches it."""

    condition: Optional[Condition] = None
    kind: Optional[DeviceKind] = None
    via: Optional[str] = None
    silent: int = 0
    polls: int = 0
    counted: Counted = field(default_factory=Counted)
    digest: str = ""
    facts_at: float = 0.0


class Watch:
    """Poll until the process ends; ``samples`` hands over what came since the last time."""

    def __init__(
        self,
        ask: Ask,
        tell: Tell,
        tell_facts: TellFacts,
        *,
        every_seconds: float = EVERY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        spawn: threads.Spawn = threads.start,
    ) -> None:
        """Prepare; tell keeps an event, tell_facts keeps the facts of a device by its key."""
        self._ask, self._tell, self._tell_facts, self._clock = ask, tell, tell_facts, clock
        self._rounds: Rounds[Entry] = Rounds((), self._poll, every_seconds, clock, spawn)
        self._lock = threading.Lock()
        self._known: Dict[Entry, _Known] = {}
        self._samples: Dict[str, Tuple[Sample, ...]] = {}

    def watch(self, entries: Tuple[Entry, ...]) -> None:
        """Watch these devices from now on, and no others. Safe from any thread."""
        with self._lock:
            self._known = {one: self._known.get(one) or _Known() for one in entries}
        self._rounds.change(entries)

    def known(self) -> Tuple[Tuple[str, str, str], ...]:
        """Return key, kind (device while it is not known) and address of what is watched."""
        with self._lock:
            those = tuple(self._known.items())
        return tuple((one.key, known.kind.value if known.kind else "device", one.host) for one, known in those)

    def run(self) -> None:
        """Poll until ``stop``."""
        self._rounds.run()

    def stop(self) -> None:
        """Make ``run`` return."""
        self._rounds.stop()

    def look(self) -> None:
        """Start the polls that are due."""
        self._rounds.look()

    def samples(self) -> Tuple[Sample, ...]:
        """Return what the polls that ended since the last call measured, each device once."""
        with self._lock:
            taken, self._samples = self._samples, {}
        return tuple(sample for one in taken.values() for sample in one)

    def _poll(self, entry: Entry) -> Optional[float]:
        """Ask one device and tell what is new; return when to ask again, None for its next turn."""
        known = self._known.get(entry)
        if known is None:  # taken off the list meanwhile
            return None
        known.polls += 1
        snmp_first = known.via != _IPP or known.polls % _SNMP_EVERY == 0
        try:
            answered = self._ask(entry, known.kind, snmp_first=snmp_first)
        except Locked:
            self._become(entry, known, UNREADABLE)
            return None
        if answered is None:
            return self._silent(entry, known)
        known.silent, known.via = 0, answered.via
        known.kind = answered.device.identity.kind or known.kind
        device = answered.device
        known.counted.take(device.interfaces, device.identity.uptime_seconds)
        self._keep(entry, measured(entry.key, device, known.counted))
        if device.identity.kind is not None:  # before its state: by its facts the centre knows whose state it is
            self._facts(entry, known, answered)
        self._become(entry, known, condition(device, answered.complaints))
        return None

    def _silent(self, entry: Entry, known: _Known) -> Optional[float]:
        known.silent += 1
        if known.silent == 1:
            return _AGAIN_SECONDS
        self._keep(entry, absent(entry.key))
        self._become(entry, known, UNREACHABLE)
        return None

    def _keep(self, entry: Entry, samples: Tuple[Sample, ...]) -> None:
        with self._lock:
            if entry in self._known:
                self._samples[entry.key] = samples

    def _become(self, entry: Entry, known: _Known, now: Condition) -> None:
        """Tell a transition; the first condition is one."""
        before, known.condition = known.condition, now
        if now == before:
            return
        attributes: Dict[str, Scalar] = {
            "device": entry.key,
            "state": now.state.value,
            "reasons": ",".join(now.reasons),
            "was": before.state.value if before else None,
        }
        if known.kind is not None:
            attributes["kind"] = known.kind.value
        if now.complaints:
            attributes["complaints"] = "; ".join(one.value for one in now.complaints)
        if now.state is State.UNREACHABLE or (before and before.state is State.UNREACHABLE):
            logger.info("device %s is %s", entry.key, now.state.value)
        self._tell("device.state", attributes)

    def _facts(self, entry: Entry, known: _Known, answered: Answered) -> None:
        """Tell what the device is, on change and once a day."""
        body = inventory(answered.device, entry.host, answered.uuid)
        told = digest(body)
        now = self._clock()
        if told != known.digest or now - known.facts_at >= _DAY_SECONDS:
            known.digest, known.facts_at = told, now
            self._tell_facts(entry.key, body)

"""Put the agent together and run it until it is told to stop."""

from __future__ import annotations

import importlib.util
import logging
import random
import socket
import sys
import time
from dataclasses import replace
from typing import Mapping, Optional, Tuple

from machxa_agent import arrival, crash, facts_round, pages, parts, status, threads
from machxa_agent.attendant import Attendant
from machxa_agent.checks.start import Checks
from machxa_agent.clock import uptime_ms
from machxa_agent.cost import Cost
from machxa_agent.cost import Surroundings as Limited
from machxa_agent.identity import Boot, Identity, next_boot
from machxa_agent.link import Link
from machxa_agent.orders import Orders, by_signals
from machxa_agent.outbox.shelf import UnfitError
from machxa_agent.outbox.sqlite import SqliteOutbox
from machxa_agent.plan import Plan
from machxa_agent.presence.presence import Presence
from machxa_agent.probes.clock import clock_probe
from machxa_agent.probes.probe import Probe
from machxa_agent.renewal import Renewal
from machxa_agent.report.arrivals import Arrivals
from machxa_agent.report.desk import Around, Desk
from machxa_agent.runner import ProbeRunner
from machxa_agent.sampling import Sampler
from machxa_agent.version import VERSION
from machxa_agent.watchdog import Watchdog, last_end
from machxa_wire import roles
from machxa_wire.limits import WIRE_VERSION
from machxa_wire.records import Bye, Event, Facts, Hello, Sample, Scalar, Settings, Stamp

logger = logging.getLogger(__name__)

_SETTLED_BATCHES = 2  # after which everything a quiet agent does was done once
_FIRST_READING_SECONDS = 15.0
_LAST_READING_SECONDS = 15.0
_STUCK_SECONDS = 600.0  # without a heartbeat of a thread that had to give one


def run(plan: Plan, orders: Optional[Orders] = None) -> None:
    """Run the agent until told to end, by signals unless orders are given; raises CannotRunError, NotEnrolledError."""
    lock = arrival.alone(plan.folder)
    pages.one_arena()
    orders = by_signals() if orders is None else orders
    watchdog = Watchdog(plan.folder)
    threads.start(watchdog.run, "watchdog")
    identity = arrival.identity(plan, orders.stopping)
    if identity is not None:
        Agent(plan, identity, watchdog).run(orders)
    lock.release()


class Agent:
    """Hold the parts of one running agent; takes what the link hears."""

    def __init__(self, plan: Plan, identity: Identity, watchdog: Watchdog) -> None:
        """Put the parts together."""
        self._watchdog, self._cost = watchdog, Cost()
        self._folder = plan.folder
        self._identity = identity = arrival.with_broker(identity, plan.broker)
        self._batches, self._noted = 0, status.Noted(plan.folder)
        self._pages = pages.Pages()
        self._has_snmp = importlib.util.find_spec("pysnmp") is not None  # found, not loaded
        self._boot: Boot = next_boot(plan.folder, time.time(), time.monotonic())
        self.presence = Presence(plan.folder, self._boot, self.event)
        self._outbox = SqliteOutbox(
            plan.folder / "outbox.db",
            stamp=self.stamp,
            monotonic_ms=lambda: int(time.monotonic() * 1000),
            new_stream=lambda: f"{random.SystemRandom().getrandbits(64):016x}",
        )
        ways = parts.ways(self, identity, plan)
        boot = self._boot.name
        self._link = Link(identity, self._outbox, self._hello, self, boot=boot, random=random.random, ways=ways)
        self._link.monotonic = watchdog.heart("link", lambda: _STUCK_SECONDS)
        self._role = parts.unit_role(self, self._link.ways, plan)
        centre_s = self._link.downlink.centre_s
        self._checks = Checks(identity.address.agent, self.duty, lambda: self._config.policy, self, centre_s)
        beside = (clock_probe(centre_s), self._checks.probe, self._cost.probe())
        probes = (*plan.probes, *self._role.works.probes, *beside)
        self._runner = ProbeRunner(probes, tell=self.event, may_read=self._cost.limits.may_read)
        self._facts = facts_round.FactsRound(
            plan.folder / "facts.json",
            self._outbox,
            self.stamp,
            after_facts=self._link.wake,
            software=plan.software,
        )
        self._renewal = Renewal(plan.folder, identity, self._link.downlink.centre_s)
        self._config = parts.configuration(self, plan)
        self._desk = Desk(plan.window or plan.folder / "window", self._outbox, self._around(plan, probes))
        self._sampler = Sampler(
            self._read,
            self._outbox,
            self.stamp,
            self._config.current,
            after_batch=self._batch_made,
            between=self._between,
            monotonic=watchdog.heart("sampler", lambda: self._worked_by().sample_seconds + _STUCK_SECONDS),
        )
        self._arrivals = Arrivals(self._sampler.nudge, self._link.waker)
        self._cost.around = Limited(
            caps=lambda: parts.caps(self._role.order.role, plan.caps, self._config.policy),
            window=self._link.window,
            apply=lambda: self._sampler.change(self._worked_by()),
            tell=self.event,
            beyond=lambda: watchdog.give_up("memory"),
        )

    def run(self, orders: Orders) -> None:
        """Run until ordered to end."""
        orders.attend(Attendant(self.presence, self._link.stop, self.event, self._outbox, self.stamp))
        self.presence.begin()
        self.event("machxa.agent.start", {"version": VERSION, "boot": self._boot.name})
        for ended in last_end(self._folder):
            self.event("machxa.watchdog", ended)
        self._watchdog.poke, self._watchdog.also = self._link.wake, self._cost.look
        self._config.begin()
        self._role.works.tell_facts(self.device_facts)
        self._role.begin()
        self._facts.look(urgent=self._boot.is_new)
        threads.start(self._sampler.run, "sampler")
        self._sampler.has_read.wait(_FIRST_READING_SECONDS)
        try:
            self._link.run(self._farewell)
        finally:
            self._watchdog.stop()
            self._config.close()
            self._role.close()
            self._sampler.stop()
            self._arrivals.close()
            self._outbox.close()
            self._note("stopped")

    def stamp(self) -> Stamp:
        """Return what the clocks say now."""
        return Stamp(self._boot.name, int(time.time() * 1000), uptime_ms())

    def settings(self, payload: bytes) -> None:
        """Take settings from the collector; raises Refused."""
        self._config.offer_settings(payload)

    def policy(self, payload: bytes) -> None:
        """Take a policy, signed offline, from the collector; raises Refused."""
        self._config.offer_policy(payload)

    def notice(self, payload: bytes) -> None:
        """Take what the centre knows, for the report window; raises Refused."""
        self._desk.notice(payload)
        self._sampler.nudge()

    def role(self, payload: bytes) -> None:
        """Take an order of a role from the collector; raises Refused."""
        self._role.offer(payload)

    def duty(self) -> str:
        """Return whose work this agent does just now: a gateway's while it is on duty, else a PC's."""
        return roles.GATEWAY if self._role.on_duty else roles.PC

    def change_role(self, role: str) -> None:
        """Connect as another role: its keepalive is another."""
        self._link.ways.role = role
        self._link.wake()

    def change(self, settings: Settings) -> None:
        """Work by other settings, less often while a limit is exceeded."""
        self._sampler.change(self._cost.limits.settings(settings))

    def readings(self) -> int:
        """Return how many readings were kept since the start."""
        return self._sampler.readings

    def is_connected(self) -> bool:
        """Return whether the link is up."""
        return self._link.state.startswith("connected to")

    def whole_facts(self) -> None:
        """Send the facts in whole."""
        self._facts.send_whole()

    def event(self, name: str, attributes: Mapping[str, Scalar], ago_seconds: float = 0.0) -> None:
        """Keep an event that became true so many seconds ago; it goes at once."""
        stamp = self.stamp()
        if ago_seconds > 0:
            ago_ms = min(int(ago_seconds * 1000), stamp.mono)
            stamp = replace(stamp, time=stamp.time - ago_ms, mono=stamp.mono - ago_ms)
        self._outbox.add(lambda place: Event(place, stamp, name, attributes))
        if name == "machxa.role":
            self._note(self._link.state)
        self._link.wake()

    def device_facts(self, key: str, facts: Mapping[str, object]) -> None:
        """Keep the facts of a device that this agent asks for its unit."""
        stamp = self.stamp()
        try:
            self._outbox.add(lambda place: Facts(place, stamp, facts, device=key))
        except UnfitError as exc:
            logger.error("facts of device %s are not sent: %s", key, exc)  # noqa: TRY400 - says it all
        self._link.wake()

    def link_state(self, state: str) -> None:
        """Write the link's new state down for ``status``."""
        self._note(state)

    def _read(self) -> Tuple[Sample, ...]:
        """Return a reading, and tell of a sleep before it."""
        self._pages.is_due = True
        self.presence.look()
        return self._runner.cycle()

    def _between(self) -> None:
        self._watchdog.nudge()
        self._desk.look()
        self._sampler.is_told = self._arrivals.are_told(self._desk.drop) and not self._desk.is_waiting
        self._pages.give_back()  # last: what runs after it takes pages back

    def _batch_made(self) -> None:
        self._batches += 1
        self._pages.sends = True
        self.presence.beat()
        if self._batches == _SETTLED_BATCHES:
            self._pages.settle()
        self._facts.look(urgent=False)
        self._renewal.look(connected=self._link.state.startswith("connected"))
        self._note(self._link.state)
        self._link.wake()

    def _hello(self) -> Hello:
        depth = self._outbox.depth()
        versions = {"agent": VERSION, "wire": str(WIRE_VERSION), "python": sys.version.split()[0]}
        versions.update(self._config.versions())
        versions["role"] = str(self._role.order.version)
        if self._has_snmp:
            versions["snmp"] = "installed"
        return Hello(
            stamp=self.stamp(),
            stream=depth.stream or "0" * 16,
            high=depth.high,
            waiting_records=depth.waiting_records + depth.held,
            waiting_bytes=depth.waiting_bytes,
            role=self._role.order.role,
            path=self._link.ways.path,
            lan=self._link.ways.lan,
            versions=versions,
            newest=self._sampler.newest,
            dropped=depth.dropped,
            fault=None if depth.fault is None else depth.fault[:200],
        )

    def _farewell(self) -> None:
        """End sampling and put the good-bye behind the last reading, on the disk before it is sent."""
        self._sampler.stop()
        self._sampler.has_ended.wait(_LAST_READING_SECONDS)
        reason, stamp = self.presence.farewell(), self.stamp()
        self._outbox.add(lambda place: Bye(place, stamp, reason))
        crash.reached("agent_after_bye_before_send")

    def _worked_by(self) -> Settings:
        return self._cost.limits.settings(self._config.current)

    def _around(self, plan: Plan, probes: Tuple[Probe, ...]) -> Around:
        return Around(
            stamp=self.stamp,
            tell=self.event,
            wake=self._link.wake,
            newest=lambda: self._sampler.newest,
            is_connected=self.is_connected,
            checks=lambda: self._config.policy.checks,
            probes=tuple(one.name for one in probes),
            device=socket.gethostname(),
            software=plan.software,
        )

    def _note(self, link: str) -> None:
        self._noted.note(
            {
                "agent": self._identity.address.agent,
                "version": VERSION,
                "boot": self._boot.name,
                "link": link,
                "path": self._link.ways.path,
                "role": self._role.order.role,
                "on_duty": self._role.on_duty,
                "fault": self._outbox.depth().fault,
                "limits": self._cost.limits.throttled,
                **self._config.versions(),
                "certificate_ends_at": self._renewal.ends_at,
                "checks": self._checks.results(),
            }
        )

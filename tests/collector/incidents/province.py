"""Build a small province for the tests of judgement, and speak for its agents in short words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from machxa_collector.incidents.fleet import Asset, Fleet, Planned, Report, Site, System
from machxa_collector.incidents.judge import SITE_RULES, Judge, SiteRule
from machxa_collector.incidents.rules import Rules
from machxa_collector.incidents.severity import Judgement, by_layer
from machxa_collector.incidents.words import Owner, Role
from machxa_collector.registry.calendar import Calendars, UnitRows, vietnam
from machxa_wire.records import Bye, Event, Hello, Place, Presence, Record, Samples, Scalar, Series, Stamp

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
TEN = int(datetime(2026, 3, 10, 3, tzinfo=UTC).timestamp() * 1000)  # a Tuesday, ten in the morning in Vietnam
NATION = vietnam()
_STREAM = "0123456789abcdef"
_ROLES = {1: Role.GATEWAY, 2: Role.STANDBY}


def fleet(
    providers: tuple[str, ...], *, pcs: int = 4, planned: tuple[Planned, ...] = (), remote: bool = False
) -> Fleet:
    """Return a site for each provider, in a row 5 km apart, with a printer each and two systems."""
    sites = tuple(
        Site(
            code=f"{number:05}",
            name=f"Xã {number}",
            province="86",
            providers={"internet": provider},
            latitude=10.0,
            longitude=106.0 + number * 0.045,
            remote=remote,
        )
        for number, provider in enumerate(providers)
    )
    computers = tuple(
        Asset(id=f"{site.code}/pc{n}", unit=site.code, role=_ROLES.get(n, Role.PC), agent=f"{site.code}-{n}")
        for site in sites
        for n in range(1, pcs + 1)
    )
    printers = tuple(
        Asset(id=f"{site.code}/printer", unit=site.code, role=Role.PRINTER, keys=(f"{site.code}-p",)) for site in sites
    )
    systems = (
        System(id="dossier", owner=Owner.PROVINCE, checks=("dossier",), takes_dossiers=True),
        System(id="civil", owner=Owner.NATION, checks=("civil",)),
    )
    return Fleet(sites=sites, assets=(*computers, *printers), systems=systems, planned=planned)


def in_roles(known: Fleet, roles: Mapping[str, Role]) -> Fleet:
    """Return the fleet with some agents in other roles."""
    return replace(known, assets=tuple(replace(one, role=roles.get(one.agent or "", one.role)) for one in known.assets))


class Town:
    """Drive a judge: the clock moves with what is said; every agent's clock stands right."""

    def __init__(
        self,
        known: Fleet,
        *,
        start: int = TEN,
        severity: Judgement = by_layer,
        site_rules: tuple[tuple[str, SiteRule], ...] = SITE_RULES,
        rules: Rules | None = None,
    ) -> None:
        """Connect all agents; each has been on for an hour."""
        rows = {site.code: UnitRows(province="86") for site in known.sites}
        self.fleet = known
        self.judge = Judge(known, rules or Rules(), Calendars(NATION, {}, rows), severity, site_rules)
        self.now = start
        self.boots = {asset.agent: ("b1", start - HOUR) for asset in known.assets if asset.agent}
        self.roles: dict[str, str] = {}  # as what agents say that they are connected; older ones do not say
        self._seq = 0
        for agent in self.boots:
            self.connect(agent)
        self.tick()

    def restart(self) -> None:
        """Let the collector start anew, with what was kept; nobody has been heard yet."""
        rows = {site.code: UnitRows(province="86") for site in self.fleet.sites}
        kept = self.judge.keep()
        self.judge = Judge(self.fleet, Rules(), Calendars(NATION, {}, rows), kept=kept)

    def stamp(self, agent: str, at: int) -> Stamp:
        """Return an agent's stamp of a moment in its newest boot."""
        boot, booted = self.boots[agent]
        return Stamp(boot=boot, time=at, mono=at - booted)

    def connect(self, agent: str, *, waiting: int = 0) -> None:
        """Let an agent connect now."""
        self.say(agent, Presence("on", self.boots[agent][0], self.roles.get(agent)))
        self.say(agent, Hello(self.stamp(agent, self.now), _STREAM, self._seq, waiting, 0, "pc", {}, None))

    def reboot(self, agent: str, ended: str) -> None:
        """Let an agent's computer start now, knowing how its last boot ended."""
        self.boots[agent] = (f"{self.boots[agent][0]}+", self.now)
        self.connect(agent)
        self.event(agent, "system.boot", {"boot": self.boots[agent][0], "ended": ended})

    def say(self, agent: str, record: Record | Presence) -> None:
        """Let the judge hear a record now."""
        self.judge.hear(agent, record, self.now)

    def event(self, agent: str, name: str, said: dict[str, Scalar], at: int | None = None) -> None:
        """Let an agent tell of something that became true at a moment, now by default."""
        self._seq += 1
        moment = self.now if at is None else at
        self.say(agent, Event(Place(_STREAM, self._seq), self.stamp(agent, moment), name, said))

    def sample(self, agent: str, name: str, value: int, at: int | None = None, **labels: str) -> None:
        """Let an agent send one reading."""
        self._seq += 1
        pairs = tuple(sorted((key.replace("__", "."), label) for key, label in labels.items()))
        stamp = self.stamp(agent, self.now if at is None else at)
        self.say(agent, Samples(Place(_STREAM, self._seq), stamp, (0,), (Series(name, pairs),), ((value,),)))

    def bye(self, agent: str, reason: str = "shutdown") -> None:
        """Let an agent say good-bye."""
        self._seq += 1
        self.say(agent, Bye(Place(_STREAM, self._seq), self.stamp(agent, self.now), reason))
        self.say(agent, Presence("off", self.boots[agent][0], self.roles.get(agent)))

    def lose(self, *agents: str) -> None:
        """Let the broker publish their wills now."""
        for agent in agents:
            self.say(agent, Presence("lost", self.boots[agent][0], self.roles.get(agent)))
        self.tick()

    def darken(self, unit: str) -> None:
        """Let gateway and standby of a site be missed."""
        self.lose(f"{unit}-1", f"{unit}-2")

    def check(self, unit: str, system: str, state: str, at: int | None = None) -> None:
        """Let a site's gateway tell what a system does."""
        self.event(f"{unit}-1", "check.state", {"check": system, "system": system, "state": state}, at)

    def line(self, unit: str, state: str, at: int | None = None, line: str = "internet") -> None:
        """Let a site's gateway tell what its line does."""
        self.event(f"{unit}-1", "line.state", {"line": line, "state": state}, at)

    def report(self, number: int, unit: str, **said: str | bool) -> None:
        """Let a person report now."""
        self.judge.report(Report(id=f"r{number}", unit=unit, at=self.now, **said))  # type: ignore[arg-type]  # words of a table
        self.tick()

    def tick(self) -> None:
        """Let time be judged as it stands."""
        self.judge.tick(self.now)

    def wait(self, minutes: float, step_s: int = 10) -> None:
        """Let time pass."""
        end = self.now + round(minutes * MINUTE)
        while self.now < end:
            self.now = min(end, self.now + step_s * 1000)
            self.tick()

    def told(self) -> list[tuple[str, str]]:
        """Return causes and subjects of the incidents, in their order."""
        return [(one.cause.value, one.subject) for one in self.judge.incidents()]


def ago(town: Town, moment: int) -> float:
    """Return how many minutes ago a moment was."""
    return (town.now - moment) / MINUTE

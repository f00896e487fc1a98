"""Give each site's word on each system to the votes: which agent speaks for it, and whether it may. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from machxa_collector.incidents.context import Context
from machxa_collector.incidents.fleet import Fleet
from machxa_collector.incidents.hours import SystemHours
from machxa_collector.incidents.site import SiteWatch
from machxa_collector.incidents.system import SystemWatch
from machxa_collector.incidents.vote import BAD
from machxa_collector.watch.baseline import Baselines
from machxa_collector.watch.errors import Errors
from machxa_collector.watch.pagetimes import PageTimes
from machxa_collector.watch.standing import Standing
from machxa_wire.records import Event, Samples

_CUT = ("down", "degraded", "saturated")
_WORDS = frozenset({"ok", *BAD})


class Seen:
    """Hold one agent's checks of one system: where it stands, and when a check last failed."""

    __slots__ = ("bad_at", "standing")

    def __init__(self, standing: Standing) -> None:
        """Begin with a word."""
        self.standing = standing
        self.bad_at = 0


class Voting:
    """Follow the checks of all sites. Times are milliseconds since 1970 UTC."""

    def __init__(self, fleet: Fleet) -> None:
        """Take the systems; nothing is checked yet."""
        self.systems = {(one.id, one.province or ""): SystemWatch(one) for one in fleet.systems}
        self._of_check = {check: one.id for one in fleet.systems for check in one.checks}
        self._several = {one.id for one in fleet.systems if one.province is not None}
        self._seen: dict[str, dict[str, dict[str, Seen]]] = {}  # by unit, system, agent
        self.errors: dict[str, Errors] = {}  # by unit, of all its systems; none before a check failed
        self.hours = SystemHours()
        self.pages = PageTimes()
        self.baselines = Baselines()
        self.clear_since: dict[str, int] = {}  # since when a unit's own line is well

    def forget(self, unit: str) -> None:
        """Take back all that a site said: nothing is watched there any more."""
        for watch in self.systems.values():
            watch.withdraw(unit)
        for held in (self._seen, self.errors, self.clear_since):
            held.pop(unit, None)

    def forget_agents(self, site: SiteWatch) -> None:
        """Take back what agents said that stand at a site no more."""
        for agents in self._seen.get(site.site.code, {}).values():
            for agent in agents.keys() - site.agents.keys():
                del agents[agent]

    def of(self, site: SiteWatch, system: str) -> SystemWatch | None:
        """Return the system that a site means by an id."""
        return self.systems.get((system, site.site.province if system in self._several else ""))

    def hear(self, site: SiteWatch, agent: str, event: Event, at: int) -> SystemWatch | None:
        """Take a check's transition; return the system it is about."""
        said = event.attributes
        name = self._of_check.get(str(said.get("check")), str(said.get("system")))
        watch = self.of(site, name)
        if watch is None:
            return None
        state = str(said.get("state"))
        agents = self._seen.setdefault(site.site.code, {}).setdefault(name, {})
        seen = agents.get(agent)
        if seen is None:
            seen = agents[agent] = Seen(Standing(state, at))
        else:
            seen.standing.take(state, at)
        if state in BAD:
            seen.bad_at = max(seen.bad_at, at)
        return watch

    def hear_samples(
        self, site: SiteWatch, agent: str, batch: Samples, start: int, ctx: Context
    ) -> Iterator[SystemWatch]:
        """Take the checks' results of a batch; yield the systems whose votes may be others by them."""
        clear = self.clear_since.get(site.site.code)
        if clear is None or not self._may(site, ctx.now):
            return
        clear = max(clear, site.agents[agent].since or 0)  # it may have been cut off alone
        counted: dict[str, tuple[dict[int, bool], set[int]]] = {}
        for series, column in zip(batch.series, batch.columns, strict=False):
            kind = _KINDS.get(series.name)
            if kind is None:
                continue
            labels = dict(series.labels)
            if kind == "duration" and labels.get("phase") != "total":
                continue
            name = self._of_check.get(labels.get("check", ""))
            watch = self.of(site, name) if name is not None else None
            if watch is None or name is None:
                continue
            points = [
                (start + offset * 1000, value * series.multiplier / series.divisor)
                for offset, value in zip(batch.at, column, strict=False)
                if value is not None
            ]
            fresh = [(at, value) for at, value in points if at >= clear]
            if kind == "success":
                self._take_results(site, agent, name, watch, fresh)
            else:
                self._take_pages(site, agent, labels["check"], fresh)
            if self._speaks(site, name) == agent:
                self._speak(site, watch, fresh, counted.setdefault(name, ({}, set())), ctx, kind)
            if fresh:
                yield watch
        for name, (well, slow) in counted.items():
            self.hours.take(name, site.site.code, well, slow, ctx.now)

    def vote(self, site: SiteWatch, watch: SystemWatch, now: int) -> bool:
        """Give a site's word on a system; return whether it is another than before."""
        unit = site.site.code
        if not self._may(site, now):
            return watch.withdraw(unit)
        agent = self._speaks(site, watch.system.id)
        seen = self._seen.get(unit, {}).get(watch.system.id, {}).get(agent or "")
        if seen is None or seen.standing.state not in _WORDS:
            return watch.withdraw(unit)
        standing = seen.standing
        clear = self.clear_since.get(unit, 0)
        if standing.state in BAD and max(standing.since, seen.bad_at) < clear:
            return watch.withdraw(unit)  # it failed while the site's own line was cut
        since = max(standing.since, clear) if standing.state in BAD else standing.since
        return watch.vote(unit, standing.state, since, site.provider or "")

    def vote_all(self, site: SiteWatch, now: int) -> list[SystemWatch]:
        """Give a site's word on all its systems; return those on which it is another."""
        known = self._seen.get(site.site.code, {})
        watches = [watch for name in known if (watch := self.of(site, name)) is not None]
        return [watch for watch in watches if self.vote(site, watch, now)]

    def failing(self, site: SiteWatch) -> dict[str, tuple[str, int]]:
        """Return the systems that a site finds bad while its line is well, with the word and since when."""
        unit = site.site.code
        return {
            watch.system.id: (vote.state, vote.since)
            for name in self._seen.get(unit, ())
            if (watch := self.of(site, name)) is not None
            and (vote := watch.votes.get(unit)) is not None
            and vote.state in BAD
        }

    def checked(self, site: SiteWatch) -> int:
        """Return on how many systems a site votes."""
        unit = site.site.code
        watches = (self.of(site, name) for name in self._seen.get(unit, ()))
        return sum(watch is not None and unit in watch.votes for watch in watches)

    def _take_pages(self, site: SiteWatch, agent: str, check: str, points: list[tuple[int, float]]) -> None:
        for at, value in points:
            self.pages.take(site.site.code, agent, check, at, value)
            self.baselines.take(check, at, value)

    def _speak(
        self,
        site: SiteWatch,
        watch: SystemWatch,
        points: list[tuple[int, float]],
        counted: tuple[dict[int, bool], set[int]],
        ctx: Context,
        kind: str,
    ) -> None:
        """Take what the site's speaker found: whether each try was well, and which were slow."""
        well, slow = counted
        unit = site.site.code
        if kind == "success":
            well.update((at, value >= 1) for at, value in points)
            return
        for at, value in points:
            watch.page(unit, at, value, ctx)
            if watch.is_slow(unit):
                slow.add(at)

    def _take_results(
        self, site: SiteWatch, agent: str, name: str, watch: SystemWatch, points: list[tuple[int, float]]
    ) -> None:
        seen = self._seen.get(site.site.code, {}).get(name, {}).get(agent)
        for at, value in points:
            if value < 1 and seen is not None:
                seen.bad_at = max(seen.bad_at, at)
            watch.errors.take(site.site.code, at, failed=value < 1)
            own = self.errors.get(site.site.code)
            if own is None and value < 1:
                own = self.errors[site.site.code] = Errors()
            if own is not None:
                own.take(name, at, failed=value < 1)

    def _may(self, site: SiteWatch, now: int) -> bool:
        """Tell whether a site may vote: it is heard, tells of now, and its own line is well."""
        if site.dark is not None or not site.linked or site.drains(now):
            return False
        line = site.lines.get(site.internet)
        return line is None or line.state not in _CUT

    def _speaks(self, site: SiteWatch, system: str) -> str | None:
        """Return the agent that speaks for a site: its gateway, else the standby, else another that is heard."""
        agents = self._seen.get(site.site.code, {}).get(system, {})
        linked = [name for name in agents if site.agents[name].linked]
        return min(linked, key=lambda name: (_RANK.get(site.by_agent[name].role.value, 2), name), default=None)


_KINDS = {"machxa.check.duration": "duration", "machxa.check.success": "success"}
_RANK = {"gateway": 0, "standby": 1}
METRICS = frozenset(_KINDS)

"""Judge a fleet from its agents' records, people's reports and the passing of time. Pure: no clock, chance or I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from machxa_collector.incidents import voting
from machxa_collector.incidents.agenda import Agenda, may_wait, trace
from machxa_collector.incidents.being import presence_of
from machxa_collector.incidents.below import take_in_devices
from machxa_collector.incidents.book import Book
from machxa_collector.incidents.channel_rule import judge_channels
from machxa_collector.incidents.context import Context, Plans
from machxa_collector.incidents.finding import Found, Key
from machxa_collector.incidents.fleet import Fleet, Report
from machxa_collector.incidents.grouping import Grouping
from machxa_collector.incidents.guard import Guard
from machxa_collector.incidents.incident import Defect, Incident, Notice
from machxa_collector.incidents.keeping import Kept, kept_of, restore
from machxa_collector.incidents.pc_rules import judge_computers, judge_devices, judge_signs
from machxa_collector.incidents.reach_rule import judge_reach
from machxa_collector.incidents.reporting import report_of
from machxa_collector.incidents.rules import Rules
from machxa_collector.incidents.severity import Judgement, by_layer
from machxa_collector.incidents.site import SiteWatch
from machxa_collector.incidents.site_rules import follow_darkness, judge_site
from machxa_collector.incidents.system import SystemWatch
from machxa_collector.incidents.voting import Voting
from machxa_collector.incidents.watching import Joined, Watching
from machxa_collector.incidents.weighing import Weighing
from machxa_collector.incidents.witnesses import Witnesses
from machxa_collector.incidents.worktime import WorkTime
from machxa_collector.registry.calendar import Calendars
from machxa_collector.watch import signs
from machxa_collector.watch.presence import Presence, State
from machxa_wire.records import Event, Record, Samples
from machxa_wire.records import Presence as Here

_AGAIN_MS = 60_000  # what is open is looked at so often
_DAY_MS = 86_400_000
_SETTLE_MS = 180_000  # after a restart: wills and hellos come within this
METRICS = frozenset({*signs.METRICS, *voting.METRICS})  # of samples nothing else is read
SiteRule = Callable[[SiteWatch, Context], Found]
SITE_RULES: tuple[tuple[str, SiteRule], ...] = (
    ("site", judge_site),
    ("computers", judge_computers),
    ("devices", judge_devices),
    ("signs", judge_signs),
)


class Judge:
    """Know what is wrong, where and since when. All times are milliseconds since 1970 UTC. Use from one thread.

    Records are heard as the intake committed them, in each agent's order; tick judges what changed or is due.
    """

    def __init__(
        self,
        fleet: Fleet,
        rules: Rules,
        calendars: Calendars,
        severity: Judgement = by_layer,
        site_rules: tuple[tuple[str, SiteRule], ...] = SITE_RULES,
        kept: Kept | None = None,
    ) -> None:
        """Begin with nothing heard; units without a calendar have no working time.

        kept is what ``keep`` gave before a restart. After it, let the judge hear again what stands: each agent's
        presence as of when it first came, and the newest stored transition of each line, neighbour, device and check.
        """
        self._rules = rules
        self._work = WorkTime(calendars)
        self._plans = Plans(fleet.planned)
        self._site_rules = site_rules
        self._watching = Watching(fleet)
        self.voting = Voting(fleet)
        self._grouping = Grouping(fleet.sites)
        self.guard = Guard()
        self._weighing = Weighing(fleet, rules, self._work, self._plans, severity, self.guard)
        self._book = Book(self._weighing.weigh, self._weighing.hold_ms)
        self._witnesses = Witnesses(self._watching, self._book, self.voting)
        self._agenda = Agenda()
        self._dirty_systems: set[tuple[str, str]] = set()
        self._news: set[str] = set()  # units whose spells of darkness are known better
        self._dead_channels: Mapping[str, int] = {}
        self._looked_at = 0
        self._forgot_at = 0
        self._now = 0
        self.unknown_agents = 0
        self._restored = kept is not None
        if kept is not None:
            restore(kept, self._book, self._watching.sites, self.voting.systems)

    def carry_on(self, fleet: Fleet) -> Joined | None:
        """Watch another fleet from now on; return what is new, of whose past ``hear_past`` waits to be told.

        What is known of all that stays is kept. None, and nothing changed, where that cannot be told from what was
        heard: another catalogue of systems, another provider of a unit. Then the judgement has to begin anew.
        """
        if not self._watching.can_become(fleet):
            return None
        joined = self._watching.become(fleet)
        self._plans = Plans(fleet.planned)
        self._weighing.become(fleet, self._plans)
        self._grouping.become(fleet.sites, joined.gone, self._now)
        for unit in joined.gone:
            self._agenda.forget(unit)
            self._news.discard(unit)
            self.voting.forget(unit)
            for scope in self._scopes(unit):
                self._book.reconcile(scope, Found(), self._now)
        for unit in joined.changed:
            self.voting.forget_agents(self._watching.sites[unit])
        self._agenda.mark(*joined.changed)
        return joined

    def hear_past(self, joined: Joined, agent: str, record: Record | Here, received_at: int) -> None:
        """Take what an agent of ``joined.ask`` said before it, or an asset it spoke of, was known where it is now."""
        if agent in joined.agents:
            self.hear(agent, record, received_at)
        elif isinstance(record, Event) and (unit := self._watching.unit_of.get(agent)) is not None:
            site = self._watching.sites[unit]
            again = partial(site.hear_again, agent, record, received_at, joined.assets)
            self.guard.run("hear", unit, received_at, again)

    def hear(self, agent: str, record: Record | Here, received_at: int) -> None:
        """Take one record of an agent, or its presence on the broker; those of an unknown agent are only counted."""
        unit = self._watching.unit_of.get(agent)
        if unit is None:
            self.unknown_agents += 1
            return
        self._now = max(self._now, received_at)
        site = self._watching.sites[unit]
        is_calm = isinstance(record, Samples) and self._agenda.is_calm(unit)
        before = trace(site, self.voting, agent) if is_calm else None
        self.guard.run("hear", unit, received_at, lambda: self._hear(site, agent, record, received_at))
        if before is None or unit in self._news or trace(site, self.voting, agent) != before:
            self._agenda.mark(unit)

    def report(self, report: Report) -> None:
        """Take one report of a person that came otherwise than as an agent's ``human.report``."""
        self._witnesses.report(report)

    def confirm(self, report: Report) -> None:
        """Take that a colleague stands by a report that was heard before."""
        self._witnesses.confirm(report)

    def tick(self, now: int) -> None:
        """Judge what changed or is due; now never goes back."""
        self._now = now = max(now, self._now)
        if self._restored:
            self._restored = False
            self._book.settled_at = now + _SETTLE_MS
            self._grouping.restore(self._book, now)
            self.look_at_all()
        if self._book.settled_at and now >= self._book.settled_at:
            self._book.settled_at = 0
            self.look_at_all()
        ctx = Context(rules=self._rules, work=self._work, plans=self._plans, now=now)
        for unit in self._agenda.take(now):
            self.guard.run("unit", unit, now, partial(self._judge_unit, self._watching.sites[unit], ctx))
        self.guard.run("outages", "", now, lambda: self._grouping.judge(self._book, self._watching.sites, ctx))
        if now - self._looked_at >= _AGAIN_MS:
            self._looked_at = now
            self._dirty_systems |= {key for key, watch in self.voting.systems.items() if watch.wants_look(now)}
        systems, self._dirty_systems = self._dirty_systems, set()
        for key in sorted(systems):
            watch = self.voting.systems[key]
            self.guard.run("system", key[0], now, partial(self._judge_system, watch, ctx))
        self.guard.run("reports", "", now, lambda: self._witnesses.judge(ctx))
        channels = judge_channels(self._dead_channels)
        self.guard.run("channels", "", now, lambda: self._book.reconcile(("channels",), channels, now))
        self.guard.run("tell", "", now, lambda: self._book.tell(now))
        if now - self._forgot_at > _DAY_MS:
            self._forgot_at = now
            self._book.forget(now)

    def look_at_all(self) -> None:
        """Judge everything at the next tick, as after a start."""
        self._agenda.mark(*self._watching.sites)
        self._dirty_systems |= set(self.voting.systems)

    def blind(self, since: int | None) -> None:
        """Say that the centre itself is cut off since a moment, or with None that it hears again."""
        self._grouping.blind(since, self._now)

    def undelivered(self, dead: Mapping[str, int]) -> None:
        """Say which channels to people are dead, and since when; from the next tick on."""
        self._dead_channels = dead

    def incidents(self) -> Sequence[Incident]:
        """Return those open and ended that nothing else explains, in the order they were noticed."""
        roots = [case.shown() for case in self._book if case.parent is None and not case.hidden]
        return sorted(roots, key=lambda one: (one.noticed_at, -len(one.units), one.started_at, one.subject))

    def absorbed(self) -> Sequence[Incident]:
        """Return those that another explains; merged_into names it."""
        return [case.shown() for case in self._book if case.parent is not None and not case.hidden]

    def take_notifications(self) -> Sequence[Notice]:
        """Return what is to be told since the last call: at most one OPENED for an incident, after its hold-down."""
        return self._book.take_notices()

    def take_joined(self) -> Sequence[tuple[str, str, bool]]:
        """Return which reports joined which incidents since the last call, and whether those were measured."""
        return self._witnesses.take_joined()

    def presence(self, asset: str) -> Presence:
        """Return what is known of an asset being here; in a dark site nobody can tell of those not silent before."""
        known = self._watching.assets.get(asset)
        site = self._watching.sites.get(known.unit) if known is not None else None
        return Presence(state=State.UNKNOWN) if known is None or site is None else presence_of(site, known, self._now)

    def sites(self) -> Mapping[str, str]:
        """Return for each unit "serving", "cut", "closed" (nobody is expected), or "unknown"."""
        return {unit: self._grouping.state_of(site) for unit, site in self._watching.sites.items()}

    def defects(self) -> Sequence[Defect]:
        """Return what was set aside because it raised."""
        return self.guard.defects()

    def keep(self) -> Kept:
        """Return what must outlive a restart; ended cases among it, as long as they can come again or be revised."""
        return kept_of(self._book, self._watching.sites, self.voting.systems)

    def _hear(self, site: SiteWatch, agent: str, record: Record | Here, received_at: int) -> None:
        if site.hear(agent, record, received_at):
            self._news.add(site.site.code)
        if isinstance(record, Event):
            at = site.agents[agent].placing.at(record.stamp, received_at)
            if record.name == "check.state":
                watch = self.voting.hear(site, agent, record, at)
                if watch is not None and self.voting.vote(site, watch, received_at):
                    self._dirty_systems.add((watch.system.id, watch.system.province or ""))
            elif record.name == "human.report":
                self.report(report_of(site.site.code, record, at))
        elif isinstance(record, Samples) and record.at:
            ctx = Context(rules=self._rules, work=self._work, plans=self._plans, now=received_at)
            at = site.agents[agent].placing.at(record.stamp, received_at)
            for watch in self.voting.hear_samples(site, agent, record, at, ctx):
                self.voting.vote(site, watch, received_at)
                self._dirty_systems.add((watch.system.id, watch.system.province or ""))

    def _judge_unit(self, site: SiteWatch, ctx: Context) -> None:
        unit = site.site.code
        again_at = follow_darkness(site, ctx)
        self._grouping.follow(site, self.voting, ctx)
        bad = False
        for name, rule in self._site_rules:
            found = self.guard.ask(name, unit, ctx.now, partial(rule, site, ctx))
            if found is not None:
                bad = bool(found.bad) or bad
                self._witnesses.opened(self._book.reconcile((name, unit), found, ctx.now))
        for watch in self.voting.vote_all(site, ctx.now):
            self._dirty_systems.add((watch.system.id, watch.system.province or ""))
        reach = judge_reach(site, self.voting, ctx)
        self._book.reconcile(("reach", unit), reach, ctx.now)
        take_in_devices(self._book, site, ctx.now)
        if unit in self._news:
            self._news.discard(unit)
            self._grouping.revise(self._book, site, ctx)
        self._settle(site, ctx)
        if bad or reach.bad or site.dark is not None or any(agent.gone_at for agent in site.agents.values()):
            again_at = min(again_at or ctx.now + _AGAIN_MS, ctx.now + _AGAIN_MS)
        if any(agent.back_at is not None for agent in site.agents.values()):
            again_at = min(again_at or ctx.now + _AGAIN_MS, ctx.now + _AGAIN_MS)
        is_calm = may_wait(site, self.voting, ctx.now) and not self._book.has_open(self._scopes(unit))
        self._agenda.judged(unit, ctx.now, again_at, is_calm=is_calm)

    def _scopes(self, unit: str) -> list[Key]:
        return [*((name, unit) for name, _ in self._site_rules), ("reach", unit)]

    def _settle(self, site: SiteWatch, ctx: Context) -> None:
        """Hide an absence that turned out to be meant, show one that was cut short by a crash."""
        for agent, meant in tuple(site.purpose.items()):
            case = self._book.newest(("asset", site.by_agent[agent].id, "presence"))
            if case is not None and case.ended_at is not None:
                case.hidden = meant or (case.hidden and ctx.now - case.started_at < self._rules.hold_down_s * 1000)
                del site.purpose[agent]
            elif case is None:
                del site.purpose[agent]

    def _judge_system(self, watch: SystemWatch, ctx: Context) -> None:
        self._witnesses.opened(self._book.reconcile(watch.key, watch.judge(ctx), ctx.now))

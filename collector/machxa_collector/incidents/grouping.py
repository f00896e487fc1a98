"""Join sites that one outage explains, and set right what was thought of them when their backlogs tell more. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from machxa_collector.incidents.book import Book
from machxa_collector.incidents.case import Case
from machxa_collector.incidents.context import Context
from machxa_collector.incidents.darkness import Dark
from machxa_collector.incidents.finding import Finding, Key
from machxa_collector.incidents.fleet import Site
from machxa_collector.incidents.outages import Claim, Outages
from machxa_collector.incidents.site import SiteWatch
from machxa_collector.incidents.site_rules import BLIP_MS, key_of, of_dark, of_later_cut, should_be_open
from machxa_collector.incidents.voting import Voting
from machxa_collector.incidents.words import Cause
from machxa_collector.watch.presence import State

_SCOPE: Key = ("outages",)
_WINDOW_MS = 600_000
_WIDE = ("centre", "provider", "area")
_KEPT_MS = 2 * 86_400_000
_FEWEST_LATER = 2  # one that crashed behind a cut line is no power cut
_CUT = ("down", "degraded", "saturated")


class Grouping:
    """Follow which sites are cut and what explains several of them."""

    def __init__(self, sites: tuple[Site, ...]) -> None:
        """Begin with all well."""
        self._outages = Outages(sites)
        self._claims: dict[str, tuple[Claim, int]] = {}  # by the case's id, with when it was last looked at
        self._weak: set[str] = set()  # units whose own line was not well when last looked at
        self._changed = True
        self._look_at: int | None = None

    def blind(self, since: int | None, now: int) -> None:
        """Note that the centre itself is cut off, or hears again."""
        self._outages.blind_since = since
        self._outages.sees_at = None if since is not None else now
        self._changed = True

    def restore(self, book: Book, now: int) -> None:
        """Claim again what open cases claimed before a restart."""
        for case in book.open_cases():
            if case.key[0] in _WIDE:
                since = {unit: _since(book, unit, case) for unit in case.finding.units}
                claim = Claim(case.key, case.finding.cause, case.finding.subject, since)
                self._outages.claims[case.key] = claim
                self._claims[case.id] = (claim, now)

    def become(self, sites: tuple[Site, ...], gone: Iterable[str], now: int) -> None:
        """Follow other sites from now on; those that are gone are cut no more."""
        self._outages.become(sites)
        for unit in gone:
            self._outages.serve(unit, serves=False)
            self._changed |= self._outages.back(unit, now)
            self._weak.discard(unit)

    def follow(self, site: SiteWatch, voting: Voting, ctx: Context) -> None:
        """Note whether a site is cut, and since when its own line is well."""
        unit, dark, line = site.site.code, site.dark, site.lines.get(site.internet)
        is_down = line is not None and line.state == "down" and site.linked and not site.drains(ctx.now)
        if dark is not None:
            presumed = dark.presumed and not should_be_open(site, dark, ctx)
            self._changed |= self._outages.cut(unit, dark.start, ctx.now, presumed=presumed)
        elif is_down and line is not None:
            self._changed |= self._outages.cut(unit, line.since, ctx.now, presumed=False)
        elif site.linked or not any(agent.state is State.LOST for agent in site.edges()):
            self._changed |= self._outages.back(unit, _back_at(site, ctx.now))
        self._outages.serve(unit, serves=site.linked and not is_down)
        weak = dark is not None or not site.linked or (line is not None and line.state in _CUT)
        if weak:
            self._weak.add(unit)
        elif unit in self._weak or unit not in voting.clear_since:
            self._weak.discard(unit)
            since = [] if line is None else [line.since]
            since += [one.end for one in site.darks if one.end is not None]
            voting.clear_since[unit] = max(since, default=0)

    def judge(self, book: Book, sites: Mapping[str, SiteWatch], ctx: Context) -> None:
        """Find what explains several sites, and let it take their incidents in."""
        due = self._look_at is not None and ctx.now >= self._look_at
        if not self._changed and not due and not self._outages.claims:
            return
        self._changed = False
        before = dict(self._outages.claims)
        found = self._outages.judge(ctx)
        found = replace(found, bad=tuple(_with_children(one, sites) for one in found.bad))
        for case in book.reconcile(_SCOPE, found, ctx.now):
            self._take_in_wider(book, case)
        for key, claim in before.items():
            if key not in self._outages.claims:
                self._let_go(book, claim, ctx.now)
        for claim in self._outages.claims.values():
            parent = book.open(claim.key)
            if parent is not None:
                self._claims[parent.id] = (claim, ctx.now)
                self._take_in(book, parent, claim, sites)
        self._look_at = self._outages.waits_until(ctx.rules.settle_s * 1000, ctx.now)
        self._claims = {name: one for name, one in self._claims.items() if ctx.now - one[1] < _KEPT_MS}

    def revise(self, book: Book, site: SiteWatch, ctx: Context) -> None:
        """Take what a backlog told of a site's last spell of darkness."""
        if not site.darks:
            return
        dark = site.darks[-1]
        known = book.newest(key_of(site))
        is_its = known is not None and dark.guess <= (known.ended_at or dark.guess) + BLIP_MS
        if dark.presumed and not is_its:
            self._revise_closing(book, site, dark, ctx)
            return
        if known is None or not is_its:
            return
        case = book.revise(of_dark(site, dark), dark.over if known.ended_at is not None else None, ctx.now)
        if len(dark.later) >= _FEWEST_LATER:
            later = of_later_cut(site, dark)
            book.revise(later, sorted(booted for _, booted in dark.later.values())[len(dark.later) // 2], ctx.now)
        self._revise_claims(book, site, case, dark, ctx)

    def state_of(self, site: SiteWatch) -> str:
        """Return "serving", "cut", "closed" or "unknown"."""
        unit = site.site.code
        cut = self._outages.cuts.get(unit)
        if cut is not None:
            return "closed" if cut.presumed else "cut"
        if site.linked:
            return "serving"
        known = [agent for agent in site.agents.values() if agent.state is not State.UNKNOWN]
        return "closed" if known else "unknown"

    def _revise_closing(self, book: Book, site: SiteWatch, dark: Dark, ctx: Context) -> None:
        """Take what a closing turned out to be: a breaker, which is a habit, or the line after all."""
        if dark.over is None:
            return
        if dark.cause is Cause.POWER:
            site.habit += not dark.counted
            dark.counted = True
        elif dark.cause is Cause.LINE and dark.over - dark.start >= BLIP_MS:
            book.revise(of_dark(site, dark), dark.over, ctx.now)

    def _revise_claims(self, book: Book, site: SiteWatch, case: Case, dark: Dark, ctx: Context) -> None:
        unit = site.site.code
        for claim, _ in tuple(self._claims.values()):
            parent = book.newest(claim.key)
            if unit not in claim.since or parent is None or self._claims.get(parent.id, (None,))[0] is not claim:
                continue
            if dark.cause is Cause.POWER:
                del claim.since[unit]
                claim.back.pop(unit, None)
                book.detach(case, ctx.now)
                if len([one for one in claim.since if one]) < 2:  # noqa: PLR2004 - one site is no outage of several
                    self._dissolve(book, parent, claim, ctx.now)
                    continue
            else:
                claim.since[unit] = dark.start
                if dark.over is not None and unit in claim.back:
                    claim.back[unit] = dark.over
            finding = replace(self._outages.finding_of(claim), children=parent.finding.children)
            back = sorted(claim.back.values())
            is_over = parent.ended_at is not None and bool(back)
            book.revise(finding, back[(len(back) - 1) // 2] if is_over else None, ctx.now)

    def _let_go(self, book: Book, claim: Claim, now: int) -> None:
        """Let sites that are still cut when the outage is over stand on their own."""
        parent = book.newest(claim.key)
        if parent is None or parent.ended_at is None:
            return
        for unit in [unit for unit in claim.since if unit in self._outages.cuts and unit not in claim.back]:
            child = book.open(("site", unit))
            if child is not None and child.parent is parent:
                del claim.since[unit]
                book.detach(child, now)

    def _dissolve(self, book: Book, parent: Case, claim: Claim, now: int) -> None:
        parent.hidden = True
        parent.ended_at = parent.ended_at or parent.started_at
        self._outages.claims.pop(claim.key, None)
        for case in book:
            if case.parent is parent:
                book.detach(case, now)

    def _take_in(self, book: Book, parent: Case, claim: Claim, sites: Mapping[str, SiteWatch]) -> None:
        for unit in claim.since:
            child = book.newest(("site", unit))
            if child is None or child.root is parent.root:
                continue
            dark = sites[unit].darks[-1] if sites[unit].darks else None
            if dark is not None and dark.cause is Cause.POWER and dark.guess >= claim.began - _WINDOW_MS:
                continue
            if child.started_at >= claim.began - _WINDOW_MS or child.ended_at is None:
                book.attach(child, parent)

    @staticmethod
    def _take_in_wider(book: Book, parent: Case) -> None:
        """Let what reaches further explain what was seen of it first."""
        units = set(parent.finding.units)
        for case in book:
            if case is parent or case.key[0] not in _WIDE or case.parent is not None or not case.finding.units:
                continue
            near = abs(case.started_at - parent.started_at) <= _WINDOW_MS
            if near and len(units & set(case.finding.units)) * 2 > len(case.finding.units):
                book.attach(case, parent)


def _with_children(finding: Finding, sites: Mapping[str, SiteWatch]) -> Finding:
    return replace(finding, children=sum(len(sites[unit].assets) for unit in finding.units))


def _back_at(site: SiteWatch, now: int) -> int:
    line = site.lines.get(site.internet)
    ends = [one.over for one in site.darks[-1:] if one.over is not None]
    if line is not None and line.state != "down" and line.was == "down":
        ends.append(line.since)
    return max(ends, default=now)


def _since(book: Book, unit: str, parent: Case) -> int:
    child = book.newest(("site", unit))
    return parent.started_at if child is None or child.root is not parent else child.started_at

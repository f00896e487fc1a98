"""Find what several sites are cut by at once: a provider, a cable in one area, our own line. Pure."""

from __future__ import annotations

from collections import Counter

from machxa_collector.incidents.context import Context
from machxa_collector.incidents.finding import Clear, Finding, Found, Key
from machxa_collector.incidents.fleet import Site
from machxa_collector.incidents.incident import Evidence, Why
from machxa_collector.incidents.neighbourhood import Neighbourhood
from machxa_collector.incidents.words import Cause, Layer

CENTRE: Key = ("centre",)
_WINDOW_MS = 300_000  # one full check interval
_SUDDEN_MS = 180_000
_PAIR_MS = 120_000
_BLIP_MS = 300_000
_STRAGGLER_MS = 600_000
_AREA_FEWEST = 3


class Cut:
    """Hold since when a site is cut and when that was noticed; presumed: somebody may have turned its breaker."""

    __slots__ = ("noticed_at", "presumed", "since")

    def __init__(self, since: int, noticed_at: int, *, presumed: bool) -> None:
        """Take the moments, milliseconds since 1970 UTC."""
        self.since = since
        self.noticed_at = noticed_at
        self.presumed = presumed


class Claim:
    """Hold the sites that one outage explains, with since when each is cut, and when each came back."""

    __slots__ = ("back", "cause", "exact", "key", "since", "subject")

    def __init__(self, key: Key, cause: Cause, subject: str, since: dict[str, int]) -> None:
        """Claim sites."""
        self.key = key
        self.cause = cause
        self.subject = subject
        self.since = since
        self.back: dict[str, int] = {}
        self.exact: int | None = None  # when it began, where somebody knows

    @property
    def began(self) -> int:
        """Return when it began: the middle of what its sites say."""
        if self.exact is not None:
            return self.exact
        moments = sorted(self.since.values())
        return moments[(len(moments) - 1) // 2]


class Outages:
    """Know which sites are cut, and claim those that one outage explains."""

    def __init__(self, sites: tuple[Site, ...]) -> None:
        """Begin with all well."""
        self._map = Neighbourhood(sites)
        self._enrolled = len(sites)
        self._provider = {site.code: _provider(site) for site in sites}
        self._serving: Counter[str] = Counter()
        self._is_serving: set[str] = set()
        self.cuts: dict[str, Cut] = {}
        self.claims: dict[Key, Claim] = {}
        self.blind_since: int | None = None
        self.sees_at: int | None = None  # when the centre was last told that it hears again

    def become(self, sites: tuple[Site, ...]) -> None:
        """Know other sites from now on; what was claimed of one that is gone is still told of."""
        self._map.learn(sites)
        self._enrolled = len(sites)
        self._provider |= {site.code: _provider(site) for site in sites}

    def serve(self, unit: str, *, serves: bool) -> None:
        """Note whether a site is heard."""
        if serves != (unit in self._is_serving):
            (self._is_serving.add if serves else self._is_serving.discard)(unit)
            self._serving[self._provider[unit]] += 1 if serves else -1

    def cut(self, unit: str, since: int, now: int, *, presumed: bool) -> bool:
        """Note that a site is cut; return whether that is news."""
        known = self.cuts.get(unit)
        if known is None:
            self.cuts[unit] = Cut(since, now, presumed=presumed)
            return True
        is_news = known.presumed != presumed
        known.presumed = presumed
        return is_news

    def back(self, unit: str, at: int) -> bool:
        """Note that a site is heard again; return whether that is news."""
        was_cut = self.cuts.pop(unit, None) is not None
        for claim in self.claims.values():
            if unit in claim.since and (was_cut or unit not in claim.back):
                claim.back[unit] = at
                was_cut = True
        return was_cut

    def judge(self, ctx: Context) -> Found:
        """Return the outages that last, and those that ended."""
        well = tuple(self._released(ctx))
        self._blind()
        if self.cuts:
            self._claim(ctx)
        return Found(bad=tuple(self._finding(claim) for claim in self.claims.values()), well=well)

    def waits_until(self, rules_settle_ms: int, now: int) -> int | None:
        """Return when to look again because a group may still grow."""
        moments = [cut.noticed_at + rules_settle_ms for cut in self.cuts.values()]
        later = [at for at in moments if at > now]
        return min(later, default=None)

    def finding_of(self, claim: Claim) -> Finding:
        """Return a claim as a finding."""
        return self._finding(claim)

    def _released(self, ctx: Context) -> list[Clear]:
        ended: list[Clear] = []
        for key, claim in tuple(self.claims.items()):
            if key == CENTRE and self.blind_since is not None:
                continue
            left = [unit for unit in claim.since if unit in self.cuts and unit not in claim.back]
            back = sorted(claim.back.values())
            if not left and not back and key == CENTRE and self.sees_at is not None:
                back = [self.sees_at]
            if not back:
                continue
            middle = back[(len(back) - 1) // 2]
            most = len(back) * 2 > len(claim.since)
            if not left or (most and ctx.now - middle > _STRAGGLER_MS):
                ended.append(Clear(key=key, at=middle))
                del self.claims[key]
        return ended

    def _blind(self) -> None:
        since = self.blind_since
        if since is None:
            return
        claim = self.claims.get(CENTRE)
        if claim is None:
            claim = self.claims[CENTRE] = Claim(CENTRE, Cause.CENTRE, "centre", {})
        claim.exact = since
        claim.since.update({unit: since for unit, cut in self.cuts.items() if cut.since >= since - _WINDOW_MS})
        if not claim.since:
            claim.since[""] = since
        for key in tuple(self.claims):
            if key != CENTRE and self.claims[key].began >= since - _WINDOW_MS:
                del self.claims[key]

    def _claim(self, ctx: Context) -> None:
        if CENTRE in self.claims:
            claim = self.claims[CENTRE]
            self._join(claim, {unit: cut for unit, cut in self.cuts.items() if self._within(cut, claim.began)})
            return
        free = {
            unit: cut for unit, cut in self.cuts.items() if not any(unit in one.since for one in self.claims.values())
        }
        if not free:
            return
        if self._claim_centre(ctx):
            return
        for provider in {self._provider[unit] for unit in free}:
            self._claim_provider(provider, ctx)

    def _claim_centre(self, ctx: Context) -> bool:
        total = self._serving.total() + sum(not cut.presumed for cut in self.cuts.values())
        group = self._group(self.cuts, _SUDDEN_MS)
        if len(group) < max(_AREA_FEWEST, ctx.rules.centre_share * total) or not _settled(group, ctx):
            return False
        providers = {self._provider[unit] for unit in self._is_serving | set(self.cuts)}
        if len(providers) < 2 or len({self._provider[unit] for unit in group}) < 2:  # noqa: PLR2004
            return False  # of one provider alone it may as well be the provider: only the centre's own look tells
        since = {unit: cut.since for unit, cut in group.items()}
        self.claims = {CENTRE: Claim(CENTRE, Cause.CENTRE, "centre", since)}
        return True

    def _claim_provider(self, provider: str, ctx: Context) -> None:
        mine = {unit: cut for unit, cut in self.cuts.items() if self._provider[unit] == provider}
        group = self._group(mine, _WINDOW_MS)
        key: Key = ("provider", provider)
        if key in self.claims:
            self._join(self.claims[key], {u: c for u, c in mine.items() if self._within(c, self.claims[key].began)})
            return
        if not _settled(group, ctx) or self._enrolled < ctx.rules.vote_sites:
            return
        sites = self._serving[provider] + len([cut for cut in mine.values() if not cut.presumed])
        if self._is_provider(provider, group, sites, ctx):
            for other in [one for one in self.claims if one[:2] == ("area", provider)]:
                del self.claims[other]
            self.claims[key] = Claim(key, Cause.PROVIDER, provider, {u: cut.since for u, cut in group.items()})
            return
        self._claim_areas(provider, group)

    def _is_provider(self, provider: str, group: dict[str, Cut], sites: int, ctx: Context) -> bool:
        moments = sorted(cut.since for cut in group.values())
        fewest = 2 if moments and moments[-1] - moments[0] <= _PAIR_MS else ctx.rules.provider_sites
        if sites < ctx.rules.provider_sites or len(group) < max(fewest, ctx.rules.vote_share * sites):
            return False
        others = self._serving.total() - self._serving[provider]
        cut = [
            one
            for unit, one in self.cuts.items()
            if self._provider[unit] != provider and abs(one.since - moments[0]) <= _WINDOW_MS
        ]
        return len(cut) <= max(1, ctx.rules.others_share * (others + len(cut)))

    def _claim_areas(self, provider: str, group: dict[str, Cut]) -> None:
        free = {unit: cut for unit, cut in group.items() if not any(unit in one.since for one in self.claims.values())}
        mine = [unit for unit in self._is_serving | set(self.cuts) if self._provider[unit] == provider]
        for key, claim in self.claims.items():
            if key[:2] == ("area", provider):
                near = {u for u in free if any(self._map.are_near(u, other, mine) for other in claim.since)}
                self._join(claim, {u: free.pop(u) for u in near if self._within(free[u], claim.began)})
        for cluster in self._map.clusters(set(free), mine):
            if len(cluster) < _AREA_FEWEST or self._is_shared(provider, cluster, group):
                continue
            first = min(cluster)
            since = {unit: free[unit].since for unit in cluster}
            self.claims[("area", provider, first)] = Claim(
                ("area", provider, first), Cause.PROVIDER_AREA, provider, since
            )

    def _is_shared(self, provider: str, cluster: set[str], group: dict[str, Cut]) -> bool:
        """Tell whether other providers' sites among these are cut as well: then it is the power, not a cable."""
        around = [
            unit
            for unit in self._is_serving | set(self.cuts)
            if self._provider[unit] != provider and self._map.is_around(unit, cluster)
        ]
        first = min(cut.since for cut in group.values())
        cut = [unit for unit in around if unit in self.cuts and abs(self.cuts[unit].since - first) <= _WINDOW_MS]
        return len(cut) >= 2 and len(cut) * 2 > len(around)  # noqa: PLR2004 - one may be chance

    @staticmethod
    def _within(cut: Cut, began: int) -> bool:
        return began - _SUDDEN_MS <= cut.since <= began + 2 * _WINDOW_MS

    @staticmethod
    def _join(claim: Claim, cuts: dict[str, Cut]) -> None:
        for unit, cut in cuts.items():
            claim.since.setdefault(unit, cut.since)

    @staticmethod
    def _group(cuts: dict[str, Cut], within: int) -> dict[str, Cut]:
        """Return the most sites that were cut within so long; those that may have turned a breaker only when sudden."""
        ordered = sorted(cuts.items(), key=lambda one: one[1].since)
        best: list[tuple[str, Cut]] = []
        first = 0
        for last in range(len(ordered)):
            while ordered[last][1].since - ordered[first][1].since > within:
                first += 1
            if last - first + 1 > len(best):
                best = ordered[first : last + 1]
        if any(cut.presumed for _, cut in best) and best[-1][1].since - best[0][1].since > _PAIR_MS:
            best = [(unit, cut) for unit, cut in best if not cut.presumed]
        return dict(best)

    def _finding(self, claim: Claim) -> Finding:
        units = tuple(sorted(unit for unit in claim.since if unit))
        providers = Counter(self._provider[unit] for unit in units)
        sites = self._serving.total() + len(self.cuts)
        figures: dict[str, str | int | float] = {"cut": len(units), "providers": len(providers), "of": sites}
        elsewhere = [unit for unit in self.cuts if unit not in claim.since]
        return Finding(
            key=claim.key,
            cause=claim.cause,
            layer=Layer.CENTRE if claim.cause is Cause.CENTRE else Layer.WAN,
            subject=claim.subject,
            state="cut",
            units=units,
            blip_ms=_BLIP_MS,
            since=claim.began,
            confidence=max(0.5, 0.97 - len(elsewhere) / max(1, sites)),
            witnesses=len(units),
            evidence=tuple(Evidence(kind="cut", source=unit, at=claim.since[unit]) for unit in units[:50]),
            why=(Why(code=f"cut_{claim.cause.value}", figures=figures),),
        )


def _settled(group: dict[str, Cut], ctx: Context) -> bool:
    return bool(group) and ctx.now - min(cut.noticed_at for cut in group.values()) >= ctx.rules.settle_s * 1000


def _provider(site: Site) -> str:
    return site.providers.get("internet") or next(iter(site.providers.values()), "")

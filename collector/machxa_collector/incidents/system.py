"""Let sites vote on one system: who may, who finds it down, slow or failing now and then. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from machxa_collector.incidents.context import Context
from machxa_collector.incidents.finding import Clear, Finding, Found, Key
from machxa_collector.incidents.fleet import System
from machxa_collector.incidents.incident import Evidence, Why
from machxa_collector.incidents.vote import BAD, Vote
from machxa_collector.incidents.words import Cause, Layer, Owner
from machxa_collector.watch.errors import Errors
from machxa_collector.watch.pace import SitePace, Usual

_CAUSES = {Owner.PROVINCE: Cause.PROVINCIAL_SYSTEM, Owner.NATION: Cause.NATIONAL_SYSTEM}
_LAYERS = {Owner.PROVINCE: Layer.PROVINCE, Owner.NATION: Layer.NATION}
_QUICK_SHARE, _QUICK_FEWEST, _QUICK_PART = 0.75, 5, 0.15
_TOLD_MS = 75_000  # an agent tells of a failure after a second try: twenty seconds, a pause, twenty more
_OVER_SHARE = 0.4
_CALM_SHARE = 0.1
_EDGE_SHARE = 0.1  # so many of the sorted moments may be strays
_FEW_SHARE = 0.3
_FEW_FRESH = 3
_REFRESH_MS = 60_000  # what is open is looked at anew so often, however many sites vote
_FORGOTTEN_MS = 1_900_000


class SystemWatch:
    """Follow one system. votes are those of sites whose own anchors answer, by unit."""

    __slots__ = (
        "_bad",
        "_easing_since",
        "_found",
        "_found_at",
        "_slow",
        "_voters",
        "closed_at",
        "errors",
        "open_since",
        "open_state",
        "paces",
        "system",
        "usual",
        "votes",
        "well",
    )

    def __init__(self, system: System) -> None:
        """Begin without a vote."""
        self.system = system
        self.votes: dict[str, Vote] = {}
        self.paces: dict[str, SitePace] = {}
        self.usual = Usual()
        self.errors = Errors()
        self.open_state: str | None = None
        self.open_since = 0
        self.closed_at = 0  # when it was last found well again
        self._found: Finding | None = None
        self._found_at = 0
        self._easing_since: int | None = None
        self.well: dict[str, int] = {}  # sites that found it well again, while it is open
        self._bad: Counter[str] = Counter()  # by provider
        self._voters: Counter[str] = Counter()
        self._slow: set[str] = set()

    @property
    def key(self) -> Key:
        """Return the key of what is wrong with it."""
        return ("system", self.system.id, self.system.province or "")

    def vote(self, unit: str, state: str, since: int, provider: str) -> bool:
        """Take a site's word; return whether it is another than before."""
        known = self.votes.get(unit)
        if known is not None and known.state == state and known.since == since and known.provider == provider:
            return False
        self.withdraw(unit)
        self.votes[unit] = Vote(state, since, provider)
        self._voters[provider] += 1
        if state in BAD:
            self._bad[provider] += 1
            self.well.pop(unit, None)
        elif self.open_state is not None and (known is None or known.state in BAD):
            self.well[unit] = since
        return True

    def withdraw(self, unit: str) -> bool:
        """Take back a site's word: nobody can tell there, or its own line is to blame."""
        known = self.votes.pop(unit, None)
        if known is None:
            return False
        self._voters[known.provider] -= 1
        if known.state in BAD:
            self._bad[known.provider] -= 1
        return True

    def page(self, unit: str, at: int, seconds: float, ctx: Context) -> bool:
        """Take how long a page took; return whether the site's word on slowness is another than before."""
        pace = self.paces.get(unit)
        if pace is None:
            pace = self.paces[unit] = SitePace()
        is_slow = pace.take(at, seconds, self.usual.at(at), ctx.rules.slow_s, ctx.rules.slow_factor)
        if not is_slow and self.open_state is None:
            self.usual.learn(at, seconds)
        was = unit in self._slow
        if is_slow:
            self._slow.add(unit)
        else:
            self._slow.discard(unit)
        return was != (unit in self._slow)

    def is_slow(self, unit: str) -> bool:
        """Tell whether a site's last page was slow."""
        return unit in self._slow

    def wants_look(self, now: int) -> bool:
        """Tell whether time alone may change what is found."""
        failed = self.errors.last_failed
        return (
            self.open_state is not None
            or (failed is not None and now - failed < _FORGOTTEN_MS)
            or self._bad.total() > 0
        )

    def judge(self, ctx: Context) -> Found:
        """Return what the votes come to."""
        found = self._voted(ctx) or self._voted_slow(ctx) or self._failing_at_times(ctx)
        if self.open_state in BAD and (found is None or found.state not in BAD):
            found = self._left(ctx)
        if found is not None:
            if found is not self._found:
                self._found, self._found_at = found, ctx.now
            if self.open_state is None:
                self.open_since = found.since
            self.open_state = found.state
            return Found(bad=(found,))
        if self.open_state is None:
            return Found()
        ended = self._ended(ctx.now)
        self.closed_at = ctx.now
        self.open_state, self.well, self._found, self._easing_since = None, {}, None, None
        return Found(well=(Clear(key=self.key, at=ended),))

    def _voted(self, ctx: Context) -> Finding | None:
        voters, bad = self._voters.total(), self._bad.total()
        if self.open_state in BAD:
            return self._lasting(ctx, voters, bad)
        if not bad:
            return None
        if voters < ctx.rules.vote_sites:
            return self._learning(ctx, voters)
        if bad < ctx.rules.vote_sites:
            return None
        known = sorted(((v.since, u, v) for u, v in self.votes.items() if v.state in BAD), key=lambda one: one[:2])
        if bad >= ctx.rules.vote_share * voters and self._is_wide(known, ctx):
            return self._finding(ctx, [(u, v) for _, u, v in known], voters)
        return self._sudden(ctx, known, voters)

    def _lasting(self, ctx: Context, voters: int, bad: int) -> Finding | None:
        """Carry on what is open; it is over when the sites found it well, each at its next look."""
        if bad > _OVER_SHARE * voters:
            self._easing_since = None
        elif self._easing_since is None:
            self._easing_since = ctx.now
        eased = self._easing_since is not None and ctx.now - self._easing_since > 1.2 * self.system.interval_s * 1000
        if bad <= _CALM_SHARE * voters or eased:
            return None
        easing = self._easing_since is not None
        if self._found is not None and (easing or ctx.now - self._found_at < _REFRESH_MS):
            return self._found
        cause = Cause.UNKNOWN if voters < ctx.rules.vote_sites else None
        return self._finding(ctx, [(u, v) for u, v in self.votes.items() if v.state in BAD], voters, cause=cause)

    def _sudden(self, ctx: Context, known: list[tuple[int, str, Vote]], voters: int) -> Finding | None:
        """Find it down before all have looked: of those who must have looked since, nearly all say so."""
        interval = self.system.interval_s * 1000
        for number, (since, _, _) in enumerate(known):
            group = known[number:]
            if since < ctx.now - interval or len(group) < max(_QUICK_FEWEST, _QUICK_PART * voters):
                continue
            expected = (voters - number) * min(1.0, max(0, ctx.now - since - _TOLD_MS) / interval)
            if len(group) >= _QUICK_SHARE * expected and self._is_wide(group, ctx):
                return self._finding(ctx, [(u, v) for _, u, v in group], voters)
        return None

    def _is_wide(self, known: list[tuple[int, str, Vote]], ctx: Context) -> bool:
        providers = sum(count > 0 for count in self._voters.values())
        return len({vote.provider for _, _, vote in known}) >= min(ctx.rules.vote_providers, providers)

    def _learning(self, ctx: Context, voters: int) -> Finding | None:
        """Name the layer alone: too few sites for a vote. Over two intervals, and at most of the sites."""
        bad = [(unit, vote) for unit, vote in self.votes.items() if vote.state in BAD]
        lasting = [one for one in bad if ctx.now - one[1].since >= self.system.interval_s * 1000]
        if len(lasting) < ctx.rules.vote_share * voters:
            return None
        return self._finding(ctx, bad, voters, cause=Cause.UNKNOWN)

    def _voted_slow(self, ctx: Context) -> Finding | None:
        slow = [(unit, self.paces[unit].slow_since or ctx.now) for unit in self._slow if unit in self.votes]
        voters = self._voters.total()
        share = _OVER_SHARE if self.open_state == "slow" else ctx.rules.vote_share
        if len(slow) < ctx.rules.vote_sites or len(slow) < share * voters or self._is_fast_again(ctx, voters):
            return None
        votes = [(unit, Vote("slow", since, self.votes[unit].provider)) for unit, since in slow]
        if not self._is_wide([(vote.since, unit, vote) for unit, vote in votes], ctx):
            return None
        return self._finding(ctx, votes, voters)

    def _is_fast_again(self, ctx: Context, voters: int) -> bool:
        """Tell whether of the sites that looked within one interval few find it slow, whatever the others last saw."""
        if self.open_state != "slow":
            return False
        least = ctx.now - self.system.interval_s * 1000
        fresh = [unit for unit, pace in self.paces.items() if pace.last >= least and unit in self.votes]
        if len(fresh) < max(_FEW_FRESH, _FEW_SHARE * voters):
            return False
        return sum(unit in self._slow for unit in fresh) < _OVER_SHARE * len(fresh)

    def _left(self, ctx: Context) -> Finding | None:
        """Return what is left when it is down no more: it fails now and then, or nothing."""
        voters, bad = self._voters.total(), self._bad.total()
        if bad > _CALM_SHARE * voters and voters >= ctx.rules.vote_sites:
            known = [(unit, vote) for unit, vote in self.votes.items() if vote.state in BAD]
            return self._finding(ctx, known, voters, state="intermittent", rate=bad / voters)
        self.errors = Errors(after=ctx.now - self.system.interval_s * 1000)
        return None

    def _failing_at_times(self, ctx: Context) -> Finding | None:
        voters = self._voters.total()
        if self.errors.last_failed is None or ctx.now - self.errors.last_failed > _FORGOTTEN_MS:
            return None
        sites = max(ctx.rules.provider_sites, round(_FEW_SHARE * voters))
        if voters < ctx.rules.vote_sites:
            return None
        if self.open_state == "intermittent":
            rate = self.errors.rate(ctx.now, 12)
            if rate is None or rate < _CALM_SHARE:
                return None
            found: tuple[int, float] | None = (self.open_since, rate)
        else:
            found = self.errors.since(ctx.now, ctx.rules.error_share, sites)
        if found is None:
            return None
        votes = [
            (unit, Vote(vote.state, found[0], vote.provider)) for unit, vote in self.votes.items() if vote.state in BAD
        ] or [("", Vote("error", found[0], ""))]
        return self._finding(ctx, votes, voters, state="intermittent", rate=found[1])

    def _finding(
        self,
        ctx: Context,
        votes: Iterable[tuple[str, Vote]],
        voters: int,
        *,
        cause: Cause | None = None,
        state: str | None = None,
        rate: float | None = None,
    ) -> Finding:
        known = list(votes)
        moments = sorted(vote.since for _, vote in known if vote.since)
        since = moments[int(len(moments) * _EDGE_SHARE)] if moments else ctx.now
        if self.open_state is not None:
            since = self.open_since  # as it was first seen: who joins later saw it later
        units = tuple(sorted(self.votes)) if state else tuple(sorted(unit for unit, _ in known))
        words = Counter(vote.state for _, vote in known)
        providers = len({vote.provider for _, vote in known})
        figures: dict[str, str | int | float] = {"bad": len(known), "of": voters, "providers": providers}
        if rate is not None:
            figures["error_percent"] = round(100 * rate)
        word = state or words.most_common(1)[0][0]
        single = sum(count > 0 for count in self._voters.values()) < ctx.rules.vote_providers
        share = min(1.0, len(known) / max(1, voters)) if rate is None else 0.8
        return Finding(
            key=self.key,
            cause=cause or _CAUSES[self.system.owner],
            layer=_LAYERS[self.system.owner],
            subject=self.system.id,
            state=word,
            units=units,
            since=since,
            confidence=share * (0.6 if single else 0.97),
            witnesses=len(known),
            evidence=tuple(Evidence(kind=vote.state, source=unit, at=vote.since) for unit, vote in sorted(known)[:50]),
            why=(Why(code=f"system_{word}", figures=figures), *((Why(code="one_provider"),) if single else ())),
            children=len(known),
            learning=cause is Cause.UNKNOWN,
        )

    def _ended(self, now: int) -> int:
        if self.open_state == "intermittent":
            return self.errors.last_failed or now
        if self.open_state == "slow":
            ends = sorted(pace.well_since for pace in self.paces.values() if pace.well_since is not None)
            ends = [at for at in ends if now - at <= 2 * self.system.interval_s * 1000]
        else:
            least = (self._easing_since or now) - self.system.interval_s * 1000
            ends = sorted(at for at in self.well.values() if at >= least)
        return ends[int(len(ends) * _EDGE_SHARE)] if ends else now

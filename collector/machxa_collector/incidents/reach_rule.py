"""Judge that one site alone does not reach systems that others do, though its line is well. Pure."""

from __future__ import annotations

from machxa_collector.incidents.context import Context
from machxa_collector.incidents.finding import Finding, Found
from machxa_collector.incidents.incident import Evidence, Why
from machxa_collector.incidents.site import SiteWatch
from machxa_collector.incidents.system import SystemWatch
from machxa_collector.incidents.voting import Voting
from machxa_collector.incidents.words import Cause, Layer

_LASTING_MS = 660_000  # two check intervals and a little
_BLIP_MS = 300_000
_MOST_SYSTEMS = 0.5
_STUTTER_SYSTEMS = 2


def judge_reach(site: SiteWatch, voting: Voting, ctx: Context) -> Found:
    """Return a finding when a site's checks of a system that is well elsewhere go on failing for two intervals."""
    unit = site.site.code
    failing = {
        name: (word, since)
        for name, (word, since) in voting.failing(site).items()
        if ctx.now - since >= _LASTING_MS and _is_well_elsewhere(voting.of(site, name), ctx.now)
    }
    if not failing:
        return _stutters(site, voting, ctx)
    checked = voting.checked(site)
    is_line = len(failing) > 1 and len(failing) >= _MOST_SYSTEMS * checked
    return Found(
        bad=(
            Finding(
                key=("reach", unit),
                cause=Cause.LINE if is_line else Cause.UNKNOWN,
                layer=Layer.WAN,
                subject=unit,
                state="partial",
                units=(unit,),
                since=min(since for _, since in failing.values()),
                confidence=0.5,
                witnesses=len(failing),
                evidence=tuple(Evidence(kind=w, source=name, at=since) for name, (w, since) in sorted(failing.items())),
                why=(Why(code="reach", figures={"failing": len(failing), "of": checked}),),
                blip_ms=_BLIP_MS,
            ),
        )
    )


def _stutters(site: SiteWatch, voting: Voting, ctx: Context) -> Found:
    """Find a line that breaks for seconds: checks of several systems fail now and then, and nowhere else."""
    unit, errors = site.site.code, voting.errors.get(site.site.code)
    if errors is None or not site.linked:
        return Found(held=frozenset({("reach", unit)}) if errors is not None else frozenset())
    own = {name for name in errors.where(ctx.now) if _is_well_elsewhere(voting.of(site, name), ctx.now)}
    found = errors.since(ctx.now, ctx.rules.error_share, _STUTTER_SYSTEMS)
    if found is None or len(own) < _STUTTER_SYSTEMS:
        return Found()
    since, share = found
    finding = Finding(
        key=("reach", unit),
        cause=Cause.LINE,
        layer=Layer.WAN,
        subject=unit,
        state="intermittent",
        units=(unit,),
        since=since,
        confidence=0.6,
        witnesses=len(own),
        evidence=tuple(Evidence(kind="error", source=name, at=since) for name in sorted(own)),
        why=(Why(code="line_stutters", figures={"error_percent": round(100 * share)}),),
        blip_ms=_BLIP_MS,
    )
    return Found(bad=(finding,))


def _is_well_elsewhere(watch: SystemWatch | None, now: int) -> bool:
    return watch is not None and watch.open_state is None and now - watch.closed_at >= _LASTING_MS

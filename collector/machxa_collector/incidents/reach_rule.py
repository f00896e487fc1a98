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


def judge_reach(site: SiteWatch, voting: Voting, ctx: Context) -> Found:
    """Return a finding when a site's checks of a system that is well elsewhere go on failing for two intervals."""
    unit = site.site.code
    failing = {
        name: (word, since)
        for name, (word, since) in voting.failing(site).items()
        if ctx.now - since >= _LASTING_MS and _is_well_elsewhere(voting.of(site, name), ctx.now)
    }
    if not failing:
        return Found()
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


def _is_well_elsewhere(watch: SystemWatch | None, now: int) -> bool:
    return watch is not None and watch.open_state is None and now - watch.closed_at >= _LASTING_MS

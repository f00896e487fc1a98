"""Say what is known of one asset being here, in a site that may itself be dark. Pure."""

from __future__ import annotations

from machxa_collector.incidents.fleet import Asset
from machxa_collector.incidents.site import SiteWatch
from machxa_collector.incidents.site_rules import WEAK
from machxa_collector.watch.presence import Presence, State

_TOGETHER_MS = 60_000
LOSSY_MS = 240_000  # the will of one who dials again on such a line, and the dialling


def presence_of(site: SiteWatch, asset: Asset, now: int) -> Presence:
    """Return an asset's presence.

    In a dark site nobody can tell of those that were not missed themselves, and on a line that loses packets a
    connection breaks without anybody being gone.
    """
    agent, dark = site.agents.get(asset.agent or ""), site.dark
    if agent is None:
        return _of_device(site, asset.id)
    if dark is not None and agent.state is State.UP:
        return Presence(state=State.UNKNOWN, since=dark.start)
    if dark is not None and agent.state is State.LOST and (agent.since or 0) >= dark.guess - _TOGETHER_MS:
        return Presence(state=State.LOST, since=dark.start)
    is_weak = any(line.state in WEAK for line in site.lines.values())
    if is_weak and agent.state is State.LOST and now - (agent.since or now) < LOSSY_MS:
        return Presence(state=State.UNKNOWN, since=agent.since)
    return Presence(state=agent.state, since=agent.since)


def _of_device(site: SiteWatch, asset: str) -> Presence:
    standing = site.neighbours.get(asset)
    if standing is None or not site.linked:
        return Presence(state=State.UNKNOWN)
    return Presence(state=State.UP if standing.state == "here" else State.LOST, since=standing.since)

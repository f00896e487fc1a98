"""Hold what is watched, and become what is watched next: what stays keeps its past, what is new begins. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from machxa_collector.incidents.fleet import Asset, Fleet, Site
from machxa_collector.incidents.site import SiteWatch

NO_ASSETS: Mapping[str, Asset] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Say what is new: agents in a unit where they were not, assets, or old ones under other keys.

    changed and gone are the units of which anything is other, or nothing watched any more. ask names the agents whose
    past tells of what is new: those that joined, and all of a unit in which assets did.
    """

    agents: frozenset[str]
    assets: frozenset[str]
    changed: frozenset[str]
    gone: frozenset[str]
    ask: frozenset[str]


class Watching:
    """Know the sites by their codes, the unit of each agent, and the assets by their ids."""

    def __init__(self, fleet: Fleet) -> None:
        """Begin with nothing heard."""
        self.fleet = Fleet(sites=(), assets=(), systems=fleet.systems)
        self.sites: dict[str, SiteWatch] = {}
        self.unit_of: dict[str, str] = {}
        self.assets: Mapping[str, Asset] = NO_ASSETS
        self.become(fleet)

    def can_become(self, fleet: Fleet) -> bool:
        """Tell whether what was judged holds on: the same systems, and no unit has another provider."""
        known = {code: watch.site for code, watch in self.sites.items()}
        return self.fleet.systems == fleet.systems and not any(
            site.code in known and _carriers(known[site.code]) != _carriers(site) for site in fleet.sites
        )

    def become(self, fleet: Fleet) -> Joined:
        """Watch another fleet from now on."""
        units: dict[str, list[Asset]] = {}
        for asset in fleet.assets:
            units.setdefault(asset.unit, []).append(asset)
        before = self.sites, self.unit_of, self.assets
        self.fleet, self.sites = fleet, {}
        changed: set[str] = set()
        for site in fleet.sites:
            its, watch = tuple(units.get(site.code, ())), before[0].get(site.code)
            if watch is None or (watch.site, watch.assets) != (site, {one.id: one for one in its}):
                changed.add(site.code)
                if watch is None:
                    watch = SiteWatch(site, its)
                else:
                    watch.become(site, its)
            self.sites[site.code] = watch
        self.unit_of = {one.agent: one.unit for one in fleet.assets if one.agent and one.unit in self.sites}
        self.assets = {one.id: one for one in fleet.assets}
        agents = {agent for agent, unit in self.unit_of.items() if before[1].get(agent) != unit}
        assets = {one.id for one in fleet.assets if _is_new(one, before[2].get(one.id))}
        around = {self.assets[one].unit for one in assets}
        ask = agents | {agent for agent, unit in self.unit_of.items() if unit in around}
        return Joined(
            agents=frozenset(agents),
            assets=frozenset(assets),
            changed=frozenset(changed),
            gone=frozenset(before[0].keys() - self.sites.keys()),
            ask=frozenset(ask),
        )


def _carriers(site: Site) -> tuple[str, Mapping[str, str]]:
    return site.province, site.providers


def _is_new(asset: Asset, before: Asset | None) -> bool:
    return before is None or before.unit != asset.unit or bool(set(asset.keys) - set(before.keys))

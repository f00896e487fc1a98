"""Keep what the records of one site say: its agents, lines, devices, the times in which it was dark. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from machxa_collector.incidents.darkness import Dark
from machxa_collector.incidents.fleet import Asset, Site
from machxa_collector.incidents.words import Role
from machxa_collector.watch.agent import Agent
from machxa_collector.watch.presence import State
from machxa_collector.watch.signs import Signs
from machxa_collector.watch.standing import Standing
from machxa_wire.records import Bye, Event, Hello, Record, Samples, Scalar
from machxa_wire.records import Presence as Here

EDGE = (Role.GATEWAY, Role.STANDBY)
_MOST_DARKS = 3
_MOST_DEVICES = 200
_MOST_LINES = 8
_ON_PURPOSE = ("shutdown", "restart", "sleep", "hibernate")

_AS = {"gateway": Role.GATEWAY, "standby": Role.STANDBY, "pc": Role.PC}
_NAMED = {"printer": frozenset({Role.PRINTER}), "land_printer": frozenset({Role.PRINTER})}


class SiteWatch:
    """Follow one site. agents and signs are by agent id, devices by asset id, lines by name, neighbours by asset id.

    darks are the last spells, the newest last; its end is None while it lasts. purpose: agents whose last absence
    turned out to be meant (True) or not (False). lan: agents that a fault of the LAN took, with since when. roles: as
    what agents say that they are or were connected; the register tells what they are now, which an election may have
    changed since, even while nobody was there to hear of it.
    """

    __slots__ = (
        "agents",
        "assets",
        "battery",
        "by_agent",
        "darks",
        "devices",
        "figures",
        "habit",
        "keys",
        "lan",
        "lines",
        "neighbours",
        "purpose",
        "roles",
        "signs",
        "site",
    )

    def __init__(self, site: Site, assets: tuple[Asset, ...]) -> None:
        """Begin with nothing heard."""
        self.roles: dict[str, Role] = {}
        self._know(site, assets)
        self.agents = {agent: Agent(edge=asset.role in EDGE) for agent, asset in self.by_agent.items()}
        self.signs: dict[str, Signs] = {}
        self.lines: dict[str, Standing] = {}
        self.figures: dict[str, tuple[Scalar, Scalar]] = {}
        self.devices: dict[str, Standing] = {}
        self.neighbours: dict[str, Standing] = {}
        self.battery: Standing | None = None
        self.darks: list[Dark] = []
        self.habit = 0  # evenings that ended with the breaker
        self.lan: dict[str, int] = {}
        self.purpose: dict[str, bool] = {}

    def _know(self, site: Site, assets: tuple[Asset, ...]) -> None:
        self.site = site
        self.assets = {asset.id: asset for asset in assets}
        self.by_agent = {asset.agent: asset for asset in assets if asset.agent is not None}
        self.keys = {
            key: asset.id for asset in assets for key in (asset.id, asset.agent, *asset.keys) if key is not None
        }

    def become(self, site: Site, assets: tuple[Asset, ...]) -> None:
        """Watch other assets from now on, or the same in other roles; what is known of those that stay is kept."""
        before = self.assets
        self._know(site, assets)
        for agent, asset in self.by_agent.items():
            known = self.agents.get(agent)
            if known is None:
                self.agents[agent] = Agent(edge=asset.role in EDGE)
            else:
                known.edge = self.role_of(agent) in EDGE
        for agent in self.agents.keys() - self.by_agent.keys():
            for held in (self.agents, self.signs, self.purpose, self.lan, self.roles):
                held.pop(agent, None)
        left = before.keys() - self.assets.keys()
        self.devices = {self.keys.get(key, key): one for key, one in self.devices.items() if key not in left}
        self.neighbours = {key: one for key, one in self.neighbours.items() if key in self.assets}

    def role_of(self, agent_id: str) -> Role:
        """Return as what an agent watches: as it says itself, else as the register says."""
        return self.roles.get(agent_id, self.by_agent[agent_id].role)

    def only_in_trouble(self, kind: str) -> str | None:
        """Return the one device of a kind that people name ("printer") and that is in trouble; else None."""
        roles = _NAMED.get(kind, frozenset())
        found = [
            asset
            for asset, standing in self.devices.items()
            if standing.state not in ("ok", "unknown") and asset in self.assets and self.assets[asset].role in roles
        ]
        return found[0] if len(found) == 1 else None

    @property
    def internet(self) -> str:
        """Return the name of the line that the site's provider carries."""
        return "internet" if "internet" in self.site.providers else next(iter(self.site.providers), "internet")

    @property
    def provider(self) -> str | None:
        """Return who carries it."""
        return self.site.providers.get(self.internet)

    @property
    def dark(self) -> Dark | None:
        """Return the spell that lasts, None when there is none."""
        return self.darks[-1] if self.darks and self.darks[-1].end is None else None

    def edges(self) -> Iterator[Agent]:
        """Yield the gateways and standbys that were ever heard, or all agents where there is none."""
        known = [agent for agent in self.agents.values() if agent.state is not State.UNKNOWN]
        edge = [agent for agent in known if agent.edge]
        return iter(edge or known)

    @property
    def linked(self) -> bool:
        """Tell whether the centre hears a gateway or standby now."""
        return any(agent.linked for agent in self.edges())

    def drains(self, now: int) -> bool:
        """Tell whether those that watch the site may still be telling of the past."""
        linked = [agent for agent in self.edges() if agent.linked]
        return bool(linked) and all(agent.drains(now) for agent in linked)

    def begin_dark(self, dark: Dark) -> None:
        """Begin a spell."""
        self.darks = [*self.darks, dark][-_MOST_DARKS:]

    def hear(self, agent_id: str, record: Record | Here, received_at: int) -> bool:
        """Take one record of an agent of this site; return whether a spell of darkness is known better by it."""
        agent = self.agents[agent_id]
        if isinstance(record, Here):
            self._hear_presence(agent_id, agent, record, received_at)
            return False
        if isinstance(record, Hello):
            agent.hello(record.stamp, received_at, record.waiting_records)
        if isinstance(record, Bye):
            agent.off(agent.placing.at(record.stamp, received_at))
            return False
        at = agent.heard(record.stamp, received_at)
        told = self._samples(agent_id, agent, record, at) if isinstance(record, Samples) else at
        booted = agent.placing.booted(record.stamp)
        news = sum(dark.record(agent_id, told, booted) for dark in self.darks) > 0
        if isinstance(record, Event):
            news = self._event(agent_id, agent, record, at) or news
        self._clock(agent_id, agent, record, at)
        return news

    def hear_again(self, agent_id: str, event: Event, received_at: int, assets: Container[str]) -> None:
        """Take what was said of some assets before they were known; anything else of it was heard then."""
        said = event.attributes
        at = self.agents[agent_id].placing.at(event.stamp, received_at)
        if event.name == "lan.neighbour" and self.keys.get(str(said.get("neighbour"))) in assets:
            self._neighbour(said, at)
        elif event.name == "device.state" and self.keys.get(str(said.get("device"))) in assets:
            self._device(said, at)

    def _hear_presence(self, agent_id: str, agent: Agent, record: Here, received_at: int) -> None:
        role = _AS.get(record.role or "")
        if role is not None:
            self.roles[agent_id] = role
            agent.edge = role in EDGE
        if record.state == "on":
            agent.here(received_at)
        elif record.state == "off":
            agent.off(received_at)
        elif record.state == "lost":
            agent.lost(received_at)

    def _samples(self, agent_id: str, agent: Agent, batch: Samples, at: int) -> int:
        if not batch.at:
            return at
        last = at + batch.at[-1] * 1000
        agent.alive_at = max(agent.alive_at, min(last, agent.heard_at))
        if agent.heard_at - last <= 90_000:  # noqa: PLR2004 - as of any record
            agent.back_at = None
        self._signs(agent_id).take(batch, at)
        return last

    def _signs(self, agent_id: str) -> Signs:
        found = self.signs.get(agent_id)
        if found is None:
            found = self.signs[agent_id] = Signs()
        return found

    def _clock(self, agent_id: str, agent: Agent, record: Record, at: int) -> None:
        if isinstance(record, Bye):
            return
        ahead = agent.placing.ahead(record.stamp)
        if ahead is not None and (abs(ahead) >= 60_000 or agent_id in self.signs):  # noqa: PLR2004
            self._signs(agent_id).clock.take(at, holds=abs(ahead) >= 60_000)  # noqa: PLR2004

    def _event(self, agent_id: str, agent: Agent, event: Event, at: int) -> bool:
        said = event.attributes
        if event.name == "line.state":
            return self._line(agent_id, said, at)
        if event.name == "lan.neighbour":
            self._neighbour(said, at)
        elif event.name == "device.state":
            self._device(said, at)
        elif event.name == "system.sleep":
            agent.asleep(at)
        elif event.name == "system.boot":
            return self._boot(agent_id, agent, event)
        return False

    def _line(self, agent_id: str, said: Mapping[str, Scalar], at: int) -> bool:
        line, state = str(said.get("line")), str(said.get("state"))
        if self._speaks_of_lines(agent_id) and (line in self.lines or len(self.lines) < _MOST_LINES):
            _stand(self.lines, line, state, at, ())
            self.figures[line] = (said.get("loss_percent"), said.get("rtt_ms"))
        if line != self.internet or state not in ("up", "down", "degraded"):
            return False
        return sum(dark.line(at, is_up=state != "down") for dark in self.darks) > 0

    def _speaks_of_lines(self, agent_id: str) -> bool:
        """Tell whether an agent's word on lines counts: a standby's only while no gateway is heard."""
        return self.role_of(agent_id) is Role.GATEWAY or not any(
            agent.linked for name, agent in self.agents.items() if self.role_of(name) is Role.GATEWAY
        )

    def _neighbour(self, said: Mapping[str, Scalar], at: int) -> None:
        asset = self.assets.get(self.keys.get(str(said.get("neighbour")), ""))
        if asset is None:
            return
        is_gone = said.get("state") == "gone"
        agent = self.agents.get(asset.agent or "")
        if agent is not None:
            if is_gone:
                agent.vanished(at)
            return
        _stand(self.neighbours, asset.id, "gone" if is_gone else "here", at, ())

    def _device(self, said: Mapping[str, Scalar], at: int) -> None:
        key = str(said.get("device"))
        asset = self.keys.get(key, key)
        reasons = tuple(sorted(filter(None, str(said.get("reasons") or "").split(","))))
        if len(self.devices) < _MOST_DEVICES or asset in self.devices:
            _stand(self.devices, asset, str(said.get("state")), at, reasons)
        is_on = "on_battery" in reasons
        if self.battery is not None:
            self.battery.take("on" if is_on else "off", at)
        elif is_on:
            self.battery = Standing("on", at)

    def _boot(self, agent_id: str, agent: Agent, event: Event) -> bool:
        ended, ended_at = str(event.attributes.get("ended") or "unknown"), event.attributes.get("ended_at")
        moment = ended_at if isinstance(ended_at, int) else None
        if ended in _ON_PURPOSE:
            self.purpose[agent_id] = True
        elif ended == "unexpected":
            self.purpose[agent_id] = False
        booted = agent.placing.booted(event.stamp)
        return sum(dark.boot(agent_id, booted, ended, moment) for dark in self.darks) > 0


def _stand(all_of: dict[str, Standing], key: str, state: str, at: int, reasons: tuple[str, ...]) -> None:
    known = all_of.get(key)
    if known is None:
        all_of[key] = Standing(state, at, reasons)
    else:
        known.take(state, at, reasons)

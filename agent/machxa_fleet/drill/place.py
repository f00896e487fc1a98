"""Put one commune together: its agents, whether each runs, is on the LAN, and by which way it reaches out. Pure."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from random import Random

from machxa_fleet.drill import habits
from machxa_fleet.drill.habits import Sessions
from machxa_fleet.drill.lives import Life, lives
from machxa_fleet.drill.scenario import Scenario, UnitSpec
from machxa_fleet.drill.spans import Spans, minus, union
from machxa_fleet.drill.truth import MINUTE, Trouble, Truth, UnitTruth

PATHS = ("internet", "tslcd")
_GATEWAY, _STANDBY = "pc1", "pc2"
_ROUTER_BOOT_MS = 75_000
_MORE_THAN_HALF = 0.5
_ROUNDING = 1e-9


def agent_id(unit: str, asset: str) -> str:
    """Return the id of the agent on a PC: the same in every drill."""
    return str(uuid.UUID(bytes=hashlib.sha256(f"{unit}/{asset}".encode()).digest()[:16]))


def device_key(unit: str, asset: str) -> str:
    """Return the key by which a gateway knows a device of its LAN."""
    return f"{unit}-{asset}"


@dataclass(frozen=True, slots=True)
class Pc:
    """Hold one PC: its runs, and when it is cut from its LAN while it runs."""

    unit: str
    asset: str
    agent: str
    role: str  # "gateway", "standby" or "pc"
    wireless: bool
    lives: tuple[Life, ...]
    lan_lost: Spans
    troubles: tuple[Trouble, ...]

    def runs(self) -> Spans:
        """Return when it runs."""
        return tuple((life.start, life.end) for life in self.lives)


@dataclass(frozen=True, slots=True)
class Place:
    """Hold one commune."""

    code: str
    spec: UnitSpec
    truth: UnitTruth
    pcs: tuple[Pc, ...]
    router_out: Spans  # while it has no power, restarts or starts
    closed: Mapping[str, Spans]  # by path: while nothing gets out that way, for whatever reason

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the ways out that this commune has."""
        return PATHS if self.spec.tslcd else PATHS[:1]


def place_of(code: str, scenario: Scenario, truth: Truth, sessions: Sessions) -> Place:
    """Return one commune of a scenario."""
    spec, unit = scenario.units[code], truth.units[code]
    router_out = union(unit.router_off, ((start, end + _ROUTER_BOOT_MS) for start, end in unit.dark))
    closed = {path: union(unit.line_down.get(path, ()), router_out) for path in PATHS}
    pcs = tuple(_pc(code, f"pc{n + 1}", scenario, truth, sessions) for n in range(spec.pcs))
    return Place(code, spec, unit, pcs, router_out, closed)


def is_wireless(spec: UnitSpec, number: int) -> bool:
    """Tell whether a PC is on the Wi-Fi: never the gateway (1); of a mixed LAN every other one."""
    return number > 1 and (spec.lan == "wifi" or (spec.lan == "mixed" and number % 2 == 1))


def is_lost(share: float, number: int, pcs: int) -> bool:
    """Tell whether a fault of the LAN takes a PC: its share of all PCs, the last ones first, never the gateway (1)."""
    taken = ceil(share * pcs - _ROUNDING)
    return number > 1 and number > pcs - taken


def takes_devices(share: float) -> bool:
    """Tell whether a fault of the LAN takes printers too."""
    return share > _MORE_THAN_HALF


def _pc(code: str, asset: str, scenario: Scenario, truth: Truth, sessions: Sessions) -> Pc:
    spec, unit = scenario.units[code], truth.units[code]
    chance = Random(f"{scenario.seed}/{code}/{asset}/life")
    window = (truth.begin, truth.end + MINUTE)
    always = asset == _GATEWAY and (habits.stays_on(chance) if spec.always_on is None else spec.always_on)
    role = {_GATEWAY: "gateway", _STANDBY: "standby"}.get(asset, "pc")
    plan = (
        habits.day_and_night(code, window, sessions, chance)
        if always
        else habits.uses(code, window, sessions, chance, sleeps=role == "pc")
    )
    troubles = tuple(unit.assets.get(asset, ()))
    lost = [span for span, share in unit.lan_down if is_lost(share, int(asset[2:]), spec.pcs)]
    return Pc(
        unit=code,
        asset=asset,
        agent=agent_id(code, asset),
        role=role,
        wireless=is_wireless(spec, int(asset[2:])),
        lives=lives(plan, unit.dark, troubles, window, chance),
        lan_lost=union(lost, unit.router_off),
        troubles=troubles,
    )


def on_lan(pc: Pc) -> Spans:
    """Return when a PC can be seen on its LAN."""
    return minus(pc.runs(), pc.lan_lost)

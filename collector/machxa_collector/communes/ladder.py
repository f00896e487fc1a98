"""Tell of each layer under a unit's work whether it stands: power, router, line, LAN, computers, systems. Pure.

A layer is well only where something says so; what nobody looks at is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause

NETWORK_KINDS = frozenset({"router", "modem", "firewall", "switch", "access_point"})
PC_KINDS = frozenset({"computer", "laptop", "tablet", "server"})
FRESH_MS = 20 * 60_000  # a check runs every 5 or 10 minutes: older than two runs says nothing of now


class Layer(Enum):
    """Name the layers from below."""

    POWER = "power"
    ROUTER = "router"
    LINE = "line"
    LAN = "lan"
    PCS = "pcs"
    SYSTEMS = "systems"


class Light(Enum):
    """Name how a layer stands."""

    WELL = "well"
    WEAK = "weak"
    DOWN = "down"
    UNCLEAR = "unclear"  # something is wrong, and nobody can tell how much
    PLANNED = "planned"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Hold what is seen of one asset; state: its agent's presence or the gateway's word, at: since when (ms)."""

    id: str
    kind: str
    state: str | None
    at: int | None
    has_agent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Hold what a ladder is judged from; times in ms since 1970 UTC.

    incidents are open, ended says when the last one of each layer ended. lines and checks give by name the newest 1
    (works) or 0 with its time. gateway: one of the unit is connected.
    """

    now: int
    devices: Sequence[Device]
    incidents: Sequence[Incident]
    ended: Mapping[Layer, int] = field(default_factory=dict)
    lines: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    checks: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    has_gateway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Say how a layer stands and why, in a fixed word with its numbers; since None: as long as anybody looked.

    incident is the one that says so, None where none does.
    """

    layer: Layer
    light: Light
    why: str
    since: int | None = None
    incident: Incident | None = None
    number: int | None = None
    of: int | None = None


def ladder(seen: Seen) -> tuple[Rung, ...]:
    """Return the layers from below; an open incident decides its layer, what is heard decides the rest."""
    kinds = {one.id: one.kind for one in seen.devices}
    troubled: dict[Layer, list[Incident]] = {}
    for one in seen.incidents:
        for layer in layers_of(one, kinds):
            troubled.setdefault(layer, []).append(one)
    return tuple(
        _troubled(layer, troubled[layer]) if layer in troubled else judge(seen) for layer, judge in _QUIET.items()
    )


def layers_of(one: Incident, kinds: Mapping[str, str]) -> Iterator[Layer]:
    """Yield the layers that an incident bears on; kinds are of the assets it may lie at."""
    if one.cause is Cause.POWER_OR_LINE:
        yield from (Layer.POWER, Layer.LINE)
    elif one.cause is Cause.DEVICE:
        kind = kinds.get(one.subject, "")
        yield Layer.ROUTER if kind in NETWORK_KINDS else Layer.POWER if kind == "ups" else Layer.PCS
    elif one.cause in _LAYERS:
        yield _LAYERS[one.cause]


def _troubled(layer: Layer, its: Iterable[Incident]) -> Rung:
    rungs = [
        Rung(layer=layer, light=_light(layer, one), why="incident", since=one.started_at, incident=one) for one in its
    ]
    return min(rungs, key=lambda rung: (_GRAVEST.index(rung.light), rung.since or 0))


def _light(layer: Layer, one: Incident) -> Light:
    if one.suppressed_by is not None:
        return Light.PLANNED
    if one.cause is Cause.POWER_OR_LINE:
        return Light.UNCLEAR
    if layer is Layer.PCS and one.cause is Cause.DEVICE:
        return Light.WEAK  # one of several
    if one.state in _DOWN:
        return Light.DOWN
    return Light.UNCLEAR if one.state == "reported" else Light.WEAK


def _power(seen: Seen) -> Rung:
    if any(_is_on(one) for one in seen.devices):
        return _well(seen, Layer.POWER, "heard")
    return _silent(seen, Layer.POWER)


def _router(seen: Seen) -> Rung:
    told = [one for one in seen.devices if one.kind in NETWORK_KINDS and one.state in _TELLING]
    bad = [one for one in told if one.state not in _WELL]
    if bad:
        light = Light.DOWN if len(bad) == len(told) and bad[0].state == "unreachable" else Light.WEAK
        since = min((one.at for one in bad if one.at is not None), default=None)
        return Rung(layer=Layer.ROUTER, light=light, why="device", since=since, number=len(bad), of=len(told))
    if told:
        since = max((one.at for one in told if one.at is not None), default=None)
        return Rung(layer=Layer.ROUTER, light=Light.WELL, why="answers", since=since, number=len(told), of=len(told))
    return Rung(layer=Layer.ROUTER, light=Light.UNKNOWN, why="not_watched")


def _line(seen: Seen) -> Rung:
    fresh = {name: value for name, (value, at) in seen.lines.items() if seen.now - at <= FRESH_MS}
    works = sum(1 for value in fresh.values() if value)
    if fresh and works < len(fresh):
        light = Light.WEAK if works else Light.UNCLEAR
        return Rung(layer=Layer.LINE, light=light, why="line_down", number=len(fresh) - works, of=len(fresh))
    if fresh:
        return _well(seen, Layer.LINE, "measured", len(fresh), len(fresh))
    if any(_is_on(one) for one in seen.devices):
        return _well(seen, Layer.LINE, "heard")
    return _silent(seen, Layer.LINE)


def _lan(seen: Seen) -> Rung:
    if seen.has_gateway:
        return _well(seen, Layer.LAN, "gateway")
    if any(_is_on(one) for one in seen.devices):
        return Rung(layer=Layer.LAN, light=Light.UNKNOWN, why="no_gateway")
    return _silent(seen, Layer.LAN)


def _pcs(seen: Seen) -> Rung:
    pcs = [one for one in seen.devices if one.has_agent and one.kind in PC_KINDS]
    on = sum(map(_is_on, pcs))
    lost = [one for one in pcs if one.state == "lost"]
    if not pcs:
        return Rung(layer=Layer.PCS, light=Light.UNKNOWN, why="no_agent")
    if not on:
        return _silent(seen, Layer.PCS)
    if lost:
        since = min((one.at for one in lost if one.at is not None), default=None)
        return Rung(layer=Layer.PCS, light=Light.WEAK, why="lost", since=since, number=len(lost), of=len(pcs))
    return _well(seen, Layer.PCS, "on", on, len(pcs))


def _systems(seen: Seen) -> Rung:
    fresh = {name: value for name, (value, at) in seen.checks.items() if seen.now - at <= FRESH_MS}
    if not fresh:
        return Rung(layer=Layer.SYSTEMS, light=Light.UNKNOWN, why="not_checked")
    failing = sum(1 for value in fresh.values() if not value)
    if failing:
        return Rung(layer=Layer.SYSTEMS, light=Light.UNCLEAR, why="failing", number=failing, of=len(fresh))
    return _well(seen, Layer.SYSTEMS, "checked", len(fresh), len(fresh))


def _well(seen: Seen, layer: Layer, why: str, number: int | None = None, of: int | None = None) -> Rung:
    return Rung(layer=layer, light=Light.WELL, why=why, since=seen.ended.get(layer), number=number, of=of)


def _silent(seen: Seen, layer: Layer) -> Rung:
    """Return a layer of which nobody tells: switched off by people, or not heard."""
    told = [one for one in seen.devices if one.has_agent]
    if told and all(one.state == "off" for one in told):
        since = max((one.at for one in told if one.at is not None), default=None)
        return Rung(layer=layer, light=Light.OFF, why="off", since=since)
    return Rung(layer=layer, light=Light.UNKNOWN, why="silent" if told else "no_agent")


def _is_on(one: Device) -> bool:
    return one.has_agent and one.state == "on"


_QUIET = {
    Layer.POWER: _power,
    Layer.ROUTER: _router,
    Layer.LINE: _line,
    Layer.LAN: _lan,
    Layer.PCS: _pcs,
    Layer.SYSTEMS: _systems,
}
_LAYERS: Mapping[Cause, Layer] = {
    Cause.POWER: Layer.POWER,
    Cause.LINE: Layer.LINE,
    Cause.PROVIDER: Layer.LINE,
    Cause.PROVIDER_AREA: Layer.LINE,
    Cause.LAN: Layer.LAN,
    Cause.PROVINCIAL_SYSTEM: Layer.SYSTEMS,
    Cause.NATIONAL_SYSTEM: Layer.SYSTEMS,
    Cause.UNKNOWN: Layer.SYSTEMS,
}
_DOWN = frozenset({"dark", "down", "cut", "hang", "error", "portal", "untrusted", "unreachable"})
_TELLING = frozenset({"ok", "warning", "blocked", "unreachable"})
_WELL = frozenset({"ok"})
_GRAVEST = [Light.DOWN, Light.UNCLEAR, Light.WEAK, Light.PLANNED]

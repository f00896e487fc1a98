"""Compile a scenario's faults into what holds where and when: the truth that no record says outright. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC

from machxa_fleet.drill.scenario import Fault, Scenario
from machxa_fleet.drill.spans import Span, Spans, union

MINUTE = 60_000
_REBOOT_MS = 2 * MINUTE
_LAN_PARTS = ("power_cut", "breaker_off")
_MOST_TURNS = 20_000  # of one flapping fault


@dataclass(frozen=True, slots=True)
class Weak:
    """Degrade a line or a wireless network for a while: loss in per cent, round trip in milliseconds."""

    span: Span
    loss: float
    rtt_ms: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """Trouble one asset or system for a while: kind is the fault's, the rest its figures."""

    span: Span
    kind: str
    fault: Fault


@dataclass(slots=True)
class UnitTruth:
    """Hold what happens to one commune."""

    dark: Spans = ()  # without power
    router_off: Spans = ()  # the router restarts
    line_down: dict[str, Spans] = field(default_factory=dict)  # by path
    line_weak: list[Weak] = field(default_factory=list)
    lan_down: list[tuple[Span, float]] = field(default_factory=list)  # with the share of agents that lose it
    wifi_weak: Spans = ()
    assets: dict[str, list[Trouble]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Truth:
    """Hold the whole world's: milliseconds since 1970."""

    begin: int  # of the warm-up
    start: int
    end: int
    units: Mapping[str, UnitTruth]
    systems: Mapping[str, tuple[Trouble, ...]]
    centre_cut: Spans


def truth_of(scenario: Scenario) -> Truth:
    """Return what a scenario makes true."""
    start = int(scenario.start.astimezone(UTC).timestamp() * 1000)
    end = start + round(scenario.minutes * MINUTE)
    units = {code: UnitTruth() for code in scenario.units}
    systems: dict[str, list[Trouble]] = {}
    cut: list[Span] = []
    for fault in scenario.faults:
        spans = tuple(_spans(fault, start, end))
        if fault.kind == "centre_cut":
            cut += spans
        elif fault.system is not None and fault.kind.startswith("system_"):
            systems.setdefault(fault.system, []).extend(Trouble(span, fault.kind, fault) for span in spans)
        else:
            for code in _units_of(fault, scenario):
                _apply(units[code], fault, spans, scenario.units[code].tslcd)
    begin = start - round(scenario.warm_up_minutes * MINUTE)
    return Truth(begin, start, end, units, {name: tuple(found) for name, found in systems.items()}, union(cut))


def _spans(fault: Fault, start: int, end: int) -> Iterator[Span]:
    """Yield when a fault holds: once, or on and off in turn."""
    at = start + round(fault.at * MINUTE)
    until = end + MINUTE if fault.until is None else start + round(fault.until * MINUTE)
    if fault.kind == "router_reboot" and fault.period_s is None:
        yield at, at + _REBOOT_MS  # however long it is said to last
        return
    if fault.period_s is None:
        yield at, until
        return
    half = max(1, round(fault.period_s * 500))
    for turn in range(_MOST_TURNS):
        first = at + turn * 2 * half
        if first >= until:
            return
        yield first, min(first + half, until)


def _units_of(fault: Fault, scenario: Scenario) -> Iterable[str]:
    if fault.kind == "provider_down":
        whole = [code for code, spec in scenario.units.items() if spec.provider == fault.provider]
        return [code for code in whole if fault.units is None or code in fault.units]
    return [fault.unit] if fault.unit is not None else fault.units or ()


def _apply(unit: UnitTruth, fault: Fault, spans: Spans, has_tslcd: bool) -> None:  # noqa: FBT001 - of one unit
    kind = fault.kind
    if kind in _LAN_PARTS:
        unit.dark = union(unit.dark, spans)
    elif kind in ("line_down", "provider_down"):
        paths = (fault.path,) if fault.path else ("internet", *(("tslcd",) if has_tslcd else ()))
        for path in paths:
            unit.line_down[path] = union(unit.line_down.get(path, ()), spans)
    elif kind == "line_degraded":
        unit.line_weak += [Weak(span, fault.loss, fault.rtt_ms) for span in spans]
    elif kind == "lan_down":
        unit.lan_down += [(span, fault.share) for span in spans]
    elif kind == "wifi_weak":
        unit.wifi_weak = union(unit.wifi_weak, spans)
    elif kind == "router_reboot":
        unit.router_off = union(unit.router_off, spans)
    elif fault.asset is not None:
        unit.assets.setdefault(fault.asset, []).extend(Trouble(span, kind, fault) for span in spans)

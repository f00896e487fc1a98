"""Say what an incident takes from dossiers, in the words of the impact model. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from machxa_collector.checks.catalogue import Catalogue
from machxa_collector.impact import Broken, Group, Health, Impaired, Outage, Remote, System
from machxa_collector.impact import Cause as Layer
from machxa_collector.incidents.incident import Why
from machxa_collector.incidents.words import Cause, Hush

PRINTS_CERTIFICATES = "in phôi giấy chứng nhận"  # a tag of a printer
_CLASSES: Mapping[str, tuple[System, ...]] = {  # what a device of a kind is to the need matrix
    "computer": (System.PC,),
    "laptop": (System.PC,),
    "printer": (System.PRINTER,),
    "copier": (System.COPIER,),
    "scanner": (System.SCANNER,),
    "multifunction": (System.PRINTER, System.COPIER, System.SCANNER),
    "token": (System.SIGNATURE,),
    "storage": (System.STORAGE,),
}
_NETWORK = frozenset({"router", "modem", "firewall"})
_GONE = frozenset({"lost", "blocked", "unreachable", "offline"})
_HARMLESS = frozenset({"warning", "toner_low", "disk_failing", "clock_wrong", "on_battery"})
_DOWN = frozenset({"dark", "down", "cut", "error", "portal", "untrusted"})
_LINES = frozenset({Cause.LINE, Cause.PROVIDER, Cause.PROVIDER_AREA})
_SYSTEMS = frozenset({Cause.PROVINCIAL_SYSTEM, Cause.NATIONAL_SYSTEM})
LAYERS: Mapping[Cause, Layer] = {
    Cause.DEVICE: Layer.EQUIPMENT,
    Cause.LAN: Layer.LAN,
    Cause.LINE: Layer.WAN,
    Cause.PROVIDER: Layer.WAN,
    Cause.PROVIDER_AREA: Layer.WAN,
    Cause.PROVINCIAL_SYSTEM: Layer.PROVINCE,
    Cause.NATIONAL_SYSTEM: Layer.NATIONAL,
    Cause.POWER: Layer.POWER,
    Cause.POWER_OR_LINE: Layer.POWER,
    Cause.MAINTENANCE: Layer.MAINTENANCE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Give what is needed of an incident; times are ms since 1970 UTC, ended_at None: it is open."""

    id: str
    cause: Cause
    state: str
    subject: str
    units: tuple[str, ...]
    started_at: int
    ended_at: int | None
    why: tuple[Why, ...] = ()
    hush: Hush | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Say what an asset is: its kind, and whether it prints land certificates."""

    kind: str
    prints_certificates: bool = False

    @property
    def classes(self) -> tuple[System, ...]:
        """Return its classes in the need matrix, none where dossiers do not wait for it."""
        found = _CLASSES.get(self.kind, ())
        return (*found, System.CERTIFICATE_PRINTER) if self.prints_certificates and found else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Hold the class of each watched system with the groups that go through it, and what each asset is."""

    systems: Mapping[str, tuple[System, frozenset[Group]]] = field(default_factory=dict)
    devices: Mapping[str, Device] = field(default_factory=dict)


def systems_of(catalogue: Catalogue) -> Mapping[str, tuple[System, frozenset[Group]]]:
    """Return the class of each system that dossiers wait for; groups empty: all."""
    every = frozenset(Group)
    return {
        one.id: (System(one.system_class), frozenset() if groups == every else groups)
        for one in catalogue.systems
        if one.system_class is not None and (groups := frozenset(map(Group, one.groups)))
    }


def outage_of(seen: Seen, known: Known) -> Outage | None:
    """Return an incident as the impact model takes it; None where it takes nothing from dossiers, or is our own."""
    cause = LAYERS.get(seen.cause)
    effects = tuple(_effects(seen, known))
    if not effects:
        return None
    if seen.hush is Hush.MAINTENANCE:
        cause = Layer.MAINTENANCE
    return Outage(
        id=seen.id,
        cause=cause or Layer.EQUIPMENT,
        start=moment(seen.started_at),
        end=None if seen.ended_at is None else moment(max(seen.started_at, seen.ended_at)),
        units=frozenset(seen.units),
        effects=effects,
    )


def moment(ms: int) -> datetime:
    """Return a time as an aware one."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def _effects(seen: Seen, known: Known) -> Iterator[Broken | Impaired]:
    if seen.cause is Cause.POWER:
        yield Impaired(system=System.POWER, state=Remote(health=Health.DOWN))
    elif seen.cause is Cause.POWER_OR_LINE:
        yield Impaired(system=System.LINE, state=Remote(health=Health.DOWN))
        yield Impaired(system=System.POWER, state=Remote(health=Health.UNKNOWN))
    elif seen.cause in _LINES:
        yield Impaired(system=System.LINE, state=_state(seen))
    elif seen.cause is Cause.LAN:
        lost = _figure(seen, "lost")
        yield Broken(system=System.PC, count=None if lost is None else int(lost))
    elif seen.cause is Cause.DEVICE:
        yield from _of_device(seen, known)
    elif seen.cause in _SYSTEMS or seen.subject in known.systems:
        told = known.systems.get(seen.subject)
        if told is not None:
            yield Impaired(system=told[0], state=_state(seen), groups=told[1])


def _of_device(seen: Seen, known: Known) -> Iterator[Broken | Impaired]:
    device = known.devices.get(seen.subject)
    if device is None or seen.state in _HARMLESS:
        return
    is_gone = seen.state in _GONE
    if device.kind in _NETWORK:
        health = Health.UNKNOWN  # another router or the provider's box may carry the line
        yield Impaired(system=System.LINE, state=Remote(health=health))
        return
    for system in device.classes:
        yield Broken(system=system, count=1 if is_gone else None)


def _state(seen: Seen) -> Remote:
    """Return what is known of how a system does; "reported" by people alone: nobody measured it."""
    if seen.state in _DOWN:
        return Remote(health=Health.DOWN)
    if seen.state == "hang":
        return Remote(health=Health.HANG)
    if seen.state == "intermittent":
        percent = _figure(seen, "error_percent")
        return Remote(health=Health.INTERMITTENT, error_ratio=None if percent is None else percent / 100)
    if seen.state == "slow":
        return Remote(health=Health.SLOW, excess_seconds=_figure(seen, "excess_seconds"))
    return Remote(health=Health.UNKNOWN)


def _figure(seen: Seen, name: str) -> float | None:
    found = next((why.figures[name] for why in seen.why if name in why.figures), None)
    return float(found) if isinstance(found, int | float) else None

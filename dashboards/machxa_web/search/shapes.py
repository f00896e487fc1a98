"""Hold what a search finds, in the shapes of the public API. Times are aware, None is not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Hold a unit; old_name is the one by which it was found."""

    code: str
    kind: str
    name: str
    province: str | None
    old_name: str | None

    @property
    def href(self) -> str:
        """Return the address of its page."""
        return f"/communes?province={self.code}" if self.kind == "province" else f"/communes/{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Hold a device; by says what of it was found as typed: "address", "serial", "code" or "words"."""

    id: str
    kind: str
    name: str
    code: str | None
    vendor: str | None
    model: str | None
    serial: str | None
    addresses: tuple[str, ...]
    unit: str | None
    unit_name: str | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Hold a dossier of exactly the number typed."""

    number: str
    source: str
    unit: str
    unit_name: str | None
    group: str
    received: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Hold units, and how many there are in all."""

    count: int
    more: bool
    hits: tuple[Unit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """Hold devices, and how many there are in all; more: beyond these some were not counted."""

    count: int
    more: bool
    hits: tuple[Device, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossiers:
    """Hold dossiers of a number."""

    count: int
    more: bool
    hits: tuple[Dossier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hold it all; None: not for who asks. empty: the text asks for nothing."""

    q: str
    empty: bool
    units: Units | None
    devices: Devices
    dossiers: Dossiers | None

    @property
    def count(self) -> int:
        """Return how many there are of all kinds."""
        return sum(0 if one is None else one.count for one in (self.units, self.devices, self.dossiers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Hold a figure, None where it is not known; then at_least may be."""

    figure: float | None
    at_least: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Hold the split of a dossier's late office hours."""

    late: Figure
    late_actual: Figure
    k1_direct: Figure
    k1_queue: Figure
    k2_recorded_late: Figure
    k3_waiting: Figure
    k4_staff: Figure
    k5_no_evidence: Figure
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Hold an incident that was weighed; until None: it goes on."""

    id: str
    cause: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Hold a dossier; split None: it is not late, or has no due time."""

    source: str
    unit: str
    unit_name: str | None
    group: str
    received: datetime
    due: datetime | None
    recorded: datetime | None
    split: Split | None
    incidents: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneNumber:
    """Hold the dossiers of a number."""

    number: str
    dossiers: tuple[Told, ...]

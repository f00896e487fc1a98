"""Say what the answer of a search looks like, for the OpenAPI document; a test holds every answer to it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from machxa_collector.api.shapes import Moment


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FoundUnit(_Shape):
    """Hold a commune or centre, or a province; old_name: the name of old by which it was found."""

    code: str
    kind: Literal["province", "commune", "centre"]
    name: str
    province: str | None
    old_name: str | None


class FoundDevice(_Shape):
    """Hold a device; by: what of it was found as typed; addresses are those at which gateways watch it."""

    id: str
    kind: str
    name: str
    code: str | None
    vendor: str | None
    model: str | None
    serial: str | None
    addresses: list[str]
    unit: str | None
    unit_name: str | None
    by: Literal["address", "serial", "code", "words"]


class FoundDossier(_Shape):
    """Hold a dossier of exactly this number, of one source each."""

    number: str
    source: str
    unit: str
    unit_name: str | None
    group: str
    received: Moment
    due: Moment | None


class FoundUnits(_Shape):
    """Hold the likeliest units and how many there are; more: there may be more than were counted."""

    count: int
    more: bool
    hits: list[FoundUnit]


class FoundDevices(_Shape):
    """Hold the likeliest devices and how many there are; more: there may be more than were counted."""

    count: int
    more: bool
    hits: list[FoundDevice]


class FoundDossiers(_Shape):
    """Hold dossiers."""

    count: int
    more: bool
    hits: list[FoundDossier]


class SearchShape(_Shape):
    """Hold what a text may mean, by kind; null: who asks may not look there. empty: it asks for nothing."""

    q: str
    empty: bool
    units: FoundUnits | None
    devices: FoundDevices
    dossiers: FoundDossiers | None

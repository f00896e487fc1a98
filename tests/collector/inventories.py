"""Let agents tell the inventories of two computers, and look at the records they come to."""

from __future__ import annotations

from sqlalchemy import Engine

from machxa_collector.registry.audit import Entry
from machxa_collector.store.asset_list import list_assets
from machxa_wire.records import Facts, Place, Stamp
from tests.collector.builders import MIDNIGHT, STREAM, Known, enrol, take

HOUR_MS = 3_600_000
HARDWARE = {"name": "VP-01", "uuid": "4c4c4544-0046-3510-8052-b7c04f4a4d32"}
PC: dict[str, object] = {
    "hardware": HARDWARE,
    "bios": {"smanufacturer": "Dell", "smodel": "OptiPlex 3020", "ssn": "F5RJM2Z"},
    "networks": [{"mac": "f8:b1:56:ab:cd:01"}],
    "storages": [{"serial": "S1D5NSAF1234"}],
}
OTHER: dict[str, object] = {
    "hardware": {"name": "VP-02", "uuid": "4c4c4544-0031-4810-8046-c3c04f593132"},
    "bios": {"smanufacturer": "Dell", "smodel": "OptiPlex 3020", "ssn": "H1HFY12"},
    "networks": [{"mac": "f8:b1:56:ab:cd:02"}],
    "storages": [{"serial": "S1D5NSAF9999"}],
}


def tell(store: Engine, agent: Known, body: dict[str, object], now_ms: int, seq: int = 1) -> None:
    """Let an agent tell its inventory."""
    take(store, agent, Facts(Place(STREAM, seq), Stamp("0badcafe.1", now_ms, 1000), body), now_ms=now_ms)


def by(actor: str, now_ms: int) -> Entry:
    """Return a person's act."""
    return Entry(at=now_ms, actor=actor, action="test")


def shown(store: Engine) -> dict[str, str | None]:
    """Return the assets that are listed, with their agents."""
    return {row.id: row.agent for row in list_assets(store, "", 100)}


def returned(store: Engine) -> tuple[Known, Known]:
    """Return two agents of one computer, which was installed anew."""
    first = enrol(store, "VP-01", MIDNIGHT)
    tell(store, first, PC, MIDNIGHT)
    second = enrol(store, "VP-01", MIDNIGHT + HOUR_MS)
    tell(store, second, PC, MIDNIGHT + HOUR_MS)
    return first, second

"""Say what an asset is in the form of GLPI's inventory (glpi-project/inventory_format), and its money as a table. Pure.

What an agent told goes out as it stands; what a gateway watches as network_device; what people told as a computer's or
printer's name, maker, model, serial and tag. GLPI takes computers, printers, network equipment and phones by
inventory; a scanner, a cabinet or a UPS is in the table alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from machxa_collector.registry.records import Cell, Record

VERSION = "machxa"
_ITEMS: Mapping[str, str] = {
    **dict.fromkeys(("computer", "laptop", "tablet", "server"), "Computer"),
    **dict.fromkeys(("printer", "multifunction", "copier"), "Printer"),
    **dict.fromkeys(("router", "switch", "access_point", "firewall", "modem"), "NetworkEquipment"),
    "phone": "Phone",
}
_DEVICE_KEYS = ("type", "manufacturer", "model", "serial", "firmware", "name", "mac", "ips")  # ours have a prefix
_TYPES: Mapping[str, str] = {"Printer": "Printer", "NetworkEquipment": "Networking", "Phone": "Phone"}

Json = dict[str, object]


def itemtype(kind: str) -> str | None:
    """Return GLPI's type of item for a kind of asset, None for one that its inventory does not take."""
    return _ITEMS.get(kind)


def inventory(asset_id: str, record: Record, body: Mapping[str, object] | None, pages: int | None) -> Json | None:
    """Return an asset as GLPI's inventory JSON, None where its kind is not taken.

    body is what its agent or its gateway told last, None for neither; pages is a printer's counter, None for unknown.
    """
    item = itemtype(str(record["kind"]))
    if item is None:
        return None
    content = _content(record, item, body or {})
    if pages is not None and item == "Printer":
        content["pagecounters"] = {"total": pages}
    made: Json = {"action": "inventory", "deviceid": asset_id, "itemtype": item, "content": content}
    return made if record["unit"] is None else {**made, "tag": str(record["unit"])}


COLUMNS = (  # headings as GLPI's own lists and its data injection name them
    "Name", "Serial number", "Inventory number", "Manufacturer", "Model", "Type", "Status", "Location", "Unit",
    "Startup date", "Value", "Budget", "Supplier", "Warranty expiration date", "Comments",
)  # fmt: skip
_OF_COLUMNS = (
    "name", "serial", "code", "vendor", "model", "kind", "status", "location", "unit",
    "acquired_on", "cost_vnd", "budget", "supplier", "warranty_until", "note",
)  # fmt: skip


def table_row(record: Record, *, with_cost: bool) -> Sequence[Cell]:
    """Return an asset's row under COLUMNS; the value is empty where costs are not to be seen."""
    cells = []
    for name in _OF_COLUMNS:
        value = record[name]
        hidden = name == "cost_vnd" and not with_cost
        cells.append(
            None if hidden or isinstance(value, tuple) else value.isoformat() if isinstance(value, date) else value
        )
    return tuple(cells)


def _content(record: Record, item: str, body: Mapping[str, object]) -> Json:
    device = body.get("network_device")
    if isinstance(device, Mapping):
        told = {name: device[name] for name in _DEVICE_KEYS if name in device}
        return {"versionclient": VERSION, "network_device": {"type": _TYPES.get(item, "Computer"), **told}}
    if body:
        content = dict(body)
        content.setdefault("versionclient", VERSION)
        return _tagged(content, record)
    if item == "Computer":
        hardware = _said({"name": record["name"]})
        return _tagged({"versionclient": VERSION, "hardware": hardware, "bios": _bios(record)}, record)
    said = _said(
        {"name": record["name"], "manufacturer": record["vendor"], "model": record["model"], "serial": record["serial"]}
    )
    return {"versionclient": VERSION, "network_device": {"type": _TYPES[item], **said}}


def _bios(record: Record) -> Json:
    return _said({"smanufacturer": record["vendor"], "smodel": record["model"], "ssn": record["serial"]})


def _tagged(content: Json, record: Record) -> Json:
    """Return an inventory with the accounting code as asset tag, where the firmware has none."""
    bios = content.get("bios")
    told = dict(bios) if isinstance(bios, Mapping) else {}
    if record["code"] is not None:
        told.setdefault("assettag", str(record["code"]))
    return {**content, "bios": told} if told else {name: value for name, value in content.items() if name != "bios"}


def _said(pairs: Mapping[str, object]) -> Json:
    return {name: value for name, value in pairs.items() if value not in (None, "")}

"""Read inventories of GLPI's agents (glpi-project/inventory_format, JSON) as a table of assets that somebody found.

One inventory, a list of them, or a ZIP of such files. Of each is read what names the device, and nothing else.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping

import msgspec

from machxa_collector.registry.records import KINDS, Told
from machxa_collector.registry.sheets import BadFile, Row

FIELDS = ("code", "unit", "kind", "name", "vendor", "model", "serial", "status")
_MOST_BYTES = 50 * 1024 * 1024  # unpacked
_LONGEST = 200
_UNIT = re.compile(r"[0-9]{5}", re.ASCII)
_PORTABLE = frozenset({"laptop", "notebook", "portable", "sub notebook", "convertible", "detachable"})
_KINDS: Mapping[str, str] = {
    "computer": "computer",
    "printer": "printer",
    "networkequipment": "switch",
    "networking": "switch",
    "phone": "phone",
}
_NO_NUMBER = Told(
    vi="không có số sê-ri, mã tài sản: lấy mã máy của GLPI làm mã tài sản",
    en="no serial number, no asset tag: GLPI's device id is taken as asset code",
)


class _Hardware(msgspec.Struct):
    name: str | None = None
    chassis_type: str | None = None


class _Bios(msgspec.Struct):
    smanufacturer: str | None = None
    smodel: str | None = None
    ssn: str | None = None
    assettag: str | None = None


class _Device(msgspec.Struct):
    type: str | None = None
    name: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    serial: str | None = None


class _Content(msgspec.Struct):
    hardware: _Hardware | None = None
    bios: _Bios | None = None
    network_device: _Device | None = None


class _Inventory(msgspec.Struct):
    deviceid: str
    content: _Content
    itemtype: str = "Computer"
    tag: str | None = None


_DECODER = msgspec.json.Decoder(_Inventory | list[_Inventory])


def read_inventories(content: bytes) -> Iterator[Row]:
    """Give a row of headings and one for each inventory; raises BadFile, also midway.

    A row is a finding: it makes a draft of a device that is not there, and changes nothing of one that is.
    """
    yield Row(1, [KINDS["assets"].field(name).told.vi for name in FIELDS])
    number = 1
    for name, text in _texts(content):
        try:
            found = _DECODER.decode(text)
        except (msgspec.DecodeError, RecursionError) as exc:
            raise BadFile(
                f"{name}: không phải kiểm kê JSON của GLPI", f"{name}: no inventory JSON of GLPI: {exc}"
            ) from exc
        for one in found if isinstance(found, list) else [found]:
            number += 1
            yield _row(number, one)


def _texts(content: bytes) -> Iterator[tuple[str, bytes]]:
    if not content.startswith(b"PK"):
        yield "tệp", content
        return
    left = _MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for entry in sorted(packed.infolist(), key=lambda one: one.filename):
            if not entry.filename.lower().endswith(".json"):
                continue
            try:
                with packed.open(entry) as file:
                    text = file.read(left + 1)
            except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as exc:
                raise BadFile("tệp ZIP hỏng", "the ZIP file is damaged") from exc
            left -= len(text)
            if left < 0:
                raise BadFile(
                    "tệp khi giải nén lớn hơn 50 MB: hãy chia nhỏ", "the file unpacks to over 50 MB: split it"
                )
            yield entry.filename[:_LONGEST], text


def _row(number: int, one: _Inventory) -> Row:
    hardware, bios = one.content.hardware or _Hardware(), one.content.bios or _Bios()
    device = one.content.network_device or _Device()
    serial, code = _text(bios.ssn) or _text(device.serial), _text(bios.assettag)
    name = _text(hardware.name) or _text(device.name) or _text(device.model) or _text(one.deviceid)
    unit = one.tag if one.tag is not None and _UNIT.fullmatch(one.tag) else None
    remark = None if serial or code else _NO_NUMBER
    cells = {
        "code": code or (None if serial else _text(one.deviceid)),
        "unit": unit,
        "kind": _kind(one, hardware, device),
        "name": name,
        "vendor": _text(bios.smanufacturer) or _text(device.manufacturer),
        "model": _text(bios.smodel) or _text(device.model),
        "serial": serial,
        "status": "draft",
    }
    return Row(number, [cells[field] for field in FIELDS], remark, is_finding=True)


def _kind(one: _Inventory, hardware: _Hardware, device: _Device) -> str:
    said = (device.type or one.itemtype).strip()
    kind = _KINDS.get(said.casefold().replace(" ", ""), said[:_LONGEST])
    chassis = (hardware.chassis_type or "").strip().casefold()
    if kind == "computer":
        return "laptop" if chassis in _PORTABLE else "tablet" if chassis == "tablet" else kind
    return kind


def _text(value: str | None) -> str | None:
    return (value or "").strip()[:_LONGEST] or None

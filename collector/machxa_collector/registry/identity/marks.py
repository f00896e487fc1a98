"""Find what identifies a computer in its inventory body (GLPI inventory JSON schema). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from machxa_collector.registry.identity.junk import LONGEST, is_wandering, refuse_mac, refuse_serial, refuse_uuid
from machxa_collector.registry.identity.values import Mark, MarkKind, Refusal, Refused

MOST_OF_A_KIND = 12  # adapters, disks, modules; what comes beyond, in order of value, is left out
_MOST_LISTED = 200  # of a body's list are looked at: it comes from outside
_UUID_PARTS = re.compile(r"[0-9A-F]{32}")
_HEX = re.compile(r"[^0-9A-F]")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")


class Sifted(NamedTuple):
    """Hold what counts, in order of kind and value, and what was refused with the reason."""

    marks: tuple[Mark, ...]
    refused: tuple[Refused, ...]


def marks(body: Mapping[str, object]) -> tuple[Mark, ...]:
    """Return the marks that count, in order of kind and value; none where the body says nothing of use."""
    return sift(body).marks


def sift(body: Mapping[str, object]) -> Sifted:
    """Return the marks that count and what was refused.

    Read are hardware.uuid, bios.msn, ssn and enclosureserial, operatingsystem.machine_id, and of the lists networks
    the mac, storages the serial, memories the serialnumber.
    """
    bios = _group(body, "bios")
    models = frozenset(filter(None, (serial_as_compared(_text(bios, key)) for key in _MODELS)))

    def judge(value: str) -> Refusal | None:
        return refuse_serial(value, models)

    told: list[tuple[MarkKind, str, Callable[[str], Refusal | None]]] = [
        (MarkKind.UUID, uuid_as_compared(_text(_group(body, "hardware"), "uuid")), refuse_uuid),
        (MarkKind.BOARD, serial_as_compared(_text(bios, "msn")), judge),
        (MarkKind.SERIAL, serial_as_compared(_text(bios, "ssn")), judge),
        (MarkKind.SERIAL, serial_as_compared(_text(bios, "enclosureserial")), judge),
        (MarkKind.MACHINE, serial_as_compared(_text(_group(body, "operatingsystem"), "machine_id")), judge),
    ]
    for adapter in _listed(body, "networks"):
        mac = mac_as_compared(_text(adapter, "mac"))
        told.append((MarkKind.DONGLE if _wanders(adapter, mac) else MarkKind.MAC, mac, _adapter_judge(adapter)))
    disks = (disk for disk in _listed(body, "storages") if _text(disk, "interface").upper() != "USB")
    modules = _listed(body, "memories")
    told += [(MarkKind.DISK, serial_as_compared(_text(disk, "serial")), judge) for disk in disks]
    told += [(MarkKind.MEMORY, serial_as_compared(_text(one, "serialnumber")), judge) for one in modules]
    return _sorted_out(told)


def serial_as_compared(text: str) -> str:
    """Return a serial without spaces and in upper case: systems pad and fold the same serial differently."""
    return _BLANKS.sub("", text).rstrip(".").upper()


def mac_as_compared(text: str) -> str:
    """Return an address as upper-case pairs with colons, whatever stood between them; other text as it is."""
    digits = _HEX.sub("", text.upper())
    pairs = ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
    return pairs if len(digits) == 12 else text.upper()  # noqa: PLR2004 - six bytes


def uuid_as_compared(text: str) -> str:
    """Return the smaller of the two byte orders of a UUID, in upper case.

    SMBIOS up to 2.5 left the order of the first three fields open, so systems and tools differ (DSP0134 7.2.1).
    """
    digits = text.strip().upper().replace("-", "").strip("{}")
    if not _UUID_PARTS.fullmatch(digits):
        return text.strip().upper()
    swapped = "".join(_turned(digits[start:end]) for start, end in ((0, 8), (8, 12), (12, 16))) + digits[16:]
    least = min(digits, swapped)
    return "-".join((least[:8], least[8:12], least[12:16], least[16:20], least[20:]))


def _turned(digits: str) -> str:
    return "".join(digits[at : at + 2] for at in range(len(digits) - 2, -1, -2))


def _sorted_out(told: list[tuple[MarkKind, str, Callable[[str], Refusal | None]]]) -> Sifted:
    found: set[Mark] = set()
    refused: set[Refused] = set()
    for kind, value, judge in told:
        if value:
            why = judge(value)
            if why is None:
                found.add(Mark(kind, value))
            else:
                refused.add(Refused(kind, value[:LONGEST], why))
    counted: list[Mark] = []
    for kind in MarkKind:
        counted += sorted(one for one in found if one.kind is kind)[:MOST_OF_A_KIND]
    kinds = list(MarkKind)
    rejected = sorted(refused, key=lambda one: (kinds.index(one.kind), one.value, one.why.name))
    return Sifted(tuple(counted), tuple(rejected[: MOST_OF_A_KIND * len(kinds)]))


def _wanders(adapter: Mapping[str, object], mac: str) -> bool:
    """Return whether an adapter is on USB: by its bus, by Linux' name for one (enx..., usb0), by its maker."""
    name = _text(adapter, "description").lower()
    on_usb = _text(adapter, "pnpdeviceid").upper().startswith("USB") or "usb" in name
    return on_usb or name.startswith(("enx", "wlx", "wwx")) or is_wandering(mac)


def _adapter_judge(adapter: Mapping[str, object]) -> Callable[[str], Refusal | None]:
    is_virtual = adapter.get("virtualdev") in (True, 1, "1") or _VIRTUAL_NAME.search(_text(adapter, "description"))
    return _virtual if is_virtual else refuse_mac


def _virtual(_mac: str) -> Refusal:
    return Refusal.VIRTUAL


def _listed(body: Mapping[str, object], name: str) -> Iterator[Mapping[str, object]]:
    found = body.get(name)
    if isinstance(found, list):
        yield from (one for one in found[:_MOST_LISTED] if isinstance(one, Mapping))


def _group(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(group: Mapping[str, object], key: str) -> str:
    found = group.get(key)
    return found if isinstance(found, str) else ""


_MODELS = ("smodel", "mmodel", "smanufacturer", "mmanufacturer", "skunumber")
_VIRTUAL_NAME = re.compile(
    r"virtual|vmware|vbox|hyper-v|vethernet|docker|veth|virbr|vpn|wireguard|loopback|teredo|^br-|\b(tap|tun|ppp)[0-9]*\b",
    re.IGNORECASE,
)

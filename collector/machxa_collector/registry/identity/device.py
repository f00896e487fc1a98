"""Recognize a device that a gateway asks for its facts: a printer, a switch. Pure.

Two gateways may watch one device at once, so that nothing is read into both speaking, as with computers; and a device
tells its serial and its address itself, so that one of them is enough where nothing disagrees.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from machxa_collector.registry.identity.compare import agreeing, compare, disagreeing
from machxa_collector.registry.identity.marks import marks
from machxa_collector.registry.identity.values import Known, Mark, MarkKind
from machxa_collector.registry.identity.weights import FIXED

_KINDS = {  # what devices say they are, as assets are called
    "printer": "printer",
    "switch": "switch",
    "router": "router",
    "ap": "access_point",
    "ups": "ups",
    "nas": "storage",
    "server": "server",
}
_MOST_CHARACTERS = 255
_FIELDS = {"name": "name", "vendor": "manufacturer", "model": "model", "serial": "serial"}


class Paper(NamedTuple):
    """Hold what a record says in words: its maker and model, None where it says nothing."""

    vendor: str | None
    model: str | None


def device_marks(body: Mapping[str, object]) -> tuple[Mark, ...]:
    """Return the marks in a device's facts (GLPI's network inventory): serial, UUID, addresses of its ports."""
    device = _group(body)
    ports = body.get("network_ports")
    macs = [one.get("mac") for one in ports if isinstance(one, Mapping)] if isinstance(ports, list) else []
    return marks(
        {
            "hardware": {"uuid": device.get("machxa_uuid")},
            "bios": {"ssn": device.get("serial"), "smodel": device.get("model")},
            "networks": [{"mac": one} for one in (device.get("mac"), *macs)],
        }
    )


def device_identity(body: Mapping[str, object]) -> dict[str, str]:
    """Return what the facts say of name, vendor, model and serial; what they do not say is left out."""
    device = _group(body)
    said = {field: device.get(key) for field, key in _FIELDS.items()}
    texts = {field: one.strip()[:_MOST_CHARACTERS] for field, one in said.items() if isinstance(one, str)}
    return {field: text for field, text in texts.items() if text}


def device_kind(body: Mapping[str, object]) -> str:
    """Return the kind of asset."""
    told = _group(body).get("machxa_kind")
    return _KINDS.get(told, "other") if isinstance(told, str) else "other"


def device_address(body: Mapping[str, object]) -> str | None:
    """Return the address at which a gateway asks the device, None where it is not told."""
    ips = _group(body).get("ips")
    first = ips[0] if isinstance(ips, list) and ips else None
    return first if isinstance(first, str) else None


def is_still(told: Collection[Mark], own: Known) -> bool:
    """Return whether what answers under a known key is still the same device: nothing that is burnt in differs."""
    return not disagreeing(compare(told, own), FIXED)


def whose(
    told: Collection[Mark], body: Mapping[str, object], candidates: Collection[tuple[Known, Paper]]
) -> str | None:
    """Return the record that these facts tell of, None for none or for more than one.

    A serial alone is not enough where makers or models differ: makers count from 1.
    """
    said = device_identity(body)
    found = {known.asset for known, paper in candidates if _fits(told, known, said, paper)}
    return found.pop() if len(found) == 1 else None


def _fits(told: Collection[Mark], known: Known, said: Mapping[str, str], paper: Paper) -> bool:
    compared = compare(told, known)
    if disagreeing(compared, FIXED):
        return False
    if agreeing(compared, (MarkKind.UUID, MarkKind.MAC)):
        return True
    return bool(agreeing(compared, (MarkKind.SERIAL,))) and not any(
        ours and theirs and not _is_alike(ours, theirs)
        for ours, theirs in ((said.get("vendor"), paper.vendor), (said.get("model"), paper.model))
    )


def _is_alike(one: str, other: str) -> bool:
    """Return whether one text holds the other's letters and digits: "HP" and "HP Inc.", "LBP6230" and "LBP 6230dn"."""
    mine, theirs = ("".join(letter for letter in text.casefold() if letter.isalnum()) for text in (one, other))
    return mine in theirs or theirs in mine


def _group(body: Mapping[str, object]) -> Mapping[str, object]:
    group = body.get("network_device")
    return group if isinstance(group, Mapping) else {}

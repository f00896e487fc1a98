"""Say what a centre asks of one PC of a unit: to watch for the others, to stand by, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Tuple

from machxa_wire import fields
from machxa_wire.limits import MAX_LABEL, MAX_SEQ, WIRE_VERSION
from machxa_wire.refusal import Reason, Refused
from machxa_wire.text import deflate, inflate, to_body, to_text

PC, GATEWAY, STANDBY = "pc", "gateway", "standby"
ROLES = (PC, GATEWAY, STANDBY)
MOST_NEIGHBOURS = 64


@dataclass(frozen=True)
class Neighbour:
    """Name something on the LAN: key is an agent's id or a device's key, address a private IPv4 address."""

    key: str
    kind: str
    address: str


@dataclass(frozen=True)
class RoleOrder:
    """Say an agent's role, and whether it does the unit's work just now; version only ever rises for one agent.

    on_duty is True for one agent of a unit: its gateway, or its standby while the gateway is silent. peer is the LAN
    address of the other of the two, None where it is not known; neighbours are what to look for on the LAN.
    """

    version: int
    role: str = PC
    on_duty: bool = False
    peer: Optional[str] = None
    neighbours: Tuple[Neighbour, ...] = ()


def is_private(address: str) -> bool:
    """Return whether a text is an IPv4 address of a local network (RFC 1918, 3927, 6598)."""
    if fields.IPV4.fullmatch(address) is None:
        return False
    first, second, third, last = (int(part) for part in address.split("."))
    if max(first, second, third, last) > 255:  # noqa: PLR2004 - a byte
        return False
    return (
        first == 10  # noqa: PLR2004
        or (first == 172 and 16 <= second < 32)  # noqa: PLR2004
        or (first, second) in ((192, 168), (169, 254))
        or (first == 100 and 64 <= second < 128)  # noqa: PLR2004
    )


def encode_role(order: RoleOrder) -> bytes:
    """Return the payload of a retained order."""
    body: Dict[str, object] = {
        "v": WIRE_VERSION,
        "version": order.version,
        "role": order.role,
        "on_duty": order.on_duty,
    }
    if order.peer is not None:
        body["peer"] = order.peer
    if order.neighbours:
        body["neighbours"] = [[one.key, one.kind, one.address] for one in order.neighbours]
    return deflate(to_text(body))


def decode_role(payload: bytes) -> RoleOrder:
    """Return an order; raises Refused, for an address that is not private too."""
    body = to_body(inflate(payload))
    role = fields.matching(body.get("role"), fields.WORD, "role")
    if role not in ROLES:
        raise Refused(Reason.FIELD, f"role is {role!r}, expected one of {', '.join(ROLES)}")
    on_duty = body.get("on_duty", False)
    if not isinstance(on_duty, bool) or (on_duty and role == PC):
        raise Refused(Reason.FIELD, f"on_duty is {on_duty!r:.40} of a {role}")
    told = fields.array(body.get("neighbours", []), "neighbours", MOST_NEIGHBOURS)
    return RoleOrder(
        version=fields.integer(body.get("version"), "version", 1, MAX_SEQ),
        role=role,
        on_duty=on_duty,
        peer=_private(body["peer"], "peer") if "peer" in body else None,
        neighbours=tuple(_neighbour(one) for one in told),
    )


def _neighbour(entry: object) -> Neighbour:
    parts = fields.array(entry, "neighbours", 3)
    if len(parts) != len(("key", "kind", "address")):
        raise Refused(Reason.COUNT, f"a neighbour has {len(parts)} entries, expected key, kind and address")
    return Neighbour(
        key=fields.text(parts[0], "neighbour", MAX_LABEL),
        kind=fields.matching(parts[1], fields.WORD, "kind"),
        address=_private(parts[2], "address"),
    )


def _private(value: object, field: str) -> str:
    address = fields.text(value, field, 15)
    if not is_private(address):
        raise Refused(Reason.FIELD, f"{field} is {address!r}, expected a private IPv4 address")
    return address

"""Say what a check of a work system is, as a policy carries it, and whom it may reach. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Sequence, Tuple

from machxa_wire import fields
from machxa_wire.refusal import Reason, Refused

MAX_CATALOGUE = 50  # seven series a check: with what a gateway measures besides they fit one batch (limits.MAX_SERIES)
MIN_SECONDS, MAX_SECONDS = 60, 86400
GATEWAY_SECONDS, PC_SECONDS = 300, 600
MOST_OF_A_PC = 3  # an anchor and two systems
MAX_PATH, MAX_KEYWORD = 200, 100
CHECK_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
PATH = re.compile(r"/[!-~]*", re.ASCII)
TLS = ("verify", "any", "none")
ON = ("gateway", "all")
ANCHOR, DNS, TCP, TLS_ONLY, HTTP, TSP = "anchor", "dns", "tcp", "tls", "http", "tsp"
_WITHOUT_TLS = (ANCHOR, DNS, TCP, TSP)
_PORTS = {"verify": 443, "any": 443, "none": 80}
_NO_ERROR, _LEAST_STATUS, _MOST_STATUS = 0, 200, 599
_ADDRESS = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})", re.ASCII)
_OCTET = 255


@dataclass(frozen=True)
class Check:
    """Say what one check asks of whom.

    kind is dns, tcp, tls, http, tsp (RFC 3161), or anchor: a page of the province's own, asked without TLS, that
    nothing but a network that wants a login answers otherwise. tls is "verify" (as a browser would), "any" (its
    certificate is not judged, only its days are told) or "none". keyword is looked for in the page as UTF-8; status
    is the one expected, 0 for any below 400. on is "gateway" or "all": ordinary PCs run it too. every_seconds is a
    gateway's interval. A kind of a later version is read, and run by nobody who does not know it.
    """

    id: str
    system: str
    kind: str
    host: str
    port: int
    path: str = "/"
    keyword: Optional[str] = None
    tls: str = "none"
    status: int = 0
    every_seconds: int = GATEWAY_SECONDS
    on: str = "gateway"


def read_catalogue(value: object) -> Tuple[Check, ...]:
    """Return the checks of a JSON array; raises Refused, for two of one id or too many for a PC as well."""
    found = tuple(_check(one) for one in fields.array(value, "catalogue", MAX_CATALOGUE))
    if len({one.id for one in found}) != len(found):
        raise Refused(Reason.FIELD, "two checks of the catalogue have one id")
    if sum(one.on == "all" for one in found) > MOST_OF_A_PC:
        raise Refused(Reason.COUNT, f"more than {MOST_OF_A_PC} checks are for all computers")
    if sum(one.kind == ANCHOR for one in found) > 1:
        raise Refused(Reason.COUNT, "the catalogue has more than one anchor")
    return found


def write_catalogue(checks: Sequence[Check]) -> Tuple[Dict[str, object], ...]:
    """Return the checks as JSON objects, without what is the default."""
    return tuple(_body(one) for one in checks)


def allows(hosts: Sequence[str], name: str, port: int) -> bool:
    """Return whether a policy's hosts name a host, or an IPv4 address as it is written, for a port."""
    return any(_fits(one, name, port) for one in hosts)


def runs(check: Check, role: str) -> bool:
    """Return whether agents of a role run a check: a gateway all of them, others those for all."""
    return role == "gateway" or check.on == "all"


def seconds_between(check: Check, role: str) -> int:
    """Return how often an agent of a role runs a check: ordinary computers every ten minutes at most."""
    return check.every_seconds if role == "gateway" else max(PC_SECONDS, check.every_seconds)


def ipv4(text: str) -> Optional[int]:
    """Return a dotted IPv4 address as a number, None for what is none."""
    found = _ADDRESS.fullmatch(text)
    octets = [int(one) for one in found.groups()] if found else []
    if not octets or max(octets) > _OCTET:
        return None
    return octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3]


def _fits(entry: str, name: str, port: int) -> bool:
    host, colon, told = entry.partition(":")
    if colon and int(told) != port:
        return False
    if host.startswith("*."):
        return name.endswith(host[1:])
    network, slash, width = host.partition("/")
    address, base = ipv4(name), ipv4(network)
    if not slash or address is None or base is None or int(width) > 32:  # noqa: PLR2004 - bits of an address
        return host == name
    shift = 32 - int(width)
    return address >> shift == base >> shift


def _check(value: object) -> Check:
    body = fields.mapping(value, "check")
    kind = fields.matching(body.get("kind"), fields.WORD, "check.kind")
    tls = _one_of(body, "tls", "none" if kind in _WITHOUT_TLS else "verify", TLS)
    default = 53 if kind == DNS else _PORTS[tls]
    keyword = fields.text(body["keyword"], "check.keyword", MAX_KEYWORD) if "keyword" in body else None
    if keyword == "":
        raise Refused(Reason.FIELD, "check.keyword is empty")
    status = fields.integer(body.get("status", 0), "check.status", 0, _MOST_STATUS)
    if status not in (_NO_ERROR, *range(_LEAST_STATUS, _MOST_STATUS + 1)):
        raise Refused(Reason.RANGE, f"check.status is outside {_LEAST_STATUS} to {_MOST_STATUS}")
    return Check(
        id=fields.matching(body.get("id"), fields.WORD, "check.id"),
        system=fields.matching(body.get("system"), fields.WORD, "check.system"),
        kind=kind,
        host=fields.matching(body.get("host"), CHECK_HOST, "check.host", 253),
        port=fields.integer(body.get("port", default), "check.port", 1, 65535),
        path=fields.matching(body.get("path", "/"), PATH, "check.path", MAX_PATH),
        keyword=keyword,
        tls=tls,
        status=status,
        every_seconds=fields.integer(body.get("every", GATEWAY_SECONDS), "check.every", MIN_SECONDS, MAX_SECONDS),
        on=_one_of(body, "on", "gateway", ON),
    )


def _one_of(body: Mapping[str, object], field: str, default: str, words: Sequence[str]) -> str:
    found = fields.text(body.get(field, default), "check." + field)
    if found not in words:
        raise Refused(Reason.FIELD, f"check.{field} is {found[:40]!r}, expected one of {', '.join(words)}")
    return found


def _body(check: Check) -> Dict[str, object]:
    body: Dict[str, object] = {"id": check.id, "system": check.system, "kind": check.kind, "host": check.host}
    told: Dict[str, object] = {
        "port": check.port,
        "path": check.path,
        "keyword": check.keyword,
        "tls": check.tls,
        "status": check.status,
        "every": check.every_seconds,
        "on": check.on,
    }
    usual: Dict[str, object] = {
        "port": 53 if check.kind == DNS else _PORTS[check.tls],
        "path": "/",
        "keyword": None,
        "tls": "none" if check.kind in _WITHOUT_TLS else "verify",
        "status": 0,
        "every": GATEWAY_SECONDS,
        "on": "gateway",
    }
    body.update((name, value) for name, value in told.items() if value != usual[name])
    return body

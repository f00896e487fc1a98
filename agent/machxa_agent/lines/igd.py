"""Read what a home router says over UPnP: where its counters are, and what they count. Pure; nothing but plain XML.

UPnP Device Architecture 1.1, WANCommonInterfaceConfig:1. XML with a document type is refused, so that no entity is
ever expanded.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import List, Optional, Tuple
from urllib.parse import urljoin, urlsplit
from xml.parsers import expat

SERVICE = "urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1"
SEARCH = (
    b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\n'
    b"ST: urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1\r\n\r\n"
)  # fmt: skip
MOST_BYTES = 64 * 1024
_MOST_DEPTH, _MOST_TEXTS = 16, 2000
_COUNTER = 2**32  # ui4
_LAN = tuple(ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"))


class NotPlain(ValueError):
    """The bytes are no XML that is read."""


@dataclass(frozen=True)
class Control:
    """Say where a router takes questions: its address, port and path."""

    host: str
    port: int
    path: str


def is_lan(address: str, *, may_loop: bool = False) -> bool:
    """Return whether an IPv4 address is of a local network; may_loop lets tests use 127.0.0.0/8."""
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(one in network for network in _LAN) or (may_loop and one.is_loopback)


def location(reply: bytes, source: str, *, may_loop: bool = False) -> Optional[Control]:
    """Return where the description of an answer to SEARCH is, None where it is on another host or out of the LAN."""
    for line in reply[:4096].split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"location":
            return _at(value.strip().decode("latin-1"), source) if is_lan(source, may_loop=may_loop) else None
    return None


def control(description: bytes, where: Control) -> Optional[Control]:
    """Return where the counters are asked for, None without such a service or on another host; raises NotPlain."""
    base = f"http://{where.host}:{where.port}{where.path}"
    service: Optional[str] = None
    for path, text in _texts(description):
        if path == "URLBase" and text:
            base = text
        elif path == "serviceType":
            service = text
        elif path == "controlURL" and service == SERVICE:
            return _at(urljoin(base, text), where.host)
    return None


def question(action: str) -> bytes:
    """Return the body that asks for one action's answer; SOAP 1.1."""
    return (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>'
        f'<u:{action} xmlns:u="{SERVICE}"></u:{action}></s:Body></s:Envelope>'
    ).encode()


def counter(answer: bytes, element: str) -> Optional[int]:
    """Return a counter of an answer, None where it is not there or no 32-bit number; raises NotPlain."""
    for path, text in _texts(answer):
        if path == element and text.isascii() and text.isdigit() and len(text) < 11:  # noqa: PLR2004 - ui4
            return int(text) if int(text) < _COUNTER else None
    return None


def grown(before: int, after: int, seconds: float, most_bytes_per_second: float = 125_000_000.0) -> Optional[int]:
    """Return by how much a 32-bit counter grew, through its wrap; None where it was rather set back.

    A counter that seems to have fallen has wrapped if the line could have carried so much in the time between.
    """
    more = (after - before) % _COUNTER
    return more if after >= before or more <= seconds * most_bytes_per_second else None


def _at(url: str, host: str) -> Optional[Control]:
    """Return where a URL leads, None unless it is plain http on this very host."""
    try:
        parts = urlsplit(url)
        port = parts.port or 80
    except ValueError:
        return None
    if parts.scheme != "http" or parts.hostname != host or parts.username is not None:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Control(host, port, path) if path.isascii() and path.isprintable() and " " not in path else None


def _texts(raw: bytes) -> Tuple[Tuple[str, str], ...]:
    """Return the texts of leaf elements by their local names, in order; raises NotPlain."""
    if len(raw) > MOST_BYTES:
        raise NotPlain(f"{len(raw)} bytes, expected {MOST_BYTES} at most")
    found: List[Tuple[str, str]] = []
    open_names: List[str] = []
    said: List[str] = []

    def begin(name: str, _attributes: object) -> None:
        open_names.append(name.rpartition(":")[2])
        said.clear()
        if len(open_names) > _MOST_DEPTH or len(found) > _MOST_TEXTS:
            raise NotPlain("it is too deep or too long")

    def end(_name: str) -> None:
        found.append((open_names.pop(), "".join(said).strip()))
        said.clear()

    def refuse(*_: object) -> None:
        raise NotPlain("it has a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = said.append
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(raw, True)  # noqa: FBT003 - expat takes it by place
    except (expat.ExpatError, ValueError, LookupError) as exc:
        raise exc if isinstance(exc, NotPlain) else NotPlain(str(exc)) from exc
    return tuple(found)

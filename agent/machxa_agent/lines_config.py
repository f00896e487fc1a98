"""Read the lines of a gateway's file."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Any, Mapping, Optional, Tuple
from urllib.parse import urlsplit

from machxa_agent.config import BadConfigError
from machxa_agent.gateway_config import only, read_gateway, texts
from machxa_agent.lines.line import Line, Target, Throughput
from machxa_agent.ping import Way

_LINE_KEYS = (
    "name", "source", "interface", "gateway", "first_hop_towards", "anchors", "province", "resolver", "resolved",
    "asks_router", "test",
)  # fmt: skip
_TEST_KEYS = ("url", "monthly_bytes", "test_bytes", "per_day", "idle_bytes_per_second")
_BOUNDS = {
    "monthly_bytes": (100_000, 2_000_000_000),
    "test_bytes": (100_000, 20_000_000),
    "per_day": (1, 4),
    "idle_bytes_per_second": (0, 10_000_000),
}
_MOST_LINES, _MOST_ANCHORS = 4, 2
_MOST_WORD = 60


def read_lines(path: Path) -> Tuple[Line, ...]:
    """Return the lines, none where the file names none; raises BadConfigError."""
    body = read_gateway(path).get("line", [])
    if not isinstance(body, list) or len(body) > _MOST_LINES or not all(isinstance(one, dict) for one in body):
        raise BadConfigError(f"{path}: line is {body!r}, expected at most {_MOST_LINES} tables")
    lines = tuple(_line(path, one) for one in body)
    if len({one.name for one in lines}) != len(lines):
        raise BadConfigError(f"{path}: two lines have one name")
    return lines


def _line(path: Path, body: Mapping[str, Any]) -> Line:
    only(path, "line.", body, _LINE_KEYS)
    name = _word(path, body, "name")
    if name is None:
        raise BadConfigError(f"{path}: a line has no name")
    asks = body.get("asks_router", False)
    if not isinstance(asks, bool):
        raise BadConfigError(f"{path}: line.asks_router is {asks!r}, expected true or false")
    anchors = texts(path, "line.anchors", body.get("anchors", []), _MOST_ANCHORS)
    line = Line(
        name=name,
        way=Way(_address(path, "source", _word(path, body, "source")), _word(path, body, "interface")),
        gateway=_target(path, "gateway", _word(path, body, "gateway"), 53),
        first_hop_towards=_address(path, "first_hop_towards", _word(path, body, "first_hop_towards")),
        anchors=tuple(_named(path, one) for one in anchors),
        province=_target(path, "province", _word(path, body, "province"), 8883),
        resolver=_address(path, "resolver", _word(path, body, "resolver")),
        resolved=_word(path, body, "resolved") or Line.resolved,
        asks_router=asks,
        test=_test(path, body["test"]) if "test" in body else None,
    )
    names = [one.name for one in line.targets]
    if len(set(names)) != len(names):
        raise BadConfigError(f"{path}: two hosts of line {name!r} have one name")
    return line


def _named(path: Path, written: str) -> Target:
    """Return the anchor of NAME=HOST or NAME=HOST:PORT."""
    name, equals, address = written.partition("=")
    found = _target(path, name.strip(), address, 443) if equals and name.strip() else None
    if found is None or found.name in ("gateway", "province", "first_hop"):
        raise BadConfigError(f"{path}: line.anchors has {written!r}, expected NAME=HOST or NAME=HOST:PORT")
    return found


def _target(path: Path, name: str, written: Optional[str], port: int) -> Optional[Target]:
    if written is None:
        return None
    host, colon, told = written.partition(":")
    if not host or (colon and not (told.isascii() and told.isdigit() and 0 < int(told) < 65536)):  # noqa: PLR2004
        raise BadConfigError(f"{path}: {name} is {written!r}, expected HOST or HOST:PORT")
    return Target(name, str(_address(path, name, host)), int(told) if colon else port)


def _address(path: Path, name: str, written: Optional[str]) -> Optional[str]:
    """Return an IPv4 address as it is written: a line is judged without DNS, which may be what is broken."""
    try:
        return None if written is None else str(ipaddress.IPv4Address(written))
    except ValueError as exc:
        raise BadConfigError(f"{path}: {name} is {written!r}, expected an address such as 192.0.2.1") from exc


def _test(path: Path, body: object) -> Throughput:
    if not isinstance(body, dict):
        raise BadConfigError(f"{path}: line.test is {body!r}, expected a table")
    only(path, "line.test.", body, _TEST_KEYS)
    url = body.get("url")
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise BadConfigError(f"{path}: line.test.url is {url!r}, expected http:// or https://")
    if "monthly_bytes" not in body:
        raise BadConfigError(f"{path}: line.test.monthly_bytes is missing: no test without a cap")
    for key, (least, most) in _BOUNDS.items():
        value = body.get(key, least)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise BadConfigError(f"{path}: line.test.{key} is {value!r}, expected {least} to {most}")
    return Throughput(**body)


def _word(path: Path, body: Mapping[str, Any], key: str) -> Optional[str]:
    value = body.get(key)
    if value is not None and (not isinstance(value, str) or not 0 < len(value) <= _MOST_WORD):
        raise BadConfigError(f"{path}: line.{key} is {value!r}, expected a text of 1 to {_MOST_WORD} characters")
    return value

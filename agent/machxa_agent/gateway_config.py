"""Read what a gateway watches: a TOML file beside the agent's, with the ranges to look for devices and the lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

from machxa_agent.config import BadConfigError, read_toml
from machxa_agent.discovery.ranges import Network, NotAllowed, network

_KEYS = ("discovery", "line", "device")
_DISCOVERY_KEYS = ("ranges", "communities_file", "ports", "hosts_per_second", "may_ask_loopback_in_tests")
_PORTS = (631, 9100, 80)
_MOST_RANGES, _MOST_COMMUNITIES = 32, 4
_MOST_PER_SECOND = 50


@dataclass(frozen=True)
class Discovery:
    """Hold what may be looked through, how, and how fast; ports are of TCP, none unless they are named."""

    networks: Tuple[Network, ...]
    communities: Tuple[str, ...] = field(default=("public",), repr=False)
    ports: Tuple[int, ...] = ()
    hosts_per_second: float = 10.0
    may_loop: bool = False


def read_gateway(path: Path) -> Mapping[str, Any]:
    """Return the file's tables; raises BadConfigError, for an unknown one too."""
    body = read_toml(path)
    only(path, "", body, _KEYS)
    return body


def read_discovery(path: Path) -> Discovery:
    """Return what may be looked through; raises BadConfigError."""
    body = read_gateway(path).get("discovery", {})
    if not isinstance(body, dict):
        raise BadConfigError(f"{path}: discovery is {body!r}, expected a table")
    only(path, "discovery.", body, _DISCOVERY_KEYS)
    ranges = texts(path, "discovery.ranges", body.get("ranges", []), _MOST_RANGES)
    try:
        networks = tuple(network(one) for one in ranges)
    except NotAllowed as exc:
        raise BadConfigError(f"{path}: discovery.ranges: {exc}") from exc
    ports = body.get("ports", [])
    if not isinstance(ports, list) or not set(ports) <= set(_PORTS):
        raise BadConfigError(f"{path}: discovery.ports is {ports!r}, expected some of {list(_PORTS)}")
    pace = body.get("hosts_per_second", 10)
    if not isinstance(pace, (int, float)) or isinstance(pace, bool) or not 0 < pace <= _MOST_PER_SECOND:
        raise BadConfigError(f"{path}: discovery.hosts_per_second is {pace!r}, expected up to {_MOST_PER_SECOND}")
    may_loop = body.get("may_ask_loopback_in_tests", False)
    if not isinstance(may_loop, bool):
        raise BadConfigError(f"{path}: discovery.may_ask_loopback_in_tests is {may_loop!r}, expected true or false")
    return Discovery(networks, _communities(path, body), tuple(ports), float(pace), may_loop)


def only(path: Path, place: str, body: Mapping[str, Any], keys: Tuple[str, ...]) -> None:
    """Refuse keys that nobody reads; raises BadConfigError."""
    for key in body:
        if key not in keys:
            raise BadConfigError(f"{path}: {place}{key} is unknown, expected one of {', '.join(keys)}")


def texts(path: Path, place: str, body: object, most: int) -> List[str]:
    """Return a list of texts; raises BadConfigError."""
    if not isinstance(body, list) or len(body) > most or not all(isinstance(one, str) and one for one in body):
        raise BadConfigError(f"{path}: {place} is {body!r}, expected a list of at most {most} texts")
    return body


def _communities(path: Path, body: Dict[str, Any]) -> Tuple[str, ...]:
    """Return the communities, one a line of a file of their own: they open devices, and stand in no configuration."""
    named: Optional[object] = body.get("communities_file")
    if named is None:
        return ("public",)
    if not isinstance(named, str):
        raise BadConfigError(f"{path}: discovery.communities_file is {named!r}, expected a path")
    file = path.parent / named
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as exc:
        raise BadConfigError(f"{file} cannot be read: {exc}") from exc
    found = tuple(line for line in lines if line)
    if not 0 < len(found) <= _MOST_COMMUNITIES:
        raise BadConfigError(f"{file} has {len(found)} lines, expected 1 to {_MOST_COMMUNITIES}")
    return found

"""Say by which ways the centre is reached: the configuration's, else those that enrolment told; and which worked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Mapping, Optional, Pattern, Sequence, Tuple

from machxa_agent.paths import Route, Routes

MOST_ROUTES = 6
_KEYS = ("name", "host", "port", "source", "interface", "proxy")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?", re.ASCII)
_PROXY = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,251}:[0-9]{1,5}", re.ASCII)
_INTERFACE = re.compile(r"[A-Za-z0-9._-]{1,15}", re.ASCII)
_FILE = "path"
_MOST_PORT = 65535


def routes_in(told: object) -> Tuple[Route, ...]:
    """Return the ways of a list of tables, the preferred one first; raises ValueError for what is none."""
    if not isinstance(told, list) or len(told) > MOST_ROUTES:
        raise ValueError(f"paths are {told!r:.80}, expected at most {MOST_ROUTES} tables")
    routes = tuple(_route(one) for one in told)
    if len({one.name for one in routes}) != len(routes):
        raise ValueError("two paths have one name")
    return routes


def last_good(folder: Path) -> Optional[str]:
    """Return the name of the way that worked last, None where none is kept."""
    try:
        name = (folder / _FILE).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    return name if _NAME.fullmatch(name) else None


def keep(folder: Path, name: str) -> None:
    """Remember the way that works; not worth a sync, and not worth failing for."""
    try:
        (folder / _FILE).write_text(name + "\n", encoding="ascii")
    except OSError:
        return


def begin(routes: Sequence[Route], folder: Path) -> Optional[Routes]:
    """Return the ways to go by, beginning with the one that worked last; None where there is none but the broker."""
    return Routes(routes, last_good(folder)) if routes else None


def _route(body: object) -> Route:
    if not isinstance(body, dict) or not set(body) <= set(_KEYS):
        raise ValueError(f"a path is {body!r:.80}, expected {', '.join(_KEYS)}")
    port = body.get("port", 8883)
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port <= _MOST_PORT:
        raise ValueError(f"path.port is {port!r:.40}, expected 1 to {_MOST_PORT}")
    return Route(
        name=_text(body, "name", _NAME, needed=True) or "",
        host=_text(body, "host", _HOST, needed=True) or "",
        port=port,
        source=_text(body, "source", _HOST),
        interface=_text(body, "interface", _INTERFACE),
        proxy=_text(body, "proxy", _PROXY),
    )


def _text(body: Mapping[str, object], key: str, pattern: Pattern[str], *, needed: bool = False) -> Optional[str]:
    value = body.get(key)
    if value is None and not needed:
        return None
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise ValueError(f"path.{key} is {value!r:.80}, expected {pattern.pattern}")
    return value

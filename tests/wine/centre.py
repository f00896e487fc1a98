"""Ask the collector on this computer what it has of the one agent that enrolled with it."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

_DEADLINE_SECONDS = 180.0


def asked(url: str) -> Any:  # noqa: ANN401 - JSON as it came
    """Return what a GET answers."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def until(what: str, is_so: Callable[[], object]) -> None:
    """Wait until something is so; fail with what was waited for."""
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"waited {_DEADLINE_SECONDS:.0f} s until {what}"
        time.sleep(0.2)


def readings(url: str, name: str) -> list[Any]:
    """Return the committed readings of a metric without labels, of the one asset with an agent."""
    assets = [one for one in asked(f"{url}/api/v1/assets")["assets"] if one["agent"]]
    if not assets:
        return []
    found = asked(f"{url}/api/v1/assets/{assets[0]['id']}/samples?name={name}")["series"]
    return found[0]["points"] if found else []


def presence(url: str) -> str | None:
    """Return the presence of the one asset with an agent, None before there is one."""
    found = [one for one in asked(f"{url}/api/v1/assets")["assets"] if one["agent"]]
    return found[0]["presence"]["state"] if found else None

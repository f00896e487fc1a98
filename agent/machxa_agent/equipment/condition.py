"""Say how a device of this computer is, and what changed since it was last looked at. Pure but for what it keeps."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Dict, Iterable, List, Mapping, Tuple

from machxa_agent.measured import Transition
from machxa_wire.records import Scalar

OK, WARNING, BLOCKED, UNREACHABLE, UNKNOWN = "ok", "warning", "blocked", "unreachable", "unknown"
_MOST = 32  # devices of one kind


@dataclass(frozen=True)
class Condition:
    """Hold a device's key, its kind and model, its state, and why, in fixed words; more are attributes of its own."""

    key: str
    kind: str
    model: str
    state: str
    reasons: Tuple[str, ...] = ()
    more: Tuple[Tuple[str, Scalar], ...] = ()


class Conditions:
    """Keep how devices were, and give what turned; use from one thread at a time."""

    def __init__(self) -> None:
        self._last: Dict[str, Condition] = {}
        self._turned: List[Transition] = []

    def take(self, found: Iterable[Condition]) -> None:
        """Take what is found now; a device that is no longer told of was taken away on purpose and is forgotten."""
        now = {one.key: one for _, one in zip(range(_MOST), found)}
        self._turned += changes(self._last, now)
        self._last = now

    def turned(self) -> Tuple[Transition, ...]:
        """Return the transitions since the last call."""
        turned, self._turned = tuple(self._turned), []
        return turned


def changes(before: Mapping[str, Condition], now: Mapping[str, Condition]) -> List[Transition]:
    """Return an event for each device whose state or reasons differ from before; the first look tells all."""
    return [
        Transition("device.state", _attributes(one, before[key].state if key in before else UNKNOWN))
        for key, one in now.items()
        if key not in before or (before[key].state, before[key].reasons) != (one.state, one.reasons)
    ]


def key_of(way: str, name: str) -> str:
    """Return a device's key: the way it is connected, and a digest of its name, which may hold a person's."""
    return f"{way}:{hmac.digest(b'device', name.encode('utf-8', 'replace'), 'sha256').hex()[:8]}"


def _attributes(one: Condition, was: str) -> Dict[str, Scalar]:
    told: Dict[str, Scalar] = {"device": one.key, "kind": one.kind, "state": one.state, "was": was}
    told["reasons"] = ",".join(one.reasons)
    if one.model:
        told["model"] = one.model
    told.update(one.more)
    return told

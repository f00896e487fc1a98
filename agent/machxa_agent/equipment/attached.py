"""Judge scanners and signing tokens: here, in error, or gone since they were last seen. Pure but for its small book."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterable, List, Mapping, Optional, Tuple

from machxa_agent.equipment.condition import BLOCKED, OK, UNREACHABLE, Condition
from machxa_agent.measured import label
from machxa_wire.records import Sample, Series

KINDS = ("scanner", "token")
_FORGOTTEN_DAYS = 30
_MOST = 16


@dataclass(frozen=True)
class Attached:
    """Hold one device that is plugged in; has_trouble is what the system says of its driver."""

    key: str
    kind: str
    model: str
    has_trouble: bool = False


@dataclass(frozen=True)
class Known:
    """Hold a device that was seen: its kind, its model, and the day (since 1970) on which it was seen last."""

    kind: str
    model: str
    day: int


def remembered(known: Mapping[str, Known], here: Iterable[Attached], today: int) -> Dict[str, Known]:
    """Return the devices to remember: those that are here, and those seen within the last 30 days."""
    kept = {key: one for key, one in known.items() if today - _FORGOTTEN_DAYS <= one.day <= today + 1}
    kept.update({one.key: Known(one.kind, one.model, today) for one in here})
    return dict(sorted(kept.items(), key=lambda pair: -pair[1].day)[:_MOST])


def conditions(known: Mapping[str, Known], here: Iterable[Attached]) -> Tuple[Condition, ...]:
    """Return how each known device is: gone (unreachable), in error (blocked) or ok."""
    now = {one.key: one for one in here}
    found: List[Condition] = []
    for key, one in known.items():
        plugged = now.get(key)
        if plugged is None:
            found.append(Condition(key, one.kind, one.model, UNREACHABLE, ("offline",)))
        elif plugged.has_trouble:
            found.append(Condition(key, one.kind, one.model, BLOCKED, ("driver",)))
        else:
            found.append(Condition(key, one.kind, one.model, OK))
    return tuple(found)


def samples(known: Mapping[str, Known], here: Iterable[Attached]) -> Tuple[Sample, ...]:
    """Return how many scanners and tokens are here; of a kind that was never seen there is no sample."""
    kinds, present = {one.kind for one in known.values()}, [one.kind for one in here]
    return tuple(
        Sample(Series("machxa.device.count", (("hw.type", kind),)), present.count(kind))
        for kind in KINDS
        if kind in kinds
    )


def read_known(path: Optional[Path]) -> Dict[str, Known]:
    """Return the devices in the book, none where it cannot be read."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8")) if path is not None else {}
        return {
            str(key)[:40]: Known(label(str(kind)), label(str(model)), int(day))
            for key, (kind, model, day) in rows.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def text_of(known: Mapping[str, Known]) -> str:
    """Return the book's text."""
    return json.dumps({key: [one.kind, one.model, one.day] for key, one in sorted(known.items())}, ensure_ascii=False)

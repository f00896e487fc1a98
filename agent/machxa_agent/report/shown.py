"""Hold what the agent shows the window: a file that every user of this computer may read, and only the agent writes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from machxa_agent.report.desk import MOST_SENT
from machxa_agent.report.told import CATEGORIES, SYMPTOMS
from machxa_wire.decode import column_of, series_of
from machxa_wire.fields import array, integer, mapping, text
from machxa_wire.limits import MAX_SEQ, MAX_SERIES, MAX_STRING, MAX_TIME_MS
from machxa_wire.notices import KEY, Notices, notices_of
from machxa_wire.records import Sample
from machxa_wire.refusal import Refused

STATES = ("waiting", "sent", "unknown")  # unknown: the outbox that held it was damaged
_FILE = "shown.json"
_MOST_BYTES = 512 * 1024
_MOST_NAMES = 300


@dataclass(frozen=True)
class Sent:
    """Hold one report that the agent took: when it was told (ms, this computer's clock), and how far it is.

    is_over: somebody said at this computer that it works again.
    """

    id: str
    at: int
    category: str
    stream: str
    seq: int
    state: str = "waiting"
    symptom: Optional[str] = None
    is_over: bool = False


@dataclass(frozen=True)
class Shown:
    """Hold all that the window may show; times in ms since 1970 UTC by this computer's clock, 0 for never."""

    written_at: int
    device: str = ""
    connected: bool = False
    reports: Tuple[Sent, ...] = ()
    notices: Notices = field(default_factory=lambda: Notices(0))
    newest_at: int = 0
    newest: Tuple[Sample, ...] = ()
    probes: Tuple[str, ...] = ()
    checks: Tuple[str, ...] = ()
    software: Tuple[str, ...] = ()


def read(folder: Path) -> Shown:
    """Return what is shown; raises OSError when there is nothing, Refused when it cannot be read."""
    path = folder / _FILE
    with path.open("rb") as file:
        content = file.read(_MOST_BYTES + 1)
    try:
        body = json.loads(content.decode("utf-8"))
        return _shown(mapping(body, "shown"))
    except (ValueError, RecursionError) as exc:
        if isinstance(exc, Refused):
            raise
        raise OSError(f"{path} cannot be read: {exc}") from exc


def _shown(body: Dict[str, object]) -> Shown:
    newest = mapping(body.get("newest", {}), "newest")
    return Shown(
        written_at=integer(body.get("written_at"), "written_at", 0, MAX_TIME_MS),
        device=text(body.get("device", ""), "device"),
        connected=body.get("connected") is True,
        reports=tuple(_sent(mapping(one, "reports")) for one in array(body.get("reports", []), "reports", MOST_SENT)),
        notices=notices_of(mapping(body["notices"], "notices")) if "notices" in body else Notices(0),
        newest_at=integer(newest.get("at", 0), "at", 0, MAX_TIME_MS),
        newest=_samples(newest) if newest else (),
        probes=_names(body, "probes"),
        checks=_names(body, "checks"),
        software=_names(body, "software"),
    )


def _samples(newest: Dict[str, object]) -> Tuple[Sample, ...]:
    series = series_of(newest.get("series"))
    values = array(newest.get("values"), "values", MAX_SERIES)
    columns: List[Tuple[object, ...]] = [column_of([one], 1) for one in values]
    return tuple(Sample(one, column[0] if isinstance(column[0], int) else None) for one, column in zip(series, columns))


def _sent(body: Dict[str, object]) -> Sent:
    state, category, symptom = body.get("state"), body.get("category"), body.get("symptom")
    id_ = text(body.get("id"), "id", 40)
    return Sent(
        id=id_ if KEY.fullmatch(id_) else "",
        at=integer(body.get("at"), "at", 0, MAX_TIME_MS),
        category=category if category in CATEGORIES else "other",
        stream=text(body.get("stream", ""), "stream", 16),
        seq=integer(body.get("seq", 0), "seq", 0, MAX_SEQ),
        state=state if state in STATES else "unknown",
        symptom=symptom if symptom in SYMPTOMS else None,
        is_over=body.get("over") is True,
    )


def _names(body: Dict[str, object], field: str) -> Tuple[str, ...]:
    return tuple(text(one, field, MAX_STRING) for one in array(body.get(field, []), field, _MOST_NAMES))

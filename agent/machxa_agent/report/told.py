"""Say what a person tells in the report window, and read it from a file that anybody at the computer may have written.

Pure. The file's name gives the report's id, so that a report taken twice counts once.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Dict, Optional, Pattern, Tuple

from machxa_wire.fields import array, integer, matching, text
from machxa_wire.limits import MAX_TIME_MS
from machxa_wire.notices import KEY
from machxa_wire.records import Scalar
from machxa_wire.refusal import Reason, Refused
from machxa_wire.text import to_body, to_text

MOST_BYTES = 4096
MOST_NOTE = 200  # characters
MOST_DEVICE = 100
MOST_BACK_MINUTES = 7 * 24 * 60
ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
NAME = re.compile(r"([0-9a-f]{32})\.json", re.ASCII)
CATEGORIES = (
    "computer",
    "printer",
    "land_printer",
    "scanner",
    "network",
    "one_stop",
    "signature",
    "lookup",
    "other",
)
SYMPTOMS = ("unusable", "slow", "frozen", "error", "intermittent")
WAITING = ("0", "1-5", "6-20", "20+")  # people
STAGES = ("receive_direct", "receive_online", "scan", "look_up", "process", "sign", "pay", "issue", "archive")
_MS_PER_MINUTE = 60_000
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")  # also turned-round text


@dataclass(frozen=True)
class Told:
    """Hold one report.

    at is when it was told, ms since 1970 UTC by this computer's clock; began_minutes how long before that the trouble
    began, None when nobody said. incident names a notice that the person has, too. paper: work goes on on paper. fixes
    is the id of an earlier report from this computer that is no trouble any more, whatever else stands here.
    """

    category: str
    symptom: Optional[str]
    at: int
    began_minutes: Optional[int] = None
    waiting: Optional[str] = None
    stages: Tuple[str, ...] = ()
    device: str = ""
    note: str = ""
    incident: Optional[str] = None
    paper: bool = False
    fixes: Optional[str] = None


def to_file(told: Told) -> bytes:
    """Return the content of the file that holds a report."""
    body: Dict[str, object] = {"category": told.category, "at": told.at, "device": told.device, "note": told.note}
    if told.stages:
        body["stages"] = list(told.stages)
    if told.paper:
        body["paper"] = True
    optional = {
        "symptom": told.symptom,
        "began_minutes": told.began_minutes,
        "waiting": told.waiting,
        "incident": told.incident,
        "fixes": told.fixes,
    }
    body.update({name: value for name, value in optional.items() if value is not None})
    return to_text(body)


def from_file(content: bytes) -> Told:
    """Return the report in a file; raises Refused with what is wrong. Fields it does not know are passed over."""
    if len(content) > MOST_BYTES:
        raise Refused(Reason.TOO_LARGE, f"more than {MOST_BYTES} bytes")
    body = to_body(content)
    paper = body.get("paper", False)
    if not isinstance(paper, bool):
        raise Refused(Reason.FIELD, "paper is neither true nor false")
    return Told(
        category=_one_of(body.get("category"), "category", CATEGORIES),
        symptom=None if body.get("symptom") is None else _one_of(body["symptom"], "symptom", SYMPTOMS),
        at=integer(body.get("at"), "at", 0, MAX_TIME_MS),
        began_minutes=_optional(body, "began_minutes"),
        waiting=None if body.get("waiting") is None else _one_of(body["waiting"], "waiting", WAITING),
        stages=tuple(_one_of(one, "stages", STAGES) for one in array(body.get("stages", []), "stages", len(STAGES))),
        device=clean(text(body.get("device", ""), "device"), MOST_DEVICE),
        note=clean(text(body.get("note", ""), "note"), MOST_NOTE),
        incident=None if body.get("incident") is None else _key(body["incident"], KEY),
        paper=paper,
        fixes=None if body.get("fixes") is None else matching(body["fixes"], ID, "fixes", 32),
    )


def event(id_: str, told: Told, now_ms: int, device: str) -> Tuple[str, Dict[str, Scalar]]:
    """Return the name and the attributes of the event that a report is.

    ``human.report.fixed`` says with the id of an earlier report that its trouble is over, and nothing else.
    """
    if told.fixes is not None:
        return "human.report.fixed", {"id": told.fixes, "told_s": _told_s(told, now_ms)}
    return "human.report", attributes(id_, told, now_ms, device)


def attributes(id_: str, told: Told, now_ms: int, device: str) -> Dict[str, Scalar]:
    """Return the attributes of the event ``human.report``.

    system and stage are as the person knew them; told_s and began_s are seconds before the event's own stamp, so that
    the centre's correction of this computer's clock holds for them, too. device is this computer's own name, used
    when the person named no other. What was told in the future, or longer ago than a week, is told now.
    """
    told_s = _told_s(told, now_ms)
    return {
        "id": id_,
        "category": told.category,
        "symptom": told.symptom,
        "system": None,
        "stage": ",".join(told.stages) or None,
        "waiting": told.waiting,
        "device": told.device or clean(device, MOST_DEVICE) or None,
        "note": told.note or None,
        "incident": told.incident,
        "paper": told.paper,
        "told_s": told_s,
        "began_s": None if told.began_minutes is None else told_s + told.began_minutes * 60,
    }


def _told_s(told: Told, now_ms: int) -> int:
    age_ms = now_ms - told.at
    return age_ms // 1000 if 0 <= age_ms <= MOST_BACK_MINUTES * _MS_PER_MINUTE else 0


def clean(words: str, most: int) -> str:
    """Return words as one line of at most so many characters, without what cannot be seen."""
    return " ".join(_UNSEEN.sub(" ", words).split())[:most].rstrip()


def _optional(body: Dict[str, object], field: str) -> Optional[int]:
    value = body.get(field)
    return None if value is None else integer(value, field, 0, MOST_BACK_MINUTES)


def _one_of(value: object, field: str, known: Tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in known:
        raise Refused(Reason.FIELD, f"{field} is {json.dumps(value)[:40]}, expected one of {', '.join(known)}")
    return value


def _key(value: object, pattern: Pattern[str]) -> str:
    return matching(value, pattern, "incident", 40)

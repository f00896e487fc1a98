"""Say what a human report is: what somebody tells of a fault, unverified. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

MOST_TEXT = 500  # characters
MOST_DEVICE = 100
MOST_BACK_SECONDS = 14 * 86_400  # told within a week, of what began within a week before
WAITING = ("0", "1-5", "6-20", "20+")  # people
EVENT = "human.report"
FIXED = "human.report.fixed"  # says with the id of a report that its trouble is over
UNIT = re.compile(r"[0-9]{5}|[0-9]{2}|[0-9]{2}-HCC")
KEY = re.compile(r"[A-Za-z0-9_-]{16,100}")  # an Idempotency-Key: random, made by whoever sends
_ID = re.compile(r"[0-9a-f]{32}")
_WORD = re.compile(r"[0-9A-Za-z_-]{1,40}")
_STAGES = re.compile(r"[a-z_]{1,20}(,[a-z_]{1,20}){0,8}")


class Category(Enum):
    """Name what broke, as the clerk's form asks it."""

    COMPUTER = "computer"
    PRINTER = "printer"
    LAND_PRINTER = "land_printer"
    SCANNER = "scanner"
    NETWORK = "network"
    ONE_STOP = "one_stop"
    SIGNATURE = "signature"
    LOOKUP = "lookup"
    OTHER = "other"


class Symptom(Enum):
    """Name how it fails."""

    UNUSABLE = "unusable"
    SLOW = "slow"
    FROZEN = "frozen"
    ERROR = "error"
    INTERMITTENT = "intermittent"


class Source(Enum):
    """Name the way by which a report came."""

    DIRECT = "direct"
    RELAY = "relay"
    AGENT = "agent"  # the report window of a computer
    LINK = "link"  # a unit's link or code, without an account


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Hold what was told; at: when it was sent, in ms since 1970 UTC by the sender's clock; None: not told.

    system is a catalogue id, stages words of a dossier's way with commas between, waiting a band of WAITING. incident
    names one that the person has, too, began_seconds how long before it began. is_confirmed: a colleague stands by it.
    """

    key: str
    unit: str
    category: Category
    symptom: Symptom | None
    text: str
    at: int | None
    source: Source
    system: str | None = None
    stages: str | None = None
    waiting: str | None = None
    device: str | None = None
    incident: str | None = None
    began_seconds: int | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Hold what a person told an agent's report window; None where nothing was told.

    id is random, made at the computer. system is a catalogue id, stages and waiting are words of the form, incident
    names the notice of an incident that the person has, too. told_seconds and began_seconds lie before the event.
    """

    id: str
    category: Category
    symptom: Symptom | None
    system: str | None
    stages: str | None
    waiting: str | None
    device: str | None
    text: str
    incident: str | None
    told_seconds: int
    began_seconds: int | None


def dropped(attributes: Mapping[str, object]) -> Dropped | None:
    """Return the report in an event's attributes, None when they are none: an agent may be in wrong hands."""
    told = {name: value for name, value in attributes.items() if value is not None}
    symptom, waiting, text = told.get("symptom"), told.get("waiting"), told.get("note", "")
    try:
        if not isinstance(text, str) or waiting not in (None, *WAITING):
            return None
        seconds = _seconds(told, "told_s")
        device = told.get("device")
        return Dropped(
            id=_fitting(told["id"], _ID),
            category=Category(told["category"]),
            symptom=None if symptom is None else Symptom(symptom),
            system=_fitting(told["system"], _WORD) if "system" in told else None,
            stages=_fitting(told["stage"], _STAGES) if "stage" in told else None,
            waiting=None if waiting is None else str(waiting),
            device=clean(device)[:MOST_DEVICE] or None if isinstance(device, str) else None,
            text=clean(text)[:MOST_TEXT],
            incident=_fitting(told["incident"], _WORD) if "incident" in told else None,
            told_seconds=0 if seconds is None else seconds,
            began_seconds=_seconds(told, "began_s"),
        )
    except (KeyError, ValueError):
        return None


def fixed(attributes: Mapping[str, object]) -> str | None:
    """Return the id, made at the computer, of the report whose trouble is over; None when the event names none."""
    try:
        return _fitting(attributes.get("id"), _ID)
    except ValueError:
        return None


def _fitting(value: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise ValueError(f"{value!r:.60} does not fit {pattern.pattern}")
    return value


def _seconds(told: Mapping[str, object], name: str) -> int | None:
    value = told.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_BACK_SECONDS:
        raise ValueError(f"{name} is {value!r:.60}, expected 0 to {MOST_BACK_SECONDS}")
    return value


def clean(text: str) -> str:
    """Return a text as it is kept: no control characters but line ends, no lone surrogates, no blanks around."""
    kept = "".join(one for one in text.replace("\r\n", "\n") if one == "\n" or one.isprintable())
    return kept.strip()

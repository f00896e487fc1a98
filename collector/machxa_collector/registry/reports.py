"""Say what a human report is: what somebody tells of a fault, unverified. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

MOST_TEXT = 500  # characters
UNIT = re.compile(r"[0-9]{5}|[0-9]{2}|[0-9]{2}-HCC")
KEY = re.compile(r"[A-Za-z0-9_-]{16,100}")  # an Idempotency-Key: random, made by whoever sends


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Hold what was told; at: when it was sent, in ms since 1970 UTC by the sender's clock; None: not told."""

    key: str
    unit: str
    category: Category
    symptom: Symptom | None
    text: str
    at: int | None
    source: Source


def clean(text: str) -> str:
    """Return a text as it is kept: no control characters but line ends, no lone surrogates, no blanks around."""
    kept = "".join(one for one in text.replace("\r\n", "\n") if one == "\n" or one.isprintable())
    return kept.strip()

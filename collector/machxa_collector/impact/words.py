"""Name the systems, procedure groups, stages and causes that the impact model speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class System(Enum):
    """Name a class of systems that dossiers need."""

    POWER = "power"
    PC = "pc"
    LINE = "line"
    DOSSIER = "dossier"  # the dossier software
    DOCUMENTS = "documents"  # the document-management software
    SCANNER = "scanner"
    COPIER = "copier"
    PRINTER = "printer"
    CERTIFICATE_PRINTER = "certificate_printer"  # prints the land-certificate blank
    SIGNATURE = "signature"
    POPULATION = "population"
    CIVIL_STATUS = "civil_status"
    LAND = "land"
    PAYMENT = "payment"
    STORAGE = "storage"
    SIGN_IN = "sign_in"  # VNeID and the national portal: cuts what comes in online, never capacity


class Group(Enum):
    """Name a group of procedures."""

    CIVIL_STATUS = "HT"
    CERTIFICATION = "CT"
    LAND = "DD"
    CONSTRUCTION = "XD"
    OTHER = "other"


class Channel(Enum):
    """Say how a dossier came in; its result leaves on paper or signed electronically accordingly."""

    DIRECT = "direct"
    ONLINE = "online"


class Stage(Enum):
    """Name a stage of a dossier's way."""

    RECEIVE_DIRECT = "receive_direct"
    RECEIVE_ONLINE = "receive_online"
    SCAN = "scan"
    LOOK_UP = "look_up"
    PROCESS = "process"
    SIGN = "sign"
    PAY = "pay"
    ISSUE = "issue"
    ARCHIVE = "archive"


RECEIVE = frozenset({Stage.RECEIVE_DIRECT, Stage.RECEIVE_ONLINE})


class Cause(Enum):
    """Name the layer an incident comes from; a moment with several belongs to the first in this order (F7)."""

    MAINTENANCE = "BT"
    POWER = "DIEN"
    NATIONAL = "TW"
    PROVINCE = "TINH"
    WAN = "WAN"
    LAN = "LAN"
    EQUIPMENT = "TB"
    PEOPLE = "NGUOI"  # never infrastructure: F7 leaves it to K4


class Health(Enum):
    """Say what a remote system was seen to do."""

    OK = "ok"
    SLOW = "slow"
    INTERMITTENT = "intermittent"
    HANG = "hang"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Give the moments from start to end, the end not among them."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse turned times."""
        if self.end < self.start:
            raise ValueError(f"a span ends at {self.end}, before it starts at {self.start}")

"""Name what planning speaks of: classes of equipment, titles of staff, owners, advice, bands."""

from __future__ import annotations

from enum import Enum


class Item(Enum):
    """Name a class of equipment that norms, lives and prices are given for."""

    PC = "pc"  # desktop, laptop or tablet: QĐ 15/2025 gives one of them
    PRINTER = "printer"
    CERTIFICATE_PRINTER = "certificate_printer"  # prints the land-certificate blank
    SCANNER = "scanner"
    COPIER = "copier"
    SHREDDER = "shredder"
    PHONE = "phone"
    NETWORK = "network"
    UPS = "ups"
    OTHER = "other"


class Title(Enum):
    """Name a group of titles of QĐ 15/2025, Appendix II."""

    VI = "vi"  # party secretary
    VII = "vii"  # leaders of the commune
    VIII = "viii"  # heads of offices, civil servants, contract staff


class Owner(Enum):
    """Say whose an asset is; what one owns is neither given nor charged to another."""

    STATE = "state"  # the commune's own
    PARTY = "party"
    FRONT = "front"
    POLICE = "police"
    PROVINCE = "province"
    OTHER = "other"


class Action(Enum):
    """Name what is proposed for an asset or a gap, in the order it is tried (F15)."""

    TRANSFER = "transfer"
    UPGRADE = "upgrade"
    REPAIR = "repair"
    REPLACE = "replace"
    BUY = "buy"
    DISPOSE = "dispose"
    SURVEY = "survey"  # what is known does not suffice
    UPDATE = "update"  # a free update of the system is all it needs
    KEEP = "keep"


class Band(Enum):
    """Say where a score lies; SURVEY: the interval crosses an edge."""

    REPLACE = "replace"
    PLAN = "plan"
    UPGRADE = "upgrade"
    KEEP = "keep"
    SURVEY = "survey"


class Answer(Enum):
    """Say yes, no, or that it is not known; nothing unknown is ever taken for one of the others."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

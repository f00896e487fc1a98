"""Name causes, layers and kinds of notices; the words of an answer are the enums' values."""

from __future__ import annotations

from enum import Enum


class Cause(Enum):
    """Name what an incident comes from."""

    DEVICE = "device"
    LAN = "lan"
    LINE = "line"
    PROVIDER = "provider"
    PROVIDER_AREA = "provider_area"
    PROVINCIAL_SYSTEM = "provincial_system"
    NATIONAL_SYSTEM = "national_system"
    POWER = "power"
    POWER_OR_LINE = "power_or_line"  # a site is dark and nobody can tell yet
    CENTRE = "centre"  # we are blind
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


class Layer(Enum):
    """Name where the cause lies."""

    EQUIPMENT = "TB"
    LAN = "LAN"
    WAN = "WAN"
    PROVINCE = "TINH"
    NATION = "TW"
    POWER = "DIEN"
    CENTRE = "TRUNG_TAM"


class Owner(Enum):
    """Say who runs a system."""

    PROVINCE = "province"
    NATION = "national"


class Role(Enum):
    """Say what an asset does for its site; only gateway, standby and pc have agents."""

    GATEWAY = "gateway"  # a PC too
    STANDBY = "standby"  # a PC too
    PC = "pc"
    PRINTER = "printer"
    ROUTER = "router"
    UPS = "ups"
    OTHER = "other"


class Told(Enum):
    """Say what a notice tells."""

    OPENED = "opened"
    REVISED = "revised"  # the cause is another than was told
    ENDED = "ended"


class Hush(Enum):
    """Say why an incident is shown and not told."""

    MAINTENANCE = "maintenance"
    POWER_CUT = "planned_power_cut"

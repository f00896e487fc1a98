"""Tell how a UPS is: on mains or battery, charge, minutes left, load. UPS-MIB, PowerNet, XUPS, Phoenixtec. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Tuple

from machxa_agent.snmp.answers import Answers

_OUTPUT_SOURCE = "1.3.6.1.2.1.33.1.4.1.0"  # upsOutputSource
_CHARGE = "1.3.6.1.2.1.33.1.2.4.0"  # upsEstimatedChargeRemaining, percent
_MINUTES = "1.3.6.1.2.1.33.1.2.3.0"  # upsEstimatedMinutesRemaining
_ON_BATTERY_SECONDS = "1.3.6.1.2.1.33.1.2.2.0"  # upsSecondsOnBattery
_BATTERY_STATUS = "1.3.6.1.2.1.33.1.2.1.0"  # upsBatteryStatus
_TEMPERATURE = "1.3.6.1.2.1.33.1.2.7.0"  # upsBatteryTemperature, degrees
LOAD_COLUMN = "1.3.6.1.2.1.33.1.4.4.1.5"  # upsOutputPercentLoad by line
_APC = "1.3.6.1.4.1.318.1.1.1."
_XUPS = "1.3.6.1.4.1.534.1."
_PHOENIX = "1.3.6.1.4.1.935.1.1.1."
_CPS = "1.3.6.1.4.1.3808.1.1.1."
_MGE = "1.3.6.1.4.1.705.1."
_CHARGES = (
    ("1.3.6.1.4.1.4555.1.1.7.1.2.4.0", 1),
    (_APC + "2.3.1.0", 10),  # upsHighPrecBatteryCapacity
    (_CHARGE, 1),
    (_APC + "2.2.1.0", 1),
    (_XUPS + "2.4.0", 1),
    (_MGE + "5.2.0", 1),
    (_PHOENIX + "2.2.1.0", 1),
    (_CPS + "2.2.1.0", 1),
)  # percent, per unit
_LOADS = ((_APC + "4.2.3.0", 1), (_XUPS + "4.1.0", 1), (_PHOENIX + "4.2.3.0", 10), (_CPS + "4.2.3.0", 1))
_SECONDS = (
    (_MINUTES, 60.0),
    (_APC + "2.2.3.0", 0.01),
    (_XUPS + "2.1.0", 1.0),
    (_MGE + "5.1.0", 1.0),
    (_CPS + "2.2.4.0", 0.01),
)
_TEMPERATURES = ((_APC + "2.2.2.0", 1), (_TEMPERATURE, 1), (_PHOENIX + "2.2.3.0", 10))
_STATUSES: Tuple[Tuple[str, Dict[int, bool]], ...] = (  # which values say that it runs on its battery
    (_OUTPUT_SOURCE, {3: False, 4: False, 5: True, 6: False, 7: False}),
    (_APC + "4.1.1.0", {2: False, 3: True, 4: False, 6: False, 9: False, 12: False}),
    (_XUPS + "4.5.0", {3: False, 4: False, 5: True, 6: False, 7: False, 8: False, 9: False}),
    (_MGE + "7.3.0", {1: True, 2: False}),
    (_PHOENIX + "4.1.1.0", {2: False, 3: True, 4: False, 5: False, 6: False, 7: False}),
    (_CPS + "4.1.1.0", {2: False, 3: True, 4: False, 7: False}),
)
_BATTERIES = (
    (_BATTERY_STATUS, {1: "unknown", 2: "normal", 3: "low", 4: "depleted"}),
    (_APC + "2.1.1.0", {1: "unknown", 2: "normal", 3: "low", 4: "fault"}),
)
_REPLACE = _APC + "2.2.4.0"  # upsAdvBatteryReplaceIndicator: 2 is replace
_CAP_PERCENT = 100
SCALARS = tuple(
    dict.fromkeys(
        [at for at, _ in (*_CHARGES, *_LOADS, *_SECONDS, *_TEMPERATURES)]
        + [at for at, _ in _STATUSES]
        + [at for at, _ in _BATTERIES]
        + [_ON_BATTERY_SECONDS, _REPLACE]
    )
)


@dataclass(frozen=True)
class Power:
    """Hold how a UPS is; None for what it did not say."""

    is_on_battery: Optional[bool]
    charge_ratio: Optional[float]
    runtime_seconds: Optional[float]
    load_ratio: Optional[float]
    battery: Optional[str]
    needs_battery: Optional[bool]
    temperature_celsius: Optional[float]


def power(answers: Answers) -> Power:
    """Return how the UPS is; UPS-MIB is believed first, then the maker's own MIB."""
    percent = _first(answers, _CHARGES, most=_CAP_PERCENT)
    lines = [one for one in answers.numbers(LOAD_COLUMN).values() if 0 <= one <= 2 * _CAP_PERCENT]
    load = max(lines) if lines else _first(answers, _LOADS, most=2 * _CAP_PERCENT)
    replace = answers.number(_REPLACE)
    return Power(
        is_on_battery=_on_battery(answers),
        charge_ratio=None if percent is None else percent / 100,
        runtime_seconds=next((answers.number(at) * per for at, per in _SECONDS if (answers.number(at) or 0) > 0), None),  # type: ignore[operator]  # checked there
        load_ratio=None if load is None else load / 100,
        battery=next((words[n] for at, words in _BATTERIES for n in [answers.number(at)] if n in words), None),
        needs_battery=None if replace is None else replace == 2,  # noqa: PLR2004 - batteryNeedsReplacing(2)
        temperature_celsius=_first(answers, _TEMPERATURES, most=120),
    )


def _first(answers: Answers, places: Tuple[Tuple[str, int], ...], *, most: int) -> Optional[float]:
    for at, per in places:
        value = answers.number(at)
        if value is not None and 0 <= value / per <= most:
            return value / per
    return None


def _on_battery(answers: Answers) -> Optional[bool]:
    for at, words in _STATUSES:
        value = answers.number(at)
        if value in words:
            return words[value]
    seconds = answers.number(_ON_BATTERY_SECONDS)
    return None if seconds is None else seconds > 0

"""Carry a number, or an interval where parts are not known, with the rule it comes from and all that went in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum


class Unit(Enum):
    """Say what a figure counts."""

    POINTS = "points"
    COUNT = "count"
    VND = "vnd"
    YEARS = "years"
    DAYS = "days"
    HOURS = "hours"
    PER_YEAR = "per_year"
    PER_THOUSAND_PAGES = "per_thousand_pages"
    RATIO = "ratio"  # 0 to 1
    DOSSIER_HOURS = "dossier_hours"  # a year


class Missing(Enum):
    """Say why a figure is not known."""

    NO_FACT = "no_fact"  # nothing measured or entered says it
    NO_RULE = "no_rule"  # no dated row holds on the day
    NO_STAFF = "no_staff"  # how many people hold each title is not entered
    NO_PRICE = "no_price"  # the province has approved no price
    UNDER_THRESHOLD = "under_threshold"  # no fixed asset: it has no book value
    TOO_FEW = "too_few"  # measured too short or too seldom


@dataclass(frozen=True, slots=True)
class Figure:
    """Give the least and the most a figure can be, and how it was found; one number where both agree.

    Both are None when nothing holds of it, and then missing says why. rule is a formula (F12 to F20) or the id of a
    dated row. inputs are by name; each may be a figure again.
    """

    low: float | None
    high: float | None
    unit: Unit
    rule: str
    inputs: tuple[tuple[str, Told], ...] = ()
    missing: Missing | None = None

    def __post_init__(self) -> None:
        """Refuse an interval that is turned, open at one end, or missing without a reason."""
        if (self.low is None) is not (self.high is None):
            raise ValueError(f"{self.rule}: an interval from {self.low} to {self.high}, expected two ends or none")
        if (self.low is None) is not (self.missing is not None):
            raise ValueError(f"{self.rule}: the figure is {self.low} and missing is {self.missing}")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"{self.rule}: an interval from {self.low} to {self.high}, expected it to rise")

    @property
    def exact(self) -> float | None:
        """Return the number where there is only one."""
        return self.low if self.low == self.high else None

    @property
    def width(self) -> float:
        """Return how much is open, 0 for a number; raises ValueError for what is not known at all."""
        if self.low is None or self.high is None:
            raise ValueError(f"{self.rule}: nothing is known of it")
        return self.high - self.low


Told = Figure | float | int | str | bool | date | None


def exact(value: float, unit: Unit, rule: str, inputs: Mapping[str, Told]) -> Figure:
    """Return a number with its inputs."""
    return Figure(value, value, unit, rule, tuple(inputs.items()))


def between(low: float, high: float, unit: Unit, rule: str, inputs: Mapping[str, Told]) -> Figure:
    """Return an interval with its inputs."""
    return Figure(low, high, unit, rule, tuple(inputs.items()))


def unknown(missing: Missing, unit: Unit, rule: str, inputs: Mapping[str, Told]) -> Figure:
    """Return what is said of a figure of which nothing is known."""
    return Figure(None, None, unit, rule, tuple(inputs.items()), missing)


def as_tree(told: Told) -> object:
    """Return a figure with all its inputs as plain JSON values."""
    if isinstance(told, Figure):
        return {
            "low": told.low,
            "high": told.high,
            "unit": told.unit.value,
            "rule": told.rule,
            "missing": told.missing.value if told.missing else None,
            "inputs": {name: as_tree(value) for name, value in told.inputs},
        }
    return told.isoformat() if isinstance(told, date) else told

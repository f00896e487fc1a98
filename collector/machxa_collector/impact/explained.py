"""Carry a number together with the formula it comes from and all that went in, so that a page can open it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Measure(Enum):
    """Say what a figure counts."""

    DOSSIERS = "dossiers"
    PER_HOUR = "dossiers_per_hour"  # of working time
    HOURS = "hours"  # of working time
    DOSSIER_HOURS = "dossier_hours"
    RATIO = "ratio"  # 0 to 1
    FACTOR = "factor"  # 1 is usual
    MBPS = "mbit_per_second"


class Missing(Enum):
    """Say why a figure is not known."""

    NO_STOCK = "no_stock"  # how many the unit has, needs or lost is not entered
    NO_STATE = "no_state"  # the system was not measured
    NO_FLOW = "no_flow"  # no counts, and no figure to fall back on
    NO_HISTORY = "no_history"  # no past incidents of the class and layer
    NO_ROWS = "no_rows"  # no dossier rows to count
    OLD_ROWS = "old_rows"  # the dossier data is older than one working day
    NEVER_ENDS = "never_ends"  # what comes in meets or exceeds what can be done
    TOO_FAR = "too_far"  # not caught up within the days looked ahead
    NOT_ALL_KNOWN = "not_all_known"  # it rests on a figure that is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Name one thing a figure was computed from; value None: not known."""

    name: str
    value: Explained | float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Give a figure, its formula (F1 to F8 of the impact model, or "data") and its inputs.

    figure is None when it is not known, and then missing says why; at_least, where given, is what holds all the same.
    """

    figure: float | None
    measure: Measure
    formula: str
    inputs: tuple[Input, ...] = ()
    missing: Missing | None = None
    at_least: float | None = None

    def __post_init__(self) -> None:
        """Refuse a figure that is unknown without a reason, or known and missing at once."""
        if (self.figure is None) is (self.missing is None):
            raise ValueError(f"{self.formula}: the figure is {self.figure} and missing is {self.missing}")


def known(figure: float, measure: Measure, formula: str, **inputs: Explained | float | str | None) -> Explained:
    """Return a figure with its inputs by name."""
    return Explained(figure=figure, measure=measure, formula=formula, inputs=named(inputs))


def unknown(missing: Missing, measure: Measure, formula: str, **inputs: Explained | float | str | None) -> Explained:
    """Return what is said of a figure nobody knows."""
    return Explained(figure=None, measure=measure, formula=formula, inputs=named(inputs), missing=missing)


def bounded(one: Explained, least: float | None) -> Explained:
    """Return an unknown figure with what it is at least."""
    return replace(one, at_least=least)


def named(inputs: dict[str, Explained | float | str | None]) -> tuple[Input, ...]:
    """Return inputs in the order they were named."""
    return tuple(Input(name=name, value=value) for name, value in inputs.items())

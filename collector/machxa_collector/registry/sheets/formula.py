"""Hold a cell that a spreadsheet computes, with the value that it comes to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """Hold a formula of ours, never of a user's text; value is what it gives for the cells as written."""

    text: str
    value: int | float

"""Hold what an agent makes before it has a number: when it was made, since when it is true, and in which boot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from machxa_fleet.drill.lives import Life
from machxa_wire.records import Scalar, Series


@dataclass(frozen=True, slots=True)
class SaidEvent:
    """Hold an event."""

    made: int
    true_at: int
    life: Life
    name: str
    attributes: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class SaidSamples:
    """Hold a batch: true_at is its first reading's time, at counts seconds from it."""

    made: int
    true_at: int
    life: Life
    at: tuple[int, ...]
    series: tuple[Series, ...]
    columns: tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class SaidBye:
    """Hold a good-bye."""

    made: int
    true_at: int
    life: Life
    reason: str


Said = SaidEvent | SaidSamples | SaidBye

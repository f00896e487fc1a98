"""Hold what the pages of setting-up read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Name a unit."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hold a row of the province's calendar as people write it."""

    id: str
    sessions: str = ""
    valid_from: str = ""
    source: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Hold a computer that enrolled; heard_at None: its agent has said nothing yet."""

    name: str
    asset: str | None
    unit: str
    enrolled_at: datetime
    heard_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Hold the computers that enrolled last."""

    arrived: tuple[Arrival, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Arrivals):
    """Say how far the setting-up is; pilot None: nobody has said, empty: all of the province."""

    province: Named | None = None
    pilot: tuple[str, ...] | None = None
    week: Hours | None = None
    saturday: Hours | None = None
    tokens: int = 0
    base: str = ""

    @property
    def done(self) -> tuple[bool, ...]:
        """Return of each step whether it is done."""
        return (
            self.province is not None,
            self.province is not None and self.pilot is not None,
            self.week is not None and self.week.confidence == "confirmed",
            self.tokens > 0 or bool(self.arrived),
            any(one.heard_at is not None for one in self.arrived),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """Hold a token's secret, shown this once, with what agents compare the centre's authority with."""

    token: str
    fingerprint: str
    unit: str | None
    uses: int
    expires_at: datetime

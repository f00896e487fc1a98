"""Say what the finance pages need of the collector, on behalf of one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from fastapi import Request
from fastapi.params import Depends


class Computing(Exception):
    """Say that a plan is being made; whoever asks again shortly has it."""


@dataclass(frozen=True, slots=True)
class Which:
    """Name a plan: a kept scenario, "" for none, under its own shared ceiling or another one, in đồng."""

    scenario: str
    ceiling: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """Hold a shared source besides the first: its ceiling in đồng, and what alone it may pay for; empty: everything."""

    name: str
    vnd: int
    items: tuple[str, ...]
    actions: tuple[str, ...]
    units: tuple[str, ...]


class FinanceDesk(Protocol):
    """Answer with plain values in the shapes of machxa_web.finance.shapes.

    Every method may raise Trouble; those that show a plan raise Computing while it is made. may_change: who asks may
    keep scenarios, and so sees the whole province; may_attach: may keep files behind assets.
    """

    may_change: bool
    may_attach: bool

    def scenarios(self) -> object:
        """Return the kept scenarios, in the order of their names."""
        ...

    def overview(self, which: Which) -> object:
        """Return the head of a plan, its classes, and what its money does."""
        ...

    def lines(self, which: Which, asked: Mapping[str, str], start: int, most: int) -> object:
        """Return up to most lines of a plan from one on; asked are the names of FILTERS."""
        ...

    def line(self, which: Which, line: str) -> object:
        """Return a line with all that stands behind it."""
        ...

    def units(self, which: Which, item: str, start: int) -> object:
        """Return what each unit may have, has and lacks of a class."""
        ...

    def transfers(self, which: Which, start: int) -> object:
        """Return the pairs of a unit that has too many and one that lacks."""
        ...

    def charts(self, which: Which, start: int) -> object:
        """Return ages by class, the five years' need, and need by dossiers."""
        ...

    def contracts(self, first: date, last: date) -> object:
        """Return the lines under contract with what was measured of them."""
        ...

    def save(self, name: str, ceilings: Mapping[str, str], further: Sequence[Further], reason: str) -> None:
        """Keep a scenario under a name, with what another one decided of lines; further: its other shared sources."""
        ...

    def decide(self, scenario: str, line: str, decision: Mapping[str, str]) -> None:
        """Lock a line, decide otherwise, or take such a decision back, with its reason."""
        ...

    def undo(self, scenario: str, version: int) -> None:
        """Let the version before the newest hold again; version is the newest that the person saw."""
        ...

    def attach(self, subject: str, name: str, content: bytes) -> None:
        """Keep a quotation or photograph behind "price:ITEM:ACTION" or "asset:ID"."""
        ...

    def detach(self, number: int) -> None:
        """Take a file away from where it stands."""
        ...


FinanceDeskOf = Callable[[Request], FinanceDesk]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinanceGuards:
    """Hold the dependencies that let a person see costs, and decide."""

    looking: Sequence[Depends]
    deciding: Sequence[Depends]

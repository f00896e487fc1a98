"""Say what the register's pages need of the collector, on behalf of one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from fastapi import Request
from fastapi.params import Depends


class RegisterDesk(Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble.

    may_change: who asks may change assets; may_count: may take stock.
    """

    may_change: bool
    may_count: bool

    def assets(self, asked: Mapping[str, str], cursor: str | None) -> object:
        """Return what GET /assets does; asked are q, unit, kind, status, owner."""
        ...

    def drafts(self, unit: str, cursor: str | None) -> object:
        """Return what GET /drafts does."""
        ...

    def decide(self, decisions: Sequence[Mapping[str, str]]) -> object:
        """Settle drafts."""
        ...

    def handover(self, of: str, to: str) -> object:
        """Return what POST /handovers/preview does."""
        ...

    def hand_over(self, of: str, to: str, version: str, reference: str) -> object:
        """Hand over what was shown."""
        ...

    def labels(self, unit: str, assets: Sequence[str], cursor: str | None) -> object:
        """Return what GET /labels does."""
        ...

    def named(self, code: str) -> object:
        """Return what GET /label does."""
        ...

    def stocktakes(self, cursor: str | None) -> object:
        """Return what GET /stocktakes does."""
        ...

    def open(self, unit: str, note: str) -> str:
        """Open a stock-take; return its id."""
        ...

    def stocktake(self, stocktake: str) -> object:
        """Return what GET /stocktakes/{id} does."""
        ...

    def mark(self, stocktake: str, code: str, room: str, *, damaged: bool) -> object:
        """Keep what was scanned."""
        ...

    def unmark(self, stocktake: str, mark: int) -> None:
        """Forget a mark."""
        ...

    def close(self, stocktake: str) -> None:
        """Close a stock-take."""
        ...

    def apply(self, stocktake: str, assets: Sequence[str]) -> object:
        """Make proposals an act."""
        ...


RegisterDeskOf = Callable[[Request], RegisterDesk]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterGuards:
    """Hold the dependencies that let a person look, change assets, and count."""

    looking: Sequence[Depends]
    changing: Sequence[Depends]
    counting: Sequence[Depends]

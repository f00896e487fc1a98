"""Say what the pages of reporting need of the collector."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from fastapi import Request
from fastapi.params import Depends


class ReportDesk(Protocol):
    """Answer whoever holds a link, a code or a report's address, in these shapes. Every method may raise Trouble."""

    def own(self, unit: str) -> str | None:
        """Return a link for who is signed in: to the unit named, or with "" to the one there is; None: no account."""

    def by_code(self, code: str) -> str:
        """Return the link that a typed code opens."""

    def gate(self, link: str) -> object:
        """Return the form that a link opens."""

    def send(self, link: str, said: Mapping[str, str]) -> tuple[str, bool]:
        """Keep a report; return the part of its address that nobody can guess, and whether it is new."""

    def status(self, token: str) -> object:
        """Return how far a report is."""

    def fixed(self, token: str) -> None:
        """Say that its trouble is over."""

    def again(self, token: str) -> str:
        """Say that it is not; return the new report's address."""

    def photo(self, token: str, content: bytes) -> None:
        """Keep a photograph of it."""


class UnitDesk(Protocol):
    """Answer who is signed in about one of their units, likewise."""

    def mine(self, unit: str) -> object:
        """Return a clerk's page; unit "": the only one there is."""

    def confirm(self, report: str) -> None:
        """Stand by a report that came without an account."""

    def declare(self, unit: str, said: Mapping[str, str]) -> None:
        """Declare an extra session."""

    def undeclare(self, batch: str) -> None:
        """Take one back."""

    def count(self, unit: str, said: Mapping[str, str]) -> None:
        """Write down what was counted of toner and blank forms."""

    def poster(self, unit: str, device: str, months: str) -> object:
        """Return what a poster says."""

    def revoke(self, unit: str) -> None:
        """Put a unit's links and code out of force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportGuards:
    """Hold the dependencies of these pages: for everybody, to look, to report, to declare sessions, to give links."""

    anyone: Sequence[Depends]
    looking: Sequence[Depends]
    reporting: Sequence[Depends]
    declaring: Sequence[Depends]
    linking: Sequence[Depends]


ReportDeskOf = Callable[[Request], ReportDesk]
UnitDeskOf = Callable[[Request], UnitDesk]

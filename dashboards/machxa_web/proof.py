"""Add up the delivery books of an agent into what a person can check. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from machxa_web.reader import Ledger, StreamBooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Hold counts of records over all streams of one agent.

    missing were numbered by the agent and have not arrived yet; declared_lost are those the agent itself
    said it had to drop; doubled are stored more often than numbered (must be 0); refused_duplicates were
    sent again and refused.
    """

    received: int
    missing: int
    declared_lost: int
    doubled: int
    refused_duplicates: int
    streams: tuple[StreamBooks, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether every numbered record is stored exactly once."""
        return not (self.missing or self.declared_lost or self.doubled)


def proof(ledger: Ledger | None) -> Proof | None:
    """Return the sums of the books, None when there are none yet."""
    if ledger is None or not ledger.streams:
        return None
    return Proof(
        received=sum(books.received for books in ledger.streams),
        missing=sum(_missing(books) for books in ledger.streams),
        declared_lost=sum(books.declared_lost for books in ledger.streams),
        doubled=sum(_doubled(books) for books in ledger.streams),
        refused_duplicates=sum(books.duplicates_refused for books in ledger.streams),
        streams=ledger.streams,
    )


def _missing(books: StreamBooks) -> int:
    return sum(last - first + 1 for first, last in books.missing)


def _doubled(books: StreamBooks) -> int:
    return max(0, books.received + books.declared_lost + _missing(books) - books.highest)

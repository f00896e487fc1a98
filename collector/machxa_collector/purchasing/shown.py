"""Hold a plan as pages and files show it: its lines in order, when it was read, and the hash that names it."""

from __future__ import annotations

from dataclasses import dataclass

from machxa_collector.planning.outcome import Outcome, Settled, settled
from machxa_collector.planning.seal import sha256_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Hold a plan; sha256 is of what it decides, so files and pages of one plan bear the same.

    read_at: when what it rests on was read, in ms since 1970 UTC; papers: the versions that held then.
    """

    outcome: Outcome
    lines: tuple[Settled, ...]
    sha256: str
    read_at: int
    papers: str


def shown(outcome: Outcome, read_at: int, papers: str) -> Shown:
    """Return a plan with its lines settled once."""
    lines = tuple(settled(outcome))
    return Shown(outcome=outcome, lines=lines, sha256=sha256_of(outcome, lines), read_at=read_at, papers=papers)

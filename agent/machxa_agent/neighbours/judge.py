"""Say who came and who is gone, from who answered in each round. Pure; times in monotonic seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterable, List, Mapping, Optional, Tuple

ROUND_SECONDS = 15.0
_GONE_ROUNDS = 3  # unanswered in a row: 30 to 45 s after somebody left


@dataclass
class _Known:
    is_here: Optional[bool] = None
    silent: int = 0
    since: float = 0.0


@dataclass(frozen=True)
class Change:
    """Hold who came or is gone, since when, and what was before: None at first."""

    address: str
    is_here: bool
    was: Optional[bool]
    at: float


class Neighbourhood:
    """Hold who is here. A round in which nobody answers tells of our own cable, not of theirs."""

    def __init__(self) -> None:
        self._known: Dict[str, _Known] = {}
        self.is_blind = False

    def keep(self, addresses: Iterable[str]) -> None:
        """Watch these from now on, and forget others."""
        self._known = {one: self._known.get(one, _Known()) for one in addresses}

    def round(self, answered: Mapping[str, bool], now: float) -> Tuple[Change, ...]:
        """Take in a round; return who came and who is gone by it."""
        self.is_blind = not any(answered.values())
        if self.is_blind and any(one.is_here for one in self._known.values()):
            return ()
        changes: List[Change] = []
        for address, has in answered.items():
            known = self._known.get(address)
            if known is None:
                continue
            if has:
                known.silent = 0
                self._turn(address, known, now, changes, is_here=True)
                continue
            known.silent += 1
            known.since = now if known.silent == 1 else known.since
            if known.silent >= _GONE_ROUNDS and known.is_here is not None:  # who never answered may answer nobody
                self._turn(address, known, known.since, changes, is_here=False)
        return tuple(changes)

    def is_here(self, address: str) -> bool:
        """Return whether an address was here when it was told last."""
        known = self._known.get(address)
        return known is not None and known.is_here is True

    def gone_seconds(self, address: str, now: float) -> Optional[float]:
        """Return how long an address has not answered while others did; None where it does, or nothing is known."""
        known = self._known.get(address)
        return None if known is None or known.silent == 0 or self.is_blind else now - known.since

    @staticmethod
    def _turn(address: str, known: _Known, at: float, changes: List[Change], *, is_here: bool) -> None:
        if known.is_here is not is_here:
            changes.append(Change(address, is_here, known.is_here, at))
            known.is_here = is_here

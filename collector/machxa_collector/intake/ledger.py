"""Keep the books of one stream: which numbers came, which were declared lost, which are missing. Pure."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from enum import Enum

MAX_SPANS = 256

Span = tuple[int, int]


class Verdict(Enum):
    """Say what an offered number is."""

    NEW = "new"
    DUPLICATE = "duplicate"
    TOO_FAR = "too far"  # it would make more holes than we keep: the agent resends it in order


@dataclass(slots=True)
class StreamLedger:
    """Count one stream's numbers.

    contiguous is the number up to which everything was received or declared lost; ahead holds the
    spans beyond it, sorted and apart, in the same sense. received, declared and duplicates are totals.
    spans_changed tells the store that ahead or lost differ from what it keeps.
    """

    contiguous: int = 0
    highest: int = 0
    received: int = 0
    declared: int = 0
    duplicates: int = 0
    ahead: list[Span] = field(default_factory=list)
    lost: list[Span] = field(default_factory=list)
    spans_changed: bool = field(default=False, compare=False)

    def offer(self, seq: int) -> Verdict:
        """Enter one received number, unless it is already there."""
        if seq == self.contiguous + 1 and not self.ahead:
            self.contiguous = seq
        elif self.covers(seq):
            self.duplicates += 1
            return Verdict.DUPLICATE
        elif len(self.ahead) >= MAX_SPANS and not self._joins(seq):
            return Verdict.TOO_FAR
        else:
            self._add(seq, seq)
        self.received += 1
        self.highest = max(self.highest, seq)
        return Verdict.NEW

    def declare(self, first: int, last: int) -> int:
        """Enter numbers an agent declares lost; return how many of them were indeed missing."""
        missing = self.missing(first, last)
        for hole in missing:
            self.lost.append(hole)
            self._add(*hole)
        count = sum(end - start + 1 for start, end in missing)
        self.declared += count
        self.highest = max(self.highest, last)
        return count

    def covers(self, seq: int) -> bool:
        """Return whether a number was received or declared lost."""
        if seq <= self.contiguous:
            return True
        place = bisect_left(self.ahead, (seq + 1,)) - 1
        return place >= 0 and self.ahead[place][1] >= seq

    def missing(self, first: int, last: int) -> list[Span]:
        """Return the spans between two numbers, both included, that were neither received nor declared."""
        holes = []
        start = max(first, self.contiguous + 1)
        for begin, end in self.ahead:
            if begin > last:
                break
            if end < start:
                continue
            if begin > start:
                holes.append((start, begin - 1))
            start = max(start, end + 1)
        if start <= last:
            holes.append((start, last))
        return holes

    def _joins(self, seq: int) -> bool:
        return self.covers(seq - 1) or self.covers(seq + 1)

    def _add(self, first: int, last: int) -> None:
        self.spans_changed = True
        apart = []
        for begin, end in self.ahead:
            if end + 1 < first or begin > last + 1:
                apart.append((begin, end))
            else:
                first, last = min(first, begin), max(last, end)
        apart.append((first, last))
        apart.sort()
        if apart[0][0] <= self.contiguous + 1:
            self.contiguous = max(self.contiguous, apart.pop(0)[1])
        self.ahead = apart

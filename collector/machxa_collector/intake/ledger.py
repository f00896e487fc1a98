"""Keep the books of one stream: which numbers came, which were declared lost, which are missing. Pure."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from enum import Enum

MAX_SPANS = 256
MAX_LOST = 1024  # spans declared lost that are kept by name; of more, the oldest are kept as a count only

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
    lost holds the newest spans declared lost, in the order they were declared, neighbours as one.
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
        elif not self.has_room(seq, seq):
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
            self._lose(*hole)
            self._add(*hole)
        count = sum(end - start + 1 for start, end in missing)
        self.declared += count
        self.highest = max(self.highest, last)
        return count

    def has_room(self, first: int, last: int) -> bool:
        """Return whether numbers can be entered without more holes than we keep."""
        return len(self.ahead) < MAX_SPANS or self._joins(first, last)

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

    def _joins(self, first: int, last: int) -> bool:
        return any(begin <= last + 1 and end >= first - 1 for begin, end in [(0, self.contiguous), *self.ahead])

    def _lose(self, first: int, last: int) -> None:
        if self.lost and self.lost[-1][1] + 1 == first:
            first = self.lost.pop()[0]
        self.lost.append((first, last))
        del self.lost[:-MAX_LOST]

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

"""Take the reports that people drop into the outbox; whatever else lies there is refused, counted and removed."""

from __future__ import annotations

import logging
import time
from collections import deque
from pathlib import Path
from typing import Callable, Deque, Dict, List, Optional, Tuple

from machxa_agent.outbox.shelf import UnfitError
from machxa_agent.report import drop
from machxa_agent.report.desk import Around, Body, Keeper
from machxa_agent.report.told import event, from_file
from machxa_wire.records import Event
from machxa_wire.refusal import Refused

logger = logging.getLogger(__name__)

MOST_PER_HOUR = 20
_HOUR_SECONDS = 3600.0
_REASON_CHARACTERS = 200


class Taking:
    """Hold what was taken this hour and what the outbox keeps in memory."""

    def __init__(
        self,
        folder: Path,
        outbox: Keeper,
        around: Around,
        monotonic: Callable[[], float] = time.monotonic,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """Take from a drop folder; now_s is the wall clock, by which files are old."""
        self._folder, self._outbox, self._around = folder, outbox, around
        self._monotonic, self._now_s = monotonic, now_s
        self._taken: Deque[float] = deque(maxlen=MOST_PER_HOUR)
        self._held: Dict[str, Tuple[str, Optional[Body]]] = {}  # ids that the outbox keeps in memory: file and report
        self.over: List[str] = []  # reports that were called over since somebody asked
        self._dropped = 0  # records that the outbox had given up when it began to keep these
        self._refused: Dict[str, int] = {}
        self._refused_at = float("-inf")

    def look(self) -> List[Body]:
        """Empty the folder as far as may be; return the reports that were taken or went to the disk since.

        A file goes once the outbox has its report on the disk. Raises OSError when the folder cannot be read.
        """
        taken = self._let_go()
        waiting, is_flooded = drop.look(self._folder, self._now_s())
        refused: List[Tuple[str, str]] = []
        for one in waiting:
            reason = one.refused
            if one.id in self._held or (reason is None and not self._has_room()):
                continue
            if reason is None:
                reason = self._take(one, taken)
            if reason is not None:
                refused.append((one.name, reason))
        if is_flooded and not refused:  # more files than may wait: those there is no room for go unread
            refused = [(one.name, "too many files") for one in waiting if one.id not in self._held]
        for name, reason in refused:
            drop.remove(self._folder, name)
            self._refused[reason] = self._refused.get(reason, 0) + 1
        self._tell_refused()
        return taken

    def _take(self, one: drop.Dropped, taken: List[Body]) -> Optional[str]:
        """Put a report into the outbox; return why it is none, None when it is."""
        stamp = self._around.stamp()
        try:
            told = from_file(one.content)
            name, named = event(one.id, told, stamp.time, self._around.device)
            seq = self._outbox.add(lambda place: Event(place, stamp, name, named))
        except (Refused, UnfitError) as exc:
            return str(exc)[:_REASON_CHARACTERS]
        self._taken.append(self._monotonic())
        report: Optional[Body] = None  # one that ends another is no report of its own
        if told.fixes is None:
            report = {"id": one.id, "at": told.at, "category": told.category}
            if told.symptom is not None:
                report["symptom"] = told.symptom
            report.update({"stream": self._outbox.depth().stream, "seq": seq or 0, "state": "waiting"})
            taken.append(report)
        else:
            self.over.append(told.fixes)
        if seq is None:  # the disk takes nothing now: the file stays until the outbox has it there
            self._dropped = self._dropped if self._held else self._outbox.depth().dropped
            self._held[one.id] = (one.name, report)
        else:
            drop.remove(self._folder, one.name)
        self._around.wake()
        return None

    def _let_go(self) -> List[Body]:
        """Remove the files of reports that went from memory to the disk since; return these reports.

        Where memory was too small for all, nobody knows whether they did: they are taken again, and count once.
        """
        depth = self._outbox.depth()
        if not self._held or depth.held or depth.fault is not None:
            return []
        held, self._held = self._held, {}
        if depth.dropped > self._dropped:
            return []
        for name, _ in held.values():
            drop.remove(self._folder, name)
        reports = [report for _, report in held.values() if report is not None]
        for report in reports:
            report.update({"stream": depth.stream, "seq": depth.high})
        return reports

    def _has_room(self) -> bool:
        """Return whether one more may be taken this hour; the others wait in the folder."""
        now = self._monotonic()
        while self._taken and now - self._taken[0] >= _HOUR_SECONDS:
            self._taken.popleft()
        return len(self._taken) < MOST_PER_HOUR

    def _tell_refused(self) -> None:
        """Tell the centre once an hour how many files were no reports, and why most of them were not."""
        now = self._monotonic()
        if self._refused and now - self._refused_at >= _HOUR_SECONDS:
            self._refused_at = now
            refused, self._refused = self._refused, {}
            reason = max(refused, key=lambda one: refused[one])
            count = sum(refused.values())
            logger.warning("%d files in %s are no reports: %s", count, self._folder, reason)
            self._around.tell("machxa.report.refused", {"count": count, "reason": reason})

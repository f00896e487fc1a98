"""Grade all units now and then in a thread of its own, so that no page waits for scores or dossiers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date

from machxa_collector.duty.board import Grade, Grades
from machxa_collector.duty.grades import late_grade, old_grade
from machxa_collector.effects.facts import Facts
from machxa_collector.effects.overdue import Month, month_of
from machxa_collector.planning.figure import Figure
from machxa_collector.planning.score import score
from machxa_collector.planning.words import Item
from machxa_collector.purchasing.situation import situation
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.store import duty as stored

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 3600.0
_AGAIN_SECONDS = 120.0  # after the store could not
_REST = 20  # times as long as a grading took, until the next
_PAUSE = 0.5  # after each unit, as long as it took: other threads come first


class Grading:
    """Give grades to tell whenever they were reckoned; units that nobody watches or counts are left out: not known."""

    def __init__(
        self,
        facts: Facts,
        tell: Callable[[Grades], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what the store knows; nothing is read before run or turn."""
        self._facts, self._tell, self._monotonic = facts, tell, monotonic
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Make run return, in the midst of a grading too."""
        self._stopped.set()

    def run(self) -> None:
        """Grade until stopped; a grading that fails is told, and what was reckoned before stands with its age."""
        wait = 0.0
        while not self._stopped.wait(wait):
            began = self._monotonic()
            try:
                self.turn()
                wait = max(_EVERY_SECONDS, _REST * (self._monotonic() - began))
            except Exception:
                logger.exception("units could not be graded; it is tried again")
                wait = _AGAIN_SECONDS

    def turn(self) -> None:
        """Grade all units once; the computers' grades are told before the dossiers' are reckoned."""
        now = self._facts.now_ms()
        old = self._old(now)
        self._tell(Grades(old=old, late={}, at=now))
        late = dict(self._late())
        if not self._stopped.is_set():
            self._tell(Grades(old=old, late=late, at=now, is_late_reckoned=True))

    def _old(self, now_ms: int) -> dict[str, Grade]:
        said = situation(self._facts.store, self._facts.live.current(), EVERYWHERE, now_ms)
        scores: dict[str, list[Figure]] = {}
        for asset in said.assets:
            if asset.item is not Item.PC:
                continue  # of others two parts of six can be known
            found = score(asset, said.basis.rules, said.basis.today)
            scores.setdefault(asset.unit, []).append(found.total)
        edge = said.basis.rules.score.band_plan
        return {unit: old_grade(its, edge) for unit, its in scores.items()}

    def _late(self) -> Iterator[tuple[str, Grade]]:
        if self._facts.dossiers.version() == 0:
            return
        today = self._facts.today()
        months = (_month_before(today.replace(day=1)), today.replace(day=1))
        for unit in sorted(stored.watched(self._facts.store)):
            began = self._monotonic()
            found = [month_of(self._facts, unit, first) for first in months]
            yield unit, _graded(found)
            if self._stopped.wait(_PAUSE * (self._monotonic() - began)):
                return


def _graded(months: list[Month]) -> Grade:
    late = [told.explanation for month in months for told in month.told]
    return late_grade(late, sum(one.ended for one in months), is_whole=not any(one.is_cut for one in months))


def _month_before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)

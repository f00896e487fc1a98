"""Where several collectors' intakes commit, the judgement reads what they committed and comes to the same."""

from __future__ import annotations

from sqlalchemy import Engine

from machxa_collector.incidents.words import Told
from tests.collector.judging.centre import Centre
from tests.collector.judging.test_driver import drilled, essence


def test_what_other_intakes_commit_is_judged_as_our_own(store: Engine) -> None:
    centre = Centre(store)
    centre.pipeline.committed = lambda _rows: None  # another collector's
    centre.judging.latest = lambda: centre.now - 1

    centre.run(centre.heard(), centre.world.truth.end)

    assert essence(centre.incidents()) == essence(drilled(centre))
    assert [told for told in centre.told if told[1] is Told.OPENED] == [("29374", Told.OPENED)]

"""What people reported by the pages and the API comes to the judgement once."""

from __future__ import annotations

from sqlalchemy import Engine, insert

from machxa_collector.judging import people
from machxa_collector.store import tables


def test_a_report_that_was_committed_late_is_judged_once(store: Engine) -> None:
    def keep(number: int, received_at: int) -> None:
        row = {"id": f"{number}", "key": f"{number}", "digest": b"x", "unit": "29374", "category": "other", "text": ""}
        told = {"at": received_at, "received_at": received_at, "source": "direct", "reporter": "x"}
        with store.begin() as connection:
            connection.execute(insert(tables.human_reports).values({**row, **told, "state": "unverified"}))

    new = people.Reports(store)
    new.begin(0)
    keep(1, 100_000)
    found = [[one.id for one in new.new(200_000)]]
    keep(2, 99_000)
    found += [[one.id for one in new.new(200_000)] for _ in range(2)]

    assert found == [["1"], ["2"], []]

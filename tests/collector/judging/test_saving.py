"""An incident that cannot be written is set aside with its error; the others are written."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine

from machxa_collector.incidents.guard import Guard
from machxa_collector.judging.saving import save_all
from machxa_collector.store import incidents
from tests.collector.api.test_incidents import ENDED, HA_NOI, LINE


def test_one_that_cannot_be_written_harms_no_other(store: Engine) -> None:
    guard = Guard()

    save_all(store, [LINE, replace(HA_NOI, subject="\ud800"), replace(ENDED, ended_at=None)], guard, 7)

    assert {one.id for one in incidents.still_open(store)} == {LINE.id, ENDED.id}
    assert [(one.rule, one.subject, one.at) for one in guard.defects()] == [("save", HA_NOI.id, 7)]
    assert "surrogates not allowed" in guard.defects()[0].error

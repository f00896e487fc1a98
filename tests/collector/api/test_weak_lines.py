"""On a line that loses packets a broken connection is no lost computer, until it has lasted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert, select

from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause
from machxa_collector.store import incidents, tables
from tests.collector.api.conftest import Centre
from tests.collector.api.places_of_assets import VINH_LONG, put_assets
from tests.collector.api.test_incidents import LINE
from tests.collector.builders import MIDNIGHT

WEAK = replace(LINE, subject=VINH_LONG, units=(VINH_LONG,), state="degraded")
JUST_NOW, LONG_AGO = MIDNIGHT - 60_000, MIDNIGHT - 240_000


def lose(store: Engine, since: int) -> str:
    """Put a computer whose agent was missed since a moment; return its id."""
    [(asset, agent)] = put_assets(store, VINH_LONG, 1, seed=1)
    with store.begin() as connection:
        pk = connection.execute(select(tables.agents.c.pk).where(tables.agents.c.id == agent)).scalar_one()
        connection.execute(insert(tables.presence).values(agent_pk=pk, state="lost", since=since, boot="0badcafe.1"))
    return asset


@pytest.mark.parametrize(
    ("since", "line", "state"),
    [
        pytest.param(JUST_NOW, None, "lost", id="the line is well"),
        pytest.param(JUST_NOW, WEAK, "unknown", id="the line is weak"),
        pytest.param(LONG_AGO, WEAK, "lost", id="it lasts"),
        pytest.param(JUST_NOW, replace(WEAK, state="down"), "lost", id="the line is down"),
        pytest.param(JUST_NOW, replace(WEAK, ended_at=MIDNIGHT - 1000), "unknown", id="it was weak just now"),
        pytest.param(JUST_NOW, replace(WEAK, ended_at=MIDNIGHT - 300_000), "lost", id="it was weak long ago"),
        pytest.param(JUST_NOW, replace(WEAK, cause=Cause.POWER), "lost", id="something else is slow"),
        pytest.param(JUST_NOW, replace(WEAK, subject="00004"), "lost", id="another unit's line is weak"),
    ],
)
def test_who_is_missed_on_a_weak_line_is_not_called_lost_at_once(
    centre: Centre, client: TestClient, since: int, line: Incident | None, state: str
) -> None:
    asset = lose(centre.store, since)
    incidents.save(centre.store, [] if line is None else [line])

    told = client.get(f"/api/v1/assets/{asset}").json()["presence"]["state"]
    listed = client.get("/api/v1/assets").json()["assets"][0]["presence"]["state"]

    assert (told, listed) == (state, state)

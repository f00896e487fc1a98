"""The schema goes back to an older build's and forward again, and what both know is still there."""

from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select

from machxa_collector.store import asset_list, samples, tables
from machxa_collector.store.engine import _config, go_back, migrate
from tests.collector.builders import MIDNIGHT, STREAM, UPTIME, enrol, take
from tests.collector.builders import samples as batch
from tests.collector.inventories import PC, tell

OLDEST_WAY_BACK = "0025"  # no build was released with an older schema


def revisions(store: Engine) -> list[str]:
    """Return the revisions behind the oldest one that is gone back to, the newest first."""
    with store.connect() as connection:
        scripts = ScriptDirectory.from_config(_config(connection))
        return [one.revision for one in scripts.walk_revisions() if one.revision > OLDEST_WAY_BACK]


def test_each_step_has_a_way_back_and_all_that_older_builds_know_stays(store: Engine) -> None:
    agent = enrol(store, "VP-01")
    tell(store, agent, PC, MIDNIGHT, seq=1)
    take(store, agent, batch(2, MIDNIGHT, (0, 60), ((100, 160),)), now_ms=MIDNIGHT + 60_000)
    shown = asset_list.list_assets(store, "", 10)

    for _ in revisions(store):
        go_back(store, "-1")
    with store.connect() as connection:
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    gone = inspect(store).has_table("glpi_sent")
    migrate(store)
    kept = asset_list.list_assets(store, "", 10)
    again = take(
        store, agent, batch(2, MIDNIGHT, (0, 60), ((100, 160),)), batch(3, MIDNIGHT + 120_000, (0,), ((220,),))
    )

    assert (version, gone) == (OLDEST_WAY_BACK, False)
    assert kept == shown
    (curve,) = samples.read(store, agent.pk, UPTIME.name, (MIDNIGHT, MIDNIGHT + 600_000), samples.RAW)
    assert curve.columns[""] == (100, 160, 220)
    assert again  # acknowledged: what was there already as well as what is new
    with store.connect() as connection:
        stream = connection.execute(select(tables.streams).where(tables.streams.c.stream == STREAM)).mappings().one()
    assert (stream["contiguous"], stream["duplicates"]) == (3, 1)


@pytest.mark.parametrize("times", [2])
def test_it_goes_both_ways_as_often_as_somebody_changes_their_mind(store: Engine, times: int) -> None:
    before = sorted(inspect(store).get_table_names())

    for _ in range(times):
        go_back(store, OLDEST_WAY_BACK)
        migrate(store)

    assert sorted(inspect(store).get_table_names()) == before

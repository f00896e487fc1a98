"""The page of data age tells of each source whether it is as new as it should be, and never takes silence for news."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, update

from machxa_collector.api.app import create_app
from machxa_collector.desks.data_age import dated, state_of
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import seed, tables
from machxa_web.data_age.words import KINDS
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.builders import DAY_MS, enrol, put, samples
from tests.collector.effects.scene import at

UNIT = "29410"


def rows(page: str) -> dict[str, str]:
    """Return the text of each row by the title of its source."""
    found = re.findall(r'<tr><th scope="row">([^<]+)(.*?)</tr>', page, re.DOTALL)
    return {html.unescape(title).strip(): " ".join(re.sub(r"<[^>]+>", " ", text).split()) for title, text in found}


@pytest.mark.parametrize(
    ("known", "most", "state"),
    [(None, 10, "never"), (90, 10, "fresh"), (89, 10, "old"), (120, 10, "fresh"), (0, None, "fresh")],
    ids=["nothing yet", "exactly at its age", "a moment older", "ahead of our clock", "cannot get old"],
)
def test_a_source_is_fresh_up_to_its_age(known: int | None, most: int | None, state: str) -> None:
    assert state_of(known, 100, most) == state


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("2026-01-02", ("fresh", date(2026, 1, 2))),
        ("2026-01-01", ("old", date(2026, 1, 1))),
        ("2026-01-02-tinh", ("fresh", date(2026, 1, 2))),
        ("của tỉnh", ("unknown", None)),
    ],
)
def test_a_table_is_as_old_as_its_version_says_and_of_no_age_where_it_says_none(
    version: str, told: tuple[str, date | None]
) -> None:
    assert dated(version, date(2026, 1, 12), 10) == told


def test_each_source_is_told_with_its_state_what_rests_on_it_and_what_to_do(centre: Centre) -> None:
    centre.now_ms = now = at(10)
    seed.seed(centre.store, "86", "test", now)
    near, far = enrol(centre.store, "near"), enrol(centre.store, "far")
    put(centre.store, near, samples(1, now - 60_000, (0,), ((1,),)))
    with centre.store.begin() as connection:
        for one, unit, state in ((near, UNIT, "on"), (far, "29374", "lost")):
            connection.execute(update(tables.assets).where(tables.assets.c.id == one.asset).values(unit=unit))
            said = {"agent_pk": one.pk, "state": state, "since": now - DAY_MS, "boot": ""}
            connection.execute(insert(tables.presence).values(said))
        connection.execute(update(tables.streams).values(last_at=now - 60_000))
        place = {"received_at": now - DAY_MS, "stream_pk": 0, "seq": 0, "noted_at": now}
        connection.execute(insert(tables.sink_places).values(name="<b>influx</b>", **place))
        connection.execute(update(tables.reports).values(received_at=now - DAY_MS + 1))
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        seat(centre, caller, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)
        page = caller.get("/admin/data-age?lang=en").text
        seat(centre, caller, somebody(centre, Role.CLERK, scope=UNIT, login="clerk"), Role.CLERK)
        refused = caller.get("/admin/data-age").status_code
    told = rows(page)

    assert set(told) == {KINDS[kind].title for kind in KINDS if kind != "told"}
    assert "⚠ too old 1 of 2 lack it 60 seconds ago" in told["Agents"]
    assert "✗ nothing came yet 1 of 1 lack it" in told["Gateways"]
    assert "✗ nothing came yet" in told["Judgement of checks and incidents"]
    assert "not set up" in told["Figures of dossiers"]
    assert "⚠ too old 24 hours ago" in told["Copy to another database"]
    assert "too old" in told["Calendars"]
    assert "nothing came yet" in told["Price table"]
    assert "✓ fresh 22/11/2026" in told["Ends of support of systems and programs"]
    assert "<b>influx</b>" not in page
    assert refused == 403

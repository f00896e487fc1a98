"""The page of agents tells who reports, in which role and why, and what is wrong; each act is asked about once more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, insert, update

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.store import agent_list, audit, certificates, roles, settings, tables
from machxa_collector.store.agent_list import ENDING_MS, Trouble, Wanted
from machxa_collector.store.roles import Standing
from machxa_wire.records import Event, Hello, Place, Stamp
from machxa_wire.roles import RoleOrder
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.builders import DAY_MS, MIDNIGHT, STREAM, Known, enrol, take

UNIT, OTHER = "29410", "00004"
HOSTILE = "<script>alert(1)</script>"
STAMP = Stamp("0badcafe.1", MIDNIGHT, 1000)


@pytest.fixture
def keeper(centre: Centre) -> Iterator[TestClient]:
    """Return the browser of somebody who looks after the agents of Vĩnh Long."""
    deps = centre.deps(loopback_open=False)
    with TestClient(
        create_app(deps, pages(deps)), base_url="https://may-chu.xa.example", follow_redirects=False
    ) as caller:
        yield seat(centre, caller, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)


@pytest.fixture
def gateway(centre: Centre) -> Known:
    """Return the gateway of a unit, which hit a limit and whose second record is missing; another stands elsewhere."""
    known, far = enrol(centre.store, HOSTILE), enrol(centre.store, "may-ha-noi")
    with centre.store.begin() as connection:
        for one, unit in ((known, UNIT), (far, OTHER)):
            connection.execute(update(tables.assets).where(tables.assets.c.id == one.asset).values(unit=unit))
        row = {
            "agent_pk": known.pk,
            "request": "",
            "issued_at": MIDNIGHT,
            "pem": "",
            "expires_at": MIDNIGHT + 3 * DAY_MS,
        }
        connection.execute(insert(tables.certificates).values(serial="1", **row))
    order = RoleOrder(3, "gateway", on_duty=True)
    standing = Standing(unit=UNIT, order=order, since=1000, duty_since=2000, reasons=("snmp", "on_92_percent"))
    roles.save(centre.store, {known.pk: standing})
    hit: dict[str, str | int] = {"limit": "memory", "state": "throttled", "used": 200_000_000, "cap": 100_000_000}
    hello = Hello(STAMP, STREAM, 3, 7, 900, "pc", {"agent": "0.9.4"}, None, fault="disk full")
    take(centre.store, known, hello, *(Event(Place(STREAM, seq), STAMP, "machxa.limits", {**hit}) for seq in (1, 3)))
    return known


def told(page: str) -> str:
    """Return the words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_list_tells_of_the_own_territory_what_each_agent_is_and_what_is_wrong(
    keeper: TestClient, gateway: Known
) -> None:
    page = keeper.get("/admin/agents")
    text = told(page.text)

    assert page.status_code == 200
    assert HOSTILE not in page.text
    assert "may-ha-noi" not in text
    for words in (
        "đang trực",
        "hỏi được thiết bị (SNMP); bật 92 % giờ làm việc",
        "0.9.4",
        "bộ nhớ",
        "đang hổng",
        "3 ngày",
    ):
        assert words in text
    assert f'href="/admin/agents/{gateway.id}"' in page.text


def test_filters_are_in_the_address(keeper: TestClient, gateway: Known) -> None:
    expected = {
        "q=alert": True,
        "q=nobody": False,
        "unit=86": True,
        f"unit={UNIT}": True,
        "unit=29374": False,
        "role=gateway": True,
        "role=standby": False,
        "trouble=limits": True,
        "trouble=gaps": True,
        "trouble=certificate": True,
        "trouble=revoked": False,
        "trouble=silent": False,
    }

    seen = {asked: f"/admin/agents/{gateway.id}" in keeper.get(f"/admin/agents?{asked}").text for asked in expected}

    assert seen == expected


def test_an_agents_page_shows_its_books_and_one_of_elsewhere_is_not_there(
    centre: Centre, keeper: TestClient, gateway: Known
) -> None:
    far = next(
        one.id for one in agent_list.listed(centre.store, EVERYWHERE, Wanted(), None, 9, MIDNIGHT) if one.unit == OTHER
    )

    page = keeper.get(f"/admin/agents/{gateway.id}?lang=en")
    text = told(page.text)

    assert "disk full" in text
    assert "memory: 191 MB of 95.4 MB" in text
    assert re.search(r"00112233445566ff 3 2 2 0 0", text), "given 3, received 2, missing number 2"
    assert "7 records waited" in text
    assert [keeper.get(f"/admin/agents/{one}").status_code for one in (far, "nobody")] == [404, 404]


def test_a_pin_and_a_revocation_are_asked_about_once_more_and_written_down(
    centre: Centre, keeper: TestClient, gateway: Known
) -> None:
    path = f"/admin/agents/{gateway.id}"

    asked = keeper.post(f"{path}/role", data={"role": "pc"})
    before = roles.pin_of(centre.store, gateway.id)
    pinned = keeper.post(f"{path}/role", data={"role": "pc", "confirm": "1"})
    wrong = keeper.post(f"{path}/revoke", data={"reason": "whim", "confirm": "1"})
    sure = keeper.post(f"{path}/revoke", data={"reason": "superseded"})
    revoked = keeper.post(f"{path}/revoke", data={"reason": "superseded", "confirm": "1"})
    acts = [one.action for one in audit.every(centre.store) if one.subject == f"agent/{gateway.id}"]

    assert ("Bạn chắc chắn chứ?" in asked.text, before) == (True, None)
    assert (pinned.status_code, wrong.status_code, sure.status_code, revoked.status_code) == (303, 422, 200, 303)
    assert acts[1:] == ["role.pin", "agent.revoke"]
    assert gateway.id in certificates.revoked_agents(centre.store)
    assert "<form" not in keeper.get(path).text.split("<main")[1]


def test_settings_go_out_by_rings_after_a_confirmation_and_can_be_held(centre: Centre, keeper: TestClient) -> None:
    seat(centre, keeper, somebody(centre, Role.ADMIN, login="admin"), Role.ADMIN)
    said = {"sample_seconds": "30", "batch_seconds": "600"}

    sure = keeper.post("/admin/configuration", data=said)
    unchanged = settings.current(centre.store).version
    wrong = [
        keeper.post("/admin/configuration", data={**said, **one, "confirm": "1"})
        for one in ({"batch_seconds": "10"}, {"sample_seconds": "0"}, {"sample_seconds": "often"})
    ]
    changed = keeper.post("/admin/configuration", data={**said, "confirm": "1"})
    held = keeper.post("/admin/configuration/hold", data={"kind": "settings", "on": "1"})
    text = told(keeper.get("/admin/configuration").text)

    assert ("600" in sure.text, unchanged) == (True, 0)
    assert [one.status_code for one in wrong] == [422, 422, 422]
    assert all("chưa đổi gì" in one.text for one in wrong)
    assert (changed.status_code, held.status_code) == (303, 303)
    assert settings.current(centre.store).batch_seconds == 600
    assert "có người giữ lại" in text


def test_who_may_only_look_sees_no_act(centre: Centre, keeper: TestClient, gateway: Known) -> None:
    seat(centre, keeper, somebody(centre, Role.CLERK, scope=UNIT, login="clerk"), Role.CLERK)

    page = keeper.get(f"/admin/agents/{gateway.id}").text

    assert "<form" not in page.split("<main")[1]
    assert keeper.post(f"/admin/agents/{gateway.id}/role", data={"role": "pc", "confirm": "1"}).status_code == 403


def test_pages_follow_each_other_by_unit_without_leaving_anybody_out(centre: Centre) -> None:
    made = [enrol(centre.store, f"pc{number}") for number in range(5)]
    with centre.store.begin() as connection:
        for number, one in enumerate(made):
            its = tables.assets.c.id == one.asset
            connection.execute(update(tables.assets).where(its).values(unit=[None, OTHER, UNIT][number % 3]))
    found: list[str] = []
    after = None
    while rows := agent_list.listed(centre.store, EVERYWHERE, Wanted(text="pc"), after, 2, MIDNIGHT):
        found += [row.name for row in rows]
        after = agent_list.key_of(rows[-1])

    assert found == ["pc0", "pc3", "pc1", "pc4", "pc2"]


def test_a_certificate_is_told_of_a_month_before_its_end(centre: Centre, gateway: Known) -> None:
    ends = MIDNIGHT + 3 * DAY_MS
    wanted = replace(Wanted(), trouble=Trouble.CERTIFICATE)

    seen = [
        len(agent_list.listed(centre.store, EVERYWHERE, wanted, None, 9, now))
        for now in (ends - ENDING_MS, ends - ENDING_MS + 1)
    ]

    assert seen == [0, 1]
    assert gateway.pk > 0


def test_the_list_asks_the_store_no_more_often_however_many_there_are(
    centre: Centre, keeper: TestClient, gateway: Known
) -> None:
    counts: list[int] = []

    def asked() -> int:
        counts.clear()
        assert gateway.id in keeper.get("/admin/agents").text
        return len(counts)

    event.listen(centre.store, "before_cursor_execute", lambda *_: counts.append(1))
    asked()
    few = asked()
    for number in range(8):
        known = enrol(centre.store, f"pc{number}")
        with centre.store.begin() as connection:
            connection.execute(update(tables.assets).where(tables.assets.c.id == known.asset).values(unit=UNIT))
    many = asked()

    assert abs(many - few) <= 4, "the registry looks for news once a second; a query an agent were 8"

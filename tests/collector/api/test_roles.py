"""Roles in units: shown with their reasons, pinned and let go by people, each act written down."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import audit, roles, tables
from machxa_collector.store.roles import Standing
from machxa_wire.roles import RoleOrder
from tests.collector.api.conftest import Centre
from tests.collector.builders import Known, enrol

UNIT = "29410"


@pytest.fixture
def keeper(centre: Centre, client: TestClient) -> TestClient:
    """Return a caller who may manage agents."""
    client.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"
    return client


@pytest.fixture
def gateway(centre: Centre) -> Known:
    """Return the gateway of a unit with another computer."""
    known, other = enrol(centre.store, "one"), enrol(centre.store, "two")
    with centre.store.begin() as connection:
        its = tables.assets.c.id.in_([known.asset, other.asset])
        connection.execute(update(tables.assets).where(its).values(unit=UNIT))
    order = RoleOrder(3, "gateway", on_duty=True)
    standing = Standing(unit=UNIT, order=order, since=1000, duty_since=2000, reasons=("snmp", "wired"))
    roles.save(centre.store, {known.pk: standing})
    return known


def test_a_units_roles_are_shown_with_their_reasons(keeper: TestClient, gateway: Known) -> None:
    told = keeper.get(f"/api/v1/units/{UNIT}/roles").json()

    first, second = told["agents"]
    assert (first["agent"], first["role"], first["on_duty"]) == (gateway.id, "gateway", True)
    assert (first["reasons"], first["since"]) == (["snmp", "wired"], "1970-01-01T00:00:01.000Z")
    assert (second["role"], second["since"], second["pin"], second["presence"]) == ("pc", None, None, "unknown")


def test_a_pin_is_set_shown_and_let_go_and_both_are_acts(centre: Centre, keeper: TestClient, gateway: Known) -> None:
    path = f"/api/v1/agents/{gateway.id}/role"

    pinned = keeper.put(path, json={"role": "pc"}).json()
    let_go = keeper.delete(path).json()

    assert pinned["pin"]["role"] == "pc"
    assert let_go["pin"] is None
    acts = [(one.action, one.subject) for one in audit.every(centre.store) if one.action.startswith("role.")]
    assert acts == [("role.pin", f"agent/{gateway.id}"), ("role.unpin", f"agent/{gateway.id}")]


def test_the_asset_of_a_gateway_says_so(keeper: TestClient, gateway: Known) -> None:
    assert keeper.get(f"/api/v1/assets/{gateway.asset}").json()["agent"]["role"] == "gateway"


def test_what_is_not_there_and_what_is_no_role_is_refused(keeper: TestClient, gateway: Known) -> None:
    nobody = "/api/v1/agents/00000000-0000-4000-8000-00000000ffff/role"

    assert [keeper.get(nobody).status_code, keeper.delete(nobody).status_code] == [404, 404]
    assert keeper.put(f"/api/v1/agents/{gateway.id}/role", json={"role": "king"}).status_code == 422
    assert keeper.get("/api/v1/units/99999/roles").status_code == 404

"""What leaves for GLPI fits its inventory format, and its table comes back in as it left."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from machxa_collector.registry.tokens import Purpose
from tests.agent.inventory import whole_complaints
from tests.collector.api.conftest import Centre
from tests.collector.api.test_imports import upload
from tests.collector.api.test_register import made
from tests.collector.builders import MIDNIGHT, enrol
from tests.collector.inventories import PC, tell
from tests.collector.store.test_devices import PRINTER, told


@pytest.fixture
def keeper(centre: Centre, client: TestClient) -> TestClient:
    """Return a caller who may change the registry."""
    client.headers["authorization"] = f"Bearer {centre.token(Purpose.API)}"
    return client


def inventory(keeper: TestClient, asset: str) -> dict[str, Any]:
    answer = keeper.get(f"/api/v1/assets/{asset}/glpi")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_what_an_agent_a_gateway_and_a_person_told_fits_the_format(keeper: TestClient, store: Engine) -> None:
    agent = enrol(store, "VP-01")
    tell(store, agent, {"versionclient": "machxa-agent_v1", "bios": PC["bios"], "storages": PC["storages"]}, MIDNIGHT)
    printer = told(store, agent, 2, PRINTER)
    laptop = made(keeper, name="Máy xách tay", kind="laptop", unit="29506", code="TS-7", vendor="Dell", serial="ABC123")
    copier = made(keeper, name="Máy photo", kind="copier", unit="29506", pages="120.000")

    whole = [inventory(keeper, one) for one in (agent.asset, printer, laptop, copier)]

    assert [whole_complaints(one) for one in whole] == [[], [], [], []]
    assert [one["itemtype"] for one in whole] == ["Computer", "Printer", "Computer", "Printer"]
    assert whole[1]["content"]["network_device"]["serial"] == "NTKA012345"
    assert "machxa_kind" not in whole[1]["content"]["network_device"]
    assert whole[2]["content"]["bios"] == {"smanufacturer": "Dell", "ssn": "ABC123", "assettag": "TS-7"}
    assert (whole[2]["tag"], whole[3]["content"]["pagecounters"]) == ("29506", {"total": 120_000})


def test_what_glpi_takes_by_no_inventory_is_in_the_table_alone_and_comes_back_in(keeper: TestClient) -> None:
    cabinet = made(keeper, name="=Tủ", kind="cabinet", unit="29506", code="TS-8", cost_vnd="4.500.000")
    laptop = made(keeper, name="Máy xách tay", kind="laptop", unit="29506", acquired_on="1/2/2024")

    answer = keeper.get("/api/v1/glpi.zip", params={"unit": "29506"})

    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        names, table = packed.namelist(), packed.read("assets.csv")
        assert json.loads(packed.read(f"inventory/{laptop}.json"))["deviceid"] == laptop
    assert keeper.get(f"/api/v1/assets/{cabinet}/glpi").status_code == 404
    assert names == [f"inventory/{laptop}.json", "assets.csv"]
    again = upload(keeper, table)
    assert (again["rows"], again["bad"], again["missing"]) == (2, 0, [])
    assert (again["same"], again["new"]) == (1, 1)  # the laptop has neither code nor serial number to be known by

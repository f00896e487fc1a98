"""A device that a gateway asks is shown as any asset is, with who watches it."""

from __future__ import annotations

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from machxa_wire.records import Event, Facts, Place, Series, Stamp
from tests.collector.builders import MIDNIGHT, STREAM, Known, samples, take


def stamp(time: int) -> Stamp:
    """Return a stamp of one boot."""
    return Stamp("0badcafe.1", time, 1000)


def test_a_device_that_a_gateway_watches_answers_as_any_asset(client: TestClient, store: Engine, agent: Known) -> None:
    facts = {
        "network_device": {"machxa_kind": "ups", "manufacturer": "Santak", "serial": "SK12345", "ips": ["10.1.1.9"]}
    }
    charge = Series("hw.battery.charge", (("device", "ups-1"),), 1, 1000)
    take(
        store,
        agent,
        Facts(Place(STREAM, 1), stamp(MIDNIGHT), facts, device="ups-1"),
        Event(
            Place(STREAM, 2),
            stamp(MIDNIGHT),
            "device.state",
            {"device": "ups-1", "state": "warning", "reasons": "on_battery"},
        ),
        samples(3, MIDNIGHT, (0, 60), ((None, 710),), (charge,)),
        now_ms=MIDNIGHT + 60_000,
    )
    (watched,) = client.get(f"/api/v1/assets/{agent.asset}").json()["watches"]

    body = client.get(f"/api/v1/assets/{watched['asset']}").json()
    asked = {"name": "hw.battery.charge", "from": "2024-10-04T00:00:00Z", "to": "2024-10-05T00:00:00Z"}
    curves = client.get(f"/api/v1/assets/{watched['asset']}/samples", params=asked).json()["series"]

    assert (body["kind"], body["vendor"], body["agent"], body["facts"]["body"]) == ("ups", "Santak", None, facts)
    assert body["watched_by"] == [
        {
            "agent": agent.id,
            "asset": agent.asset,
            "key": "ups-1",
            "state": "warning",
            "reasons": ["on_battery"],
            "since": "2024-10-04T00:00:00.000Z",
            "observed_at": "2024-10-04T00:00:00.000Z",
        }
    ]
    assert [(one["name"], one["labels"], one["value"]) for one in body["newest"]] == [("hw.battery.charge", {}, 0.71)]
    assert curves == [{"labels": {}, "points": [[MIDNIGHT // 1000 + 60, 0.71]]}]

"""An asset says in how many days its disks are full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from machxa_wire.records import Samples, Series
from tests.collector.builders import MIDNIGHT, Known, put, samples

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from starlette.testclient import TestClient

    from tests.collector.api.conftest import Centre

_DAY = 86_400_000
_BLOCK = 4096
_USED, _FREE = (
    Series(
        "system.filesystem.usage",
        (("system.device", "C:"), ("system.filesystem.mountpoint", "C:\\"), ("system.filesystem.state", state)),
        _BLOCK,
    )
    for state in ("used", "free")
)


def _day(number: int, used: int, free: int) -> Samples:
    return samples(number + 1, MIDNIGHT + number * _DAY, (0,), ((used,), (free,)), (_USED, _FREE))


def test_a_disk_that_fills_steadily_has_as_many_days_as_what_is_left_over_its_pace(
    client: TestClient, store: Engine, centre: Centre, agent: Known
) -> None:
    put(store, agent, *(_day(number, 1000 + 10 * number, 260 - 10 * number) for number in range(8)))
    centre.now_ms = MIDNIGHT + 7 * _DAY + 1000

    body = client.get(f"/api/v1/assets/{agent.asset}/disks").json()

    assert body == {
        "disks": [
            {
                "device": "C:",
                "mountpoint": "C:\\",
                "free_bytes": 190 * _BLOCK,
                "bytes_per_day": 10.0 * _BLOCK,
                "days_until_full": 19.0,
            }
        ]
    }


def test_a_disk_of_a_few_days_has_no_pace_yet(client: TestClient, store: Engine, centre: Centre, agent: Known) -> None:
    put(store, agent, _day(0, 1000, 260), _day(1, 1010, 250))
    centre.now_ms = MIDNIGHT + _DAY + 1000

    (disk,) = client.get(f"/api/v1/assets/{agent.asset}/disks").json()["disks"]

    assert (disk["free_bytes"], disk["bytes_per_day"], disk["days_until_full"]) == (250 * _BLOCK, None, None)

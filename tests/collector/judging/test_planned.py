"""What was announced is read from the registry's list: for a unit, a system or a provider, once or again and again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, insert

from machxa_collector.incidents.fleet import Planned
from machxa_collector.judging.fleet import planned_of
from machxa_collector.registry.units import Units, bundled_units
from machxa_collector.store import tables

UNIT = "29374"
ROW = {
    "id": "1", "unit": UNIT, "kind": "maintenance", "starts_at": 1000, "ends_at": 2000, "subject": "khu vực 1",
    "source": "CV 1", "weekdays": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "planned"),
    [
        pytest.param({}, Planned(start=1000, end=2000, unit=UNIT), id="of a unit"),
        pytest.param({"kind": "power_cut"}, Planned(start=1000, end=2000, unit=UNIT, power=True), id="a power cut"),
        pytest.param({"subject": "dossier"}, Planned(start=1000, end=2000, system="dossier"), id="of a system"),
        pytest.param({"subject": "VNPT"}, Planned(start=1000, end=2000, provider="VNPT"), id="of a provider"),
        pytest.param(
            {"weekdays": "sat; sun", "repeats_to": date(1970, 1, 31)},
            Planned(
                start=1000, end=2000, unit=UNIT, weekdays=frozenset({5, 6}), until=31 * 86_400_000 - 7 * 3_600_000 - 1
            ),
            id="on weekends of a month",
        ),
    ],
)
def test_what_a_row_announces(store: Engine, row: dict[str, object], planned: Planned) -> None:
    line = {"id": "l", "unit": UNIT, "name": "a", "kind": "internet", "provider": "VNPT"}
    with store.begin() as connection:
        connection.execute(insert(tables.planned).values({**ROW, **row}))
        connection.execute(insert(tables.lines).values(line))

    assert list(planned_of(store, Units(bundled_units()), {"dossier"})) == [planned]

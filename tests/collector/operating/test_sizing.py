from __future__ import annotations

import json

import pytest

from machxa_collector.main import main
from machxa_collector.operating.sizing import size


def test_a_province_of_124_communes_with_24_pcs_is_one_small_server() -> None:
    told = {one.name: one for one in size(124, 24)}

    assert {name: round(told[name].amount, 1) for name in told if name.endswith("to buy")} == {
        "cores to buy": 2.0,
        "memory to buy": 2.0,
        "disk to buy": 129.0,
        "line to buy": 2.8,
    }
    assert all(one.source and one.reckoned for one in told.values())


def test_twice_the_units_take_twice_the_room_and_the_command_prints_it_for_programs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = main(["size", "--units", "248", "--pcs", "24", "--json"])

    told = {one["name"]: one["amount"] for one in json.loads(capsys.readouterr().out)}
    assert status == 0
    assert told["disk to buy"] == pytest.approx(2 * {one.name: one.amount for one in size(124, 24)}["disk to buy"])


@pytest.mark.parametrize("units", ["0", "-1", "5001", "x"])
def test_what_is_no_number_of_units_is_refused(units: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["size", "--units", units, "--pcs", "24"])

    assert ended.value.code == 2

from __future__ import annotations

from datetime import date

import pytest

from machxa_collector.registry.records import KINDS, Value
from machxa_collector.registry.records.purchase import Cost, Purchase, Source, book_class, cost, purchase

TODAY = date(2026, 11, 30)


def asset(**said: Value) -> dict[str, Value]:
    return {**{one.name: one.empty for one in KINDS["assets"].fields}, "kind": "computer", "name": "PC", **said}


@pytest.mark.parametrize(
    ("said", "bios_on", "expected"),
    [
        pytest.param({"acquired_on": date(2019, 5, 4)}, date(2017, 1, 1), (date(2019, 5, 4), 2019, "book"), id="books"),
        pytest.param({"acquired_year": 2019}, date(2017, 1, 1), (None, 2019, "book"), id="a year of the books"),
        pytest.param(
            {"acquired_year": 2019, "acquired_source": "estimated"}, None, (None, 2019, "estimated"), id="by a person"
        ),
        pytest.param({}, date(2017, 1, 1), (None, 2017, "estimated"), id="firmware"),
        pytest.param({}, date(1980, 1, 1), (None, None, "unknown"), id="a clock never set"),
        pytest.param({}, date(2026, 12, 1), (None, None, "unknown"), id="firmware of tomorrow"),
        pytest.param({}, None, (None, None, "unknown"), id="nothing"),
        pytest.param({"acquired_source": "unknown"}, date(2017, 1, 1), (None, 2017, "estimated"), id="only a source"),
    ],
)
def test_a_firmwares_day_is_an_estimate_and_never_the_books(
    said: dict[str, Value], bios_on: date | None, expected: tuple[date | None, int | None, str]
) -> None:
    on, year, source = expected

    assert purchase(asset(**said), bios_on, TODAY) == Purchase(on=on, year=year, source=Source(source))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"cost_vnd": 12_000_000}, Cost(vnd=12_000_000, source=Source.BOOK)),
        ({"cost_vnd": 0, "cost_source": "estimated"}, Cost(vnd=0, source=Source.ESTIMATED)),
        ({"cost_source": "book"}, Cost(vnd=None, source=Source.UNKNOWN)),
    ],
)
def test_a_cost_has_a_source_and_none_is_not_zero(said: dict[str, Value], expected: Cost) -> None:
    assert cost(asset(**said)) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"kind": "scanner"}, "office"),
        ({"kind": "switch"}, "other_machine"),
        ({"kind": "cabinet"}, "cabinet"),
        ({"kind": "scanner", "book_class": "special"}, "special"),
    ],
)
def test_special_purpose_is_said_and_never_assumed(said: dict[str, Value], expected: str) -> None:
    assert book_class(asset(**said)) == expected

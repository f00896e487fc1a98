"""What nobody told is neither a price of 0 nor a day on which nothing came."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, insert

from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.more_tables import all_tables
from machxa_collector.purchasing.papers import PaperKind, Scenario
from machxa_collector.purchasing.planned import outcome
from machxa_collector.purchasing.situation import situation
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.store import planning, preferences
from machxa_collector.store.dossiers.words import number_of
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.store.tables import assets
from tests.collector.dossiers.kept import at, row, source, taken_in

_NOW = at(30, 8)
_UNIT = "29374"


def test_a_flow_is_the_mean_of_days_on_which_somebody_works(store: Engine) -> None:
    rows = [row(f"{day}-{number}", at(day, 9)) for day in range(23, 28) for number in range(8)]
    week = (number_of(date(2026, 11, 23)), number_of(date(2026, 11, 29)))
    taken_in(store, source(store), rows, days=week)

    said = situation(store, LiveRegistry(store).current(), EVERYWHERE, _NOW)

    flow = next(one.per_hour for one in said.communes if one.code == _UNIT)
    assert flow == pytest.approx(8 / said.basis.model.pace.day_hours)


def test_a_need_without_a_price_is_told_and_not_summed_as_nothing(store: Engine) -> None:
    with store.begin() as connection:
        preferences.set_home(connection, "86")
        told = {"id": "a", "kind": "computer", "name": "PC", "created_at": _NOW, "unit": _UNIT, "status": "in_use"}
        connection.execute(insert(assets), [told])
    act = Entry(at=_NOW, actor="Hoa", origin="", action="planning.keep", subject="units")
    planning.keep(store, PaperKind.UNITS.value, "", f"unit;vi;vii;viii\n{_UNIT};1;3;8\n", "", act)
    said = situation(store, LiveRegistry(store).current(), EVERYWHERE, _NOW)

    found = outcome(said, Scenario(name="", ceilings=Ceilings(shared_vnd=0), locks={}))

    summary = all_tables(found)[0]
    (computers,) = (one for one in summary.rows if one[2] == 1)
    assert computers[9], "some are to be bought"
    assert computers[12] is None
    assert "chưa có đơn giá" in str(computers[14])

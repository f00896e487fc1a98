"""Who may see and change what in the registry, by territory and by role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from machxa_collector.api import history_views, registry_acts, registry_views
from machxa_collector.api.record_texts import NotThere
from machxa_collector.api.registry_acts import Forbidden
from machxa_collector.api.registry_asker import Asker
from machxa_collector.registry.people import OPERATOR, Role, principal_with, read_scope
from machxa_collector.registry.records import KINDS
from machxa_collector.store import record_history, records, records_read
from machxa_collector.store.record_rows import record_of
from machxa_collector.store.records import Act, Refused
from machxa_collector.store.registry import LiveRegistry
from tests.collector.stores import fresh_store

HOA_MINH, BA_DINH = "29410", "00004"
NATION = Asker(principal=OPERATOR, now_ms=1_000)
WEEK = {
    "rule": "week",
    "valid_from": "01/01/2026",
    "weekdays": "mon",
    "sessions": "07:00-11:00",
    "source": "QĐ 1",
    "confidence": "confirmed",
}


def asker(scope: str, *roles: Role) -> Asker:
    return Asker(principal=principal_with("Lan", roles or (Role.PROVINCE_IT,), read_scope(scope)), now_ms=2_000)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRegistry]:
    """Return a registry with an asset in each of two provinces and one nowhere, and two provinces' hours."""
    store = fresh_store(tmp_path_factory.mktemp("territory") / "machxa.db")
    live = LiveRegistry(store)
    for name, unit in (("Máy ở Hòa Minh", HOA_MINH), ("Máy ở Ba Đình", BA_DINH), ("Máy ở đâu đó", None)):
        cells = {"name": name, "kind": "printer", "unit": unit, "cost_vnd": "5.000.000"}
        registry_acts.create(live, NATION, "assets", cells)
    for owner in ("86", "01"):
        registry_acts.create(live, NATION, "calendars", {**WEEK, "owner": owner})
    yield live
    store.dispose()


def titles(live: LiveRegistry, who: Asker, kind: str = "assets", unit: str = "") -> list[object]:
    page = registry_views.record_page(live, who, kind, "", unit, "", 100)
    assert isinstance(page["records"], list)
    assert page["total"] == len(page["records"])
    return [record["values"].get("name") or record["values"]["owner"] for record in page["records"]]


def id_of(live: LiveRegistry, name: str) -> str:
    page = registry_views.record_page(live, NATION, "assets", name, "", "", 1)
    assert isinstance(page["records"], list)
    return str(page["records"][0]["id"])


@pytest.mark.parametrize(
    ("scope", "unit", "expected"),
    [
        ("nation", "", ["Máy ở đâu đó", "Máy ở Ba Đình", "Máy ở Hòa Minh"]),
        ("86", "", ["Máy ở đâu đó", "Máy ở Hòa Minh"]),
        ("86", "86", ["Máy ở Hòa Minh"]),
        ("86", "01", []),
        ("29410", "", ["Máy ở Hòa Minh"]),
        ("29410 00004", "", ["Máy ở Ba Đình", "Máy ở Hòa Minh"]),
        ("00008", "", []),
    ],
)
def test_a_list_holds_what_lies_in_the_territory(
    live: LiveRegistry, scope: str, unit: str, expected: list[str]
) -> None:
    assert titles(live, asker(scope), unit=unit) == expected


def test_units_are_everybodys_to_see_and_a_commune_sees_its_provinces_hours(live: LiveRegistry) -> None:
    assert titles(live, asker("29410"), "calendars") == ["86"]
    assert titles(live, asker("86"), "calendars") == ["86"]
    assert titles(live, NATION, "calendars") == ["01", "86"]


def test_what_lies_outside_is_answered_like_what_nobody_has(live: LiveRegistry) -> None:
    outside = id_of(live, "Ba Đình")

    with pytest.raises(NotThere, match="no such record"):
        registry_views.record_detail(live, asker("86"), "assets", outside)
    with pytest.raises(NotThere, match="no such record"):
        registry_acts.change(live, asker("86"), "assets", outside, {"name": "x"}, "")


def test_nothing_is_written_to_or_moved_out_of_the_territory(live: LiveRegistry) -> None:
    mine = registry_views.record_detail(live, asker("86"), "assets", id_of(live, "Hòa Minh"))

    with pytest.raises(Refused, match="outside of your territory"):
        registry_acts.create(live, asker("86"), "assets", {"name": "x", "kind": "printer", "unit": BA_DINH})
    with pytest.raises(Refused, match="outside of your territory"):
        registry_acts.change(live, asker("86"), "assets", str(mine["id"]), {"unit": BA_DINH}, str(mine["version"]))
    preview = registry_acts.preview(live, asker("86"), "assets", str(mine["id"]), {"unit": BA_DINH})
    assert preview["faults"] == [{"field": "unit", "vi": "ngoài phạm vi của bạn", "en": "outside of your territory"}]


def test_an_act_that_reached_beyond_the_territory_is_neither_shown_nor_taken_back(
    live: LiveRegistry,
) -> None:
    acts = record_history.list_batches(live.store, "assets", None, 10)
    beyond = next(
        one for one in acts if record_history.batch_events(live.store, one, 0, 1)[0].record == id_of(live, "Ba Đình")
    )

    with pytest.raises(NotThere, match="no such act"):
        registry_acts.undo(live, asker("86"), beyond.id)
    assert history_views.batch_detail(live, asker("86"), beyond.id, "", 10) is None
    page = history_views.batch_page(live, asker("86"), "assets", "", 10)
    assert isinstance(page["batches"], list)
    assert beyond.id not in [one["id"] for one in page["batches"]]
    assert len(page["batches"]) == 2


def test_money_is_shown_to_those_alone_who_may_see_costs(live: LiveRegistry) -> None:
    clerk, finance = asker("29410", Role.CLERK), asker("29410", Role.FINANCE)
    asset = id_of(live, "Hòa Minh")

    hidden = registry_views.record_detail(live, clerk, "assets", asset)
    shown = registry_views.record_detail(live, finance, "assets", asset)

    assert "5000000" not in str(hidden)
    assert "cost_vnd" not in str(registry_views.overview(live, clerk))
    assert shown["values"]["cost_vnd"] == "5000000"  # type: ignore[index] # a view is plain JSON


@pytest.mark.parametrize(
    ("role", "kind"),
    [(Role.CLERK, "assets"), (Role.LEADER, "lines"), (Role.AUDITOR, "assets"), (Role.FINANCE, "calendars")],
)
def test_who_may_not_change_a_kind_is_told_so(live: LiveRegistry, role: Role, kind: str) -> None:
    with pytest.raises(Forbidden, match=f"Lan may not change {kind}"):
        registry_acts.create(live, asker("86", role), kind, {})
    with pytest.raises(Forbidden):
        registry_acts.preview(live, asker("86", role), kind, None, {})


def test_a_new_asset_of_a_commune_lies_in_it(live: LiveRegistry) -> None:
    with pytest.raises(Refused, match="outside of your territory"):
        registry_acts.create(live, asker("29410"), "assets", {"name": "x", "kind": "printer"})
    assert records_read.count(live.store, registry_views.kind_named("assets")) == 3


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.PROVINCE_IT, {"calendars": ["change", "import", "export"], "assets": ["change", "import", "export"]}),
        (Role.FINANCE, {"calendars": ["export"], "assets": ["change", "import", "export"]}),
        (Role.LEADER, {"calendars": ["export"], "assets": ["export"]}),
        (Role.CLERK, {"calendars": [], "assets": []}),
    ],
)
def test_each_role_is_told_what_it_may_do(live: LiveRegistry, role: Role, expected: dict[str, list[str]]) -> None:
    overview = registry_views.overview(live, asker("29410", role))

    assert isinstance(overview["kinds"], list)
    assert {one["name"]: one["allowed"] for one in overview["kinds"] if one["name"] in expected} == expected


def test_hours_of_the_province_may_be_seen_but_not_changed_from_a_commune(live: LiveRegistry) -> None:
    ours, theirs = (
        registry_views.record_page(live, asker(scope), "calendars", "", "86", "", 1)["records"][0]["id"]  # type: ignore[index] # a view is plain JSON
        for scope in ("29410", "86")
    )

    assert ours == theirs
    assert [
        registry_views.record_detail(live, asker(scope), "calendars", ours)["may_change"] for scope in ("29410", "86")
    ] == [False, True]


def test_of_a_wide_act_a_commune_sees_its_own_records_without_turning_empty_pages(live: LiveRegistry) -> None:
    act = Act(actor="Lan", action="import", at_ms=3_000)
    made = {"kind": "printer", "name": "Máy in", "status": "in_use"}
    rows = [{**made, "unit": BA_DINH}] * 5 + [{**made, "unit": HOA_MINH}]
    kind = KINDS["assets"]
    with live.store.begin() as connection:
        batch = records.apply(connection, "assets", act, [record_of(kind, row) for row in rows])

    page = history_views.batch_detail(live, asker("29410"), batch.id, "", 2)

    assert page is not None
    assert ([one["record"] for one in page["changes"]], page["next"]) == ([batch.made[-1]], None)  # type: ignore[attr-defined] # a view is plain JSON

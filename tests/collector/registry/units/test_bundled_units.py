"""The reviewed table says what the law says: counts, types by day, codes as text."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest

from machxa_collector.registry.units import Kind, Units, UnitType
from tests.collector.provinces import PROVINCES

TODAY = date(2026, 11, 25)
FIRST_DAY = date(2025, 7, 1)


def _types(units: Units, code: str, day: date) -> Counter[UnitType | None]:
    return Counter(unit.type for unit in units.children(code, day) if unit.kind is Kind.COMMUNE)


@pytest.mark.parametrize(("code", "full_name", "communes", "wards", "zones"), PROVINCES)
def test_a_province_has_its_communes(
    units: Units, code: str, full_name: str, communes: int, wards: int, zones: int
) -> None:
    province = units.unit(code, TODAY)
    types = _types(units, code, TODAY)

    assert province is not None
    assert province.full_name == full_name
    assert (types[UnitType.COMMUNE], types[UnitType.WARD], types[UnitType.SPECIAL_ZONE]) == (communes, wards, zones)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 6, 30), {"centre": 34}),
        (FIRST_DAY, {"tỉnh": 28, "thành phố": 6, "xã": 2621, "phường": 687, "đặc khu": 13, "centre": 34}),
        (date(2026, 4, 29), {"tỉnh": 28, "thành phố": 6, "xã": 2621, "phường": 687, "đặc khu": 13, "centre": 34}),
        (date(2026, 4, 30), {"tỉnh": 27, "thành phố": 7, "xã": 2611, "phường": 697, "đặc khu": 13, "centre": 34}),
        (date(2026, 9, 1), {"tỉnh": 26, "thành phố": 8, "xã": 2611, "phường": 697, "đặc khu": 13, "centre": 34}),
        (date(2026, 9, 20), {"tỉnh": 25, "thành phố": 9, "xã": 2599, "phường": 709, "đặc khu": 13, "centre": 34}),
        (TODAY, {"tỉnh": 25, "thành phố": 9, "xã": 2599, "phường": 709, "đặc khu": 13, "centre": 34}),
    ],
)
def test_types_of_all_units_change_on_the_days_the_resolutions_name(
    units: Units, day: date, expected: dict[str, int]
) -> None:
    in_force = [unit for code in units.codes if (unit := units.unit(code, day)) is not None]

    assert Counter(unit.type.value if unit.type else unit.kind.value for unit in in_force) == expected


def test_dong_nai_was_a_province_with_72_communes_the_day_before_it_became_a_city(units: Units) -> None:
    before = _types(units, "75", date(2026, 4, 29))

    assert before == {UnitType.COMMUNE: 72, UnitType.WARD: 23}
    assert [unit.full_name for unit in units.history("75")] == ["Tỉnh Đồng Nai", "Thành phố Đồng Nai"]
    assert [unit.source for unit in units.history("26368")] == ["QĐ 19/2025/QĐ-TTg", "237/NQ-UBTVQH16"]


def test_codes_are_text_with_their_leading_zeros(units: Units) -> None:
    ba_dinh = units.unit("00004", TODAY)

    assert ba_dinh is not None
    assert (ba_dinh.full_name, ba_dinh.parent) == ("Phường Ba Đình", "01")
    assert units.unit("4", TODAY) is None
    assert Counter((unit.kind, len(code)) for code in units.codes for unit in units.history(code)[:1]) == {
        (Kind.PROVINCE, 2): 34,
        (Kind.COMMUNE, 5): 3321,
        (Kind.CENTRE, 6): 34,
    }


def test_ba_che_has_the_code_of_both_sources_and_not_the_one_of_others(units: Units) -> None:
    ba_che = units.unit("06970", TODAY)

    assert ba_che is not None
    assert ba_che.full_name == "Xã Ba Chẽ"
    assert units.history("06978") == ()


def test_every_centre_is_marked_as_derived_and_placed_nowhere(units: Units) -> None:
    centres = [unit for code in units.codes for unit in units.history(code) if unit.kind is Kind.CENTRE]

    assert {unit.source for unit in centres} == {"derived"}
    assert {(unit.valid_from, unit.valid_to, unit.centroid) for unit in centres} == {(None, None, None)}
    assert centres[0].name == "Trung tâm Phục vụ hành chính công Hà Nội"


def test_the_special_zones_of_the_islands_have_their_places(units: Units) -> None:
    zones = [unit for code in units.codes for unit in units.history(code) if unit.type is UnitType.SPECIAL_ZONE]
    places = {unit.name: unit.centroid for unit in zones}

    hoang_sa, truong_sa = places["Hoàng Sa"], places["Trường Sa"]
    assert hoang_sa is not None
    assert truong_sa is not None
    assert hoang_sa.longitude > 111
    assert truong_sa.longitude > 111


def test_the_table_is_the_reviewed_one() -> None:
    text = files("machxa_collector.registry.units").joinpath("units.csv").read_bytes()

    # A changed table is fine: read the difference, correct the counts above and the decision note, then this line.
    assert hashlib.sha256(text).hexdigest() == "38b8019d5e67f823bb917416708f37939045629e1092368e5856849d22ef3b59"

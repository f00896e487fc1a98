"""A code means what it meant on the day asked for."""

from __future__ import annotations

from datetime import date

import pytest

from machxa_collector.registry.units import BadUnits, Centroid, Kind, Unit, Units, UnitType, read_units

TODAY = date(2026, 11, 25)
HEADER = "code,kind,type,name,parent,valid_from,valid_to,latitude,longitude,old_names,old_places,source\n"


def test_a_row_holds_from_its_first_day_to_the_day_before_its_end(units: Units) -> None:
    days = (date(2025, 6, 30), date(2025, 7, 1), date(2026, 4, 29), date(2026, 4, 30), date(2099, 1, 1))

    found = [units.unit("26368", day) for day in days]

    assert [unit and unit.full_name for unit in found] == [
        None,
        "Xã Long Thành",
        "Xã Long Thành",
        "Phường Long Thành",
        "Phường Long Thành",
    ]


def test_a_unit_is_whole(units: Units) -> None:
    assert units.unit("29374", TODAY) == Unit(
        code="29374",
        kind=Kind.COMMUNE,
        type=UnitType.COMMUNE,
        name="Châu Thành",
        parent="86",
        valid_from=date(2025, 7, 1),
        valid_to=None,
        centroid=Centroid(latitude=9.83937, longitude=106.337),
        old_names=("Thị trấn Châu Thành", "Xã Đa Lộc", "Xã Mỹ Chánh", "Xã Thanh Mỹ"),
        old_places=("Huyện Châu Thành, Tỉnh Trà Vinh",),
        source="QĐ 19/2025/QĐ-TTg",
    )


def test_an_unknown_first_day_holds_since_ever() -> None:
    lines = (HEADER, "86,province,tỉnh,Vĩnh Long,,,2030-01-01,,,,,test\n")
    vinh_long = Units(read_units(lines))

    assert vinh_long.unit("86", date(1900, 1, 1)) is not None
    assert vinh_long.unit("86", date(2030, 1, 1)) is None


def test_a_province_has_its_centre_and_communes(units: Units) -> None:
    children = units.children("86", TODAY)

    assert len(children) == 125
    assert [unit.code for unit in children if unit.kind is Kind.CENTRE] == ["86-HCC"]
    assert {unit.parent for unit in children} == {"86"}
    assert units.children("29410", TODAY) == ()
    assert units.children("86", date(2025, 6, 30)) == tuple(unit for unit in children if unit.kind is Kind.CENTRE)


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        ("29410", TODAY, "Tỉnh Vĩnh Long"),
        ("86-HCC", TODAY, "Tỉnh Vĩnh Long"),
        ("86", TODAY, "Tỉnh Vĩnh Long"),
        ("26368", date(2026, 4, 29), "Tỉnh Đồng Nai"),
        ("26368", date(2026, 4, 30), "Thành phố Đồng Nai"),
        ("29410", date(2025, 6, 30), None),
        ("99999", TODAY, None),
    ],
)
def test_the_province_of_a_unit_is_the_one_of_that_day(
    units: Units, code: str, day: date, expected: str | None
) -> None:
    province = units.province(code, day)

    assert (province and province.full_name) == expected


@pytest.mark.parametrize("parent", ["99", "29413"])
def test_a_parent_that_is_no_province_is_refused(parent: str) -> None:
    rows = (HEADER, "86,province,tỉnh,Vĩnh Long,,,,,,,,test\n", f"29413,commune,xã,Long Hòa,{parent},,,,,,,test\n")

    with pytest.raises(BadUnits, match=f"unit 29413: its parent '{parent}' is no province of this table"):
        Units(read_units(rows))

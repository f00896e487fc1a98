"""People find their commune as they type it: without marks, half a word, by its old name."""

from __future__ import annotations

from datetime import date

import pytest

from machxa_collector.registry.units import Index, Units, search
from machxa_collector.registry.units.fold import fold

TODAY = date(2026, 11, 25)


def _found(index: Index, query: str, limit: int = 10) -> list[str]:
    return [
        f"{each.unit.full_name}, {each.province.name if each.province else None}"
        for each in search(index, query, TODAY, limit)
    ]


@pytest.mark.parametrize(
    ("query", "code", "expected"),
    [
        ("tan lac", "05128", "Xã Tân Lạc, Phú Thọ"),
        ("kim boi", "04978", "Xã Kim Bôi, Phú Thọ"),
        ("bao la", "05245", "Xã Bao La, Phú Thọ"),
        ("dung tien", "05086", "Xã Dũng Tiến, Phú Thọ"),
        ("van son", "05152", "Xã Vân Sơn, Phú Thọ"),
        ("chau thanh", "29374", "Xã Châu Thành, Vĩnh Long"),
        ("hoa minh", "29410", "Xã Hòa Minh, Vĩnh Long"),
        ("tra con", "29836", "Xã Trà Côn, Vĩnh Long"),
        ("dan hoa", "10180", "Xã Dân Hòa, Hà Nội"),
        ("dong da", "00235", "Phường Đống Đa, Hà Nội"),
        ("o dien", "09817", "Xã Ô Diên, Hà Nội"),
        ("my duc", "10441", "Xã Mỹ Đức, Hà Nội"),
        ("phu xuyen", "10273", "Xã Phú Xuyên, Hà Nội"),
        ("cau giay", "00166", "Phường Cầu Giấy, Hà Nội"),
        ("an phuoc", "26383", "Xã An Phước, Đồng Nai"),
        ("binh minh", "26278", "Xã Bình Minh, Đồng Nai"),
        ("hung thinh", "26281", "Xã Hưng Thịnh, Đồng Nai"),
        ("thien hung", "25308", "Xã Thiện Hưng, Đồng Nai"),
        ("tan an", "26179", "Xã Tân An, Đồng Nai"),
        ("dai phuoc", "26491", "Xã Đại Phước, Đồng Nai"),
        ("phu nghia", "25267", "Xã Phú Nghĩa, Đồng Nai"),
    ],
)
def test_the_communes_of_the_articles_are_found_without_marks(
    index: Index, query: str, code: str, expected: str
) -> None:
    assert expected in _found(index, query)
    assert code in [each.unit.code for each in search(index, query, TODAY)]


def test_names_that_repeat_are_told_apart_by_their_province(index: Index) -> None:
    assert _found(index, "phu nghia", 2) == ["Xã Phú Nghĩa, Hà Nội", "Xã Phú Nghĩa, Đồng Nai"]
    assert _found(index, "phu nghia dong nai", 1) == ["Xã Phú Nghĩa, Đồng Nai"]


@pytest.mark.parametrize(
    "query",
    [
        "hoa minh", "Hòa Minh", "Hoà Minh", "HOÀ MINH", "xa hoa minh", "xã Hòa Minh", "x. hoa minh",
        "phuong hoa minh vinh", "hoa minh vinh long", "vinh long hoa minh", "Ho\u0300a Minh",
        "29410", "hoa minh, chau thanh, tra vinh",
        "xã Hòa Minh, huyện Châu Thành, tỉnh Trà Vinh",
    ],
)  # fmt: skip
def test_one_commune_is_found_first_however_it_is_typed(index: Index, query: str) -> None:
    assert _found(index, query, 1) == ["Xã Hòa Minh, Vĩnh Long"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("thuan hoà", "Xã Thuận Hoà, Tuyên Quang"),
        ("giao thuỷ", "Xã Giao Thuỷ, Ninh Bình"),
        ("Giao Thủy", "Xã Giao Thuỷ, Ninh Bình"),
        ("ea hleo", "Xã Ea H’Leo, Đắk Lắk"),
        ("Ea H'Leo", "Xã Ea H’Leo, Đắk Lắk"),
        ("tp hcm", "Thành phố Hồ Chí Minh, Hồ Chí Minh"),
        ("hn", "Thành phố Hà Nội, Hà Nội"),
        ("86", "Tỉnh Vĩnh Long, Vĩnh Long"),
        ("vinh long", "Tỉnh Vĩnh Long, Vĩnh Long"),
        ("hcc vinh long", "Trung tâm Phục vụ hành chính công Vĩnh Long, Vĩnh Long"),
        ("phuong liet", "Phường Phương Liệt, Hà Nội"),
        ("minh hoa", "Xã Minh Hòa, Phú Thọ"),
        ("thanh hoa", "Tỉnh Thanh Hóa, Thanh Hóa"),
        ("đặc khu trường", "Đặc khu Trường Sa, Khánh Hòa"),
    ],
)
def test_the_likeliest_comes_first(index: Index, query: str, expected: str) -> None:
    assert _found(index, query, 1) == [expected]


def test_the_last_word_may_be_unfinished_and_the_order_is_free(index: Index) -> None:
    assert "Xã Hòa Minh, Vĩnh Long" in _found(index, "hoa mi", 100)
    assert "Xã Hòa Minh, Vĩnh Long" in _found(index, "minh hoa", 100)
    assert _found(index, "hoa min tra vinh") == []


def test_a_wrong_type_in_front_finds_the_unit_behind_those_of_that_type(index: Index) -> None:
    assert _found(index, "phuong hoa minh", 2) == ["Phường Hòa Khánh, Đà Nẵng", "Xã Hòa Minh, Vĩnh Long"]


def test_marks_typed_put_the_name_spelled_so_first(index: Index) -> None:
    assert _found(index, "Thạnh Hóa", 1) == ["Xã Thạnh Hóa, Tây Ninh"]
    assert _found(index, "Thạnh Hòa", 1) == ["Xã Thạnh Hòa, Cần Thơ"]


def test_an_old_name_finds_what_it_became_and_says_so(index: Index) -> None:
    found = search(index, "thi tran cho", TODAY, 1)

    assert [(each.unit.full_name, each.old_name) for each in found] == [("Phường Yên Phong", "Thị trấn Chờ")]


def test_an_old_province_finds_the_one_it_went_into(index: Index) -> None:
    found = search(index, "tinh ben tre", TODAY, 1)

    assert [(each.unit.full_name, each.old_name) for each in found] == [("Tỉnh Vĩnh Long", "Tỉnh Bến Tre")]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 4, 29), ("Xã Long Thành", None)),
        (date(2026, 4, 30), ("Phường Long Thành", "Xã Long Thành")),
    ],
)
def test_a_unit_is_found_as_it_was_that_day(index: Index, day: date, expected: tuple[str, str | None]) -> None:
    found = search(index, "xã long thành đồng nai", day, 1)

    assert [(each.unit.full_name, each.old_name) for each in found] == [expected]


@pytest.mark.parametrize("query", ["", "   ", "--", "\u0301", "qqqq", "hoa minh lai chau"])
def test_what_fits_nothing_finds_nothing(index: Index, query: str) -> None:
    assert search(index, query, TODAY) == ()


@pytest.mark.parametrize(("limit", "expected"), [(0, 0), (1, 1), (20, 20), (5000, 100)])
def test_the_answer_is_bounded(index: Index, limit: int, expected: int) -> None:
    assert len(search(index, "t", TODAY, limit)) == expected


def test_a_query_is_read_no_further_than_its_bound(index: Index) -> None:
    assert _found(index, "hoa minh" + " " * 100_000 + "qqqq", 1) == ["Xã Hòa Minh, Vĩnh Long"]


def test_every_unit_is_found_by_its_full_name_without_marks(index: Index, units: Units) -> None:
    every_fifth = [unit for code in units.codes[::5] if (unit := units.unit(code, TODAY))]

    lost = [
        unit.full_name
        for unit in every_fifth
        if unit not in [each.unit for each in search(index, fold(unit.full_name), TODAY, 100)]
    ]

    assert lost == []

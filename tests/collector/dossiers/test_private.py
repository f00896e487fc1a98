from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from machxa_collector.importing.dossiers.private import Personal, find_personal, is_name, named_personal
from machxa_collector.registry.records import Cell
from machxa_collector.registry.sheets import BadFile, Column, Row
from machxa_collector.store.tables import dossier_files, dossier_imports, dossiers
from tests.collector.dossiers.files import HEADING, LINE, csv, lines, taken
from tests.collector.dossiers.kept import source
from tests.collector.dossiers.test_importing import count

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("heading", "personal"),
    [
        ("Họ và tên", Personal.NAME),
        ("Người nộp hồ sơ", Personal.NAME),
        ("applicantName", Personal.NAME),
        ("Chủ hồ sơ", Personal.NAME),
        ("Cán bộ thụ lý", Personal.NAME),
        ("CCCD/CMND", Personal.ID_NUMBER),
        ("Số căn cước", Personal.ID_NUMBER),
        ("applicantIdNo", Personal.ID_NUMBER),
        ("Số ĐT", Personal.PHONE),
        ("contactTelNo", Personal.PHONE),
        ("E-mail", Personal.MAIL),
        ("Ngày sinh", Personal.BIRTH),
        ("Địa chỉ", Personal.ADDRESS),
        ("Ngày sinh hoạt", Personal.BIRTH),  # rather once too often
        ("Số hồ sơ", None),
        ("Tên thủ tục", None),
        ("Đơn vị tiếp nhận", None),
        ("dossierNo", None),
        ("Ngày hẹn trả", None),
        ("Cơ quan", None),
        ("Lĩnh vực", None),
    ],
)
def test_a_heading_says_what_of_a_person_a_column_holds(heading: str, personal: Personal | None) -> None:
    assert named_personal(heading) is personal


@pytest.mark.parametrize(
    ("cells", "personal"),
    [
        (["Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng"], Personal.NAME),
        (["NGUYEN VAN AN", "TRAN THI BINH", "PHAM VAN C"], Personal.NAME),
        (["086123456789", "001099012345", "079200001111"], Personal.ID_NUMBER),
        ([86_123_456_789, 1_099_012_345, 86_200_001_111], Personal.ID_NUMBER),  # a spreadsheet took the zeros
        (["0912345678", "+84 912 345 679", "0912.345.670"], Personal.PHONE),
        ([912_345_678, 912_345_679, 312_345_670], Personal.PHONE),
        (["a@b.vn", "x", "y", "z"], Personal.MAIL),
        (["01/02/1980", "1975", "3/4/1999"], Personal.BIRTH),
        ([date(1980, 2, 1), date(1975, 1, 1), date(1999, 1, 1)], Personal.BIRTH),
        (["000.00.12.H62-250701-0001", "000.00.12.H62-250701-0002", "000.00.12.H62-250701-0003"], None),
        (["Đăng ký khai sinh", "Đăng ký kết hôn", "Chứng thực bản sao"], None),
        (["Hồ sơ đất đai", "Đỗ xe", "Cấp giấy phép xây dựng"], None),
        (["Xã Châu Thành", "Xã Hòa Minh", "Phường Trà Vinh"], None),
        (["02/11/2026", "03/11/2026", "04/11/2026"], None),
        (["Nguyễn Văn An", "x"], None),  # too few to tell
        ([1, 2, 3], None),
        ([], None),
    ],
)
def test_content_says_it_where_the_heading_does_not(cells: list[Cell], personal: Personal | None) -> None:
    column = Column(place=0, heading="Cột A", field=None)

    found = find_personal([column], [Row(number, [cell]) for number, cell in enumerate(cells, 2)], TODAY)

    assert [one.personal for one in found] == ([] if personal is None else [personal])


@pytest.mark.parametrize("text", ["Huỳnh Thị Mỹ Hạnh", "võ văn tám", "Hà Anh", "NGUYEN VAN AN"])
def test_names_are_known_by_their_surnames(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["Đăng ký", "Nguyễn", "Lê Lợi 12", "Đất đai", "Văn bản số", "dang ky khai sinh"])
def test_other_words_are_no_names(text: str) -> None:
    assert not is_name(text)


def test_a_file_with_a_persons_data_is_neither_taken_in_nor_kept_and_the_column_is_named(store: Engine) -> None:
    content = csv(f"{LINE.format(1)},Nguyễn Văn An", heading=f"{HEADING},Người nộp")

    with pytest.raises(BadFile, match="column 'Người nộp' has names of persons") as refused:
        taken(store, source(store), content)

    assert "cột 'Người nộp' có họ tên" in refused.value.told.vi
    assert [count(store, table) for table in (dossiers, dossier_imports, dossier_files)] == [0, 0, 0]


def test_such_a_column_may_stand_there_empty_but_only_as_long_as_it_is(store: Engine) -> None:
    heading, of = f"{HEADING},Người nộp", source(store)

    empty = taken(store, of, csv(f"{LINE.format(1)},", heading=heading)).one
    with pytest.raises(BadFile, match="Người nộp"):
        taken(store, of, csv(*[f"{line}," for line in lines(*range(600))], f"{LINE.format(601)},An", heading=heading))

    assert empty.report["new"] == 1
    assert count(store, dossiers) == 1


def test_numbers_of_citizens_are_no_numbers_of_dossiers(store: Engine) -> None:
    heading = HEADING
    rows = [f"08612345{number:04},{LINE.format(1).split(',', 1)[1]}" for number in range(600)]

    with pytest.raises(BadFile, match="dossierNo"):
        taken(store, source(store), csv(*rows, heading=heading))

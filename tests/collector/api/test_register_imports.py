"""A file of an accounting program: rows that stand for several, sums, years, and next year's file of the same form."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from machxa_collector.registry.tokens import Purpose
from tests.collector.api.conftest import Centre
from tests.collector.api.test_imports import finished, how_many, upload

REGISTER = """Đơn vị: UBND xã;;;;;;;
STT;Mã tài sản;Tên tài sản;Loại;Đơn vị;Số lượng;Năm sử dụng;Nguyên giá;Giá trị còn lại;Nguồn vốn
1;TS-01;Máy in Canon;máy in;29506;1;2019;3.500.000;0;Ngân sách xã
2;TS-02;Bộ máy vi tính;máy tính;29506;3;2021;46500001;15.500.000;Ngân sách tỉnh
"""


@pytest.fixture
def keeper(centre: Centre, client: TestClient) -> TestClient:
    """Return a caller with an API token."""
    client.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"
    return client


def test_an_accounting_register_comes_in_split_dated_and_summed(centre: Centre, keeper: TestClient) -> None:
    made = upload(keeper, REGISTER, apply="true")
    done = finished(keeper, made["id"])

    assert (done["state"], done["rows"], done["new"], how_many(centre)) == ("done", 4, 4, 4)
    found = keeper.get("/api/v1/registry/assets", params={"q": "Bộ máy vi tính"}).json()["records"]
    told = [[one["raw"][name] for name in ("code", "acquired_year", "cost_vnd", "budget")] for one in found]
    assert sorted(told) == [
        ["TS-02-1", 2021, 15_500_001, "Ngân sách tỉnh"],
        ["TS-02-2", 2021, 15_500_000, "Ngân sách tỉnh"],
        ["TS-02-3", 2021, 15_500_000, "Ngân sách tỉnh"],
    ]
    assert sum(one["raw"]["book_value_vnd"] for one in found) == 15_500_000
    assert upload(keeper, REGISTER + " \n")["same"] == 4
    assert keeper.post(f"/api/v1/batches/{done['batch']}/undo").status_code == 200
    assert how_many(centre) == 0


def test_next_years_file_of_the_same_headings_is_mapped_as_the_last_one_was(keeper: TestClient) -> None:
    text = "Thứ gì;Tên tài sản\nmáy in;Canon\n"
    chosen = {"columns": {"Thứ gì": "kind"}, "save_as": "sổ tỉnh"}
    keeper.put(f"/api/v1/imports/{upload(keeper, text)['id']}/mapping", json=chosen)

    later = upload(keeper, text.replace("Canon", "HP"))
    wider = upload(keeper, "Thứ gì;Tên tài sản;Ghi chú\nmáy in;HP;x\n")

    assert (later["mapping"], later["missing"]) == ("sổ tỉnh", [])
    assert (wider["mapping"], wider["missing"]) == (None, ["kind"])


def test_rows_that_cannot_be_used_go_back_so_that_they_are_not_split_again(keeper: TestClient) -> None:
    made = upload(keeper, "Tên tài sản;Loại;Số lượng\nMáy bay;máy bay;2\n")

    lines = keeper.get(f"/api/v1/imports/{made['id']}/errors").content.decode("utf-8-sig").splitlines()

    assert [line.split(";")[:3] for line in lines[1:]] == [['"Máy bay"', '"máy bay"', '"1"']] * 2

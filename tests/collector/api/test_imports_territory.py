"""Who sees some units alone takes files in for those, and sees no other file."""

from __future__ import annotations

from fastapi.testclient import TestClient

from machxa_collector.registry.people import Role
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.test_imports import finished, how_many, upload
from tests.collector.builders import assert_problem


def test_a_commune_takes_in_its_own_and_sees_no_file_of_another(centre: Centre, outside: TestClient) -> None:
    mine = seat(centre, outside, somebody(centre, Role.FINANCE, scope="29506", login="mai"), Role.FINANCE)

    made = upload(mine, "Mã;Tên;Loại;Đơn vị\nTS1;a;máy in;29506\nTS2;b;máy in;29512\n", apply="true", good_only="true")
    done = finished(mine, made["id"])
    theirs = seat(centre, outside, somebody(centre, Role.FINANCE, scope="29512", login="lan"), Role.FINANCE)

    assert (done["new"], done["bad"], how_many(centre)) == (1, 1, 1)
    assert [one["vi"] for one in done["problems"]] == ["ngoài địa bàn mà bạn được sửa"]  # type: ignore[attr-defined]
    assert_problem(theirs.get(f"/api/v1/imports/{made['id']}"), 404)
    assert theirs.get("/api/v1/imports").json()["imports"] == []
    assert theirs.get("/api/v1/exports/assets.csv").content.decode().count("\r\n") == 1  # the headings


def test_the_table_of_units_is_not_for_everybody_who_imports(centre: Centre, outside: TestClient) -> None:
    caller = seat(centre, outside, somebody(centre, Role.FINANCE, login="mai"), Role.FINANCE)

    answer = caller.post("/api/v1/imports/units", content=b"a;b", headers={"Content-Type": "text/csv"})

    assert_problem(answer, 403)

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import openpyxl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from machxa_collector.api.import_views import import_view
from machxa_collector.importing.running import Running
from machxa_collector.registry.tokens import Purpose
from machxa_collector.sheets.write import XLSX_TYPE
from machxa_collector.store import imports, tables
from tests.collector.api.conftest import Centre
from tests.collector.builders import assert_problem

PRINTOUT = """UBND PHƯỜNG MỘT;;;;;
SỔ TÀI SẢN CỐ ĐỊNH NĂM 2026;;;;;
Mã TS;Tên tài sản;Loại;Đơn vị;Nguyên giá;S/N
A;B;C;1;2;3
0007;Máy in Canon;máy in;86;12.500.000;SN-0001
0008;Bộ máy tính;máy tính;29506;9.000.000;SN-0002
0009;Máy quét;máy bay;29506;1;SN-0003
Tổng cộng;;;;21.500.001;
"""


@pytest.fixture
def keeper(centre: Centre, client: TestClient) -> Iterator[TestClient]:
    """Return a caller with an API token."""
    client.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"
    return client


def upload(caller: TestClient, text: str | bytes, kind: str = "assets", **query: str) -> dict[str, object]:
    content = text.encode() if isinstance(text, str) else text
    answer = caller.post(f"/api/v1/imports/{kind}", content=content, headers={"Content-Type": "text/csv"}, params=query)
    assert answer.status_code == 201, answer.text
    body: dict[str, object] = answer.json()
    return body


def finished(caller: TestClient, import_id: object) -> dict[str, object]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        body: dict[str, object] = caller.get(f"/api/v1/imports/{import_id}").json()
        if body["state"] != "running":
            return body
    raise AssertionError("it is still running after 20 s")


def how_many(centre: Centre) -> int:
    with centre.store.connect() as connection:
        return connection.execute(select(func.count()).select_from(tables.assets)).scalar_one()


def test_a_printout_of_an_accounting_program_is_understood_as_it_is(keeper: TestClient) -> None:
    body = upload(keeper, PRINTOUT)

    assert [(one["heading"], one["field"]) for one in body["columns"]] == [  # type: ignore[attr-defined]
        ("Mã TS", "code"),
        ("Tên tài sản", "name"),
        ("Loại", "kind"),
        ("Đơn vị", "unit"),
        ("Nguyên giá", "cost_vnd"),
        ("S/N", "serial"),
    ]
    counts = {name: body[name] for name in ("state", "form", "rows", "new", "changed", "same", "bad", "missing")}
    assert counts == {
        "state": "previewed", "form": "csv", "rows": 3, "new": 2, "changed": 0, "same": 0, "bad": 1, "missing": [],
    }  # fmt: skip
    problems = body["problems"]
    assert [(one["row"], one["column"], one["field"]) for one in problems] == [(7, "Loại", "kind")]  # type: ignore[attr-defined]


def test_one_bad_row_keeps_all_out_unless_the_good_ones_are_asked_for(centre: Centre, keeper: TestClient) -> None:
    made = upload(keeper, PRINTOUT, apply="true")
    refused = finished(keeper, made["id"])

    assert (refused["state"], refused["batch"], how_many(centre)) == ("failed", None, 0)
    assert refused["detail"] == "1 trong 3 dòng không dùng được, nên không nhập dòng nào"

    assert keeper.post(f"/api/v1/imports/{made['id']}/apply", params={"good_only": "true"}).status_code == 202
    done = finished(keeper, made["id"])

    assert (done["state"], done["new"], done["bad"], how_many(centre)) == ("done", 2, 1, 2)
    errors = keeper.get(f"/api/v1/imports/{made['id']}/errors")
    lines = errors.content.decode("utf-8-sig").splitlines()
    assert lines[0] == '"Mã TS";"Tên tài sản";"Loại";"Đơn vị";"Nguyên giá";"S/N";"Dòng trong tệp gốc";"Lý do"'
    assert lines[1].startswith('"0009";"Máy quét";"máy bay";"29506";"1";"SN-0003";"7";"Loại: là \'máy bay\'')
    assert len(lines) == 2


def test_the_same_file_again_has_nothing_to_change_and_says_who_took_it_in(keeper: TestClient) -> None:
    good = PRINTOUT.replace("máy bay", "máy quét") + ";Màn hình không số;màn hình;86;;\n"
    first = finished(keeper, upload(keeper, good, apply="true")["id"])

    again = upload(keeper, good)

    assert (again["new"], again["changed"], again["same"], again["bad"]) == (0, 0, 4, 0)
    assert again["before"] == {"batch": first["batch"], "at": first["at"], "actor": first["actor"]}
    done = finished(keeper, keeper.post(f"/api/v1/imports/{again['id']}/apply").json()["id"])
    assert (done["state"], done["batch"]) == ("done", None)


def test_an_import_is_taken_back_by_its_act_and_can_be_taken_in_again(centre: Centre, keeper: TestClient) -> None:
    good = PRINTOUT.replace("máy bay", "máy quét")
    done = finished(keeper, upload(keeper, good, apply="true")["id"])

    assert keeper.post(f"/api/v1/batches/{done['batch']}/undo").status_code == 200

    assert how_many(centre) == 0
    assert upload(keeper, good)["new"] == 3


def test_another_column_fills_a_field_and_the_choice_is_kept_under_a_name(keeper: TestClient) -> None:
    text = "Thứ gì;Tên tài sản;Ghi thêm\nmáy in;Canon;x\n"
    made = upload(keeper, text)
    assert (made["missing"], made["bad"]) == (["kind"], 1)

    chosen = {"columns": {"Thứ gì": "kind", "Ghi thêm": None}, "save_as": "sổ phường"}
    mapped = keeper.put(f"/api/v1/imports/{made['id']}/mapping", json=chosen).json()

    assert (mapped["missing"], mapped["bad"], mapped["new"]) == ([], 0, 1)
    later = upload(keeper, text.replace("Canon", "HP"), mapping="sổ phường")
    assert (later["mapping"], later["new"]) == ("sổ phường", 1)
    assert keeper.get("/api/v1/imports", params={"kind": "assets"}).json()["mappings"] == ["sổ phường"]


def test_what_is_given_out_is_taken_in_again_without_a_change(keeper: TestClient) -> None:
    finished(keeper, upload(keeper, PRINTOUT.replace("máy bay", "máy quét"), apply="true")["id"])

    for form, media in (("csv", "text/csv"), ("xlsx", XLSX_TYPE)):
        given = keeper.get(f"/api/v1/exports/assets.{form}")
        back = keeper.post("/api/v1/imports/assets", content=given.content, headers={"Content-Type": media}).json()
        assert (back["form"], back["new"], back["changed"], back["same"], back["bad"]) == (form, 0, 0, 3, 0)


def test_a_changed_cell_of_a_file_given_out_changes_that_record_alone(keeper: TestClient) -> None:
    finished(keeper, upload(keeper, PRINTOUT.replace("máy bay", "máy quét"), apply="true")["id"])
    book = openpyxl.load_workbook(io.BytesIO(keeper.get("/api/v1/exports/assets.xlsx", params={"unit": "86"}).content))
    sheet = book.worksheets[0]
    names = {cell.value: place for place, cell in enumerate(sheet[1], 1)}
    row = next(row for row in range(2, 9) if sheet.cell(row, names["Mã tài sản"]).value == "0007")
    sheet.cell(row, names["Vị trí, phòng"]).value = "Phòng 2"
    out = io.BytesIO()
    book.save(out)

    answer = keeper.post(
        "/api/v1/imports/assets", params={"apply": "true"}, files={"file": ("a.xlsx", out.getvalue(), XLSX_TYPE)}
    )
    done = finished(keeper, answer.json()["id"])

    assert (done["state"], done["new"], done["changed"], done["same"]) == ("done", 0, 1, 2)
    changes = keeper.get(f"/api/v1/batches/{done['batch']}").json()["changes"]
    assert [(one["before"], one["after"]) for one in changes] == [({"location": ""}, {"location": "Phòng 2"})]


def test_a_blank_form_maps_by_itself_and_says_how_to_fill_it(keeper: TestClient) -> None:
    given = keeper.get("/api/v1/exports/assets.xlsx", params={"template": "true"})

    book = openpyxl.load_workbook(io.BytesIO(given.content))
    assert book.sheetnames == ["Thiết bị, tài sản", "Hướng dẫn"]
    assert book["Hướng dẫn"]["A2"].value == "Mã tài sản"
    assert given.headers["content-disposition"] == 'attachment; filename="machxa-assets-mau.xlsx"'
    back = keeper.post("/api/v1/imports/assets", content=given.content, headers={"Content-Type": XLSX_TYPE}).json()
    assert [one["field"] for one in back["columns"]][:3] == ["code", "unit", "kind"]
    assert (back["sheet"], back["rows"]) == ("Thiết bị, tài sản", 0)


def test_an_export_says_when_it_was_made_and_for_whom(keeper: TestClient) -> None:
    given = keeper.get("/api/v1/exports/assets.xlsx")

    title = openpyxl.load_workbook(io.BytesIO(given.content)).properties
    assert title.title is not None
    assert title.title.startswith("Mạch Xã: Thiết bị, tài sản, 04/10/2024 07:00, ")
    assert 'filename="machxa-assets-20241004-0700-' in given.headers["content-disposition"]


def test_the_audit_trail_tells_what_was_taken_in_and_given_out(centre: Centre, keeper: TestClient) -> None:
    done = finished(keeper, upload(keeper, PRINTOUT.replace("máy bay", "máy quét"), apply="true")["id"])
    keeper.get("/api/v1/exports/assets.csv", params={"unit": "86"})

    with centre.store.connect() as connection:
        written = connection.execute(select(tables.audit).order_by(tables.audit.c.seq)).all()[-2:]

    assert [(one.action, one.subject, one.origin) for one in written] == [
        ("records.import", f"batches/{done['batch']}", "testclient"),
        ("export", "assets.csv", "testclient"),
    ]
    assert '"created":3' in written[0].detail
    assert '"unit":"86"' in written[1].detail


def test_nobody_takes_in_or_out_without_permission(client: TestClient) -> None:
    posted = client.post("/api/v1/imports/assets", content=b"a;b", headers={"Content-Type": "text/csv"})

    assert_problem(posted, 401)
    assert_problem(client.get("/api/v1/imports"), 401)


def test_a_file_that_is_none_is_refused_in_both_languages(keeper: TestClient) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", bytes(51 * 1024 * 1024))

    answer = keeper.post("/api/v1/imports/assets", content=bomb.getvalue(), headers={"Content-Type": XLSX_TYPE})

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["vi"] == "tệp khi giải nén lớn hơn 50 MB: hãy chia nhỏ, hoặc lưu thành CSV UTF-8"


def test_what_there_is_not_is_not_found(keeper: TestClient) -> None:
    headers = {"Content-Type": "text/csv"}

    assert_problem(keeper.get("/api/v1/imports/none"), 404)
    assert_problem(keeper.post("/api/v1/imports/planes", content=b"a;b", headers=headers), 404)
    assert_problem(
        keeper.post("/api/v1/imports/assets", content=b"a;b", headers=headers, params={"mapping": "no"}), 404
    )
    assert_problem(keeper.get("/api/v1/exports/planes.csv"), 404)
    assert_problem(keeper.post("/api/v1/imports/assets", json={}), 415)


def test_a_file_that_was_taken_in_is_not_taken_in_twice(keeper: TestClient) -> None:
    done = finished(keeper, upload(keeper, PRINTOUT.replace("máy bay", "máy quét"), apply="true")["id"])

    assert_problem(keeper.post(f"/api/v1/imports/{done['id']}/apply"), 409)
    assert keeper.delete(f"/api/v1/imports/{done['id']}").status_code == 204
    assert_problem(keeper.get(f"/api/v1/imports/{done['id']}"), 404)


def test_a_file_is_forgotten_after_a_week(centre: Centre, keeper: TestClient) -> None:
    old = upload(keeper, PRINTOUT)
    centre.now_ms += 7 * 86_400_000
    keeper.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"

    upload(keeper, PRINTOUT)

    assert_problem(keeper.get(f"/api/v1/imports/{old['id']}"), 404)


PLANTED = ("=1+1", "+84 270", "-5", "@SUM(A1)", "＝A1", '=HYPERLINK("http://x")', "a,=b", "a;+c", "'=x")


def test_no_text_that_was_planted_becomes_a_formula_in_what_is_given_out(keeper: TestClient) -> None:
    lines = "".join(f'"TS{number}";"{text}";máy in\n' for number, text in enumerate(quoted(PLANTED)))
    finished(keeper, upload(keeper, f"Mã;Tên;Loại\n{lines}", apply="true")["id"])

    sheet = openpyxl.load_workbook(io.BytesIO(keeper.get("/api/v1/exports/assets.xlsx").content)).worksheets[0]
    names = {cell.value: place for place, cell in enumerate(sheet[1], 1)}
    cells = [sheet.cell(row, names["Tên thiết bị"]) for row in range(2, sheet.max_row + 1)]
    text = keeper.get("/api/v1/exports/assets.csv").content.decode("utf-8-sig")
    wrong = [
        cell
        for separator in ";,\t"
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for cell in row
        if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    ]

    assert sorted(str(cell.value) for cell in cells) == sorted(["=x", *(one for one in PLANTED if one != "'=x")])
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.hyperlink for cell in cells} == {None}
    assert wrong == []


def quoted(texts: tuple[str, ...]) -> list[str]:
    return [text.replace('"', '""') for text in texts]


def test_an_import_that_ends_while_it_is_looked_at_is_not_called_cut_off(centre: Centre, keeper: TestClient) -> None:
    made = finished(keeper, upload(keeper, PRINTOUT.replace("máy bay", "máy in"), apply="true")["id"])
    kept = imports.one(centre.store, str(made["id"]))
    assert kept is not None
    before = replace(kept, state=imports.RUNNING)

    assert import_view(centre.deps(loopback_open=False).live, Running(), before)["state"] == "done"

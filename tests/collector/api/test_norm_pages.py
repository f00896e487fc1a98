"""Norms are shown with whom and until when; a province's rows are previewed, kept with a reason and taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.purchasing.papers import rules_of
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people import Role
from machxa_collector.store import planning
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.effects.scene import at

BLANKS = {
    "what": "add",
    "item": "certificate_printer",
    "purpose": "one_stop",
    "way": "unit",
    "number": "1",
    "price": "30.000.000",
    "from": "2026-11-01",
    "source": "QĐ 12/2026/QĐ-UBND <b>x</b>",
}
STAFF = "unit,vi,vii,viii\n29410,1,3,12\n29374,1,3,15\n"


@pytest.fixture
def browser(centre: Centre) -> Iterator[TestClient]:
    centre.now_ms = at(10)
    planning.keep(centre.store, "units", "", STAFF, "", Entry(at=1, actor="t", action="planning.keep", subject="units"))
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        yield seat(centre, caller, somebody(centre, Role.FINANCE, scope="86"), Role.FINANCE)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def kept(centre: Centre) -> list[str]:
    """Return the ids of the norms that the province's own file adds or lays over."""
    paper = planning.newest(centre.store, "rules")
    shipped = {row.id: row for row in rules_of("").norm}
    return [] if paper is None else [one.id for one in rules_of(paper.content).norm if shipped.get(one.id) != one]


def test_the_rows_are_shown_with_whom_for_which_text_and_what_they_make(browser: TestClient) -> None:
    text = text_of(browser.get("/admin/norms?lang=en").text)

    assert "Printer one for 3 of group VIII (heads of offices, staff) 13 million VND" in text
    assert "QĐ 15/2025/QĐ-TTg" in text
    assert "Printer 17 0 13 million VND" in text, "1 + 3 + 4 and 1 + 3 + 5"
    assert "the shipped rows hold alone" in text
    assert "được đối chiếu ngày 30/11/2026" in text_of(browser.get("/admin/norms?lang=vi").text)


def test_a_row_is_previewed_kept_with_a_reason_ended_and_taken_back(centre: Centre, browser: TestClient) -> None:
    page = browser.post("/admin/norms?lang=en", data=BLANKS).text
    before = kept(centre)
    added = browser.post("/admin/norms", data={**BLANKS, "confirm": "1", "base": "0", "reason": "tỉnh ban hành"})
    listed = browser.get("/admin/norms").text
    (own,) = kept(centre)
    end = {"what": "end", "id": own, "to": "2026-11-30"}
    stale = browser.post("/admin/norms", data={**end, "confirm": "1", "base": "0", "reason": "hết hạn"})
    ending = text_of(browser.post("/admin/norms", data=end).text)
    ended = browser.post("/admin/norms", data={**end, "confirm": "1", "base": "1", "reason": "hết hạn"})
    back = [
        browser.post("/admin/norms", data={"what": "undo", "confirm": "1", "base": base, "reason": "nhầm"}).status_code
        for base in ("2", "3")
    ]

    assert "≠ Printer for land-certificate blanks – 2 – 30 million VND" in text_of(page)
    assert "<b>x</b>" not in page + listed
    assert (before, added.status_code, own) == ([], 303, "own-certificate_printer-20261101")
    assert (stale.status_code, ended.status_code, back) == (409, 303, [303, 303])
    assert "2 0" in ending
    versions = planning.versions(centre.store, "rules")
    assert [one.content.count("valid_to") for one in versions[::-1]] == [0, 1, 0, 1]


def test_what_is_no_row_is_refused_in_words(centre: Centre, browser: TestClient) -> None:
    changes = (
        {"number": ""},
        {"number": "0"},
        {"number": "nan"},
        {"way": "each", "number": ""},
        {"item": "car"},
        {"source": ""},
        {"from": "tomorrow"},
        {"price": "-5"},
        {"what": "drop"},
        {"what": "end", "id": "nobody", "to": "2027-01-01"},
        {"what": "end", "id": "qd15-scanner", "to": ""},
        {"what": "undo"},
    )

    told = [
        browser.post("/admin/norms", data={**BLANKS, **changed, "confirm": "1", "base": "0", "reason": "thử"})
        for changed in changes
    ]

    assert [one.status_code for one in told] == [*[422] * 11, 409]
    assert all("chưa đổi gì" in one.text for one in told[:11])
    assert kept(centre) == []


def test_who_sees_some_units_alone_reads_only(centre: Centre, browser: TestClient) -> None:
    seat(centre, browser, somebody(centre, Role.FINANCE, scope="29410", login="few"), Role.FINANCE)

    page = browser.get("/admin/norms").text
    refused = browser.post("/admin/norms", data={**BLANKS, "confirm": "1", "base": "0", "reason": "thử"})

    assert "<form" not in page.split("<main")[1]
    assert "cả tỉnh" in page
    assert (refused.status_code, kept(centre)) == (403, [])

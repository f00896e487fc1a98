"""The page of assumptions shows what a change does before it is saved, and lets an older version hold again."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import models
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody

FIELD = re.compile(r'<input (?:type="hidden" )?name="([^"]+)" value="([^"]*)"')
DOSSIER = "need|receive_direct|||dossier"


@pytest.fixture
def browser(centre: Centre) -> Iterator[TestClient]:
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        yield caller


def form(page: str) -> dict[str, str]:
    """Return the fields of a page's form."""
    return {html.unescape(name): html.unescape(value) for name, value in FIELD.findall(page)}


def test_a_change_is_shown_before_it_is_saved(browser: TestClient, centre: Centre) -> None:
    seat(centre, browser, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)
    fields = form(browser.get("/dossiers/model").text)

    told = browser.post("/dossiers/model", data={**fields, DOSSIER: "0,5", "reason": "thí điểm"}).text

    assert "Mỗi khâu còn lại bao nhiêu khi mất một hệ thống" in told
    assert "dừng hẳn" in told
    assert models.newest_number(centre.store) == 0

    saved = browser.post("/dossiers/model", data=form(told))

    assert (saved.status_code, models.newest_number(centre.store)) == (303, 1)
    assert "thí điểm" in browser.get("/dossiers/model?lang=en").text

    browser.post("/dossiers/model/restore", data={"version": "0", "base": "1", "reason": "thử xong"})

    assert models.newest(centre.store).about.version == 2


def test_a_row_that_cannot_be_used_is_named(browser: TestClient, centre: Centre) -> None:
    seat(centre, browser, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)
    fields = form(browser.get("/dossiers/model").text)

    told = browser.post("/dossiers/model", data={**fields, DOSSIER: "<b>", "reason": "thử"}).text

    assert "Chưa lưu gì" in told
    assert "<b>&#39;" not in told
    assert "&lt;b&gt;" in told
    assert 'name="confirm"' not in told


def test_who_may_only_look_gets_no_form(browser: TestClient, centre: Centre) -> None:
    seat(centre, browser, somebody(centre, Role.CLERK, scope="29506"), Role.CLERK)

    page = browser.get("/dossiers/model").text

    assert "Phần mềm một cửa" in page
    assert "<input name=" not in page
    assert browser.post("/dossiers/model", data={"base": "0"}).status_code == 403

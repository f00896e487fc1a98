"""The page of documents has one made, leads to its files, and says whether a paper is genuine."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.effects.scene import CHAU_THANH, SOFTWARE, at, put_software_down


@pytest.fixture
def browser(centre: Centre) -> Iterator[TestClient]:
    centre.now_ms = at(10)
    put_software_down(centre.store)
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        yield caller


def test_a_clerk_has_a_slip_made_prints_it_and_its_hash_is_known(browser: TestClient, centre: Centre) -> None:
    seat(centre, browser, somebody(centre, Role.CLERK, scope=CHAU_THANH), Role.CLERK)
    leads = re.search(r'href="(/outputs\?kind=slip[^"]*)"', browser.get(f"/incidents/{SOFTWARE.id}").text)
    assert leads is not None
    form = browser.get(leads[1].replace("&amp;", "&")).text
    assert f'value="{SOFTWARE.id}"' in form

    done = browser.post("/outputs", data={"kind": "slip", "incident": SOFTWARE.id, "unit": CHAU_THANH})
    page = browser.get(done.headers["location"]).text
    printed = browser.get("/api/v1/outputs/1.html").text
    sha256 = re.findall(r"[0-9a-f]{64}", printed)[-1]
    checked = browser.get("/outputs", params={"sha256": f" {sha256.upper()} ", "lang": "en"}).text

    assert "Phiếu xác nhận sự cố" in page
    assert 'href="/api/v1/outputs/1.docx"' in page
    assert "It was given out here and is unchanged:" in checked
    assert "Nothing with this hash" in browser.get("/outputs?sha256=abc").text


def test_what_cannot_be_made_is_said_in_words(browser: TestClient, centre: Centre) -> None:
    seat(centre, browser, somebody(centre, Role.CLERK, scope=CHAU_THANH), Role.CLERK)

    foreign = browser.post("/outputs", data={"kind": "slip", "incident": SOFTWARE.id, "unit": "00004"})
    odd = browser.post("/outputs", data={"kind": "ledger", "paper": "một"})

    assert (foreign.status_code, odd.status_code) == (404, 422)
    assert "bạn không được xem" in foreign.text


def test_an_auditor_looks_and_makes_nothing(browser: TestClient, centre: Centre) -> None:
    seat(centre, browser, somebody(centre, Role.AUDITOR, scope="86"), Role.AUDITOR)

    assert 'action="/outputs"' not in browser.get("/outputs").text
    assert browser.post("/outputs", data={"kind": "slip"}).status_code == 403

"""The register in a real browser: pages that fit, sheets of labels as PDF, a phone that counts without JavaScript."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store.engine import open_store
from tests.collector.api.conftest import Centre
from tests.collector.api.places_of_assets import VINH_LONG, put_assets
from tests.collector.api.test_register import made
from tests.e2e.watch import Watched

Opening = Callable[..., Watched]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, TestClient]]:
    """Give the address of a centre with 25 labelled assets, a draft and an open stock-take, and who keeps its books."""
    store = open_store(tmp_path_factory.mktemp("register") / "machxa.db")
    centre = Centre(store)
    deps = centre.deps(loopback_open=True)
    app = create_app(deps, pages(deps))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    keeper = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    keeper.headers["authorization"] = f"Bearer {centre.token(Purpose.API)}"
    put_assets(store, VINH_LONG, 1, seed=1)
    for number in range(25):
        values = {"acquired_year": "2019", "cost_vnd": "15.500.000"}
        made(keeper, name=f"Máy vi tính để bàn {number}", unit=VINH_LONG, code=f"TS-2026-{number:03}", **values)
    keeper.post("/api/v1/stocktakes", json={"unit": VINH_LONG})
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", keeper
    server.should_exit = True
    thread.join(20)
    store.dispose()


def counting(register: tuple[str, TestClient]) -> str:
    """Return the address of the open stock-take."""
    base, keeper = register
    return f"{base}/register/stocktakes/{keeper.get('/api/v1/stocktakes').json()['stocktakes'][0]['id']}"


def test_the_registers_pages_fit_a_phone_and_are_open_to_everybody(
    register: tuple[str, TestClient], opened: Opening
) -> None:
    base, _ = register
    wrong = {}

    for path in ("/register", "/register/drafts", "/register/stocktakes", "/register/handover", "/q/TS-2026-001"):
        watched = opened(f"{base}{path}", width=390)
        found = (watched.overflow(), watched.errors, watched.refused(), watched.elsewhere, watched.barriers())
        if found != (0, [], [], [], []):
            wrong[path] = found

    assert wrong == {}


def test_labels_are_printed_24_on_a_sheet_of_a4(register: tuple[str, TestClient], opened: Opening) -> None:
    base, _ = register
    page = opened(f"{base}/register/labels?unit={VINH_LONG}").page

    printed = page.pdf(prefer_css_page_size=True, print_background=True)

    sheets = re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", printed)
    assert sheets in ([(b"594", b"841")] * 2, [(b"595", b"842")] * 2)
    cut = page.evaluate(
        "[...document.querySelectorAll('.label svg')].filter((one) => { const drawn = one.getBBox();"
        "const seen = one.viewBox.baseVal; return drawn.width > seen.width || drawn.height > seen.height }).length"
    )
    assert cut == 0
    box = page.locator(".label").first.bounding_box()
    assert box is not None
    assert (round(box["width"] / 96 * 25.4), round(box["height"] / 96 * 25.4)) == (70, 37)


def test_a_phone_without_javascript_counts(register: tuple[str, TestClient], opened: Opening) -> None:
    base, keeper = register
    page = opened(counting(register), width=390, javascript=False).page
    page.set_extra_http_headers({"authorization": keeper.headers["authorization"]})
    page.reload()

    page.fill("#code", f"{base}/q/TS-2026-007")
    page.click("text=Có ở đây")

    assert "1/25" in page.inner_text("main")
    assert "Có mặt: Máy vi tính để bàn 7" in page.inner_text("main")
    assert page.is_hidden("#scan")

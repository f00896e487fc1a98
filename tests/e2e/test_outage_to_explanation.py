"""A clerk's whole way on a slow line: an outage, reported with the line down, explains a late dossier in the end."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
import uvicorn

from machxa_collector.api.app import create_app
from machxa_collector.incidents.acts import Act, ActKind
from machxa_collector.pages import pages
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people import Role
from machxa_collector.registry.people.sitting import COUNTER
from machxa_collector.store import following, incidents, sessions
from machxa_collector.store.engine import open_store
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import somebody
from tests.collector.dossiers.kept import row, source, taken_in
from tests.collector.effects.scene import CHAU_THANH, SOFTWARE, at
from tests.e2e.test_reporting_in_chromium import SLOW, Opening, Place

NUMBER = "H61.10-261126-0001"
OPEN = replace(SOFTWARE, ended_at=None)


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Give a centre whose dossier software is down, with a dossier that will be late by it."""
    store = open_store(tmp_path_factory.mktemp("walk") / "machxa.db")
    centre = Centre(store, now_ms=at(8, 15))
    deps = centre.deps(loopback_open=True)
    incidents.save(store, [OPEN])
    taken_in(store, source(store), [row(NUMBER, at(8), due_at=at(9))])
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(deps, pages(deps)), log_level="error"))
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    yield Place(centre, f"http://127.0.0.1:{listening.getsockname()[1]}")
    server.should_exit = True
    thread.join(20)
    store.dispose()


def test_from_an_outage_with_the_line_down_to_what_explains_a_late_dossier(place: Place, opened: Opening) -> None:
    store, page = place.centre.store, opened("about:blank", width=360).page
    page.set_default_timeout(30_000)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)

    # the line is down: the phone keeps the report and says so; the line comes back: who sees it
    page.goto(place.link(CHAU_THANH))
    page.click("a.tile:has-text('Phần mềm một cửa')")
    page.click("text=Không dùng được")
    page.wait_for_selector("#note")
    line.send("Network.emulateNetworkConditions", {**SLOW, "offline": True})
    page.click("form:has(#note) button >> nth=0")
    page.wait_for_selector("#kept:visible")
    line.send("Network.emulateNetworkConditions", SLOW)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector("ol.steps")
    told = [page.inner_text("main")]
    (report,) = following.of_unit(store, CHAU_THANH, 5)

    # the province takes it on; then it is over
    following.belong(store, [(report.id, OPEN.id, True)], at(8, 16))
    act = Act(at=at(8, 17), actor="lan", kind=ActKind.ACKNOWLEDGE)
    incidents.add_act(store, OPEN.id, act, Entry(at=at(8, 17), actor="lan", action="incident.act"))
    page.click("text=Xem lại")
    page.wait_for_selector("li[aria-current=step]:has-text('Đang xử lý')")
    incidents.save(store, [SOFTWARE])
    place.centre.now_ms = at(10)
    page.click("text=Xem lại")
    page.wait_for_selector("li[aria-current=step]:has-text('Đã xong')")
    told.append(page.inner_text("main"))

    # signed in, on the own unit's page: what became of the report, and what explains the dossier
    who = somebody(place.centre, Role.CLERK, scope=CHAU_THANH)
    opening = sessions.Opening(person=who.id, is_half=False, sitting=COUNTER, address="", browser="")
    with store.begin() as connection:
        secret = sessions.begin(connection, opening, place.centre.now_ms)
    page.context.add_cookies([{"name": "machxa_session", "value": secret, "url": place.base}])
    page.click("text=Trang Đơn vị tôi")
    page.wait_for_selector("[name=number]")
    told.append(page.inner_text("main"))
    page.fill("[name=number]", NUMBER)
    page.press("[name=number]", "Enter")
    page.wait_for_selector("text=Vì sao trễ hạn")
    told.append(page.inner_text("main"))
    page.click("a.button:has-text('Mẫu 04')")
    page.wait_for_selector(f"[name=dossier][value='{NUMBER}']")
    page.click(f"form:has([name=dossier][value='{NUMBER}']) button")
    page.click("a:text-is('In')")
    page.wait_for_selector(f"text={NUMBER}")

    assert "Bàn trực của tỉnh và đơn vị bạn thấy báo cáo này" in told[0]
    assert "Có hồ sơ trễ vì sự cố này?" in told[1]
    assert "Đã xong" in told[2]
    assert "Hệ thống của tỉnh, 26/11/2026 08:00:00 – 26/11/2026 09:00:00" in told[3]

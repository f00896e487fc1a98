"""A clerk's phone in a real browser: three taps on a slow line, without JavaScript, and over a line that breaks."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import pytest
import uvicorn
from sqlalchemy import insert

from machxa_collector.api.app import create_app
from machxa_collector.incidents.words import Cause
from machxa_collector.pages import pages
from machxa_collector.registry.gates import HOUR_MS, Link, gate_keys
from machxa_collector.registry.people import Role
from machxa_collector.registry.people.sitting import COUNTER
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.store import following, incidents, photos, sessions, tables
from machxa_collector.store.engine import open_store
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import somebody
from tests.collector.api.places_of_assets import put_assets
from tests.collector.effects.scene import SOFTWARE, at
from tests.collector.registry.test_pictures import png
from tests.e2e.watch import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Route

Opening = Callable[..., Watched]
UNIT, QUIET, OFFLINE = "28870", "28879", "28894"
PHOTOGRAPHED = {True: "28901", False: "28903"}  # by whether JavaScript runs
WAITING = "28915"
# chooses a photograph of noise, as large as a phone's
BIG_PHOTO = """async () => {
  const canvas = new OffscreenCanvas(2600, 2000), pen = canvas.getContext("2d");
  const noise = pen.createImageData(2600, 2000);
  for (let at = 0; at < noise.data.length; at += 65536) crypto.getRandomValues(noise.data.subarray(at, at + 65536));
  pen.putImageData(noise, 0, 0);
  const shot = await canvas.convertToBlob({ type: "image/jpeg", quality: 1 });
  const file = new File([shot], "x.jpg", { type: "image/jpeg" });
  const chosen = new DataTransfer();
  chosen.items.add(file);
  document.getElementById("photo").files = chosen.files;
}"""
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202e'
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 8000, "uploadThroughput": 8000}  # 64 kbit/s
_ON_A_PHONE = 360
MOST_BYTES = 15 * 1024  # architecture, section 5: the report form in all
MOST_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Place:
    """Hold a running centre and the address of its pages."""

    centre: Centre
    base: str

    def link(self, unit: str) -> str:
        """Return the address on a unit's poster."""
        until = self.centre.now_ms // HOUR_MS + 24
        return f"{self.base}/report/{gate_keys((b's' * 32,)).link(Link(unit=unit, version=1, until=until))}"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Give a centre that knows of two incidents in a unit and of what hostile devices and people call themselves."""
    store = open_store(tmp_path_factory.mktemp("phone") / "machxa.db")
    centre = Centre(store, now_ms=at(8, 15))
    deps = centre.deps(loopback_open=True)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(deps, pages(deps)), log_level="error"))
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    asset, _ = put_assets(store, UNIT, 1, seed=1)[0]
    with store.begin() as connection:
        connection.execute(tables.assets.update().values(name=HOSTILE, kind="printer"))
        support = {"id": "c", "unit": "86", "role": "province", "position": "Tổ CNTT tỉnh", "phone": "0270 382 0001"}
        connection.execute(insert(tables.contacts).values(support))
    software = replace(SOFTWARE, units=(UNIT,), started_at=at(8), noticed_at=at(8), ended_at=None)
    printer = replace(software, id="cd" * 8, cause=Cause.DEVICE, subject=asset, state="blocked")
    incidents.save(store, [software, printer])
    yield Place(centre, f"http://127.0.0.1:{listening.getsockname()[1]}")
    server.should_exit = True
    thread.join(20)
    store.dispose()


def wrong_with(watched: Watched) -> list[object]:
    found = [watched.errors, watched.refused(), watched.elsewhere, watched.barriers()]
    return [*([watched.overflow()] if watched.overflow() > 0 else []), *(one for one in found if one)]


def test_a_jammed_printer_is_reported_on_a_line_of_64_kbit_within_30_seconds(place: Place, opened: Opening) -> None:
    page = opened("about:blank", width=_ON_A_PHONE).page
    line = page.context.new_cdp_session(page)
    received: list[float] = []
    line.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)

    began = time.monotonic()
    page.goto(place.link(QUIET))
    page.click("a.tile:has-text('Máy in'):not(:has-text('giấy'))")
    page.click("text=Không dùng được")
    page.click("button:has-text('GỬI') >> nth=0")
    page.wait_for_selector("ol.steps")
    took = time.monotonic() - began

    print(f"report of a jammed printer at 360 px, 64 kbit/s, 400 ms: {took:.1f} s, {sum(received):.0f} bytes in all")
    assert took < MOST_SECONDS
    assert sum(received) < MOST_BYTES
    (kept,) = following.of_unit(place.centre.store, QUIET, 5)
    assert (kept.category, kept.symptom) == ("printer", "unusable")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_form_is_walked_without_javascript_and_shows_what_is_hostile_inert(
    place: Place, opened: Opening, language: str
) -> None:
    sends, works = {"vi": ("GỬI", "Đã dùng lại được"), "en": ("SEND", "It works again")}[language]
    before = len(following.of_unit(place.centre.store, UNIT, 50))
    page = opened(f"{place.link(UNIT)}?lang={language}", width=_ON_A_PHONE, javascript=False).page

    page.click("a.tile >> nth=1")
    page.click("a.row >> nth=3")
    page.fill("#note", HOSTILE)
    page.check("input[name=waiting][value='1-5']")
    page.click(f"form:has(#note) button:has-text('{sends}') >> nth=0")
    page.wait_for_selector("ol.steps")
    page.go_back()
    page.wait_for_selector("#note")
    page.click(f"form:has(#note) button:has-text('{sends}') >> nth=1")
    page.click(f"text={works}")

    page.locator("ol.steps li.is >> nth=3").wait_for()  # sent, received, being handled, done
    assert len(following.of_unit(place.centre.store, UNIT, 50)) == before + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_phone_fits_and_is_open_to_everybody(
    place: Place, opened: Opening, scheme: Literal["light", "dark"]
) -> None:
    watched = opened(place.link(UNIT), width=_ON_A_PHONE)
    watched.page.emulate_media(color_scheme=scheme)
    wrong: dict[str, list[object]] = {}

    def look(name: str) -> None:
        if found := wrong_with(watched):
            wrong[name] = found

    look("what")
    assert watched.page.locator(".known").count() == 3  # two incidents, and the box that waits
    drawn = watched.page.locator("a.tile svg").first.evaluate("(one) => one.getBBox().width")
    watched.page.click("a.tile >> nth=5")
    watched.page.wait_for_selector("a.row")
    look("how")
    watched.page.click("a.row >> nth=0")
    watched.page.wait_for_selector("#note")
    look("send")
    watched.page.click("form:has(#note) button >> nth=0")
    watched.page.wait_for_selector("ol.steps")
    look("status")
    watched.page.goto(f"{place.base}/report?lang=en")
    look("code")

    assert (wrong, drawn > 0) == ({}, True)


def test_a_report_waits_on_the_phone_until_the_centre_has_it_and_is_one(place: Place, opened: Opening) -> None:
    watched = opened(f"{place.link(OFFLINE)}?what=network&how=unusable", width=_ON_A_PHONE)
    page = watched.page
    page.set_default_timeout(15_000)

    page.context.set_offline(True)
    page.click("form:has(#note) button >> nth=0")
    page.wait_for_selector("#kept:visible")
    told = page.inner_text("#kept")
    cut = []

    def lose_the_answer(route: Route) -> None:
        cut.append(route.fetch().status)
        route.abort()

    page.route("**/report/*", lose_the_answer, times=1)
    page.context.set_offline(False)
    page.wait_for_selector("ol.steps")

    assert ("Đã lưu trên máy, sẽ tự gửi." in told, "0270 382 0001" in told) == (True, True)
    assert cut == [201]
    assert len(following.of_unit(place.centre.store, OFFLINE, 5)) == 1
    assert page.evaluate("localStorage.getItem('machxa-reports')") == "[]"


def test_what_the_phone_kept_for_over_a_week_is_told_of_once_and_sent_no_more(place: Place, opened: Opening) -> None:
    watched = opened(f"{place.link(OFFLINE)}?what=network&how=unusable", width=_ON_A_PHONE)
    page = watched.page
    before = len(following.of_unit(place.centre.store, OFFLINE, 5))
    one = {"key": "a" * 32, "url": page.url, "body": "what=network", "at": place.centre.now_ms - 90 * 86_400_000}
    page.evaluate("one => localStorage.setItem('machxa-reports', JSON.stringify([one]))", one)

    page.reload()
    page.wait_for_selector("#kept-old:visible")
    told = page.inner_text("#kept-old")
    page.reload()

    assert "quá một tuần" in told
    assert page.is_hidden("#kept-old")
    assert page.is_hidden("#kept")
    assert page.evaluate("localStorage.getItem('machxa-reports')") == "[]"
    assert len(following.of_unit(place.centre.store, OFFLINE, 5)) == before


@pytest.mark.parametrize("javascript", [True, False])
def test_a_photograph_is_chosen_in_the_form_and_never_costs_the_report(
    place: Place, opened: Opening, *, javascript: bool
) -> None:
    page = opened("about:blank", width=_ON_A_PHONE, javascript=javascript).page
    shots = {"good": png(tail=b"\0" * 200_000), "bad": b"MZ" + b"\0" * 100}
    told = {}

    for name, content in shots.items():
        page.goto(f"{place.link(PHOTOGRAPHED[javascript])}?what=printer&how=unusable&lang=en")
        page.set_input_files("#photo", {"name": "x.png", "mimeType": "image/png", "buffer": content})
        page.click("button:has-text('SEND') >> nth=0")
        page.wait_for_selector("ol.steps")
        told[name] = page.inner_text("main")

    assert ("A photograph is kept with it" in told["good"], "photograph is not:" in told["good"]) == (True, False)
    assert "The report is kept. The photograph is not: it is no whole JPEG or PNG." in told["bad"]
    assert page.locator("#photo").count() == 1  # it can be sent after all
    assert len(following.of_unit(place.centre.store, PHOTOGRAPHED[javascript], 9)) == 2


def test_a_photograph_waits_with_its_report_for_the_line(place: Place, opened: Opening) -> None:
    page = opened(f"{place.link(WAITING)}?what=scanner&how=error", width=_ON_A_PHONE).page
    page.set_default_timeout(15_000)
    page.evaluate(BIG_PHOTO)

    page.context.set_offline(True)
    page.click("form:has(#note) button >> nth=0")
    page.wait_for_selector("#kept-photo:visible")
    page.context.set_offline(False)
    page.wait_for_selector("ol.steps")

    assert "Đã có ảnh kèm theo." in page.inner_text("main")
    (report,) = following.of_unit(place.centre.store, WAITING, 9)
    kept = photos.one(place.centre.store, EVERYWHERE, report.id)
    assert kept is not None
    assert (kept[:3], len(kept) < 2_000_000) == (b"\xff\xd8\xff", True)  # made smaller for the line


def test_a_clerks_own_page_fits_a_phone_and_a_poster_one_sheet(place: Place, opened: Opening) -> None:
    who = somebody(place.centre, Role.LEADER, scope=UNIT)
    opening = sessions.Opening(person=who.id, is_half=False, sitting=COUNTER, address="", browser="")
    with place.centre.store.begin() as connection:
        secret = sessions.begin(connection, opening, place.centre.now_ms)
    watched = opened(f"{place.base}/report", width=_ON_A_PHONE)
    page = watched.page
    page.context.add_cookies([{"name": "machxa_session", "value": secret, "url": place.base}])

    page.goto(f"{place.base}/my-unit")
    mine = wrong_with(watched)
    page.click("text=Làm tấm dán")
    page.wait_for_selector(".poster .qr")
    poster = wrong_with(watched)
    printed = page.pdf(prefer_css_page_size=True, print_background=True)

    assert (mine, poster) == ([], [])
    assert len(re.findall(rb"/Type /Page\b", printed)) == 1

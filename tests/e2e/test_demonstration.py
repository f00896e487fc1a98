"""Over a demonstration every page is open to everybody and inert whatever it is told, and users do their tasks."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import openpyxl
import pytest

from machxa_collector.drill.fleet import communes
from tests.e2e.hostile import MARK, STRINGS
from tests.e2e.page_routes import REFUSED, addresses
from tests.e2e.planting import plant
from tests.e2e.staged import Staged, staged
from tests.e2e.watch import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

UNIT = communes()["86"][0]
INJECTED = """() => {
  const wrong = [];
  if (window.hstl !== undefined) wrong.push('script ran: ' + window.hstl);
  for (const one of document.querySelectorAll('*')) {
    for (const {name, value} of one.attributes) {
      if (name.startsWith('on')) wrong.push(one.tagName + ' ' + name);
      if (/^(href|src|action|formaction|data|srcdoc)$/.test(name)
          && /^\\s*(javascript|vbscript|data:text)/i.test(value))
        wrong.push(one.tagName + ' ' + name + '=' + value);
    }
    if (one.classList && one.classList.contains('hstl')) wrong.push(one.tagName + '.hstl');
  }
  for (const one of document.querySelectorAll('iframe, object, embed, base, meta[http-equiv=refresh]'))
    if (one.outerHTML.includes('hstl')) wrong.push(one.tagName);
  for (const one of document.scripts)
    if (!one.src && one.type !== 'application/json') wrong.push('inline script');
  return wrong;
}"""
FILES = "[...document.querySelectorAll('a[href]')].map((one) => one.getAttribute('href'))"
_FILE = re.compile(r"(\.|form=|format=)(csv|xlsx|docx)(\?|&|$)")
_DOCUMENT = b"word/document.xml"
_ACTIVE = re.compile(r"<w:instrText[^>]*>[^<]*|<w:fldSimple[^>]*>|<Relationship [^>]*External[^>]*>")
_NUMBER = re.compile(r"[+-]?[0-9., ]+%?")


@dataclass(slots=True)
class Walk:
    """Hold what a walk over all pages found, by page."""

    addresses: dict[str, str]
    wrong: dict[str, list[str]]
    barriers: dict[str, list[str]]
    shown: set[str]
    files: set[str]
    unsaid: list[str]


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    with staged(tmp_path_factory.mktemp("demo") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def signed_in(browser: Browser, demonstration: Staged) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.new_page().goto(demonstration.link)
    yield context
    context.close()


@pytest.fixture(scope="session")
def walked(demonstration: Staged, signed_in: BrowserContext) -> Walk:
    """Open every page once with hostile texts planted in the store, in both colour schemes."""
    planted = plant(demonstration)
    found = Walk(addresses(demonstration, planted, UNIT), {}, {}, set(), set(), [])
    for route, path in found.addresses.items():
        page = signed_in.new_page()
        watched = Watched(page, demonstration.base)
        answer = page.goto(demonstration.base + path)
        assert answer is not None
        text = page.inner_text("body")
        found.shown.update(one for one in STRINGS if one[:40].split("\n")[0] in text)
        wrong = [*page.evaluate(INJECTED), *watched.refused(), *watched.elsewhere]
        wrong += [one for one in watched.errors if not (answer.status >= 400 and "status of" in one)]
        policy = answer.headers.get("content-security-policy", "")
        if "script-src 'self'" not in policy or "unsafe" in policy:
            wrong.append(f"policy: {policy!r}")
        if answer.status != REFUSED.get(route, 200):
            wrong.append(f"status {answer.status}")
        if "demonstration" not in page.content():
            found.unsaid.append(route)
        found.files.update(one for one in page.evaluate(FILES) if _FILE.search(one))
        watched.shorten()
        barriers = watched.barriers()
        page.emulate_media(color_scheme="dark")
        barriers += [f"dark {one}" for one in watched.barriers("color-contrast")]
        if wrong:
            found.wrong[route] = wrong
        if barriers:
            found.barriers[route] = barriers
        page.close()
    return found


@pytest.mark.parametrize(("lang", "cause", "button"), [("vi", "power_or_line", None), ("en", "device", "Take note")])
def test_the_officer_sees_what_is_wrong_and_takes_it_on(
    demonstration: Staged, signed_in: BrowserContext, lang: str, cause: str, button: str | None
) -> None:
    (chosen, *_) = [
        one
        for one in demonstration.ask("/incidents")["incidents"]
        if one["cause"] == cause and one["ended_at"] is None and one["handling"]["acknowledged_at"] is None
    ]
    page = signed_in.new_page()
    page.goto(f"{demonstration.base}/incidents?lang={lang}")

    page.click(f"a[href^='/incidents/{chosen['id']}']")
    assert button is None or button in page.inner_text("main")
    page.click("form:has([name=kind][value=acknowledge]) button")

    handling = demonstration.ask(f"/incidents/{chosen['id']}")["handling"]
    assert handling["acknowledged_by"] in page.inner_text("main") or handling["acknowledged_by"] == "link"
    assert page.get_attribute("html", "lang") == lang
    assert page.locator("[name=kind][value=acknowledge]").count() == 0
    page.close()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_finance_plans_under_two_billion_and_takes_the_workbook_along(
    demonstration: Staged, signed_in: BrowserContext, lang: str
) -> None:
    page = signed_in.new_page()
    page.goto(f"{demonstration.base}/finance?lang={lang}")
    page.fill("form.ceiling [name=million]", "2000")
    page.click("form.ceiling button")

    link = page.get_attribute("a[href^='/api/v1/planning/plan.xlsx']", "href")
    assert link is not None
    book = openpyxl.load_workbook(io.BytesIO(demonstration.fetched(link)))

    assert "2000000000" in link
    assert len(book.sheetnames) >= 3
    assert page.get_attribute("html", "lang") == lang
    page.close()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_clerk_reports_a_jammed_printer_in_three_taps_on_a_slow_line(
    browser: Browser, demonstration: Staged, signed_in: BrowserContext, lang: str
) -> None:
    office = signed_in.new_page()
    office.goto(f"{demonstration.base}/my-unit?unit={UNIT}")
    link = office.get_attribute("a[href^='/report/']:not([href^='/report/s/'])", "href")
    office.close()
    told = [(one["unit"], one["category"]) for one in demonstration.ask("/reports?limit=100")["reports"]]
    before = told.count((UNIT, "land_printer"))
    phone = browser.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN")
    page = phone.new_page()
    line = phone.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 300, "downloadThroughput": 8_000, "uploadThroughput": 8_000},
    )
    page.goto(f"{demonstration.base}{link}?lang={lang}", timeout=30_000)
    page.wait_for_selector("a.tile")
    wide = [page.evaluate("document.documentElement.scrollWidth - innerWidth")]

    page.click("a.tile[href*='land_printer']")
    page.click("a.row >> nth=0")
    page.wait_for_selector("form[data-keep]:has([name=how])")
    wide.append(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
    page.click("form[data-keep]:has([name=how]) button >> nth=0")
    page.wait_for_url("**/report/s/**", timeout=30_000)

    told = [(one["unit"], one["category"]) for one in demonstration.ask("/reports?limit=100")["reports"]]
    assert told.count((UNIT, "land_printer")) == before + 1
    assert wide == [0, 0]
    assert page.get_attribute("html", "lang") == lang
    phone.close()


def test_every_page_is_inert_whatever_it_is_told(walked: Walk) -> None:
    assert walked.wrong == {}, walked.wrong
    assert len(walked.shown) >= 50, "the texts were planted where no page shows them"


def test_axe_finds_nothing_serious_on_any_page_light_or_dark(walked: Walk) -> None:
    assert walked.barriers == {}


def test_every_page_says_that_it_is_a_demonstration(walked: Walk) -> None:
    assert walked.unsaid == []


def test_no_export_that_a_page_offers_holds_a_formula_from_outside(walked: Walk, demonstration: Staged) -> None:
    formulas = {}
    for path in sorted(walked.files):
        content = demonstration.fetched(urlsplit(path).path + "?" + urlsplit(path).query)
        cells = (_document if _DOCUMENT in content else _workbook)(content) if content[:2] == b"PK" else _table(content)
        if found := [one for one in cells if MARK in one]:
            formulas[path] = found

    assert len(walked.files) >= 3
    assert formulas == {}


def _document(content: bytes) -> list[str]:
    """Return what a text document would follow, reckon or run."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = [
            packed.read(name).decode("utf-8", "replace")
            for name in packed.namelist()
            if name.endswith((".xml", ".rels"))
        ]
    return [one for part in parts for one in _ACTIVE.findall(part)]


def _workbook(content: bytes) -> list[str]:
    """Return what a workbook would reckon or follow."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    linked = [str(cell.hyperlink.target) for cell in cells if cell.hyperlink is not None]
    return [*(str(cell.value) for cell in cells if cell.data_type == "f"), *linked]


def _table(content: bytes) -> list[str]:
    """Return cells of a CSV file that a spreadsheet would take for formulas."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r") and not _NUMBER.fullmatch(cell)]


def test_the_keyboard_alone_reaches_and_shows_each_control(demonstration: Staged, signed_in: BrowserContext) -> None:
    unseen = {}
    for path in ("/", "/incidents", "/assets", "/finance", "/report"):
        page = signed_in.new_page()
        page.goto(demonstration.base + path)
        wrong = page.evaluate(_KEYBOARD)
        if wrong:
            unseen[path] = wrong
        page.close()

    assert unseen == {}


_KEYBOARD = """async () => {
  const wrong = [];
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter((one) => !one.disabled && one.checkVisibility());
  for (const one of all.slice(0, 120)) {
    if (one.tabIndex < 0) { wrong.push('not reached: ' + one.outerHTML.slice(0, 80)); continue; }
    one.focus({focusVisible: true});
    if (document.activeElement !== one) { wrong.push('no focus: ' + one.outerHTML.slice(0, 80)); continue; }
    const style = getComputedStyle(one);
    if (style.outlineStyle === 'none' && style.boxShadow === 'none')
      wrong.push('unseen: ' + one.outerHTML.slice(0, 80));
  }
  return wrong;
}"""

"""Draw the pictures of ``docs/screens`` anew over a demonstration: ``python -m tests.e2e.screens``."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from machxa_collector.drill.fleet import communes
from tests.e2e.conftest import ARGUMENTS, ROOT
from tests.e2e.picturing import small
from tests.e2e.staged import Staged, staged

FOLDER = ROOT / "docs" / "screens"
_MOST_BYTES = 3_000_000  # of all together
_DESKTOP, _PHONE, _WALL = (1280, 900), (360, 720), (1600, 900)
_MOST_EACH = 120_000
_COMMUNES = "124"
_READY = (("/?map=late", ".banner"), ("/finance?plan=A", "main"))  # reckoned beside the pages, and what they have then
_MAKING = "[Đđ]ang (tính|lập)"
_TRIES = 300
_PATIENCE_MS = 180_000
_UNIT = communes()["86"][0]
SHOTS = (  # name, address, language, window, colour scheme
    ("desk-vi", "/", "vi", _DESKTOP, "light"),
    ("desk-dark-vi", "/?map=old", "vi", _DESKTOP, "dark"),
    ("wall-vi", "/?kiosk=1", "vi", _WALL, "light"),
    ("incidents-en", "/incidents", "en", _DESKTOP, "light"),
    ("incident-vi", "{incident}", "vi", _DESKTOP, "light"),
    ("communes-vi", "/communes", "vi", _DESKTOP, "light"),
    ("commune-en", f"/communes/{_UNIT}", "en", _DESKTOP, "light"),
    ("commune-dark-vi", f"/communes/{_UNIT}", "vi", _DESKTOP, "dark"),
    ("device-vi", "{device}", "vi", _DESKTOP, "light"),
    ("systems-vi", "/systems", "vi", _DESKTOP, "light"),
    ("system-en", "/systems/dossier", "en", _DESKTOP, "light"),
    ("finance-vi", "/finance?plan=A", "vi", _DESKTOP, "light"),
    ("finance-charts-en", "/finance/charts?plan=A", "en", _DESKTOP, "light"),
    ("register-vi", "/register", "vi", _DESKTOP, "light"),
    ("report-phone-vi", "{report}", "vi", _PHONE, "light"),
    ("report-phone-dark-en", "{report}", "en", _PHONE, "dark"),
)


def main() -> int:
    """Start a demonstration and draw; return the exit status."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("chromium is not on the PATH: apt-get install chromium\n")
        return 2
    with (
        tempfile.TemporaryDirectory(prefix="machxa-screens-") as made,
        staged(Path(made) / "data", "--communes", _COMMUNES, patience=5.0) as centre,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        total = _draw(browser, centre)
        browser.close()
    if total > _MOST_BYTES or _too_large():
        sys.stderr.write(f"{total} bytes, at most {_MOST_BYTES}; larger than {_MOST_EACH}: {_too_large()}\n")
        return 1
    sys.stdout.write(f"{len(SHOTS)} pictures, {total / 1000:.0f} kB, in {FOLDER}\n")
    return 0


def _too_large() -> list[str]:
    return [name for name, *_ in SHOTS if (FOLDER / f"{name}.png").stat().st_size > _MOST_EACH]


def _await(page: Page, address: str, told: str) -> None:
    """Wait until a page is whole and has what it is waited for."""
    for _ in range(_TRIES):
        try:
            page.goto(address)
            if page.locator(told).count() and not re.search(_MAKING, page.inner_text("main")):
                return
        except Error:
            pass  # a page that is being made asks again by itself
        page.wait_for_timeout(1000)


def _draw(browser: Browser, centre: Staged) -> int:
    keeper = browser.new_context()
    keeper.set_default_timeout(_PATIENCE_MS)
    page = keeper.new_page()
    page.goto(centre.link)
    page.goto(f"{centre.base}/my-unit?unit={_UNIT}")
    report = page.get_attribute("a[href^='/report/']:not([href^='/report/s/'])", "href") or "/report"
    graver = next(one for one in centre.ask("/incidents")["incidents"] if one["subject"] == "dossier")
    device = next(one["id"] for one in centre.ask("/assets?limit=100")["assets"] if one["kind"] == "printer")
    places = {"incident": f"/incidents/{graver['id']}", "report": report, "device": f"/assets/{device}"}
    for address, told in _READY:
        _await(page, centre.base + address, told)
    state, total = keeper.storage_state(), 0
    page.goto("about:blank")
    for name, address, language, (width, height), scheme in SHOTS:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            storage_state=state,
            color_scheme="dark" if scheme == "dark" else "light",
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        context.set_default_timeout(_PATIENCE_MS)
        shown = context.new_page()
        path = address.format_map(places)
        shown.goto(f"{centre.base}{path}{'&' if '?' in path else '?'}lang={language}")
        (FOLDER / f"{name}.png").write_bytes(small(page, shown.screenshot()))
        total += (FOLDER / f"{name}.png").stat().st_size
        context.close()
    keeper.close()
    return total


if __name__ == "__main__":
    sys.exit(main())

"""Draw the pictures of ``docs/screens`` anew over a demonstration: ``python -m tests.e2e.screens``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from machxa_collector.drill.fleet import communes
from tests.e2e.conftest import ARGUMENTS, ROOT
from tests.e2e.staged import Staged, staged

FOLDER = ROOT / "docs" / "screens"
_MOST_BYTES = 3_000_000  # of all together
_DESKTOP, _PHONE = (1280, 900), (360, 720)
_UNIT = communes()["86"][0]
SHOTS = (  # name, address, language, window, colour scheme
    ("incidents-en", "/incidents", "en", _DESKTOP, "light"),
    ("incident-vi", "{incident}", "vi", _DESKTOP, "light"),
    ("communes-vi", "/communes", "vi", _DESKTOP, "light"),
    ("commune-en", f"/communes/{_UNIT}", "en", _DESKTOP, "light"),
    ("commune-dark-vi", f"/communes/{_UNIT}", "vi", _DESKTOP, "dark"),
    ("systems-vi", "/systems", "vi", _DESKTOP, "light"),
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
        staged(Path(made) / "data") as centre,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        total = _draw(browser, centre)
        browser.close()
    if total > _MOST_BYTES:
        sys.stderr.write(f"{total} bytes, at most {_MOST_BYTES}\n")
        return 1
    sys.stdout.write(f"{len(SHOTS)} pictures, {total / 1000:.0f} kB, in {FOLDER}\n")
    return 0


def _draw(browser: Browser, centre: Staged) -> int:
    keeper = browser.new_context()
    page = keeper.new_page()
    page.goto(centre.link)
    page.goto(f"{centre.base}/my-unit?unit={_UNIT}")
    report = page.get_attribute("a[href^='/report/']:not([href^='/report/s/'])", "href") or "/report"
    graver = next(one for one in centre.ask("/incidents")["incidents"] if one["subject"] == "dossier")
    places = {"incident": f"/incidents/{graver['id']}", "report": report}
    state, total = keeper.storage_state(), 0
    for name, address, language, (width, height), scheme in SHOTS:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            storage_state=state,
            color_scheme="dark" if scheme == "dark" else "light",
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        shown = context.new_page()
        path = address.format_map(places)
        shown.goto(f"{centre.base}{path}{'&' if '?' in path else '?'}lang={language}")
        shown.screenshot(path=FOLDER / f"{name}.png")
        total += (FOLDER / f"{name}.png").stat().st_size
        context.close()
    keeper.close()
    return total


if __name__ == "__main__":
    sys.exit(main())

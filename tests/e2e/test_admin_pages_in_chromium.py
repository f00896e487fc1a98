"""The registry's pages in a real browser: their layout, their languages, and what somebody with a keyboard meets."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.watch import Watched
from tests.web.fixture_desk import ASSET, LINE

Opening = Callable[..., Watched]
Address = Callable[[str], str]
PAGES = (
    "/admin",
    "/admin/records/lines",
    "/admin/records/lines/new",
    f"/admin/records/lines/{LINE}",
    "/admin/records/lines/none",
    "/admin/history",
    "/admin/history/b-1",
    "/admin/import/lines",
    "/admin/imports/i-1",
    "/admin/identity",
    f"/admin/identity/{ASSET}",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("width", [390, 1200])
def test_a_page_fits_runs_clean_and_is_open_to_everybody(
    fixture_pages: Address, opened: Opening, path: str, lang: str, width: int
) -> None:
    watched = opened(f"{fixture_pages('plain')}{path}?lang={lang}", width=width)
    errors = [one for one in watched.errors if not ("404" in one and path.endswith("/none"))]

    wrong = (watched.overflow(), errors, watched.refused(), watched.elsewhere, watched.barriers())

    assert wrong == (0, [], [], [], [])
    assert watched.page.get_attribute("html", "lang") == lang


def test_a_change_is_previewed_confirmed_and_read_in_another_language(fixture_pages: Address, opened: Opening) -> None:
    page = opened(f"{fixture_pages('plain')}/admin/records/lines/{LINE}").page

    page.fill("[name=name]", "Cáp quang")
    page.click("button >> nth=0")
    assert "Sẽ thay đổi như sau" in page.inner_text("main")
    page.click("text=English")

    assert page.url.endswith(f"/admin/records/lines/{LINE}?lang=en")
    page.click("text=Registry >> nth=0")
    assert page.get_attribute("html", "lang") == "en"

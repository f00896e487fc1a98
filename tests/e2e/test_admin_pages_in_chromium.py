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
    page.click("main button >> nth=0")
    assert "Sẽ thay đổi như sau" in page.inner_text("main")
    page.click("text=English")

    assert page.url.endswith(f"/admin/records/lines/{LINE}?lang=en")
    page.click("text=Registry >> nth=0")
    assert page.get_attribute("html", "lang") == "en"


def test_words_of_a_list_stay_whole_on_a_phone(fixture_pages: Address, opened: Opening) -> None:
    watched = opened(f"{fixture_pages('plain')}/admin/records/lines", width=390)

    lines = watched.page.evaluate(
        "[...document.querySelectorAll('.records th:not(:has(.unseen)), .records td a')].map((one) => {"
        "const range = document.createRange(); range.selectNodeContents(one);"
        "const rows = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));"
        "return [rows.size, one.textContent.trim().split(/ +/).length] })"
    )

    assert [pair for pair in lines if pair[0] > pair[1]] == []

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.watch import Watched

CASES = ("plain", "hostile", "empty", "lost", "list")
Opening = Callable[..., Watched]
Address = Callable[[str], str]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("width", [360, 1200])
def test_a_page_fits_runs_clean_and_fetches_nothing_from_elsewhere(
    fixture_pages: Address, opened: Opening, case: str, lang: str, width: int
) -> None:
    watched = opened(f"{fixture_pages(case)}/?lang={lang}", width=width)
    watched.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")

    wrong = (watched.overflow(), watched.errors, watched.refused(), watched.elsewhere)

    assert wrong == (0, [], [], [])
    assert watched.page.get_attribute("html", "lang") == lang


@pytest.mark.parametrize("case", CASES)
def test_axe_finds_nothing_serious(fixture_pages: Address, opened: Opening, case: str) -> None:
    watched = opened(fixture_pages(case))
    watched.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")

    assert watched.barriers() == []


@pytest.mark.parametrize("span", ["1h", "24h"])
def test_charts_are_drawn_with_their_points(fixture_pages: Address, opened: Opening, span: str) -> None:
    watched = opened(f"{fixture_pages('plain')}/?range={span}")

    drawn = watched.drawn_points()

    assert sorted(drawn) == ["cpu", "disk", "files", "memory", "network"]
    assert min(drawn.values()) >= 40


def test_the_numbers_are_there_without_javascript(fixture_pages: Address, opened: Opening) -> None:
    watched = opened(fixture_pages("plain"), javascript=False)

    text = watched.page.inner_text("main")

    for expected in ("MOTCUA-01", "trên 8 GB", "81%", "OptiPlex 3020", " trước", "12.345"):
        assert expected in text


def test_a_slash_leads_to_the_search_box_and_is_typed_where_somebody_types(
    fixture_pages: Address, opened: Opening
) -> None:
    page = opened(fixture_pages("plain")).page

    page.keyboard.press("/")
    page.keyboard.type("10/12")

    assert page.evaluate("[document.activeElement.name, document.activeElement.value]") == ["q", "10/12"]


def test_hostile_text_does_nothing(fixture_pages: Address, opened: Opening) -> None:
    watched = opened(fixture_pages("hostile"))

    assert watched.page.title().startswith("<script>document.title='taken'</script>")
    assert (watched.errors, watched.page.locator("img:not([alt=''])").count()) == ([], 0)


def test_polling_takes_new_values_only_when_there_are_any(fixture_pages: Address, opened: Opening) -> None:
    page = opened(fixture_pages("plain")).page
    page.evaluate("document.addEventListener('htmx:afterSwap', () => (window.swaps = (window.swaps || 0) + 1))")
    polled = "(async () => { await htmx.ajax('GET', live.getAttribute('hx-get'), {source: live}); return swaps })()"

    swaps = [page.evaluate(polled), page.evaluate(polled)]

    assert swaps == [1, 1]
    page.wait_for_selector("[data-chart=cpu] canvas")


def test_a_silent_centre_is_said_aloud(fixture_pages: Address, opened: Opening) -> None:
    page = opened(fixture_pages("plain")).page
    page.route("**/live?**", lambda route: route.abort())

    page.evaluate("htmx.ajax('GET', live.getAttribute('hx-get'), {source: live}).catch(() => null)")

    page.wait_for_selector("#cut:visible")
    assert "Trung tâm không trả lời" in page.inner_text("#cut")


def test_the_keyboard_reaches_content_languages_and_times(fixture_pages: Address, opened: Opening) -> None:
    page = opened(fixture_pages("plain")).page

    places = page.eval_on_selector_all(
        "nav.places a",
        "found => found.filter(one => one.checkVisibility()).map(one => one.textContent.trim().split('\\n')[0])",
    )
    reached = []
    for _ in range(len(places) + 9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim().split('\\n')[0]"))

    assert {"Bàn trực", "Sự cố", "Thiết bị", "Quản trị"} <= set(places)
    assert reached == [
        "Tới nội dung chính",
        "Mạch Xã",
        "",  # the field to search in
        "Tìm",
        "Tiếng Việt",
        "English",
        *places,
        "Việc tiếp theo: ghi đơn vị, đường truyền, tài sản vào sổ đăng ký",
        "1 giờ qua",
        "24 giờ qua",
    ]

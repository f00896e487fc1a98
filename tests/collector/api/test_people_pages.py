"""The pages about people, as a browser without JavaScript uses them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from pyotp import TOTP

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import PASSWORD, seat, signing_in, somebody

NEW = "ngồi trên đê ngắm trăng lên"
TWICE = {"password": NEW, "again": NEW}


@pytest.fixture
def browser(centre: Centre) -> Iterator[TestClient]:
    """Return a browser of a server beyond loopback, nobody signed in."""
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", headers={"Accept": "text/html"}) as caller:
        yield caller


def post(browser: TestClient, path: str, **fields: str) -> Response:
    """Send a form as a browser does from a page of ours."""
    own = {"Origin": "https://may-chu.xa.example", "Sec-Fetch-Site": "same-origin"}
    answer: Response = browser.post(path, data=fields, headers=own)
    return answer


def hidden(page: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def told(page: Response) -> str:
    """Return the words of a page."""
    return html.unescape(re.sub(r"<[^>]+>", " ", page.text))


def test_who_is_not_signed_in_is_led_to_the_form_and_then_to_where_they_wanted(
    browser: TestClient, centre: Centre
) -> None:
    who = somebody(centre, Role.CLERK, scope="29506")

    form = browser.get("/assets")
    inside = post(browser, "/account/sign-in", next=hidden(form.text, "next"), **signing_in(centre, who))

    assert (form.url.path, "Đăng nhập" in told(form)) == ("/account/sign-in", True)
    assert (inside.url.path, inside.status_code) == ("/assets", 200)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "/a\nb"]
)
def test_signing_in_leads_to_no_other_site(browser: TestClient, centre: Centre, elsewhere: str) -> None:
    asked = signing_in(centre, somebody(centre, Role.CLERK, scope="29506"))

    answer = browser.post("/account/sign-in", data={"next": elsewhere, **asked}, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_the_form_says_what_is_wrong_and_repeats_no_secret(browser: TestClient) -> None:
    answer = post(browser, "/account/sign-in", login="<b>nobody</b>", password=PASSWORD, code="123456")

    assert (answer.status_code, "sai tên đăng nhập" in told(answer)) == (403, True)
    assert not any(secret in answer.text for secret in (PASSWORD, "123456", "<b>nobody"))


def test_a_form_from_another_site_signs_nobody_in(browser: TestClient, centre: Centre) -> None:
    asked = signing_in(centre, somebody(centre, Role.CLERK, scope="29506"))

    for foreign in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"}):
        answer = browser.post("/account/sign-in", data=asked, headers=foreign)
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_the_first_start_goes_from_the_link_to_an_administrator_with_a_code(
    browser: TestClient, centre: Centre
) -> None:
    first = browser.get(f"/sign-in?token={centre.token(Purpose.SIGN_IN, uses=1)}")
    refused = post(browser, "/account/first", login="quan.tri", name="Lê Quản", password=NEW, again="other sentence x")
    factor = post(browser, "/account/first", login="quan.tri", name="Lê Quản", **TWICE)
    pending = hidden(factor.text, "pending")
    key = re.search(r"<code>([A-Z2-7]{32})</code>", factor.text)
    assert key is not None
    wrong = post(browser, "/account/second-factor", pending=pending, code="000000")
    codes = post(browser, "/account/second-factor", pending=pending, code=TOTP(key[1]).at(centre.now_ms // 1000))

    assert (first.url.path, refused.status_code, "không giống nhau" in told(refused)) == ("/account/first", 422, True)
    assert (factor.url.path, "<svg" in factor.text) == ("/account/second-factor", True)
    assert (wrong.status_code, key[1] in wrong.text) == (422, True)
    assert len(re.findall(r"<code>(?:[a-z2-7]{4}-){5}[a-z2-7]{4}</code>", codes.text)) == 10
    assert browser.get("/people").status_code == 200


def test_an_account_is_made_invited_changed_and_disabled(browser: TestClient, centre: Centre) -> None:
    seat(centre, browser, somebody(centre, Role.ADMIN, scope="86", login="boss"), Role.ADMIN)
    made = post(browser, "/people/new", login="Hoa", name="Trần Thị Hoa", scope="Hòa Minh", **{"role-clerk": "on"})
    link = re.search(r"<code>(https://may-chu.xa.example/account/invited\?token=[\w-]+)</code>", made.text)
    assert link is not None
    person = re.search(r"/people/([0-9a-f-]{36})", browser.get("/people").text.partition(">Trần Thị Hoa<")[0][-200:])
    assert person is not None
    changed = post(browser, f"/people/{person[1]}", name="Hoa", scope="86", **{"role-leader": "on"})
    disabled = post(browser, f"/people/{person[1]}/disable")
    unusable = browser.get(link[1])
    enabled = post(browser, f"/people/{person[1]}/enable")
    again = post(browser, f"/people/{person[1]}/invite")
    second = re.search(r"token=([\w-]+)", again.text)
    assert second is not None
    browser.cookies.clear()
    accepted = post(browser, "/account/invited", token=second[1], **TWICE)

    assert ("Lãnh đạo đơn vị" in told(changed), 'value="86"' in changed.text) == (True, True)
    assert ("tạm khóa" in told(disabled), "tạm khóa" in told(enabled)) == (True, False)
    assert (unusable.status_code, "hết hạn" in told(unusable)) == (403, True)
    assert ("Đã lưu mật khẩu" in told(accepted), accepted.url.path) == (True, "/account/sign-in")
    assert post(browser, "/account/sign-in", login="hoa", password=NEW).url.path == "/"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"login": "x"}, "3 đến 60"),
        ({"name": ""}, "1 đến 120"),
        ({"role-clerk": ""}, "ít nhất một vai trò"),
        ({"scope": "Tân Thành"}, "hãy ghi mã"),
        ({"scope": "Hà Nội"}, "rộng hơn phạm vi của bạn"),
        ({"scope": "Atlantis"}, "không có nơi này"),
        ({"login": "boss"}, "đã có người dùng"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why_and_keeps_what_was_typed(
    browser: TestClient, centre: Centre, changed: dict[str, str], words: str
) -> None:
    seat(centre, browser, somebody(centre, Role.ADMIN, scope="86", login="boss"), Role.ADMIN)
    typed = {"login": "hoa", "name": "Trần Hoa", "scope": "86", "role-clerk": "on", **changed}

    answer = post(browser, "/people/new", **typed)

    assert (answer.status_code, words in told(answer)) == (422, True)
    assert f'value="{typed["scope"]}"' in answer.text


def test_ones_password_and_sessions_are_changed_on_ones_own_page(browser: TestClient, centre: Centre) -> None:
    who = somebody(centre, Role.CLERK, scope="29506")
    post(browser, "/account/sign-in", **signing_in(centre, who))
    browser.cookies.clear()
    post(browser, "/account/sign-in", **signing_in(centre, who))
    listed = browser.get("/account")
    other = re.search(r"/account/sessions/([0-9a-f-]{36})/end", listed.text)
    assert other is not None

    ended = post(browser, f"/account/sessions/{other[1]}/end")
    wrong = post(browser, "/account/password", current="guess", **TWICE)
    changed = post(browser, "/account/password", current=PASSWORD, **TWICE)
    out = post(browser, "/account/sign-out")

    assert ("Phiên đã kết thúc" in told(ended), other[1] in ended.text) == (True, False)
    assert (wrong.status_code, "Đã đổi mật khẩu" in told(changed)) == (403, True)
    assert (out.url.path, "đã đăng xuất" in told(out)) == ("/account/sign-in", True)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("path", ["/account/sign-in", "/account", "/account/second-factor", "/people", "/people/new"])
def test_a_page_about_people_is_kept_by_nobody_and_needs_no_script(
    browser: TestClient, centre: Centre, path: str, lang: str
) -> None:
    seat(centre, browser, somebody(centre, Role.ADMIN), Role.ADMIN)

    page = browser.get(f"{path}?lang={lang}")

    assert (page.status_code, page.headers["cache-control"], page.headers["content-language"]) == (
        200,
        "no-store",
        lang,
    )
    assert "max-age=31536000" in page.headers["strict-transport-security"]
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page.text)
    assert len(page.content) < 15_000


def test_who_may_only_look_is_offered_no_button(browser: TestClient, centre: Centre) -> None:
    clerk = somebody(centre, Role.CLERK, scope="29506", login="hoa")
    seat(centre, browser, somebody(centre, Role.AUDITOR), Role.AUDITOR)

    pages_ = browser.get("/people").text + browser.get(f"/people/{clerk.id}").text

    assert "hoa" in pages_
    assert "<button" not in pages_
    assert "/people/new" not in pages_
    assert post(browser, f"/people/{clerk.id}/disable").status_code == 403


def test_a_hostile_name_is_text(browser: TestClient, centre: Centre) -> None:
    seat(centre, browser, somebody(centre, Role.ADMIN), Role.ADMIN)
    post(browser, "/people/new", login="x.y", name="<img src=x onerror=alert(1)>", scope="86", **{"role-clerk": "on"})

    page = browser.get("/people")

    assert "<img src=x" not in page.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.text

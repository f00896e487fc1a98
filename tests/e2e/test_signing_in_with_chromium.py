"""From the one-time link to a colleague's account, by a browser without JavaScript."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyotp import TOTP

from tests.e2e.conftest import ROOT, _Children, _environment
from tests.e2e.watch import Watched

PASSWORD = "ngồi trên đê ngắm trăng lên"  # noqa: S105 - of accounts that this test makes
Opening = Callable[..., Watched]


@dataclass(frozen=True, slots=True)
class Centre:
    address: str
    data: Path
    start_seconds: float

    def link(self) -> str:
        """Return a one-time link's address."""
        command = [sys.executable, "-m", "machxa_collector.main", "token", "sign-in", "--data", str(self.data)]
        told = subprocess.run(command, env=_environment(), cwd=ROOT, capture_output=True, check=True, text=True).stdout
        return f"{self.address}/sign-in?token={told.strip()}"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Start a collector of its own."""
    data = tmp_path_factory.mktemp("var")
    with _Children() as children:
        command = ["-m", "machxa_collector.main", "serve", "--data", str(data), "--port", "{port}"]
        began = time.monotonic()
        address = children.start(command, ready="/healthz")
        yield Centre(address, data, time.monotonic() - began)


def test_the_first_administrator_signs_in_with_a_code_and_invites_a_clerk(centre: Centre, opened: Opening) -> None:
    watched = opened(centre.link(), javascript=False)
    page = watched.page

    page.goto(f"{centre.address}/account/first")
    page.fill("#f-login", "quan.tri")
    page.fill("#f-name", "Lê Văn Quản")
    page.fill("#f-password", PASSWORD)
    page.fill("#f-again", PASSWORD)
    page.click("button:has-text('Tạo tài khoản')")
    key = re.search(r"[A-Z2-7]{32}", page.inner_text("main"))
    assert key is not None
    page.fill("#f-code", TOTP(key[0]).now())
    page.click("button:has-text('Dùng mã này')")
    codes = page.locator("ol.codes li").count()
    page.goto(f"{centre.address}/people/new")
    page.fill("#f-login", "hoa")
    page.fill("#f-name", "Trần Thị Hoa")
    page.fill("#f-scope", "Hòa Minh")
    page.check("input[name=role-clerk]")
    page.click("button:has-text('Tạo tài khoản')")
    invitation = page.inner_text("main code")

    other = opened(invitation, javascript=False).page
    other.fill("#f-password", PASSWORD)
    other.fill("#f-again", PASSWORD)
    other.click("button:has-text('Lưu mật khẩu này')")
    other.fill("#f-login", "hoa")
    other.fill("#f-password", PASSWORD)
    other.click("button:has-text('Đăng nhập')")
    other.goto(f"{centre.address}/account")

    assert codes == 10
    assert "Trần Thị Hoa" in other.inner_text("main")
    assert other.goto(f"{centre.address}/people").status == 403  # type: ignore[union-attr] # a page was asked for


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("path", ["/account/sign-in", "/account", "/account/first", "/people", "/people/new"])
def test_pages_about_people_fit_run_clean_and_keep_nobody_out(
    centre: Centre, opened: Opening, path: str, width: int
) -> None:
    watched = opened(centre.link(), width=width)

    watched.page.goto(centre.address + path)

    assert (watched.overflow(), watched.errors, watched.refused(), watched.elsewhere) == (0, [], [], [])
    assert watched.barriers() == []


def test_a_form_on_another_site_of_this_computer_changes_nothing(centre: Centre, opened: Opening) -> None:
    page = opened(centre.link()).page
    page.goto("about:blank")
    fields = '<input name="login" value="x.y"><button>b</button>'
    page.set_content(f'<form method="post" action="{centre.address}/people/new">{fields}</form>')

    with page.expect_navigation() as arrived:
        page.click("button")

    assert arrived.value.status == 403
    assert "another site" in page.inner_text("body")


def test_the_wizard_leads_from_an_empty_folder_to_the_first_code_step_by_step(
    centre: Centre, opened: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    page = opened(centre.link(), javascript=False).page
    began = time.monotonic()

    page.goto(f"{centre.address}/setup")
    page.select_option("#f-province", "86")
    page.click("main form button")
    page.check("input[name=which][value=all]")
    page.click("main form button")
    page.fill("#f-source", "QĐ 12/QĐ-UBND, 03/07/2025")
    page.click("main form button")
    page.select_option("#f-unit", "29374")
    page.fill("#f-uses", "5")
    page.click("main form button")

    seconds = time.monotonic() - began
    with capsys.disabled():  # for the record: nothing is asserted of it
        print(f" empty folder to pages {centre.start_seconds:.1f} s, wizard to first code {seconds:.1f} s", end=" ")
    assert re.search(r"/TOKEN=\S{10,}", page.inner_text("main")) is not None
    assert [one for one in page.locator("ol.steps li").all_inner_texts()[:4] if "✓" not in one] == []

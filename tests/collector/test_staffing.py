"""Accounts and API tokens from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from machxa_collector.data_folder import now_ms, store_path
from machxa_collector.main import main
from machxa_collector.registry.people import Permission
from machxa_collector.store import api_tokens, people
from machxa_collector.store.engine import connect

Run = Callable[..., tuple[int, str, str]]
HOA = ("user", "add", "hoa", "--name", "Trần Thị Hoa", "--role", "clerk", "--scope", "29506")


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs machxa on a data folder of its own and tells status, output and errors."""

    def machxa(*arguments: str) -> tuple[int, str, str]:
        status = main([*arguments, "--data", str(tmp_path)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return machxa


def test_an_account_is_added_listed_disabled_and_enabled(run: Run) -> None:
    added = run(*HOA)
    before = run("user", "list")[1]
    run("user", "disable", "hoa")
    disabled = run("user", "list")[1]
    run("user", "enable", "hoa")

    assert (added[0], added[1].startswith("/account/invited?token=")) == (0, True)
    assert before == "hoa\tTrần Thị Hoa\tclerk\t29506\tchờ đặt mật khẩu (no password yet)\n"
    assert "tạm khóa (disabled)" in disabled
    assert run("user", "list")[1] == before


def test_a_new_invitation_ends_the_one_before(run: Run, tmp_path: Path) -> None:
    first = run(*HOA)[1].splitlines()[0].partition("=")[2]
    second = run("user", "invite", "hoa")[1].splitlines()[0].partition("=")[2]
    store = connect(store_path(tmp_path))

    assert people.invited(store, first, now_ms()) is None
    found = people.invited(store, second, now_ms())
    assert found is not None
    assert found.login == "hoa"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("user", "add", "Hoa!", *HOA[3:]), "small letters"),
        ((*HOA[:-1], "99999"), "there is no unit 99999"),
        ((*HOA[:-1], "everywhere"), "expected nation"),
        (("user", "disable", "nobody"), "there is no account"),
        (("token", "api", "--name", "x"), "needs --role and --scope"),
        (("token", "revoke", "x"), "no living token"),
    ],
)
def test_what_cannot_be_is_said_in_both_languages(run: Run, arguments: tuple[str, ...], told: str) -> None:
    status, _, errors = run(*arguments)

    assert (status, told in errors) == (1, True)
    assert any(sign in errors for sign in "ôầếđó")


def test_a_login_is_given_once(run: Run) -> None:
    run(*HOA)

    assert "is taken" in run(*HOA)[2]


def test_a_named_token_has_roles_a_territory_and_an_end(run: Run, tmp_path: Path) -> None:
    made = run("token", "api", "--name", "bảng", "--role", "auditor", "--scope", "86", "--days", "90")
    listed = run("token", "list")[1].split("\t")
    store = connect(store_path(tmp_path))
    found = api_tokens.principal_of(store, made[1].strip(), now_ms())
    revoked = run("token", "revoke", listed[0])[0]

    assert found is not None
    assert (found.name, str(found.scope), found.may(Permission.ASSETS_WRITE)) == ("token bảng", "86", False)
    assert (listed[1:4], revoked) == (["bảng", "auditor", "86"], 0)
    assert api_tokens.principal_of(store, made[1].strip(), now_ms()) is None


def test_a_token_without_a_name_reads_and_changes_everything(run: Run, tmp_path: Path) -> None:
    secret = run("token", "api")[1].strip()

    found = api_tokens.principal_of(connect(store_path(tmp_path)), secret, now_ms())

    assert found is not None
    assert (str(found.scope), found.may(Permission.SETTINGS_WRITE)) == ("nation", True)
    assert not found.may(Permission.PEOPLE_MANAGE)

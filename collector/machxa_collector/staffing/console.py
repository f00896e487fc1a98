"""Do what the commands about people and API tokens say, and tell it in both languages."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import UTC, datetime

from machxa_collector.api.account_shapes import LOGIN
from machxa_collector.api.staff import NotThere, Rights, Staff, Unfitting
from machxa_collector.failure import CannotRunError
from machxa_collector.registry.people import NATION, Role, principal_with
from machxa_collector.store.people import Person, roles_text
from machxa_collector.store.registry import LiveRegistry

Print = Callable[[str], None]

AT_THE_CONSOLE = principal_with("command line", (Role.ADMIN,), NATION)
_INVITED = "/account/invited?token="


def user(live: LiveRegistry, options: argparse.Namespace, now_ms: int, out: Print) -> None:
    """Do one act of `machxa user`; raises CannotRunError with the reason."""
    staff = Staff(live, lambda: now_ms, "command line")
    try:
        _ACTS[options.act](staff, options, out)
    except Unfitting as exc:
        raise CannotRunError(f"không làm được: {exc}", f"not done: {exc}") from exc
    except NotThere as exc:
        login = options.login
        raise CannotRunError(f"không có tài khoản {login!r}", f"there is no account {login!r}") from exc


def token(live: LiveRegistry, options: argparse.Namespace, now_ms: int, out: Print) -> None:
    """Make, list or revoke named API tokens; raises CannotRunError with the reason."""
    staff = Staff(live, lambda: now_ms, "command line")
    try:
        if options.purpose == "list":
            _list_tokens(staff, out)
        elif options.purpose == "revoke":
            staff.revoke_token(AT_THE_CONSOLE, options.id or "")
            out("Đã thu hồi (revoked)")
        else:
            _add_token(staff, options, out)
    except Unfitting as exc:
        raise CannotRunError(f"không làm được: {exc}", f"not done: {exc}") from exc
    except NotThere as exc:
        raise CannotRunError(
            f"không có mã {options.id!r} đang dùng: xem machxa token list", f"no living token {options.id!r}: see list"
        ) from exc


def _add(staff: Staff, options: argparse.Namespace, out: Print) -> None:
    if not re.fullmatch(LOGIN, options.login):
        raise CannotRunError(
            f"tên đăng nhập {options.login!r}: 3 đến 60 chữ thường không dấu, chữ số, . _ @ -",
            f"login {options.login!r}: 3 to 60 small letters, digits, . _ @ -",
        )
    rights = Rights(roles=options.role, scope=options.scope)
    _, secret = staff.add(AT_THE_CONSOLE, options.login, options.name, rights)
    _tell_invitation(secret, out)


def _list(staff: Staff, _options: argparse.Namespace, out: Print) -> None:
    for one in staff.people(AT_THE_CONSOLE):
        state = "tạm khóa (disabled)" if one.disabled_at is not None else _readiness(one)
        out("\t".join((one.login, one.name, roles_text(one.roles), str(one.scope), state)))


def _invite(staff: Staff, options: argparse.Namespace, out: Print) -> None:
    _tell_invitation(staff.invite(AT_THE_CONSOLE, _named(staff, options).id), out)


def _disable(staff: Staff, options: argparse.Namespace, out: Print) -> None:
    staff.set_disabled(AT_THE_CONSOLE, _named(staff, options).id, disabled=True)
    out("Đã tạm khóa, mọi phiên đã kết thúc (disabled, every session has ended)")


def _enable(staff: Staff, options: argparse.Namespace, out: Print) -> None:
    staff.set_disabled(AT_THE_CONSOLE, _named(staff, options).id, disabled=False)
    out("Đã mở lại (enabled)")


def _forget(staff: Staff, options: argparse.Namespace, out: Print) -> None:
    staff.forget_second_factor(AT_THE_CONSOLE, _named(staff, options).id)
    out("Đã bỏ lớp bảo vệ thứ hai (second factor forgotten)")


def _add_token(staff: Staff, options: argparse.Namespace, out: Print) -> None:
    if not options.role or not options.scope:
        raise CannotRunError("--name cần --role và --scope", "--name needs --role and --scope")
    rights = Rights(roles=options.role, scope=options.scope)
    _, secret = staff.add_token(AT_THE_CONSOLE, options.name, rights, options.permission, options.days or 90)
    out(secret)


def _list_tokens(staff: Staff, out: Print) -> None:
    for one in staff.tokens(AT_THE_CONSOLE):
        ends = "không hết hạn (for ever)" if one.expires_at is None else _day(one.expires_at)
        state = "đã thu hồi (revoked)" if one.revoked_at is not None else ends
        out("\t".join((one.id, one.name, roles_text(one.roles), str(one.scope), state)))


def _tell_invitation(secret: str, out: Print) -> None:
    out(f"{_INVITED}{secret}")
    out("Mở đường dẫn này trên trang của trung tâm để đặt mật khẩu, trong 3 ngày, một lần")
    out("(open this path on the collector's pages to set a password, within 3 days, once)")


def _readiness(one: Person) -> str:
    return "đang dùng (in use)" if one.has_password else "chờ đặt mật khẩu (no password yet)"


def _named(staff: Staff, options: argparse.Namespace) -> Person:
    for one in staff.people(AT_THE_CONSOLE):
        if one.login == options.login:
            return one
    raise NotThere


def _day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%d/%m/%Y")


_ACTS = {
    "add": _add,
    "list": _list,
    "invite": _invite,
    "disable": _disable,
    "enable": _enable,
    "forget-second-factor": _forget,
}

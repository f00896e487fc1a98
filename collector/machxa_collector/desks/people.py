"""Give the pages about people what they ask on behalf of somebody, and the API's refusals in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from fastapi import Request, Response
from pydantic import TypeAdapter, ValidationError

from machxa_collector.api import account, cookies
from machxa_collector.api.access import accounts_of, origin_of, principal_of, staff_of
from machxa_collector.api.account_shapes import LOGIN, Name
from machxa_collector.api.accounts import Refusal, Refused, Seat
from machxa_collector.api.deps import Deps
from machxa_collector.api.limits import Held
from machxa_collector.api.people import INVITED, person_view
from machxa_collector.api.staff import NotThere, Rights, Unfit, Unfitting
from machxa_collector.api.units import today
from machxa_collector.registry.people import NATION, Scope
from machxa_collector.registry.people.identity import Given
from machxa_collector.store.people import Person
from machxa_web.admin.desk import Trouble
from machxa_web.people.desk import PeopleDesk, Seated

_NAME = TypeAdapter[str](Name)


class RequestDesk:
    """Answer machxa_web's PeopleDesk for who sent a request."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._accounts = accounts_of(request)
        self._staff = staff_of(request)
        self._who = principal_of(request)

    def sign_in(self, login: str, password: str, code: str) -> Seated:
        """Begin a session."""
        if not cookies.is_private(self._request):
            raise Trouble(
                403,
                "đường truyền này không mã hóa: hãy mở trang bằng https",
                "this line is not encrypted: open the page with https",
            )
        with in_words():
            given = Given(login=login, secret=password, code=code)
            return self._seated(self._accounts.sign_in(given, origin_of(self._request)))

    def sign_out(self) -> Callable[[Response], None]:
        """End the session."""
        self._accounts.sign_out(self._who)
        return lambda answer: cookies.take_session(self._request, answer)

    def invited(self, token: str) -> str:
        """Return the login that an invitation is for."""
        with in_words():
            return self._accounts.invited(token).login

    def accept(self, token: str, password: str) -> None:
        """Set the password of an invited person."""
        with in_words():
            self._accounts.accept(token, password, origin_of(self._request))

    def add_first(self, login: str, name: str, password: str) -> Seated:
        """Make the first administrator and begin their session; the link's ends."""
        with in_words():
            login, name = _login(login), _name(name)
            self._accounts.check_password(password, (login, name))
            person = self._staff.add_first(self._who, login, name)
            seat = self._accounts.first_password(person, password, origin_of(self._request))
            self._accounts.sign_out(self._who)
            return self._seated(seat)

    def me(self) -> object:
        """Say who asks."""
        return account.me_view(self._accounts, self._who)

    def change_password(self, current: str, new: str) -> Seated:
        """Change one's own password."""
        with in_words():
            return self._seated(self._accounts.change_password(self._who, current, new, origin_of(self._request)))

    def begin_second_factor(self, pending: str) -> object:
        """Begin a second factor, or show one again that was begun."""
        with in_words():
            if pending:
                secret, address = self._accounts.pending_secret(self._who, pending)
            else:
                secret, address, pending = self._accounts.begin_second_factor(self._who)
        return {"secret": secret, "address": address, "pending": pending}

    def confirm_second_factor(self, pending: str, code: str, password: str) -> tuple[Seated, tuple[str, ...]]:
        """Keep a begun second factor."""
        with in_words():
            seat, codes = self._accounts.confirm_second_factor(
                self._who, pending, code, password, origin_of(self._request)
            )
        return self._seated(seat), codes

    def sessions(self) -> object:
        """List one's own sessions."""
        return account.sessions_view(self._accounts, self._who)

    def end_session(self, session: str) -> None:
        """End one of one's own sessions, if it has not ended already."""
        self._accounts.end_session(self._who, session)

    def end_other_sessions(self) -> None:
        """End one's own sessions but this one."""
        with in_words():
            self._accounts.end_other_sessions(self._who)

    def people(self) -> object:
        """List the accounts within the territory of who asks."""
        return {"people": [self._view(one) for one in self._staff.people(self._who)]}

    def person(self, person: str) -> object:
        """Return one account."""
        with in_words():
            return self._view(self._staff.person(self._who, person))

    def add(self, login: str, name: str, roles: Collection[str], scope: str) -> str:
        """Make an account; return the path of its invitation."""
        with in_words():
            rights = Rights(roles=_some(roles), scope=codes_of(self._request, scope))
            return INVITED + self._staff.add(self._who, _login(login), _name(name), rights)[1]

    def change(self, person: str, name: str, roles: Collection[str], scope: str) -> None:
        """Change what an account is called and may do."""
        with in_words():
            rights = Rights(roles=_some(roles), scope=codes_of(self._request, scope))
            self._staff.change(self._who, person, _name(name), rights)

    def set_disabled(self, person: str, *, disabled: bool) -> None:
        """Take an account out of use, or into use again."""
        with in_words():
            self._staff.set_disabled(self._who, person, disabled=disabled)

    def invite(self, person: str) -> str:
        """Return the path of a new invitation."""
        with in_words():
            return INVITED + self._staff.invite(self._who, person)

    def forget_second_factor(self, person: str) -> None:
        """Forget a second factor that its owner has lost."""
        with in_words():
            self._staff.forget_second_factor(self._who, person)

    def _seated(self, seat: Seat) -> Seated:
        def carry(answer: Response) -> None:
            cookies.give_session(self._request, answer, seat.secret, seat.longest_ms)

        return Seated(carry=carry, is_half=seat.is_half)

    def _view(self, one: Person) -> dict[str, object]:
        return {**person_view(one), "place": place_of(self._request, one.scope)}


def desk_of(request: Request) -> PeopleDesk:
    """Return the desk for who sent a request."""
    return RequestDesk(request)


def place_of(request: Request, scope: Scope) -> str:
    """Return a territory in words: the names of its units today, their codes where they have none."""
    if scope == NATION:
        return "Việt Nam"
    deps: Deps = request.app.state.deps
    units, on = deps.live.current().units, today(deps)
    named = [(code, units.unit(code, on)) for code in sorted(scope.codes)]
    return ", ".join(code if unit is None else f"{unit.full_name} ({code})" for code, unit in named)


def codes_of(request: Request, typed: str) -> str:
    """Return the codes of the places that somebody typed by name or code; raises Trouble for a name of several."""
    deps: Deps = request.app.state.deps
    codes = []
    for part in re.split(r"[,;\n]+", typed):
        found = deps.live.current().names.find(part.strip())
        if len(found) > 1:
            raise Trouble(
                422,
                f"có {len(found)} nơi tên {part.strip()!r}: hãy ghi mã, ví dụ {found[0]}",
                f"{len(found)} places are named {part.strip()!r}: write a code, such as {found[0]}",
            )
        codes.append(found[0] if found else part.strip())
    return " ".join(codes)


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what accounts and tokens are refused for into Trouble, in words."""
    try:
        yield
    except Refused as exc:
        raise Trouble(*_REFUSED[exc.why]) from exc
    except Unfitting as exc:
        raise Trouble(422, _UNFIT[exc.why], str(exc)) from exc
    except NotThere as exc:
        raise Trouble(404, "không có tài khoản này", "there is no such account") from exc
    except Held as exc:
        raise Trouble(
            429, f"thử quá nhiều lần: đợi {exc.seconds} giây", f"too many tries: wait {exc.seconds} s"
        ) from exc


def _login(typed: str) -> str:
    login = typed.strip().lower()
    if not re.fullmatch(LOGIN, login):
        raise Trouble(
            422,
            "tên đăng nhập gồm 3 đến 60 chữ thường không dấu, chữ số, . _ @ -",
            "a login has 3 to 60 small letters without accents, digits, . _ @ -",
        )
    return login


def _name(typed: str) -> str:
    try:
        return _NAME.validate_python(typed)
    except ValidationError as exc:
        raise Trouble(422, "tên gồm 1 đến 120 chữ trên một dòng", "a name has 1 to 120 letters on one line") from exc


def _some(roles: Collection[str]) -> Collection[str]:
    if not roles:
        raise Trouble(422, "chọn ít nhất một vai trò", "choose at least one role")
    return roles


_REFUSED = {
    Refusal.WRONG: (403, "sai tên đăng nhập, mật khẩu hoặc mã", "login, password or code is wrong"),
    Refusal.PASSWORD_SHORT: (422, "mật khẩu cần ít nhất 12 ký tự", "a password has at least 12 characters"),
    Refusal.PASSWORD_LONG: (422, "mật khẩu có nhiều nhất 128 ký tự", "a password has at most 128 characters"),
    Refusal.PASSWORD_KNOWN: (
        422,
        "mật khẩu này dễ đoán: có trong danh sách bị lộ, hoặc ghép từ tên người, tên nơi",
        "this password is easily guessed: it is on lists, or made of names of people and places",
    ),
    Refusal.CODE_WRONG: (422, "mã không khớp với ứng dụng lúc này", "the code is not the one the app shows now"),
    Refusal.LINK_SPENT: (403, "đường dẫn đã dùng hoặc hết hạn: xin đường dẫn mới", "this link is used or has expired"),
    Refusal.NO_ACCOUNT: (409, "lần đăng nhập này không có tài khoản riêng", "this sign-in has no account of its own"),
}
_UNFIT = {
    Unfit.LOGIN_TAKEN: "tên đăng nhập này đã có người dùng",
    Unfit.SCOPE: "không có nơi này: ghi tên hoặc mã tỉnh, xã, hoặc nation",
    Unfit.BEYOND: "phạm vi này rộng hơn phạm vi của bạn",
    Unfit.ONESELF: "không ai tự đổi quyền của mình: nhờ quản trị viên khác",
    Unfit.PERMISSION: "không có quyền này",
    Unfit.NOT_FIRST: "đã có quản trị viên: hãy đăng nhập bằng tài khoản đó",
}

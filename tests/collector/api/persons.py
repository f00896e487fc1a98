"""Make accounts and sessions as the product does, and codes as an authenticator does."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.testclient import TestClient
from pyotp import TOTP

from machxa_collector.api.cookies import ENCRYPTED
from machxa_collector.api.staff import Rights, Staff
from machxa_collector.registry.people import BY_LINK, Role
from machxa_collector.registry.people.passwords import hashed
from machxa_collector.registry.people.roles import NEED_SECOND_FACTOR
from machxa_collector.registry.people.second_factor import secret_text
from machxa_collector.registry.people.sitting import sitting_of
from machxa_collector.store import people, sessions
from tests.collector.api.conftest import Centre

PASSWORD = "con bò vàng nhảy qua rào tre"  # noqa: S105 - of accounts that tests make
SECRET = b"authenticator secret"
HASHED = hashed(PASSWORD, b"0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Somebody:
    """Hold an account that a test made."""

    id: str
    login: str


def somebody(
    centre: Centre, *roles: Role, scope: str = "nation", login: str = "lan", factor: bool | None = None
) -> Somebody:
    """Return an account with PASSWORD, and with SECRET where its roles need a second factor or factor says so."""
    deps = centre.deps(loopback_open=False)
    staff = Staff(deps.live, deps.now_ms, "test")
    person_id, _ = staff.add(BY_LINK, login, "Nguyễn Thị Lan", Rights(roles=[one.value for one in roles], scope=scope))
    needs = not frozenset(roles).isdisjoint(NEED_SECOND_FACTOR) if factor is None else factor
    with centre.store.begin() as connection:
        people.set_password(connection, person_id, HASHED)
        if needs:
            sealed = deps.seals.seal(SECRET, f"totp/{person_id}")
            people.set_second_factor(connection, person_id, sealed, 0, ())
    return Somebody(person_id, login)


def code(centre: Centre) -> str:
    """Return what an authenticator with SECRET shows now."""
    return TOTP(secret_text(SECRET)).at(centre.now_ms // 1000)


def seat(centre: Centre, caller: TestClient, who: Somebody, *roles: Role) -> TestClient:
    """Give a caller a session as if it had signed in; the roles say how long it lasts."""
    opening = sessions.Opening(
        person=who.id, is_half=False, sitting=sitting_of(roles), address="192.0.2.7", browser="test"
    )
    with centre.store.begin() as connection:
        secret = sessions.begin(connection, opening, centre.now_ms)
    caller.cookies.set(ENCRYPTED, secret, domain="may-chu.xa.example", path="/")
    return caller


def signing_in(centre: Centre, who: Somebody, *, with_code: bool = False) -> dict[str, str]:
    """Return what somebody types to sign in."""
    return {"login": who.login, "password": PASSWORD, **({"code": code(centre)} if with_code else {})}

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import audit, tables
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import PASSWORD, SECRET, Somebody, code, seat, signing_in, somebody
from tests.collector.builders import assert_problem

NEW = "ngồi trên đê ngắm trăng lên"
CLERK = {"login": "hoa", "name": "Trần Thị Hoa", "roles": ["clerk"], "scope": "29506"}


@dataclass(frozen=True, slots=True)
class Admin:
    who: Somebody
    caller: TestClient


@pytest.fixture
def admin(centre: Centre, outside: TestClient) -> Admin:
    """Return a signed-in administrator of Vĩnh Long."""
    who = somebody(centre, Role.ADMIN, scope="86", login="boss")
    return Admin(who, seat(centre, outside, who, Role.ADMIN))


def test_the_first_start_asks_for_an_administrator_and_then_for_its_second_factor(
    outside: TestClient, centre: Centre
) -> None:
    outside.get(f"/sign-in?token={centre.token(Purpose.SIGN_IN, uses=1)}")
    link = outside.cookies["__Host-machxa"]
    first = {"login": "quan.tri", "name": "Lê Văn Quản", "password": NEW}

    made = outside.post("/api/v1/people/first", json=first)
    me = outside.get("/api/v1/me").json()

    outside.cookies.set("__Host-machxa", link, domain="may-chu.xa.example", path="/")
    assert (made.status_code, made.json()) == (200, {"second_factor_missing": True})
    assert (me["login"], me["roles"], me["permissions"]) == ("quan.tri", ["admin"], ["account.own"])
    assert outside.get("/api/v1/me").status_code == 401  # the link's session is over
    outside.cookies.clear()
    outside.get(f"/sign-in?token={centre.token(Purpose.SIGN_IN, uses=1)}")
    assert_problem(outside.post("/api/v1/people/first", json={**first, "login": "second"}), 409)


def test_an_invited_person_sets_a_password_once_and_signs_in_with_it(admin: Admin) -> None:
    made = admin.caller.post("/api/v1/people", json=CLERK)
    path, _, token = made.json()["path"].partition("?token=")
    admin.caller.cookies.clear()

    answers = [
        admin.caller.post("/api/v1/invitation", json={"token": token, "password": one}).status_code
        for one in ("machxa2026!!", NEW, NEW)
    ]

    assert (made.status_code, path, answers) == (201, "/account/invited", [422, 204, 403])
    assert admin.caller.post("/api/v1/session", json={"login": "hoa", "password": NEW}).status_code == 200


def test_an_invitation_ends_after_three_days(admin: Admin, centre: Centre) -> None:
    token = admin.caller.post("/api/v1/people", json=CLERK).json()["path"].partition("?token=")[2]
    centre.now_ms += 72 * 3_600_000

    assert_problem(admin.caller.post("/api/v1/invitation", json={"token": token, "password": NEW}), 403)


def test_a_new_account_is_shown_without_its_secrets(admin: Admin) -> None:
    made = admin.caller.post("/api/v1/people", json=CLERK)

    told = admin.caller.get(f"/api/v1/people/{made.json()['person']}").json()
    assert (told["login"], told["has_password"], told["disabled"], told["created_by"]) == ("hoa", False, False, "boss")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"login": "boss"}, 409),
        ({"login": "Hoa"}, 422),
        ({"login": "x"}, 422),
        ({"name": "a\nb"}, 422),
        ({"name": ""}, 422),
        ({"roles": []}, 422),
        ({"roles": ["root"]}, 422),
        ({"scope": "nation"}, 403),
        ({"scope": "79"}, 403),
        ({"scope": "00004"}, 403),
        ({"scope": "99999"}, 422),
        ({"scope": "86 79"}, 422),
        ({"scope": ""}, 422),
        ({"more": 1}, 422),
    ],
)
def test_an_account_that_cannot_be_is_refused(admin: Admin, changed: dict[str, object], status: int) -> None:
    assert_problem(admin.caller.post("/api/v1/people", json={**CLERK, **changed}), status)


def test_an_administrator_sees_and_changes_nobody_of_another_province(admin: Admin, centre: Centre) -> None:
    near = somebody(centre, Role.CLERK, scope="29506", login="near")
    far = somebody(centre, Role.CLERK, scope="79", login="far")
    nation = somebody(centre, Role.ADMIN, login="nation")
    change = {"name": "x", "roles": ["clerk"], "scope": "29506"}

    listed = [one["login"] for one in admin.caller.get("/api/v1/people").json()["people"]]
    answers = {
        admin.caller.request(method, f"/api/v1/people/{one}{path}", json=body).text
        for one in (far.id, nation.id, "unknown")
        for method, path, body in (
            ("GET", "", None),
            ("PUT", "", change),
            ("PUT", "/disabled", {"disabled": True}),
            ("POST", "/invitation", None),
            ("DELETE", "/second-factor", None),
        )
    }

    assert listed == ["boss", "near"]
    assert len(answers) == 1
    assert_problem(admin.caller.get(f"/api/v1/people/{far.id}"), 404)
    assert admin.caller.put(f"/api/v1/people/{near.id}", json=change).status_code == 200


def test_nobody_gives_themselves_more_or_locks_themselves_out(admin: Admin) -> None:
    mine = f"/api/v1/people/{admin.who.id}"

    assert_problem(admin.caller.put(mine, json={"name": "x", "roles": ["admin"], "scope": "86"}), 409)
    assert_problem(admin.caller.put(f"{mine}/disabled", json={"disabled": True}), 409)
    assert_problem(admin.caller.delete(f"{mine}/second-factor"), 409)


def test_who_is_disabled_is_out_at_once(admin: Admin, centre: Centre, client: TestClient) -> None:
    who = somebody(centre, Role.CLERK, scope="29506")
    client.post("/api/v1/session", json=signing_in(centre, who))
    before = client.get("/api/v1/me").status_code

    admin.caller.put(f"/api/v1/people/{who.id}/disabled", json={"disabled": True})

    assert (before, client.get("/api/v1/me").status_code) == (200, 401)


def test_a_password_is_changed_by_who_knows_it_and_ends_other_sessions(
    outside: TestClient, client: TestClient, centre: Centre
) -> None:
    who = somebody(centre, Role.CLERK, scope="29506")
    client.post("/api/v1/session", json=signing_in(centre, who))
    outside.post("/api/v1/session", json=signing_in(centre, who))

    wrong = outside.put("/api/v1/me/password", json={"current": "guess", "new": NEW})
    right = outside.put("/api/v1/me/password", json={"current": PASSWORD, "new": NEW})

    assert (wrong.status_code, right.status_code) == (403, 204)
    assert (outside.get("/api/v1/me").status_code, client.get("/api/v1/me").status_code) == (200, 401)
    assert client.post("/api/v1/session", json=signing_in(centre, who)).status_code == 403
    assert client.post("/api/v1/session", json={"login": "lan", "password": NEW}).status_code == 200


def test_a_password_is_the_same_however_the_keyboard_composes_it(outside: TestClient, centre: Centre) -> None:
    somebody(centre, Role.CLERK, scope="29506")
    typed = unicodedata.normalize("NFD", PASSWORD)

    assert outside.post("/api/v1/session", json={"login": "lan", "password": typed}).status_code == 200


@pytest.mark.parametrize(
    "new",
    [
        "eleven sign",
        "x" * 129,
        "password1234",
        "lan lan lan lan",
        "Nguyễn Thị Lan 1",
        "XãHòaMinh@2026",
        "machxa-machxa",
    ],
)
def test_a_password_that_is_easily_guessed_is_not_taken(outside: TestClient, centre: Centre, new: str) -> None:
    seat(centre, outside, somebody(centre, Role.CLERK, scope="29506"), Role.CLERK)

    assert_problem(outside.put("/api/v1/me/password", json={"current": PASSWORD, "new": new}), 422)


def test_one_sees_and_ends_ones_own_sessions_only(outside: TestClient, client: TestClient, centre: Centre) -> None:
    mine, other = somebody(centre, Role.CLERK, scope="86"), somebody(centre, Role.CLERK, scope="86", login="minh")
    client.post("/api/v1/session", json=signing_in(centre, other))
    theirs = client.get("/api/v1/me/sessions").json()["sessions"][0]["id"]
    outside.post("/api/v1/session", json=signing_in(centre, mine), headers={"User-Agent": "phone"})
    outside.cookies.clear()
    outside.post("/api/v1/session", json=signing_in(centre, mine), headers={"User-Agent": "tablet"})

    listed = outside.get("/api/v1/me/sessions").json()["sessions"]
    gone = outside.delete(f"/api/v1/me/sessions/{theirs}").status_code
    outside.delete("/api/v1/me/sessions")

    assert {(one["browser"], one["current"]) for one in listed} == {("phone", False), ("tablet", True)}
    assert (gone, client.get("/api/v1/me").status_code) == (404, 200)
    assert [one["browser"] for one in outside.get("/api/v1/me/sessions").json()["sessions"]] == ["tablet"]


def test_a_second_factor_is_replaced_by_who_knows_the_password(outside: TestClient, centre: Centre) -> None:
    seat(centre, outside, somebody(centre, Role.FINANCE), Role.FINANCE)
    pending = outside.post("/api/v1/me/second-factor").json()["pending"]

    without = outside.put("/api/v1/me/second-factor", json={"pending": pending, "code": "000000"})
    wrong = outside.put("/api/v1/me/second-factor", json={"pending": pending, "code": "000000", "password": PASSWORD})
    other = outside.put("/api/v1/me/second-factor", json={"pending": "AAAA", "code": "000000", "password": PASSWORD})

    assert [without.status_code, wrong.status_code, other.status_code] == [403, 422, 403]


def test_a_lost_second_factor_is_forgotten_by_an_administrator(admin: Admin, centre: Centre) -> None:
    who = somebody(centre, Role.FINANCE, scope="86")

    told = admin.caller.delete(f"/api/v1/people/{who.id}/second-factor").json()

    assert told["second_factor"] is False


def test_a_token_reads_what_its_role_may_in_its_territory_until_its_day(admin: Admin, centre: Centre) -> None:
    asked = {"name": "bảng điện", "roles": ["auditor"], "scope": "86", "permissions": ["assets.read"], "days": 90}
    made = admin.caller.post("/api/v1/tokens", json=asked)
    listed = admin.caller.get("/api/v1/tokens").json()["tokens"]
    admin.caller.cookies.clear()
    admin.caller.headers["Authorization"] = f"Bearer {made.json()['token']}"

    me = admin.caller.get("/api/v1/me").status_code
    read = [admin.caller.get(path).status_code for path in ("/api/v1/assets", "/api/v1/refusals", "/api/v1/people")]
    centre.now_ms += 90 * 86_400_000

    assert (made.status_code, me, read) == (201, 403, [200, 403, 403])
    assert [(one["name"], one["scope"], one["permissions"]) for one in listed] == [("bảng điện", "86", ["assets.read"])]
    assert admin.caller.get("/api/v1/assets").status_code == 401


def test_a_revoked_token_opens_nothing(admin: Admin) -> None:
    made = admin.caller.post("/api/v1/tokens", json={"name": "x", "roles": ["auditor"], "scope": "86"}).json()

    ended = [admin.caller.delete(f"/api/v1/tokens/{made['id']}").status_code for _ in range(2)]
    admin.caller.cookies.clear()

    assert ended == [204, 404]
    assert admin.caller.get("/api/v1/assets", headers={"Authorization": f"Bearer {made['token']}"}).status_code == 401


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"scope": "nation"}, 403), ({"permissions": ["everything"]}, 422), ({"days": 0}, 422), ({"roles": []}, 422)],
)
def test_a_token_that_cannot_be_is_refused(admin: Admin, changed: dict[str, object], status: int) -> None:
    asked = {"name": "x", "roles": ["auditor"], "scope": "86", **changed}

    assert_problem(admin.caller.post("/api/v1/tokens", json=asked), status)


def test_no_secret_of_a_person_is_kept_or_told(admin: Admin, centre: Centre, store: Engine) -> None:
    who = somebody(centre, Role.FINANCE, scope="86")
    made = admin.caller.post("/api/v1/people", json=CLERK).json()
    token = admin.caller.post("/api/v1/tokens", json={"name": "x", "roles": ["auditor"], "scope": "86"}).json()["token"]
    invitation = made["path"].rpartition("=")[2]
    told = admin.caller.get("/api/v1/people").text + admin.caller.get("/api/v1/tokens").text

    with store.connect() as connection:
        kept = [row for table in tables.metadata.sorted_tables for row in connection.execute(select(table))]

    assert who.login in told
    for secret in (PASSWORD, invitation, token, SECRET.decode(), code(centre)):
        assert secret not in told
        assert secret.encode() not in repr(kept).encode()


def test_what_is_done_to_people_is_written_down(admin: Admin, store: Engine) -> None:
    made = admin.caller.post("/api/v1/people", json=CLERK).json()["person"]
    admin.caller.put(f"/api/v1/people/{made}", json={"name": "Hoa", "roles": ["clerk", "leader"], "scope": "29506"})
    admin.caller.put(f"/api/v1/people/{made}/disabled", json={"disabled": True})

    told = [(one.actor, one.action) for one in audit.every(store) if one.subject == f"people/{made}"]

    assert told == [
        ("boss", "people.add"),
        ("boss", "people.invite"),
        ("boss", "people.change"),
        ("boss", "people.disable"),
    ]

from __future__ import annotations

import time
from statistics import median

import pytest
from fastapi.testclient import TestClient
from pyotp import TOTP
from sqlalchemy import Engine, event

from machxa_collector.api.limits import WRONG_A_MINUTE_ACCOUNT, WRONG_A_MINUTE_ADDRESS
from machxa_collector.registry.people import Role
from machxa_collector.store import audit
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import PASSWORD, code, seat, signing_in, somebody
from tests.collector.builders import assert_problem

HOUR_MS = 3_600_000
DEFAULTS = [
    ("admin", "admin"),
    ("admin", "password"),
    ("root", "toor"),
    ("machxa", "machxa"),
    ("administrator", "Administrator1"),
    ("guest", ""),
]


def test_a_clerk_signs_in_with_a_password_alone(outside: TestClient, centre: Centre) -> None:
    who = somebody(centre, Role.CLERK, scope="29506")

    answer = outside.post("/api/v1/session", json=signing_in(centre, who))

    me = outside.get("/api/v1/me").json()
    assert (answer.status_code, answer.json()) == (200, {"second_factor_missing": False})
    assert (me["login"], me["roles"], me["scope"]) == ("lan", ["clerk"], "29506")


def test_a_login_is_taken_however_it_is_typed(outside: TestClient, centre: Centre) -> None:
    somebody(centre, Role.CLERK, scope="29506")

    assert outside.post("/api/v1/session", json={"login": " LAN ", "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize(("login", "password"), DEFAULTS)
def test_there_is_no_default_account(outside: TestClient, login: str, password: str) -> None:
    assert_problem(outside.post("/api/v1/session", json={"login": login, "password": password}), 403)


def test_every_wrong_sign_in_gets_the_same_answer(outside: TestClient, centre: Centre) -> None:
    who = somebody(centre, Role.PROVINCE_IT)
    gone = somebody(centre, Role.CLERK, login="gone", scope="29506")
    seat(centre, outside, somebody(centre, Role.ADMIN, login="boss"), Role.ADMIN)
    outside.put(f"/api/v1/people/{gone.id}/disabled", json={"disabled": True})
    outside.cookies.clear()

    answers = [
        outside.post("/api/v1/session", json=asked)
        for asked in (
            {"login": "nobody", "password": PASSWORD},
            {"login": who.login, "password": "not the password"},
            {"login": who.login, "password": PASSWORD},
            {"login": who.login, "password": PASSWORD, "code": "000000"},
            {"login": "gone", "password": PASSWORD},
        )
    ]

    assert {(one.status_code, one.text, one.headers.get("set-cookie")) for one in answers} == {
        (403, answers[0].text, None)
    }


def test_an_unknown_login_takes_as_long_as_a_wrong_password(outside: TestClient, centre: Centre) -> None:
    somebody(centre, Role.CLERK, scope="29506")
    seconds: dict[str, list[float]] = {"lan": [], "nobody": []}

    for turn in range(24):
        for login, taken in seconds.items():
            centre.now_ms += 16 * 60_000  # beyond every wait
            began = time.perf_counter()
            outside.post("/api/v1/session", json={"login": login, "password": f"wrong password {turn}"})
            taken.append(time.perf_counter() - began)

    assert abs(median(seconds["lan"]) - median(seconds["nobody"])) < 0.5 * median(seconds["lan"])


def test_a_code_is_needed_and_works_once(outside: TestClient, centre: Centre) -> None:
    who = somebody(centre, Role.FINANCE)

    first = outside.post("/api/v1/session", json=signing_in(centre, who, with_code=True))
    second = outside.post("/api/v1/session", json=signing_in(centre, who, with_code=True))
    centre.now_ms += 30_000
    third = outside.post("/api/v1/session", json=signing_in(centre, who, with_code=True))

    assert [first.status_code, second.status_code, third.status_code] == [200, 403, 200]


@pytest.mark.parametrize("later_ms", [-30_000, 30_000])
def test_a_code_of_a_phone_whose_clock_is_off_by_half_a_minute_counts(
    outside: TestClient, centre: Centre, later_ms: int
) -> None:
    asked = signing_in(centre, somebody(centre, Role.FINANCE), with_code=True)
    centre.now_ms += later_ms

    assert outside.post("/api/v1/session", json=asked).status_code == 200


def test_who_guesses_an_account_waits_longer_each_time_and_never_for_ever(outside: TestClient, centre: Centre) -> None:
    who = somebody(centre, Role.CLERK, scope="29506")
    waits = []

    for _ in range(7):
        for _ in range(WRONG_A_MINUTE_ACCOUNT):
            outside.post("/api/v1/session", json={"login": who.login, "password": "wrong"})
        held = outside.post("/api/v1/session", json=signing_in(centre, who))
        waits.append((held.status_code, int(held.headers["retry-after"])))
        centre.now_ms += waits[-1][1] * 1000

    assert waits == [(429, 60), (429, 120), (429, 240), (429, 480), (429, 900), (429, 900), (429, 900)]
    assert outside.post("/api/v1/session", json=signing_in(centre, who)).status_code == 200


def test_who_guesses_many_accounts_from_one_address_waits_too(outside: TestClient, centre: Centre) -> None:
    who = somebody(centre, Role.CLERK, scope="29506")

    for number in range(WRONG_A_MINUTE_ADDRESS):
        outside.post("/api/v1/session", json={"login": f"guess{number}", "password": "wrong"})

    assert_problem(outside.post("/api/v1/session", json=signing_in(centre, who)), 429)


def test_colleagues_behind_one_address_sign_in_one_after_the_other(outside: TestClient, centre: Centre) -> None:
    people = [somebody(centre, Role.CLERK, scope="29506", login=f"clerk{number}") for number in range(12)]

    answers = [outside.post("/api/v1/session", json=signing_in(centre, who)).status_code for who in people]

    assert answers == [200] * 12


def test_an_it_session_ends_after_half_an_hour_of_quiet_and_a_day_at_most(outside: TestClient, centre: Centre) -> None:
    seat(centre, outside, somebody(centre, Role.PROVINCE_IT), Role.PROVINCE_IT)
    seen = []

    for _ in range(49):
        seen.append(outside.get("/api/v1/me").status_code)
        centre.now_ms += HOUR_MS // 2 - 1

    assert seen == [200] * 49
    assert outside.get("/api/v1/me").status_code == 401  # the day is over


@pytest.mark.parametrize(("quiet_ms", "status"), [(HOUR_MS // 2 - 1, 200), (HOUR_MS // 2, 401)])
def test_quiet_ends_an_it_session(outside: TestClient, centre: Centre, quiet_ms: int, status: int) -> None:
    seat(centre, outside, somebody(centre, Role.PROVINCE_IT), Role.PROVINCE_IT)
    centre.now_ms += quiet_ms

    assert outside.get("/api/v1/me").status_code == status


def test_a_clerk_stays_signed_in_over_the_day_and_the_week(outside: TestClient, centre: Centre) -> None:
    seat(centre, outside, somebody(centre, Role.CLERK, scope="29506"), Role.CLERK)
    seen = []

    for _ in range(15):
        seen.append(outside.get("/api/v1/me").status_code)
        centre.now_ms += 12 * HOUR_MS - 1

    assert seen == [200] * 15
    assert outside.get("/api/v1/me").status_code == 401


def test_who_needs_a_second_factor_and_has_none_may_only_set_it_up(outside: TestClient, centre: Centre) -> None:
    who = somebody(centre, Role.ADMIN, factor=False)
    begun = outside.post("/api/v1/session", json=signing_in(centre, who))
    half = outside.cookies["__Host-machxa"]
    before = [outside.get(path).status_code for path in ("/api/v1/assets", "/api/v1/people", "/api/v1/me")]
    leads = outside.get("/api/v1/assets", headers={"Accept": "text/html"}).headers["location"]

    pending = outside.post("/api/v1/me/second-factor").json()
    shown = TOTP(pending["secret"]).at(centre.now_ms // 1000)
    kept = outside.put("/api/v1/me/second-factor", json={"pending": pending["pending"], "code": shown})

    assert (begun.json(), before, leads) == ({"second_factor_missing": True}, [403, 403, 200], "/account/second-factor")
    assert (kept.status_code, len(set(kept.json()["recovery_codes"]))) == (200, 10)
    assert outside.cookies["__Host-machxa"] != half
    assert outside.get("/api/v1/people").status_code == 200


def test_a_recovery_code_replaces_a_code_once(outside: TestClient, centre: Centre) -> None:
    who = somebody(centre, Role.ADMIN, factor=False)
    outside.post("/api/v1/session", json=signing_in(centre, who))
    pending = outside.post("/api/v1/me/second-factor").json()
    shown = TOTP(pending["secret"]).at(centre.now_ms // 1000)
    confirmed = {"pending": pending["pending"], "code": shown}
    recovery = outside.put("/api/v1/me/second-factor", json=confirmed).json()["recovery_codes"][3]
    asked = {"login": who.login, "password": PASSWORD, "code": recovery.upper()}

    answers = [outside.post("/api/v1/session", json=asked).status_code for _ in range(2)]

    assert answers == [200, 403]


def test_signing_out_ends_the_session_for_whoever_holds_its_cookie(outside: TestClient, centre: Centre) -> None:
    outside.post("/api/v1/session", json=signing_in(centre, somebody(centre, Role.CLERK, scope="29506")))
    held = outside.cookies["__Host-machxa"]

    out = outside.delete("/api/v1/session")

    outside.cookies.set("__Host-machxa", held, domain="may-chu.xa.example", path="/")
    assert (out.status_code, out.headers["clear-site-data"]) == (204, '"cache"')
    assert outside.get("/api/v1/me").status_code == 401


def test_signing_in_is_written_down_and_an_unknown_login_is_not_repeated(
    outside: TestClient, centre: Centre, store: Engine
) -> None:
    who = somebody(centre, Role.FINANCE)
    outside.post("/api/v1/session", json={"login": "mypassword", "password": "oops"})
    outside.post("/api/v1/session", json={"login": who.login, "password": "wrong"})
    outside.post("/api/v1/session", json=signing_in(centre, who, with_code=True))

    told = [(one.actor, one.action, one.subject, one.result) for one in audit.every(store)]

    assert told[-3:] == [
        ("nobody", "sign-in", "", "refused"),
        ("nobody", "sign-in", f"people/{who.id}", "refused"),
        ("lan", "sign-in", f"people/{who.id}", "done"),
    ]
    assert PASSWORD not in repr(told)
    assert code(centre) not in repr(told)


def test_on_a_full_disk_who_is_signed_in_reads_on(outside: TestClient, centre: Centre, store: Engine) -> None:
    seat(centre, outside, somebody(centre, Role.CLERK, scope="29506"), Role.CLERK)
    outside.get("/api/v1/assets")
    store.dispose()
    event.listen(store, "connect", lambda connection, _record: connection.execute("PRAGMA query_only=1"))
    centre.now_ms += HOUR_MS

    assert outside.get("/api/v1/assets").status_code == 200

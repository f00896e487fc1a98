"""Codes and tokens are made, seen and ended on pages; a secret is shown once and is nowhere afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import access, audit
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody

UNIT = "29410"


@pytest.fixture
def browser(centre: Centre) -> Iterator[TestClient]:
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        yield caller


@pytest.fixture
def keeper(centre: Centre, browser: TestClient) -> TestClient:
    """Return the browser of provincial IT of Vĩnh Long."""
    return seat(centre, browser, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)


@pytest.fixture
def admin(centre: Centre, browser: TestClient) -> TestClient:
    """Return the browser of an administrator of Vĩnh Long."""
    return seat(centre, browser, somebody(centre, Role.ADMIN, scope="86", login="admin"), Role.ADMIN)


def test_a_code_is_made_used_seen_without_its_secret_and_ended(centre: Centre, keeper: TestClient) -> None:
    made = keeper.post("/admin/enrolment", data={"unit": UNIT, "uses": "3", "days": "2"}).text
    (secret,) = re.findall(r"--token (\S+)", made)
    enrolled = keeper.post("/api/v1/enrol", json={"token": secret, "hostname": "PC-01", "role": "pc"})
    listed = keeper.get("/admin/enrolment?lang=en").text
    (end,) = re.findall(r'action="(/admin/enrolment/\w+/end)"', listed)
    sure = keeper.post(end)
    ended = [keeper.post(end, data={"confirm": "1"}).status_code for _ in range(2)]
    after = keeper.post("/api/v1/enrol", json={"token": secret, "hostname": "PC-02", "role": "pc"})

    assert enrolled.status_code == 201
    assert (secret in listed, f">{UNIT}</th>" in listed, "<td>2</td>" in listed) == (False, True, True)
    assert ("Bạn chắc chắn" in sure.text or "Are you sure" in sure.text, ended) == (True, [303, 404])
    assert after.status_code == 403
    assert {"token.enrol", "token.enrol.end"} <= {one.action for one in audit.every(centre.store)}


@pytest.mark.parametrize(
    "said",
    [
        {"unit": "00004", "uses": "1", "days": "1"},
        {"unit": UNIT, "uses": "501", "days": "1"},
        {"unit": UNIT, "uses": "many", "days": "1"},
    ],
    ids=["elsewhere", "too many", "no number"],
)
def test_a_code_that_may_not_be_is_refused_in_words(keeper: TestClient, said: dict[str, str]) -> None:
    refused = keeper.post("/admin/enrolment", data=said)

    assert refused.status_code == 422
    assert "chưa tạo mã" in refused.text


def test_a_computer_that_waits_is_let_in_on_the_page(centre: Centre, keeper: TestClient) -> None:
    waiting = access.add_token(centre.store, Purpose.ENROL, centre.now_ms, lives_ms=3_600_000, uses=2)
    mine = keeper.cookies
    keeper.cookies = {}  # an agent asks, from elsewhere
    asked = [
        keeper.post("/api/v1/enrol", json={"token": waiting, "hostname": name, "role": "pc"}).json()["secret"]
        for name in ("PC-01", "<b>PC-02</b>")
    ]
    keeper.cookies = mine
    page = keeper.get("/admin/enrolment").text
    first, second = re.findall(r'action="(/admin/enrolment/requests/[0-9a-f-]+)"', page)

    decided = [
        keeper.post(path, data=said).status_code
        for path, said in (
            (first, {}),
            (first, {"answer": "in", "unit": "00004"}),
            (first, {"answer": "in", "unit": UNIT}),
            (second, {"answer": "out"}),
            (second, {"answer": "in"}),
        )
    ]
    polled = [keeper.post("/api/v1/enrol/poll", json={"secret": one}).status_code for one in asked]

    assert "<b>PC-02</b>" not in page
    assert decided == [422, 422, 303, 303, 404]
    assert sorted(polled) == [201, 403]


def test_a_token_for_a_wall_reads_the_duty_desk_alone_until_it_is_ended(centre: Centre, admin: TestClient) -> None:
    said = {"name": "tuong", "kind": "wall", "role": "admin", "scope": "Vĩnh Long", "days": "365"}

    made = admin.post("/admin/tokens", data=said).text
    (secret,) = set(re.findall(r"token=(\w[\w-]+)", made))
    listed = admin.get("/admin/tokens").text
    (end,) = re.findall(r'action="(/admin/tokens/[\w-]+/end)"', listed)
    bearer = {"Authorization": f"Bearer {secret}"}
    admin.cookies.clear()
    may = [admin.get(path, headers=bearer).status_code for path in ("/", "/api/v1/assets", "/api/v1/people")]
    seat(centre, admin, somebody(centre, Role.ADMIN, scope="nation", login="other"), Role.ADMIN)
    ended = [admin.post(end, data={"confirm": "1"}).status_code for _ in range(2)]

    assert (secret in listed, "desk.read" in listed, "<bdi>86</bdi>" in listed) == (False, True, True)
    assert may == [200, 403, 403]
    assert ended == [303, 404]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"scope": "nation"}, "rộng hơn"),
        ({"scope": "nowhere"}, "không có nơi này"),
        ({"days": "0"}, "chưa"),
        ({"name": ""}, "chưa"),
        ({"kind": "all"}, "chưa tạo mã"),
        ({"kind": "role", "role": "king"}, "chưa tạo mã"),
    ],
)
def test_a_token_that_may_not_be_is_refused_in_words(admin: TestClient, changed: dict[str, str], words: str) -> None:
    said = {"name": "x", "kind": "metrics", "role": "", "scope": "86", "days": "9", **changed}

    refused = admin.post("/admin/tokens", data=said)

    assert refused.status_code == 422
    assert words in refused.text


def test_provincial_it_makes_codes_but_no_tokens(keeper: TestClient) -> None:
    assert [keeper.get(path).status_code for path in ("/admin/enrolment", "/admin/tokens")] == [200, 403]
    assert "/admin/tokens" not in keeper.get("/admin/enrolment").text

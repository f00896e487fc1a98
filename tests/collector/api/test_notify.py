"""Channels go in sealed and never come out; people see their own notices alone, and choose how they are told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import Depends
from fastapi.testclient import TestClient
from sqlalchemy import select

from machxa_collector.api.access import permission
from machxa_collector.api.app import create_app
from machxa_collector.desks.notify import notices_of
from machxa_collector.outward import NOTHING
from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import audit, channels, outbox, tables
from machxa_collector.store.outbox import New
from machxa_web.notify.router import NoticeGuards, create_notices_router
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.notify.servers import receiver

SECRET = "MX-CANARY-password"  # noqa: S105 - what must never be told
MAIL = {
    "id": "mail",
    "kind": "email",
    "settings": {"host": "mail.tinh.gov.vn", "sender": "machxa@tinh.gov.vn", "user": "machxa", "password": SECRET},
}


@pytest.fixture
def admin(centre: Centre, client: TestClient) -> TestClient:
    """Return a caller who came by the one-time link."""
    client.get("/sign-in", params={"token": centre.token(Purpose.SIGN_IN, uses=1)})
    return client


@pytest.fixture
def browser(centre: Centre) -> Iterator[TestClient]:
    """Return a caller of the pages who came by the one-time link."""
    deps = centre.deps(loopback_open=False)
    own, reads, sets = ([Depends(permission(one))] for one in ("account.own", "settings.read", "settings.write"))
    router = create_notices_router(notices_of, NoticeGuards(own=own, looking=reads, setting=sets))
    with TestClient(create_app(deps, [router]), base_url="https://testserver") as caller:
        caller.get("/sign-in", params={"token": centre.token(Purpose.SIGN_IN, uses=1)})
        caller.get("/notices?lang=en")
        yield caller


def message(recipient: str, number: int) -> New:
    said = {"subject": f"notice {number}", "text": "text", "brief": "brief"}
    body = {"vi": said, "en": said, "language": "vi", "severity": "P2", "incidents": ["aa" * 8]}
    return New(
        key=f"{recipient}/{number}", recipient=recipient, channel=None, kind="now", day=0, made_at=number, body=body
    )


def test_a_channel_is_added_changed_and_removed_and_its_settings_are_never_told(
    centre: Centre, admin: TestClient
) -> None:
    added = admin.post("/api/v1/channels", json=MAIL)
    again = admin.post("/api/v1/channels", json=MAIL)
    changed = admin.put("/api/v1/channels/mail", json={"kind": "email", "enabled": False})
    listed = admin.get("/api/v1/channels")
    kept = channels.settings(centre.store, centre.deps(loopback_open=True).seals, "mail")
    removed = [admin.delete("/api/v1/channels/mail").status_code for _ in range(2)]

    assert (added.status_code, added.json()["shown"], added.json()["state"]) == (201, "mail.tinh.gov.vn:587", "untried")
    assert (again.status_code, changed.status_code, changed.json()["state"]) == (409, 200, "off")
    assert kept is not None
    assert kept["password"] == SECRET
    assert removed == [204, 404]
    assert not any(SECRET in answer.text for answer in (added, again, changed, listed))
    assert SECRET in centre.hidden
    acts = [(one.action, SECRET in one.detail) for one in audit.every(centre.store)][-3:]
    assert acts == [("channel.add", False), ("channel.change", False), ("channel.remove", False)]


BAD: tuple[dict[str, object], ...] = (
    {"id": "Mail"},
    {"kind": "pigeon"},
    {"settings": None},
    {"settings": {**MAIL["settings"], "security": "none"}},  # type: ignore[dict-item] # a dict of texts
    {"settings": {"password": SECRET}},
    {"settings": {**MAIL["settings"], "ca": f"-----BEGIN CERTIFICATE-----\n{SECRET}"}},  # type: ignore[dict-item]
    {"rules": {"scope": "99999 x"}},
    {"rules": {"budget": 4, "digest": ["07:30", "12:00", "16:30"]}},
    {"rules": {"quiet": ["25:00", "06:00"]}},
    {"more": 1},
)


def test_a_channel_that_cannot_work_is_refused_without_telling_its_secret(admin: TestClient) -> None:
    refused = [admin.post("/api/v1/channels", json={**MAIL, **changed}) for changed in BAD]

    assert [one.status_code for one in refused] == [422] * len(BAD)
    assert not any(SECRET in one.text for one in refused)
    assert admin.get("/api/v1/channels").json() == {"channels": []}


def test_a_channel_that_leads_inside_is_refused_before_it_is_kept(centre: Centre) -> None:
    centre.allowed = NOTHING
    caller = TestClient(create_app(centre.deps(loopback_open=False)), base_url="http://may-chu.xa.example")
    caller.headers["authorization"] = f"Bearer {centre.token(Purpose.API)}"
    hook = {"id": "sms", "kind": "webhook", "settings": {"url": "http://169.254.169.254/latest"}}

    refused = caller.post("/api/v1/channels", json=hook)

    assert (refused.status_code, "--allow-inner" in refused.text) == (422, True)
    assert caller.get("/api/v1/channels").json() == {"channels": []}


def test_a_test_goes_out_and_says_how_it_went(admin: TestClient) -> None:
    with receiver() as told:
        made = {"id": "sms", "kind": "webhook", "settings": {"url": told.url}, "rules": {"scope": "86"}}
        admin.post("/api/v1/channels", json=made)
        told.statuses = [503, 200]
        failed, went = (admin.post("/api/v1/channels/sms/test", json={}).json() for _ in range(2))

    assert failed == {"ok": False, "error": "the receiver answered 503"}
    assert went == {"ok": True, "error": None}
    assert [body["alerts"][0]["labels"]["alertname"] for _, body in told.got] == ["MachXaTest"] * 2
    [shown] = admin.get("/api/v1/channels").json()["channels"]
    assert (shown["state"], shown["rules"]["scope"]) == ("delivers", "86")


def test_a_test_by_mail_without_an_address_asks_for_one(admin: TestClient) -> None:
    admin.post("/api/v1/channels", json=MAIL)

    refused = admin.post("/api/v1/channels/mail/test", json={})

    assert (refused.status_code, "name one for the test" in refused.text) == (422, True)


def test_everybody_reads_their_own_notices_alone(centre: Centre, outside: TestClient) -> None:
    lan = somebody(centre, Role.CLERK, scope="29374")
    seat(centre, outside, lan, Role.CLERK)
    with centre.store.begin() as connection:
        for number in range(3):
            outbox.add(connection, message(f"person/{lan.id}", number))
        outbox.add(connection, message("person/other", 9))

    first = outside.get("/api/v1/notifications", params={"limit": 2}).json()
    rest = outside.get("/api/v1/notifications", params={"limit": 2, "cursor": first["next"]}).json()
    read = outside.post("/api/v1/notifications/read", json={"upto": first["notices"][0]["id"] + 5})
    after = outside.get("/api/v1/notifications").json()

    assert [one["subject"]["vi"] for one in (*first["notices"], *rest["notices"])] == [
        "notice 2",
        "notice 1",
        "notice 0",
    ]
    assert (first["unread"], rest["next"], read.json(), after["unread"]) == (3, None, {"read": 3}, 0)
    with centre.store.connect() as connection:
        others = select(tables.notify_messages.c.read_at).where(tables.notify_messages.c.recipient == "person/other")
        assert connection.execute(others).scalar() is None


def test_somebody_chooses_how_they_are_told_and_the_address_is_never_told(
    centre: Centre, admin: TestClient, outside: TestClient
) -> None:
    admin.post("/api/v1/channels", json=MAIL)
    group = {"id": "group", "kind": "webhook", "settings": {"url": "https://chat.tinh.gov.vn/x"}, "rules": {}}
    assert admin.post("/api/v1/channels", json=group).status_code == 201
    seat(centre, outside, somebody(centre, Role.CLERK, scope="29374"), Role.CLERK)
    wishes = outside.get("/api/v1/notifications/wishes").json()["wishes"]
    asked = {"wishes": {**wishes, "least": "P1", "quiet": None}, "channel": "mail", "address": "lan@tinh.gov.vn"}

    put = outside.put("/api/v1/notifications/wishes", json=asked)
    kept = outside.put("/api/v1/notifications/wishes", json={**asked, "address": None}).json()
    refused = [
        outside.put("/api/v1/notifications/wishes", json={**asked, **changed}).status_code
        for changed in (
            {"channel": "group"},
            {"address": "lan@tinh\r\nBcc: a@b"},
            {"wishes": {**wishes, "budget": 4}},
            {"wishes": {**wishes, "least": "P4", "least_digest": "P3"}},
        )
    ]

    assert (put.status_code, put.json()["wishes"]["least"], kept["has_address"]) == (200, "P1", True)
    assert put.json()["choices"] == [{"id": "mail", "kind": "email"}]
    assert "lan@" not in put.text
    assert refused == [422] * 4
    assert not any("lan@" in one.detail for one in audit.every(centre.store))


def test_the_escalation_is_kept_and_one_that_makes_no_sense_is_refused(admin: TestClient) -> None:
    admin.post("/api/v1/channels", json=MAIL)
    steps = [{"after_minutes": 15, "to": ["channel/mail"]}]
    nobody = {"steps": [{"after_minutes": 5, "to": ["person/nobody"]}]}
    asked = {"base_url": "https://machxa.tinh.gov.vn", "escalation": {"least": "P1", "steps": steps}}

    put = admin.put("/api/v1/notifications/policy", json=asked)
    refused = [
        admin.put("/api/v1/notifications/policy", json={**asked, **changed}).status_code
        for changed in (
            {"base_url": "javascript:alert(1)"},
            {"escalation": {"steps": steps * 2}},
            {"escalation": nobody},
        )
    ]

    assert (put.status_code, admin.get("/api/v1/notifications/policy").json()) == (200, asked)
    assert refused == [422, 422, 422]


def test_the_pages_show_ones_notices_and_take_ones_wishes(centre: Centre, browser: TestClient) -> None:
    empty = browser.get("/notices?lang=en").text
    with centre.store.begin() as connection:
        outbox.add(connection, message("person/link", 1))
    wishes = {"language": "en", "least": "P1", "least_digest": "P2", "digest": "16:00, 08:00", "budget": "9"}
    wished = browser.post("/notices/wishes", data={**wishes, "quiet_from": "", "quiet_to": ""}, follow_redirects=False)
    refused = browser.post("/notices/wishes", data={**wishes, "budget": "many"})
    read = browser.post("/notices/read", data={"upto": "1"}, follow_redirects=False)

    assert "No notice yet" in empty
    assert (wished.status_code, refused.status_code, read.status_code) == (303, 422, 303)
    assert "notice 1" in browser.get("/notices?lang=en").text
    said = channels.wished_by(centre.store, "person/link")
    assert said is not None
    assert (said.body["digest"], said.body["quiet"], said.body["tell_ended"]) == (["08:00", "16:00"], None, False)
    assert outbox.unread(centre.store, "person/link") == 0


def test_the_page_of_channels_adds_tries_and_removes_one_without_showing_its_secret(browser: TestClient) -> None:
    assert "Add the mail server" in browser.get("/notices/channels?lang=en").text
    with receiver() as told:
        form = {"kind": "webhook", "id": "sms", "url": f"{told.url}&key={SECRET}", "scope": "86", "least": "P2"}
        added = browser.post("/notices/channels", data=form, follow_redirects=False)
        tested = browser.post("/notices/channels/sms/test", data={})
    failed = browser.post("/notices/channels/sms/test", data={})
    policy = {"base_url": "https://machxa.tinh.gov.vn", "least": "P1", "after1": "15", "to1": "channel/sms"}
    saved = browser.post("/notices/policy", data=policy, follow_redirects=False)
    off = browser.post("/notices/channels/sms/switch", data={"on": "0"}, follow_redirects=False)
    shown = browser.get("/notices/channels?lang=en").text
    removed = browser.post("/notices/channels/sms/remove", follow_redirects=False)

    assert [one.status_code for one in (added, tested, failed, saved, off, removed)] == [303, 200, 200, 303, 303, 303]
    assert "the other side took the test message" in tested.text
    assert "the test message did not go" in failed.text
    assert "switched off" in shown
    assert 'value="channel/sms"' in shown
    assert not any(SECRET in page for page in (tested.text, failed.text, shown))

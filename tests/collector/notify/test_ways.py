"""Each kind of channel hands a message over, or says why it could not; secrets stay out of what it says."""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from machxa_collector.notify.ways import mail, others, sending, webhook
from machxa_collector.notify.ways.carrying import Letter, NotDelivered
from machxa_collector.notify.ways.settings import BadChannel, Webhook, settings_of
from machxa_collector.outward import Allowed
from tests.collector.notify.servers import HERE, PASSWORD, USER, Mailbox, mail_server, receiver

LETTER = Letter(
    key="person/1/now/5",
    subject="[P2] Mất đường truyền: Xã Bình Minh (09:00)",
    text="Mất đường truyền.\nNơi: Xã Bình Minh",
    brief="[P2] Xã Bình Minh: có sự cố",
    made_at=1_773_108_000_000,
    to=("lan@tinh.gov.vn",),
    body={"version": "4", "alerts": []},
)


def email(box: Mailbox, security: str, changed: Mapping[str, object] | None = None) -> dict[str, object]:
    told: dict[str, object] = {
        "host": "127.0.0.1",
        "port": box.port,
        "security": security,
        "sender": "machxa@tinh.gov.vn",
        "ca": box.ca,
    }
    if security != "none":
        told |= {"user": USER, "password": PASSWORD}
    return {**told, **(changed or {})}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_encrypted_and_whole_and_keeps_its_id(tmp_path: Path, security: str) -> None:
    with mail_server(tmp_path, security) as box:
        for _ in range(2):
            sending.send(settings_of("email", email(box, security)), LETTER, HERE)

    first, second = box.got
    assert (first["Subject"], first["From"], first["To"]) == (LETTER.subject, "machxa@tinh.gov.vn", "lan@tinh.gov.vn")
    assert first.get_content().splitlines() == LETTER.text.splitlines()
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"] == second["Message-ID"]


def test_a_server_inside_the_house_without_encryption_is_reached_without_password(tmp_path: Path) -> None:
    with mail_server(tmp_path, "none") as box:
        sending.send(settings_of("email", email(box, "none")), LETTER, HERE)

    assert len(box.got) == 1


@pytest.mark.parametrize(
    ("changed", "security", "said"),
    [
        ({"ca": None}, "starttls", "certificate is refused"),
        ({"ca": None}, "tls", "certificate is refused"),
        ({"password": "something else"}, "starttls", "takes this user and password not: 535"),
        ({"host": "localhost.invalid"}, "starttls", "gaierror"),
    ],
)
def test_mail_that_cannot_go_says_why_and_never_the_password(
    tmp_path: Path, changed: dict[str, object], security: str, said: str
) -> None:
    with mail_server(tmp_path, security) as box, pytest.raises(NotDelivered) as told:
        sending.send(settings_of("email", email(box, security, changed)), LETTER, HERE)

    assert said in str(told.value)
    assert "something else" not in str(told.value)
    assert PASSWORD not in str(told.value)
    assert not told.value.is_final


def test_a_password_never_goes_to_a_server_that_offers_no_encryption(tmp_path: Path) -> None:
    with mail_server(tmp_path, "none") as box, pytest.raises(NotDelivered, match="STARTTLS"):
        sending.send(settings_of("email", email(box, "starttls")), LETTER, HERE)

    assert (box.got, box.tried) == ([], 0)


@pytest.mark.parametrize(("address", "is_final"), [("refused@tinh.gov.vn", True), ("busy@tinh.gov.vn", False)])
def test_an_address_that_is_refused_for_good_is_not_tried_again(tmp_path: Path, address: str, is_final: object) -> None:
    letter = Letter(key="k", subject="s", text="t", brief="b", made_at=0, to=(address,))

    with mail_server(tmp_path, "starttls") as box, pytest.raises(NotDelivered) as told:
        sending.send(settings_of("email", email(box, "starttls")), letter, HERE)

    assert told.value.is_final is is_final


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_looks_around_inside_on_no_port_but_its_own(security: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        told = {"host": "127.0.0.1", "port": other.getsockname()[1], "security": security, "sender": "a@b.vn"}
        with pytest.raises(NotDelivered, match=r"inside our own networks.* 25, 465, 587, 2525"):
            sending.send(settings_of("email", told), LETTER)
        other.settimeout(0)
        with pytest.raises(BlockingIOError):
            other.accept()


def test_a_mail_server_inside_is_reached_on_mails_own_port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with mail_server(tmp_path, "none") as box:
        monkeypatch.setattr(mail, "PORTS", frozenset({box.port}))
        sending.send(settings_of("email", email(box, "none")), LETTER)

    assert len(box.got) == 1


def test_a_webhook_takes_json_with_its_token_over_tls(tmp_path: Path) -> None:
    with receiver(tmp_path) as told:
        settings = settings_of("webhook", {"url": told.url, "token": "t0ken-of-theirs", "ca": told.ca})
        sending.send(settings, LETTER, HERE)

    [(headers, body)] = told.got
    assert body == LETTER.body
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer t0ken-of-theirs", LETTER.key)


@pytest.mark.parametrize(("status", "is_final"), [(400, True), (404, True), (401, False), (429, False), (500, False)])
def test_what_a_webhook_answers_decides_whether_it_is_tried_again(status: int, is_final: object) -> None:
    with receiver() as told:
        told.statuses = [status]
        with pytest.raises(NotDelivered, match=str(status)) as refused:
            sending.send(settings_of("webhook", {"url": told.url}), LETTER, HERE)

    assert refused.value.is_final is is_final


def test_no_redirect_is_followed() -> None:
    with receiver() as told:
        told.statuses = [307]
        with pytest.raises(NotDelivered, match="307"):
            sending.send(settings_of("webhook", {"url": told.url}), LETTER, HERE)

    assert len(told.got) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/"])
def test_a_webhook_leads_nowhere_inside_unless_the_operator_said_so(url: str) -> None:
    with receiver() as told:
        settings = settings_of("webhook", {"url": url.format(port=told.url.rpartition(":")[2].partition("/")[0])})

        with pytest.raises(NotDelivered, match="--allow-inner") as refused:
            sending.send(settings, LETTER)
        with pytest.raises(BadChannel, match="--allow-inner"):
            sending.check(settings)
        sending.check(settings_of("webhook", {"url": told.url}), HERE)

    assert (told.got, refused.value.is_final) == ([], False)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("gotify://10.1.2.3/token1234", "--allow-service"),
        ("mailto://a:b@example.vn", "--allow-service"),
        ("vapid://me@example.vn/x?keyfile=/etc/shadow", "--allow-service"),
        ("tgram://123456789:abcdefg_hijk/12345/?template=/etc/passwd", "parameter template"),
        ("tgram://123456789:abcdefg_hijk/12345/?format=text&Templat%65=/etc/passwd", "parameter template"),
        ("slack://a/b/c/?verify=no", "parameter verify"),
    ],
)
def test_apprise_is_given_no_address_that_leads_inside_or_names_a_file(url: str, said: str) -> None:
    settings = settings_of("apprise", {"url": url})

    with pytest.raises(BadChannel, match=said):
        sending.check(settings)
    with pytest.raises(NotDelivered, match=said):
        sending.send(settings, LETTER)


def test_a_service_that_the_operator_allows_is_taken() -> None:
    gotify = settings_of("apprise", {"url": "gotify://10.1.2.3/token1234"})

    sending.check(gotify, Allowed(services=frozenset({"gotify"})))


def test_a_receiver_that_says_nothing_is_waited_for_and_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = Webhook(url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        with pytest.raises(NotDelivered, match=r"did not answer within 0\.2 s"):
            webhook.send(settings, LETTER, HERE, wait_seconds=0.2)


def test_what_apprise_carries_is_the_brief_text_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import apprise  # noqa: PLC0415 - an extra

    sent: list[tuple[str, str]] = []

    class Plugin:
        socket_connect_timeout = socket_read_timeout = 0.0

        def notify(self, body: str, title: str) -> bool:
            sent.append((title, body))
            return True

    monkeypatch.setattr(apprise.Apprise, "instantiate", staticmethod(lambda *_told, **_more: Plugin()))
    sending.send(settings_of("apprise", {"url": "zalo://bot/chat"}), LETTER)

    assert sent == [("", LETTER.brief)]


def test_apprise_knows_zalo_and_telegram_and_no_nonsense() -> None:
    for url in (
        "zalo://123456789012345678:abcdefghijklmnopqrstuv/chat12345678",
        "tgram://123456789:abcdefg_hijk/12345",
    ):
        sending.check(settings_of("apprise", {"url": url}))

    with pytest.raises(BadChannel, match="does not know"):
        sending.check(settings_of("apprise", {"url": "nonsense://a/b"}), Allowed(services=frozenset({"nonsense"})))


def test_without_apprise_the_channel_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)

    with pytest.raises(NotDelivered) as told:
        sending.send(settings_of("apprise", {"url": "zalo://bot/chat"}), LETTER)

    assert str(told.value) == others.MISSING


GOOD = {"host": "mail.tinh.gov.vn", "sender": "machxa@tinh.gov.vn"}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("pigeon", {}),
        ("email", {}),
        ("email", {**GOOD, "port": 0}),
        ("email", {**GOOD, "port": True}),
        ("email", {**GOOD, "security": "ssl3"}),
        ("email", {**GOOD, "security": "none", "user": "a", "password": "b"}),
        ("email", {**GOOD, "user": "a"}),
        ("email", {**GOOD, "to": ["a@b\r\nBcc: c@d"]}),
        ("email", {**GOOD, "to": ["a@b"] * 21}),
        ("email", {**GOOD, "sender": "a@b\nX: y"}),
        ("email", {**GOOD, "colour": 1}),
        ("webhook", {"url": "ftp://a/b"}),
        ("webhook", {"url": "https://"}),
        ("webhook", {"url": "https://a:99999/"}),
        ("webhook", {"url": "https://user:secret@a/"}),
        ("webhook", {"url": "http://a/", "token": "secret-token"}),
        ("webhook", {"url": "https://a/", "token": "a\r\nX: y"}),
        ("webhook", {"url": "https://a/ b"}),
        ("apprise", {"url": "zalo"}),
        ("apprise", {"url": "json://a/b"}),
        ("apprise", {"url": "ZALO://a/b"}),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_without_repeating_a_secret(
    kind: str, said: dict[str, object]
) -> None:
    with pytest.raises(BadChannel) as told:
        settings_of(kind, said)

    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("kind", "said", "shown"),
    [
        ("email", {**GOOD, "user": "u", "password": "p4ssword"}, "mail.tinh.gov.vn:587"),
        ("webhook", {"url": "https://sms.vn/hook/s3cret?key=s3cret"}, "sms.vn"),
        ("apprise", {"url": "zalo://s3cret-bot/chat"}, "zalo://"),
    ],
)
def test_nothing_but_the_host_is_shown(kind: str, said: dict[str, object], shown: str) -> None:
    settings = settings_of(kind, said)

    assert settings.shown == shown
    assert "s3cret" not in repr(settings)
    assert "p4ssword" not in repr(settings)

"""Letting computers in from the command line: what scripts read, what people read, and what is written down."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from machxa_agent.kit import read_kit
from machxa_collector import data_folder
from machxa_collector.main import main
from machxa_collector.registry import certificates as pki
from machxa_collector.registry.enrolment import Asked, identifying
from machxa_collector.store import enrolment, tables
from machxa_collector.store.enrolment import Enrolled, Grant
from machxa_collector.store.enrolment_requests import Pending
from tests.collector.builders import unsigned

BOARD = identifying("4c4c4544-0046-3510-8052-b7c04f4a4d32", "F5RJM2Z", None)
FINGERPRINT = re.compile(r"([0-9A-F]{2}:){31}[0-9A-F]{2}")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "var"


def _run(data: Path, *arguments: str) -> int:
    return main([*arguments, "--data", str(data)])


def _ask(store: Engine, token: str, *, here: bool = False) -> Enrolled | Pending | None:
    asked = Asked(hostname="may-1", marks=BOARD)
    return enrolment.enrol(store, token, asked, Grant(data_folder.now_ms(), b"k" * 32, unsigned), here=here)


def test_a_token_is_printed_alone_and_the_fingerprint_beside_it(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(data, "token", "enrol", "--uses", "2", "--days", "3") == 0
    printed = capsys.readouterr()

    assert _run(data, "certificate", "authority") == 0

    told = capsys.readouterr()
    token, fingerprint = printed.out.strip(), FINGERPRINT.search(printed.err)
    assert re.fullmatch(r"[\w-]{43}", token)
    assert token not in printed.err
    assert fingerprint is not None
    assert pki.fingerprint(told.out.encode()) == fingerprint[0]


def test_a_token_of_a_unit_that_is_none_is_not_made(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(data, "token", "enrol", "--unit", "99999") == 1

    assert "không có đơn vị mã '99999' (there is no unit '99999')" in capsys.readouterr().err


def test_a_request_is_listed_with_whom_it_looks_like_and_approved_by_how_its_id_begins(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = data_folder.open_data(data)
    tokens = []
    for _ in range(2):
        _run(data, "token", "enrol")
        tokens.append(capsys.readouterr().out.strip())
    known, waits = _ask(store, tokens[0], here=True), _ask(store, tokens[1])
    assert isinstance(known, Enrolled)
    assert isinstance(waits, Pending)

    assert _run(data, "enrol", "list") == 0
    listed = capsys.readouterr().out
    assert _run(data, "enrol", "approve", waits.id[:8], "--same-computer", "--unit", "29410") == 0
    assert _run(data, "enrol", "approve", waits.id[:8]) == 1

    assert waits.id in listed
    assert f"cùng máy với (same computer as) {known.agent}" in listed
    with store.connect() as connection:
        request = connection.execute(select(tables.enrolment_requests)).mappings().one()
        actions = connection.execute(select(tables.audit.c.action).order_by(tables.audit.c.seq)).scalars().all()
    assert (request["state"], request["same_asset"], request["unit"]) == ("approved", True, "29410")
    assert actions == ["token.enrol", "token.enrol", "agent.enrol", "enrolment.approve"]
    store.dispose()


def test_an_agent_is_revoked_once_and_an_unknown_one_is_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = data_folder.open_data(data)
    _run(data, "token", "enrol")
    known = _ask(store, capsys.readouterr().out.strip(), here=True)
    assert isinstance(known, Enrolled)

    statuses = [_run(data, "agent", "revoke", one) for one in (known.agent, known.agent, "none")]

    assert statuses == [0, 0, 1]
    assert capsys.readouterr().out.splitlines() == ["Đã thu hồi (revoked)", "Đã thu hồi từ trước (revoked before)"]
    store.dispose()


def test_a_kit_enrols_computers_of_its_unit_and_shows_when_it_was_altered(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kit = tmp_path / "usb"
    made = ["kit", "--unit", "29410", "--url", "https://mx.example:8443", "--uses", "2", "--to", str(kit)]

    assert _run(data, *made) == 0
    assert _run(data, *made) == 1
    asked = read_kit(kit, "pc")

    assert sorted(one.name for one in kit.iterdir()) == [
        "README.txt",
        "SHA256SUMS",
        "agent.toml",
        "ca.pem",
        "token.txt",
    ]
    assert asked.ca is not None
    assert (asked.url, asked.fingerprint) == ("https://mx.example:8443", pki.fingerprint(asked.ca.encode()))
    assert "có nội dung" in capsys.readouterr().err
    assert "đã ghi danh" in (kit / "README.txt").read_text(encoding="utf-8-sig")
    for line in (kit / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((kit / name).read_bytes()).hexdigest() == digest
    store = data_folder.open_data(data)
    assert isinstance(_ask(store, asked.token), Enrolled)
    with store.connect() as connection:
        assert connection.execute(select(tables.assets.c.unit)).scalars().all() == ["29410"]
    store.dispose()
    (kit / "agent.toml").write_text('enrol_url = "https://other.example"\n')
    with pytest.raises(ValueError, match="hỏng hoặc bị sửa"):
        read_kit(kit, "pc")


@pytest.mark.parametrize("url", ["http://mx.example", "mx.example", 'https://mx"x', "https://"])
def test_a_kit_for_an_address_no_agent_would_ask_is_not_made(data: Path, tmp_path: Path, url: str) -> None:
    assert _run(data, "kit", "--unit", "29410", "--url", url, "--to", str(tmp_path / "usb")) == 1

    assert not (tmp_path / "usb").exists()


def test_a_servers_files_are_written_its_key_for_its_user_alone(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "broker"

    assert _run(data, "certificate", "server", "mx.example", "10.1.2.3", "--days", "30", "--to", str(folder)) == 0

    assert sorted(one.name for one in folder.iterdir()) == ["ca.pem", "revoked.pem", "server.key", "server.pem"]
    assert (folder / "server.key").stat().st_mode & 0o777 == 0o600
    told = pki.described((folder / "server.pem").read_bytes())
    assert told.name == "mx.example"
    assert 29 <= (told.not_after - datetime.now(UTC)).days <= 30


def test_a_collector_gets_what_it_joins_a_broker_elsewhere_with(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "centre"

    assert _run(data, "certificate", "client", "centre", "--to", str(folder)) == 0

    assert sorted(one.name for one in folder.iterdir()) == ["ca.pem", "centre.key", "centre.pem"]
    assert (folder / "centre.key").stat().st_mode & 0o777 == 0o600
    assert pki.described((folder / "centre.pem").read_bytes()).name == "centre"

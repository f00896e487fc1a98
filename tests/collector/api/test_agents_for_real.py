"""The agent's own commands against the real API over TLS: let in, kept waiting, renewed, refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from sqlalchemy import Engine, select

from machxa_agent.enrol import EnrolError, Enrolment, Waiting, enrol, renew
from machxa_agent.identity import load
from machxa_agent.renewal import Renewal, is_due
from machxa_collector.api.app import create_app
from machxa_collector.api.deps import BrokerAddress
from machxa_collector.enrolling import kit
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.certificates import Reason, fingerprint
from machxa_collector.registry.enrolment import State
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import certificates, enrolment, enrolment_requests, tables
from machxa_collector.store.enrolment_requests import Decision
from tests.collector.api import front
from tests.collector.api.conftest import AUTHORITY, Centre

ROOT = Path(__file__).parents[3]
DAY_MS = 86_400_000
CA = AUTHORITY.certificate_pem.decode()
DEADLINE_SECONDS = 30.0


@pytest.fixture
def url(centre: Centre, tmp_path: Path) -> Iterator[str]:
    centre.now_ms = time.time_ns() // 1_000_000
    centre.broker = BrokerAddress("127.0.0.1", 1883, tls=True, told_host="mx.example", told_port=8883)
    with front.serving(create_app(centre.deps(loopback_open=False)), AUTHORITY, tmp_path) as address:
        yield address


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "agent"


def _token(centre: Centre, unit: str | None = None, *, approves: bool = True) -> str:
    token = centre.token(Purpose.ENROL, uses=1)
    if approves:
        enrolment.scope_token(centre.store, token, unit=unit)
    return token


def _agent(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "machxa_agent.main", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "agent")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def _decide(store: Engine, id_: str, state: State) -> None:
    decision = Decision(state=state, by="it")
    entry = Entry(at=time.time_ns() // 1_000_000, actor="it", action="enrolment.approve")
    assert enrolment_requests.decide(store, id_, decision, entry) is not None


def test_with_the_printed_fingerprint_an_agent_gets_key_and_certificate_that_fit(
    centre: Centre, url: str, folder: Path
) -> None:
    known = fingerprint(AUTHORITY.certificate_pem)

    told = _agent("enrol", "--data", str(folder), "--url", url, "--token", _token(centre), "--ca-fingerprint", known)

    assert told.returncode == 0, told.stderr
    assert "đã ghi danh" in told.stdout
    identity = load(folder)
    assert identity.encryption is not None
    assert (identity.broker_host, identity.broker_port, identity.encryption.ca) == ("mx.example", 8883, CA)
    pem = identity.encryption.own.read_bytes()
    certificate, key = x509.load_pem_x509_certificate(pem), load_pem_private_key(pem, None)
    spki = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert certificate.public_key().public_bytes(*spki) == key.public_key().public_bytes(*spki)
    assert certificate.subject.rfc4514_string() == f"CN={identity.address.agent}"
    assert {one.name: one.stat().st_mode & 0o777 for one in folder.iterdir()} == {
        "agent.json": 0o600,
        "agent.pem": 0o600,
    }


def test_with_a_kit_an_agent_enrols_into_its_commune(centre: Centre, url: str, folder: Path, tmp_path: Path) -> None:
    known = fingerprint(AUTHORITY.certificate_pem)
    token, ends = _token(centre, "29410"), date(2026, 12, 31)
    about = kit.About(url=url, token=token, authority=CA, fingerprint=known, unit="Xã", uses=1, ends=ends)
    kit.write(tmp_path / "usb", about)

    told = _agent("enrol", "--data", str(folder), "--kit", str(tmp_path / "usb"))

    assert told.returncode == 0, told.stderr
    with centre.store.connect() as connection:
        assert connection.execute(select(tables.assets.c.unit)).scalars().all() == ["29410"]


@pytest.mark.parametrize("state", [State.APPROVED, State.REFUSED])
def test_an_agent_that_waits_asks_with_its_secret_over_restarts(
    centre: Centre, url: str, folder: Path, state: State
) -> None:
    asked = Enrolment(url, _token(centre, approves=False), ca=CA)
    with pytest.raises(Waiting) as first:
        enrol(folder, asked)
    with pytest.raises(Waiting) as again:
        enrol(folder, asked)
    (request,) = enrolment_requests.listed(centre.store)
    _decide(centre.store, request.id, state)

    if state is State.APPROVED:
        assert enrol(folder, asked) == load(folder)
    else:
        with pytest.raises(EnrolError, match="refused the token"):
            enrol(folder, asked)

    assert str(first.value) == str(again.value)
    assert request.fingerprint is not None
    assert request.fingerprint in str(first.value)
    assert not (folder / "waiting.json").exists()


def test_an_agent_renews_at_two_thirds_with_a_new_key_under_its_old_id(centre: Centre, url: str, folder: Path) -> None:
    identity = enrol(folder, Enrolment(url, _token(centre), ca=CA))
    before = (folder / "agent.pem").read_bytes()
    assert identity.centre is not None
    due_s = identity.centre.begins_s + (identity.centre.ends_s - identity.centre.begins_s) * 2 / 3
    early = Renewal(folder, identity, lambda _now: due_s - 1)
    due = Renewal(folder, identity, lambda _now: due_s)

    early.look(connected=False)
    unchanged = (folder / "agent.pem").read_bytes()
    due.look(connected=True)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while (folder / "agent.pem").read_bytes() == before or (folder / "request.pem").exists():
        assert time.monotonic() < deadline, "it did not renew in time"
        time.sleep(0.05)

    assert (is_due(identity.centre, due_s - 1), is_due(identity.centre, due_s)) == (False, True)
    assert unchanged == before
    renewed = load(folder)
    assert (renewed.address, renewed.key) == (identity.address, identity.key)
    assert before.split(b"-----BEGIN CERTIFICATE")[0] not in (folder / "agent.pem").read_bytes()


def test_an_agent_with_a_dead_clock_asks_after_an_hour_without_connection(
    centre: Centre, url: str, folder: Path
) -> None:
    identity = enrol(folder, Enrolment(url, _token(centre), ca=CA))
    before = (folder / "agent.pem").read_bytes()
    clock = [0.0]
    cut_off = Renewal(folder, identity, lambda _now: 0.0, monotonic=lambda: clock[0])

    cut_off.look(connected=True)
    clock[0] = 3599.0
    cut_off.look(connected=False)
    unchanged = (folder / "agent.pem").read_bytes()
    clock[0] = 3600.0
    cut_off.look(connected=False)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while (folder / "agent.pem").read_bytes() == before or (folder / "request.pem").exists():
        assert time.monotonic() < deadline, "it did not renew in time"
        time.sleep(0.05)

    assert unchanged == before


def test_after_three_months_off_an_agent_waits_for_a_decision_and_stays_who_it_was(
    centre: Centre, url: str, folder: Path
) -> None:
    identity = enrol(folder, Enrolment(url, _token(centre), ca=CA))
    centre.now_ms += 91 * DAY_MS
    with pytest.raises(Waiting):
        renew(folder, identity)
    (request,) = enrolment_requests.listed(centre.store)
    decision = Decision(state=State.APPROVED, by="it")
    enrolment_requests.decide(centre.store, request.id, decision, Entry(at=centre.now_ms, actor="it", action="x"))

    renewed = renew(folder, identity)

    assert (renewed.address, renewed.key) == (identity.address, identity.key)
    assert renewed.centre != identity.centre


def test_a_revoked_agent_is_refused_and_keeps_its_folder(centre: Centre, url: str, folder: Path) -> None:
    identity = enrol(folder, Enrolment(url, _token(centre), ca=CA))
    entry = Entry(at=centre.now_ms, actor="it", action="agent.revoke")
    certificates.revoke_agent(centre.store, identity.address.agent, Reason.KEY_COMPROMISE, entry)

    with pytest.raises(EnrolError, match="refused"):
        renew(folder, identity)

    assert load(folder) == identity


def test_an_agent_without_cryptography_says_what_to_install(centre: Centre, url: str, folder: Path) -> None:
    blocked = "import sys; sys.modules['cryptography'] = None; from machxa_agent import asking; sys.exit(asking.main())"
    question = {
        "do": "enrol",
        "url": url,
        "folder": str(folder),
        "ca": CA,
        "body": {"token": _token(centre), "role": "pc"},
    }

    child = subprocess.run(
        [sys.executable, "-c", blocked], input=json.dumps(question), capture_output=True, text=True, check=True
    )

    assert "machxa[enrol]" in json.loads(child.stdout)["error"]

"""A collector with mosquitto beside it: an agent enrols, comes in by its certificate, and is out once revoked."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from machxa_collector.authority import opened
from machxa_collector.broker import mosquitto_or_embedded
from machxa_collector.mosquitto import beside, child
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.certificates import Reason
from machxa_collector.store import certificates
from machxa_collector.store.engine import open_store
from machxa_fleet.mosquitto import find, free_port
from tests.broker.line import Line
from tests.broker.packets import connect, subscribe

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(find() is None, reason="mosquitto is not installed"),
]
START_SECONDS = 60.0
MOST_SECONDS = 5.0
_COMMAND = (sys.executable, "-m", "machxa_collector.main")


@dataclass(frozen=True, slots=True)
class Centre:
    process: subprocess.Popen[bytes]
    data: Path
    page: int

    def broker(self) -> psutil.Process:
        """Return mosquitto's process."""
        (found,) = [one for one in psutil.Process(self.process.pid).children() if "mosquitto" in one.name()]
        return found


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    page, data = free_port(), tmp_path / "data"
    with (tmp_path / "log").open("wb") as log:
        arguments = ["serve", "--data", str(data), "--port", str(page), "--broker", "mosquitto"]
        process = subprocess.Popen([*_COMMAND, *arguments], stdout=log, stderr=log)
    try:
        until(lambda: answers(f"http://127.0.0.1:{page}/readyz"), START_SECONDS)
        yield Centre(process, data, page)
    finally:
        process.terminate()
        process.wait(30)


def test_an_enrolled_agent_comes_in_and_a_revoked_one_is_out_within_seconds(centre: Centre) -> None:
    agent, port, context = enrol(centre)
    with Line(port, context) as line:
        line.send(connect(agent))
        assert line.connected()
        line.send(subscribe(f"mx/1/+/{agent}/down/#"))
        assert line.settle()

        started = time.monotonic()
        revoke(centre, agent)
        until(lambda: not line.settle(), MOST_SECONDS)
        print(
            f"from the revocation by another process to the end of the connection: {time.monotonic() - started:.2f} s"
        )

    with Line(port, context) as line:
        assert not line.send(connect(agent)).connected()


def test_a_broker_that_dies_is_started_again_on_its_ports(centre: Centre) -> None:
    agent, port, context = enrol(centre)
    first = centre.broker()

    first.kill()

    until(lambda: comes_in(agent, port, context), START_SECONDS)
    assert centre.broker().pid != first.pid


def test_the_broker_ends_with_its_collector_however_that_ends(centre: Centre) -> None:
    broker = centre.broker()

    os.kill(centre.process.pid, signal.SIGKILL)

    assert broker.wait(MOST_SECONDS) is None


def test_agents_find_the_broker_where_it_was(tmp_path: Path) -> None:
    authority = opened(tmp_path, lambda: datetime.now(UTC))
    with beside.running(tmp_path / "broker", authority) as first:
        before = first.address

    with beside.running(tmp_path / "broker", authority) as second:
        assert second.address == before


def test_where_mosquitto_does_not_start_the_embedded_broker_serves(tmp_path: Path) -> None:
    (tmp_path / "mosquitto").mkdir()
    (tmp_path / "mosquitto" / "mosquitto.conf").mkdir()  # cannot be written

    with mosquitto_or_embedded(tmp_path, lambda: opened(tmp_path, lambda: datetime.now(UTC))) as broker:
        assert broker.address.told_port is None
        assert not broker.address.tls


def test_a_program_that_ends_at_once_is_told_with_its_reason(tmp_path: Path) -> None:
    old = tmp_path / "mosquitto"
    old.write_text("#!/bin/sh\necho 'Error: Unknown configuration variable' >&2\nexit 3\n")
    old.chmod(0o700)

    with pytest.raises(child.NoBrokerError, match="Unknown configuration variable"), running(old, tmp_path / "broker"):
        pass


@contextmanager
def running(program: Path, folder: Path) -> Iterator[child.Mosquitto]:
    with child.running(str(program), folder, {}, child.free_ports(0, 0), ("secret", b"salt")) as mosquitto:
        yield mosquitto


def revoke(centre: Centre, agent: str) -> None:
    """Revoke an agent, as a command does in another process than the collector's."""
    store = open_store(centre.data / "collector" / "machxa.db")
    entry = Entry(at=time.time_ns() // 1_000_000, actor="test", action="agent.revoke")
    assert certificates.revoke_agent(store, agent, Reason.KEY_COMPROMISE, entry)
    store.dispose()


def enrol(centre: Centre) -> tuple[str, int, ssl.SSLContext]:
    """Return a new agent's id, the port it was told, and a context with the certificate it was given."""
    command = [*_COMMAND, "token", "enrol", "--data", str(centre.data)]
    token = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    body = {"token": token, "hostname": "pc-1", "csr": request.public_bytes(Encoding.PEM).decode()}
    asked = urllib.request.Request(
        f"http://127.0.0.1:{centre.page}/api/v1/enrol", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        given = json.load(answer)
    shown = centre.data / "shown.pem"
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    shown.write_bytes(pem + given["certificate"].encode())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=given["ca"])
    context.load_cert_chain(shown)
    assert given["broker"]["tls"] is True, given
    return given["agent"], given["broker"]["port"], context


def comes_in(agent: str, port: int, context: ssl.SSLContext) -> bool:
    try:
        with Line(port, context) as line:
            return line.send(connect(agent)).connected()
    except OSError:
        return False


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=1).close()
    except OSError:
        return False
    return True


def until(holds: Callable[[], object], seconds: float) -> None:
    """Wait until something holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)

"""A mosquitto of the operator's: the collector keeps its folder, the system lets it take up what is new."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from machxa_collector import children
from machxa_collector.api.deps import BrokerAddress
from machxa_collector.authority import opened
from machxa_collector.mosquitto import config
from machxa_collector.mosquitto.beside import Beside
from machxa_collector.mosquitto.child import Mosquitto
from machxa_collector.mosquitto.config import Listening
from machxa_collector.mosquitto.folder import KeptFolder
from machxa_collector.registry.certificates import described, is_issued_by
from machxa_fleet.mosquitto import find, free_port
from tests.broker.line import Line
from tests.broker.packets import connect
from tests.broker.test_beside import START_SECONDS, Centre, answers, comes_in, enrol, revoke, until

pytestmark = pytest.mark.broker
OUT_SECONDS = 20.0
_READ_BY_GROUP = {"ca.pem", "server.pem", "server.key", "revoked.pem", "centre.passwd"}


@pytest.mark.faults
@pytest.mark.skipif(find() is None, reason="mosquitto is not installed")
def test_a_revoked_agent_is_out_for_good_once_the_system_has_let_the_broker_know(tmp_path: Path) -> None:
    listening, folder = Listening(free_port(), free_port()), tmp_path / "machxa-broker"
    with serving(tmp_path, listening, folder) as centre, broker(folder, listening) as mosquitto:
        until(lambda: answers(f"http://127.0.0.1:{centre.page}/readyz"), START_SECONDS)
        agent, port, context = enrol(centre)
        assert port == listening.agents
        before = (folder / "revoked.pem").read_bytes()
        with Line(port, context) as line:
            assert line.send(connect(agent)).connected()
            revoke(centre, agent)
            until(lambda: not line.settle(), OUT_SECONDS)

        until(lambda: (folder / "revoked.pem").read_bytes() != before, OUT_SECONDS)
        with Line(port, context) as again:
            assert again.send(connect(agent)).connected()  # the system has not told the broker yet
            mosquitto.send_signal(signal.SIGHUP)
            until(lambda: not again.settle(), OUT_SECONDS)
        assert not comes_in(agent, port, context)


def test_what_is_missing_is_written_and_what_is_there_stays(tmp_path: Path) -> None:
    authority = opened(tmp_path / "data", lambda: datetime.now(UTC))
    address = BrokerAddress("127.0.0.1", 1883, tls=True, told_host="mx.tinh.example", told_port=8883)
    folder = tmp_path / "broker"

    kept = KeptFolder(folder, address, authority, lambda: datetime.now(UTC))
    first = contents(folder)
    KeptFolder(folder, address, authority, lambda: datetime.now(UTC))

    assert contents(folder) == first
    assert set(first) == {*_READ_BY_GROUP, "centre.password"}
    assert kept.address.password == folder / "centre.password"
    assert {name for name in first if stat.S_IMODE((folder / name).stat().st_mode) == 0o640} == _READ_BY_GROUP
    assert stat.S_IMODE((folder / "centre.password").stat().st_mode) == 0o600


def test_the_brokers_certificate_is_renewed_at_two_thirds_and_for_another_name(tmp_path: Path) -> None:
    authority = opened(tmp_path / "data", lambda: datetime.now(UTC))
    address = BrokerAddress("127.0.0.1", 1883, tls=True, told_host="mx.tinh.example", told_port=8883)
    folder, shown = tmp_path / "broker", tmp_path / "broker" / "server.pem"

    def serial(told_host: str, days: float) -> int:
        then = datetime.now(UTC) + timedelta(days=days)
        one = BrokerAddress(address.host, address.port, tls=True, told_host=told_host, told_port=8883)
        KeptFolder(folder, one, authority, lambda: then)
        return described(shown.read_bytes()).serial

    first = serial("mx.tinh.example", 0)

    assert serial("mx.tinh.example", 58) == first
    assert serial("mx.tinh.example", 61) != first
    second = described(shown.read_bytes()).serial
    assert serial("other.example", 0) != second


def test_the_brokers_certificate_is_made_anew_for_another_authority(tmp_path: Path) -> None:
    address = BrokerAddress("127.0.0.1", 1883, tls=True, told_host="mx.tinh.example", told_port=8883)
    folder = tmp_path / "broker"

    for name in ("before", "after"):
        authority = opened(tmp_path / name, lambda: datetime.now(UTC))
        KeptFolder(folder, address, authority, lambda: datetime.now(UTC))

        assert is_issued_by((folder / "server.pem").read_bytes(), authority.authority)


def test_a_certificate_that_cannot_be_written_now_is_renewed_an_hour_later(tmp_path: Path) -> None:
    authority = opened(tmp_path / "data", lambda: datetime.now(UTC))
    address = BrokerAddress("127.0.0.1", 1883, tls=True, told_host="mx.tinh.example", told_port=8883)
    folder, moment, then = tmp_path / "broker", [0.0], [datetime.now(UTC)]
    kept = KeptFolder(folder, address, authority, lambda: then[0], lambda: moment[0])
    folder.rename(tmp_path / "gone")

    moment[0], then[0] = 3600.0, then[0] + timedelta(days=61)
    kept.look()
    folder.mkdir()
    moment[0] = 7199.0
    kept.look()
    too_soon = contents(folder)
    moment[0] = 7200.0
    kept.look()

    assert too_soon == {}
    assert set(contents(folder)) == {"server.pem", "server.key"}


def test_our_own_broker_s_certificate_that_cannot_be_written_now_is_renewed_an_hour_later(tmp_path: Path) -> None:
    authority = opened(tmp_path / "data", lambda: datetime.now(UTC))
    folder, moment = tmp_path / "mosquitto", [0.0]
    sleeps = [
        sys.executable,
        "-c",
        "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); sys.stdin.read()",
    ]
    mosquitto = Mosquitto(lambda: children.start(sleeps), folder, Listening(1, 2))
    try:
        beside = Beside(mosquitto, authority, folder / "centre.password", lambda: moment[0])
        moment[0] = 365 * 86_400.0
        beside.look()
        folder.mkdir()
        beside.look()
        too_soon = contents(folder)
        moment[0] += 3600.0
        beside.look()
    finally:
        mosquitto.stop()

    assert too_soon == {}
    assert set(contents(folder)) == {"server.pem", "server.key"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextmanager
def serving(tmp_path: Path, listening: Listening, folder: Path) -> Iterator[Centre]:
    page, data = free_port(), tmp_path / "data"
    own = [f"mqtt://127.0.0.1:{listening.centre}", "--broker-folder", str(folder)]
    arguments = ["serve", "--data", str(data), "--port", str(page), "--broker", *own]
    arguments += ["--agents-broker", f"mqtts://localhost:{listening.agents}"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "machxa_collector.main", *arguments], stdout=log, stderr=log)
    try:
        until(lambda: answers(f"http://127.0.0.1:{page}/healthz"), START_SECONDS)
        yield Centre(process, data, page)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def broker(folder: Path, listening: Listening) -> Iterator[subprocess.Popen[bytes]]:
    """Run mosquitto as the system would, on the shipped files and what the collector wrote beside them."""
    for name in config.SHIPPED:
        (folder / name).write_text(config.shipped(name))
    conf = folder / "mosquitto.conf"
    conf.write_text(config.adapted(conf.read_text(), folder, listening, as_root=True))
    program = find()
    assert program is not None
    process = subprocess.Popen([program, "-c", str(conf)], stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)

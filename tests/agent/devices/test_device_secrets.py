"""What opens a device is typed, kept sealed, used against the device alone, and shown nowhere."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from machxa_agent.devices.entry import Entry, Secret
from machxa_agent.devices.safe import Safe
from machxa_agent.devices.sealing import open_sealed, seal
from machxa_agent.devices.work import DeviceWork
from machxa_agent.main import main
from machxa_agent.snmp.target import Credentials
from machxa_fleet.snmp_devices import Device, Recorded, read_recording
from machxa_wire.roles import RoleOrder

CANARY = "MX-CANARY-" + "cong-dong-bi-mat"
RECORDING = Path(__file__).parents[2] / "recordings" / "snmp" / "ups-on-battery.snmprec"
KEY = bytes(range(32))


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Put lines on standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(line + "\n" for line in lines)))


def gateway(folder: Path) -> Path:
    """Write an agent's files and return its configuration."""
    (folder / "gateway.toml").write_text("[discovery]\nmay_ask_loopback_in_tests = true\n", encoding="utf-8")
    config = folder / "agent.toml"
    config.write_text(f'data = "{folder / "data"}"\ngateway_file = "gateway.toml"\n', encoding="utf-8")
    return config


def test_a_secret_opens_with_its_key_for_its_device_and_unaltered_only() -> None:
    sealed = seal(KEY, "in", b"public2")

    assert open_sealed(KEY, "in", sealed) == b"public2"
    assert open_sealed(KEY, "ups", sealed) is None
    assert open_sealed(bytes(32), "in", sealed) is None
    assert open_sealed(KEY, "in", sealed[:-1] + bytes([sealed[-1] ^ 1])) is None
    assert open_sealed(KEY, "in", b"short") is None
    assert seal(KEY, "in", b"public2") != sealed


def test_a_device_is_added_listed_and_forgotten_and_its_secret_is_shown_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = ["--config", str(gateway(tmp_path))]
    typed(monkeypatch, CANARY)

    assert main(["device", "add", *config, "ups-1", "192.168.1.30:1161"]) == 0
    assert main(["device", "list", *config, "--json"]) == 0
    printed = capsys.readouterr()
    kept = {one.name: one.read_bytes() for one in (tmp_path / "data").iterdir()}
    assert main(["device", "remove", *config, "ups-1"]) == 0
    assert main(["device", "remove", *config, "ups-1"]) == 1

    rows = json.loads(printed.out[printed.out.index("[") :])
    assert rows == [{"key": "ups-1", "host": "192.168.1.30", "port": 1161, "version": None, "secret": True}]
    assert sorted(kept) == ["devices.json", "devices.key"]
    assert not any(CANARY.encode() in content for content in kept.values())
    assert CANARY not in printed.out + printed.err
    assert Safe(tmp_path / "data").read().entries == ()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_the_key_is_for_this_user_alone(tmp_path: Path) -> None:
    Safe(tmp_path).seal("in", Secret("x", None))

    assert (tmp_path / "devices.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("arguments", "lines", "says"),
    [
        (["in", "8.8.8.8"], ["x"], "private"),
        (["in", "192.168.1.2"], [], "too few lines"),
        (["<b>", "192.168.1.2"], ["x"], "key is"),
        (["in", "192.168.1.2", "--version", "3"], ["user", CANARY[:7], "x" * 8], "auth_key has 7 characters"),
        (["in", "192.168.1.2"], ["x" * 129], "129 characters"),
    ],
)
def test_what_cannot_be_added_is_refused_without_a_word_of_the_secret(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    lines: list[str],
    says: str,
) -> None:
    typed(monkeypatch, *lines)

    assert main(["device", "add", "--config", str(gateway(tmp_path)), *arguments]) == 2

    complaint = capsys.readouterr().err
    assert says in complaint
    assert CANARY[:7] not in complaint
    assert not (tmp_path / "data" / "devices.json").exists()


def test_credentials_show_nothing_of_themselves() -> None:
    secret = Secret(CANARY, Credentials("user", CANARY, CANARY))

    assert CANARY not in repr(secret)
    assert CANARY not in f"{Entry('a', '10.0.0.1')} {secret}"


def test_the_running_gateway_asks_with_what_was_sealed_and_tells_it_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    config, told = gateway(tmp_path), threading.Event()
    said: list[object] = []

    def tell(name: str, attributes: Mapping[str, object]) -> None:
        said.append((name, dict(attributes)))
        told.set()

    recorded = Recorded(read_recording(RECORDING.read_text(encoding="utf-8")), community=CANARY.encode())
    with Device(recorded) as device:
        typed(monkeypatch, CANARY)
        main(["device", "add", "--config", str(config), "ups-1", f"127.0.0.1:{device.port}"])
        work = DeviceWork(tmp_path / "data", tmp_path / "gateway.toml")
        work.tell_facts = lambda key, body: said.append((key, dict(body)))
        work.start(RoleOrder(0), tell)
        assert told.wait(20)
        samples = work.samples()
        work.stop()

    state = {"device": "ups-1", "state": "warning", "reasons": "on_battery", "was": None, "kind": "ups"}
    assert said[-1] == ("device.state", state)
    assert {one.series.name for one in samples} >= {"machxa.device.up", "hw.battery.charge"}
    assert CANARY not in repr(said) + repr(samples) + caplog.text
    assert CANARY.encode() not in b"".join(one.read_bytes() for one in (tmp_path / "data").iterdir())


def test_a_lost_key_leaves_the_device_unasked_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config, told = gateway(tmp_path), threading.Event()
    said: list[Mapping[str, object]] = []
    typed(monkeypatch, CANARY)
    main(["device", "add", "--config", str(config), "ups-1", "127.0.0.1:9"])
    (tmp_path / "data" / "devices.key").write_bytes(bytes(32))

    def tell(_name: str, attributes: Mapping[str, object]) -> None:
        said.append(attributes)
        told.set()

    work = DeviceWork(tmp_path / "data", tmp_path / "gateway.toml")
    work.start(RoleOrder(0), tell)
    assert told.wait(20)
    work.stop()

    assert [(one["state"], one["reasons"]) for one in said] == [("unknown", "no_credential")]

"""Looking through a range of loopback: what answers SNMP, what only prints, what is not there."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from machxa_agent.discovery.question import asker
from machxa_agent.discovery.ranges import addresses, network
from machxa_agent.discovery.scan import Found, Plan, scan
from machxa_agent.main import main
from machxa_agent.snmp.load import load_profiles
from machxa_fleet.snmp_devices import Device, Recorded, read_recording
from tests.agent.ipp import making

RECORDINGS = Path(__file__).parents[2] / "recordings" / "snmp"
PROFILES = load_profiles()
LOOPBACK = addresses(network("127.0.0.0/29"), (network("127.0.0.0/8"),), may_loop=True)


def test_a_device_that_answers_snmp_is_found_among_silent_addresses() -> None:
    answering = Recorded(read_recording((RECORDINGS / "switch-26.snmprec").read_text(encoding="utf-8")))
    with Device(answering) as device:
        plan = Plan(LOOPBACK, ("wrong", "public"), (), 50.0)

        found = list(scan(plan, PROFILES, asker(device.port)))

    assert [(one.address, one.community, one.by, one.kind) for one in found] == [("127.0.0.1", 2, "snmp", "switch")]
    assert found[0].sys_descr


def test_a_printer_without_snmp_is_found_by_its_port_and_asked_over_ipp() -> None:
    def respond(request: bytes) -> bytes:
        told: dict[str, list[str | bytes | int]] = {
            "printer-make-and-model": ["Canon LBP226dw"],
            "printer-name": ["may"],
        }
        return making.http(making.answer(told, number=making.number_of(request)))

    with making.printer(respond) as port:
        found = list(scan(Plan(("127.0.0.1",), (), (port,), 50.0), PROFILES, None, port))

    assert found == [Found("127.0.0.1", (port,), None, "ipp", "printer", "Canon", "LBP226dw", "may")]


def test_no_address_is_asked_before_its_turn() -> None:
    began = time.monotonic()

    found = list(scan(Plan(LOOPBACK, ("public",), (), 20.0), PROFILES, lambda *_: {}))

    assert len(found) == 6
    assert time.monotonic() - began >= 5 / 20


def config(folder: Path, discovery: str) -> Path:
    (folder / "gateway.toml").write_text(f"[discovery]\n{discovery}\n", encoding="utf-8")
    file = folder / "agent.toml"
    file.write_text('gateway_file = "gateway.toml"\n', encoding="utf-8")
    return file


def test_a_dry_run_tells_what_would_be_asked_and_asks_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = config(tmp_path, 'ranges = ["192.168.0.0/16"]\nports = [631, 9100]')

    assert main(["snmp", "discover", "192.168.1.0/24", "--config", str(file), "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == {
        "dry_run": True,
        "range": "192.168.1.0/24",
        "addresses": 254,
        "first": "192.168.1.1",
        "last": "192.168.1.254",
        "asked": ["SNMP (1 community)", "TCP 631", "TCP 9100"],
        "addresses_per_second": 10.0,
        "least_seconds": 25.4,
    }


def test_communities_stand_in_a_file_of_their_own_and_are_never_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "communities").write_text("xa-bi-mat\nxa-khac\n", encoding="utf-8")
    file = config(tmp_path, 'ranges = ["10.0.0.0/8"]\ncommunities_file = "communities"')

    assert main(["snmp", "discover", "10.9.8.7", "--config", str(file)]) == 0

    shown = capsys.readouterr()
    assert "SNMP (2 community)" in shown.err
    assert "xa-bi-mat" not in shown.err + shown.out


@pytest.mark.parametrize(
    ("discovery", "asked", "reason"),
    [
        pytest.param('ranges = ["192.168.1.0/24"]', "192.168.2.0/24", "names other ranges", id="not named"),
        pytest.param('ranges = ["127.0.0.0/8"]', "127.0.0.1", "only private", id="loopback, not in a test"),
        pytest.param('ranges = ["8.8.8.0/24"]', "8.8.8.8", "only private", id="public, though named"),
        pytest.param("ranges = []", "192.168.1.1", "names other ranges", id="nothing named"),
        pytest.param('range = "10.0.0.0/8"', "10.0.0.1", "is unknown", id="misspelt"),
        pytest.param("ports = [22]", "10.0.0.1", "expected some of", id="another port"),
        pytest.param("hosts_per_second = 1000", "10.0.0.1", "expected up to 50", id="too fast"),
        pytest.param('communities_file = "none"', "10.0.0.1", "cannot be read", id="no communities"),
    ],
)
def test_what_is_not_allowed_is_refused_with_the_reason(
    discovery: str, asked: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["snmp", "discover", asked, "--go", "--config", str(config(tmp_path, discovery))]) == 2

    assert reason in capsys.readouterr().err


def test_without_a_configuration_nothing_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snmp", "discover", "192.168.1.0/24", "--go"]) == 2

    assert "names no range" in capsys.readouterr().err


def test_the_command_prints_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = config(tmp_path, 'ranges = ["127.0.0.0/8"]\nmay_ask_loopback_in_tests = true')

    assert main(["snmp", "discover", "127.0.0.9", "--go", "--config", str(file)]) == 0

    assert capsys.readouterr().out.split() == ["address", "kind", "vendor", "model", "sys_name", "by", "ports"]

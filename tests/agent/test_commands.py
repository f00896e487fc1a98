"""Hold the commands to their words and exit statuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from machxa_agent.config import BadConfigError, Config, broker_of, read_config
from machxa_agent.main import main


def test_probe_prints_what_one_probe_reads(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "uptime", "--json"]) == 0

    body = json.loads(capsys.readouterr().out)
    assert (body["probe"], body["samples"][0]["name"]) == ("uptime", "system.uptime")


def test_an_unknown_probe_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "nonsense"]) == 2

    assert "expected one of cpu, memory" in capsys.readouterr().err


def test_status_of_an_agent_that_never_ran(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--data", str(tmp_path)]) == 1

    assert "nothing was sampled yet" in capsys.readouterr().out


def test_outbox_of_an_agent_that_never_ran(tmp_path: Path) -> None:
    assert main(["outbox", "--data", str(tmp_path)]) == 1


def test_a_configuration_is_read(tmp_path: Path) -> None:
    path = tmp_path / "agent.toml"
    path.write_text('data = "here"\nbroker = "mqtt://centre:1884"\nrole = "gateway"\nsample_seconds = 30\n')

    expected = Config(data=Path("here"), broker="mqtt://centre:1884", role="gateway", sample_seconds=30)
    assert read_config(path) == expected


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("brokr = 'x'", "'brokr' is unknown", id="unknown key"),
        pytest.param("broker = 5", "broker is 5, expected a string", id="wrong type"),
        pytest.param("role = 'king'", "role is 'king'", id="unknown role"),
        pytest.param("sample_seconds = 0", "sample_seconds is 0, expected 1 to 3600", id="out of range"),
        pytest.param("not toml", "cannot be read", id="not TOML"),
    ],
)
def test_a_bad_configuration_is_refused_with_its_reason(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "agent.toml"
    path.write_text(content)

    with pytest.raises(BadConfigError, match=told):
        read_config(path)


def test_a_bad_configuration_ends_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--config", str(tmp_path / "missing.toml")]) == 2

    assert "cannot be read" in capsys.readouterr().err


def test_a_brokers_address() -> None:
    assert broker_of("mqtt://centre.example:1884") == ("centre.example", 1884, False)
    assert broker_of("mqtt://[::1]") == ("::1", 1883, False)
    assert broker_of("mqtts://centre.example") == ("centre.example", 8883, True)


@pytest.mark.parametrize("url", ["http://centre", "centre:1883", "mqtt://", "mqtt://centre:99999"])
def test_a_bad_address_of_a_broker_is_refused(url: str) -> None:
    with pytest.raises(BadConfigError):
        broker_of(url)

"""A file of sinks is read whole or refused with a reason; the token stands in a file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from machxa_collector.failure import CannotRunError
from machxa_collector.sinks.config import Glpi, Influx, Mqtt, read

pytest.importorskip("influxdb_client", reason="pip install 'machxa[influx]'")
GOOD = '[[influx]]\nname = "vm"\nurl = "http://127.0.0.1:8428/"\n'
GLPI = '[[glpi]]\nname = "glpi"\nurl = "https://glpi.tinh.example"\n'
MQTT = '[[mqtt]]\nname = "telegraf"\nurl = "mqtt://127.0.0.1"\n'


def test_a_sink_is_read_with_its_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    (tmp_path / "sinks.toml").write_text(GOOD + 'token_file = "token"\nbucket = "mx"\n')

    (sink,) = read(tmp_path / "sinks.toml")

    assert sink == Influx(name="vm", url="http://127.0.0.1:8428", bucket="mx", token="s3cret")  # noqa: S106 - a test's
    assert "s3cret" not in repr(sink)


def test_a_glpi_server_is_read_with_its_endpoint(tmp_path: Path) -> None:
    (tmp_path / "sinks.toml").write_text(GLPI)

    assert read(tmp_path / "sinks.toml") == (Glpi(name="glpi", url="https://glpi.tinh.example/front/inventory.php"),)


def test_a_topic_of_a_broker_is_read_with_what_proves_us_there(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("s3cret\n")
    (tmp_path / "ca.pem").write_text("a certificate")
    (tmp_path / "sinks.toml").write_text(
        MQTT.replace("mqtt:", "mqtts:") + "user = 'centre'\npassword_file = 'password'\nca = 'ca.pem'\n"
    )

    (sink,) = read(tmp_path / "sinks.toml")

    assert sink == Mqtt(
        name="telegraf",
        host="127.0.0.1",
        port=8883,
        encrypted=True,
        user="centre",
        password="s3cret",  # noqa: S106 - a test's
        ca=tmp_path / "ca.pem",
    )
    assert (sink.topic, "s3cret" in repr(sink)) == ("machxa/lines", False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GLPI + "user = 'a'", "go together"),
        (GLPI.replace("https:", "http:") + "user = 'a'\npassword_file = 'sinks.toml'", "holds no password|needs https"),
        (GLPI.replace("https://", "https://a:b@"), "expected http"),
        (MQTT + "topic = 'mx/1/00/x/up'", "not below mx/"),
        (MQTT + "topic = 'a/#'", "expected names"),
        (MQTT.replace("mqtt:", "mqtts:"), "go together"),
        (MQTT.replace("0.0.1", "0.0.1/topic"), "stands in topic"),
        (MQTT.replace("mqtt:", "tcp:"), "expected mqtt"),
        ("[[influx]", "TOML|table|Expected"),
        ("[[other]]\nname = 'x'", "unknown: other"),
        (GOOD + "retries = 'x'", "unknown: retries"),
        (GOOD + "bucket = 5", "names and texts"),
        (GOOD.replace("vm", "Vm!"), "name is"),
        (GOOD.replace("http:", "ftp:"), "expected http"),
        (GOOD.replace("127", "user:pass@127"), "expected http"),
        (GOOD + GOOD, "two sinks of one name"),
        (GOOD + "token_file = 'nowhere'", "No such file"),
        (GOOD + "ca = 'nowhere'", "there is no"),
        ("".join(GOOD.replace("vm", f"vm{number}") for number in range(9)), "up to 8"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "sinks.toml").write_text(text)

    with pytest.raises(CannotRunError, match=reason):
        read(tmp_path / "sinks.toml")

"""A file of sinks is read whole or refused with a reason; the token stands in a file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from machxa_collector.failure import CannotRunError
from machxa_collector.sinks.config import Influx, read

pytest.importorskip("influxdb_client", reason="pip install 'machxa[influx]'")
GOOD = '[[influx]]\nname = "vm"\nurl = "http://127.0.0.1:8428/"\n'


def test_a_sink_is_read_with_its_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    (tmp_path / "sinks.toml").write_text(GOOD + 'token_file = "token"\nbucket = "mx"\n')

    (sink,) = read(tmp_path / "sinks.toml")

    assert sink == Influx(name="vm", url="http://127.0.0.1:8428", bucket="mx", token="s3cret")  # noqa: S106 - a test's
    assert "s3cret" not in repr(sink)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
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

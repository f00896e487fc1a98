"""net-snmp's own agent is read in versions 1, 2c and 3."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from machxa_agent.snmp.load import load_profiles
from machxa_agent.snmp.poll import Polled, poll
from machxa_agent.snmp.profiles import DeviceKind
from machxa_agent.snmp.target import Credentials, Limits, Target

SNMPD = shutil.which("snmpd", path="/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin")
CONFIGURATION = """rocommunity public 127.0.0.1
agentaddress udp:127.0.0.1:{port}
sysName snmpd-of-tests
createUser machxa SHA an-auth-key-of-tests AES a-priv-key-of-tests
rouser machxa priv
[snmp] persistentDir {folder}
"""

pytestmark = pytest.mark.skipif(SNMPD is None, reason="snmpd is missing: apt-get install snmpd")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("snmpd")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    configuration = folder / "snmpd.conf"
    configuration.write_text(CONFIGURATION.format(port=number, folder=folder), encoding="utf-8")
    log = folder / "log"
    command = [str(SNMPD), "-f", "-C", "-c", str(configuration), "-Lf", str(log), "-p", str(folder / "pid")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            _wait_for(log)
            yield number
        finally:
            running.terminate()


def _wait_for(log: Path) -> None:
    deadline = time.monotonic() + 20
    while "NET-SNMP version" not in (log.read_text(encoding="utf-8") if log.exists() else ""):
        assert time.monotonic() < deadline, "snmpd did not start within 20 s"
        time.sleep(0.02)


@pytest.mark.parametrize("version", ["1", "2c", None])
def test_a_computer_is_read_by_community(port: int, version: str | None) -> None:
    polled = poll(Target("127.0.0.1", port, version=version), load_profiles(), Limits())

    _assert_computer(polled)


def test_a_computer_is_read_in_version_3(port: int) -> None:
    credentials = Credentials("machxa", "an-auth-key-of-tests", "a-priv-key-of-tests")

    polled = poll(Target("127.0.0.1", port, credentials=credentials), load_profiles(), Limits())

    _assert_computer(polled)


def _assert_computer(polled: Polled) -> None:
    told = polled.device
    assert (told.identity.kind, told.identity.vendor, told.identity.sys_name) == (
        DeviceKind.SERVER,
        "Linux",
        "snmpd-of-tests",
    )
    assert "lo" in {one.name for one in told.interfaces}
    assert told.identity.uptime_seconds is not None
    assert polled.complaints == ()

"""The broker's files as shipped: what the program writes for itself, and what an administrator copies."""

from __future__ import annotations

import base64
import shutil
import subprocess
from pathlib import Path

import pytest

from machxa_collector.mosquitto import config
from machxa_collector.mosquitto.config import Listening

DEPLOY = Path(__file__).parents[2] / "deploy/mosquitto"


@pytest.mark.parametrize("name", config.SHIPPED)
def test_what_an_administrator_copies_is_what_the_program_writes_and_the_tests_run(name: str) -> None:
    assert (DEPLOY / name).read_text(encoding="utf-8") == config.shipped(name)


def test_only_folders_and_ports_differ_where_the_program_runs_it(tmp_path: Path) -> None:
    text = config.shipped("mosquitto.conf")

    adapted = config.adapted(text, tmp_path, Listening(18883, 11883), as_root=False)

    changed = [
        (old, new)
        for old, new in zip(text.splitlines(), adapted.splitlines(), strict=True)
        if old != new and old[0] != "#"
    ]
    files = [f"{tmp_path}/{name}" for name in ("ca.pem", "server.pem", "server.key", "revoked.pem", "agents.acl")]
    assert [new for _, new in changed] == [
        "listener 18883 127.0.0.1",
        *(
            f"{what} {file}"
            for what, file in zip(("cafile", "certfile", "keyfile", "crlfile", "acl_file"), files, strict=True)
        ),
        "listener 11883 127.0.0.1",
        f"password_file {tmp_path}/centre.passwd",
        f"acl_file {tmp_path}/centre.acl",
    ]


def test_a_changed_file_that_no_longer_holds_what_is_replaced_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="listener 8883"):
        config.adapted("/etc/machxa/mosquitto /var/lib/machxa-broker", tmp_path, Listening(1, 2), as_root=False)


def test_the_collectors_port_is_open_to_this_computer_alone() -> None:
    listeners = [line for line in config.shipped("mosquitto.conf").splitlines() if line.startswith("listener")]

    assert listeners == ["listener 8883", "listener 1883 127.0.0.1"]


def test_the_hashed_password_is_what_mosquitto_passwd_writes() -> None:
    salt = base64.b64decode("sT7EJNgWN+kOy+38")

    assert config.password_line("centre", "secret", salt) == (  # mosquitto_passwd -b FILE centre secret
        "centre:$7$101$sT7EJNgWN+kOy+38$OMVMBysXCGEr6fe9zfhT3PDcOXQpw/UcVIUdhGrt4bODMHvRHEnY84hZiJ7CWb4voxhierqzPKQeIIbsbmbFKQ==\n"
    )


def test_the_firewalls_rules_are_rules() -> None:
    nft = shutil.which("nft") or shutil.which("nft", path="/usr/sbin")
    if nft is None:
        pytest.skip("nft is not installed: apt-get install nftables")
    told = subprocess.run([nft, "-c", "-f", str(DEPLOY / "nftables.conf")], capture_output=True, text=True, check=False)
    if "Operation not permitted" in told.stderr:
        pytest.skip("nft checks rules for root only")

    assert told.stderr == ""


def test_the_units_say_nothing_that_systemd_does_not_know(tmp_path: Path) -> None:
    debians = Path("/lib/systemd/system/mosquitto.service")
    if shutil.which("systemd-analyze") is None or not debians.exists():
        pytest.skip("systemd-analyze or mosquitto's own unit is not installed: apt-get install systemd mosquitto")
    drop_in = tmp_path / "mosquitto.service.d"
    drop_in.mkdir()
    shutil.copy(debians, tmp_path)
    shutil.copy(DEPLOY / "mosquitto.service.d.conf", drop_in / "machxa.conf")
    ours = ("machxa-broker-reload.path", "machxa-broker-reload.service")
    units = [tmp_path / "mosquitto.service", *(shutil.copy(DEPLOY / name, tmp_path) for name in ours)]

    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, units)], capture_output=True, text=True, check=False
    )

    assert (told.returncode, [line for line in told.stderr.splitlines() if str(tmp_path) in line]) == (0, [])

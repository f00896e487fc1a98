"""A policy is signed on one computer and taken in on another; nothing but its public half goes across."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from machxa_collector import data_folder
from machxa_collector.registry.rollout import Kind, State
from machxa_collector.store import audit, policies, rollouts

POLICY = """
version = 1
hosts = ["dichvucong.gov.vn:443"]
[bounds]
sample_seconds = [30, 600]
"""


def machxa(*arguments: str | Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "machxa_collector.main", *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture
def offline(tmp_path: Path) -> Path:
    """Return a folder with a key and a signed policy."""
    (tmp_path / "policy.toml").write_text(POLICY)
    assert machxa("policy", "new-key", tmp_path / "key")[0] == 0
    assert machxa("policy", "sign", tmp_path / "policy.toml", "--key", tmp_path / "key")[0] == 0
    return tmp_path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data_folder.open_data(tmp_path / "data").dispose()
    return tmp_path / "data"


def test_the_private_key_is_its_owners_alone_and_never_written_over(offline: Path) -> None:
    before = (offline / "key").read_bytes()

    status, told = machxa("policy", "new-key", offline / "key")

    assert (status, (offline / "key").read_bytes()) == (1, before)
    assert "File exists" in told
    assert (offline / "key").stat().st_mode & 0o777 == 0o600


def test_a_policy_is_taken_in_once_its_key_is_trusted(offline: Path, data: Path) -> None:
    untrusted = machxa("policy", "install", offline / "policy.signed", "--data", data)
    trusted = machxa("policy", "trust", offline / "key.pub", "--data", data)
    installed = machxa("policy", "install", offline / "policy.signed", "--data", data)
    again = machxa("policy", "install", offline / "policy.signed", "--data", data)
    shown = machxa("rollout", "status", "--data", data)

    assert (untrusted[0], trusted[0], installed[0], again[0], shown[0]) == (1, 0, 0, 1, 0)
    assert "not trusted here" in untrusted[1]
    assert "policy 1 is not newer than 1" in again[1]
    assert shown[1].startswith("policy 1: running, 1 %")
    store = data_folder.open_data(data)
    assert policies.newest(store).hosts == ("dichvucong.gov.vn:443",)
    assert policies.trusted_key(store) == (offline / "key.pub").read_text().strip()
    assert [one.action for one in audit.every(store)] == ["policy.trust", "policy.install"]
    assert audit.broken(store) is None
    store.dispose()


def test_a_rollout_is_held_and_goes_on(offline: Path, data: Path) -> None:
    machxa("policy", "trust", offline / "key.pub", "--data", data)
    machxa("policy", "install", offline / "policy.signed", "--data", data)
    store = data_folder.open_data(data)

    paused = machxa("rollout", "pause", "policy", "--data", data)
    held = rollouts.newest(store, Kind.POLICY)
    resumed = machxa("rollout", "resume", "policy", "--data", data)
    none = machxa("rollout", "pause", "settings", "--data", data)

    assert (paused[0], resumed[0], none[0]) == (0, 0, 1)
    assert held is not None
    assert held.state is State.PAUSED
    assert "there is no such rollout" in none[1]
    store.dispose()


def test_a_changed_byte_is_noticed_before_anything_is_stored(offline: Path, data: Path) -> None:
    machxa("policy", "trust", offline / "key.pub", "--data", data)
    (offline / "policy.toml").write_text(POLICY.replace("30", "20"))
    machxa("policy", "sign", offline / "policy.toml", "--key", offline / "key", "--out", offline / "other.signed")
    good, other = (offline / "policy.signed").read_bytes(), (offline / "other.signed").read_bytes()
    (offline / "noise").write_bytes(good[:-7])
    (offline / "unsigned").write_bytes(b'{"policy": "{}"}')
    assert good != other

    refused = [machxa("policy", "install", offline / name, "--data", data) for name in ("noise", "unsigned")]

    assert [status for status, _ in refused] == [1, 1]
    assert all("is no signed policy" in told for _, told in refused)


def test_a_slip_in_the_policy_is_told_with_the_words_there_are(offline: Path) -> None:
    (offline / "bad.toml").write_text("version = 1\ncommand = 'x'\n")

    status, told = machxa("policy", "sign", offline / "bad.toml", "--key", offline / "key")

    assert status == 1
    assert "'command' is unknown" in told
    assert not (offline / "bad.signed").exists()

"""Hold identity, boot and settings to what they keep over restarts."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from machxa_agent import identity
from machxa_agent.identity import NotEnrolledError, keep, load, next_boot

ANSWER: dict[str, object] = {
    "agent": "0b9c3c4e-5b1f-4b57-9d0e-0f6f3f5f7a11",
    "shard": "a7",
    "key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "broker": {"host": "centre", "port": 1883, "tls": False},
}


def test_an_identity_is_kept_for_this_user_alone(tmp_path: Path) -> None:
    kept = keep(tmp_path, ANSWER)

    assert load(tmp_path) == kept
    assert kept.key == bytes(range(32))
    assert stat.S_IMODE((tmp_path / "agent.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "change",
    [
        {"agent": "0B9C3C4E-5B1F-4B57-9D0E-0F6F3F5F7A11"},
        {"agent": "../../etc/passwd"},
        {"shard": "zz"},
        {"key": "AAEC"},
        {"key": 5},
        {"broker": None},
        {"broker": {"host": "centre", "port": 0, "tls": False}},
        {"broker": {"host": "centre", "port": 8883, "tls": True}},
    ],
    ids=str,
)
def test_an_answer_that_is_no_identity_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        keep(tmp_path, {**ANSWER, **change})

    with pytest.raises(NotEnrolledError):
        load(tmp_path)


def test_a_damaged_identity_asks_for_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "agent.json").write_text("[")

    with pytest.raises(NotEnrolledError, match="enrol again"):
        load(tmp_path)


def test_each_start_has_its_own_name_within_one_boot(tmp_path: Path) -> None:
    first = next_boot(tmp_path, 1000.0, 50.0)
    second = next_boot(tmp_path, 1010.0, 60.0)

    system = first.name.split(".")[0]
    assert (first.is_new, second.is_new) == (True, False)
    assert (first.name, second.name) == (f"{system}.1", f"{system}.2")
    assert len(system) == 8


def test_without_a_boot_id_a_monotonic_clock_that_went_back_is_a_new_boot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "_BOOT_ID", str(tmp_path / "none"))
    first = next_boot(tmp_path, 100_000.0, 5000.0)
    same = next_boot(tmp_path, 100_060.0, 5060.0)
    restarted = next_boot(tmp_path, 100_200.0, 30.0)

    assert (same.is_new, same.name.split(".")[0]) == (False, first.name.split(".")[0])
    assert restarted.is_new

"""How a boot ended is told by our own book, else by the system's, else by what is missing in both."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from machxa_agent.presence.ended import Ended, Last, from_events, from_log, from_wtmp, judged, slept
from machxa_agent.presence.going import from_targets, reason
from machxa_agent.presence.wtmp import RECORD_BYTES, Entry, entries

RECORDINGS = Path(__file__).parents[2] / "recordings" / "host"
RECORD = struct.Struct("<h2xi32s4s32s256shhiii16x20x")
RUN_LEVEL, BOOT, USER = 1, 2, 7
NOV_26_10H, NOV_27_00H29 = 1795687361000, 1795739381000


def entry(kind: int, seconds: int, user: bytes = b"", pid: int = 0) -> bytes:
    """Return a record of utmp(5) as glibc lays it out."""
    return RECORD.pack(kind, pid, b"~", b"~~", user, b"5.10.0", 0, 0, 0, seconds, 0)


@pytest.mark.parametrize(
    ("last", "told", "ended"),
    [
        (Last("shutdown", 5), Ended("unexpected", None), Ended("shutdown", 5)),
        (Last("restart", 5), None, Ended("restart", 5)),
        (Last(None, 5), Ended("shutdown", 7), Ended("shutdown", 7)),
        (Last(None, 5), Ended("unexpected", None), Ended("unexpected", 5)),
        (Last(None, 5), None, Ended("unexpected", 5)),
        (Last(None, 5), Ended("unknown", None), Ended("unexpected", 5)),
        (Last("stop", 5), None, Ended("unknown", None)),
        (Last("stop", 5), Ended("unexpected", None), Ended("unexpected", None)),
        (None, Ended("hibernate", 9), Ended("hibernate", 9)),
        (None, None, Ended("unknown", None)),
    ],
)
def test_our_own_word_goes_before_the_systems_and_silence_is_unexpected(
    last: Last | None, told: Ended | None, ended: Ended
) -> None:
    assert judged(last, told) == ended


@pytest.mark.parametrize(
    ("between", "ended"),
    [
        (entry(RUN_LEVEL, 500, b"shutdown"), Ended("shutdown", 500_000)),
        (entry(RUN_LEVEL, 500, b"runlevel", ord("6")), Ended("restart", 500_000)),
        (entry(RUN_LEVEL, 500, b"runlevel", ord("0") + 256 * ord("5")), Ended("shutdown", 500_000)),
        (entry(RUN_LEVEL, 120, b"runlevel", ord("5")), Ended("unexpected", None)),
        (entry(USER, 300, b"somebody"), Ended("unexpected", None)),
    ],
)
def test_wtmp_tells_how_the_boot_before_this_one_ended(between: bytes, ended: Ended) -> None:
    content = entry(BOOT, 100) + between + entry(BOOT, 1000) + entry(USER, 1100, b"somebody")

    assert from_wtmp(entries(content), 1000.0) == ended
    assert from_wtmp(entries(content), 9000.0) is None  # another boot than ours


def test_a_first_boot_and_a_half_written_record_tell_nothing() -> None:
    assert from_wtmp(entries(entry(BOOT, 1000)), 1000.0) is None
    assert list(entries(entry(BOOT, 1000)[: RECORD_BYTES - 1])) == []
    assert list(entries(entry(RUN_LEVEL, 7, b"shutdown"))) == [Entry(RUN_LEVEL, 7, "", is_shutdown=True)]


@pytest.mark.parametrize(
    ("recording", "ended"),
    [
        ("windows-10/ended-shutdown", Ended("shutdown", NOV_26_10H)),
        ("windows-10/ended-restart", Ended("restart", NOV_27_00H29)),
        ("windows-10/ended-power-cut", Ended("unexpected", None)),
        ("windows-10/ended-fast-startup", Ended("shutdown", NOV_26_10H + 4000)),
        ("windows-10/ended-hibernate", Ended("hibernate", NOV_26_10H + 4000)),
        ("windows-7/ended-shutdown", Ended("shutdown", NOV_26_10H)),
        ("windows-7/ended-restart-vi", Ended("restart", NOV_27_00H29 + 60_000)),
    ],
)
def test_windows_log_tells_shutdown_restart_fast_startup_hibernation_and_a_power_cut(
    recording: str, ended: Ended
) -> None:
    xml = (RECORDINGS / f"{recording}.xml").read_text("utf-8")

    assert from_log(from_events(xml)) == ended
    assert from_log(reversed(from_events(xml))) == ended


def test_a_log_without_a_start_tells_nothing() -> None:
    assert from_log(()) == Ended("unknown", None)


def test_a_hibernation_by_fast_startup_is_a_shutdown_and_any_other_sleep_is_not() -> None:
    fast, deep = (
        from_events((RECORDINGS / f"windows-10/ended-{name}.xml").read_text("utf-8"))
        for name in ("fast-startup", "hibernate")
    )

    assert slept(fast, NOV_26_10H) == ("shutdown", NOV_26_10H + 4000)
    assert slept(deep, NOV_26_10H) == ("hibernate", NOV_26_10H + 4000)
    assert slept(deep, NOV_26_10H + 5000) == ("sleep", None)


@pytest.mark.parametrize(("name", "why"), [("poweroff", "shutdown"), ("reboot", "restart"), ("running", None)])
def test_systemd_tells_by_its_jobs_why_it_goes(name: str, why: str | None) -> None:
    text = (RECORDINGS / f"linux-office/systemctl-show-{name}.txt").read_text("utf-8")

    assert from_targets(text) == why


def test_sysvinit_tells_by_the_level_why_it_goes(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    told = []
    for level in ("5", "6", "0"):
        (tmp_path / "run/utmp").write_bytes(entry(BOOT, 1) + entry(RUN_LEVEL, 2, b"runlevel", ord(level)))
        told.append(reason(str(tmp_path)))

    assert told == ["stop", "restart", "shutdown"]

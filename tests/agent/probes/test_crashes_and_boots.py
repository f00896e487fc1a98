from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from machxa_agent import events
from machxa_agent.probes import boot, crash
from machxa_wire.records import Sample, Series

_NOW = datetime(2026, 11, 25, 1, 0, tzinfo=timezone.utc)
_WTMP_END = datetime.fromtimestamp(1795436000, timezone.utc)


def _crashes(kind: str, count: int) -> Sample:
    return Sample(Series("machxa.crash.count", (("machxa.crash.kind", kind), ("window", "7d"))), count)


def _boot(phase: str, value: int, divisor: int) -> Sample:
    return Sample(Series("machxa.boot.duration", (("machxa.boot.phase", phase),), 1, divisor), value)


def test_windows_events_count_by_provider_and_one_loss_counts_once(host: Path) -> None:
    texts = [(host / f"windows-10/events-{log}.xml").read_text("utf-8") for log in ("system", "application")]

    found = crash.from_events([one for text in texts for one in events.from_xml(text)], _NOW)

    assert found == {"application": 3, "system": 1, "unexpected_shutdown": 2}


def test_an_event_holds_who_logged_it_when_and_its_named_values(host: Path) -> None:
    first = next(events.from_xml((host / "windows-10/events-system.xml").read_text("utf-8")))

    assert first == events.LoggedEvent(
        "Microsoft-Windows-Kernel-Power",
        41,
        datetime(2026, 11, 23, 0, 41, 12, tzinfo=timezone.utc),
        {"BugcheckCode": "0", "SleepInProgress": "0"},
    )


@pytest.mark.parametrize("text", ["", "<Event><System></System></Event>", "<Event xmlns='x'><EventID>41</EventID></Ev"])
def test_text_that_is_no_event_gives_none(text: str) -> None:
    assert list(events.from_xml(text)) == []


def test_a_boot_that_followed_no_shutdown_within_the_week_is_unexpected(host: Path) -> None:
    content = (host / "linux-laptop/var/log/wtmp").read_bytes()

    assert crash.from_wtmp(content, _WTMP_END) == 2
    assert crash.from_wtmp(content[:-1], _WTMP_END) == 1  # the last record is half written
    assert crash.from_wtmp(b"", _WTMP_END) is None


def test_linux_counts_boots_and_core_files_and_no_file_means_no_sample(host: Path, tmp_path: Path) -> None:
    cores = tmp_path / "var/lib/systemd/coredump"
    cores.mkdir(parents=True)
    (cores / "core.soffice.bin.1000.zst").touch()
    now = (cores / "core.soffice.bin.1000.zst").stat().st_mtime

    laptop = crash.linux(str(host / "linux-laptop"), "x86_64", _WTMP_END.timestamp)()
    other = crash.linux(str(host / "linux-laptop"), "aarch64", _WTMP_END.timestamp)()
    bare = crash.linux(str(tmp_path), "x86_64", lambda: now)()

    assert laptop == (_crashes("unexpected_shutdown", 2),)
    assert other == ()
    assert bare == (_crashes("application", 1),)


def test_systemd_tells_the_parts_of_a_start_and_nothing_before_it_has_ended(host: Path) -> None:
    samples = boot.from_manager((host / "linux-office/systemctl-show.txt").read_text("ascii"))

    assert samples == (
        _boot("firmware", 11_000_345, 1_000_000),
        _boot("loader", 2_512_000, 1_000_000),
        _boot("kernel", 9_412_033, 1_000_000),
        _boot("userspace", 64_700_466, 1_000_000),
    )
    assert boot.from_manager((host / "linux-office/systemctl-show-starting.txt").read_text("ascii")) == ()
    assert boot.from_manager("") == ()


def test_windows_tells_when_the_desktop_showed_and_when_the_computer_came_to_rest(host: Path) -> None:
    (event,) = events.from_xml((host / "windows-10/boot.xml").read_text("utf-8"))

    assert boot.from_values(event.values) == (_boot("main", 91_011, 1000), _boot("after_main", 142_500, 1000))


def test_without_systemd_no_boot_is_measured() -> None:
    assert boot.linux(())() == ()

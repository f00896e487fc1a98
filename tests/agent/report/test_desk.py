"""Whatever lies in the drop folder: reports reach the outbox once and durably, everything else is refused and told."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from machxa_agent.report import drop, shown
from machxa_agent.report.desk import make
from machxa_agent.report.shown import Sent
from machxa_agent.report.taking import MOST_PER_HOUR
from machxa_agent.report.told import MOST_BYTES, Told
from machxa_wire.notices import Notice, Notices, encode_notices
from machxa_wire.records import Event, Sample, Samples, Series
from machxa_wire.refusal import Refused
from tests.agent.outboxes import Maker, records
from tests.agent.report.desks import TOLD, Bench, Full

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and pipes are POSIX's")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, Maker(tmp_path, on_disk=True))


def test_a_report_goes_into_the_outbox_and_its_file_away(bench: Bench) -> None:
    id_ = bench.put()

    bench.look()

    assert bench.told() == [(id_, "Kẹt giấy")]
    assert (bench.waiting(), bench.wakes) == ([], 1)
    assert shown.read(bench.window).reports == (
        Sent(id_, TOLD.at, "printer", "0000000000000001", 1, "waiting", "error"),
    )


def test_it_is_sent_once_the_collector_has_it(bench: Bench) -> None:
    bench.put()
    bench.look()

    bench.outbox.acknowledge("0000000000000001", 1)
    bench.look()

    assert [one.state for one in shown.read(bench.window).reports] == ["sent"]


def test_a_file_stays_until_the_disk_has_its_report(bench: Bench) -> None:
    full = Full(bench.outbox)
    bench.start(full)
    id_ = bench.put()

    for _ in range(2):
        bench.look()
    assert (bench.waiting(), full.offered) == ([f"{id_}.json"], 1)

    full.is_full = False
    bench.look()
    assert bench.waiting() == []


def test_a_report_that_memory_may_have_given_up_is_taken_again(bench: Bench) -> None:
    full = Full(bench.outbox)
    bench.start(full)
    id_ = bench.put()
    bench.look()

    full.is_full, full.dropped = False, 1
    bench.look()

    assert bench.told() == [(id_, "Kẹt giấy")]
    assert bench.waiting() == []


def test_a_report_that_comes_again_keeps_its_id(bench: Bench) -> None:
    id_ = bench.put()
    content = (bench.drop / f"{id_}.json").read_bytes()
    bench.look()

    bench.lay(f"{id_}.json", content)
    bench.start()

    assert bench.told() == [(id_, "Kẹt giấy"), (id_, "Kẹt giấy")]
    assert [one.id for one in shown.read(bench.window).reports] == [id_]


@posix
def test_others_may_drop_and_read_what_is_shown_and_nothing_else(bench: Bench) -> None:
    previous = os.umask(0o077)
    id_ = bench.put()
    os.umask(previous)

    assert stat.S_IMODE(bench.drop.stat().st_mode) == 0o1733
    assert stat.S_IMODE(bench.window.stat().st_mode) == 0o755
    assert stat.S_IMODE((bench.drop / f"{id_}.json").stat().st_mode) == 0o644
    assert stat.S_IMODE((bench.window / "shown.json").stat().st_mode) == 0o644


@posix
def test_what_is_no_plain_file_is_refused_unread(bench: Bench) -> None:
    secret = bench.folder / "agent.json"
    secret.write_text(json.dumps({"category": "other", "at": 1, "note": "secret"}))
    (bench.drop / ("1" * 32 + ".json")).symlink_to(secret)
    os.link(secret, bench.drop / ("2" * 32 + ".json"))
    os.mkfifo(bench.drop / ("3" * 32 + ".json"))
    (bench.drop / ("4" * 32 + ".json")).mkdir()

    bench.look()

    assert (bench.told(), bench.waiting()) == ([], [])
    assert secret.exists()
    assert bench.events == [("machxa.report.refused", {"count": 4, "reason": bench.events[0][1]["reason"]})]


@pytest.mark.parametrize(
    ("name", "content", "age_seconds", "reason"),
    [
        ("5" * 32 + ".json", b"x" * (MOST_BYTES + 1), 0.0, "it has more than 4096 bytes"),
        ("5" * 32 + ".json", b'{"category":"other","at":1}', 8 * 86_400.0, "it is older than a week"),
        ("5" * 32 + ".json", b"\xff\xfe{}", 0.0, "json: 'utf-8' codec can't decode byte 0xff in position 0"),
        ("5" * 32 + ".json", b"", 0.0, "json: Expecting value"),
        ("5" * 32 + ".json", b"[" * 4000, 0.0, "depth: nested beyond the parser's depth"),
        ("5" * 32 + ".json", b'{"category":"other","at":1e400}', 0.0, "range: 1e400 is beyond every number"),
        ("desktop.ini", b"", 0.0, "its name is no report's"),
        ("6" * 32 + ".new", b"", 7200.0, "its name is no report's"),
    ],
    ids=["large", "old", "no UTF-8", "empty", "deep", "infinite", "another name", "left half written"],
)
def test_what_is_no_report_is_removed_and_told(
    bench: Bench, name: str, content: bytes, age_seconds: float, reason: str
) -> None:
    bench.lay(name, content, age_seconds)

    bench.look()

    assert (bench.told(), bench.waiting()) == ([], [])
    assert [(one, told["count"]) for one, told in bench.events] == [("machxa.report.refused", 1)]
    assert str(bench.events[0][1]["reason"]).startswith(reason)


def test_a_file_that_is_being_written_is_left_alone(bench: Bench) -> None:
    bench.lay("7" * 32 + ".new", b'{"categ')

    bench.look()

    assert (bench.waiting(), bench.events) == (["7" * 32 + ".new"], [])


def test_more_than_an_hours_reports_wait_their_turn(bench: Bench) -> None:
    for _ in range(MOST_PER_HOUR + 3):
        bench.put()

    bench.look()
    assert (len(bench.told()), len(bench.waiting())) == (MOST_PER_HOUR, 3)
    bench.now += 3601
    bench.look()
    assert (len(bench.told()), bench.waiting()) == (MOST_PER_HOUR + 3, [])


def test_a_flood_is_cleared_away_and_told_once_an_hour(bench: Bench) -> None:
    for number in range(drop.MOST_FILES + 50):
        bench.lay(f"{number:032x}.json", b"no report")

    for _ in range(3):
        bench.look()

    assert (bench.waiting(), len(bench.events)) == ([], 1)


def test_what_the_centre_knows_and_what_is_sent_can_be_read_by_the_window(bench: Bench) -> None:
    stamp = bench.maker.clock.stamp()
    load = Series("system.cpu.load_average.1m", (("cpu", "0"),), 1, 100)
    bench.newest = Samples(None, stamp, (0,), (load, Series("hw.temperature")), ((12,), (None,)))
    known = Notices(5, (Notice("a", "Mất điện", "Power cut", 1),), hotline="1022")
    bench.desk.notice(encode_notices(known))

    bench.look()

    told = shown.read(bench.window)
    assert (told.notices, told.device, told.probes, told.checks) == (known, "pc-01", ("cpu", "memory"), ("dvcqg",))
    assert told.newest == (Sample(load, 12), Sample(Series("hw.temperature"), None))
    assert told.newest_at == stamp.time


def test_what_was_known_last_holds_over_a_restart_without_a_line(bench: Bench) -> None:
    bench.desk.notice(encode_notices(Notices(5, hotline="1022")))
    bench.put()
    bench.look()

    before = shown.read(bench.window)
    bench.start()
    after = shown.read(bench.window)

    assert (after.notices, after.reports) == (before.notices, before.reports)


def test_folders_that_cannot_be_removed_keep_no_report_out(bench: Bench) -> None:
    for number in range(drop.MOST_FILES + 50):
        (bench.drop / f"{number:032x}.json" / "full").mkdir(parents=True)
    id_ = bench.put()

    bench.look()

    assert bench.told() == [(id_, "Kẹt giấy")]


@posix
def test_a_folder_that_is_a_link_is_not_used(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "window").mkdir()
    (tmp_path / "window" / "drop").symlink_to(elsewhere)

    with pytest.raises(OSError, match="is no folder"):
        make(tmp_path / "window")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"written_at":1,"reports":[1]}', b'{"written_at":1,"notices":{}}', b"["]
)
def test_what_is_shown_is_read_with_care_too(bench: Bench, content: bytes) -> None:
    (bench.window / "shown.json").write_bytes(content)

    with pytest.raises((Refused, OSError)):
        shown.read(bench.window)

    assert bench.start().reports == []


def test_a_report_that_is_over_is_told_and_is_no_report_of_its_own(bench: Bench) -> None:
    first = bench.put()
    bench.look()
    bench.put(Told("printer", None, TOLD.at, fixes=first))
    bench.look()

    names = [(one.name, one.attributes["id"]) for one in records(bench.outbox) if isinstance(one, Event)]
    assert names == [("human.report", first), ("human.report.fixed", first)]
    assert [one["id"] for one in bench.desk.reports] == [first]
    assert bench.waiting() == []

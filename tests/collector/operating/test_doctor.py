"""What is wrong with a collector is said with what to do; what cannot be seen is never called well."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from machxa_collector import data_folder, sealkey
from machxa_collector.main import main
from machxa_collector.operating.rules import GB, Finding, Level, Seen, judge
from tests.collector.builders import enrol, samples, take

DAY_MS = 86_400_000
NOW = 20_000 * DAY_MS
WELL = Seen(
    now=NOW,
    free_bytes=100 * GB,
    store_bytes=GB,
    wal_bytes=0,
    schema_known=True,
    answers=True,
    readiness={"broker": (True, "connected"), "canary": (True, "a canary went end to end 5 s ago")},
    certificates={"ca.pem": 3000.0, "server.pem": 200.0},
    clock_offsets=(-900, 0, 10, 1500, 4000),
    agents=300,
    silent=0,
    holes=0,
    declared=0,
    quarantined={},
    versions={"0.1.0": 300},
    release="0.1.0",
    sinks={"vm": 12.0},
    members={"a": (1.0, True)},
    backups=(NOW - DAY_MS,),
)


def of(seen: Seen, name: str) -> Finding:
    return next(one for one in judge(seen) if one.name == name)


def test_a_collector_that_is_well_is_called_so() -> None:
    assert {one.level for one in judge(WELL)} == {Level.OK}


@pytest.mark.parametrize(
    ("change", "name", "level"),
    [
        ({"free_bytes": GB}, "disk", Level.BAD),
        ({"free_bytes": 5 * GB}, "disk", Level.WARN),
        ({"free_bytes": None}, "disk", Level.UNKNOWN),
        ({"store_fault": "database disk image is malformed"}, "store", Level.BAD),
        ({"schema_known": False}, "store", Level.BAD),
        ({"wal_bytes": GB}, "store log", Level.WARN),
        ({"answers": False, "readiness": None}, "collector", Level.BAD),
        ({"readiness": {"broker": (False, "the broker cannot be reached")}}, "broker", Level.BAD),
        ({"certificates": {"server.pem": 20.0}}, "certificate", Level.WARN),
        ({"certificates": {"server.pem": -1.0}}, "certificate", Level.BAD),
        ({"clock_offsets": (60_000, 59_000, 61_000, 60_000, 0)}, "clock", Level.BAD),
        ({"clock_offsets": (60_000, 0, 0, 0, -9_000_000)}, "clock", Level.OK),  # theirs are wrong, not ours
        ({"clock_offsets": (60_000,)}, "clock", Level.UNKNOWN),
        ({"clock_offsets": None}, "clock", Level.UNKNOWN),
        ({"silent": 4}, "agents", Level.WARN),
        ({"holes": 2}, "delivery", Level.WARN),
        ({"quarantined": {"mac": 5}}, "refused", Level.WARN),
        ({"sinks": {"vm": 1000.0}}, "sink", Level.WARN),
        ({"members": {"a": (1.0, True), "b": (9.0, False)}}, "member", Level.WARN),
        ({"backups": ()}, "backup", Level.BAD),
        ({"backups": None}, "backup", Level.UNKNOWN),
        ({"backups": (NOW - 27 * 3_600_000, NOW - 40 * 3_600_000)}, "backup", Level.WARN),
        ({"backups": (NOW - 4 * DAY_MS,)}, "backup", Level.BAD),
    ],
)
def test_what_is_wrong_stands_first_and_says_what_to_do(change: dict[str, object], name: str, level: Level) -> None:
    found = judge(replace(WELL, **change))  # type: ignore[arg-type]

    one = next(finding for finding in found if finding.name == name)
    assert one.level is level
    assert [finding.level for finding in found] == sorted((finding.level for finding in found), reverse=True)
    if level in (Level.WARN, Level.BAD):
        assert all(one.do)
    assert all(one.told)


def test_a_data_folder_is_looked_at_whether_or_not_its_collector_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, copies = tmp_path / "data", tmp_path / "copies"
    data_folder.kept_authority(data)
    store = data_folder.open_data(data, sealkey.keyring(data_folder.seal_key_path(data)))
    agent = enrol(store)
    take(store, agent, samples(3, NOW, (0,), ((1,),)), now_ms=NOW)  # 1 and 2 are missing, and it is long ago
    store.dispose()
    arguments = ["doctor", "--data", str(data), "--url", "http://127.0.0.1:1", "--backups", str(copies), "--json"]
    arguments += ["--certificate", str(tmp_path / "front.pem")]

    status = main(arguments)

    found = {(one["name"], one["level"]) for one in json.loads(capsys.readouterr().out)}
    assert status == 2
    assert {("collector", "bad"), ("backup", "bad"), ("delivery", "warn"), ("agents", "warn")} <= found
    assert {("certificate", "ok"), ("certificate", "unknown")} <= found  # the authority's; one that is not there


def test_a_folder_without_a_store_is_no_collector(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--data", str(tmp_path), "--url", "http://127.0.0.1:1"]) == 2
    assert "HỎNG" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_port_on_which_something_else_speaks_is_no_collector(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            link, _ = server.accept()
            with link:
                link.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
                link.recv(4096)

        speaking = threading.Thread(target=greet)
        speaking.start()
        status = main(
            ["doctor", "--data", str(tmp_path), "--url", f"http://127.0.0.1:{server.getsockname()[1]}", "--json"]
        )
        speaking.join()

    assert status == 2
    assert ("collector", "bad") in {(one["name"], one["level"]) for one in json.loads(capsys.readouterr().out)}

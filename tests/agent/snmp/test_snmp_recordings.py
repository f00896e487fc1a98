"""Devices of our own invention answer as real families do; everything they say comes out as written beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from machxa_agent.snmp.load import load_profiles
from machxa_agent.snmp.poll import poll
from machxa_agent.snmp.report import body
from machxa_agent.snmp.target import Limits, Target
from machxa_fleet.snmp_devices import Device, Recorded, read_recording

RECORDINGS = sorted((Path(__file__).parents[2] / "recordings" / "snmp").glob("*.snmprec"))
WIDE = ("router-wan", "storage-two-volumes", "switch-26", "switch-poe")  # count in 64 bits, which version 1 cannot say
PROFILES = load_profiles()


def _recorded(path: Path, **how: bool) -> Recorded:
    return Recorded(read_recording(path.read_text(encoding="utf-8")), **how)  # type: ignore[arg-type]  # its two booleans


def _expected(path: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_device_says_what_stands_beside_its_recording(path: Path) -> None:
    with Device(_recorded(path)) as device:
        polled = poll(Target("127.0.0.1", device.port), PROFILES, Limits())

    assert body(polled.device) == _expected(path)


@pytest.mark.parametrize("path", RECORDINGS[1::8], ids=lambda path: path.stem)  # each costs 4 s of unanswered GETBULK
def test_it_says_the_same_without_getbulk(path: Path) -> None:
    with Device(_recorded(path, knows_bulk=False)) as device:
        polled = poll(Target("127.0.0.1", device.port), PROFILES, Limits())

    assert body(polled.device) == _expected(path)


@pytest.mark.parametrize("path", [one for one in RECORDINGS if one.stem not in WIDE], ids=lambda path: path.stem)
def test_it_says_the_same_in_version_1(path: Path) -> None:
    with Device(_recorded(path, is_v1_only=True)) as device:
        polled = poll(Target("127.0.0.1", device.port), PROFILES, Limits())

    assert body(polled.device) == _expected(path)


def test_in_version_1_there_are_only_counters_of_32_bits() -> None:
    path = next(one for one in RECORDINGS if one.stem == "switch-26")
    with Device(_recorded(path, is_v1_only=True)) as device:
        polled = poll(Target("127.0.0.1", device.port), PROFILES, Limits())

    assert [(one.in_octets_total, one.counter_bits) for one in polled.device.interfaces] == [(7, 32)] * 5


def test_a_wrong_community_gets_no_answer() -> None:
    with Device(_recorded(RECORDINGS[0])) as device, pytest.raises(Exception, match="wrong community"):
        poll(Target("127.0.0.1", device.port, "another"), PROFILES, Limits())

"""A hostile device costs little time and memory, is told of, and holds up nobody else. Real datagrams on loopback."""

from __future__ import annotations

import socket
import threading
import time
import tracemalloc
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from machxa_agent.snmp.load import load_profiles
from machxa_agent.snmp.poll import Outcome, poll, poll_all
from machxa_agent.snmp.target import Limits, Target
from machxa_agent.snmp.walk import MOST_ROWS, Complaint, Silent
from machxa_fleet import ber
from machxa_fleet.snmp_devices import Device, Recorded, read_recording
from tests.agent.snmp.hostile import HOSTILE, another_number

RECORDINGS = Path(__file__).parents[2] / "recordings" / "snmp"
PROFILES = load_profiles()
Objects = dict[tuple[int, ...], tuple[int, bytes]]
GIVEN_UP = {
    "silent", "garbage", "cut_off", "huge_length", "deeply_nested", "another_number", "a_request", "a_flood",
}  # fmt: skip


def _good() -> Device:
    return Device(Recorded(read_recording((RECORDINGS / "laser-colour.snmprec").read_text(encoding="utf-8"))))


@pytest.mark.parametrize("name", sorted(GIVEN_UP))
def test_a_device_that_never_answers_properly_is_given_up_within_3_seconds(name: str) -> None:
    with Device(HOSTILE[name]) as device:
        started = time.monotonic()
        with pytest.raises(Silent):
            poll(Target("127.0.0.1", device.port), PROFILES, Limits())

        assert time.monotonic() - started < 4


@pytest.mark.parametrize("name", sorted(set(HOSTILE) - GIVEN_UP))
def test_a_device_that_answers_nonsense_is_bounded_in_time_and_memory_and_believed_in_nothing(name: str) -> None:
    with Device(HOSTILE[name]) as device:
        tracemalloc.start()
        started = time.monotonic()
        outcome = next(poll_all([Target("127.0.0.1", device.port)], PROFILES, Limits(seconds=4)))
        took = time.monotonic() - started
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert took < 6
    assert peak < 60_000_000
    if outcome.polled is not None:
        assert outcome.finding
        assert outcome.polled.device.identity.serial is None
        assert all(len(rows) <= 2 * MOST_ROWS for rows in outcome.polled.answers.columns.values())


def test_an_endless_walk_is_told_of() -> None:
    with Device(HOSTILE["an_endless_walk"]) as device:
        polled = poll(Target("127.0.0.1", device.port), PROFILES, Limits(seconds=8))

    assert set(polled.complaints) & {Complaint.TOO_MANY_ROWS, Complaint.OUT_OF_TIME, Complaint.OUT_OF_BYTES}


def test_a_walk_that_goes_round_is_left_at_the_first_step_back() -> None:
    with Device(_round) as device:
        polled = poll(Target("127.0.0.1", device.port), PROFILES, Limits(seconds=8))

    assert Complaint.NOT_INCREASING in polled.complaints
    assert len(polled.device.interfaces) <= 3


def _round(raw: bytes) -> list[bytes]:
    """Give ifDescr.1, .2, .3, then .1 again, and nothing else."""
    request = ber.read_request(raw)
    pairs = []
    for name in request.names:
        column = (1, 3, 6, 1, 2, 1, 2, 2, 1, 2)
        if request.kind != ber.GET and name[:10] == column:
            at = name[10] if len(name) > 10 else 0
            pairs.append(ber.pair((*column, at % 3 + 1), ber.element(ber.OCTETS, b"eth")))
        else:
            pairs.append(ber.pair(name, ber.END_OF_MIB))
    return [ber.answer(request, pairs)]


def test_100000_rows_are_read_to_a_bound() -> None:
    rows: Objects = {
        (1, 3, 6, 1, 2, 1, 2, 2, 1, 2, index): (4, ber.element(ber.OCTETS, b"port")) for index in range(1, 100_001)
    }
    with Device(Recorded(rows)) as device:
        polled = poll(Target("127.0.0.1", device.port), PROFILES, Limits())

    assert len(polled.device.interfaces) == 2000
    assert Complaint.TOO_MANY_ROWS in polled.complaints


def test_bytes_are_bounded() -> None:
    rows: Objects = {
        (1, 3, 6, 1, 2, 1, 2, 2, 1, 2, index): (4, ber.element(ber.OCTETS, b"p" * 1000)) for index in range(1, 900)
    }
    with Device(Recorded(rows)) as device:
        polled = poll(Target("127.0.0.1", device.port), PROFILES, Limits(answer_bytes=100_000))

    assert Complaint.OUT_OF_BYTES in polled.complaints
    assert 0 < len(polled.device.interfaces) < 150


def test_an_answer_from_another_port_is_never_taken() -> None:
    recorded = Recorded(read_recording((RECORDINGS / "laser-colour.snmprec").read_text(encoding="utf-8")))
    asking: list[int] = []

    def answering(raw: bytes) -> list[bytes]:
        request = ber.read_request(raw)
        forged = ber.answer(request, [ber.pair(name, ber.element(ber.OCTETS, b"forged")) for name in request.names])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
            elsewhere.sendto(forged, ("127.0.0.1", asking[-1]))
        return recorded(raw)

    with _Seeing(answering, asking) as device:
        polled = poll(Target("127.0.0.1", device.port), PROFILES, Limits())

    assert polled.device.identity.sys_name == "MAYIN-MOTCUA"
    assert polled.complaints == ()


class _Seeing(Device):
    """Note the port of who asks, before answering."""

    def __init__(self, answering: Callable[[bytes], list[bytes]], asking: list[int]) -> None:
        super().__init__(answering)
        self._seen = asking

    def asked_from(self, port: int) -> None:
        self._seen.append(port)


def test_forged_numbers_before_the_true_answer_are_thrown_away_and_told_of() -> None:
    recorded = Recorded(read_recording((RECORDINGS / "ups-on-battery.snmprec").read_text(encoding="utf-8")))

    with Device(lambda raw: another_number(raw) + recorded(raw)) as device:
        polled = poll(Target("127.0.0.1", device.port), PROFILES, Limits())

    assert polled.device.identity.model == "C3K-X"
    assert polled.complaints == (Complaint.OF_ANOTHER,)


def test_hostile_and_silent_devices_hold_up_none_of_the_others() -> None:
    with ExitStack() as stack:
        bad = [
            stack.enter_context(Device(answering)) for name, answering in sorted(HOSTILE.items()) if name in GIVEN_UP
        ]
        good = [stack.enter_context(_good()) for _ in range(4)]
        targets = [Target("127.0.0.1", one.port) for one in (*bad, *good)]
        started = time.monotonic()
        first: list[Outcome] = []
        for outcome in poll_all(targets, PROFILES, Limits()):
            if outcome.polled is not None:
                first.append(outcome)
            if len(first) == len(good):
                break
        took = time.monotonic() - started

    assert {one.target.port for one in first} == {one.port for one in good}
    assert took < 5  # alone they need 0.2 s; the machine also serves those that flood


def test_what_never_listened_is_told_as_silent() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(Silent, match="no answer"):
        poll(Target("127.0.0.1", port), PROFILES, Limits())


def test_a_device_that_falls_silent_half_way_keeps_what_it_has_said() -> None:
    recorded = Recorded(read_recording((RECORDINGS / "laser-colour.snmprec").read_text(encoding="utf-8")))
    left = iter(range(4))

    with Device(lambda raw: recorded(raw) if next(left, None) is not None else []) as device:
        outcome = next(poll_all([Target("127.0.0.1", device.port)], PROFILES, Limits()))

    assert outcome.polled is not None
    assert outcome.polled.device.identity.sys_name == "MAYIN-MOTCUA"
    assert outcome.finding == "it stopped answering half-way"


def test_a_request_that_chokes_a_device_costs_only_what_it_asked_for() -> None:
    recorded = Recorded(read_recording((RECORDINGS / "laser-colour.snmprec").read_text(encoding="utf-8")))
    supplies = (1, 3, 6, 1, 2, 1, 43, 11)

    def answering(raw: bytes) -> list[bytes]:
        chokes = any(name[:8] == supplies for name in ber.read_request(raw).names)
        return [] if chokes else recorded(raw)

    with Device(answering) as device:
        polled = poll(Target("127.0.0.1", device.port), PROFILES, Limits(seconds=20))

    assert polled.device.identity.model == "HP Color LaserJet MFP X999 invented"
    assert polled.device.printer is not None
    assert polled.device.printer.supplies == ()


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    with _good() as device:
        outcomes = list(poll_all([Target("127.0.0.1", device.port)] * 3, PROFILES, Limits()))

    assert all(outcome.polled is not None for outcome in outcomes)
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert threading.active_count() <= before

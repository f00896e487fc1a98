"""Computers and printers come and go on the LAN; our own cable that is out is nobody's going."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.neighbours import arp
from machxa_agent.neighbours.judge import Change, Neighbourhood
from machxa_agent.neighbours.reach import Reach
from machxa_agent.neighbours.work import NeighboursWork
from machxa_wire.records import Scalar
from machxa_wire.roles import Neighbour, RoleOrder

PC, ROUTER = "192.168.1.20", "192.168.1.1"
ARP = b"""IP address       HW type     Flags       HW address            Mask     Device
192.168.1.1      0x1         0x2         AA:bb:cc:00:00:01     *        eth0
192.168.1.20     0x1         0x0         00:00:00:00:00:00     *        eth0
192.168.1.30     0x1         0x2         00:00:00:00:00:00     *        eth0
broken
"""
ROUTES = b"""Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
vpn\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0
"""


def rounds(*answers: tuple[bool, bool]) -> list[Change]:
    """Return the changes of rounds of 15 s from 100 s on; answers of the PC and of the router."""
    hood = Neighbourhood()
    found: list[Change] = []
    hood.keep((PC, ROUTER))
    for number, (pc, router) in enumerate(answers):
        found += hood.round({PC: pc, ROUTER: router}, 100.0 + 15 * number)
    return [one for one in found if one.address == PC]


HERE = Change(PC, is_here=True, was=None, at=100.0)


def test_three_silent_rounds_are_a_going_stamped_at_the_first() -> None:
    gone = (False, True)

    assert rounds((True, True), gone, gone) == [HERE]
    assert rounds((True, True), gone, gone, gone) == [HERE, Change(PC, is_here=False, was=True, at=115.0)]
    assert rounds((True, True), gone, gone, (True, True), gone, gone) == [HERE]


def test_one_answer_is_a_coming() -> None:
    gone = (False, True)

    assert rounds((True, True), gone, gone, gone, (True, True))[-1] == Change(PC, is_here=True, was=False, at=160.0)


def test_when_nobody_answers_our_own_cable_is_out_and_nobody_is_told_gone() -> None:
    assert rounds((True, True), *[(False, False)] * 9) == [HERE]


def test_who_never_answered_is_never_told_gone() -> None:
    assert rounds(*[(False, True)] * 9) == []


def test_how_long_an_address_is_gone_counts_only_while_others_answer() -> None:
    hood = Neighbourhood()
    hood.keep((PC, ROUTER))
    hood.round({PC: True, ROUTER: True}, 100.0)
    here = hood.gone_seconds(PC, 110.0)
    hood.round({PC: False, ROUTER: True}, 115.0)
    gone = hood.gone_seconds(PC, 160.0)
    hood.round({PC: False, ROUTER: False}, 175.0)

    assert (here, gone, hood.gone_seconds(PC, 180.0), hood.gone_seconds("10.0.0.1", 180.0)) == (None, 45.0, None, None)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40))
def test_comings_and_goings_take_turns(answers: list[tuple[bool, bool]]) -> None:
    told = rounds(*answers)

    assert [one.was for one in told] == [None, *(one.is_here for one in told)][: len(told)]
    assert all(one.is_here != one.was for one in told)
    assert not told or told[0].is_here


def test_the_kernels_tables_are_read() -> None:
    networks = arp.own_networks(ROUTES)

    assert arp.complete(ARP) == {"192.168.1.1": "aa:bb:cc:00:00:01"}
    assert [arp.is_on(networks, one) for one in (PC, "192.168.2.1", "10.9.9.9")] == [True, False, False]
    assert arp.own_networks(b"") == []
    assert arp.of_addresses([("192.168.1.9", "255.255.255.0"), ("10.0.0.1", "255.0.0.0")]) == networks


class Lan(Reach):
    """Answer as told, on 192.168.1.0/24."""

    def __init__(self) -> None:
        """Nobody is absent."""
        self.absent: set[str] = set()
        self.asked: list[str] = []

    def table(self) -> dict[str, str]:
        return {}

    def networks(self) -> list[arp.Network]:
        return arp.own_networks(ROUTES)

    def router(self) -> str | None:
        return ROUTER

    def answers(self, address: str, table: dict[str, str]) -> bool:
        self.asked.append(f"{address}{table or ''}")
        return address not in self.absent


NEIGHBOURS = (
    Neighbour("agent-1", "pc", PC),
    Neighbour("far", "pc", "192.168.2.20"),  # another network: never asked
    Neighbour("agent-2", "pc", "192.168.1.21"),
)
DEVICE = Neighbour("printer-1", "printer", "192.168.1.40")


def watch(order: RoleOrder, lan: Lan, going: str, rounds: int = 5) -> list[tuple[object, ...]]:
    """Return what is told of some rounds; after the first somebody goes."""
    now = [100.0]
    told: list[tuple[object, ...]] = []

    def tell(name: str, attributes: Mapping[str, Scalar], ago_seconds: float = 0.0) -> None:
        told.append((name, attributes["neighbour"], attributes["state"], attributes["was"], now[0] - ago_seconds))

    work = NeighboursWork(lambda: [DEVICE], lambda: lan, lambda: now[0], lambda *_: None)
    work.start(order, tell)
    for _ in range(rounds):
        work.round(lan, _Never())
        lan.absent = {going}
        now[0] += 15
    return told


class _Never(threading.Event):
    """Never wait, never be set."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - at once
        return False


def test_on_duty_all_are_watched_and_a_printer_that_goes_is_told() -> None:
    order = RoleOrder(1, "gateway", on_duty=True, neighbours=NEIGHBOURS)

    told = watch(order, Lan(), DEVICE.address)

    assert [one[1] for one in told[:4]] == [ROUTER, "agent-1", "agent-2", "printer-1"]
    assert told[4:] == [("lan.neighbour", "printer-1", "gone", "here", 115.0)]


def test_standing_by_only_router_and_gateway_are_asked() -> None:
    lan = Lan()

    told = watch(RoleOrder(1, "standby", peer=PC, neighbours=NEIGHBOURS), lan, PC)

    assert set(lan.asked) == {ROUTER, PC}
    assert told[-1] == ("lan.neighbour", "agent-1", "gone", "here", 115.0)


def test_absent_ones_that_take_long_to_be_asked_keep_nobody_from_being_asked() -> None:
    now = [100.0]
    told: list[object] = []

    class Slow(Lan):
        def answers(self, address: str, table: dict[str, str]) -> bool:
            is_here = super().answers(address, table)
            now[0] += 0.0 if is_here else 5.0
            return is_here

    lan = Slow()
    pcs = tuple(Neighbour(f"agent-{number}", "pc", f"192.168.1.{100 + number}") for number in range(8))
    lan.absent = {one.address for one in pcs[:7]}
    work = NeighboursWork(tuple, lambda: lan, lambda: now[0], lambda *_: None)

    def tell(name: str, attributes: Mapping[str, Scalar], ago_seconds: float = 0.0) -> None:  # noqa: ARG001
        told.append(attributes["neighbour"])

    work.start(RoleOrder(1, "gateway", on_duty=True, neighbours=pcs), tell)
    for _ in range(3):
        work.round(lan, _Never())

    assert told == [ROUTER, "agent-7"]

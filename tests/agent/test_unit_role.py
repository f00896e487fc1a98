"""A role is taken, kept, judged alone when nobody can tell, and starts and stops work in the running agent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from machxa_agent.awake import AwakeWork
from machxa_agent.gateway_work import Tell, Works
from machxa_agent.probes.probe import Probe
from machxa_agent.standing_by import Seen, gives_back, takes_over
from machxa_agent.unit_role import RoleSurroundings, UnitRole, default_order
from machxa_wire.records import Scalar
from machxa_wire.refusal import Refused
from machxa_wire.roles import RoleOrder, encode_role

PEER = "192.168.1.20"
GATEWAY = RoleOrder(1, "gateway", on_duty=True)
STANDBY = RoleOrder(1, "standby", peer=PEER)
PC = RoleOrder(9)


@dataclass
class Work:
    """Remember whether it works."""

    name: str
    while_standing_by: bool = False
    breaks: bool = False
    probe: Probe | None = None
    orders: list[int] = field(default_factory=list)
    stops: int = 0

    def start(self, order: RoleOrder, tell: Tell) -> None:  # noqa: ARG002 - tells nothing
        if self.breaks:
            raise OSError("no network")
        self.orders.append(order.version)

    def stop(self) -> None:
        self.stops += 1


class World:
    """Hold one agent's role, its clock and what it sees."""

    def __init__(self, folder: Path, default: RoleOrder = RoleOrder(0)) -> None:  # noqa: B008 - frozen
        self.now = 1000.0
        self.connected: float | None = 100.0
        self.cut_off: float | None = None
        self.gone: float | None = None
        self.told: list[tuple[object, object]] = []
        self.roles: list[str] = []
        self.watches: list[Callable[[], None]] = []
        self.broken, self.polls, self.lines = (
            Work("broken", breaks=True),
            Work("polls"),
            Work("lines", while_standing_by=True),
        )
        around = RoleSurroundings(
            lambda: self.connected,
            lambda: self.cut_off,
            lambda _address: self.gone,
            self.roles.append,
            lambda: self.now,
            lambda work, _name: self.watches.append(work),
        )
        self.works = Works((self.broken, self.polls, self.lines), self.tell)
        self.role = UnitRole(folder, default, self.works, self.tell, around)
        self.role.begin()

    def tell(self, name: str, attributes: Mapping[str, Scalar], ago_seconds: float = 0.0) -> None:
        assert (name, ago_seconds) == ("machxa.role", 0.0)
        self.told.append((attributes["role"], attributes["on_duty"]))

    def order(self, order: RoleOrder) -> None:
        self.role.offer(encode_role(order))


def test_work_starts_and_stops_with_the_role_in_the_running_agent(tmp_path: Path) -> None:
    world = World(tmp_path)
    nothing = world.works.running

    world.order(GATEWAY)
    on_duty = world.works.running
    world.order(RoleOrder(2, "standby", peer=PEER))
    standing_by = world.works.running
    world.order(PC)

    assert (nothing, on_duty, standing_by, world.works.running) == ((), ("polls", "lines"), ("lines",), ())
    assert (world.polls.stops, world.lines.stops) == (1, 1)
    assert world.roles == ["gateway", "standby", "pc"]
    assert world.told == [("gateway", True), ("standby", False), ("pc", False)]


def test_a_computer_with_a_role_is_asked_not_to_sleep_and_let_go_with_it() -> None:
    asked: list[int] = []
    done = threading.Event()

    def ask(flags: int) -> None:
        asked.append(flags)
        if len(asked) == 2:
            done.set()

    work = AwakeWork(ask)

    work.start(GATEWAY, lambda *_: None)
    work.start(STANDBY, lambda *_: None)
    work.stop()

    assert done.wait(20)
    assert asked == [0x80000001, 0x80000000]


def test_a_pc_that_never_had_a_role_tells_nothing_and_has_no_thread(tmp_path: Path) -> None:
    world = World(tmp_path)

    assert (world.told, world.watches, world.works.running) == ([], [], ())


def test_whoever_has_a_gateways_file_works_before_any_order(tmp_path: Path) -> None:
    assert default_order("pc", has_file=True) == RoleOrder(0, "gateway", on_duty=True)
    assert default_order("pc", has_file=False) == RoleOrder(0)

    world = World(tmp_path, default_order("gateway", has_file=False))

    assert world.role.on_duty
    assert world.polls.orders == [0]


def test_an_older_order_and_another_of_the_same_version_are_refused(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.order(RoleOrder(5, "gateway", on_duty=True))

    world.order(RoleOrder(5, "gateway", on_duty=True))
    for other in (RoleOrder(4, "pc"), RoleOrder(5, "pc")):
        with pytest.raises(Refused):
            world.order(other)

    assert world.role.order.role == "gateway"


def test_a_kept_order_holds_after_a_restart_once_the_centre_spoke_or_was_silent_for_half_a_minute(
    tmp_path: Path,
) -> None:
    World(tmp_path).order(GATEWAY)

    again = World(tmp_path)
    at_once = again.role.on_duty
    again.now += 29
    again.role.look()
    soon = again.role.on_duty
    again.now += 1
    again.role.look()

    assert (at_once, soon, again.role.on_duty) == (False, False, True)
    assert again.polls.orders == [1]


def test_a_gateway_that_was_relieved_meanwhile_does_not_begin_after_its_restart(tmp_path: Path) -> None:
    World(tmp_path).order(GATEWAY)
    again = World(tmp_path)

    again.order(RoleOrder(2, "gateway", on_duty=False))
    again.now += 60
    again.role.look()

    assert again.polls.orders == []


def test_a_standby_takes_over_alone_when_neither_centre_nor_gateway_is_there_and_gives_back(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.order(STANDBY)
    world.connected, world.cut_off, world.gone = None, 60.0, 45.0

    world.role.look()
    took = world.role.on_duty
    world.gone = None
    world.role.look()

    assert (took, world.role.on_duty) == (True, False)
    assert world.told == [("standby", False), ("standby", True), ("standby", False)]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        pytest.param(Seen(60.0, 45.0), True, id="both gone long enough"),
        pytest.param(Seen(59.0, 45.0), False, id="the centre may still say it"),
        pytest.param(Seen(60.0, 44.0), False, id="the gateway may just start anew"),
        pytest.param(Seen(None, 500.0), False, id="the centre decides while it can be asked"),
        pytest.param(Seen(500.0, None), False, id="the gateway's computer answers, or our own cable is out"),
    ],
)
def test_when_a_standby_takes_over_alone(seen: Seen, *, expected: bool) -> None:
    assert takes_over(seen) is expected


@pytest.mark.parametrize(
    ("seen", "connected", "expected"),
    [
        pytest.param(Seen(None, 90.0), 59.0, False, id="the centre has not had its say"),
        pytest.param(Seen(None, 90.0), 60.0, True, id="the centre has had its say"),
        pytest.param(Seen(300.0, None), None, True, id="the gateway is back"),
        pytest.param(Seen(300.0, 200.0), None, False, id="nothing has changed"),
    ],
)
def test_when_it_gives_back(seen: Seen, connected: float | None, *, expected: bool) -> None:
    assert gives_back(seen, connected) is expected

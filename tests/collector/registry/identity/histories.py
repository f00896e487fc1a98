"""Let a commune's computers live through what happens to computers, with the truth known; count what is mistaken."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from tests.collector.registry.identity.centre import HOUR_MS, Centre
from tests.collector.registry.identity.hardware import Computer, Disk, Dongle, Factory, Install


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what one history came to.

    wrong: records that held two devices, told in words. missed: records too many; unasked: of them those that no open
    finding names. returns: times a device came back with a new agent. asked: findings open at the end.
    """

    wrong: tuple[str, ...]
    missed: int
    unasked: int
    devices: int
    returns: int
    asked: int
    inventories: int
    events: Counter[str]


@dataclass(slots=True)
class History:
    """Hold one history as it goes."""

    rng: random.Random
    factory: Factory
    centre: Centre
    computers: list[Computer]
    dongles: list[Dongle]
    events: Counter[str] = field(default_factory=Counter)
    returns: int = 0
    inventories: int = 0

    def boot(self, computer: Computer) -> None:
        """Let a computer start and tell its inventory, enrolled anew where its system has no agent yet."""
        install = computer.disk.install
        if install is None:
            install = computer.disk.install = self.factory.install()
        if install.agent is None:
            install.agent = self.centre.enrol(computer.name)
        computer.is_on = True
        self.centre.now_ms += self.rng.randint(1_000, 60_000)
        self.centre.hear(install.agent)
        self.inventories += 1
        self.centre.facts(install.agent, computer.name, computer.body(self.rng))

    def stop(self, computer: Computer) -> None:
        """Let a computer fall silent, in an orderly way or at once."""
        install = computer.disk.install
        if computer.is_on and install is not None and install.agent is not None and self.rng.random() < 0.8:
            self.centre.hear(install.agent, is_on=False)
        computer.is_on = False
        self.centre.now_ms += self.rng.randint(60_000, HOUR_MS)  # nobody works on a computer in no time

    def return_anew(self, computer: Computer) -> None:
        """Let a computer come back with a system that has no agent yet."""
        self.returns += 1
        self.boot(computer)

    def working(self, count: int = 1) -> list[Computer]:
        """Return some computers that work, different ones; fewer where there are no more."""
        able = [one for one in self.computers if not one.is_broken and one.disk.install is not None]
        return self.rng.sample(able, min(count, len(able)))

    def day(self) -> None:
        """Let a night pass; then everybody is heard, most tell their inventory again."""
        self.centre.now_ms += 24 * HOUR_MS
        self.centre.settle()
        for one in self.computers:
            install = one.disk.install
            if one.is_on and not one.is_broken and install is not None and install.agent is not None:
                self.centre.hear(install.agent)
                if self.rng.random() < 0.5:
                    self.boot(one)


def live(connection: Connection, seed: int, *, size: int = 6, length: int = 8) -> Outcome:
    """Live one history of up to this many computers and events."""
    rng = random.Random(seed)
    factory = Factory(rng)
    computers = [one for _ in range(rng.randint(1, 3)) for one in factory.batch(rng.randint(1, size // 2 + 1))]
    dongles = [factory.dongle() for _ in range(2)]
    history = History(rng, factory, Centre(connection, now_ms=10**12), computers, dongles)
    for one in computers[: max(1, len(computers) - rng.randint(0, 1))]:  # one may never have been enrolled
        history.boot(one)
    for _ in range(rng.randint(1, length)):
        event = rng.choice(_EVENTS)
        history.events[event.__name__] += 1
        event(history)
        if rng.random() < 0.5:
            history.day()
    for _ in range(2):
        history.day()
    return _outcome(history)


def _outcome(history: History) -> Outcome:
    records = history.centre.records()
    named = history.centre.asked_about()
    return Outcome(
        wrong=tuple(history.centre.wrong),
        missed=sum(len(held) - 1 for held in records.values()),
        unasked=sum(len(held) - 1 for held in records.values() if held.isdisjoint(named)),
        devices=len(history.computers),
        returns=history.returns,
        asked=history.centre.open_findings(),
        inventories=history.inventories,
        events=history.events,
    )


def _install_anew(history: History) -> None:
    for one in history.working():
        history.stop(one)
        one.disk.install = history.factory.install()
        history.return_anew(one)


def _lose_agent(history: History) -> None:
    for one in history.working():
        install = one.disk.install
        assert install is not None
        history.stop(one)
        one.disk.install = Install(install.machine_id)
        history.return_anew(one)


def _new_disk(history: History) -> None:
    for one in history.working():
        history.stop(one)
        one.disk = Disk(history.factory.part("D") if one.disk.serial else "", history.factory.install())
        history.return_anew(one)


def _copied_to_new_disk(history: History) -> None:
    for one in history.working():
        history.stop(one)
        one.disk = Disk(history.factory.part("D") if one.disk.serial else "", one.disk.install)
        history.boot(one)


def _disk_to_another(history: History) -> None:
    """Let a computer break and its disk go on in another one, system, agent and all; the first may be mended."""
    pair = history.rng.sample(history.computers, min(2, len(history.computers)))
    if len(pair) == 2 and not pair[0].is_broken and pair[0].disk.install is not None:
        broken, taker = pair
        history.stop(broken)
        history.stop(taker)
        taker.disk, broken.disk = broken.disk, Disk("")
        broken.is_broken, taker.is_broken = True, False
        history.boot(taker)
        if history.rng.random() < 0.5:
            broken.is_broken = False
            broken.disk = Disk(history.factory.part("D"), history.factory.install())
            history.return_anew(broken)


def _disk_to_another_wiped(history: History) -> None:
    pair = history.working(2)
    if len(pair) == 2:
        broken, taker = pair
        history.stop(broken)
        history.stop(taker)
        broken.is_broken = True
        taker.disk, broken.disk = Disk(broken.disk.serial, history.factory.install()), Disk("")
        history.return_anew(taker)


def _disks_exchanged(history: History) -> None:
    pair = history.working(2)
    if len(pair) == 2:
        one, other = pair
        history.stop(one)
        history.stop(other)
        one.disk, other.disk = other.disk, one.disk
        history.boot(one)
        history.boot(other)


def _new_board(history: History) -> None:
    for one in history.working():
        history.stop(one)
        factory, rng = history.factory, history.rng
        one.uuid = factory.uuid() if rng.random() < 0.9 else "03000200-0400-0500-0006-000700080009"
        one.board = factory.part("B") if rng.random() < 0.7 else "Default string"
        one.serial = rng.choice((one.serial, one.serial, "Default string"))  # the workshop writes it, or forgets to
        one.adapters = [factory.mac(), *one.adapters[1:]]
        history.boot(one)


def _new_adapter(history: History) -> None:
    for one in history.working():
        one.adapters = [*one.adapters[:-1], history.factory.mac()]
        history.boot(one)


def _dongle_moves(history: History) -> None:
    dongle = history.rng.choice(history.dongles)
    for one in history.computers:
        if dongle in one.dongles:
            one.dongles.remove(dongle)
    for one in history.working():
        one.dongles.append(dongle)
        history.boot(one)


def _more_memory(history: History) -> None:
    for one in history.working():
        if one.memory:
            one.memory = [*one.memory[:1], history.factory.part("M")]
            history.boot(one)


def _image_with_agent(history: History) -> None:
    """Copy a whole disk, agent and all, to another computer; both work on."""
    pair = history.working(2)
    if len(pair) == 2:
        source, target = pair
        install = source.disk.install
        assert install is not None
        history.stop(target)
        target.disk.install = Install(install.machine_id, install.agent)
        for _ in range(2):
            history.boot(target)
            history.boot(source)


def _image_without_agent(history: History) -> None:
    pair = history.working(2)
    if len(pair) == 2:
        source, target = pair
        install = source.disk.install
        assert install is not None
        history.stop(target)
        target.disk.install = Install(install.machine_id)
        history.return_anew(target)
        history.boot(source)


def _rest(history: History) -> None:
    for one in history.working():
        history.stop(one)


_EVENTS: tuple[Callable[[History], None], ...] = (
    _install_anew,
    _install_anew,
    _lose_agent,
    _new_disk,
    _copied_to_new_disk,
    _disk_to_another,
    _disk_to_another_wiped,
    _disks_exchanged,
    _new_board,
    _new_adapter,
    _dongle_moves,
    _more_memory,
    _image_with_agent,
    _image_without_agent,
    _rest,
)

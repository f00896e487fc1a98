"""Build computers of a commune as they are bought: in batches, with consecutive serials and makers' placeholders."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field

_JUNK_SERIALS = ("To be filled by O.E.M.", "Default string", "System Serial Number", "123456789", "0", "None", "")
_JUNK_UUIDS = ("03000200-0400-0500-0006-000700080009", "00000000-0000-0000-0000-000000000000", "")
_MAKERS = ("00:1B:21", "3C:52:82", "D8:BB:C1", "F4:4D:30", "B4:2E:99")
_KNOWN_DONGLES = ("00:E0:4C", "00:0E:C6", "8C:AE:4C")


@dataclass(slots=True)
class Install:
    """Hold an installed system: its machine id, and its agent's key once it is enrolled."""

    machine_id: str
    agent: int | None = None


@dataclass(slots=True)
class Disk:
    """Hold a disk ("" where nothing tells its serial) and what is installed on it."""

    serial: str
    install: Install | None = None


@dataclass(slots=True)
class Dongle:
    """Hold an adapter or dock on USB; is_telling: its name or maker gives it away."""

    mac: str
    is_telling: bool


@dataclass(slots=True)
class Computer:
    """Hold one device as people see it: one case, whatever is inside."""

    name: str
    uuid: str
    board: str
    serial: str
    model: str
    adapters: list[str]
    memory: list[str]
    disk: Disk
    dongles: list[Dongle] = field(default_factory=list)
    is_on: bool = True
    is_broken: bool = False

    def body(self, rng: random.Random) -> dict[str, object]:
        """Return the inventory its agent tells, the UUID in whichever byte order the system reads."""
        install = self.disk.install
        assert install is not None
        told = self.uuid if rng.random() < 0.8 else _swapped(self.uuid)
        networks = [{"description": f"eth{n}", "mac": mac} for n, mac in enumerate(self.adapters)]
        networks += [{"description": _dongle_name(one), "mac": one.mac} for one in self.dongles]
        return {
            "hardware": {"name": self.name, "uuid": told},
            "bios": {"ssn": self.serial, "msn": self.board, "smodel": self.model},
            "operatingsystem": {"machine_id": install.machine_id},
            "networks": networks,
            "storages": [{"serial": self.disk.serial}],
            "memories": [{"serialnumber": one} for one in self.memory],
        }


class Factory:
    """Make parts and computers of one history, no two alike unless their maker made them so."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._made = rng.randrange(10**6)

    def batch(self, count: int) -> list[Computer]:
        """Return computers of one purchase: one model, serials in a row, one maker's habits."""
        rng = self.rng
        habits = {
            "uuid": rng.random() < 0.15,  # boards without a UUID of their own
            "serial": rng.random() < 0.4,  # assembled: nobody wrote a serial
            "board": rng.random() < 0.3,
            "disk": rng.random() < 0.2,  # the agent cannot read it
            "memory": rng.random() < 0.4,
        }
        shared_uuid = str(uuid.UUID(int=rng.getrandbits(128))) if rng.random() < 0.05 else None
        model, first = f"MODEL-{self._next()}", self._next() * 100
        prefix = "".join(rng.choice("ABCDEFGHKLMNP") for _ in range(4))
        return [
            Computer(
                name=f"PC-{first + n}",
                uuid=shared_uuid or (rng.choice(_JUNK_UUIDS) if habits["uuid"] else self.uuid()),
                board=rng.choice(_JUNK_SERIALS) if habits["board"] else f"B{prefix}{first + n:08d}",
                serial=rng.choice(_JUNK_SERIALS) if habits["serial"] else f"{prefix}{first + n:06d}",
                model=model,
                adapters=[self.mac(), *([self.mac()] if rng.random() < 0.4 else [])],
                memory=[] if habits["memory"] else [self.part("M") for _ in range(rng.randint(1, 2))],
                disk=Disk("" if habits["disk"] else self.part("D")),
            )
            for n in range(count)
        ]

    def uuid(self) -> str:
        """Return a board's UUID."""
        return str(uuid.UUID(int=self.rng.getrandbits(128)))

    def mac(self) -> str:
        """Return the address of a built-in adapter."""
        return self.rng.choice(_MAKERS) + self._tail()

    def dongle(self) -> Dongle:
        """Return an adapter on USB, of a maker that is known for them or not."""
        is_telling = self.rng.random() < 0.8
        maker = self.rng.choice(_KNOWN_DONGLES if is_telling else _MAKERS)
        return Dongle(maker + self._tail(), is_telling)

    def part(self, kind: str) -> str:
        """Return a part's serial."""
        return f"{kind}{self.rng.getrandbits(40):010X}"

    def install(self) -> Install:
        """Return a new installation."""
        return Install(f"{self.rng.getrandbits(128):032x}")

    def _tail(self) -> str:
        number = f"{self.rng.getrandbits(24):06X}"
        return f":{number[:2]}:{number[2:4]}:{number[4:]}"

    def _next(self) -> int:
        self._made += 1
        return self._made


def _dongle_name(one: Dongle) -> str:
    return "enx" + one.mac.replace(":", "").lower() if one.is_telling else "eth7"


def _swapped(text: str) -> str:
    return str(uuid.UUID(bytes=uuid.UUID(text).bytes_le)) if text else text

"""Make up what stands in a commune: computers, printers, a router, and what no agent watches. Pure but for chance.

Makers and models are invented; ages, prices and where the money came from are marked as of a demonstration.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from machxa_collector.demo.chance import chance_of
from machxa_collector.demo.plan import PCS, PRINTERS
from machxa_collector.planning.told import CERTIFICATE_TAG
from machxa_collector.registry.records import Value

MARK = "số liệu trình diễn"
_VENDOR = "Mẫu"
_FUNDS = (f"Ngân sách xã ({MARK})", f"Ngân sách tỉnh ({MARK})")
_COUNTER_ROOM, _OFFICE = "Bộ phận Một cửa", "Phòng chuyên môn"
_PREFIX = ("ac", "de", "48")  # kept private by the IEEE
_UNKNOWN_AGE, _UNKNOWN_COST = 0.1, 0.15
_NUMBERS = (
    *(f"pc{number}" for number in range(1, PCS + 1)), *(f"printer{number}" for number in range(1, PRINTERS + 1)),
    "router",
)  # fmt: skip
_OTHERS = (
    ("router", ("router", "Bộ định tuyến", "Định tuyến R2"), "new", 6_500_000),
    ("scanner1", ("scanner", "Máy quét hồ sơ", "Quét Q1"), "middle", 18_500_000),
    ("copier1", ("copier", "Máy photocopy", "Sao chụp S4"), "old", 79_000_000),
    ("ups1", ("ups", "Bộ lưu điện quầy", "Lưu điện L1"), "middle", 4_800_000),
)
_DAYS = {"old": (2600, 4300), "middle": (1100, 2500), "new": (60, 900)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Hold one invented model of computer: what its agent tells of it."""

    name: str
    age: str
    windows: str
    version: str
    cores: int
    memory_mb: int
    disk: str
    windows11: bool


MODELS = (
    Model(name="Bàn M3", age="old", windows="7", version="6.1", cores=2, memory_mb=4096, disk="HDD", windows11=False),
    Model(name="Bàn M5", age="old", windows="10", version="22H2", cores=2, memory_mb=4096, disk="HDD", windows11=False),
    Model(
        name="Bàn M7", age="middle", windows="10", version="22H2", cores=4, memory_mb=8192, disk="SSD", windows11=False
    ),
    Model(
        name="Bàn M8", age="middle", windows="11", version="24H2", cores=6, memory_mb=8192, disk="SSD", windows11=True
    ),
    Model(name="Bàn M9", age="new", windows="11", version="25H2", cores=6, memory_mb=16384, disk="SSD", windows11=True),
)
_SHARES = (1, 4, 5, 4, 4)


def model_of(unit: str, asset: str) -> Model:
    """Return the model of a computer, the same at every start."""
    return chance_of(unit, asset, "model").choices(MODELS, _SHARES)[0]


def serial_of(unit: str, asset: str) -> str:
    """Return the serial number of a device."""
    return "TD" + _digest(unit, asset, "serial")[:8].upper()


def mac_of(unit: str, asset: str) -> str:
    """Return the address of a device's network card, under a prefix that no maker has; no two are the same."""
    number = (int(unit) * 32 + _NUMBERS.index(asset)) % 2**24
    return ":".join((*_PREFIX, *(f"{number >> shift & 255:02x}" for shift in (16, 8, 0))))


def assets_of(unit: str, today: date) -> Iterator[dict[str, Value]]:
    """Yield the records of a commune's assets, each with a code by which the simulated gateways know it."""
    for number in range(1, PCS + 1):
        yield _computer(unit, number, today)
    for number in range(1, PRINTERS + 1):
        yield _printer(unit, number, today)
    for asset, words, age, vnd in _OTHERS:
        yield _other(unit, asset, words, _bought(unit, asset, age, vnd, today))


def code_of(unit: str, asset: str) -> str:
    """Return the code on a device's label."""
    return f"{unit}-{asset}"


def _computer(unit: str, number: int, today: date) -> dict[str, Value]:
    asset = f"pc{number}"
    model = model_of(unit, asset)
    name = f"Máy tính quầy {number}" if number <= 4 else f"Máy tính phòng {number}"  # noqa: PLR2004 - the counters
    room = _COUNTER_ROOM if number <= 4 else _OFFICE  # noqa: PLR2004
    return {
        **_bought(unit, asset, model.age, 14_500_000, today),
        "kind": "computer",
        "name": name,
        "model": model.name,
        "location": room,
        "status": "broken" if chance_of(unit, asset, "status").random() < 0.02 else "in_use",  # noqa: PLR2004 - chance
    }


def _printer(unit: str, number: int, today: date) -> dict[str, Value]:
    asset, is_land = f"printer{number}", number == 1
    return {
        **_bought(unit, asset, ("new", "middle", "old")[number % 3], 12_000_000 if is_land else 7_800_000, today),
        "kind": "printer",
        "name": "Máy in giấy chứng nhận" if is_land else f"Máy in {number}",
        "model": "In đất D1" if is_land else f"In văn phòng V{number}",
        "location": _COUNTER_ROOM if number <= 2 else _OFFICE,  # noqa: PLR2004 - at the counters
        "tags": (CERTIFICATE_TAG,) if is_land else (),
        "pages": 2_000 + int(_digest(unit, asset, "pages")[:4], 16),
        "pages_on": today - timedelta(days=20),
    }


def _other(unit: str, asset: str, words: tuple[str, str, str], bought: dict[str, Value]) -> dict[str, Value]:
    kind, name, model = words
    return {**bought, "code": code_of(unit, asset), "kind": kind, "name": name, "model": model, "location": _OFFICE}


def _bought(unit: str, asset: str, age: str, vnd: int, today: date) -> dict[str, Value]:
    chance = chance_of(unit, asset, "bought")
    on = today - timedelta(days=chance.randint(*_DAYS[age]))
    no_day, no_cost = chance.random() < _UNKNOWN_AGE, chance.random() < _UNKNOWN_COST
    return {
        "code": code_of(unit, asset),
        "unit": unit,
        "vendor": _VENDOR,
        "serial": serial_of(unit, asset),
        "status": "in_use",
        "acquired_on": None if no_day else on,
        "acquired_source": "unknown" if no_day else "book",
        "cost_vnd": None if no_cost else round(vnd * (0.85 + 0.3 * chance.random()), -5),
        "cost_source": "unknown" if no_cost else "book",
        "book_class": "office",
        "budget": chance.choice(_FUNDS),
        "owner": "commune",
        "warranty_until": on + timedelta(days=730) if age == "new" and not no_day else None,
        "note": MARK,
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("/".join(parts).encode()).hexdigest()

"""Make up the books of each commune: lines, counters, contacts, announced work. Pure but for chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from machxa_collector.demo.chance import chance_of
from machxa_collector.demo.equipment import MARK, code_of
from machxa_collector.demo.plan import COUNTERS, Plan
from machxa_collector.demo.script import provider_of
from machxa_collector.registry.records import Value

Row = dict[str, Value]
_GROUPS = (("HT", "CT"), ("DD", "XD"), ("other",), ("HT", "other"))
_PLANNED_FROM, _PLANNED_TO, _PLANNED_AT = 420, 480, 5  # minutes and the commune of the script


def lines(plan: Plan) -> Iterator[Row]:
    """Yield each commune's lines with their contracts; providers and prices are invented."""
    for number, unit in enumerate(plan.communes):
        chance = chance_of(unit, "lines")
        ends = plan.day + timedelta(days=chance.choice((25, 80, 200, 400)))
        yield {
            "unit": unit,
            "name": "Cáp quang",
            "kind": "mobile" if number % 31 == 7 else "internet",  # noqa: PLR2004 - as in the script
            "provider": provider_of(number),
            "contract": f"TD-{unit}-1",
            "down_mbps": float(chance.choice((100, 150, 200, 300))),
            "up_mbps": float(chance.choice((50, 100))),
            "price_vnd_per_month": chance.choice((450_000, 660_000, 990_000)),
            "valid_from": ends - timedelta(days=730),
            "expires_on": ends,
            "ticket_desk": "Tổng đài mẫu 1900 0000",
            "note": MARK,
        }
        yield {
            "unit": unit,
            "name": "TSLCD",
            "kind": "tslcd",
            "provider": "VNPT",
            "contract": f"TD-{unit}-2",
            "down_mbps": 200.0,
            "up_mbps": 200.0,
            "price_vnd_per_month": 3_300_000,
            "valid_from": date(2025, 7, 1),
            "expires_on": plan.day + timedelta(days=500),
            "ticket_desk": "Tổng đài mẫu 1900 0001",
            "note": MARK,
        }


def counters(plan: Plan, ids: Mapping[str, str]) -> Iterator[Row]:
    """Yield each commune's counters with the computers on them; ids gives the asset of a code."""
    for unit in plan.communes:
        for number in range(1, COUNTERS + 1):
            yield {
                "unit": unit,
                "code": str(number),
                "name": f"Quầy {number}",
                "groups": _GROUPS[(number - 1) % len(_GROUPS)],
                "assets": (ids[code_of(unit, f"pc{number}")],),
                "note": MARK,
            }


def contacts(plan: Plan) -> Iterator[Row]:
    """Yield the province's support, then each commune's contacts: positions and numbers that are nobody's."""
    yield {
        "unit": plan.province,
        "role": "province",
        "position": "Tổ hỗ trợ CNTT của tỉnh (trình diễn)",
        "phone": "0000 000 086",
        "email": "hotro@demo.invalid",
        "note": MARK,
    }
    for unit in plan.communes:
        yield {
            "unit": unit,
            "role": "it",
            "position": "Cán bộ đầu mối CNTT",
            "name": f"Nguyễn Thị Trình Diễn ({unit})",
            "phone": f"0000 {unit[:3]} {unit[3:]}0",
            "email": f"cntt.{unit}@demo.invalid",
            "note": MARK,
        }


def planned(plan: Plan) -> Iterator[Row]:
    """Yield the announced power cut of the script, one for each day."""
    unit = plan.communes[_PLANNED_AT % len(plan.communes)]
    for day in range(plan.days):
        zero = plan.zero + timedelta(days=day)
        yield {
            "unit": unit,
            "kind": "power_cut",
            "starts_at": _ms(zero + timedelta(minutes=_PLANNED_FROM)),
            "ends_at": _ms(zero + timedelta(minutes=_PLANNED_TO)),
            "subject": "Sửa đường dây điện",
            "source": f"Thông báo cắt điện ({MARK})",
            "note": MARK,
        }


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)

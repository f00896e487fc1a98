"""Write the scripted day as a drill's scenario: what goes wrong where and when, in minutes from seven o'clock. Pure."""

from __future__ import annotations

from machxa_collector.demo.plan import BEGINS_HOURS, COUNTERS, PCS, PRINTERS, Plan

Json = dict[str, object]
SYSTEMS = ("dossier", "documents", "civil_status", "payment", "eid", "land", "signature")
PROVIDERS = (
    "VNPT",
    "Viettel",
    "Viettel",
    "MobiFone",
    "VNPT",
    "Viettel",
    "VNPT",
    "MobiFone",
)  # invented shares, not the market's
_DAY = 1440
_LANS = ("wired", "mixed", "wired", "wifi")


def provider_of(number: int) -> str:
    """Return who carries the line of the commune of this number."""
    return PROVIDERS[number % len(PROVIDERS)]


def scenario_of(plan: Plan) -> Json:
    """Return the scenario; each working day is like the first."""
    return {
        "name": "demonstration",
        "seed": plan.seed,
        "start": plan.zero.isoformat(),
        "minutes": plan.days * _DAY,
        "warm_up_minutes": BEGINS_HOURS * 60,
        "province": plan.province,
        "units": {code: _unit(number) for number, code in enumerate(plan.communes)},
        "systems": list(SYSTEMS),
        "events": [one for day in range(plan.days) for one in _day(plan.communes, day * _DAY)],
    }


def _unit(number: int) -> Json:
    return {
        "provider": provider_of(number),
        "pcs": PCS,
        "counters": COUNTERS,
        "printers": PRINTERS,
        "lan": _LANS[number % len(_LANS)],
        "line": "4g" if number % 31 == 7 else "fibre",  # noqa: PLR2004 - a few
        "always_on": True,
    }


def _day(communes: tuple[str, ...], zero: int) -> list[Json]:
    def unit(number: int) -> str:
        return communes[number % len(communes)]

    def fault(begin: int, end: int, what: str, /, **more: object) -> Json:
        return {"at": zero + begin, "until": zero + end, "fault": what, **more}

    def report(at: int, number: int, symptom: str, **more: object) -> Json:
        return {"at": zero + at, "report": {"unit": unit(number), "symptom": symptom, **more}}

    evening = 660
    return [
        fault(5, evening, "disk_failing", unit=unit(1), asset="pc5"),
        fault(8, evening, "printer_fault", unit=unit(0), asset="printer2", kind="toner_low"),
        fault(8, evening, "printer_fault", unit=unit(3), asset="printer3", kind="toner_low"),
        fault(42, evening, "pc_dead", unit=unit(2), asset="pc4"),  # 07:42, an agent falls silent
        fault(20, 75, "line_degraded", unit=unit(3), loss=18, rtt_ms=300),
        fault(50, 95, "provider_down", provider=provider_of(1)),  # 07:50 to 08:35
        report(58, 1, "unusable", system="dossier", stage="receive_direct", waiting="6-20", note="Không vào được mạng"),
        fault(118, 170, "system_hang", system="dossier", owner="province"),  # 08:58 to 09:50
        report(123, 0, "frozen", system="dossier", stage="process", waiting="6-20", note="Bấm lưu thì quay mãi"),
        report(124, 2, "frozen", system="dossier", stage="receive_direct", waiting="1-5"),
        report(126, 4, "frozen", system="dossier", stage="receive_direct", waiting="20+"),
        fault(125, 235, "printer_fault", unit=unit(0), asset="printer1", kind="jam"),  # 09:05, the land certificates'
        report(131, 0, "error", device="printer1", stage="issue", waiting="1-5", note="Kẹt phôi giấy chứng nhận"),
        fault(140, 215, "power_cut", unit=unit(4)),  # 09:20 to 10:35
        fault(150, 240, "wifi_weak", unit=unit(3)),
        report(200, 5, "slow", system="documents", waiting="0"),
        {"at": zero + 420, "until": zero + 480, "maintenance": {"unit": unit(5), "kind": "power_cut"}},
        fault(424, 470, "power_cut", unit=unit(5)),  # 14:04 to 14:50, as announced
        fault(400, 430, "lan_down", unit=unit(2), share=0.6),
        fault(450, 500, "system_slow", system="civil_status", owner="national", factor=6),
        fault(510, 545, "line_down", unit=unit(1)),
        fault(530, 590, "system_errors", system="payment", owner="national", error_rate=0.7),
    ]

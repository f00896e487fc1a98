"""Seed a data folder for one province, and say what there is and what to do next."""

from __future__ import annotations

from collections import Counter
from datetime import date

from machxa_collector.failure import CannotRunError
from machxa_collector.registry.units import Kind, Unit, Units, search
from machxa_collector.registry.units.fold import words
from machxa_collector.store import seed
from machxa_collector.store.registry import LiveRegistry, Snapshot

_MOST_SUGGESTED = 3
_ACTOR = "machxa init"


def init(live: LiveRegistry, asked: str, today: date, now_ms: int) -> list[str]:
    """Seed the registry for the province of a code or name; return what to tell, line by line.

    Raises CannotRunError for a province that there is not, with those that may be meant.
    """
    province = _province(live.current(), asked, today)
    done = seed.seed(live.store, province.code, _ACTOR, now_ms)
    now = live.refresh()
    hours = now.calendars.plan(province.code, today)
    return [
        *_units_told(now.units, today, done.units),
        *_home_told(now.units, province, done.home_before, today),
        _calendar_told(province, done.calendar),
        f"  Hôm nay {today:%d/%m/%Y} (today): {_NAMES[hours.kind.value]}",
        (
            "  Việc tiếp theo (next): machxa up, trên máy chủ (on a server) systemctl start machxa-collector, "
            "rồi mở trang (then open) /admin"
        ),
        (
            f"    - sửa giờ làm việc theo văn bản của tỉnh (set the hours of the province): /admin/records/calendars"
            f"?unit={province.code}"
        ),
        (
            "    - nhập tài sản, đường truyền, quầy, đầu mối từ tệp (import assets, lines, counters, contacts): "
            "/admin/import/assets"
        ),
    ]


def _province(now: Snapshot, asked: str, today: date) -> Unit:
    text = asked.strip()
    codes = now.names.find(text.zfill(2) if text.isdecimal() else text)
    found = [unit for code in codes if (unit := now.units.unit(code, today)) and unit.kind is Kind.PROVINCE]
    if len(found) == 1:
        return found[0]
    near = [one.province for one in search(now.index, text, today, 20) if one.province is not None]
    near += [unit for unit in _provinces(now.units, today) if not near and words(text)[:1] == words(unit.name)[:1]]
    told = ", ".join([*dict.fromkeys(f"{unit.full_name} ({unit.code})" for unit in near)][:_MOST_SUGGESTED])
    raise CannotRunError(
        f"không có tỉnh, thành phố {asked!r}" + (f"; ý bạn là: {told}?" if told else "; ghi mã, như --province 86"),
        f"there is no province {asked!r}" + (f"; did you mean: {told}?" if told else "; give a code: --province 86"),
    )


def _units_told(units: Units, today: date, written: int) -> list[str]:
    there = [unit for code in units.codes if (unit := units.unit(code, today))]
    count = Counter(unit.kind for unit in there)
    told = (
        f"{count[Kind.PROVINCE]} tỉnh, thành phố (provinces), {count[Kind.COMMUNE]} xã, phường, đặc khu (communes), "
        f"{count[Kind.CENTRE]} trung tâm cấp tỉnh (provincial centres)"
    )
    first = "Đã nạp đơn vị (units seeded)" if written else "Đơn vị đã có, giữ nguyên (units were there, kept)"
    return [f"  {first}: {told}"]


def _home_told(units: Units, province: Unit, before: str | None, today: date) -> list[str]:
    types = Counter(unit.type.value for unit in units.children(province.code, today) if unit.type is not None)
    told = ", ".join(f"{count} {name}" for name, count in types.most_common())
    lines = [
        (
            f"  Tỉnh nhà (home province): {province.full_name}, mã (code) {province.code}: {types.total()} xã/phường "
            f"(communes): {told}"
        )
    ]
    if before is not None and before != province.code:
        lines.append(f"    trước đây là (it was) {before}")
    return lines


def _calendar_told(province: Unit, written: int) -> str:
    if not written:
        return f"  Lịch của {province.full_name} đã có, giữ nguyên (its calendar was there, kept)"
    return (
        "  Lịch mặc định (default calendar): thứ Hai đến thứ Sáu (Monday to Friday) 07:30-11:30, 13:30-17:00; "
        "mức chắc chắn: có khả năng (certainty: likely)"
    )


def _provinces(units: Units, today: date) -> list[Unit]:
    there = (units.unit(code, today) for code in units.codes)
    return [unit for unit in there if unit is not None and unit.kind is Kind.PROVINCE]


_NAMES = {
    "office": "ngày làm việc (a working day)",
    "rest": "ngày nghỉ trong tuần (a day of rest)",
    "holiday": "ngày nghỉ lễ (a day off)",
    "make_up_day": "ngày làm bù (a make-up day)",
}

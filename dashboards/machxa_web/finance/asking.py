"""Read from addresses and forms which plan is meant, and bound what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

from fastapi import Request

from machxa_web.admin.desk import Trouble
from machxa_web.days import day_of
from machxa_web.finance.desk import Further, Which
from machxa_web.finance.words import ITEMS

MOST_FURTHER = 3  # shared sources besides the first
COSTING = ("buy", "replace", "upgrade", "repair")
FILTERS = ("item", "unit", "source", "year", "action", "band", "confidence", "norm", "paid", "last")
_MOST_VND = 10**15
_MOST_START = 1_000_000
_MILLION = 1_000_000
_LONGEST_NUMBER = 24
_LONGEST_NAME = 60
_UNITS = re.compile(r"[^\s,;]+")
_MILLIONS = re.compile(r"\d+([.,]\d+)?|\d{1,3}(\.\d{3})+(,\d+)?|\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_THOUSAND = re.compile(r"\d{1,3}\.\d{3}", re.ASCII)
_DOUBTFUL = re.compile(r"[1-9]\d{0,2},\d{3}", re.ASCII)


def which_of(request: Request, first: str) -> Which:
    """Return the plan that an address names; without any the first kept scenario."""
    params = request.query_params
    name = params.get("plan", first)[:60]
    text = params.get("ceiling", "")
    return Which(name, None if not text else dong_of(text))


def dong_of(text: str) -> int:
    """Return whole đồng as an address writes them; raises Trouble."""
    if not (text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER and int(text) <= _MOST_VND):
        raise Trouble(400, "hạn mức cần là số đồng nguyên", "the ceiling is whole đồng")
    return int(text)


def millions_of(text: str) -> int:
    """Return đồng of what a person typed as millions: 2000, 1.500,5, 1,500.5 or 1500.5; raises Trouble.

    2,000 is refused: a Vietnamese reader means two millions by it, an English one two thousand.
    """
    plain = text.strip().replace(" ", "").replace("\u00a0", "")
    written = _MILLIONS.fullmatch(plain) if len(plain) < _LONGEST_NUMBER else None
    if written is None:
        raise Trouble(
            422, "hạn mức cần ghi bằng triệu đồng, như 2000 hoặc 1.500,5", "the ceiling is millions of đồng, as in 2000"
        )
    if _DOUBTFUL.fullmatch(plain):
        whole, part = plain.split(",")
        small = f"{whole},{part}0" if part.strip("0") else whole
        vi = f"{plain} đọc được hai cách: hãy ghi {whole}{part} hoặc {small}"
        raise Trouble(422, vi, f"{plain} can be read in two ways: write {whole}{part}, or {small}")
    point = max(plain.rfind("."), plain.rfind(","))
    is_grouping = plain.count(plain[point]) > 1 or _THOUSAND.fullmatch(plain) if point >= 0 else False
    whole, part = (plain, "") if point < 0 or is_grouping else (plain[:point], plain[point + 1 :])
    digits = whole.replace(".", "").replace(",", "") + part
    found: int = round(int(digits) * _MILLION / 10 ** len(part))
    if found > _MOST_VND:
        raise Trouble(422, "hạn mức lớn quá", "the ceiling is too large")
    return found


def further_of(form: Mapping[str, str]) -> tuple[Further, ...]:
    """Return the further shared sources of a scenario's form, those that have a name; raises Trouble."""
    found = []
    for number in range(1, MOST_FURTHER + 1):
        said = {part: form.get(f"s{number}-{part}", "").strip() for part in ("name", "million", "units")}
        if not said["name"] and said["million"]:
            vi = f"nguồn thêm {number} có hạn mức nhưng chưa có tên; chưa lưu gì"
            raise Trouble(422, vi, f"further source {number} has a ceiling and no name; nothing was saved")
        if said["name"]:
            ticked = {
                part: tuple(word for word in words if form.get(f"s{number}-{part}-{word}"))
                for part, words in (("item", ITEMS), ("action", COSTING))
            }
            found.append(
                Further(
                    name=said["name"][:_LONGEST_NAME],
                    vnd=millions_of(said["million"]),
                    items=ticked["item"],
                    actions=ticked["action"],
                    units=tuple(_UNITS.findall(said["units"])),
                )
            )
    return tuple(found)


def own_items_of(form: Mapping[str, str]) -> tuple[str, ...]:
    """Return the classes that a scenario's form lets units' own money pay for; none ticked: everything."""
    return tuple(item for item in ITEMS if form.get(f"own-item-{item}"))


def start_of(request: Request) -> int:
    """Return from which row on a list is asked for."""
    text = request.query_params.get("from", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= _MOST_START):  # noqa: PLR2004
        raise Trouble(404, "địa chỉ bị cắt ngắn", "the address was cut short")
    return int(text)


def filters_of(request: Request) -> dict[str, str]:
    """Return what a list is filtered by."""
    return {name: request.query_params.get(name, "")[:100].strip() for name in FILTERS}


def days_of(request: Request, today: date) -> tuple[date, date]:
    """Return the days that are asked for; without any the last 90."""
    texts = [request.query_params.get(name, "") for name in ("first", "last")]
    if not any(texts):
        return today - timedelta(days=89), today
    first, last = (day_of(text) for text in texts)
    if first > last:
        raise Trouble(400, "ngày đầu sau ngày cuối", "the first day is after the last")
    return first, last


def query(which: Which, **more: object) -> str:
    """Return the part of an address that names a plan, and what else is asked for."""
    said = {"plan": which.scenario, **({} if which.ceiling is None else {"ceiling": which.ceiling}), **more}
    return urlencode({name: value for name, value in said.items() if value not in ("", None) or name == "plan"})


def api_query(which: Which, **more: str) -> str:
    """Return the same for the API, which calls a plan a scenario."""
    said = {"scenario": which.scenario, **({} if which.ceiling is None else {"ceiling": str(which.ceiling)}), **more}
    return urlencode({name: value for name, value in said.items() if value})

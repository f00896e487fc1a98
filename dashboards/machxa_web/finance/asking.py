"""Read from addresses and forms which plan is meant, and bound what they say."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from fastapi import Request

from machxa_web.admin.desk import Trouble
from machxa_web.finance.desk import Which

FILTERS = ("item", "unit", "source", "year", "action", "band", "confidence", "norm", "paid", "last")
_MOST_VND = 10**15
_MOST_START = 1_000_000
_MILLION = 1_000_000
_LONGEST_NUMBER = 24


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
    """Return đồng of what a person typed as millions: 2000, 1.500,5 or 1500.5; raises Trouble."""
    plain = text.strip().replace(" ", "").replace("\u00a0", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    elif plain.count(".") > 1 or (plain.count(".") == 1 and len(plain.rpartition(".")[2]) == 3):  # noqa: PLR2004
        plain = plain.replace(".", "")
    try:
        found = round(float(plain) * _MILLION) if len(plain) < _LONGEST_NUMBER else -1
    except (ValueError, OverflowError):
        found = -1
    if not 0 <= found <= _MOST_VND:
        raise Trouble(
            422, "hạn mức cần ghi bằng triệu đồng, như 2000 hoặc 1.500,5", "the ceiling is millions of đồng, as in 2000"
        )
    return found


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
    try:
        first, last = (date.fromisoformat(text) for text in texts)
    except ValueError:
        raise Trouble(400, "ngày cần ghi như 2026-11-26", "a day is written as 2026-11-26") from None
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

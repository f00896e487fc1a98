"""Read what the page of norms says into a change of the province's own rules; refuse in words what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from machxa_collector.planning.own_norms import CannotChange, free_id, with_end, with_norm
from machxa_collector.planning.rules import BadRules, Norm, Rules, read_rules
from machxa_web import days
from machxa_web.admin.desk import Trouble

_TITLES = ("vi", "vii", "viii")
_MOST = 10_000
_UNDONE = ("chưa đổi gì", "nothing changed")
_MOST_VND = 10**13


def change_of(said: Mapping[str, str], own: str) -> str:
    """Return the own rules with a row added or ended; raises Trouble."""
    try:
        if said.get("what") == "end":
            return with_end(own, said.get("id", ""), ends_on(said))
        return with_norm(own, norm_of(said, read_rules(own)))
    except (CannotChange, BadRules) as exc:
        vi = "tệp quy định của tỉnh không sửa được theo cách này (dùng machxa plan keep rules)"
        raise Trouble(422, f"{vi}: {exc}; chưa đổi gì", f"{exc}; nothing changed") from exc


def norm_of(said: Mapping[str, str], rules: Rules) -> Norm:
    """Return the norm that a form tells, with an id that no other has; raises Trouble."""
    way = said.get("way", "")
    titles = [title for title in _TITLES if said.get(title)]
    number = _number(said.get("number", ""), whole=way != "counter")
    ways: Mapping[str, Mapping[str, object]] = {
        "each": {"titles": titles},
        "staff": {"titles": titles, "per_staff": number},
        "counter": {"per_counter": number},
        "unit": {"per_unit": number},
    }
    counted = ways.get(way, {})
    if not counted or (way in ("each", "staff") and not titles) or (way != "each" and not number):
        raise _wrong("chọn cấp cho ai và bao nhiêu", "say for whom and how many")
    price = said.get("price", "").replace(".", "").replace(" ", "")
    row = {
        "id": "-",
        "item": said.get("item", ""),
        **counted,
        "max_price_vnd": None if not price else _whole(price),
        "purpose": said.get("purpose", "common"),
        "source": said.get("source", ""),
        "confidence": "H",  # whoever enters a decision of the province has it at hand
        "valid_from": day_of(said.get("from", "")),
    }
    try:
        norm = msgspec.convert({name: value for name, value in row.items() if value is not None}, Norm)
    except msgspec.ValidationError as exc:
        raise _wrong("ghi đủ loại, văn bản và mức giá", f"a field cannot be used: {exc}") from exc
    return msgspec.structs.replace(norm, id=free_id(rules, norm))


def ends_on(said: Mapping[str, str]) -> date:
    """Return the last day that a form tells; raises Trouble."""
    found = day_of(said.get("to", ""))
    if found is None:
        raise _wrong("ghi ngày cuối còn áp dụng", "say the last day on which it holds")
    return found


def day_of(text: str) -> date | None:
    """Return a day as a browser or a person writes it, None for nothing; raises Trouble."""
    return days.day_of(text, _UNDONE) if text else None


def _number(text: str, *, whole: bool) -> float | int | None:
    if not text:
        return None
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        found = -1.0
    if not 0 < found <= _MOST or (whole and found != int(found)):
        raise _wrong("số lượng cần là số dương", "how many is a positive number")
    return int(found) if whole else found


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:20]) <= _MOST_VND):
        raise _wrong("mức giá cần là số đồng", "the price is a number of đồng")
    return int(text)


def _wrong(vi: str, en: str) -> Trouble:
    return Trouble(422, f"{vi}; {_UNDONE[0]}", f"{en}; {_UNDONE[1]}")

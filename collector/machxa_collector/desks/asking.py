"""Ask the API for a page, and turn its refusals into words for a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from machxa_web.admin.desk import Trouble

Why = Mapping[int, str]  # an HTTP status, and what it means here, in Vietnamese


def asked(answer: Callable[[], Response], why: Why, nothing: str) -> dict[str, object]:
    """Return the JSON object of an answer; raises Trouble. nothing says in Vietnamese what did not happen."""
    try:
        found: dict[str, object] = json.loads(bytes(answer().body))
    except ValidationError as exc:
        vi, en = _wrong(exc)
        raise Trouble(422, f"{vi}; {nothing}", en) from exc
    except HTTPException as exc:
        vi = why.get(exc.status_code, f"không làm được; {nothing}")
        raise Trouble(exc.status_code, vi, str(exc.detail)) from exc
    return found


def _wrong(exc: ValidationError) -> tuple[str, str]:
    """Say in Vietnamese and English which fields of a form are wrong, and how they are written."""
    places = [[part for part in error["loc"] if isinstance(part, str)] for error in exc.errors(include_input=False)]
    named = [_FIELDS[part] for place in places for part in place[::-1] if part in _FIELDS]
    if not named:
        return "điều ghi trong mẫu không dùng được", "the form cannot be used so"
    return (
        "chưa đúng: " + "; ".join(dict.fromkeys(vi for vi, _ in named)),
        "not right: " + "; ".join(dict.fromkeys(en for _, en in named)),
    )


_FIELDS: Mapping[str, tuple[str, str]] = {  # of forms, each with how it is written
    "unit": ("đơn vị cần mã xã, phường năm chữ số, như 29374", "the unit is a code of five digits, such as 29374"),
    "incident": (
        "sự cố cần mã ở cuối địa chỉ trang của nó, 16 chữ số và chữ a đến f",
        "the incident is the id at the end of its page's address: 16 digits and letters a to f",
    ),
    "month": ("tháng cần ghi như 11/2026", "the month is written month/year, such as 11/2026"),
    "day": ("ngày cần ghi như 30/11/2026", "the day is written day/month/year, such as 30/11/2026"),
    "paper": ("lần làm trên giấy cần số của nó", "the time on paper is its number"),
    "dossier": ("mã hồ sơ còn trống hoặc quá dài", "the dossier number is empty or too long"),
    "reason": ("lý do cần từ 3 đến 500 chữ", "the reason takes 3 to 500 letters"),
    "id": (
        "tên chỉ gồm chữ thường không dấu, chữ số, gạch nối",
        "the name takes small letters, digits and hyphens alone",
    ),
    "base_url": ("địa chỉ trang cần bắt đầu bằng https://", "the address of these pages begins with https://"),
    "digest": ("giờ nhận tin tổng hợp cần ghi như 07:30, 16:30", "digests are written as 07:30, 16:30"),
    "quiet": ("giờ yên tĩnh cần ghi như 21:00", "quiet hours are written as 21:00"),
    "budget": ("số tin một ngày quá lớn hoặc quá nhỏ", "so many messages a day is too many or too few"),
    "uses": ("số máy cần từ 1 đến 500", "computers are 1 to 500"),
    "days": ("số ngày quá lớn hoặc quá nhỏ", "so many days are too many or too few"),
    "name": ("tên gồm 1 đến 120 chữ trên một dòng", "a name has 1 to 120 letters on one line"),
    "sample_seconds": ("số giây giữa hai lần đo cần từ 1 đến 3600", "readings are 1 to 3600 seconds apart"),
    "batch_seconds": ("số giây giữa hai lần gửi cần từ 1 đến 86400", "batches are 1 to 86400 seconds apart"),
    "after_minutes": ("số phút làm việc quá lớn hoặc quá nhỏ", "so many working minutes are too many or too few"),
}

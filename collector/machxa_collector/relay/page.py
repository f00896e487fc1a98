"""Write the relay's pages: Vietnamese first, without script, a few kilobytes each. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape

from machxa_collector.registry.reports import MOST_TEXT, Category, Symptom

CATEGORIES: Mapping[Category, tuple[str, str]] = {
    Category.COMPUTER: ("Máy tính", "Computer"),
    Category.PRINTER: ("Máy in", "Printer"),
    Category.LAND_PRINTER: ("Máy in giấy chứng nhận đất", "Land certificate printer"),
    Category.SCANNER: ("Máy quét", "Scanner"),
    Category.NETWORK: ("Mạng, Wi-Fi", "Network, Wi-Fi"),
    Category.ONE_STOP: ("Phần mềm một cửa", "One-stop software"),
    Category.SIGNATURE: ("Chữ ký số", "Digital signature"),
    Category.LOOKUP: ("Tra cứu dân cư, hộ tịch, đất đai", "Population, civil status, land lookup"),
    Category.OTHER: ("Khác", "Something else"),
}
SYMPTOMS: Mapping[Symptom, tuple[str, str]] = {
    Symptom.UNUSABLE: ("Không dùng được", "Cannot be used"),
    Symptom.SLOW: ("Chậm", "Slow"),
    Symptom.FROZEN: ("Treo", "Frozen"),
    Symptom.ERROR: ("Báo lỗi", "Shows an error"),
    Symptom.INTERMITTENT: ("Lúc được lúc không", "Comes and goes"),
}
_STYLE = (
    "body{font:1.15rem/1.5 system-ui,sans-serif;max-width:34rem;margin:1rem auto;padding:0 1rem;color:#111}"
    "h1{font-size:1.5rem}i{color:#555;font-size:.9rem}"
    "fieldset{border:1px solid #999;margin:0 0 1rem;padding:.5rem 1rem}"
    "label{display:block;padding:.5rem 0}textarea{width:100%;font:inherit;box-sizing:border-box}"
    "button{font:inherit;font-weight:bold;padding:.8rem 1.5rem;width:100%}input{width:1.3rem;height:1.3rem}"
)
POLICY = (
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
    + "'"
)


def form(unit: str, key: str) -> str:
    """Return the form of a unit; key is new with every form, so that one sent twice counts once."""
    return _page(
        "Báo sự cố",
        f'<p>Đơn vị (unit): <b>{escape(unit)}</b></p><form method="post">'
        f'<input type="hidden" name="key" value="{escape(key)}">'
        + _choice("category", "Cái gì hỏng?", "What is broken?", {one.value: CATEGORIES[one] for one in Category})
        + _choice("symptom", "Thế nào?", "How?", {one.value: SYMPTOMS[one] for one in Symptom})
        + f'<fieldset><legend>Ghi thêm <i>Anything else</i></legend><textarea name="text" rows="3" '
        f'aria-label="Ghi thêm" maxlength="{MOST_TEXT}"></textarea><p><i>Không ghi tên, số giấy tờ của người dân. '
        "No names or document numbers of citizens.</i></p></fieldset>"
        "<button>Gửi <i>Send</i></button></form>",
    )


def taken(number: str) -> str:
    """Return the page after a report was kept."""
    return _page(
        "Đã nhận báo sự cố",
        f"<p>Số (number): <b>{escape(number)}</b></p><p>Báo cáo đã được lưu và sẽ tự chuyển về trung tâm của tỉnh.<br>"
        "<i>The report is stored and goes to the province's centre by itself.</i></p>",
    )


def unknown() -> str:
    """Return the page of every link that is not one, whatever is wrong with it."""
    return _page(
        "Không có địa chỉ này",
        "<p>Hãy kiểm tra lại địa chỉ, hoặc hỏi cán bộ công nghệ thông tin của tỉnh địa chỉ mới.<br>"
        "<i>Check the address, or ask the province's IT officer for a new one.</i></p>",
    )


def refused() -> str:
    """Return the page of a form that lacks what is needed."""
    return _page(
        "Chưa gửi được",
        "<p>Hãy quay lại và chọn cái gì hỏng.<br><i>Not sent: go back and choose what is broken.</i></p>",
    )


def full() -> str:
    """Return the page while nothing more is taken."""
    return _page(
        "Chưa nhận được",
        "<p>Trung tâm đang mất liên lạc; hãy gọi điện cho cán bộ công nghệ thông tin của tỉnh.<br>"
        "<i>The centre is out of reach: call the province's IT officer.</i></p>",
    )


def _choice(name: str, vietnamese: str, english: str, choices: Mapping[str, tuple[str, str]]) -> str:
    needed = " required" if name == "category" else ""
    options = "".join(
        f'<label><input type="radio" name="{name}" value="{value}"{needed}> {vi} <i>{en}</i></label>'
        for value, (vi, en) in choices.items()
    )
    return f"<fieldset><legend>{vietnamese} <i>{english}</i></legend>{options}</fieldset>"


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1>{body}</body></html>"
    )

from __future__ import annotations

import re
from pathlib import Path

import pytest

import machxa_collector
from machxa_web.languages import load_languages
from machxa_web.notify.troubles import trouble

LANGUAGES = load_languages()


@pytest.mark.parametrize(
    ("error", "vi"),
    [
        ("too_old", "chờ quá lâu nên không gửi nữa"),
        ("outbox_full", "kênh này đã có quá nhiều tin chờ gửi"),
        ("the server answered 550", "máy chủ thư trả lời lỗi (mã 550)"),
        ("2 of 3 addresses refused", "máy chủ thư từ chối 2 trên 3 địa chỉ"),
        (
            "every address refused with [550, 553]",
            "máy chủ thư từ chối mọi địa chỉ nhận (mã 550, 553): xem lại địa chỉ",
        ),
        ("the receiver answered 404", "bên nhận không có địa chỉ này (mã 404): xem lại phần sau tên máy chủ"),
        ("the receiver answered 401", "bên nhận không cho vào (mã 401): xem lại mã Bearer"),
        ("the receiver answered 503", "bên nhận trả lời lỗi (mã 503)"),
        (
            "the server did not answer within 10 s",
            "bên nhận không trả lời trong 10 giây: xem lại địa chỉ, cổng, tường lửa",
        ),
        (
            "ConnectionRefusedError: [Errno 111] Connection refused",
            "không có gì nhận tin ở đó: xem lại địa chỉ, cổng, tường lửa",
        ),
        ("gaierror: [Errno -2] Name or service not known", "không có máy chủ tên này: xem lại địa chỉ"),
        (
            "SSLError: [SSL: WRONG_VERSION_NUMBER] wrong",
            "không thống nhất được cách mã hóa: xem lại cổng và kiểu mã hóa",
        ),
        ("what nobody foresaw: 50%", "what nobody foresaw: 50%"),
    ],
)
def test_why_a_message_did_not_go_is_said_in_the_readers_words(error: str, vi: str) -> None:
    assert trouble(LANGUAGES["vi"], error) == vi


def test_every_reason_that_the_ways_give_themselves_has_words() -> None:
    ways = Path(next(iter(machxa_collector.__path__))) / "notify"
    sources = "".join(path.read_text("utf-8") for path in [*(ways / "ways").glob("*.py"), ways / "delivery.py"])
    reasons = re.findall(r"NotDelivered\(\s*f?\"([^\"]+)\"|return f\"(the [^\"]+)\"", sources)
    known = [re.sub(r"\{codes\}", "[1]", a or b) for a, b in reasons]
    filled = [re.sub(r"\{[^}]*\}", "9", one) for one in known if 'apprise"' not in one]

    unsaid = [one for one in filled if trouble(LANGUAGES["vi"], one) == one]

    assert len(filled) > 10
    assert unsaid == []

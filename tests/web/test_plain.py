from __future__ import annotations

import pytest

from machxa_web.plain import plain, plain_version


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ủy ban nhân dân xã Đắk Nhẫn", "Ủy ban nhân dân xã Đắk Nhẫn"),
        ("U\u0309y ban đe\u0302\u0301n", "U\u0309y ban đe\u0302\u0301n"),
        ("a\u202egnp.exe", "a\ufffdgnp.exe"),
        ("PC\u200b01", "PC\ufffd01"),
        ("a\x00b\nc", "a\ufffdb\ufffdc"),
        ("e" + "\u0301" * 50, "e\u0301\u0301"),
        ("\ud800", "\ufffd"),
        ("x" * 161, "x" * 159 + "…"),
        ("x" * 160, "x" * 160),
    ],
    ids=["Vietnamese", "decomposed", "direction", "zero width", "control", "piled marks", "surrogate", "long", "limit"],
)
def test_outside_text_is_shown_for_what_it_is(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("2026-11-25", "25/11/2026"), ("7", "7"), ("a\u202eb", "a\ufffdb")])
def test_a_version_that_is_a_day_is_shown_as_one(text: str, expected: str) -> None:
    assert plain_version(text) == expected

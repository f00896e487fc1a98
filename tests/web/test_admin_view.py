from __future__ import annotations

import pytest

from machxa_web.admin.shapes import ChoiceShape, FieldShape, KindShape, Preview
from machxa_web.admin.view import columns, inputs, shown
from machxa_web.languages import load_languages

LANGUAGES = load_languages()
WEEKDAYS = FieldShape(
    name="weekdays",
    vi="Các thứ",
    en="Weekdays",
    form="list",
    choices=(ChoiceShape(value="mon", vi="T2", en="Mon"), ChoiceShape(value="sun", vi="CN", en="Sun")),
)


@pytest.mark.parametrize(("lang", "expected"), [("vi", "T2; CN"), ("en", "Mon; Sun")])
def test_several_of_a_closed_set_are_shown_and_entered_in_words(lang: str, expected: str) -> None:
    kind = KindShape(name="calendars", vi="Lịch", en="Calendars", count=1, fields=(WEEKDAYS,))

    (entry,) = inputs(LANGUAGES[lang], kind, {"weekdays": "mon; sun"}, Preview())

    assert (entry.control, entry.value, shown(LANGUAGES[lang], WEEKDAYS, "mon; sun")) == ("line", expected, expected)


def test_a_list_leaves_out_columns_of_ids() -> None:
    assets = FieldShape(name="assets", vi="Thiết bị dùng", en="Assets it uses", form="assets")
    kind = KindShape(name="counters", vi="Quầy", en="Counters", count=1, fields=(assets, WEEKDAYS))

    assert columns(kind) == (WEEKDAYS,)


@pytest.mark.parametrize(
    ("value", "vi", "en"), [("14200000", "14.200.000", "14,200,000"), ("", "", ""), ("?", "?", "?")]
)
def test_money_is_grouped_as_each_language_does(value: str, vi: str, en: str) -> None:
    cost = FieldShape(name="cost_vnd", vi="Nguyên giá (đồng)", en="Cost (đồng)", form="money")

    assert [shown(LANGUAGES[code], cost, value) for code in ("vi", "en")] == [vi, en]

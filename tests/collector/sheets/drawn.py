"""Draw records of any kind, as the registry could hold them."""

from __future__ import annotations

import unicodedata
from datetime import date

from hypothesis import strategies as st

from machxa_collector.registry.records import Field, Form, Record, RecordKind, Value
from machxa_collector.sheets.fonts import font_of  # files typed for an old font are refused

CODES = ("00004", "86", "29410", "86-HCC")
IDS = ("a1", "a2", "0a-ff")
_SIGNS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"))
_NASTY = st.sampled_from(
    [
        "=1+1",
        "+84 270",
        "-5",
        "@x",
        "＝A1",
        "'=x",
        "''@",
        "a;=b",
        "a,'+c",
        "0004",
        "1/2",
        "007",
        "TRUE",
        "_x0041_",
        '"',
        'a"b',
    ]
)
_WORD = (_NASTY | st.text(_SIGNS, min_size=1, max_size=12)).filter(lambda text: font_of([text] * 3) is None)


class Few:
    """Know few units and assets, by code and id alone."""

    def units(self, text: str) -> tuple[str, ...]:
        return (text,) if text in CODES else ()

    def assets(self, text: str) -> tuple[str, ...]:
        return (text,) if text in IDS else ()


def values(field: Field) -> st.SearchStrategy[Value]:
    """Return the values that a field may hold."""
    if field.form is Form.LIST and field.choices:
        return st.lists(st.sampled_from([one.value for one in field.choices]), unique=True).map(tuple)
    if field.form is Form.LIST:
        part = _WORD.map(lambda text: _normal(text).replace(";", ","))
        some = st.lists(part.filter(lambda text: 0 < len(text) <= field.longest), unique=True, max_size=4)
        return some.map(tuple)
    if field.form is Form.ASSETS:
        return st.lists(st.sampled_from(IDS), unique=True, min_size=int(field.required)).map(tuple)
    filled = _filled(field)
    return filled if field.required else filled | st.none()


def records(kind: RecordKind) -> st.SearchStrategy[Record]:
    """Return the records of a kind, each field by itself right."""
    return st.fixed_dictionaries({field.name: values(field) for field in kind.fields})


def _filled(field: Field) -> st.SearchStrategy[Value]:
    least, most = field.least, field.most
    drawn: dict[Form, st.SearchStrategy[Value]] = {
        Form.UNIT: st.sampled_from(CODES),
        Form.DATE: st.dates(date(1, 1, 1), date(9999, 12, 31)),
        Form.MOMENT: st.integers(-2_000_000_000, 4_000_000_000).map(lambda seconds: seconds * 1000),
        Form.MONEY: st.integers(int(least or 0), int(most or 10**13)),
        Form.COUNT: st.integers(int(least or 0), int(most or 10**13)),
        Form.DECIMAL: st.floats(least, most, allow_nan=False).filter(lambda value: value == 0 or abs(value) > 1e-12),
    }
    if field.choices:
        return st.sampled_from([choice.value for choice in field.choices])
    texts = st.lists(_WORD, min_size=1, max_size=3).map(lambda parts: _normal(" ".join(parts)))
    return drawn.get(field.form, texts.filter(lambda text: 0 < len(text) <= field.longest))


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())

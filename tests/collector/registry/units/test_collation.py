"""Names stand in the order of a Vietnamese dictionary, the same as ICU's."""

from __future__ import annotations

import itertools
import unicodedata
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.registry.units import Units, sort_key

ALPHABET = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵfjwz"
SIGNS = f"{ALPHABET}{ALPHABET.upper()} 0123456789-'‘’,.()/"


class Collator(Protocol):
    def compare(self, one: str, other: str, /) -> int: ...
    def getSortKey(self, text: str, /) -> bytes: ...  # noqa: N802 - ICU's word


@pytest.fixture(scope="session")
def icu_collator() -> Collator:
    icu = pytest.importorskip(
        "icu", reason="the package pyicu-wheels is not installed, so there is no ICU to compare with"
    )
    collator: Collator = icu.Collator.createInstance(icu.Locale("vi"))
    return collator


@pytest.mark.parametrize(
    "names",
    [
        ["An", "Ăn", "Ân", "Ba", "Da", "Đa", "Ea", "Ê", "Ga"],
        ["Hoa", "Hòa", "Hỏa", "Hõa", "Hóa", "Họa", "Hoa An"],
        ["Tân An", "Tần An", "Tân Anh", "Tân Ân", "Tân Ấn"],
        ["an", "An", "àn", "Àn"],
        ["Cư M'gar", "Cư M’ta", "Cư Mgar"],
        ["Tân Phước 2", "Tân Phước 3", "Tân Phước Khánh"],
    ],
)
def test_letters_decide_before_tones_and_tones_before_case(names: list[str]) -> None:
    shuffled = names[::-1]

    assert sorted(shuffled, key=sort_key) == names


@given(st.text(SIGNS))
def test_the_form_of_unicode_makes_no_difference(text: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(unicodedata.normalize("NFC", text))


@given(st.text())
def test_any_text_has_a_key(text: str) -> None:
    assert sort_key(text) == sort_key(text)


def test_all_names_stand_in_the_order_of_icu(units: Units, icu_collator: Collator) -> None:
    rows = [row for code in units.codes for row in units.history(code)]
    names = sorted({name for row in rows for name in (row.name, row.full_name, *row.old_names, *row.old_places)})
    assert len(names) > 12_000

    ours, theirs = sorted(names, key=sort_key), sorted(names, key=icu_collator.getSortKey)

    assert ours == theirs
    assert [icu_collator.compare(a, b) for a, b in itertools.pairwise(ours)] == [-1] * (len(names) - 1)


@given(st.text(SIGNS, max_size=8), st.text(SIGNS, max_size=8))
def test_two_texts_compare_as_icu_compares_them(icu_collator: Collator, one: str, other: str) -> None:
    theirs = icu_collator.compare(one, other)
    ours = (sort_key(one) > sort_key(other)) - (sort_key(one) < sort_key(other))

    assert ours == theirs

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machxa_collector.registry.people.passwords import Unfit, hashed, matches, unfit

WORDS = ("nguyen.lan", "Nguyễn Thị Lan", "Hòa Minh", "Châu Thành", "Vĩnh Long", "Trà Vinh")
SALT = b"0123456789abcdef"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", Unfit.SHORT),
        ("k7Gq!2vR#x9", Unfit.SHORT),
        ("k7Gq!2vR#x9L", None),
        ("x" * 129, Unfit.LONG),
        ("con bò vàng nhảy qua rào", None),
        ("Tôi thích ăn phở buổi sáng", None),
        ("abcdefghijkl", Unfit.KNOWN),
        ("111111111111", Unfit.KNOWN),
        ("password1234", Unfit.KNOWN),
        ("P@ssw0rd2026", Unfit.KNOWN),
        ("qwertyuiopasdf", Unfit.KNOWN),
        ("Machxa@2026!", Unfit.KNOWN),
        ("mạch xã mạch xã", Unfit.KNOWN),
        ("dichvucong86", Unfit.KNOWN),
        ("matkhau123456", Unfit.KNOWN),
        ("HoaMinh@2026", Unfit.KNOWN),
        ("XãHòaMinh@2026", Unfit.KNOWN),
        ("hòa minh châu thành", Unfit.KNOWN),
        ("Nguyễn Thị Lan 1", Unfit.KNOWN),
        ("nguyen.lan!!!", Unfit.KNOWN),
        ("anhyeuem1990mai", Unfit.KNOWN),
        ("Hòa Minh có chín con trâu", None),
    ],
)
def test_a_password_is_judged_by_length_lists_and_words_of_the_place(password: str, why: Unfit | None) -> None:
    assert unfit(password, WORDS) is why
    assert unfit(unicodedata.normalize("NFD", password), WORDS) is why


def test_length_is_counted_in_signs_not_in_pieces() -> None:
    assert unfit(unicodedata.normalize("NFD", "ộ" * 11), ()) is Unfit.SHORT
    assert unfit(unicodedata.normalize("NFD", "ngồi trên đê ấy" + "ộ" * 113), ()) is not Unfit.LONG


def test_what_is_kept_is_argon2id_as_owasp_advises() -> None:
    assert hashed("con bò vàng", SALT).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=130), st.text(max_size=130))
def test_only_the_same_password_matches(one: str, other: str) -> None:
    kept = hashed(one, SALT)

    assert matches(kept, one)
    assert matches(kept, unicodedata.normalize("NFD", one))
    assert matches(kept, other) is (unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other))


@pytest.mark.parametrize("password", ["", "\0" * 32, "anything at all"])
def test_nobody_s_password_is_known(password: str) -> None:
    assert not matches(None, password)


def test_judging_takes_no_time_that_an_attacker_could_use() -> None:
    assert unfit("a1!B" * 32, tuple(f"word{number}" for number in range(4000))) is not Unfit.SHORT

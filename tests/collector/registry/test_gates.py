"""What opens the report form without an account: nothing but what we signed, typed without a slip, and in force."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.registry.gates import ALPHABET, CODE_LETTERS, Link, gate_keys, read_code

KEYS = gate_keys((b"a" * 32,))
UNITS = st.one_of(
    st.integers(0, 99_999).map("{:05}".format),
    st.integers(0, 99).map("{:02}".format),
    st.integers(0, 99).map("{:02}-HCC".format),
)
LINKS = st.builds(
    Link,
    unit=UNITS,
    version=st.integers(1, 65_535),
    until=st.integers(0, 2**24 - 1),
    device=st.none() | st.uuids().map(str),
)
LINK = Link(unit="29374", version=1, until=500_000)


@given(LINKS)
def test_a_link_says_what_was_signed(link: Link) -> None:
    assert KEYS.read_link(KEYS.link(link)) == link


@given(LINKS, st.integers(0), st.integers(0, 63))
def test_a_link_with_another_letter_opens_nothing(link: Link, at: int, letter: int) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    text = KEYS.link(link)
    at %= len(text)

    changed = text[:at] + letters[letter] + text[at + 1 :]

    assert KEYS.read_link(changed) == (link if changed == text else None)


@pytest.mark.parametrize("text", ["", "x", "A" * 36, "../" * 9, "A" * 5000, "é" * 24, KEYS.link(LINK) + "="])
def test_what_is_no_link_of_ours_opens_nothing(text: str) -> None:
    assert KEYS.read_link(text) is None


def test_what_an_older_key_signed_still_opens_and_another_key_proves_nothing() -> None:
    newer = gate_keys((b"b" * 32, b"a" * 32))
    other = gate_keys((b"b" * 32,))
    typed = read_code(KEYS.code("29374", 1))

    assert typed is not None
    assert [one.read_link(KEYS.link(LINK)) for one in (newer, other)] == [LINK, None]
    assert [one.is_code(typed, 1) for one in (newer, other)] == [True, False]


@given(UNITS, st.integers(1, 100))
def test_a_code_names_its_unit_and_is_of_one_version(unit: str, version: int) -> None:
    typed = read_code(KEYS.code(unit, version).lower().replace("-", " "))

    assert typed is not None
    assert (typed.unit, KEYS.is_code(typed, version), KEYS.is_code(typed, version + 1)) == (unit, True, False)


@given(UNITS, st.integers(0, CODE_LETTERS - 1), st.sampled_from(ALPHABET))
def test_one_wrong_letter_is_seen_before_anything_is_tried(unit: str, at: int, letter: str) -> None:
    code = KEYS.code(unit, 1).replace("-", "")
    changed = code[:at] + letter + code[at + 1 :]

    assert (read_code(changed) is None) is (changed != code)


@given(UNITS, st.integers(0, CODE_LETTERS - 2))
def test_two_letters_that_changed_places_are_seen(unit: str, at: int) -> None:
    code = KEYS.code(unit, 1).replace("-", "")
    changed = code[:at] + code[at + 1] + code[at] + code[at + 2 :]

    assert (read_code(changed) is None) is (changed != code)


def test_no_letter_of_a_code_looks_like_another() -> None:
    assert not set("01ILO") & set(ALPHABET)
    assert CODE_LETTERS >= 10


@given(st.uuids().map(str))
def test_a_reports_address_names_it_and_nothing_else_does(report: str) -> None:
    address = KEYS.report(report)

    assert KEYS.read_report(address) == report
    assert KEYS.read_link(address) is None
    assert KEYS.read_report(KEYS.link(LINK)) is None
    assert gate_keys((b"b" * 32,)).read_report(address) is None

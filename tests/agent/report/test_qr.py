"""The window's QR codes are those of the standard, as another program draws them."""

from __future__ import annotations

import pytest

from machxa_agent.report import qr

segno = pytest.importorskip("segno", reason="the collector's library is what they are held against")
TEXT = "https://mx.tinh.example/report/s/" + "aB3_-" * 40
MOST = (14, 26, 42, 62, 84, 106, 122, 152, 180)  # bytes, by version


def rows(drawn: object) -> qr.Modules:
    return tuple(tuple(bool(module) for module in row) for row in drawn.matrix)  # type: ignore[attr-defined]  # no types


@pytest.mark.parametrize(("version", "most"), list(enumerate(MOST, 1)))
def test_a_full_code_of_each_version_is_the_standards(version: int, most: int) -> None:
    text = TEXT[:most]
    bits = qr.bits_of(text.encode("ascii"), version)
    for mask in (version % 8, (version + 3) % 8):
        drawn = segno.make(text, error="m", mode="byte", version=version, mask=mask, boost_error=False, micro=False)

        assert qr.with_mask(version, bits, mask) == rows(drawn)


def test_a_text_is_drawn_in_the_smallest_version_with_one_of_the_masks_and_padded_to_its_end() -> None:
    bits = qr.bits_of(b"machxa", 1)

    assert qr.encoded("machxa") in [qr.with_mask(1, bits, mask) for mask in range(8)]
    assert [len(qr.encoded(TEXT[:most]) or ()) for most in MOST] == [17 + 4 * version for version in range(1, 10)]
    said = bytes(int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, 128, 8))
    assert said == bytes.fromhex("4066d61636878610" + "ec11" * 4)


def test_what_no_code_can_hold_is_none() -> None:
    assert qr.encoded(TEXT[:181]) is None

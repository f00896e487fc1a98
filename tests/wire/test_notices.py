"""What the centre tells the report window is bounded, and refused where it is not what it says."""

from __future__ import annotations

import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_wire.notices import (
    MAX_NOTICES,
    Notice,
    Notices,
    Progress,
    body_of,
    decode_notices,
    encode_notices,
    notices_schema,
)
from machxa_wire.refusal import Refused
from machxa_wire.text import to_text

LINK = "https://mx.tinh.example/report/s/Zm9v"
KNOWN = Notices(
    at=1_790_000_000_000,
    notices=(
        Notice(
            "i-87",
            "Phần mềm một cửa đang chậm ở 87 xã, Sở KH&CN đã nhận lúc 09:15",
            "The one-stop software is slow in 87 communes, taken on at 09:15",
            1_789_999_000_000,
            1_790_003_000_000,
            ("one-stop",),
        ),
        Notice("i-2", "Mất điện", "Power cut", 1_789_999_500_000),
    ),
    reports=(
        Progress("r1", "handling", "Anh Tâm, 0900 000 000", 1_790_001_000_000),
        Progress("r2", "received", link=LINK),
    ),
    hotline="1022",
)
ONE = {"id": "a", "vi": "a", "en": "a", "since": 1}


def test_what_is_known_arrives_as_it_was_sent_and_fits_the_published_schema() -> None:
    assert decode_notices(encode_notices(KNOWN)) == KNOWN
    jsonschema.validate(json.loads(json.dumps(body_of(KNOWN))), notices_schema())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "at is missing, expected a whole number"),
        ({"at": True}, "at is bool, expected a whole number"),
        ({"at": 1, "notices": [ONE] * (MAX_NOTICES + 1)}, "notices has 21 entries, at most 20"),
        ({"at": 1, "notices": [{**ONE, "vi": "x" * 201}]}, "vi has 201 characters, at most 200"),
        ({"at": 1, "notices": [{**ONE, "en": "\u0000"}]}, "en holds control characters or lone surrogates"),
        ({"at": 1, "notices": [{**ONE, "id": "../x"}]}, "id is '../x', expected [0-9A-Za-z_-]{1,40}"),
        ({"at": 1, "notices": [{**ONE, "systems": ["x"] * 11}]}, "systems has 11 entries, at most 10"),
        ({"at": 1, "notices": ["x"]}, "notices is str, expected an object"),
        (
            {"at": 1, "reports": [{"id": "a", "state": "done", "link": "file:///a"}]},
            "link is 'file:///a', expected http",
        ),
        ({"at": 1, "reports": [{"id": "a", "state": "done", "link": LINK + "a" * 160}]}, "link has 197 characters"),
        ({"at": 1, "reports": [{"id": "a", "state": "lost"}]}, "state is 'lost', expected one of"),
        ({"at": 1, "hotline": 1022}, "hotline is int, expected a string"),
    ],
    ids=lambda one: one[:20] if isinstance(one, str) else "",
)
def test_what_is_out_of_bounds_is_refused_with_its_reason(body: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        decode_notices(to_text(body))

    assert refused.value.detail.startswith(reason)


def test_a_sentence_is_one_line_whatever_was_sent() -> None:
    told = decode_notices(to_text({"at": 1, "notices": [{**ONE, "vi": "một\n\n  hai\tba"}]}))

    assert told.notices[0].words_vi == "một hai ba"


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(payload: bytes) -> None:
    try:
        decode_notices(payload)
    except Refused:
        return

"""A dropped report is read within bounds, and becomes an event whose times hold by the event's own stamp."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.report.told import (
    CATEGORIES,
    MOST_BYTES,
    MOST_NOTE,
    STAGES,
    SYMPTOMS,
    WAITING,
    Told,
    attributes,
    clean,
    from_file,
    to_file,
)
from machxa_wire.refusal import Refused

NOW = 1_790_000_000_000
FULL = Told(
    "printer", "error", NOW, 15, "6-20", ("receive_direct", "issue"), "Máy in quầy 2", "Kẹt giấy", "i-87", paper=True
)


def test_a_report_is_read_as_it_was_told() -> None:
    assert from_file(to_file(FULL)) == FULL
    assert from_file(to_file(Told("other", None, NOW))) == Told("other", None, NOW)


def test_the_event_carries_the_names_that_others_read() -> None:
    assert attributes("ab" * 16, FULL, NOW + 65_000, "pc-01") == {
        "id": "ab" * 16,
        "category": "printer",
        "symptom": "error",
        "system": None,
        "stage": "receive_direct,issue",
        "waiting": "6-20",
        "device": "Máy in quầy 2",
        "note": "Kẹt giấy",
        "incident": "i-87",
        "paper": True,
        "told_s": 65,
        "began_s": 965,
    }


@pytest.mark.parametrize(
    ("at", "told_s"),
    [(NOW, 0), (NOW + 1, 0), (NOW - 1000, 1), (NOW - 7 * 86_400_000, 604_800), (NOW - 7 * 86_400_000 - 1, 0), (0, 0)],
    ids=["now", "in the future", "a second ago", "a week ago", "longer ago", "no clock"],
)
def test_what_no_clock_can_have_told_is_told_now(at: int, told_s: int) -> None:
    told = attributes("a", Told("other", None, at), NOW, "pc-01")

    assert (told["told_s"], told["began_s"], told["device"]) == (told_s, None, "pc-01")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"category": "cat"}, 'category is "cat", expected one of computer'),
        ({"category": ["printer"]}, 'category is ["printer"], expected one of'),
        ({"symptom": 1}, "symptom is 1, expected one of"),
        ({"at": "now"}, "at is str, expected a whole number"),
        ({"at": -1}, "at is outside 0 to"),
        ({"began_minutes": 10_081}, "began_minutes is outside 0 to 10080"),
        ({"began_minutes": True}, "began_minutes is bool, expected a whole number"),
        ({"waiting": "many"}, 'waiting is "many", expected one of'),
        ({"stages": ["scan"] * 10}, "stages has 10 entries, at most 9"),
        ({"stages": "scan"}, "stages is str, expected an array"),
        ({"note": "\ud800"}, "note holds control characters"),
        ({"note": 1}, "note is int, expected a string"),
        ({"incident": "../../etc"}, "incident is '../../etc', expected"),
        ({"paper": "yes"}, "paper is neither true nor false"),
    ],
)
def test_what_is_no_report_is_refused_with_its_reason(change: dict[str, object], reason: str) -> None:
    body = {"category": "printer", "at": NOW, **change}

    with pytest.raises(Refused) as refused:
        from_file(json.dumps(body).encode())

    assert refused.value.detail.startswith(reason)


def test_a_large_file_is_refused_and_a_long_note_is_cut() -> None:
    with pytest.raises(Refused):
        from_file(to_file(Told("other", None, NOW, note="x" * MOST_BYTES)))

    assert from_file(to_file(Told("other", None, NOW, note="x" * 900))).note == "x" * MOST_NOTE


def test_words_are_one_line_without_what_cannot_be_seen() -> None:
    assert clean(" Kẹt\tgiấy\n\u202egnol\u200b \x9b ", 200) == "Kẹt giấy gnol"


def test_every_choice_that_can_be_made_fits_its_bound() -> None:
    most = Told("land_printer", "intermittent", NOW, 10_080, "20+", STAGES, "ể" * 100, "ể" * 200, "a" * 40, paper=True)

    assert len(to_file(most)) <= MOST_BYTES
    assert from_file(to_file(most)) == most


@given(
    st.binary(max_size=400)
    | st.dictionaries(
        st.sampled_from(["category", "at", "note", "stages"]),
        st.none() | st.text() | st.integers() | st.lists(st.text()),
    ).map(lambda body: json.dumps(body).encode())
)
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    try:
        told = from_file(content)
    except Refused:
        return
    assert told.category in CATEGORIES
    assert told.symptom in (None, *SYMPTOMS)
    assert told.waiting in (None, *WAITING)

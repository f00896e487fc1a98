"""People at a computer read what concerns all of their unit, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.acts import Handling
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.judging.board import boards
from machxa_wire.notices import MAX_NOTICES, MAX_WORDS, encode_notices

SLOW = Incident(
    id="aa" * 8,
    cause=Cause.PROVINCIAL_SYSTEM,
    layer=Layer.PROVINCE,
    subject="dossier",
    state="slow",
    units=("29374", "29398"),
    started_at=1_000,
    noticed_at=2_000,
    ended_at=None,
    severity=Severity.P2,
    confidence=0.9,
    witnesses=9,
    evidence=(),
    children=0,
    first_cause=None,
    reports=0,
    suppressed_by=None,
    why=(),
)
LINE = replace(SLOW, id="bb" * 8, cause=Cause.LINE, subject="29374", state="down", units=("29374",), started_at=500)
NAMES = {"dossier": ("Phần mềm một cửa", "The one-stop software")}


def test_each_unit_is_told_its_own_in_both_languages() -> None:
    told = boards([SLOW, LINE], {SLOW.id: Handling(until=9_000)}, NAMES, 5_000)

    assert [one.id for one in told["29374"].notices] == [LINE.id, SLOW.id]
    [there] = told["29398"].notices
    assert there.words_vi == "Phần mềm một cửa đang có sự cố, ở phía tỉnh. Đang chậm. Tỉnh đã biết."
    assert (
        there.words_en == "The one-stop software has a fault, on the province’s side. It is slow. The province knows."
    )
    assert (there.since, there.until, there.systems) == (1_000, 9_000, ("dossier",))


@pytest.mark.parametrize(
    ("one", "handling"),
    [
        (replace(SLOW, ended_at=3_000), Handling()),
        (replace(SLOW, severity=Severity.P4), Handling()),
        (replace(SLOW, cause=Cause.DEVICE), Handling()),
        (replace(SLOW, cause=Cause.CENTRE), Handling()),
        (SLOW, Handling(is_closed=True)),
        (SLOW, Handling(overruled=Cause.DEVICE)),
    ],
)
def test_what_is_over_or_concerns_one_device_is_not_told(one: Incident, handling: Handling) -> None:
    assert boards([one], {one.id: handling}, NAMES, 5_000) == {}


def test_a_cause_that_somebody_set_is_the_one_that_is_told() -> None:
    [told] = boards([LINE], {LINE.id: Handling(overruled=Cause.POWER)}, NAMES, 5_000)["29374"].notices

    assert told.words_vi == "Đơn vị vừa mất điện. Tỉnh đã biết."


def test_whatever_is_judged_fits_the_wire() -> None:
    many = [replace(LINE, id=f"{number:016x}", cause=Cause.PROVIDER, subject="x" * 900) for number in range(50)]

    told = boards(many, {}, NAMES, 5_000)["29374"]

    assert len(told.notices) == MAX_NOTICES
    assert max(len(one.words_vi) for one in told.notices) <= MAX_WORDS
    assert encode_notices(told)

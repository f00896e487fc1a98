"""What IPP attributes say: numbers only where the printer gave numbers, words where it gave words."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.ipp.facts import told
from machxa_agent.ipp.message import Answer, decode
from machxa_agent.snmp.load import load_profiles
from machxa_agent.snmp.report import body
from machxa_agent.snmp.supplies import Level, Supply, Tray

RECORDINGS = sorted((Path(__file__).parents[2] / "recordings" / "ipp").glob("*.ipp"))
OUTSIDE = (
    Path(os.environ.get("MACHXA_DEVICE_RECORDINGS", "nowhere")) / "ipp"
)  # of real printers, under licences of their own
MAKERS = load_profiles().makers


def answer(**attributes: tuple[int | bytes, ...]) -> Answer:
    return Answer((2, 0), 0, {name.replace("_", "-"): values for name, values in attributes.items()})


def supplies(**attributes: tuple[int | bytes, ...]) -> list[tuple[str | None, str, float | None, Level]]:
    printer = told(answer(**attributes)).device.printer
    assert printer is not None
    return [(one.description, one.type, one.share.ratio, one.share.word) for one in printer.supplies]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_a_recorded_printer_is_what_it_is_known_to_be(recording: Path) -> None:
    found = told(decode(recording.read_bytes()), MAKERS)

    shown = {**body(found.device), "uuid": found.uuid, "state_reasons": list(found.reasons)}

    assert shown == json.loads(recording.with_suffix(".json").read_text(encoding="utf-8"))


def test_negative_marker_levels_are_words() -> None:
    names = (b"Black", b"Cyan", b"Magenta", b"Yellow")

    assert supplies(marker_names=names, marker_levels=(-1, -2, -3, 101)) == [
        ("Black", "unknown", None, Level.NO_RESTRICTION),
        ("Cyan", "unknown", None, Level.UNKNOWN),
        ("Magenta", "unknown", None, Level.SOME_LEFT),
        ("Yellow", "unknown", None, Level.UNKNOWN),
    ]


def test_names_that_are_not_as_many_as_the_levels_name_nothing() -> None:
    assert supplies(marker_names=(b"Black, matte", b"Cyan", b"?"), marker_levels=(40, 50)) == [
        (None, "unknown", 0.4, Level.MEASURED),
        (None, "unknown", 0.5, Level.MEASURED),
    ]


@pytest.mark.parametrize(
    ("level", "high", "low", "ratio"),
    [
        pytest.param(0, 95, 0, 1.0, id="it fills up and is empty: all the room is left"),
        pytest.param(90, 95, 0, pytest.approx(0.1), id="it fills up and is nearly full"),
        pytest.param(90, 100, 5, 0.9, id="it counts the room that is left"),
        pytest.param(50, 100, 0, None, id="the bounds say neither"),
        pytest.param(-3, 95, 0, None, id="a word stays a word"),
    ],
)
def test_a_waste_box_is_told_by_the_room_that_is_left(level: int, high: int, low: int, ratio: float | None) -> None:
    found = supplies(
        marker_types=(b"waste-toner",), marker_levels=(level,), marker_high_levels=(high,), marker_low_levels=(low,)
    )

    assert found[0][1:3] == ("wasteToner", ratio)


def test_a_supply_of_pages_is_a_share_of_its_capacity_and_of_nothing_else() -> None:
    rows = (b"type=toner;maxcapacity=2400;level=600;unit=impressions;", b"type=opc;maxcapacity=-2;level=9;",
            b"type=opc;maxcapacity=100;level=450;", b"type=fuser;maxcapacity=x;level=+7;")  # fmt: skip

    assert supplies(printer_supply=rows) == [
        (None, "toner", 0.25, Level.MEASURED),
        (None, "opc", None, Level.NO_CAPACITY),
        (None, "opc", None, Level.UNKNOWN),
        (None, "fuser", None, Level.MISSING),
    ]


def test_reasons_are_snmp_s_words_and_a_report_is_no_error() -> None:
    reasons = (b"media-jam-error", b"toner-low-warning", b"marker-waste-full", b"wifi-not-configured-report", b"none")

    found = told(answer(printer_state_reasons=reasons))

    assert found.device.printer is not None
    assert found.device.printer.errors == ("jammed", "lowToner", "marker-waste-full")
    assert found.reasons == ("media-jam-error", "toner-low-warning", "marker-waste-full", "wifi-not-configured-report")


def test_no_reasons_told_is_not_no_errors() -> None:
    printer = told(answer(printer_name=(b"A",))).device.printer

    assert printer is not None
    assert printer.errors is None


def test_a_refusal_tells_nothing_whatever_it_echoes() -> None:
    found = told(Answer((2, 0), 0x0406, {"printer-name": (b"asked for",)}))

    assert found.device.printer is None
    assert found.device.identity.sys_name is None


@pytest.mark.skipif(not OUTSIDE.is_dir(), reason="the recordings of real printers are not here")
def test_answers_of_real_printers_are_read() -> None:
    found = [told(decode(path.read_bytes()), MAKERS).device.identity for path in sorted(OUTSIDE.glob("*.ipp"))]

    assert len(found) >= 10
    assert sum(one.model is not None for one in found) == len(found) - 2


_WORDS = st.sampled_from(
    ["printer-supply", "marker-names", "marker-types", "marker-levels", "marker-high-levels", "marker-low-levels",
     "printer-state", "printer-up-time", "printer-device-id", "printer-firmware-name", "printer-input-tray",
     "printer-firmware-version", "printer-alert", "printer-alert-description", "printer-state-reasons",
     "printer-impressions-completed", "printer-make-and-model", "printer-uuid"]
)  # fmt: skip
_TEXTS = st.binary(max_size=40) | st.from_regex(re.compile(rb"type=\w{1,5};level=-?\d{1,3};maxcapacity=-?\d{1,3};"))
_VALUES = st.lists(st.integers(-(2**31), 2**31 - 1) | _TEXTS, max_size=4).map(tuple)


@given(st.dictionaries(_WORDS, _VALUES, max_size=8))
def test_no_number_is_ever_invented(attributes: dict[str, tuple[int | bytes, ...]]) -> None:
    printer = told(Answer((2, 0), 0, attributes), MAKERS).device.printer

    levels: list[Supply | Tray] = [] if printer is None else [*printer.supplies, *printer.trays]
    shares = [one.share for one in levels]

    assert all((one.ratio is None) == (one.word is not Level.MEASURED) for one in shares)
    assert all(one.ratio is None or 0 <= one.ratio <= 1 for one in shares)

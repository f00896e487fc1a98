"""Odd values of devices: texts in many character sets, error bits, Brother's records, speeds, counters, uptimes."""

from __future__ import annotations

import pytest

from machxa_agent.snmp import brother, mib
from machxa_agent.snmp.answers import Answers, oid
from machxa_agent.snmp.identity import uptime_seconds
from machxa_agent.snmp.interfaces import grown, speed
from machxa_agent.snmp.odd import ieee1284_model, pml_text
from machxa_agent.snmp.printer import detected_errors
from machxa_agent.snmp.text import charset, decoded, known


@pytest.mark.parametrize(
    ("raw", "said", "expected"),
    [
        pytest.param(b"HP CF217A\x00", None, "HP CF217A", id="NUL at the end"),
        pytest.param(b"\xffToner\xff", None, "Toner", id="0xFF as blank"),
        pytest.param("Mực đen".encode(), None, "Mực đen", id="UTF-8 unannounced"),
        pytest.param("黑色墨粉".encode(), 4, "黑色墨粉", id="UTF-8 that calls itself Latin-1"),
        pytest.param("tryb uśpienia".encode("iso8859-2"), 5, "tryb uśpienia", id="Latin-2"),
        pytest.param("Kopieën".encode("hp-roman8"), 2004, "Kopieën", id="Roman-8"),
        pytest.param("Готов".encode("iso8859-5"), 8, "Готов", id="ISO 8859-5"),
        pytest.param("机房".encode("gb2312"), None, "机房", id="GB 2312 unannounced"),
        pytest.param("Größe".encode("latin-1"), None, "Größe", id="Latin-1 unannounced"),
        pytest.param(b"  line one\r\n  line two  ", None, "line one line two", id="padding and line breaks"),
        pytest.param(b"\x00\x00", None, "", id="nothing"),
        pytest.param(b"x" * 70000, None, "x" * 1000, id="far too much"),
    ],
)
def test_octets_become_one_line_of_text(raw: bytes, said: int | None, expected: str) -> None:
    assert decoded(raw, charset(said)) == expected


@pytest.mark.parametrize(
    "blank", ["", "  ", "NULL", "N/A", "000000000", "FFFFFFFFFFFF", "none", "-", "...", '""', "\x80"]
)
def test_texts_that_say_nothing_are_unknown(blank: str) -> None:
    assert known(blank) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(None, None, id="no such object"),
        pytest.param(b"", (), id="no bytes (Epson)"),
        pytest.param(b"\x00", (), id="one byte"),
        pytest.param(b"\x80\x00", ("lowPaper",), id="two bytes"),
        pytest.param(b"\x44", ("noPaper", "jammed"), id="one byte with errors"),
        pytest.param(b"\x00\x04", ("inputTrayEmpty",), id="second byte"),
        pytest.param(b"\xff" * 60000, detected_errors(b"\xff\xff"), id="far too long"),
    ],
)
def test_error_bits_are_read_most_significant_first(raw: bytes | None, expected: tuple[str, ...] | None) -> None:
    assert detected_errors(raw) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        pytest.param(100_000_000, 100, 100_000_000, id="100 Mbit/s"),
        pytest.param(4_294_967_295, 10_000, 10_000_000_000, id="too fast for 32 bits"),
        pytest.param(4_294_967_295, None, None, id="too fast for 32 bits, and no more is told"),
        pytest.param(0, 2000, 2_000_000_000, id="0, and the truth in the other column"),
        pytest.param(1000, None, 1_000_000_000, id="Mbit/s where bit/s belong"),
        pytest.param(0, 0, 0, id="down"),
        pytest.param(None, 4_294_967_295, None, id="4,294 Tbit/s"),
        pytest.param(None, None, None, id="not told"),
    ],
)
def test_a_speed_is_believed_or_unknown(low: int | None, high: int | None, expected: int | None) -> None:
    assert speed(low, high, is_ethernet=True) == expected


def test_a_tunnel_of_1000_bits_a_second_is_one() -> None:
    assert speed(1000, None, is_ethernet=False) == 1000


@pytest.mark.parametrize(
    ("before", "after", "bits", "expected"),
    [
        pytest.param(10, 15, 64, 5, id="ordinary"),
        pytest.param(4_294_967_290, 4, 32, 10, id="32 bits wrap"),
        pytest.param(500, 4, 32, None, id="32 bits were reset"),
        pytest.param(500, 4, 64, None, id="64 bits were reset"),
    ],
)
def test_a_counter_that_falls_has_wrapped_or_was_reset(
    before: int, after: int, bits: int, expected: int | None
) -> None:
    assert grown(before, after, bits) == expected


@pytest.mark.parametrize(
    ("system", "host", "engine", "expected"),
    [
        pytest.param(360_000, None, None, 3600, id="only sysUpTime"),
        pytest.param(360_000, 7_200_000, None, 72_000, id="the agent runs for less long than the computer"),
        pytest.param(100, None, 50_000_000, 50_000_000, id="wrapped after 497 days"),
        pytest.param(None, None, 77, 77, id="only the engine"),
        pytest.param(None, None, None, None, id="nothing"),
        pytest.param(-5, None, None, None, id="nonsense"),
    ],
)
def test_the_uptime_is_the_one_that_cannot_be_shorter(
    system: int | None, host: int | None, engine: int | None, expected: int | None
) -> None:
    told = {mib.SYS_UP_TIME: system, mib.HR_SYSTEM_UPTIME: host, mib.SNMP_ENGINE_TIME: engine}

    answers = Answers(scalars={oid(at): value for at, value in told.items() if value is not None})

    assert uptime_seconds(answers) == expected


def test_brothers_records_end_where_they_are_cut_off() -> None:
    assert brother.records(bytes.fromhex("6f010400001068" + "4101040000")) == {0x6F: bytes.fromhex("00001068")}


def test_brothers_older_ink_printers_tell_a_level_and_its_capacity() -> None:
    answers = Answers(scalars={oid(brother.MAINTENANCE): bytes.fromhex("a101020414a20102ff00ff")})

    told = [(one.description, one.share.ratio) for one in brother.supplies(answers, "MFC-5490CN", ())]

    assert told == [("Black ink", 0.2), ("Cyan ink", None)]


def test_odd_records_of_makers_are_read() -> None:
    assert pml_text(b"\x01\x1520201023") == "20201023"
    assert ieee1284_model(b"MFG:Brother;CMD:PJL;MDL:HL-X000DW series;CLS:PRINTER;") == "HL-X000DW series"
    assert ieee1284_model(b"\xff\x00;;:") is None

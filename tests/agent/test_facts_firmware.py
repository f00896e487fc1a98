from __future__ import annotations

import struct

import pytest

from machxa_agent.facts import smbios
from machxa_agent.facts.words import date_said, said, uuid_said


def _structure(kind: int, body: bytes, *strings: str) -> bytes:
    """Return a structure as firmware stores it; body follows the four bytes of the header."""
    texts = b"".join(one.encode() + b"\x00" for one in strings) or b"\x00"
    return struct.pack("<BBH", kind, 4 + len(body), kind) + body + texts + b"\x00"


_UUID = bytes.fromhex("44454c4c420010358052b4c04f4e3732")
_FIRMWARE = _structure(0, bytes([1, 2, 0, 0xF0, 3]), "Dell Inc.", "1.21.0", "07/14/2022")
_SYSTEM = _structure(1, bytes([1, 2, 0, 3]) + _UUID + bytes([6, 4, 0]), "Dell Inc.", "OptiPlex 3040", "B5R4N72", "06B9")
_BOARD = _structure(2, bytes([1, 2, 0, 3]), "Dell Inc.", "0MGK50", "Default string")
_CHASSIS = _structure(3, bytes([1, 0x80 | 15, 0, 2, 3]), "Dell Inc.", "B5R4N72", "Not Specified")


def _slot(size: int, kind: int, speed: int, extended: int = 0, *, text: tuple[str, ...] = ()) -> bytes:
    body = struct.pack(
        "<HHHHHBBBBBHHBBBBBIH", 1, 0, 64, 64, size, 9, 0, 1, 0, kind, 0, speed, 2, 3, 0, 4, 0, extended, 0
    )
    return _structure(17, body, *(text or ("DIMM1", "Kingston", "1A2B3C4D", "KHX2133C14D4/8G")))


_END = _structure(127, b"")
_TABLE = _FIRMWARE + _SYSTEM + _BOARD + _CHASSIS + _slot(8192, 0x1A, 2133) + _slot(0, 2, 0, text=("DIMM2",)) + _END


def test_firmware_system_board_and_chassis_come_from_the_table() -> None:
    table = smbios.structures(_TABLE)

    assert smbios.bios(table) == {
        "bmanufacturer": "Dell Inc.",
        "bversion": "1.21.0",
        "bdate": "2022-07-14",
        "smanufacturer": "Dell Inc.",
        "smodel": "OptiPlex 3040",
        "ssn": "B5R4N72",
        "skunumber": "06B9",
        "mmanufacturer": "Dell Inc.",
        "mmodel": "0MGK50",
        "enclosureserial": "B5R4N72",
    }
    assert smbios.uuid(table) == "4c4c4544-0042-3510-8052-b4c04f4e3732"
    assert smbios.chassis(table) == "Space-saving"


def test_a_module_tells_its_size_and_an_empty_slot_that_there_is_room() -> None:
    assert smbios.memories(smbios.structures(_TABLE)) == [
        {
            "numslots": 1,
            "caption": "DIMM1",
            "description": "DIMM",
            "capacity": 8192,
            "type": "DDR4",
            "speed": "2133 MT/s",
            "manufacturer": "Kingston",
            "serialnumber": "1A2B3C4D",
            "model": "KHX2133C14D4/8G",
        },
        {"numslots": 2, "caption": "DIMM2", "description": "DIMM"},
    ]


@pytest.mark.parametrize(
    ("size", "extended", "mebibytes"),
    [
        pytest.param(4096, 0, 4096, id="in MiB"),
        pytest.param(0x8000 | 2048, 0, 2, id="in KiB"),
        pytest.param(0x7FFF, 65536, 65536, id="32 GiB or more"),
        pytest.param(0, 0, None, id="empty"),
        pytest.param(0xFFFF, 0, None, id="not known"),
    ],
)
def test_a_modules_size_is_read_in_each_of_the_tables_ways(size: int, extended: int, mebibytes: int | None) -> None:
    (module,) = smbios.memories(smbios.structures(_slot(size, 0x18, 1600, extended)))

    assert module.get("capacity") == mebibytes


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x01\x02\x00", id="shorter than a header"),
        pytest.param(b"\x01\x02\x00\x00\x00\x00", id="a length shorter than the header"),
        pytest.param(_FIRMWARE[:-1], id="cut within its strings"),
        pytest.param(_END + _FIRMWARE, id="after the end"),
        pytest.param(b"\x00" * 65536, id="zeroes"),
        pytest.param(b"\xff" * 65536, id="ones"),
    ],
)
def test_a_malformed_table_yields_no_facts(table: bytes) -> None:
    assert smbios.structures(table) == ()


def test_windows_puts_its_own_header_before_the_table() -> None:
    raw = struct.pack("<BBBBI", 0, 3, 1, 0, len(_TABLE)) + _TABLE + b"beyond"

    assert smbios.windows_table(raw) == _TABLE
    assert smbios.windows_table(b"") == b""


@pytest.mark.parametrize(
    "text",
    [
        "To be filled by O.E.M.",
        "Default string",
        "0",
        "None",
        "",
        "   ",
        "........",
        "00000000",
        "XXXXXXXX",
        "123456789",
    ],
)
def test_a_makers_placeholder_says_nothing(text: str) -> None:
    assert said(text) is None


@pytest.mark.parametrize("text", ["B5R4N72", "0MGK50", "F5", "PC0A1B2C", "1.0"])
def test_a_makers_word_is_kept(text: str) -> None:
    assert said(f"  {text}\x00\n") == text


@pytest.mark.parametrize(
    ("text", "date"),
    [
        pytest.param("07/14/2022", "2022-07-14", id="as the standard says"),
        pytest.param("3/4/99", "1999-03-04", id="two digits of the year"),
        pytest.param("14/07/2022", None, id="no such month"),
        pytest.param("02/30/2020", None, id="no such day"),
        pytest.param("2022-07-14", None, id="another form"),
    ],
)
def test_a_firmware_date_is_iso_or_absent(text: str, date: str | None) -> None:
    assert date_said(text) == date


@pytest.mark.parametrize(
    ("text", "uuid"),
    [
        ("4C4C4544-0042-3510-8052-B4C04F4E3732\n", "4c4c4544-0042-3510-8052-b4c04f4e3732"),
        ("03000200-0400-0500-0006-000700080009", None),
        ("Not Settable", None),
    ],
)
def test_a_uuid_that_many_boards_share_is_none(text: str, uuid: str | None) -> None:
    assert uuid_said(text) == uuid

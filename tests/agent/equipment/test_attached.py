"""Scanners and tokens are found by what the system says, and remembered when they go."""

from __future__ import annotations

import json
from pathlib import Path

from machxa_agent.equipment import pnp, usb
from machxa_agent.equipment.attached import Attached, Known, conditions, read_known, remembered
from machxa_agent.probes.attached import attached_probe
from machxa_wire.records import Sample, Series

RECORDINGS = Path(__file__).parents[2] / "recordings" / "host"
SCANNER = Attached("usb:1", "scanner", "Canon LiDE 300")


def laid(system: str, folder: Path) -> str:
    """Return a folder with the recorded files, whose names hold colons and so cannot be in a checkout."""
    for name, text in json.loads((RECORDINGS / system / "usb.json").read_text("utf-8")).items():
        (folder / system / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / system / name).write_text(text, "utf-8")
    return str(folder / system)


def told(found: tuple[Attached, ...]) -> list[tuple[str, str, bool]]:
    return [(one.kind, one.model, one.has_trouble) for one in found]


def test_linux_tells_a_scanner_by_sane_and_a_token_by_its_class(tmp_path: Path) -> None:
    assert told(usb.devices(laid("linux-office", tmp_path))) == [
        ("scanner", "Canon CanoScan LiDE 300", False),
        ("token", "Feitian ePass2003", False),
    ]
    assert told(usb.devices(laid("linux-laptop", tmp_path))) == [("scanner", "HP HP LaserJet MFP M130", False)]
    assert usb.devices(str(tmp_path / "none")) == ()


def test_a_serial_number_shows_in_no_key_and_no_model(tmp_path: Path) -> None:
    found = usb.devices(laid("linux-laptop", tmp_path))

    assert "VNB3000001" not in repr(found)


def test_windows_tells_scanners_and_readers_and_no_webcam_and_no_virtual_reader() -> None:
    of = {
        system: pnp.devices(pnp.Node(*row) for row in json.loads((RECORDINGS / system / "pnp.json").read_text("utf-8")))
        for system in ("windows-10", "windows-7")
    }

    assert told(of["windows-10"]) == [
        ("scanner", "CanoScan LiDE 300", False),
        ("token", "Microsoft Usbccid Smartcard Reader (WUDF)", False),
    ]
    assert told(of["windows-7"]) == [("scanner", "HP LJ M130 Scan", True), ("token", "Aladdin IFD Handler", False)]


def test_what_was_seen_is_remembered_for_thirty_days() -> None:
    known = {"usb:1": Known("scanner", "old", 100), "usb:2": Known("token", "gone", 69)}
    known["usb:3"] = Known("token", "of a clock that was wrong", 999)

    assert remembered(known, [SCANNER], 100) == {"usb:1": Known("scanner", "Canon LiDE 300", 100)}
    assert sorted(remembered(known, [], 99)) == ["usb:1", "usb:2"]


def test_a_device_is_ok_in_error_or_gone() -> None:
    known = {key: Known("scanner", "LiDE", 1) for key in ("usb:1", "usb:2", "usb:3")}

    found = conditions(known, [SCANNER, Attached("usb:2", "scanner", "LiDE", has_trouble=True)])

    assert [(one.state, one.reasons) for one in found] == [
        ("ok", ()),
        ("blocked", ("driver",)),
        ("unreachable", ("offline",)),
    ]


def test_a_scanner_that_was_unplugged_over_night_is_told_of_in_the_morning(tmp_path: Path) -> None:
    book = tmp_path / "attached.json"
    attached_probe(book, lambda: (SCANNER,), lambda: 0.0).read()

    morning = attached_probe(book, lambda: (), lambda: 86400.0)
    samples = morning.read()

    assert morning.turned is not None
    turned = [dict(one.attributes) for one in morning.turned()]
    assert [(one["device"], one["state"], one["model"]) for one in turned] == [
        ("usb:1", "unreachable", "Canon LiDE 300")
    ]
    assert samples == (Sample(Series("machxa.device.count", (("hw.type", "scanner"),)), 0),)


def test_a_book_that_cannot_be_read_is_an_empty_one(tmp_path: Path) -> None:
    book = tmp_path / "attached.json"
    for content in ("", "[1]", '{"a": 1}', '{"a": [1, 2]}', '{"a": ["x", "y", "z"]}'):
        book.write_text(content)
        assert read_known(book) == {}

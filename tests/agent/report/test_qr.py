"""The window's QR codes are those of the library, within the window's room; without it there are none."""

from __future__ import annotations

import io
import sys

import pytest

from machxa_agent.report import qr

LINK = "https://mx.tinh.example/report/s/" + "aB3_-" * 40


@pytest.mark.parametrize(
    ("text", "side"), [(LINK[:44], 33), (LINK[:180], 53), ("xã" * 60, 53)], ids=["usual", "longest", "not ASCII"]
)
def test_a_code_is_what_the_library_writes_of_it(text: str, side: int) -> None:
    segno = pytest.importorskip("segno", reason="needs machxa[report]")
    written = io.StringIO()
    segno.make(text, error="m", micro=False).save(written, kind="txt", border=0)

    modules = qr.encoded(text)

    assert modules is not None
    assert ["".join(str(int(module)) for module in row) for row in modules] == written.getvalue().split()
    assert len(modules) <= side


@pytest.mark.parametrize("text", ["", LINK[:181], "xã" * 60 + "x"], ids=["nothing", "too long", "too long in bytes"])
def test_what_has_no_room_is_none(text: str) -> None:
    assert qr.encoded(text) is None


def test_there_is_no_code_where_the_library_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)

    assert qr.encoded("https://mx.tinh.example/report/s/Zm9v") is None

"""The window itself, on a screen without a monitor: drawn, driven by keys and taps, its report taken by the agent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from machxa_agent.report import qr
from machxa_agent.report.model import Act, Page
from machxa_agent.report.parts import Button
from machxa_agent.report.told import Told, from_file
from machxa_wire.notices import Notices, Progress, body_of
from machxa_wire.reports import again_of
from tools import screen

pytest.importorskip("tkinter", reason="this Python has no tkinter: apt-get install python3-tk")
pytestmark = pytest.mark.skipif(screen.find() is None, reason="Xvfb is not installed: apt-get install xvfb")
NOW = datetime(2026, 3, 2, 9, 20, tzinfo=timezone(timedelta(hours=7)))
ROOT = Path(__file__).parents[3]
LINK = "https://mx.tinh.example/report/s/Zm9vYmFyYmF6"

if TYPE_CHECKING:
    import tkinter as tk

    from machxa_agent.report.tk import Window


@pytest.fixture(scope="module")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[screen.Display]:
    with screen.running(tmp_path_factory.mktemp("screen"), "1024x768") as running:
        yield running


@pytest.fixture
def window(display: screen.Display, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    from machxa_agent.report.tk import Window  # noqa: PLC0415 - needs Tk

    monkeypatch.setenv("DISPLAY", display.name)
    (tmp_path / "drop").mkdir()
    made = Window(tmp_path, "vi", lambda: NOW)
    made.redraw()
    yield made
    made.root.destroy()


def key(window: Window, name: str) -> None:
    window.root.focus_force()
    window.root.update()
    window.root.event_generate("<Key>", keysym=name)
    window.root.update()


def show_link(window: Window, folder: Path) -> None:
    """Report a fault, and let the centre answer with the address of the report's page."""
    for name in ("2", "4", "Return"):
        key(window, name)
    now_ms = int(NOW.timestamp() * 1000)
    notices = body_of(Notices(now_ms, reports=(Progress(window.state.id or "", "received", link=LINK),)))
    (folder / "shown.json").write_text(json.dumps({"written_at": now_ms, "notices": notices}), encoding="utf-8")
    window.look()
    window.redraw()


def texts_of(widget: tk.Misc) -> list[str]:
    own = [str(widget["text"])] if "text" in widget.keys() else []  # noqa: SIM118 - a widget is no dictionary
    return own + [text for child in widget.winfo_children() for text in texts_of(child)]


def dropped(folder: Path) -> list[Told]:
    return [from_file(path.read_bytes()) for path in (folder / "drop").iterdir()]


def test_three_keys_report_a_fault(window: Window, tmp_path: Path) -> None:
    pages = [window.state.page]
    for name in ("2", "4", "Return"):
        key(window, name)
        pages.append(window.state.page)

    assert pages == [Page.WHAT, Page.HOW, Page.MORE, Page.AFTER]
    assert [(one.category, one.symptom) for one in dropped(tmp_path)] == [("printer", "error")]


def test_one_more_press_says_that_it_works_again(window: Window, tmp_path: Path) -> None:
    for name in ("2", "4", "Return"):
        key(window, name)
    id_ = window.state.id

    window.press(Button("", Act.FIXED))

    assert [one.fixes for one in dropped(tmp_path) if one.fixes] == [id_]
    assert window.state.is_fixed


def test_a_report_of_the_last_days_that_is_broken_again_is_told_again_without_a_line(
    window: Window, tmp_path: Path
) -> None:
    now_ms, first = int(NOW.timestamp() * 1000), "ab" * 16
    report = {"id": first, "at": now_ms - 86_400_000, "category": "printer", "symptom": "error", "state": "sent"}
    body = {"written_at": now_ms, "connected": False, "reports": [{**report, "stream": "s", "seq": 1, "over": True}]}
    (tmp_path / "shown.json").write_text(json.dumps(body), encoding="utf-8")
    window.look()

    window.press(Button("", Act.SHOW, Page.MINE.value))
    window.redraw()
    (text,) = [one for one in texts_of(window.root) if one.startswith("Lại hỏng")]
    window.press(Button("", Act.REOPEN, first))
    window.redraw()

    (path,) = (tmp_path / "drop").iterdir()
    assert (text, path.stem) == ("Lại hỏng: Máy in (09:20 01/03)", again_of(first))
    assert [(one.category, one.symptom, one.fixes) for one in dropped(tmp_path)] == [("printer", "error", None)]
    assert "Báo lại của số ABABABAB" in texts_of(window.root)
    assert "Đã lưu trên máy, sẽ tự gửi khi có mạng" in texts_of(window.root)


def test_the_address_of_a_reports_page_is_drawn_as_a_code_that_cameras_know(window: Window, tmp_path: Path) -> None:
    pytest.importorskip("segno", reason="needs machxa[report]")

    show_link(window, tmp_path)

    image, dot = window._images[LINK], window._px(0.6)
    size = image.width() // dot
    drawn = [[image.get(x * dot, y * dot) == (0, 0, 0) for x in range(4, size - 4)] for y in range(4, size - 4)]
    assert tuple(map(tuple, drawn)) == qr.encoded(LINK)
    assert not any(image.get(x, 4 * dot - 1) == (0, 0, 0) for x in range(image.width()))


def test_the_address_stands_alone_where_the_library_that_draws_codes_is_missing(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)

    show_link(window, tmp_path)

    assert LINK not in window._images
    assert [one for one in texts_of(window.root) if one.endswith(LINK)]


def test_back_leads_back(window: Window) -> None:
    for name in ("2", "4", "Escape", "Escape"):
        key(window, name)

    assert window.state.page is Page.WHAT


def test_what_is_written_beside_it_is_sent_and_bounded(window: Window, tmp_path: Path) -> None:
    for name in ("2", "4"):
        key(window, name)

    window._note.set("ể" * 300)
    key(window, "Return")

    assert [one.note for one in dropped(tmp_path)] == ["ể" * 200]


def test_a_folder_that_takes_nothing_is_said_and_nothing_is_lost(window: Window, tmp_path: Path) -> None:
    (tmp_path / "drop").rmdir()
    for name in ("2", "4", "Return"):
        key(window, name)

    assert (window.state.page, window.state.id) == (Page.AFTER, "")


def test_every_page_is_drawn_in_both_languages_and_differs(window: Window, display: screen.Display) -> None:
    pictures: set[bytes] = set()
    for _ in ("vi", "en"):
        for page in (Page.WHAT, Page.HOW, Page.MORE, Page.AFTER, Page.MINE, Page.SENDS):
            window.state = type(window.state)(window.state.language, page, "printer", "error", id="ab" * 16)
            window.redraw()
            pictures.add(screen.png(display.screen.read_bytes()))
        window.press(Button("", Act.LANGUAGE))

    assert len(pictures) == 12


def test_without_a_screen_the_command_says_what_to_use(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "agent"), "DISPLAY": ":1022"}
    command = [sys.executable, "-m", "machxa_agent.main", "report", "--window", str(tmp_path)]

    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.endswith("machxa-agent report --text\n")
    assert ended.stderr.count("\n") == 1

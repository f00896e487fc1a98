"""Make the pictures of the report window in docs/screens: ``python -m tools.window_screens`` (needs Xvfb and Tk)."""

# ruff: noqa: INP001 - a script

from __future__ import annotations

import json
import os
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from machxa_agent.report.model import Act, tap
from machxa_wire.notices import Notice, Notices, body_of
from tools import screen

FOLDER = Path(__file__).parents[1] / "docs/screens"
SIZE = "900x720"
PICTURES = (
    ("what", "vi", ()),
    ("more", "en", ((Act.CATEGORY, "printer"), (Act.SYMPTOM, "error"))),
)
NOW = datetime(2026, 3, 2, 9, 20, tzinfo=timezone(timedelta(hours=7)))


def ms(hour: int, minute: int) -> int:
    """Return a time of that day."""
    return int(NOW.replace(hour=hour, minute=minute).timestamp() * 1000)


def prepare(folder: Path) -> None:
    """Write what an agent would show."""
    known = Notices(
        ms(9, 16),
        (
            Notice(
                "i-87",
                "Phần mềm một cửa đang chậm ở 87 xã, Sở KH&CN đã nhận",
                "The one-stop software is slow in 87 communes; the province is on it",
                ms(9, 5),
                ms(10, 30),
                ("one-stop",),
            ),
        ),
        hotline="1022",
    )
    body = {"written_at": ms(9, 19), "device": "quay-2", "connected": True, "notices": body_of(known)}
    (folder / "shown.json").write_text(json.dumps(body), encoding="utf-8")


def main() -> int:
    """Write one picture of each language."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        with screen.running(folder, SIZE) as display:
            os.environ["DISPLAY"] = display.name
            from machxa_agent.report.tk import Window  # noqa: PLC0415 - needs Tk, and a display

            for name_, language, steps in PICTURES:
                window = Window(folder, language, lambda: NOW)
                window.root.overrideredirect(True)  # noqa: FBT003 - Tk's own
                window.root.geometry(f"{SIZE}+0+0")
                for act, value in steps:
                    window.state = tap(window.state, act, value)
                window.root.event_generate("<Motion>", warp=True, x=0, y=0)
                window.redraw()
                path = FOLDER / f"report-{name_}-{language}.png"
                path.write_bytes(screen.png(display.screen.read_bytes()))
                window.root.destroy()
    return 0


if __name__ == "__main__":
    sys.exit(main())

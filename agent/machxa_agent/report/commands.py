"""The command for people at the computer: ``machxa-agent report``."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from machxa_agent.config import Config


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the agent's."""
    report = commands.add_parser("report", help="report a fault in a window (Báo sự cố)")
    report.add_argument("--config", type=Path, metavar="FILE", help="the agent's file, for its window and data")
    report.add_argument("--data", type=Path, metavar="DIR", help="the agent's data; its window is DIR/window")
    report.add_argument("--window", type=Path, metavar="DIR", help="where the agent takes reports")
    report.add_argument("--lang", choices=("vi", "en"), default="vi", help="the language at the start (vi)")
    shown = report.add_mutually_exclusive_group()
    shown.add_argument("--text", action="store_true", help="ask in the terminal instead of a window")
    shown.add_argument("--sends", action="store_true", help="print what this computer sends, and what it never does")
    report.set_defaults(command=_report)


def _report(options: argparse.Namespace, config: Config) -> int:
    """Show the window; 1 when there can be none, or the report could not be kept."""
    from machxa_agent.report import terminal  # noqa: PLC0415 - the resident agent needs none of it

    folder = config.window or config.data / "window"
    if options.sends:
        return terminal.sends(folder, options.lang, print)
    if options.text:
        return terminal.run(folder, options.lang, input, print, lambda: datetime.now().astimezone())
    try:
        import tkinter as tk  # noqa: PLC0415

        from machxa_agent.report.tk import Window  # noqa: PLC0415
    except ImportError:
        return _say("thiếu Tk (apt install python3-tk), hãy dùng (Tk is missing, use): machxa-agent report --text")
    try:
        Window(folder, options.lang).run()
    except tk.TclError as exc:
        return _say(f"không mở được cửa sổ (no window: {exc}), hãy dùng (use): machxa-agent report --text")
    return 0


def _say(text: str) -> int:
    print(text, file=sys.stderr)
    return 1

"""Draw the pages with Tk, pass taps on, and look at the agent's file every two seconds. The only tkinter import."""

from __future__ import annotations

import sys
import tkinter as tk
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tkinter import font as fonts
from typing import Callable, Dict, Optional

from machxa_agent.report import drop, pictures, qr, shown
from machxa_agent.report.model import Act, Page, State, kept, over, reopened, tap, told
from machxa_agent.report.parts import Button, Code, Listing, Note, Part, Row, Screen, Step, Text
from machxa_agent.report.screens import screen
from machxa_agent.report.told import MOST_NOTE
from machxa_agent.report.words import said
from machxa_wire.refusal import Refused
from machxa_wire.reports import again_of

_POLL_MS = 2000
_POINTS = {"title": 20, "plain": 14, "small": 12, "good": 20, "bad": 14}
_COLOURS = {"title": "#111111", "plain": "#111111", "small": "#444444", "good": "#0b6b2b", "bad": "#9b1c1c"}
_PAPER, _TILE, _CHOSEN, _SEND = "#ffffff", "#e8eef6", "#b9d2f0", "#0b5cad"
_BUTTON_POINTS, _MAIN_POINTS = 13, 15
_PICTURE_MM = 12
_MARGIN_MM = 3
_MODULE_MM = 0.6  # of a QR code: what a cheap phone reads from a hand's length
_QUIET = 4  # modules around it, ISO/IEC 18004


class Window:
    """Hold the window; ``run`` returns when it is closed."""

    def __init__(self, folder: Path, language: str = "vi", now: Optional[Callable[[], datetime]] = None) -> None:
        """Open the window of a folder; raises tk.TclError where there is no screen."""
        _sharp_on_windows()
        self.root = tk.Tk(className="machxa")
        self.state = State(language)
        self._folder = folder
        self._now = now or _local_now
        self._shown: Optional[shown.Shown] = None
        self._drawn: Optional[Screen] = None
        self._note = tk.StringVar(self.root)
        self._note.trace_add("write", self._bound_note)
        self._mm = self.root.winfo_fpixels("1m")
        self._images: Dict[str, tk.PhotoImage] = {}
        self._keys: Dict[str, Button] = {}
        self._fonts: Dict[int, fonts.Font] = {}
        self._body = tk.Frame(self.root)
        self.root.configure(background=_PAPER)
        self.root.geometry(self._size())
        self.root.bind("<Key>", self._key)
        self.look()

    def run(self) -> None:
        """Show it until it is closed."""
        self.root.mainloop()

    def look(self) -> None:
        """Read what the agent shows, draw what has changed, and look again in a while."""
        try:
            self._shown = shown.read(self._folder)
        except (OSError, Refused):
            self._shown = None
        self._draw()
        self.root.after(_POLL_MS, self.look)

    def redraw(self) -> None:
        """Draw the page anew and wait until it is on the screen: for pictures and tests."""
        self.root.update()
        self._drawn = None
        self._draw()
        self.root.update()

    def press(self, button: Button) -> None:
        """Do what a button does."""
        if button.act is Act.CLOSE:
            self.root.destroy()
            return
        if button.act is Act.FIXED and not self._mend(button.value):
            self.state = replace(self.state, is_lost=True)
            self._draw()
            return
        if button.act is Act.REOPEN:
            self._reopen(button.value)
            self._draw()
            return
        self.state = tap(self.state, button.act, button.value)
        if button.act in (Act.SEND, Act.ME_TOO):
            self._send()
        elif button.act is Act.AGAIN or self.state.page is Page.WHAT:
            self._note.set("")
        self._draw()

    def _send(self) -> None:
        report = told(self.state, self._note.get(), self._now())
        try:
            self.state = kept(self.state, drop.put(self._folder / "drop", report))
        except OSError:
            self.state = kept(self.state, "")

    def _reopen(self, id_: str) -> None:
        """Keep the report that a trouble of this computer is back."""
        sent = next((one for one in self._shown.reports if one.id == id_), None) if self._shown else None
        if sent is None:  # the agent's file was cleared between the drawing and the tap
            return
        self.state, report = reopened(self.state, sent, self._now())
        try:
            self.state = kept(self.state, drop.put(self._folder / "drop", report, again_of(id_)))
        except OSError:
            self.state = kept(self.state, "")

    def _mend(self, id_: str) -> bool:
        """Keep the word that the trouble is over; return whether it was kept: else the button stays."""
        try:
            drop.put(self._folder / "drop", over(self.state, self._now(), id_))
        except OSError:
            return False
        return True

    def _draw(self) -> None:
        page = screen(self.state, self._shown, self._now())
        if page == self._drawn:
            return
        self._drawn, self._keys = page, {}
        self.root.title(said("window", self.state.language))
        self._body.destroy()
        self._body = tk.Frame(self.root, background=_PAPER, padx=self._px(_MARGIN_MM), pady=self._px(_MARGIN_MM))
        self._body.pack(fill="both", expand=True)
        foot = self._row(Row(page.foot, max(1, len(page.foot))))
        foot.pack(side="bottom", fill="x")
        for part in page.parts:
            self._part(part)

    def _part(self, part: Part) -> None:
        if isinstance(part, Text):
            if part.words:
                self._text(part).pack(fill="x", anchor="w")
        elif isinstance(part, Row):
            self._row(part).pack(fill="both", expand=part.is_main and len(part.buttons) > 1)
        elif isinstance(part, Step):
            self._step(part).pack(fill="x", anchor="w")
        elif isinstance(part, Code):
            self._code(part).pack(fill="x", anchor="w")
        elif isinstance(part, Note):
            self._text(Text(part.label)).pack(fill="x", anchor="w")
            entry = tk.Entry(self._body, textvariable=self._note, font=self._font(14))
            entry.pack(fill="x", pady=self._px(1))
        else:
            self._listing(part)

    def _text(self, part: Text) -> tk.Label:
        width = max(self._px(60), self.root.winfo_width() - 4 * self._px(_MARGIN_MM))
        return tk.Label(
            self._body,
            text=part.words,
            font=self._font(_POINTS[part.tone]),
            foreground=_COLOURS[part.tone],
            background=_PAPER,
            wraplength=width,
            justify="left",
            anchor="w",
        )

    def _step(self, part: Step) -> tk.Label:
        label = self._text(Text(part.words))
        label.configure(image=self._picture(part.picture), compound="left", padx=self._px(_MARGIN_MM))
        return label

    def _code(self, part: Code) -> tk.Label:
        """Return words and address beside the code that holds it; the address alone where no code can."""
        label = self._text(Text(f"{part.words}\n{part.address}", "small"))
        modules = qr.encoded(part.address)
        if modules is not None:
            if part.address not in self._images:
                self._images[part.address] = self._drawn_code(modules)
            side = self._images[part.address]
            label.configure(image=side, compound="left", padx=self._px(_MARGIN_MM))
            label.configure(wraplength=max(self._px(40), int(str(label.cget("wraplength"))) - side.width()))
        return label

    def _drawn_code(self, modules: qr.Modules) -> tk.PhotoImage:
        dot = self._px(_MODULE_MM)
        size = dot * (len(modules) + 2 * _QUIET)
        image = tk.PhotoImage(master=self.root, width=size, height=size)
        image.put(_PAPER, to=(0, 0, size, size))
        for row, line in enumerate(modules, _QUIET):
            for column, is_dark in enumerate(line, _QUIET):
                if is_dark:
                    image.put("#000000", to=(column * dot, row * dot, (column + 1) * dot, (row + 1) * dot))
        return image

    def _row(self, row: Row) -> tk.Frame:
        frame = tk.Frame(self._body, background=_PAPER)
        for number, button in enumerate(row.buttons):
            made = self._button(frame, button, row)
            made.grid(row=number // row.columns, column=number % row.columns, sticky="nsew", padx=2, pady=2)
            if button.key:
                self._keys[button.key] = button
        for column in range(row.columns):
            frame.columnconfigure(column, weight=1, uniform="equal")
        for line in range(-(-len(row.buttons) // row.columns)):
            frame.rowconfigure(line, weight=1)
        return frame

    def _button(self, frame: tk.Frame, button: Button, row: Row) -> tk.Button:
        is_send = button.act is Act.SEND
        colour = _SEND if is_send else _CHOSEN if button.chosen else _TILE
        label = f"{button.key}. {button.label}" if button.key.isdigit() else button.label
        made = tk.Button(
            frame,
            text=label,
            command=lambda: self.press(button),
            font=self._font(_POINTS["title"] if is_send else _MAIN_POINTS if row.is_main else _BUTTON_POINTS),
            background=colour,
            activebackground=_CHOSEN,
            foreground=_PAPER if is_send else _COLOURS["plain"],
            relief="sunken" if button.chosen else "raised",
            wraplength=max(60, (self.root.winfo_width() or 600) // row.columns - 6 * self._px(2)),
            takefocus=True,
        )
        if button.picture:
            made.configure(image=self._picture(button.picture), compound="top")
        made.bind("<Return>", lambda _event: made.invoke() or "break")
        return made

    def _listing(self, part: Listing) -> None:
        frame = tk.Frame(self._body, background=_PAPER)
        bar = tk.Scrollbar(frame)
        text = tk.Text(frame, font=self._font(13), wrap="word", yscrollcommand=bar.set, relief="flat")
        bar.configure(command=text.yview)
        text.insert("1.0", "\n".join(part.lines))
        text.configure(state="disabled")
        bar.pack(side="right", fill="y")
        text.pack(side="left", fill="both", expand=True)
        frame.pack(fill="both", expand=True)

    def _picture(self, name: str) -> tk.PhotoImage:
        if name not in self._images:
            size = self._px(_PICTURE_MM)
            image = tk.PhotoImage(master=self.root, width=size, height=size)
            for row, first, end in pictures.runs(name, size):
                image.put(_COLOURS["plain"], to=(first, row, end, row + 1))
            self._images[name] = image
        return self._images[name]

    def _key(self, event: tk.Event[tk.Misc]) -> None:
        """Take a key as the tap it stands for, unless somebody writes."""
        is_writing = isinstance(event.widget, tk.Entry)
        button = self._keys.get(event.keysym)
        if button is not None and not (is_writing and event.keysym not in ("Return", "Escape")):
            self.press(button)

    def _bound_note(self, *_names: str) -> None:
        if len(self._note.get()) > MOST_NOTE:
            self._note.set(self._note.get()[:MOST_NOTE])

    def _font(self, points: int) -> fonts.Font:
        if points not in self._fonts:
            family = fonts.Font(root=self.root, name="TkDefaultFont", exists=True).actual("family")
            self._fonts[points] = fonts.Font(root=self.root, family=family, size=points)
        return self._fonts[points]

    def _px(self, millimetres: float) -> int:
        return max(1, round(millimetres * self._mm))

    def _size(self) -> str:
        width = min(self.root.winfo_screenwidth(), self._px(230))
        height = min(self.root.winfo_screenheight() - self._px(12), self._px(185))
        return f"{width}x{height}"


def _local_now() -> datetime:
    return datetime.now().astimezone()


def _sharp_on_windows() -> None:
    """Say that we draw in real dots, so that Windows does not blow our picture up."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows' alone

        try:
            ctypes.windll.shcore.SetProcessDpiAwareness(1)
        except (AttributeError, OSError):
            return

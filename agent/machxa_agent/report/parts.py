"""Name what a page of the window is made of, from top to bottom. Values: Tk and the terminal draw them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple, Union

from machxa_agent.report.model import Act


@dataclass(frozen=True)
class Text:
    """Say something; tone is "title", "plain", "small", "good" or "bad"."""

    words: str
    tone: str = "plain"


@dataclass(frozen=True)
class Button:
    """Offer a tap; picture names one of ``pictures``, key is the keyboard's, chosen shows it pressed."""

    label: str
    act: Act
    value: str = ""
    picture: str = ""
    key: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Row:
    """Put buttons beside each other, so many to a line; is_main: large ones."""

    buttons: Tuple[Button, ...]
    columns: int
    is_main: bool = False


@dataclass(frozen=True)
class Step:
    """Tell one thing to try, with a picture of ``pictures``."""

    words: str
    picture: str


@dataclass(frozen=True)
class Code:
    """Show an address to be typed, and as a QR code to be scanned."""

    words: str
    address: str


@dataclass(frozen=True)
class Note:
    """Ask for a line of free text."""

    label: str


@dataclass(frozen=True)
class Listing:
    """Show lines that may be many, to be scrolled."""

    lines: Tuple[str, ...]


Part = Union[Text, Row, Step, Code, Note, Listing]


@dataclass(frozen=True)
class Screen:
    """Hold a page from top to bottom, and the buttons at its foot."""

    parts: Tuple[Part, ...]
    foot: Tuple[Button, ...]
